"""What X11 selections hold: read whole from others, or made from a text. The link's thread; may import `core`."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Mapping
from typing import Any

from voicetype.system.clipboard_lending import SlowOwner
from voicetype.system.x11_link import Piece, X11Link

Contents = Mapping[int, Piece]
"""What a selection holds: by target atom what is handed out for it. Empty when nobody owns it."""

TEXT_TARGETS = ("UTF8_STRING", "text/plain;charset=utf-8", "text/plain", "TEXT")
"""Names under which programs ask for text that is not Latin-1 alone."""
SECRET_HINT = "x-kde-passwordManagerHint"
"""Contents with this format, which says "secret", are left out by Klipper, CopyQ, GPaste and others."""
NO_CONTENTS = frozenset(
    {
        *("TARGETS", "MULTIPLE", "TIMESTAMP", "SAVE_TARGETS"),
        *("DELETE", "INSERT_SELECTION", "INSERT_PROPERTY"),  # these would change the other program's text
    }
)
"""Targets that are no format of the contents."""
_ENCODINGS_S = 0.2
_OLD_TEXT_TARGETS = ("UTF8_STRING", "STRING")
"""For programs that do not tell what they offer."""


def text_contents(link: X11Link, text: str, *, secret: bool = False) -> Contents:
    """What is handed out for a text; a `secret` one asks clipboard managers to forget it."""
    data = text.encode("utf-8", "replace")
    kinds = {name: "UTF8_STRING" if name == "TEXT" else name for name in TEXT_TARGETS}
    contents = {link.atom(name): Piece(link.atom(kind), 8, data) for name, kind in kinds.items()}
    if text.isascii() or all(ord(char) < 256 for char in text):
        # Only then: with question marks in place of letters it would be another text.
        contents[link.atom("STRING")] = Piece(link.atom("STRING"), 8, text.encode("latin-1"))
    if secret:
        hint = link.atom(SECRET_HINT)
        contents[hint] = Piece(hint, 8, b"secret")
    return contents


class X11Reader:
    """Asks other programs for what they offer."""

    def __init__(self, link: X11Link) -> None:
        self._link = link
        self._property = link.atom("_VOICETYPE_CONTENTS")
        self._incr = link.atom("INCR")

    def read(self, selection: int, at: int, deadline: float) -> Contents:
        """Everything that a selection's owner offers, asked at the server's time `at`. Raises SlowOwner.

        Formats that it offers but does not give are left out: nobody could have them. So are further encodings of a
        picture that do not come soon: programs offer a dozen, and make each when it is asked for.
        """
        offered = self._offered(selection, at, deadline)
        found: dict[int, Piece | None] = {}
        further = self._further_encodings(offered)
        for target in offered:
            if target not in further:
                found[target] = self._convert(selection, target, at, deadline)
        soon = min(deadline, time.monotonic() + _ENCODINGS_S)
        with contextlib.suppress(SlowOwner):
            for target in further:
                found[target] = self._convert(selection, target, at, soon)
        return {target: piece for target in offered if (piece := found.get(target)) is not None}

    def _offered(self, selection: int, at: int, deadline: float) -> list[int]:
        link = self._link
        targets = self._convert(selection, link.atom("TARGETS"), at, deadline)
        if targets is None or targets.width != 32:
            return [link.atom(name) for name in _OLD_TEXT_TARGETS]
        no_contents = {link.atom(name) for name in NO_CONTENTS}
        numbers = [int(number) for number in memoryview(targets.data).cast("I")]
        return [number for number in dict.fromkeys(numbers) if number and number not in no_contents]

    def _further_encodings(self, offered: list[int]) -> list[int]:
        png = self._link.atom("image/png")
        if png not in offered:
            return []
        names = {number: str(self._link.display.get_atom_name(number)) for number in offered}
        return [number for number, name in names.items() if name.startswith("image/") and number != png]

    def _convert(self, selection: int, target: int, at: int, deadline: float) -> Piece | None:
        """What is given for a target; None when that is refused."""
        from Xlib import X

        # A window for each question: a late answer to an earlier one is not taken for this one's.
        window = self._link.make_window()
        answers: list[int] = []
        changes: list[int] = []

        def answered(event: Any) -> None:
            if event.requestor == window:
                answers.append(int(event.property))

        def changed(event: Any) -> None:
            if event.window == window and event.state == X.PropertyNewValue:
                changes.append(int(event.atom))

        with self._link.listening(X.SelectionNotify, answered), self._link.listening(X.PropertyNotify, changed):
            window.convert_selection(selection, target, self._property, at)
            self._wait(answers, deadline)
            piece = self._link.property(window.id, self._property) if answers[0] else None
            if piece is not None and piece.kind == self._incr:
                piece = self._in_parts(window, changes, deadline)
        window.destroy()
        return piece

    def _in_parts(self, window: Any, changes: list[int], deadline: float) -> Piece:
        """Contents that come in several properties, one after the other; an empty one ends them."""
        changes.clear()  # the one that told that they will
        data = bytearray()
        while True:
            self._wait(changes, deadline)
            changes.clear()
            part = self._link.property(window.id, self._property)
            if part is None:
                continue
            if not part.data:
                return Piece(part.kind, part.width, bytes(data))
            data += part.data

    def _wait(self, told: list[int], deadline: float) -> None:
        if not self._link.pump(lambda: bool(told), deadline) or time.monotonic() > deadline:
            raise SlowOwner
