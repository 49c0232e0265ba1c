"""Inserts texts one after the other on a thread of its own. GUI thread outside; may import `qt` and `core`."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass

from loguru import logger

from voicetype.core.messages import InsertionError, MessageCode, UserMessage
from voicetype.core.ports import TextInserter
from voicetype.qt import QtCore, Signal

_LOOK_MS = 20
_NO_INPUT = QtCore.QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents


@dataclass(frozen=True)
class Delivery:
    """Outcome of the insertion of a dictation's text.

    Attributes:
        session: number of the dictation.
        message: why the text is not in the window, or where it is by the user's choice; None when it is there.
        failed: whether it should be in the window and is not.
    """

    session: int
    message: UserMessage | None = None
    failed: bool = False


class InsertionQueue(QtCore.QObject):
    """One insertion thread, so that a slow window cannot stall recognition and texts keep their order.

    Signals:
        ended(Delivery): once for each text, in order.
    """

    ended = Signal(object)

    def __init__(self, inserter: TextInserter, parent: QtCore.QObject | None = None) -> None:
        super().__init__(parent)
        self._inserter = inserter
        self._ended = False
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="inserter")

    def put(self, session: int, text: str) -> None:
        """Insert `text` after all that was put before; returns at once."""
        self._executor.submit(self._insert, session, text)

    def shutdown(self) -> None:
        """Return when all texts are inserted; idempotent. This thread's events go on, since a paste needs them."""
        last = self._executor.submit(lambda: None) if not self._ended else None
        self._ended = True
        while last is not None and not last.done():
            QtCore.QCoreApplication.processEvents(_NO_INPUT, _LOOK_MS)
            wait([last], timeout=_LOOK_MS / 1000)
        self._executor.shutdown(wait=True)

    def _insert(self, session: int, text: str) -> None:
        try:
            delivery = Delivery(session, self._inserter.insert(text))
        except InsertionError as error:
            delivery = Delivery(session, error.message, failed=True)
        except Exception as error:  # noqa: BLE001  an insertion that fails in an unforeseen way must be told too
            logger.exception("insertion failed")
            message = UserMessage(MessageCode.INSERTION_FAILED, params={"detail": type(error).__name__})
            delivery = Delivery(session, message, failed=True)
        self.ended.emit(delivery)
