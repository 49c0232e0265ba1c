"""Under which name Windows shows what the program tells. GUI thread, before the first window; standard library only.

The installer gives the start menu's entry an id (`installer.nsi`); a process that has the same one gets the entry's
name and icon on its notifications and one place in the task bar. Without an installed entry nobody knows the id, and
the program's file speaks for itself. Wine keeps ids neither of shortcuts nor of processes. Not proven on a real Windows
yet.
"""

from __future__ import annotations

import contextlib
import ctypes
import sys
from pathlib import Path

APP_ID = "VoiceType"
_SETTINGS_KEY, _FOLDER = r"Software\VoiceType", "InstallDir"
"""Where the installer notes what it has installed."""


def claim() -> bool:
    """Take the id if this is the installed program; tells whether it has been taken."""
    if sys.platform != "win32" or not is_installed():
        return False
    return ctypes.windll.shell32.SetCurrentProcessExplicitAppUserModelID(ctypes.c_wchar_p(APP_ID)) == 0


def is_installed() -> bool:
    """Whether this is the program that the installer has put there, and not a portable one or its sources."""
    if sys.platform != "win32" or not getattr(sys, "frozen", False):
        return False
    import winreg

    with contextlib.suppress(OSError), winreg.OpenKey(winreg.HKEY_CURRENT_USER, _SETTINGS_KEY) as key:
        folder = Path(str(winreg.QueryValueEx(key, _FOLDER)[0]))
        return folder.samefile(Path(sys.executable).parent)
    return False
