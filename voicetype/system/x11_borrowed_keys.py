"""Spare keycodes that lend themselves to characters under X11. Insertion thread or the typer's aftercare, not both.

A character that no key has is typed by giving it to a spare keycode. Doing that per character and taking it back is
what makes other programs type wrong letters: a target reads the map when it gets to the event, and by then the map has
changed again. So each character gets a keycode of its own (in every group and level, so that neither layout nor Shift
matters), and keeps it for some seconds after the typing. A target that reads the map late still reads the right one.
Free keycodes are few, so those of media keys (play, brightness and the like) are borrowed and given back.

Each change of the map makes every program of the desktop read it again (window managers take 50 ms for it), so
neighbouring keycodes are changed by one request, and the longest rows of spare keycodes are used first.

A program that switches layouts may put a whole new map in place of the present one, and with it take the characters
away. So the map is compared with what it should be before keys are pressed.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

REUSE_PAUSE_S = 2.0
"""Before a keycode gets another character, targets must have read all events of the old one."""
_MEDIA_KEYSYMS = range(0x1008_0000, 0x1009_0000)
"""Keysyms of XFree86's vendor range: the media keys."""
_OBEYED_KEYSYMS = frozenset(
    0x1008_FF00 | key for key in (0x18, 0x1B, 0x26, 0x27, 0x28, 0x29, 0x2E, 0x30, 0x56, 0x57, 0x58, 0x6D, 0x73)
)
"""Home page, search, back, forward, stop, refresh, WWW, favourites, close, copy, cut, paste, reload: Chromium obeys
these keys by their place on the keyboard, whatever character they have."""
_UNICODE_KEYSYM = 0x0100_0000
_LATIN_1 = 0x100
_SYMBOLS_PER_KEY = 4
"""Two groups of two levels; further groups wrap around to these."""


class BorrowedKeys:
    """Which keycode has which character. Methods raise Xlib's errors and OSError."""

    def __init__(self, display: Any) -> None:
        self._display = display
        self._keycode_of: dict[str, int] = {}  # the longest unused first
        self._originals: dict[int, tuple[int, ...]] = {}  # in the order of use
        self._written = set[int]()  # keycodes whose character the server has
        self._named: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._keycode_of)

    @property
    def room(self) -> int:
        """How many characters there can be at a time."""
        return len(self._originals)

    def look(self) -> None:
        """Read the server's map. What another map has wiped out keeps its key, but has to be written again."""
        first, last = self._display.display.info.min_keycode, self._display.display.info.max_keycode
        rows = self._display.get_keyboard_mapping(first, last - first + 1)
        mapping = dict(zip(range(first, last + 1), map(tuple, rows), strict=True))
        modifiers = {code for codes in self._display.get_modifier_mapping() for code in codes}
        spare = {code: row for code, row in mapping.items() if code not in modifiers and _is_spare(row)}
        there = {code for char, code in self._keycode_of.items() if _has(mapping[code], char)}
        self._written &= there
        own = [(symbol, code) for code, row in mapping.items() if code not in there for symbol in enumerate(row)]
        self._named = {symbol: code for (_, symbol), code in sorted(own, reverse=True) if symbol}
        # A target that lags behind reads the map late, so a character that comes back has to come back to its key.
        self._keycode_of = {char: code for char, code in self._keycode_of.items() if code in there or code in spare}
        spare |= {code: self._originals[code] for code in there}
        self._originals = {code: spare[code] for row in sorted(_rows(spare), key=len, reverse=True) for code in row}

    def named(self, name: str) -> int:
        """Keycode of an X name in the map that was read last, 0 when the keyboard has no such key."""
        from Xlib import XK

        return self._named.get(XK.string_to_keysym(name), 0)

    def keycode_of(self, char: str) -> int:
        """Keycode of an assigned character."""
        return self._keycode_of[char]

    def assign(self, chars: Iterable[str], reuse_pause_s: float = REUSE_PAUSE_S) -> bool:
        """Give each of the characters a key, no more than `room` of them; whether the map was changed for it."""
        wanted = dict.fromkeys(chars)
        missing = [char for char in wanted if char not in self._keycode_of]
        used = {char: self._keycode_of[char] for char in wanted if char in self._keycode_of}
        unused = {char: code for char, code in self._keycode_of.items() if char not in wanted}
        free = [code for code in self._originals if code not in self._keycode_of.values()]
        if len(missing) > len(free):
            time.sleep(reuse_pause_s)
            longest_unused = list(unused)[: len(missing) - len(free)]
            free += [unused.pop(char) for char in longest_unused]
        assigned = dict(zip(missing, free, strict=False))
        self._keycode_of = unused | used | assigned
        self._written -= set(assigned.values())
        new = {code: char for char, code in (used | assigned).items() if code not in self._written}
        self._write({code: (keysym(char),) * _SYMBOLS_PER_KEY for code, char in new.items()})
        self._written |= set(new)
        return bool(new)

    def are_there(self, chars: Iterable[str]) -> bool:
        """Whether the server's map still has the characters where they were assigned."""
        where = {self._keycode_of[char]: char for char in chars}
        if not where:
            return True
        first, last = min(where), max(where)
        rows = self._display.get_keyboard_mapping(first, last - first + 1)
        return all(_has(rows[code - first], char) for code, char in where.items())

    def give_back(self) -> None:
        """Take the characters back from the keys that still have them."""
        self.look()
        self._write({code: self._originals[code] for code in self._written})
        self._keycode_of.clear()
        self._written.clear()

    def _write(self, symbols: Mapping[int, tuple[int, ...]]) -> None:
        for row in _rows(symbols):
            self._display.change_keyboard_mapping(row[0], [symbols[keycode] for keycode in row])
        self._display.sync()


def keysym(char: str) -> int:
    """The X name of a character, as a number."""
    code = ord(char)
    return code if code < _LATIN_1 else _UNICODE_KEYSYM | code


def _is_spare(symbols: Sequence[int]) -> bool:
    return all(symbol == 0 or symbol in _MEDIA_KEYSYMS for symbol in symbols) and not _OBEYED_KEYSYMS & set(symbols)


def _has(symbols: Sequence[int], char: str) -> bool:
    return set(symbols[:_SYMBOLS_PER_KEY]) <= {keysym(char), 0} and symbols[0] == keysym(char)


def _rows(keycodes: Iterable[int]) -> list[list[int]]:
    """`keycodes` in rows of neighbours."""
    rows: list[list[int]] = []
    for code in sorted(keycodes):
        if rows and rows[-1][-1] == code - 1:
            rows[-1].append(code)
        else:
            rows.append([code])
    return rows
