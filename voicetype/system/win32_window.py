"""A window that nobody sees, whose messages Windows' notices come as, and a thread that has one. Standard library only.

Not proven on a real Windows yet.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import threading
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")
OnMessage = Callable[[int, int, int], int | None]
"""Given kind, wParam and lParam of a message; answers it, or gives None for Windows' own answer."""
Calls = Mapping[str, tuple[Any, tuple[Any, ...]]]
"""Functions with the types of their result and their arguments."""

WM_WAKE = 0x8000
"""WM_APP."""
_GWLP_WNDPROC = -4
_HWND_MESSAGE = -3
_PM_REMOVE = 1
_QS_ALLINPUT = 0x04FF
_WAIT_FOREVER = 0xFFFFFFFF
_ANSWER_TIMEOUT_S = 5.0

_P, _I, _U, _S = ctypes.c_void_p, ctypes.c_int, ctypes.c_uint, ctypes.c_ssize_t
_USER32: Calls = {
    "CreateWindowExW": (_P, (_U, ctypes.c_wchar_p, ctypes.c_wchar_p, _U, _I, _I, _I, _I, _P, _P, _P, _P)),
    "DefWindowProcW": (_S, (_P, _U, ctypes.c_size_t, _S)),
    "DestroyWindow": (_I, (_P,)),
    "DispatchMessageW": (_S, (_P,)),
    "MsgWaitForMultipleObjects": (_U, (_U, _P, _I, _U, _U)),
    "PeekMessageW": (_I, (_P, _P, _U, _U, _U)),
    "PostMessageW": (_I, (_P, _U, ctypes.c_size_t, _S)),
    "SetWindowLongPtrW": (_P, (_P, _I, _P)),
}


class Message(ctypes.Structure):
    """Win32's MSG."""

    _fields_ = (
        ("window", ctypes.c_void_p),
        ("kind", ctypes.c_uint),
        ("wide", ctypes.c_size_t),
        ("long", ctypes.c_ssize_t),
        ("time", ctypes.c_uint32),
        ("point", ctypes.c_int32 * 2),
    )


class GuiThread(ctypes.Structure):
    """Win32's GUITHREADINFO."""

    _fields_ = (
        ("size", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
        ("active", ctypes.c_void_p),
        ("focus", ctypes.c_void_p),
        ("others", ctypes.c_void_p * 4),
        ("caret", ctypes.c_int32 * 4),
    )


def load(name: str, calls: Calls) -> Any:
    """A library of Windows with typed functions: one of its own, since pynput sets types of its own on the common one.

    `ctypes.get_last_error` tells of its failures.
    """
    libraries: Any = ctypes
    library = libraries.WinDLL(name, use_last_error=True)
    for function_name, (result, arguments) in calls.items():
        function = getattr(library, function_name)
        function.restype, function.argtypes = result, arguments
    return library


class HiddenWindow:
    """A window that nobody sees. All but `wake` belongs to the thread that makes it.

    Attributes:
        handle: HWND.
    """

    def __init__(self, on_message: OnMessage, *, hears_broadcasts: bool = False) -> None:
        """`hears_broadcasts`: be a window of the desktop; others hear what is sent to them alone. Raises OSError."""
        self._user = load("user32", _USER32)
        self._on_message = on_message
        libraries: Any = ctypes
        procedure = libraries.WINFUNCTYPE(_S, _P, _U, ctypes.c_size_t, _S)
        self._procedure = procedure(self._take_message)
        parent = None if hears_broadcasts else _HWND_MESSAGE
        self.handle = self._user.CreateWindowExW(0, "STATIC", None, 0, 0, 0, 0, 0, parent, None, None, None)
        if not self.handle:
            raise OSError("Windows makes no window")
        self._user.SetWindowLongPtrW(self.handle, _GWLP_WNDPROC, ctypes.cast(self._procedure, ctypes.c_void_p))

    def wake(self) -> None:
        """Let `wait` return; any thread."""
        self._user.PostMessageW(self.handle, WM_WAKE, 0, 0)

    def wait(self, seconds: float | None) -> None:
        """Deal with messages; return after some, or after so many seconds."""
        milliseconds = _WAIT_FOREVER if seconds is None else max(0, int(seconds * 1000))
        message = Message()
        if not self._user.PeekMessageW(ctypes.byref(message), None, 0, 0, _PM_REMOVE):
            self._user.MsgWaitForMultipleObjects(0, None, 0, milliseconds, _QS_ALLINPUT)
            if not self._user.PeekMessageW(ctypes.byref(message), None, 0, 0, _PM_REMOVE):
                return
        self._user.DispatchMessageW(ctypes.byref(message))

    def destroy(self) -> None:
        """Take the window away."""
        self._user.DestroyWindow(self.handle)

    def _take_message(self, window: int, kind: int, wide: int, long: int) -> int:
        answer = self._on_message(kind, wide, long)
        return int(self._user.DefWindowProcW(window, kind, wide, long)) if answer is None else answer


class MessageThread:
    """A thread with a hidden window; what comes to the window is told there."""

    def __init__(
        self,
        name: str,
        on_message: OnMessage,
        *,
        hears_broadcasts: bool = False,
        make_window: Callable[..., HiddenWindow] = HiddenWindow,
    ) -> None:
        self._on_message = on_message
        self._make_window = functools.partial(make_window, self._take_message, hears_broadcasts=hears_broadcasts)
        self._window: HiddenWindow | None = None
        self._jobs: deque[Callable[[], None]] = deque()
        self._ended = False
        self._thread = threading.Thread(target=self._serve, name=name, daemon=True)
        self._ready: Future[HiddenWindow] = Future()

    def start(self) -> int:
        """Begin; returns the window's handle. Raises OSError."""
        self._thread.start()
        self._window = self._ready.result(_ANSWER_TIMEOUT_S)
        return self.handle

    @property
    def handle(self) -> int:
        """HWND of the window; 0 while there is none."""
        return int(self._window.handle) if self._window is not None else 0

    def run(self, work: Callable[[], T]) -> T:
        """Do `work` in the thread, after the messages that are there. Raises what it raises, or OSError."""
        if threading.current_thread() is self._thread:
            return work()
        if self._window is None or not self._thread.is_alive():
            raise OSError("the thread has ended")
        future: Future[T] = Future()

        def job() -> None:
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(work())
                except Exception as error:  # noqa: BLE001  raised again by the caller
                    future.set_exception(error)

        self._jobs.append(job)
        self._window.wake()
        return future.result(_ANSWER_TIMEOUT_S)  # a TimeoutError is an OSError

    def stop(self) -> None:
        """End the thread and take its window away; idempotent, bounded."""
        if self._window is not None and self._thread.is_alive():
            with contextlib.suppress(OSError):
                self.run(self._end)
            self._thread.join(_ANSWER_TIMEOUT_S)

    def _end(self) -> None:
        self._ended = True

    def _serve(self) -> None:
        try:
            window = self._make_window()
        except OSError as error:
            self._ready.set_exception(error)
            return
        self._ready.set_result(window)
        while not self._ended:
            window.wait(None)
        window.destroy()

    def _take_message(self, kind: int, wide: int, long: int) -> int | None:
        if kind != WM_WAKE:
            return self._on_message(kind, wide, long)
        if self._jobs:
            job = self._jobs.popleft()
            job()
        return 0
