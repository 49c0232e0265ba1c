"""Inserts texts one after the other on a thread of its own. GUI thread outside; may import `qt` and `core`."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from loguru import logger

from voicetype.core.messages import InsertionError, MessageCode, UserMessage
from voicetype.core.ports import TextInserter
from voicetype.qt import QtCore, Signal


@dataclass(frozen=True)
class Delivery:
    """Outcome of the insertion of a dictation's text.

    Attributes:
        session: number of the dictation.
        problem: why the text is not in the window; None when it is.
    """

    session: int
    problem: UserMessage | None = None


class InsertionQueue(QtCore.QObject):
    """One insertion thread, so that a slow window cannot stall recognition and texts keep their order.

    Signals:
        ended(Delivery): once for each text, in order.
    """

    ended = Signal(object)

    def __init__(self, inserter: TextInserter, parent: QtCore.QObject | None = None) -> None:
        super().__init__(parent)
        self._inserter = inserter
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="inserter")

    def put(self, session: int, text: str) -> None:
        """Insert `text` after all that was put before; returns at once."""
        self._executor.submit(self._insert, session, text)

    def shutdown(self) -> None:
        """Block until all texts are inserted; idempotent."""
        self._executor.shutdown(wait=True)

    def _insert(self, session: int, text: str) -> None:
        problem = None
        try:
            self._inserter.insert(text)
        except InsertionError as error:
            problem = error.message
        except Exception as error:  # noqa: BLE001  an insertion that fails in an unforeseen way must be told too
            logger.exception("insertion failed")
            problem = UserMessage(MessageCode.INSERTION_FAILED, params={"detail": type(error).__name__})
        self.ended.emit(Delivery(session, problem))
