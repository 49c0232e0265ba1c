"""`python -m voicetype` and the console script."""

from voicetype.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
