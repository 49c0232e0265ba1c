"""Lending the clipboard, as it goes on every platform: when it is saved, armed, read and put back.

It has a thread of its own, since whoever reads the clipboard must be answered at any time. May import `core`.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, Protocol, TypeVar

from loguru import logger

from voicetype.core.messages import InsertionError, MessageCode

T = TypeVar("T")
Saved = TypeVar("Saved")

RECEIPT_TIMEOUT_S = 8.0
"""A window that has not asked by then does not take the paste; a busy one may need some seconds."""
SETTLE_S = 1.0
"""Without a further request for so long the window has what it wants; some ask for several formats."""
_MOST_SETTLE_S = 5.0
"""A window that reads again and again does not keep the clipboard for longer."""
_SAVE_TIMEOUT_S = 1.0
"""For everything that the clipboard holds."""
_SPARE_S = 2.0
"""What a busy machine may take on top."""
_END_TIMEOUT_S = 5.0
_ATTEMPTS = 2
"""Of taking the clipboard, when somebody else copies at that very moment."""


class SlowOwner(Exception):
    """The owner of the clipboard did not hand everything over in time."""


class ClipboardLoan(Generic[Saved]):
    """Implements `core.ports.Loan`. What is not of `Loan` belongs to the clipboard's thread.

    Attributes:
        saved: the old contents.
        armed: whether the chord is about to be pressed, or has been.
        over: that there is nothing more to wait for.
        taken_at: when the window was given the text first.
    """

    def __init__(self, clipboard: LendingClipboard[Saved], text: str, saved: Saved) -> None:
        self.text = text
        self.saved = saved
        self.armed = False
        self.over = threading.Event()
        self.taken_at: float | None = None
        self._clipboard = clipboard

    def arm(self) -> None:
        """See `Loan`."""
        self._clipboard.run(lambda: self._clipboard.arm(self))

    def wait_taken(self) -> None:
        """See `Loan`."""
        self.over.wait(self._clipboard.receipt_timeout_s)
        self._clipboard.run(lambda: self._clipboard.finish(self))

    def was_read(self) -> None:
        """The window that had the focus at the chord has been given the text; the board tells it."""
        self._clipboard.was_read(self)


class Board(Protocol[Saved]):
    """The clipboard of a platform. All methods but `wake` run in the clipboard's thread.

    Attributes:
        errors: what its methods raise when there is no clipboard any more.
    """

    errors: tuple[type[Exception], ...]

    def wake(self) -> None:
        """Let `wait` look at its condition; any thread."""

    def begin(self) -> None:
        """First of all in the thread."""

    def wait(self, done: Callable[[], bool], deadline: float | None) -> bool:
        """Answer whoever asks until `done`, or until `deadline` (monotonic seconds) with False."""

    def note_focus(self) -> bool:
        """Note whose readings are receipts from now on; False when no window has the focus."""

    def save(self, deadline: float) -> Saved:
        """Everything in the clipboard. Raises SlowOwner."""

    def take(self, loan: ClipboardLoan[Saved]) -> bool:
        """Right after `save`: offer the loan's text, unless somebody has copied something since; tells whether.

        From now on `loan.was_read` is called when the focused window has it, if `loan.armed`, and `loan.over` is set
        when somebody else takes the clipboard.
        """

    def restore(self, saved: Saved) -> bool:
        """Put back what was saved, where the clipboard is still this program's; False when it has to be tried again."""

    def keep(self, text: str) -> bool:
        """Make an ordinary copy of the lent text, where the clipboard is still this program's; tells whether it is."""

    def put(self, text: str) -> bool:
        """Copy `text`, whoever has the clipboard; tells whether that worked."""

    def leave(self) -> None:
        """Last of all in the thread."""


class LendingClipboard(Generic[Saved]):
    """Implements `core.ports.Clipboard` upon the board of a platform.

    Methods from `arm` on run in the clipboard's own thread.
    """

    def __init__(self, board: Board[Saved], receipt_timeout_s: float, settle_s: float) -> None:
        self.receipt_timeout_s = receipt_timeout_s
        self._board = board
        self._loan: ClipboardLoan[Saved] | None = None
        self._settle_s = settle_s
        self._jobs: list[Callable[[], None]] = []
        self._back_at: float | None = None
        self._ended = False
        self._thread = threading.Thread(target=self._serve, name="clipboard", daemon=True)
        self._thread.start()

    def copy(self, text: str) -> None:
        """See `Clipboard`."""
        self.run(lambda: self._copy(text))

    def lend(self, text: str) -> ClipboardLoan[Saved] | None:
        """See `Clipboard`."""
        return self.run(lambda: self._lend(text))

    def close(self) -> None:
        """See `Clipboard`."""
        if self._thread.is_alive():
            with contextlib.suppress(InsertionError):
                self.run(self._end)
            self._thread.join(_END_TIMEOUT_S)

    def run(self, work: Callable[[], T]) -> T:
        """Do `work` in the clipboard's thread. Raises InsertionError, also when the clipboard does not answer."""
        future: Future[T] = Future()

        def job() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                future.set_result(work())
            except InsertionError as error:
                future.set_exception(error)
            except self._board.errors as error:
                future.set_exception(error)

        self._jobs.append(job)
        self._board.wake()
        try:
            if not self._thread.is_alive() and not future.done():
                raise TimeoutError
            return future.result(_MOST_SETTLE_S + _SAVE_TIMEOUT_S + _SPARE_S)
        except TimeoutError as error:
            future.cancel()
            raise failed("the clipboard did not answer") from error
        except self._board.errors as error:
            logger.warning("the clipboard fails: {}", type(error).__name__)
            raise failed("the clipboard did not answer") from error

    def arm(self, loan: ClipboardLoan[Saved]) -> None:
        """Note who has the focus; what was read until now is no receipt. Raises InsertionError when nobody has it."""
        if not self._board.note_focus():
            raise failed("no window has the focus")
        loan.armed = True

    def finish(self, loan: ClipboardLoan[Saved]) -> None:
        """The wait is over; without a receipt the text stays for good, where nobody has copied something else."""
        if loan.taken_at is not None or self._loan is not loan:
            return
        self._loan = None
        if self._board.keep(loan.text):
            raise failed("it did not ask for the text")
        raise InsertionError(MessageCode.CLIPBOARD_TAKEN)

    def was_read(self, loan: ClipboardLoan[Saved]) -> None:
        """The window that had the focus at the chord has been given the text."""
        if loan is self._loan and loan.armed:
            now = time.monotonic()
            loan.taken_at = now if loan.taken_at is None else loan.taken_at
            self._back_at = min(now + self._settle_s, loan.taken_at + _MOST_SETTLE_S)
            loan.over.set()

    def _serve(self) -> None:
        try:
            self._board.begin()
            while not self._ended:
                self._wait_for_work(self._back_at)
                if self._jobs:
                    self._jobs.pop(0)()
                else:
                    self._put_back()
        except self._board.errors as error:
            logger.warning("the clipboard is lost: {}", type(error).__name__)
        finally:
            self._board.leave()

    def _wait_for_work(self, back_at: float | None) -> None:
        self._board.wait(lambda: bool(self._jobs) or self._back_at != back_at, back_at)

    def _copy(self, text: str) -> None:
        self._settle()
        self._loan = None
        if not self._board.put(text):
            raise failed("another program holds the clipboard")

    def _lend(self, text: str) -> ClipboardLoan[Saved] | None:
        self._settle()
        if self._loan is not None:  # nobody came back for it
            self._board.restore(self._loan.saved)
            self._loan = None
        deadline = time.monotonic() + _SAVE_TIMEOUT_S
        for _ in range(_ATTEMPTS):
            try:
                loan = self._loan = ClipboardLoan(self, text, self._board.save(deadline))
            except SlowOwner:
                logger.info("the clipboard cannot be lent: its contents do not come in time")
                return None
            if self._board.take(loan):
                return loan
            self._loan = None
        return None

    def _settle(self) -> None:
        """Wait until the last loan's window has what it wants, and put the old contents back."""
        while self._back_at is not None:
            self._board.wait(lambda: False, self._back_at)
            self._put_back()

    def _put_back(self) -> None:
        self._board.wait(lambda: True, None)
        if self._back_at is None or self._back_at > time.monotonic():
            return  # it has asked again
        loan = self._loan
        if loan is not None and loan.taken_at is not None and not self._board.restore(loan.saved):
            self._back_at = time.monotonic() + self._settle_s
            if self._back_at < loan.taken_at + 2 * _MOST_SETTLE_S:
                return
            logger.warning("the clipboard could not be put back")
        self._back_at = self._loan = None

    def _end(self) -> None:
        self._settle()
        with contextlib.suppress(InsertionError):
            if self._loan is not None:
                self.finish(self._loan)
        self._ended = True


def failed(detail: str) -> InsertionError:
    """The text is in the clipboard, for this reason."""
    return InsertionError(MessageCode.INSERTION_FAILED, detail=detail)
