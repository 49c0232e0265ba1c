"""Win32's clipboard calls, no more. One thread, that of the window; may import the window beside it.

Not proven on a real Windows yet.
"""

from __future__ import annotations

import ctypes
import os
import time
from collections.abc import Callable

from voicetype.system.win32_window import Calls, GuiThread, HiddenWindow, load

CF_UNICODETEXT = 13
CF_ENHMETAFILE = 14
WM_DESTROYCLIPBOARD = 0x0307
WM_RENDERFORMAT = 0x0305
WM_RENDERALLFORMATS = 0x0306
_GMEM_MOVEABLE = 0x0002
_OPEN_TIMEOUT_S = 0.5
"""Programs hold the clipboard open for milliseconds."""
_OPEN_PAUSE_S = 0.005

_P, _I, _U = ctypes.c_void_p, ctypes.c_int, ctypes.c_uint
_USER32: Calls = {
    "CloseClipboard": (_I, ()),
    "CountClipboardFormats": (_I, ()),
    "EmptyClipboard": (_I, ()),
    "EnumClipboardFormats": (_U, (_U,)),
    "GetClipboardData": (_P, (_U,)),
    "GetClipboardOwner": (_P, ()),
    "GetForegroundWindow": (_P, ()),
    "GetGUIThreadInfo": (_I, (_U, _P)),
    "GetOpenClipboardWindow": (_P, ()),
    "GetWindowThreadProcessId": (_U, (_P, _P)),
    "OpenClipboard": (_I, (_P,)),
    "RegisterClipboardFormatW": (_U, (ctypes.c_wchar_p,)),
    "SetClipboardData": (_P, (_U, _P)),
}
_KERNEL32: Calls = {
    "GlobalAlloc": (_P, (_U, ctypes.c_size_t)),
    "GlobalFree": (_P, (_P,)),
    "GlobalLock": (_P, (_P,)),
    "GlobalSize": (ctypes.c_size_t, (_P,)),
    "GlobalUnlock": (_I, (_P,)),
}
_GDI32: Calls = {
    "GetEnhMetaFileBits": (_U, (_P, _U, _P)),
    "SetEnhMetaFileBits": (_P, (_U, _P)),
}


class Win32Clipboard:
    """A window that nobody sees, and the clipboard as it may use it. Methods raise OSError where Windows refuses."""

    def __init__(self, on_message: Callable[[int, int], None]) -> None:
        """`on_message` is given the kind of a message about the clipboard and, to render, the format."""
        self._user = load("user32", _USER32)
        self._kernel = load("kernel32", _KERNEL32)
        self._gdi = load("gdi32", _GDI32)
        self._on_message = on_message
        self._hidden = HiddenWindow(self._take_message)
        self.window = self._hidden.handle

    def wake(self) -> None:
        """Let `wait` return; any thread."""
        self._hidden.wake()

    def wait(self, seconds: float | None) -> None:
        """Deal with messages; return after some, or after so many seconds."""
        self._hidden.wait(seconds)

    def open(self) -> bool:
        """Hold the clipboard, so that nobody else can change it; False when another program does not let go of it."""
        end = time.monotonic() + _OPEN_TIMEOUT_S
        while not self._user.OpenClipboard(self.window):
            if time.monotonic() > end:
                return False
            time.sleep(_OPEN_PAUSE_S)
        return True

    def close(self) -> None:
        """Let go of the clipboard."""
        self._user.CloseClipboard()

    def is_own(self) -> bool:
        """Whether this program was the last to change it."""
        return bool(self._user.GetClipboardOwner() == self.window)

    def empty(self) -> None:
        """While it is open: throw everything out and become its owner."""
        if not self._user.EmptyClipboard():
            raise OSError("the clipboard cannot be emptied")

    def formats(self) -> list[int]:
        """While it is open: all formats, also those that Windows makes of others, in their owner's order."""
        found: list[int] = []
        number = 0
        while number := int(self._user.EnumClipboardFormats(number)):
            found.append(number)
        return found

    def get(self, number: int) -> bytes | None:
        """While it is open: contents in a format; None when they cannot be had."""
        handle = self._user.GetClipboardData(number)
        if not handle:
            return None
        if number == CF_ENHMETAFILE:
            size = self._gdi.GetEnhMetaFileBits(handle, 0, None)
            picture = ctypes.create_string_buffer(size)
            return picture.raw if size and self._gdi.GetEnhMetaFileBits(handle, size, picture) else None
        place = self._kernel.GlobalLock(handle)
        if not place:
            return None
        data = ctypes.string_at(place, self._kernel.GlobalSize(handle))
        self._kernel.GlobalUnlock(handle)
        return data

    def put(self, number: int, data: bytes) -> bool:
        """While it is open, or to render a format: set contents; tells whether that worked."""
        if number == CF_ENHMETAFILE:
            return bool(self._user.SetClipboardData(number, self._gdi.SetEnhMetaFileBits(len(data), data)))
        handle = self._kernel.GlobalAlloc(_GMEM_MOVEABLE, max(len(data), 1))
        place = self._kernel.GlobalLock(handle) if handle else None
        if not place:
            return False
        ctypes.memmove(place, data, len(data))
        self._kernel.GlobalUnlock(handle)
        if self._user.SetClipboardData(number, handle):
            return True  # it is the system's now
        self._kernel.GlobalFree(handle)
        return False

    def promise(self, number: int) -> None:
        """While it is open: offer a format that is rendered when somebody asks for it."""
        self._user.SetClipboardData(number, None)

    def register(self, name: str) -> int:
        """The number of a format."""
        return int(self._user.RegisterClipboardFormatW(name))

    def reader(self) -> int:
        """Process that has the clipboard open; 0 when it does not say."""
        return self._process(self._user.GetOpenClipboardWindow())

    def focused(self) -> frozenset[int]:
        """Processes of the window in front and of the control in it that has the focus."""
        info = GuiThread(size=ctypes.sizeof(GuiThread))
        self._user.GetGUIThreadInfo(0, ctypes.byref(info))
        windows = (self._user.GetForegroundWindow(), info.focus)
        return frozenset(map(self._process, windows)) - {0, os.getpid()}

    def leave(self) -> None:
        """Take the window away; Windows asks for what was promised first."""
        self._hidden.destroy()

    def _process(self, window: int | None) -> int:
        process = ctypes.c_uint32()
        if window:
            self._user.GetWindowThreadProcessId(window, ctypes.byref(process))
        return int(process.value)

    def _take_message(self, kind: int, wide: int, _long: int) -> int | None:
        if kind not in {WM_RENDERFORMAT, WM_RENDERALLFORMATS, WM_DESTROYCLIPBOARD}:
            return None
        self._on_message(kind, wide)
        return 0
