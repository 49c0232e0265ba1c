"""Combinations of keys and buttons taken from the X server for this program alone. May import: Xlib (lazily), `core`,
loguru.

The server itself matches a combination (exact modifiers, any layout) and keeps it from the focused window. A thread
of its own does all talking on a connection of its own; the methods can be called from any other thread.
"""

from __future__ import annotations

import queue
import select
import socket
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any, NamedTuple, TypeVar

from loguru import logger

from voicetype.core.hotkeys import MOUSE_BUTTONS, Hotkey, for_people
from voicetype.core.messages import HotkeyError, MessageCode
from voicetype.core.ports import HotkeyEvent
from voicetype.system.x11_keys import X11Keyboard

_ANSWER_TIMEOUT_S = 3.0
"""The server answers within milliseconds; one that hangs must not hang its clients."""

_MODIFIERS = 0xFF
_LAST_CORE_BUTTON = 5
"""The core protocol tells only of these whether they are held."""
_ALL_MASTER_DEVICES = 1
_BUTTON_CLASS = 1

T = TypeVar("T")


class _Place(NamedTuple):
    """A key or a button; their numbers overlap."""

    is_button: bool
    number: int


class _Grab(NamedTuple):
    place: _Place
    modifiers: int


class X11KeyGrab:
    """Grabs combinations and tells when their keys go down and up, from its own thread.

    Auto-repeat shows as release and press at the same time. Times are those of the X server.
    """

    def __init__(self, on_key: Callable[[HotkeyEvent], None]) -> None:
        self._on_key = on_key
        self._hotkeys: Mapping[str, Hotkey] = {}
        self._grabs: dict[str, frozenset[_Grab]] = {}
        self._down: dict[_Place, tuple[str, int]] = {}  # name of the hotkey, its modifiers
        self._last_up: tuple[_Place, int, tuple[str, int]] | None = None
        self._requests: queue.SimpleQueue[tuple[Callable[[], Any], Future[Any]] | None] = queue.SimpleQueue()
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

    def set_hotkeys(self, hotkeys: Mapping[str, Hotkey]) -> Mapping[str, HotkeyError]:
        """Grab these instead of the present ones. Returns those that were not to be had: TAKEN or UNAVAILABLE.

        Raises HotkeyError(HOTKEY_UNAVAILABLE) without a server.
        """
        return self._ask(lambda: self._replace(dict(hotkeys)))

    def held(self) -> frozenset[str]:
        """Which of them are down by the server's word. Raises HotkeyError(HOTKEY_UNAVAILABLE) without a server."""
        return self._ask(self._held)

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

    def _ask(self, work: Callable[[], T]) -> T:
        if self._thread is None or not self._thread.is_alive():
            raise HotkeyError(MessageCode.HOTKEY_UNAVAILABLE, detail="no connection to the X server")
        if threading.current_thread() is self._thread:
            return work()
        answer: Future[T] = Future()
        self._requests.put((work, answer))
        self._waker.send(b"\0")
        try:
            return answer.result(_ANSWER_TIMEOUT_S)
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
                result = work()
            except ConnectionClosedError as error:
                answer.set_exception(HotkeyError(MessageCode.HOTKEY_UNAVAILABLE, detail=error))
                raise
            except Exception as error:  # noqa: BLE001  it is raised again in the thread that asked
                answer.set_exception(error)
            else:
                answer.set_result(result)
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
            elif event.type in {X.KeyPress, X.ButtonPress}:
                self._tell_press(_Place(event.type == X.ButtonPress, event.detail), event)
            elif event.type in {X.KeyRelease, X.ButtonRelease}:
                self._tell_release(_Place(event.type == X.ButtonRelease, event.detail), event.time)

    def _tell_press(self, place: _Place, event: Any) -> None:
        hotkey = self._down.get(place)
        if hotkey is None and self._last_up is not None and self._last_up[:2] == (place, event.time):
            hotkey = self._last_up[2]  # it repeats, maybe without the modifiers
        hotkey = hotkey or self._find(place, event.state & _MODIFIERS)
        if hotkey is not None:
            self._down[place] = hotkey
            self._on_key(HotkeyEvent(hotkey[0], True, event.time))

    def _tell_release(self, place: _Place, time_ms: int) -> None:
        hotkey = self._down.pop(place, None)
        if hotkey is not None:
            self._last_up = place, time_ms, hotkey
            self._on_key(HotkeyEvent(hotkey[0], False, time_ms))

    def _find(self, place: _Place, state: int) -> tuple[str, int] | None:
        """Whose combination this is. While one is held, all keys come here, and others may do without its modifiers."""
        excused = 0
        for _name, modifiers in self._down.values():
            excused |= modifiers
        for modifiers in (state, state & ~excused):
            for name, grabs in self._grabs.items():
                if _Grab(place, modifiers) in grabs:
                    return name, modifiers
        return None

    def _held(self) -> frozenset[str]:
        self._sync()
        keys = self._display.query_keymap() if self._down else ()
        return frozenset(
            name
            for place, (name, _modifiers) in self._down.items()
            if (
                self._button_held(place.number)
                if place.is_button
                else keys[place.number >> 3] >> (place.number & 7) & 1
            )
        )

    def _button_held(self, button: int) -> bool:
        from Xlib.ext import xinput

        if button <= _LAST_CORE_BUTTON:
            return bool(self._display.screen().root.query_pointer().mask >> (7 + button) & 1)
        if not self._display.has_extension(xinput.extname):
            return True
        # The first master device is the pointer that the grab is on.
        classes = self._display.xinput_query_device(_ALL_MASTER_DEVICES).devices[0].classes
        return any(bool(each.state[button - 1]) for each in classes if each.type == _BUTTON_CLASS)

    def _follow_mapping(self, event: Any) -> None:
        self._display.refresh_keyboard_mapping(event)
        for name, error in self._replace(self._hotkeys).items():
            logger.warning("the hotkey {} did not follow the keyboard's new layout: {}", name, error)

    def _replace(self, hotkeys: Mapping[str, Hotkey]) -> Mapping[str, HotkeyError]:
        keyboard = X11Keyboard(self._display)
        present = frozenset[_Grab]().union(*self._grabs.values())
        grabs: dict[str, frozenset[_Grab]] = {}
        errors: dict[str, HotkeyError] = {}
        refused = frozenset[_Grab]()
        for name, hotkey in hotkeys.items():
            try:
                combinations = keyboard.combinations(hotkey)
            except HotkeyError as error:
                errors[name] = error
                continue
            is_button = hotkey.key in MOUSE_BUTTONS
            wanted = frozenset(_Grab(_Place(is_button, number), modifiers) for number, modifiers in combinations)
            if self._grab(wanted - present):
                grabs[name] = wanted
            else:
                refused |= wanted
                errors[name] = HotkeyError(MessageCode.HOTKEY_TAKEN, hotkey=for_people(hotkey))
        self._release((present | refused) - frozenset().union(*grabs.values()))
        self._grabs = grabs
        self._hotkeys = {name: hotkey for name, hotkey in hotkeys.items() if name in grabs}
        return errors

    def _grab(self, grabs: frozenset[_Grab]) -> bool:
        from Xlib import X, error

        if not grabs:
            return True
        refused = error.CatchError(error.BadAccess)
        root, mode, buttons = self._display.screen().root, X.GrabModeAsync, X.ButtonPressMask | X.ButtonReleaseMask
        for (is_button, number), modifiers in grabs:
            if is_button:
                root.grab_button(number, modifiers, False, buttons, mode, mode, X.NONE, X.NONE, onerror=refused)
            else:
                root.grab_key(number, modifiers, False, mode, mode, onerror=refused)
        self._display.sync()
        return refused.get_error() is None

    def _release(self, grabs: frozenset[_Grab]) -> None:
        root = self._display.screen().root
        for (is_button, number), modifiers in grabs:
            if is_button:
                root.ungrab_button(number, modifiers)
            else:
                root.ungrab_key(number, modifiers)
        self._display.sync()
