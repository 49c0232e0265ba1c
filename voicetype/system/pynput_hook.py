"""Combinations of keys and buttons caught by pynput's hooks, for Windows.

May import: pynput (lazily), `core`, the typer beside it.

The keyboard's hook sees virtual key codes, which a Russian layout does not change, knows injected events, and can keep
a key from the focused window. The mouse's hook delays each move of the mouse a little, so it is there only while a
button is a hotkey. pynput runs each on a thread of its own. Not proven on a real Windows yet.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from voicetype.core.hotkeys import MOUSE_BUTTONS, Hotkey
from voicetype.core.messages import HotkeyError, MessageCode
from voicetype.core.ports import HotkeyEvent
from voicetype.system.typing_windows import press_nothing

_JOIN_TIMEOUT_S = 2.0
_DESKTOP_READOBJECTS = 0x0001
PRESS_MESSAGES = frozenset({0x0100, 0x0104})  # WM_KEYDOWN, WM_SYSKEYDOWN
INJECTED_FLAGS = 0x10 | 0x02  # LLKHF_INJECTED, LLKHF_LOWER_IL_INJECTED
_BUTTON_PRESSES = {0x0207: True, 0x0208: False, 0x020B: True, 0x020C: False}
"""WM_MBUTTONDOWN, WM_MBUTTONUP, WM_XBUTTONDOWN, WM_XBUTTONUP: whether it goes down."""
_MIDDLE_BUTTON = 0x04
_FIRST_X_MESSAGE = 0x020B
_MOUSE_INJECTED_FLAGS = 0x01 | 0x02  # LLMHF_INJECTED, LLMHF_LOWER_IL_INJECTED
_REPEATS_STOP_S = 1.5
"""The slowest repetition that Windows offers is every half second."""
_ALTGR_SCAN_CODE = 0x21D
"""Of the left Ctrl that Windows invents before the right Alt where a layout has AltGr."""
_RIGHT_ALT = 0xA5
_MODIFIERS = {
    **{0x10: "shift", 0xA0: "shift", 0xA1: "shift", 0x11: "ctrl", 0xA2: "ctrl", 0xA3: "ctrl"},
    **{0x12: "alt", 0xA4: "alt", _RIGHT_ALT: "alt", 0x5B: "win", 0x5C: "win"},
}
MODIFIER_KEYS = frozenset(_MODIFIERS)
_OPEN_MENUS = frozenset({"alt", "win"})
"""Let go of with no other key between, as it looks when that one has been kept from the window."""
_VIRTUAL_KEYS = {
    **{"backspace": 0x08, "tab": 0x09, "enter": 0x0D, "pause": 0x13, "caps_lock": 0x14, "esc": 0x1B, "space": 0x20},
    **{"page_up": 0x21, "page_down": 0x22, "end": 0x23, "home": 0x24, "left": 0x25, "up": 0x26, "right": 0x27},
    **{"down": 0x28, "print_screen": 0x2C, "insert": 0x2D, "delete": 0x2E, "menu": 0x5D, "num_lock": 0x90},
    **{"scroll_lock": 0x91, ";": 0xBA, "=": 0xBB, ",": 0xBC, "-": 0xBD, ".": 0xBE, "/": 0xBF, "`": 0xC0},
    **{"[": 0xDB, "\\": 0xDC, "]": 0xDD, "'": 0xDE},
    **{character: ord(character.upper()) for character in "abcdefghijklmnopqrstuvwxyz0123456789"},
    **{f"f{number}": 0x6F + number for number in range(1, 25)},
    **{"mouse_middle": _MIDDLE_BUTTON, "mouse4": 0x05, "mouse5": 0x06},
}


@dataclass(frozen=True)
class KeyStroke:
    """One event of the keyboard or a button: Windows' virtual key and scan code."""

    vk: int
    scan_code: int
    pressed: bool
    injected: bool = False


class HotkeyMatcher:
    """Which key strokes are the key of a hotkey, pressed with exactly its modifiers. Pure but for `is_down`.

    `is_down(vk)` is the system's word on a key: a release that the hook did not see (the lock screen took it) must
    not leave a modifier held for ever. Used by one thread at a time.
    """

    def __init__(self, hotkeys: Mapping[str, Hotkey], is_down: Callable[[int], bool]) -> None:
        self._is_down = is_down
        self._held: dict[int, str] = {}
        self._altgr = False
        self._matched: dict[int, str] = {}
        self.set_hotkeys(hotkeys)

    def set_hotkeys(self, hotkeys: Mapping[str, Hotkey]) -> None:
        """Match these, by name, in place of those before; what is held stays known."""
        self._hotkeys = dict(hotkeys)

    def name_of(self, stroke: KeyStroke) -> str:
        """Name of the hotkey that goes down (again) or up with this stroke; "" when it is none's."""
        if stroke.injected:
            return ""
        if stroke.vk in _MODIFIERS:
            self._follow_modifier(stroke)
            return ""
        name = self._matched.get(stroke.vk) or (self._find(stroke.vk) if stroke.pressed else "")
        if stroke.pressed and name:
            self._matched[stroke.vk] = name
        elif not stroke.pressed:
            self._matched.pop(stroke.vk, None)
        return name

    def _follow_modifier(self, stroke: KeyStroke) -> None:
        if stroke.scan_code == _ALTGR_SCAN_CODE:
            self._altgr = stroke.pressed
        elif not stroke.pressed:
            self._held.pop(stroke.vk, None)
        elif stroke.vk == _RIGHT_ALT and self._altgr:
            self._held[stroke.vk] = "altgr"
        else:
            self._held[stroke.vk] = _MODIFIERS[stroke.vk]

    def _find(self, vk: int) -> str:
        """Whose key this is with what is held now; while one is held, another one may do without its modifiers."""
        held_ones = (self._hotkeys.get(name) for name in self._matched.values())
        excused = frozenset[str]().union(*(each.modifiers for each in held_ones if each is not None))
        for needless in (frozenset[str](), excused):
            for name, hotkey in self._hotkeys.items():
                if _VIRTUAL_KEYS[hotkey.key] == vk and self._held_now(hotkey.modifiers) - needless == hotkey.modifiers:
                    return name
        return ""

    def _held_now(self, wanted: frozenset[str]) -> frozenset[str]:
        stale = [vk for vk, name in self._held.items() if name not in wanted and not self._is_down(vk)]
        for vk in stale:
            del self._held[vk]
        return frozenset(self._held.values())


class PynputHook:
    """Catches combinations; tells of their downs and ups from pynput's threads."""

    def __init__(
        self,
        on_key: Callable[[HotkeyEvent], None],
        *,
        heeds_sent_keys: bool = False,
        press_nothing: Callable[[], None] = press_nothing,
    ) -> None:
        """Other ways to press.

        `heeds_sent_keys`: keys of programs count too; for the self-test, which has no hand to press others with.
        `press_nothing` presses a key that does nothing.
        """
        self._on_key = on_key
        self._press_nothing = press_nothing
        self._opening: frozenset[str] = frozenset()
        self._injected_flags = 0 if heeds_sent_keys else INJECTED_FLAGS
        self._lock = threading.Lock()  # the keyboard's thread and the mouse's
        self._matcher = HotkeyMatcher({}, is_down)
        self._keyboard: Any = None
        self._mouse: Any = None
        self._down: dict[str, int] = {}
        self._repeats: tuple[str, float] | None = None

    def start(self) -> None:
        """Install the keyboard's hook. Raises HotkeyError(HOTKEY_UNAVAILABLE)."""
        self._keyboard = _listener("keyboard", self._filter_key)

    def set_hotkeys(self, hotkeys: Mapping[str, Hotkey]) -> Mapping[str, HotkeyError]:
        """Catch `hotkeys` from now on; all can be had. Raises HotkeyError when the mouse's hook is needed and fails."""
        needs_mouse = any(hotkey.key in MOUSE_BUTTONS for hotkey in hotkeys.values())
        if needs_mouse and self._mouse is None:
            self._mouse = _listener("mouse", self._filter_button)
        with self._lock:
            self._matcher.set_hotkeys(hotkeys)
            self._opening = frozenset(name for name, hotkey in hotkeys.items() if hotkey.modifiers & _OPEN_MENUS)
        if not needs_mouse:
            _end(self._mouse)
            self._mouse = None
        return {}

    def held(self) -> frozenset[str]:
        """Which hotkeys are down, as far as can be told.

        Windows does not note the state of a key that a hook has kept to itself. But a locked screen shows, and a key
        that has begun to repeat does so until it goes up or another one goes down.
        """
        with self._lock:
            down = frozenset(self._down)
            repeats = self._repeats
        if not _is_our_desktop():
            return frozenset()
        if repeats is not None and time.monotonic() - repeats[1] > _REPEATS_STOP_S:
            return down - {repeats[0]}
        return down

    def settle(self) -> None:
        """Nothing to wait for: the hooks know injected events."""

    def stop(self) -> None:
        """Remove the hooks; idempotent, bounded."""
        # Known until they have ended: a held key repeats meanwhile, and is kept from the window.
        for listener in (self._keyboard, self._mouse):
            _end(listener)
        self._keyboard = self._mouse = None

    def _filter_key(self, message: int, data: Any) -> bool:
        pressed = message in PRESS_MESSAGES
        stroke = KeyStroke(data.vkCode, data.scanCode, pressed, bool(data.flags & self._injected_flags))
        if self._take(stroke, data.time):
            self._keyboard.suppress_event()  # raises, which pynput expects
        return False  # pynput need not find out which character this is

    def _filter_button(self, message: int, data: Any) -> bool:
        stroke = button_stroke(message, data)
        if stroke is not None and self._take(stroke, data.time):
            self._mouse.suppress_event()
        return False

    def _take(self, stroke: KeyStroke, time_ms: int) -> bool:
        """Tell of the stroke if it is a hotkey's, and whether it is."""
        with self._lock:
            name = self._matcher.name_of(stroke)
            if stroke.pressed and not stroke.injected:
                # Only the key that went down last repeats.
                self._repeats = (name, time.monotonic()) if name in self._down else None
            begins = stroke.pressed and name in self._opening - self._down.keys()
            if name and stroke.pressed:
                self._down[name] = stroke.vk
            elif name:
                self._down.pop(name, None)
        if begins:
            self._press_nothing()  # not under the lock: this hook sees it before it returns
        if name:
            self._on_key(HotkeyEvent(name, stroke.pressed, time_ms))
        return bool(name)


def virtual_keys(hotkey: Hotkey) -> tuple[int, ...]:
    """The keys of a hotkey in the order in which they are pressed."""
    modifiers = {name: vk for vk, name in reversed(_MODIFIERS.items())}  # the codes that mean left or right
    return (*(modifiers[name] for name in sorted(hotkey.modifiers)), _VIRTUAL_KEYS[hotkey.key])


def button_stroke(message: int, data: Any) -> KeyStroke | None:
    """An event of the mouse's hook as a stroke of one of the buttons that may be hotkeys; None for all others."""
    pressed = _BUTTON_PRESSES.get(message)
    if pressed is None:
        return None
    # The high word tells the first extra button from the second.
    vk = _MIDDLE_BUTTON + (data.mouseData >> 16 if message >= _FIRST_X_MESSAGE else 0)
    return KeyStroke(vk, 0, pressed, bool(data.flags & _MOUSE_INJECTED_FLAGS))


def _listener(kind: str, event_filter: Callable[[int, Any], bool]) -> Any:
    try:
        from pynput import keyboard, mouse
    except Exception as error:  # pynput lets its platform's own errors through
        raise HotkeyError(MessageCode.HOTKEY_UNAVAILABLE, detail=error) from error
    library = keyboard if kind == "keyboard" else mouse
    listener = library.Listener(win32_event_filter=event_filter)
    listener.start()
    listener.wait()
    return listener


def _end(listener: Any) -> None:
    if listener is not None:
        listener.stop()
        listener.join(_JOIN_TIMEOUT_S)


def _is_our_desktop() -> bool:
    """Whether keys come to the user's desktop, not to the lock screen or a question of the system."""
    if sys.platform != "win32":
        return True
    import ctypes

    user32 = ctypes.windll.user32
    user32.OpenInputDesktop.restype = ctypes.c_void_p
    desktop = user32.OpenInputDesktop(0, False, _DESKTOP_READOBJECTS)
    if not desktop:
        return False
    user32.CloseDesktop(ctypes.c_void_p(desktop))
    return True


def is_down(vk: int) -> bool:
    """Whether Windows has this key or button as held."""
    if sys.platform != "win32":
        return True
    import ctypes

    return bool(ctypes.windll.user32.GetAsyncKeyState(vk) & 0x8000)
