"""What every writer of files needs to be safe from other programs and power cuts. Any thread; blocks. Stdlib only.

Settings, records and models are kept by layers that do not know each other; this stands below them.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

_TRIES, _PAUSE_S = 5, 0.2
"""An antivirus that looks at a new file under Windows lets go of it within a second."""


def patiently(action: Callable[[], None]) -> None:
    """Do `action`, again for a second while another program holds the file. Raises OSError."""
    for _ in range(_TRIES - 1):
        with contextlib.suppress(PermissionError):
            action()
            return
        time.sleep(_PAUSE_S)
    action()


def sync_folder(folder: Path) -> None:
    """Make new names in `folder` survive a power cut, where the system lets one ask for it. Raises OSError."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # some network file systems cannot
            os.fsync(handle)
    finally:
        os.close(handle)
