"""The windows that texts go to, under Windows. Any thread; may import `core` and the typer beside it.

While Windows asks for administrator's rights or a password on its secure desktop, there is no window in front for other
programs, so nothing can go wrong there. Not proven on a real Windows yet.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import PureWindowsPath
from typing import Any

from voicetype.core.ports import TargetWindow
from voicetype.system.typing_windows import foreground

_FOCUS_TIMEOUT_S = 1.5
_POLL_S = 0.01
_TITLE_CHARS, _PATH_CHARS = 512, 1024
_QUERY_LIMITED, _TOKEN_QUERY, _INTEGRITY_LEVEL = 0x1000, 0x0008, 25
_RESTORE = 9
_SHELL_CLASSES = frozenset({"Progman", "WorkerW", "Shell_TrayWnd", "Shell_SecondaryTrayWnd"})
"""Desktop and task bars."""
_HANDLE, _NUMBER, _POINTER, _TEXT = ctypes.c_void_p, ctypes.c_uint32, ctypes.c_void_p, ctypes.c_wchar_p
_SIGNATURES: dict[str, dict[str, tuple[Any, tuple[Any, ...]]]] = {
    "user32": {
        "GetWindowThreadProcessId": (_NUMBER, (_HANDLE, _POINTER)),
        "GetWindowTextW": (ctypes.c_int, (_HANDLE, _TEXT, ctypes.c_int)),
        "GetClassNameW": (ctypes.c_int, (_HANDLE, _TEXT, ctypes.c_int)),
        "IsWindow": (ctypes.c_int, (_HANDLE,)),
        "IsWindowVisible": (ctypes.c_int, (_HANDLE,)),
        "IsIconic": (ctypes.c_int, (_HANDLE,)),
        "ShowWindow": (ctypes.c_int, (_HANDLE, ctypes.c_int)),
        "SetForegroundWindow": (ctypes.c_int, (_HANDLE,)),
        "AttachThreadInput": (ctypes.c_int, (_NUMBER, _NUMBER, ctypes.c_int)),
    },
    "kernel32": {
        "OpenProcess": (_HANDLE, (_NUMBER, ctypes.c_int, _NUMBER)),
        "GetCurrentProcess": (_HANDLE, ()),
        "GetCurrentThreadId": (_NUMBER, ()),
        "CloseHandle": (ctypes.c_int, (_HANDLE,)),
        "QueryFullProcessImageNameW": (ctypes.c_int, (_HANDLE, _NUMBER, _TEXT, _POINTER)),
    },
    "advapi32": {
        "OpenProcessToken": (ctypes.c_int, (_HANDLE, _NUMBER, _POINTER)),
        "GetTokenInformation": (ctypes.c_int, (_HANDLE, ctypes.c_int, _POINTER, _NUMBER, _POINTER)),
        "GetSidSubAuthorityCount": (ctypes.POINTER(ctypes.c_uint8), (_POINTER,)),
        "GetSidSubAuthority": (ctypes.POINTER(_NUMBER), (_POINTER, _NUMBER)),
    },
}


@functools.cache
def function(library: str, name: str) -> Callable[..., Any]:
    """A function of Windows with the types of its arguments set; not the one that other libraries share."""
    if sys.platform != "win32":
        raise OSError(f"no {library} here")
    found = getattr(ctypes.WinDLL(library), name)
    found.restype, found.argtypes = _SIGNATURES[library][name]
    return found


Find = Callable[[str, str], Callable[..., Any]]


class Win32TargetWindows:
    """`TargetWindows` under Windows."""

    def __init__(self, find: Find = function, foreground: Callable[[], int] = foreground) -> None:
        """`find` gives a function by its library and name; `foreground` the window in front, 0 for none."""
        self._find = find
        self._foreground = foreground

    def current(self) -> TargetWindow | None:
        """See `TargetWindows`."""
        handle = self._foreground()
        if not handle or self._class(handle) in _SHELL_CLASSES:
            return None
        pid = self._pid(handle)
        if pid == os.getpid() and not self._find("user32", "IsWindowVisible")(handle):
            return None  # Qt's, in front while the tray's menu is open: the window before comes back
        program, level = self._program(pid)
        return TargetWindow(
            id=handle,
            title=self._string("GetWindowTextW", handle, _TITLE_CHARS),
            app=program,
            names=(program.lower(),) if program else (),
            pid=pid,
            own=pid == os.getpid(),
            elevated=pid != os.getpid() and self._is_above(level),
        )

    def alive(self, window: TargetWindow) -> bool:
        """See `TargetWindows`; handles are used again, so the process must be the same."""
        return bool(self._find("user32", "IsWindow")(window.id)) and self._pid(window.id) == window.pid

    def focused(self, window: TargetWindow) -> bool:
        """See `TargetWindows`."""
        return self._foreground() == window.id

    def focus(self, window: TargetWindow) -> bool:
        """See `TargetWindows`."""
        if self.focused(window):
            return True
        if self._find("user32", "IsIconic")(window.id):
            self._find("user32", "ShowWindow")(window.id, _RESTORE)
        with self._as_one_with(self._foreground()):
            self._find("user32", "SetForegroundWindow")(window.id)
        end = time.monotonic() + _FOCUS_TIMEOUT_S
        # There is an event for this (SetWinEventHook), but only for threads with a message loop.
        while not self.focused(window) and time.monotonic() < end:
            time.sleep(_POLL_S)
        return self.focused(window)

    def close(self) -> None:
        """Nothing to let go of."""

    @contextlib.contextmanager
    def _as_one_with(self, handle: int) -> Iterator[None]:
        """Windows lets only the program in front pass the focus on, so this thread joins that one's input."""
        attach = self._find("user32", "AttachThreadInput")
        here = self._find("kernel32", "GetCurrentThreadId")()
        there = self._find("user32", "GetWindowThreadProcessId")(handle, None) if handle else 0
        joined = bool(there) and there != here and bool(attach(here, there, 1))
        try:
            yield
        finally:
            if joined:
                attach(here, there, 0)

    def _pid(self, handle: int) -> int:
        pid = _NUMBER()
        self._find("user32", "GetWindowThreadProcessId")(handle, ctypes.byref(pid))
        return int(pid.value)

    def _class(self, handle: int) -> str:
        return self._string("GetClassNameW", handle, _TITLE_CHARS)

    def _string(self, name: str, handle: int, size: int) -> str:
        buffer = ctypes.create_unicode_buffer(size)
        self._find("user32", name)(handle, buffer, size)
        return buffer.value

    def _program(self, pid: int) -> tuple[str, int | None]:
        """Name of the process's file without .exe, and its integrity level; "" and None where it is not told."""
        process = self._find("kernel32", "OpenProcess")(_QUERY_LIMITED, 0, pid)
        if not process:
            return "", None
        try:
            path, size = ctypes.create_unicode_buffer(_PATH_CHARS), _NUMBER(_PATH_CHARS)
            ask = self._find("kernel32", "QueryFullProcessImageNameW")
            name = PureWindowsPath(path.value).stem if ask(process, 0, path, ctypes.byref(size)) else ""
            return name, self._level(process)
        finally:
            self._find("kernel32", "CloseHandle")(process)

    def _is_above(self, level: int | None) -> bool:
        """Whether a program of this level takes no keys from this one. One that tells nothing has more rights."""
        own = self._level(self._find("kernel32", "GetCurrentProcess")())
        return own is not None and (level is None or level > own)

    def _level(self, process: int) -> int | None:
        """Integrity level: 0x2000 is that of ordinary programs, 0x3000 that of an administrator's."""
        token = _HANDLE()
        if not self._find("advapi32", "OpenProcessToken")(process, _TOKEN_QUERY, ctypes.byref(token)):
            return None
        try:
            ask, size = self._find("advapi32", "GetTokenInformation"), _NUMBER()
            ask(token, _INTEGRITY_LEVEL, None, 0, ctypes.byref(size))
            label = ctypes.create_string_buffer(max(size.value, ctypes.sizeof(_POINTER)))
            if not ask(token, _INTEGRITY_LEVEL, label, len(label), ctypes.byref(size)):
                return None
            sid = _POINTER.from_buffer(label)  # TOKEN_MANDATORY_LABEL begins with the address of the level's SID
            count = self._find("advapi32", "GetSidSubAuthorityCount")(sid)[0]
            return int(self._find("advapi32", "GetSidSubAuthority")(sid, count - 1)[0])
        finally:
            self._find("kernel32", "CloseHandle")(token)
