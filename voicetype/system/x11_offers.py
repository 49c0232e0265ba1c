"""Hands out what this program owns of X11's selections. The link's thread; may import Xlib (lazily).

Each request tells who asks. Clocks matter too: a program that pastes slowly asks with the time of the key press, so it
is given what the selection held at that time, and not what was put back since.
"""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from voicetype.system.x11_contents import Contents
from voicetype.system.x11_link import Piece, X11Link

_PART_BYTES = 64 * 1024
"""What is larger goes in parts of this size; the server takes four times as much in one request."""
_PART_TIMEOUT_S = 60.0
"""A program that has not asked for the next part by then does not want it."""
_PAST_S = 30.0
"""How long a request may come late and still get what was there at its time."""
_CLOCK_MODULUS = 2**32


@dataclass(frozen=True)
class Offer:
    """Contents on a selection.

    Attributes:
        contents: what is handed out.
        since: server's time from which on it is there.
        on_read: for contents that are lent: called with the requestor's window and the target when it has been given
            what it asked for, which may be the list of formats only (TARGETS).
    """

    contents: Contents
    since: int
    on_read: Callable[[int, int], None] | None = None


@dataclass
class _Stack:
    """What a selection holds and held."""

    now: Offer
    acquired: int
    past: list[tuple[float, Offer]] = field(default_factory=list)


@dataclass
class _Transfer:
    piece: Piece
    told: Callable[[], None]
    sent: int = 0
    asked_at: float = 0.0


class X11Offers:
    """Owns selections and answers for them."""

    def __init__(self, link: X11Link) -> None:
        from Xlib import X

        self._link = link
        self._stacks: dict[int, _Stack] = {}
        self._transfers: dict[tuple[int, int], _Transfer] = {}
        self._listening = contextlib.ExitStack()
        for kind, see in (
            (X.SelectionRequest, self._on_request),
            (X.SelectionClear, self._on_clear),
            (X.PropertyNotify, self._on_property),
        ):
            self._listening.enter_context(link.listening(kind, see))
        self.lost: Callable[[int], None] = lambda selection: None
        """Called with a selection that somebody else has taken."""

    def offered(self, selection: int) -> Offer | None:
        """What this program offers; None when the selection is not its own."""
        stack = self._stacks.get(selection)
        return stack.now if stack is not None else None

    def take(self, selection: int, offer: Offer, at: int) -> bool:
        """Own the selection, unless somebody else has taken it since the server's time `at`; tells whether."""
        before = self._stacks.get(selection)
        self._stacks[selection] = stack = _Stack(offer, at, self._past(before) if before else [])
        self._link.window.set_selection_owner(selection, at)
        if self._link.owner(selection) == self._link.window.id:
            return True
        if self._stacks.get(selection) is stack:
            del self._stacks[selection]
        return False

    def change(self, selection: int, offer: Offer) -> bool:
        """Offer something else, if the selection is still this program's own; others are told. Tells whether.

        The server ignores a claim that is older than the owner's, so nobody's contents can be taken by this.
        """
        stack = self._stacks.get(selection)
        return stack is not None and self.take(selection, offer, stack.acquired)

    def clear(self, selection: int) -> None:
        """Let the selection be empty, if it is still this program's own."""
        from Xlib import X
        from Xlib.protocol import request

        stack = self._stacks.pop(selection, None)
        if stack is not None:
            request.SetSelectionOwner(
                display=self._link.display.display, window=X.NONE, selection=selection, time=stack.acquired
            )

    def close(self) -> None:
        """Answer no more."""
        self._listening.close()

    def _past(self, stack: _Stack) -> list[tuple[float, Offer]]:
        now = time.monotonic()
        return [*(entry for entry in stack.past if now - entry[0] < _PAST_S), (now, stack.now)]

    def _at(self, stack: _Stack, asked: int) -> Offer:
        """What was lent at the server's time `asked`, else what the selection holds now."""
        if stack.now.on_read is not None or not asked or not _earlier(asked, stack.now.since):
            return stack.now
        now = time.monotonic()
        found = [offer for ended, offer in stack.past if now - ended < _PAST_S and not _earlier(asked, offer.since)]
        return found[-1] if found and found[-1].on_read is not None else stack.now

    def _on_clear(self, event: Any) -> None:
        # Also comes late, for a selection that has been taken again.
        if event.atom in self._stacks and self._link.owner(event.atom) != self._link.window.id:
            del self._stacks[event.atom]
            self.lost(event.atom)

    def _on_request(self, event: Any) -> None:
        with contextlib.suppress(*_refusals()):
            self._answer(event)

    def _answer(self, event: Any) -> None:
        from Xlib.protocol import event as events

        requestor = event.requestor.id
        place = event.property or event.target  # programs of old times do not name one
        stack = self._stacks.get(event.selection)
        given: list[Callable[[], None]] = []
        done = stack is not None and self._give(stack, event.time, requestor, event.target, place, given)
        notify = events.SelectionNotify(
            time=event.time,
            requestor=requestor,
            selection=event.selection,
            target=event.target,
            property=place if done else 0,
        )
        self._link.display.send_event(requestor, notify)
        self._link.display.flush()
        for tell in given:
            tell()

    def _give(
        self, stack: _Stack, asked: int, requestor: int, target: int, place: int, given: list[Callable[[], None]]
    ) -> bool:
        """Write what is asked for into the requestor's property; False when it cannot be had."""
        link, offer = self._link, self._at(stack, asked)
        if target == link.atom("MULTIPLE"):
            return self._give_each(stack, asked, requestor, place, given)
        if target == link.atom("TARGETS"):
            names = ("TARGETS", "MULTIPLE", "TIMESTAMP")
            self._write(requestor, place, numbers(link, [*map(link.atom, names), *offer.contents]))
            given.append(self._reading(offer, target, requestor))
        elif target == link.atom("TIMESTAMP"):
            stamp = stack.acquired.to_bytes(4, _byte_order())
            self._write(requestor, place, Piece(link.atom("INTEGER"), 32, stamp))
        elif target in offer.contents:
            told = self._reading(offer, target, requestor)
            if self._send(requestor, place, offer.contents[target], told):
                given.append(told)
        else:
            return False
        return True

    def _give_each(
        self, stack: _Stack, asked: int, requestor: int, place: int, given: list[Callable[[], None]]
    ) -> bool:
        """Several targets at once: pairs of target and property, in which what cannot be had becomes 0."""
        piece = self._link.property(requestor, place)
        if piece is None or piece.width != 32:
            return False
        pairs = list(memoryview(piece.data).cast("I"))
        multiple = self._link.atom("MULTIPLE")
        for index in range(0, len(pairs) - 1, 2):
            target, where = pairs[index], pairs[index + 1]
            if target == multiple or not where or not self._give(stack, asked, requestor, target, where, given):
                pairs[index + 1] = 0
        self._write(requestor, place, Piece(self._link.atom("ATOM_PAIR"), 32, _packed(pairs)))
        return True

    def _reading(self, offer: Offer, target: int, requestor: int) -> Callable[[], None]:
        on_read = offer.on_read
        return (lambda: None) if on_read is None else (lambda: on_read(requestor, target))

    def _send(self, requestor: int, place: int, piece: Piece, told: Callable[[], None]) -> bool:
        """Write contents; False when they go in parts, whose end is `told`."""
        from Xlib import X

        if len(piece.data) <= _PART_BYTES:
            self._write(requestor, place, piece)
            return True
        window = self._link.display.create_resource_object("window", requestor)
        window.change_attributes(event_mask=X.PropertyChangeMask)
        self._transfers[requestor, place] = _Transfer(piece, told, asked_at=time.monotonic())
        size = len(piece.data).to_bytes(4, _byte_order())
        self._write(requestor, place, Piece(self._link.atom("INCR"), 32, size))
        return False

    def _on_property(self, event: Any) -> None:
        from Xlib import X

        key = event.window.id, event.atom
        transfer = self._transfers.get(key)
        if transfer is None or event.state != X.PropertyDelete:
            return
        now = time.monotonic()
        for old in [old for old, other in self._transfers.items() if now - other.asked_at > _PART_TIMEOUT_S]:
            del self._transfers[old]
        transfer.asked_at = now
        part = transfer.piece.data[transfer.sent : transfer.sent + _PART_BYTES]
        transfer.sent += len(part)
        self._write(*key, Piece(transfer.piece.kind, transfer.piece.width, part))
        self._link.display.flush()
        if not part:
            self._transfers.pop(key, None)
            transfer.told()

    def _write(self, requestor: int, place: int, piece: Piece) -> None:
        window = self._link.display.create_resource_object("window", requestor)
        window.change_property(place, piece.kind, piece.width, piece.data)


def numbers(link: X11Link, atoms: Sequence[int]) -> Piece:
    """A list of atoms as a property."""
    return Piece(link.atom("ATOM"), 32, _packed(atoms))


def _packed(values: Sequence[int]) -> bytes:
    return b"".join(int(value).to_bytes(4, _byte_order()) for value in values)


def _byte_order() -> Literal["little", "big"]:
    return sys.byteorder


def _earlier(time: int, than: int) -> bool:
    return 0 < (than - time) % _CLOCK_MODULUS < _CLOCK_MODULUS // 2


def _refusals() -> tuple[type[Exception], ...]:
    """What one bad request may raise without being the end of the connection."""
    from Xlib.error import XError

    return (XError,)
