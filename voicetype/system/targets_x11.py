"""The windows that texts go to, under X11. Any thread; may import Xlib (lazily), `core`, loguru.

Two connections: one answers questions within milliseconds, also for the press of the hotkey; on the other one the
insertion thread waits for a focus that it asked for.
"""

from __future__ import annotations

import contextlib
import os
import select
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from loguru import logger

from voicetype.core.ports import TargetWindow
from voicetype.system.x11_windows import X11Focus

T = TypeVar("T")

FOCUS_TIMEOUT_S = 1.5
"""A window on another desktop or out of swap may take a second to come to the front."""
_LOOK_S = 0.25
"""Between two looks without an event: some toolkits pass the focus on by themselves."""
_NORMAL, _ICONIC = 1, 3
"""Values of WM_STATE of windows that exist for the user."""
_FROM_PAGER = 2
"""Source of an activation that the user wants, which no protection against stolen focus refuses."""
_BACKGROUND = ("_NET_WM_WINDOW_TYPE_DESKTOP", "_NET_WM_WINDOW_TYPE_DOCK")


class X11TargetWindows:
    """`TargetWindows` under X11. Once the server is lost, there are no windows any more."""

    def __init__(self) -> None:
        """Raises Xlib's DisplayError or OSError."""
        from Xlib import display

        self._display = display.Display()
        try:
            self._mover = display.Display()
        except BaseException:
            self._display.close()
            raise
        for each in (self._display, self._mover):
            # Windows vanish at any time; Xlib would print what that does to a request without an answer.
            each.set_error_handler(_ignore)
        self._focus = X11Focus(self._display)
        self._moving = X11Focus(self._mover)
        self._lock = threading.Lock()
        self._move_lock = threading.Lock()
        self._closed = False

    def current(self) -> TargetWindow | None:
        """See `TargetWindows`."""
        return self._ask(self._current, None)

    def alive(self, window: TargetWindow) -> bool:
        """See `TargetWindows`; a window that was withdrawn, as into a tray, is closed to its user."""
        return self._ask(lambda: self._is_alive(self._focus.window(window.id)), False)

    def focused(self, window: TargetWindow) -> bool:
        """See `TargetWindows`."""
        return self._ask(lambda: self._focus.holds_focus(window.id), False)

    def focus(self, window: TargetWindow) -> bool:
        """See `TargetWindows`."""
        with self._move_lock:
            if self._closed:
                return False
            try:
                return self._move_focus(window.id)
            except _lost() as error:
                logger.warning("the X server gives no window the focus: {}", error)
                return False

    def close(self) -> None:
        """See `TargetWindows`."""
        with self._lock, self._move_lock:
            closed, self._closed = self._closed, True
            if not closed:
                for display in (self._display, self._mover):
                    with contextlib.suppress(*_lost()):
                        display.close()

    def _ask(self, question: Callable[[], T], otherwise: T) -> T:
        with self._lock:
            if self._closed:
                return otherwise
            try:
                return question()
            except _lost() as error:
                logger.warning("the X server does not tell about its windows: {}", error)
                return otherwise

    def _current(self) -> TargetWindow | None:
        window = self._managed(self._focus.input_focus())
        if window is None or self._is_background(window):
            return None
        return self._described(window)

    def _managed(self, focus: int) -> Any | None:
        """The window that people mean. Menus and the like that no window manager knows belong to the active one."""
        line = list(self._focus.line(focus)) if focus else []
        for window in line:
            if self._state(window) is not None:
                return window
        if not self._is_managed():
            return line[-1] if line else None
        active = self._focus.property(self._display.screen().root, "_NET_ACTIVE_WINDOW")
        return self._focus.window(int(active[0])) if active is not None and len(active) and active[0] else None

    def _is_managed(self) -> bool:
        """Whether there is a window manager."""
        return self._focus.property(self._display.screen().root, "_NET_SUPPORTING_WM_CHECK") is not None

    def _state(self, window: Any) -> int | None:
        state = self._focus.property(window, "WM_STATE")
        return int(state[0]) if state is not None and len(state) else None

    def _is_alive(self, window: Any) -> bool:
        from Xlib.error import XError

        if self._is_managed():
            return self._state(window) in {_NORMAL, _ICONIC}
        with contextlib.suppress(XError):
            window.get_geometry()
            return True
        return False

    def _is_background(self, window: Any) -> bool:
        types = self._focus.property(window, "_NET_WM_WINDOW_TYPE")
        return types is not None and any(self._display.get_atom(name) in types for name in _BACKGROUND)

    def _described(self, window: Any) -> TargetWindow:
        title = self._focus.property(window, "_NET_WM_NAME") or self._focus.property(window, "WM_NAME")
        names = _text(self._focus.property(window, "WM_CLASS")).strip("\0").split("\0")
        pids = self._focus.property(window, "_NET_WM_PID")
        pid = int(pids[0]) if pids is not None and len(pids) else 0
        program = _program(pid)
        return TargetWindow(
            id=int(window.id),
            title=_text(title),
            app=names[-1] or program,
            names=tuple(dict.fromkeys(name.lower() for name in (*names, program) if name)),
            pid=pid,
            client=int(window.id) & ~int(self._display.display.info.resource_id_mask),
            own=pid == os.getpid(),
        )

    def _move_focus(self, target: int) -> bool:
        from Xlib import X

        root, window = self._mover.screen().root, self._moving.window(target)
        root.change_attributes(event_mask=X.PropertyChangeMask)
        window.change_attributes(event_mask=X.FocusChangeMask | X.StructureNotifyMask)
        try:
            if not self._moving.holds_focus(target):
                self._activate(root, window)
            end = time.monotonic() + FOCUS_TIMEOUT_S
            while not (there := self._moving.holds_focus(target)) and (left := end - time.monotonic()) > 0:
                if self._mover.pending_events() == 0:
                    select.select([self._mover.fileno()], [], [], min(left, _LOOK_S))
                while self._mover.pending_events():
                    if self._mover.next_event().type == X.DestroyNotify:
                        return False
            return there
        finally:
            window.change_attributes(event_mask=0)
            self._mover.sync()
            while self._mover.pending_events():
                self._mover.next_event()

    def _activate(self, root: Any, window: Any) -> None:
        from Xlib import X
        from Xlib.protocol import event

        if self._moving.property(root, "_NET_SUPPORTING_WM_CHECK") is None:
            window.configure(stack_mode=X.Above)
            window.set_input_focus(X.RevertToParent, X.CurrentTime)
        else:
            request = event.ClientMessage(
                window=window,
                client_type=self._mover.get_atom("_NET_ACTIVE_WINDOW"),
                data=(32, [_FROM_PAGER, X.CurrentTime, 0, 0, 0]),
            )
            root.send_event(request, event_mask=X.SubstructureRedirectMask | X.SubstructureNotifyMask)
        self._mover.flush()


def _program(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text(encoding="utf-8", errors="replace").strip() if pid else ""
    except OSError:
        return ""


def _text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value or "")


def _ignore(error: object, request: object) -> None:
    """Somebody else's window has vanished."""


def _lost() -> tuple[type[Exception], ...]:
    """What Xlib raises when the server cannot be reached, has gone or refuses."""
    from Xlib.error import ConnectionClosedError, DisplayError, XError

    return ConnectionClosedError, DisplayError, XError, OSError
