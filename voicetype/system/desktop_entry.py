"""The program's entry among the user's applications: portals ask for it before they hand out hotkeys. Any thread.

May import: platformdirs, loguru.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

import platformdirs
from loguru import logger

APP_ID = "voicetype.VoiceType"
"""GNOME takes only names with a dot."""
_ENTRY = """[Desktop Entry]
Type=Application
Name=VoiceType
Exec={command}
Icon=audio-input-microphone
NoDisplay=true
"""
_QUOTED_IN_EXEC = '"`$\\'


def own_words() -> list[str]:
    """What starts this program."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    script = Path(sys.executable).with_name("voicetype")
    return [str(script)] if script.is_file() else [sys.executable, "-m", "voicetype"]


def own_command() -> str:
    """The same for a shell."""
    return shlex.join(own_words())


def exec_value(words: Sequence[str]) -> str:
    """A command as the Exec of a desktop entry has it: quoted, then with the escapes of the file itself."""
    quoted = []
    for word in words:
        escaped = "".join(f"\\{char}" if char in _QUOTED_IN_EXEC else char for char in word)
        quoted.append(f'"{escaped}"'.replace("\\", "\\\\").replace("%", "%%"))
    return " ".join(quoted)


def write() -> None:
    """Make the entry, or correct it; menus do not show it. A folder that cannot be written to is no reason to stop."""
    file = Path(platformdirs.user_data_dir()) / "applications" / f"{APP_ID}.desktop"
    entry = _ENTRY.format(command=exec_value(own_words()))
    try:
        if not file.is_file() or file.read_text(encoding="utf-8") != entry:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(entry, encoding="utf-8")
    except OSError as error:
        logger.warning("no entry among the applications: {}", type(error).__name__)
