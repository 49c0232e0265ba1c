"""The program in one folder, made by PyInstaller with a real Windows Python: on Windows by the environment's own, on
Linux by one that runs in wine. Main thread.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from places import BUILD, FROZEN, ON_WINDOWS, REQUIREMENTS, ROOT, digest, is_current, run, set_current

MADE = BUILD / "frozen"
"""Tells what the frozen program was made from."""
SPEC = ROOT / "packaging" / "voicetype.spec"
_SOURCES = ("packaging/frozen", "voicetype", "models/rupunct-tiny", "models/vosk-tiny-ru")
_LOCKS = ("windows.txt", "package-windows.txt", "windows-python.txt")
_NO_SOURCES = frozenset({".pyc", ".ts"})


def freeze() -> None:
    """Make FROZEN; nothing is done when no source has changed. Raises BuildError."""
    files = [SPEC, Path(__file__), *(REQUIREMENTS / name for name in _LOCKS)]
    for folder in _SOURCES:
        files += sorted(f for f in (ROOT / folder).rglob("*") if f.is_file() and f.suffix not in _NO_SOURCES)
    mark = digest(files, *(str(file.relative_to(ROOT)) for file in files))
    if FROZEN.exists() and is_current(MADE, mark):
        return
    shutil.rmtree(FROZEN, ignore_errors=True)
    options = ["--noconfirm", "--log-level=WARN", f"--distpath={FROZEN.parent}", f"--workpath={BUILD / 'work'}"]
    if ON_WINDOWS:
        run([sys.executable, "-m", "PyInstaller", *options, SPEC])
    else:
        _freeze_in_wine(options)
    MADE.mkdir(parents=True, exist_ok=True)
    set_current(MADE, mark)


def _freeze_in_wine(options: list[str]) -> None:
    import toolchain
    import wine

    # The path of a Linux file is good on wine's current drive.
    python = toolchain.windows_python()
    wine.make_prefix()
    # The Python of the build has no C++ runtime beside it and takes wine's, as it would take System32's on Windows.
    wine.call(python, "-m", "PyInstaller", *options, SPEC, shipped_runtime=False)
