"""The program's start at sign-in. Any thread; may import `core`, platformdirs, the command beside it.

Windows: a value under the user's Run key, which the installer writes too; what the task manager has switched off is
noted under another key. Not proven on a real Windows yet. Linux: a desktop entry in the user's autostart folder.
"""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import platformdirs

from voicetype.core.autostart import Autostart, AutostartState
from voicetype.core.messages import ConfigError, MessageCode
from voicetype.system.desktop_entry import APP_ID, exec_value, own_words

RUN_KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"
APPROVED_KEY = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
_NAME = "VoiceType"
_ENTRY = """[Desktop Entry]
Type=Application
Name=VoiceType
Exec={command}
Icon=audio-input-microphone
X-GNOME-Autostart-enabled=true
"""
_SWITCHED_OFF = (("hidden", "true"), ("x-gnome-autostart-enabled", "false"))
_EXEC_WORD = re.compile(r'"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<plain>[^\s"]+)')


class Registry(Protocol):
    """The part of Windows' registry that is the user's own. Methods raise OSError."""

    def read(self, key: str, name: str) -> str | bytes | None:
        """A value; None when there is none."""

    def write(self, key: str, name: str, text: str) -> None:
        """Make or change a value, and its key."""

    def delete(self, key: str, name: str) -> None:
        """Remove a value; one that is not there is none."""


class UserRegistry:
    """`Registry` by Windows."""

    def read(self, key: str, name: str) -> str | bytes | None:
        """See `Registry`."""
        if sys.platform != "win32":
            raise OSError("no registry here")
        import winreg

        with contextlib.suppress(FileNotFoundError), winreg.OpenKey(winreg.HKEY_CURRENT_USER, key) as opened:
            value = winreg.QueryValueEx(opened, name)[0]
            return value if isinstance(value, str | bytes) else None
        return None

    def write(self, key: str, name: str, text: str) -> None:
        """See `Registry`."""
        if sys.platform != "win32":
            raise OSError("no registry here")
        import winreg

        with winreg.CreateKey(winreg.HKEY_CURRENT_USER, key) as opened:
            winreg.SetValueEx(opened, name, 0, winreg.REG_SZ, text)

    def delete(self, key: str, name: str) -> None:
        """See `Registry`."""
        if sys.platform != "win32":
            raise OSError("no registry here")
        import winreg

        with (
            contextlib.suppress(FileNotFoundError),
            winreg.OpenKey(winreg.HKEY_CURRENT_USER, key, 0, winreg.KEY_SET_VALUE) as opened,
        ):
            winreg.DeleteValue(opened, name)


class WindowsAutostart:
    """`Autostart` under Windows."""

    def __init__(
        self,
        registry: Registry | None = None,
        words: Sequence[str] | None = None,
        run_key: str = RUN_KEY,
        approved_key: str = APPROVED_KEY,
    ) -> None:
        """`words`: what starts the program."""
        self._registry = registry or UserRegistry()
        self._words = words or _without_console(own_words())
        self._run_key, self._approved_key = run_key, approved_key

    def state(self) -> AutostartState:
        """See `Autostart`."""
        try:
            command = self._registry.read(self._run_key, _NAME)
            approval = self._registry.read(self._approved_key, _NAME)
        except OSError:
            return AutostartState.OFF
        if not isinstance(command, str) or not _is_there(_first_word(command)):
            return AutostartState.OFF
        # The first byte is even for what may start; Windows documents nowhere more than that task manager writes it.
        refused = isinstance(approval, bytes) and bool(approval) and approval[0] % 2 == 1
        return AutostartState.REFUSED if refused else AutostartState.ON

    def set(self, on: bool) -> None:
        """See `Autostart`."""
        try:
            if on:
                # As the installer writes it: in quotes, be there a space or not.
                command = f'"{self._words[0]}" {subprocess.list2cmdline(self._words[1:])}'.rstrip()
                self._registry.write(self._run_key, _NAME, command)
            else:
                self._registry.delete(self._run_key, _NAME)
            self._registry.delete(self._approved_key, _NAME)
        except OSError as error:
            raise ConfigError(MessageCode.AUTOSTART_NOT_SET, detail=error) from error


class LinuxAutostart:
    """`Autostart` by the autostart folder that desktops share."""

    def __init__(self, folder: Path | None = None, words: Sequence[str] | None = None) -> None:
        self._file = (folder or Path(platformdirs.user_config_dir()) / "autostart") / f"{APP_ID}.desktop"
        self._words = words or own_words()

    def state(self) -> AutostartState:
        """See `Autostart`."""
        try:
            lines = self._file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            return AutostartState.OFF
        pairs = (line.partition("=")[::2] for line in lines)
        entry = {key.strip().lower(): value.strip() for key, value in pairs}
        if not _is_there(_first_word_of_exec(entry.get("exec", ""))):
            return AutostartState.OFF
        refused = any(entry.get(key, "").lower() == value for key, value in _SWITCHED_OFF)
        return AutostartState.REFUSED if refused else AutostartState.ON

    def set(self, on: bool) -> None:
        """See `Autostart`."""
        try:
            if on:
                self._file.parent.mkdir(parents=True, exist_ok=True)
                self._file.write_text(_ENTRY.format(command=exec_value(self._words)), encoding="utf-8")
            else:
                self._file.unlink(missing_ok=True)
        except OSError as error:
            raise ConfigError(MessageCode.AUTOSTART_NOT_SET, detail=error) from error


def make_autostart() -> Autostart:
    """That of this system."""
    return WindowsAutostart() if sys.platform == "win32" else LinuxAutostart()


def _first_word_of_exec(value: str) -> str:
    word = _EXEC_WORD.match(value.replace("\\\\", "\\").replace("%%", "%"))
    return re.sub(r"\\(.)", r"\1", word["quoted"] or word["plain"] or "") if word else ""


def _without_console(words: Sequence[str]) -> Sequence[str]:
    """The same command by the Python that opens no console, where the program runs from its sources."""
    windowed = Path(words[0]).with_name("pythonw.exe")
    is_python = Path(words[0]).name.lower() == "python.exe"
    return [str(windowed), *words[1:]] if is_python and windowed.is_file() else words


def _first_word(command: str) -> str:
    return command[1:].partition('"')[0] if command.startswith('"') else command.partition(" ")[0]


def _is_there(program: str) -> bool:
    """Whether the program can be started; one without a folder is looked for by the system."""
    # Not Path.exists, which raises where a folder may not be looked into.
    return bool(program) and (not Path(program).is_absolute() or os.path.exists(program))
