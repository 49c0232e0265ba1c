"""Hotkeys as people write them ("Ctrl+Alt+Space", "Mouse4"), and what they are for. Pure; any thread."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from voicetype.core.messages import HotkeyError, MessageCode


class Action(enum.StrEnum):
    """What a hotkey can be for; the values are the names in the settings."""

    TOGGLE = "toggle"
    """A press starts dictation, the next one stops it."""
    PUSH_TO_TALK = "push_to_talk"
    """Dictation lasts as long as it is held."""
    HOLD_OR_TAP = "hold_or_tap"
    """Held it is push-to-talk, tapped it is a toggle."""
    CANCEL = "cancel"
    """Ends a dictation without a text. Alive only while somebody dictates, so that it may be a key like Esc."""
    INSERT_AGAIN = "insert_again"
    """Inserts the last text once more."""
    UNDO_LAST = "undo_last"
    """Takes the last insertion back."""
    COPY_LAST = "copy_last"
    """Copies the last text."""


BEGINNING = (Action.TOGGLE, Action.PUSH_TO_TALK, Action.HOLD_OR_TAP)
"""Those that begin a dictation."""
HELD = frozenset({Action.PUSH_TO_TALK, Action.HOLD_OR_TAP})
"""Those whose release says something; of the others the press does."""
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
    **{"mouse_middle": "mouse_middle", "middle": "mouse_middle", "mouse3": "mouse_middle", "mouse_3": "mouse_middle"},
    **{"mouse4": "mouse4", "mouse_4": "mouse4", "mouse_back": "mouse4"},
    **{"mouse5": "mouse5", "mouse_5": "mouse5", "mouse_forward": "mouse5"},
}
MOUSE_BUTTONS = frozenset({"mouse_middle", "mouse4", "mouse5"})
"""The wheel's button, back and forward. Right and left are everybody's."""
_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-=[]\\;',./`")
_BARE = frozenset(
    {
        *("insert", "pause", "scroll_lock", "print_screen", "menu", "mouse4", "mouse5"),
        *(f"f{number}" for number in range(1, 25)),
    }
)
"""Keys and buttons that nobody needs all the time, so that they may be a hotkey alone."""


@dataclass(frozen=True)
class Hotkey:
    """A combination: modifiers out of MODIFIERS and one key in lower case, a letter by its place on a us keyboard.

    The key may be one of MOUSE_BUTTONS.
    """

    modifiers: frozenset[str]
    key: str


def parse_hotkey(text: str, *, bare: bool = False) -> Hotkey:
    """Read "Ctrl+Alt+Space", "<ctrl>+<alt>+<space>", "Mouse4" or the like.

    `bare` allows all keys that write no character alone, such as Esc: for a hotkey that lives for moments only.
    Raises HotkeyError: HOTKEY_INVALID, or HOTKEY_NEEDS_MODIFIER for a key that people need for other things.
    """
    names = [part.strip().strip("<>").lower().replace(" ", "_") for part in text.split("+")]
    if text.rstrip().endswith("++"):
        names = [*names[:-2], "="]  # the plus key is the equals key
    modifiers = [_MODIFIER_NAMES[name] for name in names if name in _MODIFIER_NAMES]
    keys = [_key(name) for name in names if name not in _MODIFIER_NAMES]
    if len(keys) != 1 or not keys[0] or len(set(modifiers)) != len(modifiers):
        raise HotkeyError(MessageCode.HOTKEY_INVALID, hotkey=text)
    allowed = _BARE if not bare else frozenset(_NAMED.values()) - {"space"}
    # The wheel's button pastes, and with Shift it does so in terminals.
    if not set(modifiers) - {"shift"} and keys[0] not in allowed:
        raise HotkeyError(MessageCode.HOTKEY_NEEDS_MODIFIER, hotkey=text)
    return Hotkey(frozenset(modifiers), keys[0])


def parse_for(action: str, text: str) -> Hotkey:
    """Read the hotkey of an action; see `parse_hotkey`. The error names the action too."""
    try:
        return parse_hotkey(text, bare=action == Action.CANCEL)
    except HotkeyError as error:
        raise of_action(error, action) from error


def of_action(error: HotkeyError, action: str) -> HotkeyError:
    """The same error with the action that it concerns."""
    message = error.message
    params: Mapping[str, object] = {**message.params, "action": str(action)}
    return HotkeyError(message.code, message.level, **params)


def check_hotkeys(hotkeys: Mapping[str, str]) -> Mapping[str, HotkeyError]:
    """What is wrong with hotkeys by action, "" being none. Pure: what other programs hold is not known here.

    HOTKEY_INVALID, HOTKEY_NEEDS_MODIFIER, HOTKEY_TWICE (at the later of two) or, at the first way to begin a dictation,
    HOTKEY_MISSING when there is none.
    """
    problems: dict[str, HotkeyError] = {}
    owners: dict[Hotkey, str] = {}
    for action, text in hotkeys.items():
        if not text:
            continue
        try:
            hotkey = parse_for(action, text)
        except HotkeyError as error:
            problems[action] = error
            continue
        if hotkey in owners:
            problems[action] = HotkeyError(
                MessageCode.HOTKEY_TWICE, hotkey=for_people(hotkey), action=action, other=owners[hotkey]
            )
        owners.setdefault(hotkey, action)
    if not any(hotkeys.get(action) for action in BEGINNING):
        problems[BEGINNING[0]] = HotkeyError(MessageCode.HOTKEY_MISSING, action=BEGINNING[0])
    return problems


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
