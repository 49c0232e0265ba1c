"""The clipboard under X11, owned by a thread of its own. Any thread but where told; may import: Xlib (lazily), `core`.

Both selections are lent: terminals paste the primary one by the same keys by which other windows paste the clipboard.
What counts as the receipt is that the program which had the focus when the chord was pressed has been given the text.
Clipboard managers read it too, before and after, and count for nothing.

The contents that come back are this program's from then on, since their owner has lost them. When the program ends, a
clipboard manager is asked to take over what is there. When it crashes, the clipboard is empty: it never holds something
else than what was copied last.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any, TypeVar

from loguru import logger

from voicetype.core.messages import InsertionError, MessageCode
from voicetype.system.x11_contents import SECRET_HINT, Contents, SlowOwner, X11Reader, text_contents
from voicetype.system.x11_link import X11Link, lost_errors
from voicetype.system.x11_offers import Offer, X11Offers, numbers

T = TypeVar("T")

RECEIPT_TIMEOUT_S = 8.0
"""A window that has not asked by then does not take the paste; a busy one may need some seconds."""
SETTLE_S = 1.0
"""Without a further request for so long the window has what it wants; some ask for several formats."""
_SAVE_TIMEOUT_S = 1.0
"""For everything that the clipboard holds."""
_MOST_SETTLE_S = 5.0
"""A window that reads again and again does not keep the clipboard for longer."""
_ANSWER_TIMEOUT_S = _SAVE_TIMEOUT_S + _MOST_SETTLE_S + 4.0
_MANAGER_TIMEOUT_S = 3.0
_ATTEMPTS = 2
"""Of taking the clipboard, when somebody else copies at that very moment."""


class X11Loan:
    """`Loan` under X11. What it remembers belongs to the clipboard's thread."""

    def __init__(self, board: X11Clipboard, text: str) -> None:
        self.text = text
        self.saved: Mapping[int, Contents] = {}
        self.clients: frozenset[int] = frozenset()
        self.processes: frozenset[int] = frozenset()
        self.over = threading.Event()
        self.taken_at: float | None = None
        self._board = board

    def arm(self) -> None:
        """See `Loan`."""
        self._board.run(lambda: self._board.arm(self))

    def wait_taken(self) -> None:
        """See `Loan`."""
        self.over.wait(self._board.receipt_timeout_s)
        self._board.run(lambda: self._board.finish(self))


class X11Clipboard:
    """`Clipboard` under X11.

    Methods from `arm` on run in its own thread.
    """

    def __init__(self, receipt_timeout_s: float = RECEIPT_TIMEOUT_S, settle_s: float = SETTLE_S) -> None:
        """Raises `lost_errors()` when there is no server."""
        self.receipt_timeout_s = receipt_timeout_s
        self._settle_s = settle_s
        self._link = X11Link()
        self._reader = X11Reader(self._link)
        self._offers = X11Offers(self._link)
        self._offers.lost = self._on_lost
        self._clipboard = self._link.atom("CLIPBOARD")
        self._selections = (self._clipboard, self._link.atom("PRIMARY"))
        self._hint = self._link.atom(SECRET_HINT)
        self._jobs: list[Callable[[], None]] = []
        self._loan: X11Loan | None = None
        self._back_at: float | None = None
        self._ended = False
        self._thread = threading.Thread(target=self._serve, name="clipboard")
        self._thread.start()

    def copy(self, text: str) -> None:
        """See `Clipboard`."""
        self.run(lambda: self._copy(text))

    def lend(self, text: str) -> X11Loan | None:
        """See `Clipboard`."""
        return self.run(lambda: self._lend(text))

    def close(self) -> None:
        """See `Clipboard`."""
        if self._thread.is_alive():
            with contextlib.suppress(InsertionError):
                self.run(self._end)
            self._thread.join()

    def run(self, work: Callable[[], T]) -> T:
        """Do `work` in the clipboard's thread. Raises what it raises, and InsertionError when the server is gone."""
        future: Future[T] = Future()

        def job() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                future.set_result(work())
            except InsertionError as error:
                future.set_exception(error)
            except lost_errors() as error:
                future.set_exception(error)

        self._jobs.append(job)
        self._link.wake()
        try:
            if not self._thread.is_alive() and not future.done():
                raise TimeoutError
            return future.result(_ANSWER_TIMEOUT_S)
        except lost_errors() as error:  # TimeoutError is one of them
            future.cancel()
            logger.warning("the clipboard does not answer: {}", type(error).__name__)
            raise _failed("the clipboard did not answer") from error

    def arm(self, loan: X11Loan) -> None:
        """Note who has the focus; what was read until now is no receipt."""
        self._link.settle_events()
        loan.clients = self._link.focused_clients()
        if not loan.clients:
            raise _failed("no window has the focus")
        loan.processes = frozenset(map(self._link.process, loan.clients)) - {0}

    def finish(self, loan: X11Loan) -> None:
        """The wait is over; without a receipt the text stays for good, where nobody has copied something else."""
        if loan.taken_at is not None or self._loan is not loan:
            return
        self._loan = None
        since = self._link.time()
        mine = text_contents(self._link, loan.text)
        kept = [selection for selection in self._selections if self._offers.change(selection, Offer(mine, since))]
        if self._clipboard in kept:
            raise _failed("it did not ask for the text")
        raise InsertionError(MessageCode.CLIPBOARD_TAKEN)

    def _serve(self) -> None:
        try:
            while not self._ended:
                self._wait_for_work(self._back_at)
                if self._jobs:
                    self._jobs.pop(0)()
                else:
                    self._put_back()
        except lost_errors() as error:
            logger.warning("the clipboard is lost: {}", type(error).__name__)
        finally:
            self._link.close()

    def _wait_for_work(self, back_at: float | None) -> None:
        self._link.pump(lambda: bool(self._jobs) or self._back_at != back_at, back_at)

    def _copy(self, text: str) -> None:
        self._settle()
        loan, self._loan = self._loan, None
        since = self._link.time()
        offer = Offer(text_contents(self._link, text), since)
        if loan is not None:
            # The chord may have been pressed all the same: what comes for it gets the text from either selection.
            for selection in self._selections:
                self._offers.change(selection, offer)
        if not self._offers.take(self._clipboard, offer, since):
            raise _failed("another program holds the clipboard")

    def _lend(self, text: str) -> X11Loan | None:
        self._settle()
        if self._loan is not None:  # nobody came back for it
            self._restore(self._loan, self._link.time())
            self._loan = None
        deadline = time.monotonic() + _SAVE_TIMEOUT_S
        for _ in range(_ATTEMPTS):
            loan = X11Loan(self, text)
            since = self._link.time()
            try:
                loan.saved = {selection: self._saved(selection, since, deadline) for selection in self._selections}
            except SlowOwner:
                logger.info("the clipboard cannot be lent: its contents do not come in time")
                return None
            if self._take(loan, since):
                return loan
        return None

    def _saved(self, selection: int, at: int, deadline: float) -> Contents:
        if (offer := self._offers.offered(selection)) is not None:
            return offer.contents
        return self._reader.read(selection, at, deadline) if self._link.owner(selection) else {}

    def _take(self, loan: X11Loan, since: int) -> bool:
        """Offer the text, unless somebody has copied something since the saving began."""

        def on_read(requestor: int, target: int) -> None:
            self._on_read(loan, requestor, target)

        offer = Offer(text_contents(self._link, loan.text, secret=True), since, on_read)
        self._loan = loan
        if all(self._offers.take(selection, offer, since) for selection in self._selections):
            return True
        self._restore(loan, since)
        self._loan = None
        return False

    def _on_read(self, loan: X11Loan, requestor: int, target: int) -> None:
        if loan is not self._loan or target == self._hint or not loan.clients:
            return
        client = self._link.client(requestor)
        if client in loan.clients or self._link.process(client) in loan.processes:
            now = time.monotonic()
            loan.taken_at = now if loan.taken_at is None else loan.taken_at
            self._back_at = min(now + self._settle_s, loan.taken_at + _MOST_SETTLE_S)
            loan.over.set()

    def _on_lost(self, selection: int) -> None:
        if self._loan is not None and not any(map(self._offers.offered, self._selections)):
            self._loan.over.set()

    def _settle(self) -> None:
        """Wait until the last loan's window has what it wants, and put the old contents back."""
        while self._back_at is not None:
            self._link.pump(lambda: False, self._back_at)
            self._put_back()

    def _put_back(self) -> None:
        self._link.settle_events()
        if self._back_at is None or self._back_at > time.monotonic():
            return  # it has asked again
        self._back_at = None
        loan, self._loan = self._loan, None
        if loan is not None:
            self._restore(loan, self._link.time())

    def _restore(self, loan: X11Loan, since: int) -> None:
        for selection in self._selections:
            if loan.saved[selection]:
                self._offers.change(selection, Offer(loan.saved[selection], since))
            else:
                self._offers.clear(selection)
        self._link.display.flush()

    def _end(self) -> None:
        self._settle()
        with contextlib.suppress(InsertionError):
            if self._loan is not None:
                self.finish(self._loan)
        self._ended = True
        if (offer := self._offers.offered(self._clipboard)) is not None:
            self._hand_over(offer.contents)

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


def _failed(detail: str) -> InsertionError:
    return InsertionError(MessageCode.INSERTION_FAILED, detail=detail)
