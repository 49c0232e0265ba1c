"""The user's key and button presses under Windows, counted. Any thread; may import: pynput (lazily), `core`.

Low-level hooks see every press before its window does, and the mark that this program's typer leaves on its keys. They
see nothing of what goes to elevated windows, of touches, or once Windows has removed them for being slow. Windows keeps
the time of the last input of any kind, so where that is later than what the hooks saw, something is not known.

All keys and each move of the mouse wait for a hook. So they end with the first press that counts, after which there is
nothing more to find out, until the next moment is marked. Not proven on a real Windows yet.
"""

from __future__ import annotations

import contextlib
import ctypes
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from loguru import logger

from voicetype.core.hotkeys import Hotkey, parse_hotkey
from voicetype.core.messages import HotkeyError
from voicetype.system.pynput_hook import (
    INJECTED_FLAGS,
    MODIFIER_KEYS,
    PRESS_MESSAGES,
    HotkeyMatcher,
    KeyStroke,
    button_stroke,
    is_down,
)
from voicetype.system.typing_windows import OWN_KEYS, UNASSIGNED
from voicetype.system.win32_window import GuiThread

_JOIN_TIMEOUT_S = 2.0
_MOUSE_MOVE = 0x0200
_HARMLESS = MODIFIER_KEYS | {0x14, 0x90, UNASSIGNED}
"""Besides modifiers Caps Lock, Num Lock, and the key that means nothing."""
_BUTTONS = (0x01, 0x02, 0x04, 0x05, 0x06)
_UNSEEN_MS = 100
"""A hook's event and the system's record of the last input may differ by some ticks of 16 ms."""
_CLOCK_MODULUS = 2**32


@dataclass(frozen=True)
class _Moment:
    window: tuple[int, int]
    presses: int


class _LastInput(ctypes.Structure):
    _fields_ = (("size", ctypes.c_uint32), ("time", ctypes.c_uint32))


class WindowsActivityWatch:
    """`ActivityWatch` under Windows. The hooks are there from a `mark` to the next press."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: list[Any] = []
        self._ended = False
        self._presses = 0
        self._seen_ms: int | None = None
        self._own_depth = 0
        self._matching = threading.Lock()  # the keyboard's thread and the mouse's
        self._hotkeys: dict[str, Hotkey] = {}
        self._matcher = HotkeyMatcher({}, is_down)

    def mark(self) -> object:
        """See `ActivityWatch`."""
        with self._lock:
            if not self._ended and not self._is_watching():
                self._end_hooks()
                self._begin()
        return self._look()

    def unchanged(self, since: object) -> bool:
        """See `ActivityWatch`."""
        return since is not None and self._look() == since

    def set_hotkeys(self, hotkeys: Sequence[str]) -> None:
        """See `ActivityWatch`; what is no hotkey is left out."""
        parsed = {}
        for hotkey in hotkeys:
            with contextlib.suppress(HotkeyError):
                parsed[hotkey] = parse_hotkey(hotkey, bare=True)
        with self._matching:
            self._hotkeys = parsed
            self._matcher.set_hotkeys(parsed)

    def excuse(self, key: bool, time_ms: int) -> None:
        """Nothing: a click on the tray takes the focus from the window, so what it changed there is not known."""

    @contextlib.contextmanager
    def own_typing(self) -> Iterator[None]:
        """See `ActivityWatch`; may be nested. Windows calls the hooks before SendInput returns, so nothing lags."""
        with self._lock:
            self._own_depth += 1
        try:
            yield
        finally:
            with self._lock:
                self._own_depth -= 1

    def close(self) -> None:
        """See `ActivityWatch`."""
        with self._lock:
            self._ended = True
            self._end_hooks()

    def _is_watching(self) -> bool:
        return bool(self._listeners) and all(listener.running for listener in self._listeners)

    def _end_hooks(self) -> None:
        listeners, self._listeners = self._listeners, []
        for listener in listeners:
            listener.stop()
        for listener in listeners:
            listener.join(_JOIN_TIMEOUT_S)

    def _begin(self) -> None:
        try:
            from pynput import keyboard, mouse

            with self._matching:
                # What went up while nobody watched is not known to be held.
                self._matcher = HotkeyMatcher(self._hotkeys, is_down)
            self._seen_ms = _last_input_ms()
            made = (
                keyboard.Listener(win32_event_filter=self._on_key),
                mouse.Listener(win32_event_filter=self._on_mouse),
            )
            for listener in made:
                listener.start()
                self._listeners.append(listener)
                listener.wait()
        except Exception as error:  # noqa: BLE001  pynput lets its platform's own errors through
            logger.warning("what the user presses cannot be watched: {}", error)
            self._ended = True

    def _look(self) -> _Moment | None:
        if self._ended or not self._is_watching():
            return None
        window, last, seen = _focused(), _last_input_ms(), self._seen_ms
        if window is None or last is None or seen is None or any(is_down(button) for button in _BUTTONS):
            return None
        if _is_later(last, seen):
            return None
        return _Moment(window, self._presses)

    def _see(self, now: int) -> None:
        """A hook sees an event. If there was input that none saw since the last one, it counts."""
        last, seen = _last_input_ms(), self._seen_ms
        # `last` may be this event itself already.
        if last is not None and seen is not None and _is_later(last, seen) and _is_later(now, last):
            self._presses += 1
        self._seen_ms = now

    def _on_key(self, message: int, data: Any) -> bool:
        self._see(data.time)
        pressed = message in PRESS_MESSAGES
        if data.dwExtraInfo == OWN_KEYS and self._own_depth:
            return False
        stroke = KeyStroke(data.vkCode, data.scanCode, pressed, bool(data.flags & INJECTED_FLAGS))
        with self._matching:
            is_hotkey = bool(self._matcher.name_of(stroke))
        if pressed and not is_hotkey and data.vkCode not in _HARMLESS:
            self._count()
        return False

    def _on_mouse(self, message: int, data: Any) -> bool:
        self._see(data.time)
        stroke = button_stroke(message, data)
        with self._matching:
            is_hotkey = stroke is not None and bool(self._matcher.name_of(stroke))
        if message != _MOUSE_MOVE and not is_hotkey:
            self._count()  # also a release, which ends the selection that the mouse draws
        return False

    def _count(self) -> None:
        self._presses += 1
        for listener in self._listeners:
            listener.stop()  # its thread ends by itself


def _is_later(time: int, than: int) -> bool:
    return _UNSEEN_MS < (time - than) % _CLOCK_MODULUS < _CLOCK_MODULUS // 2


def _focused() -> tuple[int, int] | None:
    """The window in front, and the control in it that has the focus; None where there is none."""
    if sys.platform != "win32":
        return None
    user32 = ctypes.windll.user32
    user32.GetForegroundWindow.restype = ctypes.c_void_p
    window = user32.GetForegroundWindow()
    info = GuiThread(size=ctypes.sizeof(GuiThread))
    if not window or not user32.GetGUIThreadInfo(0, ctypes.byref(info)):
        return None
    return int(window), int(info.focus or 0)


def _last_input_ms() -> int | None:
    if sys.platform != "win32":
        return None
    info = _LastInput(size=ctypes.sizeof(_LastInput))
    return int(info.time) if ctypes.windll.user32.GetLastInputInfo(ctypes.byref(info)) else None
