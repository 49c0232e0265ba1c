"""What can be known about the Windows program at every run of all checks, without wine. Main thread.

    python packaging/windows/check.py

The wheels of the lock file are looked into, and NSIS packs a small folder with the real script. A machine without
NSIS fails: what was not tried did not pass.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path, PurePosixPath

import contents
import pe
import pefile
import products
from places import BuildError, say

_VERSION, _FOUR_NUMBERS = "1.2.3", (1, 2, 3, 0)


def check_installer() -> int:
    """Make an installer of next to nothing. Returns its size in bytes. Raises BuildError."""
    with tempfile.TemporaryDirectory() as spare:
        folder = Path(spare) / "program"
        (folder / "_internal" / "Данные").mkdir(parents=True)
        (folder / "VoiceType.exe").write_bytes(b"MZ")
        (folder / "_internal" / "Данные" / "Ёлка.txt").write_text("тест", encoding="utf-8")
        target = products.make_installer(folder, Path(spare) / "VoiceType-x64.exe", _VERSION)
        data = target.read_bytes()
    image = pe.read(PurePosixPath(target.name), data)
    if image.version != _FOUR_NUMBERS:
        raise BuildError(f"the installer says that its version is {pe.dotted(image.version)}")
    return len(data)


def main() -> int:
    """Do both. Returns the exit code."""
    try:
        say(f"{contents.check_wheels()} programs and libraries for Windows look right")
        say(f"an installer of a small folder: {check_installer()} bytes")
    except (BuildError, pefile.PEFormatError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
