"""Windows' own edit control as the target of a paste, as Notepad has one. Main thread of its own process.

Not Qt's field: it reads the clipboard by OLE, which need not say who reads, and so gives no receipt.
"""

from __future__ import annotations

import ctypes
import sys
import time
from collections.abc import Callable
from typing import Any

_TOPMOST, _MULTILINE = 0x8, 0x4
_OVERLAPPED_VISIBLE = 0x00CF0000 | 0x10000000
_GETTEXT = 0x000D
_REMOVE = 1
_MOST_CHARACTERS = 1_000
_LOOK_S = 0.01


def show_edit_control(on_focus: Callable[[], None], on_text: Callable[[str], None], seconds: float) -> None:
    """Show the control, say that it has the focus, then tell of each change of its text, for so many seconds."""
    if sys.platform != "win32":
        raise OSError("only Windows has edit controls")
    user = ctypes.windll.user32
    user.CreateWindowExW.restype = ctypes.c_void_p
    user.CreateWindowExW.argtypes = [
        *(ctypes.c_uint32, ctypes.c_wchar_p, ctypes.c_wchar_p, ctypes.c_uint32),
        *[ctypes.c_int] * 4,
        *[ctypes.c_void_p] * 4,
    ]
    style = _OVERLAPPED_VISIBLE | _MULTILINE
    edit = user.CreateWindowExW(_TOPMOST, "EDIT", "", style, 100, 100, 480, 160, None, None, None, None)
    if not edit:
        raise ctypes.WinError()
    user.SetForegroundWindow(ctypes.c_void_p(edit))
    user.SetFocus(ctypes.c_void_p(edit))
    _serve(user, edit, on_focus, on_text, time.monotonic() + seconds)


def _serve(user: Any, edit: int, on_focus: Callable[[], None], on_text: Callable[[str], None], end: float) -> None:
    from ctypes import wintypes

    user.GetForegroundWindow.restype = ctypes.c_void_p
    user.SendMessageW.argtypes = [ctypes.c_void_p, ctypes.c_uint, ctypes.c_size_t, ctypes.c_void_p]
    buffer = ctypes.create_unicode_buffer(_MOST_CHARACTERS)
    message, known, focused = wintypes.MSG(), "", False
    while time.monotonic() < end:
        while user.PeekMessageW(ctypes.byref(message), None, 0, 0, _REMOVE):
            user.TranslateMessage(ctypes.byref(message))
            user.DispatchMessageW(ctypes.byref(message))
        if not focused and user.GetForegroundWindow() == edit:
            focused = True
            on_focus()
        user.SendMessageW(edit, _GETTEXT, _MOST_CHARACTERS, buffer)
        if buffer.value != known:
            known = buffer.value
            on_text(known)
        time.sleep(_LOOK_S)
