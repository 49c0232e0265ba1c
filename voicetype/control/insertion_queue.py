"""Inserts texts one after the other on a thread of its own. GUI thread outside; may import `qt` and `core`."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass

from loguru import logger

from voicetype.control.window_text import TextTarget
from voicetype.core.messages import InsertionError, MessageCode, UserMessage
from voicetype.core.ports import TargetWindow
from voicetype.core.records import TextState
from voicetype.core.text.grammar import Deed
from voicetype.qt import QtCore, Signal

_LOOK_MS = 20
_STATES = {
    MessageCode.TEXT_COPIED: TextState.COPIED,
    MessageCode.TEXT_HELD: TextState.HELD,
    MessageCode.TYPING_INTERRUPTED: TextState.PARTLY,
}
_NO_INPUT = QtCore.QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents


@dataclass(frozen=True)
class Delivery:
    """Outcome of the insertion of a dictation's text.

    Attributes:
        session: number of the dictation; less than 0 for a text that was inserted again.
        state: what became of the text.
        message: why the text is not in the window, or where it is by the user's choice; None when it is there.
        window: the window that it was for, as it was at the press; None when none is known.
    """

    session: int
    state: TextState = TextState.INSERTED
    message: UserMessage | None = None
    window: TargetWindow | None = None


@dataclass
class _Growing:
    """A text that waits; None when the final one has come."""

    text: str | None


class InsertionQueue(QtCore.QObject):
    """One insertion thread, so that a slow window cannot stall recognition and texts keep their order.

    Signals:
        ended(Delivery): once for each text that is final, in order.
        again(Delivery): the last text was to be inserted again.
        told(UserMessage): what came of a command, or of a text that is still growing.
    """

    ended = Signal(object)
    again = Signal(object)
    told = Signal(object)

    def __init__(
        self,
        target: TextTarget,
        parent: QtCore.QObject | None = None,
        wait_for_hands: Callable[[], None] = lambda: None,
    ) -> None:
        """`wait_for_hands` returns when no hotkey is held that would get in the way of keys; on the queue's thread."""
        super().__init__(parent)
        self._target = target
        self._wait_for_hands = wait_for_hands
        self._ended = False
        self._lock = threading.Lock()
        self._growing: dict[int, _Growing] = {}
        """Those that wait and may still be replaced."""
        self._repetitions = itertools.count(-1, -1)
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="inserter")

    def put(self, session: int, text: str) -> None:
        """Let `text` be the text of the dictation, after all that was put before; returns at once."""
        with self._lock:
            if waiting := self._growing.pop(session, None):
                waiting.text = None
        self._executor.submit(self._insert, session, text)

    def grow(self, session: int, text: str) -> None:
        """As `put`, for a text that is not final; a newer one takes the place of one that still waits."""
        with self._lock:
            if waiting := self._growing.get(session):
                waiting.text = text
                return
            growing = self._growing[session] = _Growing(text)
        self._executor.submit(self._grow, session, growing)

    def pin(self, session: int) -> None:
        """Let the texts of the dictation go to the window that has the focus now; within milliseconds."""
        self._target.pin(session)

    def window(self, session: int) -> TargetWindow | None:
        """Where the texts of the dictation go, as far as that is known."""
        return self._target.window(session)

    def remember(self, text: str) -> None:
        """Let `text` be the last one, though it was not inserted: `insert_again` and the spoken command insert it."""
        self._target.remember(text)

    def obey(self, deed: Deed, session: int | None = None) -> None:
        """Change what was inserted last, after all that was put before; returns at once.

        `session` is the dictation in which a command was said.
        """
        self._hold_back()
        self._executor.submit(self._obey, deed, session)

    def insert_again(self) -> None:
        """Insert the last text into the window that has the focus now; returns within milliseconds."""
        session = next(self._repetitions)
        self._target.pin(session)
        self._hold_back()
        self._executor.submit(self._repeat, session)

    def undo_last(self) -> None:
        """Take back what was inserted last, if nobody has touched it since; returns at once."""
        self.obey(Deed.UNDO)

    def copy(self, session: int, text: str) -> None:
        """Put the text of the dictation into the clipboard, after all that was put before; returns at once."""
        self._executor.submit(self._copy, session, text)

    def continues(self) -> bool:
        """Whether the next text goes on in the middle of a sentence; any thread."""
        return self._target.continues()

    def shutdown(self) -> None:
        """Return when all texts are inserted; idempotent. This thread's events go on, since a paste needs them."""
        last = self._executor.submit(lambda: None) if not self._ended else None
        self._ended = True
        while last is not None and not last.done():
            QtCore.QCoreApplication.processEvents(_NO_INPUT, _LOOK_MS)
            wait([last], timeout=_LOOK_MS / 1000)
        self._executor.shutdown(wait=True)

    def _hold_back(self) -> None:
        """What is said after a command must not come before it."""
        with self._lock:
            self._growing.clear()

    def _insert(self, session: int, text: str) -> None:
        self._wait_for_hands()
        self.ended.emit(self._deliver(session, lambda: self._target.write(session, text, final=True)))

    def _copy(self, session: int, text: str) -> None:
        self.ended.emit(self._deliver(session, lambda: self._target.copy(text)))

    def _repeat(self, session: int) -> None:
        self._wait_for_hands()
        self.again.emit(self._deliver(session, lambda: self._target.obey(Deed.REPEAT, session)))

    def _deliver(self, session: int, work: Callable[[], UserMessage | None]) -> Delivery:
        try:
            message, otherwise = work(), TextState.INSERTED
        except InsertionError as error:
            message, otherwise = error.message, TextState.FAILED
        except Exception as error:  # noqa: BLE001  an insertion that fails in an unforeseen way must be told too
            logger.exception("insertion failed")
            message = UserMessage(MessageCode.INSERTION_FAILED, params={"detail": type(error).__name__})
            otherwise = TextState.FAILED
        state = _STATES.get(message.code, otherwise) if message is not None else otherwise
        return Delivery(session, state, message, self._target.window(session))

    def _grow(self, session: int, growing: _Growing) -> None:
        self._wait_for_hands()
        with self._lock:
            text = growing.text
            if self._growing.get(session) is growing:
                del self._growing[session]
        if text is None:
            return  # the final one was put meanwhile
        try:
            message = self._target.write(session, text, final=False)
        except InsertionError as error:
            message = error.message
        except Exception:  # noqa: BLE001  the final text comes, and tells what is wrong
            logger.exception("insertion failed")
            return
        if message is not None:
            self.told.emit(message)

    def _obey(self, deed: Deed, session: int | None) -> None:
        self._wait_for_hands()
        try:
            message = self._target.obey(deed, session)
        except InsertionError as error:
            message = error.message
        except Exception as error:  # noqa: BLE001  as above
            logger.exception("insertion failed")
            message = UserMessage(MessageCode.INSERTION_FAILED, params={"detail": type(error).__name__})
        if message is not None:
            self.told.emit(message)
