"""Hotkeys as people write them: "Ctrl+Alt+Space". Pure; any thread."""

from __future__ import annotations

from dataclasses import dataclass

from voicetype.core.messages import HotkeyError, MessageCode

MODIFIERS = ("ctrl", "alt", "shift", "win")
"""In the order in which people write them."""
_MODIFIER_NAMES = {
    **{name: name for name in MODIFIERS},
    **{"control": "ctrl", "option": "alt", "super": "win", "meta": "win", "cmd": "win", "windows": "win"},
}
_QWERTY, _JCUKEN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`", "йцукенгшщзхъфывапролджэячсмитьбюё"
_NAMED = {
    **{name: name for name in ("space", "insert", "pause", "scroll_lock", "home", "end", "page_up", "page_down")},
    **{name: name for name in ("delete", "esc", "tab", "enter", "backspace", "print_screen", "menu", "caps_lock")},
    **{name: name for name in ("num_lock", "left", "right", "up", "down")},
    **{"escape": "esc", "return": "enter", "del": "delete", "ins": "insert", "pgup": "page_up", "pgdn": "page_down"},
    **{f"f{number}": f"f{number}" for number in range(1, 25)},
}
_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-=[]\\;',./`")
_BARE = frozenset({"insert", "pause", "scroll_lock", "print_screen", "menu", *(f"f{n}" for n in range(1, 25))})
"""Keys that type nothing, so that they may be a hotkey alone."""


@dataclass(frozen=True)
class Hotkey:
    """A combination: modifiers out of MODIFIERS and one key in lower case, a letter by its place on a us keyboard."""

    modifiers: frozenset[str]
    key: str


def parse_hotkey(text: str) -> Hotkey:
    """Read "Ctrl+Alt+Space", "<ctrl>+<alt>+<space>" or the like.

    Raises HotkeyError: HOTKEY_INVALID, or HOTKEY_NEEDS_MODIFIER for a key that types something.
    """
    names = [part.strip().strip("<>").lower().replace(" ", "_") for part in text.split("+")]
    if text.rstrip().endswith("++"):
        names = [*names[:-2], "="]  # the plus key is the equals key
    modifiers = [_MODIFIER_NAMES[name] for name in names if name in _MODIFIER_NAMES]
    keys = [_key(name) for name in names if name not in _MODIFIER_NAMES]
    if len(keys) != 1 or not keys[0] or len(set(modifiers)) != len(modifiers):
        raise HotkeyError(MessageCode.HOTKEY_INVALID, hotkey=text)
    if not set(modifiers) - {"shift"} and keys[0] not in _BARE:
        raise HotkeyError(MessageCode.HOTKEY_NEEDS_MODIFIER, hotkey=text)
    return Hotkey(frozenset(modifiers), keys[0])


def canonical(hotkey: Hotkey) -> str:
    """As the settings file has it: "ctrl+alt+space"."""
    return "+".join([*_in_order(hotkey), hotkey.key])


def for_people(hotkey: Hotkey) -> str:
    """As people read it: "Ctrl+Alt+Space"."""
    parts = [*_in_order(hotkey), hotkey.key]
    return "+".join(" ".join(word.capitalize() for word in part.split("_")) for part in parts)


def _in_order(hotkey: Hotkey) -> list[str]:
    return [name for name in MODIFIERS if name in hotkey.modifiers]


def _key(name: str) -> str:
    """The key's name, "" when there is no such key."""
    if name in _NAMED:
        return _NAMED[name]
    if len(name) == 1 and name in _JCUKEN:
        return _QWERTY[_JCUKEN.index(name)]
    return name if name in _CHARACTERS else ""
