"""The clipboard under X11, lent by its owner. May import: Xlib (lazily), `core`.

Both selections are lent: terminals paste the primary one by the same keys by which other windows paste the clipboard.
What counts as the receipt is that the program which had the focus when the chord was pressed has been given the text.
Clipboard managers read it too, before and after, and count for nothing.

The contents that come back are this program's from then on, since their owner has lost them. When the program ends, a
clipboard manager is asked to take over what is there. When it crashes, the clipboard is empty: it never holds something
else than what was copied last.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from voicetype.system.clipboard_lending import RECEIPT_TIMEOUT_S, SETTLE_S, ClipboardLoan, LendingClipboard
from voicetype.system.x11_contents import SECRET_HINT, Contents, X11Reader, text_contents
from voicetype.system.x11_link import X11Link, lost_errors
from voicetype.system.x11_offers import Offer, X11Offers, numbers

_MANAGER_TIMEOUT_S = 3.0


@dataclass(frozen=True)
class SavedSelections:
    """Old contents.

    Attributes:
        since: server's time from before they were read.
        contents: by selection.
    """

    since: int
    contents: Mapping[int, Contents]


class X11Clipboard(LendingClipboard[SavedSelections]):
    """`Clipboard` under X11."""

    def __init__(self, receipt_timeout_s: float = RECEIPT_TIMEOUT_S, settle_s: float = SETTLE_S) -> None:
        """Raises `lost_errors()` when there is no server."""
        super().__init__(X11Board(), receipt_timeout_s, settle_s)


class X11Board:
    """`Board` under X11. Making it raises `lost_errors()` when there is no server."""

    def __init__(self) -> None:
        self.errors = lost_errors()
        self._loan: ClipboardLoan[SavedSelections] | None = None
        self._link = X11Link()
        self._reader = X11Reader(self._link)
        self._offers = X11Offers(self._link)
        self._offers.lost = self._on_lost
        self._clipboard = self._link.atom("CLIPBOARD")
        self._selections = (self._clipboard, self._link.atom("PRIMARY"))
        self._no_text = {self._link.atom(name) for name in ("TARGETS", SECRET_HINT)}
        self._clients: frozenset[int] = frozenset()
        self._processes: frozenset[int] = frozenset()

    def wake(self) -> None:
        """See `Board`."""
        self._link.wake()

    def begin(self) -> None:
        """Nothing to begin with."""

    def wait(self, done: Callable[[], bool], deadline: float | None) -> bool:
        """See `Board`."""
        self._link.settle_events()
        return self._link.pump(done, deadline)

    def note_focus(self) -> bool:
        """See `Board`."""
        self._link.settle_events()
        self._clients = self._link.focused_clients()
        self._processes = frozenset(map(self._link.process, self._clients)) - {0}
        return bool(self._clients)

    def save(self, deadline: float) -> SavedSelections:
        """See `Board`."""
        since = self._link.time()
        return SavedSelections(
            since, {selection: self._saved(selection, since, deadline) for selection in self._selections}
        )

    def take(self, loan: ClipboardLoan[SavedSelections]) -> bool:
        """See `Board`."""

        def on_read(requestor: int, target: int) -> None:
            # A look at the formats is no receipt, but after one it tells that the window is still at it.
            counts = target not in self._no_text or loan.taken_at is not None
            if loan.armed and counts and self._is_focused(requestor):
                loan.was_read()

        self._loan, since = loan, loan.saved.since
        offer = Offer(text_contents(self._link, loan.text, secret=True), since, on_read)
        if all(self._offers.take(selection, offer, since) for selection in self._selections):
            return True
        self.restore(loan.saved)
        return False

    def restore(self, saved: SavedSelections) -> bool:
        """See `Board`."""
        since = self._link.time()
        for selection in self._selections:
            if saved.contents[selection]:
                self._offers.change(selection, Offer(saved.contents[selection], since))
            else:
                self._offers.clear(selection)
        self._link.display.flush()
        return True

    def keep(self, text: str) -> bool:
        """See `Board`."""
        offer = self._plain(text)
        # The chord may still be on its way: what comes for it gets the text from either selection.
        kept = [selection for selection in self._selections if self._offers.change(selection, offer)]
        return self._clipboard in kept

    def put(self, text: str) -> bool:
        """See `Board`."""
        offer = self._plain(text)
        return self._offers.take(self._clipboard, offer, offer.since)

    def leave(self) -> None:
        """See `Board`."""
        with contextlib.suppress(*lost_errors()):
            if (offer := self._offers.offered(self._clipboard)) is not None:
                self._hand_over(offer.contents)
        self._link.close()

    def _plain(self, text: str) -> Offer:
        return Offer(text_contents(self._link, text), self._link.time())

    def _saved(self, selection: int, at: int, deadline: float) -> Contents:
        if (offer := self._offers.offered(selection)) is not None:
            return offer.contents
        return self._reader.read(selection, at, deadline) if self._link.owner(selection) else {}

    def _is_focused(self, requestor: int) -> bool:
        client = self._link.client(requestor)
        return client in self._clients or self._link.process(client) in self._processes

    def _on_lost(self, selection: int) -> None:
        if self._loan is not None and not any(map(self._offers.offered, self._selections)):
            self._loan.over.set()

    def _hand_over(self, contents: Contents) -> None:
        """Let the clipboard manager, if there is one, keep the contents beyond this program's end (SAVE_TARGETS)."""
        from Xlib import X

        link = self._link
        manager, save, place = (link.atom(name) for name in ("CLIPBOARD_MANAGER", "SAVE_TARGETS", "_VOICETYPE_SAVE"))
        if not link.owner(manager):
            return
        answers: list[Any] = []

        def see(event: Any) -> None:
            if event.selection == manager:
                answers.append(event)

        wanted = numbers(link, list(contents))
        with link.listening(X.SelectionNotify, see):
            link.window.change_property(place, wanted.kind, wanted.width, wanted.data)
            link.window.convert_selection(manager, save, place, link.time())
            link.pump(lambda: bool(answers), time.monotonic() + _MANAGER_TIMEOUT_S)
