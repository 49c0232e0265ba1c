"""A key combination caught by pynput's keyboard hook, for Windows. May import: pynput (lazily), `core`, loguru.

The hook sees virtual key codes, which a Russian layout does not change, knows injected events, and can keep a key
from the focused window. pynput runs it on a thread of its own.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from voicetype.core.hotkeys import Hotkey
from voicetype.core.messages import HotkeyError, MessageCode

_JOIN_TIMEOUT_S = 2.0
PRESS_MESSAGES = frozenset({0x0100, 0x0104})  # WM_KEYDOWN, WM_SYSKEYDOWN
INJECTED_FLAGS = 0x10 | 0x02  # LLKHF_INJECTED, LLKHF_LOWER_IL_INJECTED
_ALTGR_SCAN_CODE = 0x21D
"""Of the left Ctrl that Windows invents before the right Alt where a layout has AltGr."""
_RIGHT_ALT = 0xA5
_MODIFIERS = {
    **{0x10: "shift", 0xA0: "shift", 0xA1: "shift", 0x11: "ctrl", 0xA2: "ctrl", 0xA3: "ctrl"},
    **{0x12: "alt", 0xA4: "alt", _RIGHT_ALT: "alt", 0x5B: "win", 0x5C: "win"},
}
MODIFIER_KEYS = frozenset(_MODIFIERS)
_VIRTUAL_KEYS = {
    **{"backspace": 0x08, "tab": 0x09, "enter": 0x0D, "pause": 0x13, "caps_lock": 0x14, "esc": 0x1B, "space": 0x20},
    **{"page_up": 0x21, "page_down": 0x22, "end": 0x23, "home": 0x24, "left": 0x25, "up": 0x26, "right": 0x27},
    **{"down": 0x28, "print_screen": 0x2C, "insert": 0x2D, "delete": 0x2E, "menu": 0x5D, "num_lock": 0x90},
    **{"scroll_lock": 0x91, ";": 0xBA, "=": 0xBB, ",": 0xBC, "-": 0xBD, ".": 0xBE, "/": 0xBF, "`": 0xC0},
    **{"[": 0xDB, "\\": 0xDC, "]": 0xDD, "'": 0xDE},
    **{character: ord(character.upper()) for character in "abcdefghijklmnopqrstuvwxyz0123456789"},
    **{f"f{number}": 0x6F + number for number in range(1, 25)},
}


@dataclass(frozen=True)
class KeyStroke:
    """One event of the keyboard: Windows' virtual key and scan code."""

    vk: int
    scan_code: int
    pressed: bool
    injected: bool = False


class HotkeyMatcher:
    """Which key strokes are the hotkey's key, pressed with exactly its modifiers. Pure but for `is_down`.

    `is_down(vk)` is the system's word on a key: a release that the hook did not see (the lock screen took it) must
    not leave a modifier held for ever.
    """

    def __init__(self, hotkey: Hotkey, is_down: Callable[[int], bool]) -> None:
        if hotkey.key not in _VIRTUAL_KEYS:
            raise HotkeyError(MessageCode.HOTKEY_UNAVAILABLE, detail=f"no key called {hotkey.key}")
        self._key = _VIRTUAL_KEYS[hotkey.key]
        self._modifiers = hotkey.modifiers
        self._is_down = is_down
        self._held: dict[int, str] = {}
        self._altgr = False
        self._matched = False

    def belongs(self, stroke: KeyStroke) -> bool:
        """Whether this is the hotkey going down (again) or up."""
        if stroke.injected:
            return False
        if stroke.vk in _MODIFIERS:
            self._follow_modifier(stroke)
            return False
        if stroke.vk != self._key:
            return False
        if stroke.pressed:
            self._matched = self._matched or self._held_now() == self._modifiers
            return self._matched
        matched, self._matched = self._matched, False
        return matched

    def _follow_modifier(self, stroke: KeyStroke) -> None:
        if stroke.scan_code == _ALTGR_SCAN_CODE:
            self._altgr = stroke.pressed
        elif not stroke.pressed:
            self._held.pop(stroke.vk, None)
        elif stroke.vk == _RIGHT_ALT and self._altgr:
            self._held[stroke.vk] = "altgr"
        else:
            self._held[stroke.vk] = _MODIFIERS[stroke.vk]

    def _held_now(self) -> frozenset[str]:
        stale = [vk for vk, name in self._held.items() if name not in self._modifiers and not self._is_down(vk)]
        for vk in stale:
            del self._held[vk]
        return frozenset(self._held.values())


class PynputHook:
    """Catches one combination at a time; tells (pressed, time in ms) from pynput's thread."""

    def __init__(self, on_key: Callable[[bool, int], None]) -> None:
        self._on_key = on_key
        self._matcher: HotkeyMatcher | None = None
        self._listener: Any = None

    def start(self) -> None:
        """Install the hook. Raises HotkeyError(HOTKEY_UNAVAILABLE)."""
        try:
            from pynput import keyboard
        except Exception as error:  # pynput lets its platform's own errors through
            raise HotkeyError(MessageCode.HOTKEY_UNAVAILABLE, detail=error) from error
        self._listener = keyboard.Listener(win32_event_filter=self._filter)
        self._listener.start()
        self._listener.wait()

    def set_hotkey(self, hotkey: Hotkey) -> None:
        """Catch `hotkey` from now on. Raises HotkeyError, and the present one stays."""
        self._matcher = HotkeyMatcher(hotkey, is_down)

    def settle(self) -> None:
        """Nothing to wait for: the hook knows injected events."""

    def stop(self) -> None:
        """Remove the hook; idempotent, bounded."""
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.stop()
            listener.join(_JOIN_TIMEOUT_S)

    def _filter(self, message: int, data: Any) -> bool:
        pressed = message in PRESS_MESSAGES
        stroke = KeyStroke(data.vkCode, data.scanCode, pressed, bool(data.flags & INJECTED_FLAGS))
        if self._matcher is not None and self._matcher.belongs(stroke):
            self._on_key(pressed, data.time)
            self._listener.suppress_event()  # raises, which pynput expects
        return False  # pynput need not find out which character this is


def is_down(vk: int) -> bool:
    """Whether Windows has this key or button as held."""
    if sys.platform != "win32":
        return True
    import ctypes

    return bool(ctypes.windll.user32.GetAsyncKeyState(vk) & 0x8000)
