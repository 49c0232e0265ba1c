"""Runs in the frozen program before its own code, under Linux. Main thread; standard library only.

The program's own libraries serve this process, which has been told of them already, and not the system's programs that
it starts (pactl, wtype, a browser). And PortAudio is looked for here first: the usual search knows the system's only.
"""

import ctypes.util
import os
import sys
from collections.abc import Callable
from pathlib import Path

_BUNDLE = Path(sys._MEIPASS)  # type: ignore[attr-defined]
_SEARCH_PATH, _ORIGINAL = "LD_LIBRARY_PATH", "LD_LIBRARY_PATH_ORIG"


def _bundled_first(find: Callable[[str], str | None]) -> Callable[[str], str | None]:
    def find_library(name: str) -> str | None:
        bundled = sorted(_BUNDLE.glob(f"lib{name}.so*"))
        return str(bundled[0]) if bundled else find(name)

    return find_library


ctypes.util.find_library = _bundled_first(ctypes.util.find_library)
os.environ.pop(_SEARCH_PATH, None)
if _ORIGINAL in os.environ:
    os.environ[_SEARCH_PATH] = os.environ.pop(_ORIGINAL)
# A process of this program's own begins like one that the user started, and is told of the libraries again.
os.environ["PYINSTALLER_RESET_ENVIRONMENT"] = "1"
