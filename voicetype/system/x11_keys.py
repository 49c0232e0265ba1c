"""Names of hotkeys on the X11 keyboard in use. May import: Xlib (lazily), `core`."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from voicetype.core.hotkeys import Hotkey, for_people
from voicetype.core.messages import HotkeyError, MessageCode

_CHARACTER_KEYCODES = range(9, 67)
"""Where keyboards have their characters. Programs that type map characters to spare keycodes outside of it."""
_QWERTY, _JCUKEN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`", "йцукенгшщзхъфывапролджэячсмитьбюё"
KEYSYM_NAMES = {
    **{"space": "space", "enter": "Return", "tab": "Tab", "backspace": "BackSpace", "esc": "Escape"},
    **{"insert": "Insert", "delete": "Delete", "home": "Home", "end": "End", "page_up": "Prior", "page_down": "Next"},
    **{"left": "Left", "right": "Right", "up": "Up", "down": "Down", "pause": "Pause", "scroll_lock": "Scroll_Lock"},
    **{"print_screen": "Print", "menu": "Menu", "caps_lock": "Caps_Lock", "num_lock": "Num_Lock"},
    **{f"f{number}": f"F{number}" for number in range(1, 25)},
}
_MODIFIER_KEYSYMS = {"alt": ("Alt_L", "Alt_R", "Meta_L"), "win": ("Super_L", "Super_R")}
_BUTTONS = {"mouse_middle": 2, "mouse4": 8, "mouse5": 9}
"""Numbers of mouse buttons; 4 to 7 are the wheel."""
_LOCKS = ("Num_Lock", "Scroll_Lock")
_MODIFIER_SYMBOLS = frozenset({*range(0xFFE1, 0xFFEF), *range(0xFE01, 0xFE14), 0xFF7E, 0xFF7F})
"""Shift to Hyper, ISO_Lock to ISO_Level5_Lock with the switches of layouts between, Mode_switch, Num_Lock."""
_SYMBOLS_PER_KEY = 4


class X11Keyboard:
    """Finds keycodes in what `display` knows of the keyboard's map. Used by one thread at a time, for one look."""

    def __init__(self, display: Any) -> None:
        self._display = display
        self._modifier_mapping: Sequence[Sequence[int]] | None = None

    def combinations(self, hotkey: Hotkey) -> frozenset[tuple[int, int]]:
        """All (keycode or button, modifiers) that are this hotkey, whatever lock is on. Raises HotkeyError."""
        keycode = _BUTTONS.get(hotkey.key) or self.keycode(hotkey.key)
        modifiers = [self._mask(name) for name in hotkey.modifiers]
        if not keycode or not all(modifiers):
            detail = f"this keyboard has no {for_people(hotkey)}"
            raise HotkeyError(MessageCode.HOTKEY_UNAVAILABLE, detail=detail)
        found = [mask for mask in (self._mask_of(lock) for lock in _LOCKS) if mask]
        locks = {_caps_lock(), *found} - set(modifiers)
        return frozenset(
            (keycode, sum(modifiers) | sum(on))
            for count in range(len(locks) + 1)
            for on in itertools.combinations(sorted(locks), count)
        )

    def keycode(self, key: str) -> int:
        """Keycode of a named key, 0 when the keyboard has none; a letter that it lacks is where ЙЦУКЕН has its own."""
        names = [key]
        if key in _QWERTY:
            names.append(_JCUKEN[_QWERTY.index(key)])
        for name in names:
            codes = sorted(code for code, _ in self._display.keysym_to_keycodes(keysym(name)))
            proper = [code for code in codes if code in _CHARACTER_KEYCODES]
            if proper:
                return int(proper[0])
            if codes and key in KEYSYM_NAMES:
                return int(codes[0])
        return 0

    def modifier_keys(self) -> frozenset[int]:
        """Keycodes that do nothing but modify or switch layouts, by their symbols: Caps Lock may be made an Escape."""
        info = self._display.display.info
        return frozenset(code for code in range(info.min_keycode, info.max_keycode + 1) if self._only_modifies(code))

    def _only_modifies(self, keycode: int) -> bool:
        symbols = {self._display.keycode_to_keysym(keycode, index) for index in range(_SYMBOLS_PER_KEY)} - {0}
        return bool(symbols) and symbols <= _MODIFIER_SYMBOLS

    def _mask(self, modifier: str) -> int:
        from Xlib import X

        fixed = {"ctrl": X.ControlMask, "shift": X.ShiftMask}
        if modifier in fixed:
            return int(fixed[modifier])
        return next((mask for mask in map(self._mask_of, _MODIFIER_KEYSYMS[modifier]) if mask), 0)

    def _mask_of(self, keysym_name: str) -> int:
        """Bit of the modifier that a key with this name is, 0 when it is none."""
        from Xlib import XK

        keycodes = {code for code, _ in self._display.keysym_to_keycodes(XK.string_to_keysym(keysym_name))}
        if self._modifier_mapping is None:
            self._modifier_mapping = self._display.get_modifier_mapping()
        return next((1 << index for index, codes in enumerate(self._modifier_mapping) if keycodes & set(codes)), 0)


def _caps_lock() -> int:
    from Xlib import X

    return int(X.LockMask)


def keysym(name: str) -> int:
    """The symbol that a key of this name has in a us layout, or a Russian one for a Cyrillic letter."""
    from Xlib import XK

    if name in KEYSYM_NAMES:
        return int(XK.string_to_keysym(KEYSYM_NAMES[name]))
    if name in _JCUKEN:
        # The old Cyrillic keysyms have the order of KOI8-R, and ё apart.
        return 0x06A3 if name == "ё" else 0x0600 + name.encode("koi8-r")[0]
    return ord(name)
