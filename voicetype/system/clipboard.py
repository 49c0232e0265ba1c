"""The platform's way to the clipboard. May import `core`, the clipboards beside it."""

from __future__ import annotations

import sys

from loguru import logger

from voicetype.core.ports import Clipboard
from voicetype.system import linux
from voicetype.system.typing_wayland import WaylandClipboard
from voicetype.system.wayland_tools import can_copy


def make_clipboard() -> Clipboard | None:
    """The clipboard of this platform; None where it cannot be lent."""
    if sys.platform == "win32":
        from voicetype.system.clipboard_windows import WindowsClipboard

        return WindowsClipboard()
    # A Wayland compositor lets nobody see who reads a clipboard, and only the focused window set it.
    if linux.session_type() == "wayland" and can_copy():
        return WaylandClipboard()
    if linux.session_type() != "x11":
        return None
    from voicetype.system.clipboard_x11 import X11Clipboard
    from voicetype.system.x11_link import lost_errors

    try:
        return X11Clipboard()
    except lost_errors() as error:
        logger.warning("the clipboard cannot be lent: {}", type(error).__name__)
        return None
