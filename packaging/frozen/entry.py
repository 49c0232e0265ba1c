"""Where the frozen program begins. Main thread.

There is no `python -m` in it: what runs in processes of its own is started by a first argument, see `voicetype.cli`.
"""

from voicetype.cli import main

raise SystemExit(main())
