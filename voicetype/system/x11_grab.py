"""A key combination taken from the X server for this program alone. May import: Xlib (lazily), `core`, loguru.

The server itself matches the combination (exact modifiers, any layout) and keeps it from the focused window. A thread
of its own does all talking on a connection of its own; the methods can be called from any other thread.
"""

from __future__ import annotations

import queue
import select
import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from loguru import logger

from voicetype.core.hotkeys import Hotkey, for_people
from voicetype.core.messages import HotkeyError, MessageCode
from voicetype.system.x11_keys import X11Keyboard

_ANSWER_TIMEOUT_S = 3.0
"""The server answers within milliseconds; one that hangs must not hang its clients."""

KeyEvent = Callable[[bool, int], None]
"""Told of (pressed, X server's time in ms); auto-repeat shows as release and press at the same time."""


class X11KeyGrab:
    """Grabs one combination at a time and tells when its key goes down and up, from its own thread."""

    def __init__(self, on_key: KeyEvent) -> None:
        self._on_key = on_key
        self._hotkey: Hotkey | None = None
        self._grabs: frozenset[tuple[int, int]] = frozenset()  # keycode, modifiers
        self._requests: queue.SimpleQueue[tuple[Callable[[], None], Future[None]] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._display: Any = None
        self._waker, self._wakened = socket.socketpair()

    def start(self) -> None:
        """Connect to the server. Raises HotkeyError(HOTKEY_UNAVAILABLE)."""
        try:
            from Xlib import display
            from Xlib.error import DisplayError

            try:
                self._display = display.Display()
            except (DisplayError, OSError) as error:
                raise HotkeyError(MessageCode.HOTKEY_UNAVAILABLE, detail=error) from error
        except ImportError as error:
            raise HotkeyError(MessageCode.HOTKEY_UNAVAILABLE, detail=error) from error
        self._thread = threading.Thread(target=self._run, name="hotkey", daemon=True)
        self._thread.start()

    def set_hotkey(self, hotkey: Hotkey) -> None:
        """Grab `hotkey` instead of the present one; on HotkeyError (TAKEN or UNAVAILABLE) the present one stays."""
        self._ask(lambda: self._replace(hotkey))

    def settle(self) -> None:
        """Return when all key events that the server has by now are told."""
        self._ask(self._sync)

    def stop(self) -> None:
        """Give the combination back and disconnect; idempotent, bounded."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._requests.put(None)
            self._waker.send(b"\0")
            thread.join(_ANSWER_TIMEOUT_S)
        self._waker.close()
        if thread is None or not thread.is_alive():
            self._wakened.close()

    def _ask(self, work: Callable[[], None]) -> None:
        if self._thread is None or not self._thread.is_alive():
            raise HotkeyError(MessageCode.HOTKEY_UNAVAILABLE, detail="no connection to the X server")
        if threading.current_thread() is self._thread:
            work()
            return
        answer: Future[None] = Future()
        self._requests.put((work, answer))
        self._waker.send(b"\0")
        try:
            answer.result(_ANSWER_TIMEOUT_S)
        except TimeoutError as error:
            raise HotkeyError(MessageCode.HOTKEY_UNAVAILABLE, detail="the X server does not answer") from error

    # The thread

    def _run(self) -> None:
        from Xlib.error import ConnectionClosedError

        try:
            while self._work():
                self._tell_all()  # before the wait, since the work may have read events along with its answers
                select.select([self._display.fileno(), self._wakened], [], [])
        except ConnectionClosedError as error:
            logger.warning("the X server has gone, and the hotkey with it: {}", error)
        else:
            self._display.close()

    def _work(self) -> bool:
        """Do what was asked; False at the end."""
        from Xlib.error import ConnectionClosedError

        while not self._requests.empty():
            self._wakened.recv(1)
            request = self._requests.get()
            if request is None:
                return False
            work, answer = request
            try:
                work()
            except ConnectionClosedError as error:
                answer.set_exception(HotkeyError(MessageCode.HOTKEY_UNAVAILABLE, detail=error))
                raise
            except Exception as error:  # noqa: BLE001  it is raised again in the thread that asked
                answer.set_exception(error)
            else:
                answer.set_result(None)
        return True

    def _sync(self) -> None:
        self._display.sync()
        self._tell_all()

    def _tell_all(self) -> None:
        from Xlib import X

        while self._display.pending_events():
            event = self._display.next_event()
            if event.type == X.MappingNotify:
                self._follow_mapping(event)
            elif event.type in {X.KeyPress, X.KeyRelease} and event.detail in {code for code, _ in self._grabs}:
                self._on_key(event.type == X.KeyPress, event.time)

    def _follow_mapping(self, event: Any) -> None:
        self._display.refresh_keyboard_mapping(event)
        if self._hotkey is None:
            return
        try:
            self._replace(self._hotkey)
        except HotkeyError as error:
            logger.warning("the hotkey did not follow the keyboard's new layout: {}", error)

    def _replace(self, hotkey: Hotkey) -> None:
        wanted = X11Keyboard(self._display).combinations(hotkey)
        new = wanted - self._grabs
        if not self._grab(new):
            self._release(new)
            raise HotkeyError(MessageCode.HOTKEY_TAKEN, hotkey=for_people(hotkey))
        self._release(self._grabs - wanted)
        self._grabs, self._hotkey = wanted, hotkey

    def _grab(self, combinations: frozenset[tuple[int, int]]) -> bool:
        from Xlib import X, error

        refused = error.CatchError(error.BadAccess)
        for keycode, modifiers in combinations:
            self._display.screen().root.grab_key(
                keycode, modifiers, False, X.GrabModeAsync, X.GrabModeAsync, onerror=refused
            )
        self._display.sync()
        return refused.get_error() is None

    def _release(self, combinations: frozenset[tuple[int, int]]) -> None:
        for keycode, modifiers in combinations:
            self._display.screen().root.ungrab_key(keycode, modifiers)
        self._display.sync()
