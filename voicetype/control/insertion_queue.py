"""Inserts texts one after the other on a thread of its own. GUI thread outside; may import `qt` and `core`."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass

from loguru import logger

from voicetype.control.window_text import TextTarget
from voicetype.core.messages import InsertionError, MessageCode, UserMessage
from voicetype.core.ports import Fate
from voicetype.core.text.grammar import Deed
from voicetype.qt import QtCore, Signal

_LOOK_MS = 20
_NO_INPUT = QtCore.QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents


@dataclass(frozen=True)
class Delivery:
    """Outcome of the insertion of a dictation's text.

    Attributes:
        session: number of the dictation.
        fate: what became of the text.
        message: why the text is not in the window, or where it is by the user's choice; None when it is there.
    """

    session: int
    fate: Fate = Fate.INSERTED
    message: UserMessage | None = None


@dataclass
class _Growing:
    """A text that waits; None when the final one has come."""

    text: str | None


class InsertionQueue(QtCore.QObject):
    """One insertion thread, so that a slow window cannot stall recognition and texts keep their order.

    Signals:
        ended(Delivery): once for each text that is final, in order.
        told(UserMessage): what came of a command, or of a text that is still growing.
    """

    ended = Signal(object)
    told = Signal(object)

    def __init__(self, target: TextTarget, parent: QtCore.QObject | None = None) -> None:
        super().__init__(parent)
        self._target = target
        self._ended = False
        self._lock = threading.Lock()
        self._growing: dict[int, _Growing] = {}
        """Those that wait and may still be replaced."""
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

    def obey(self, deed: Deed) -> None:
        """Change what was inserted last, after all that was put before; returns at once."""
        with self._lock:
            # What is said after a command must not come before it.
            self._growing.clear()
        self._executor.submit(self._obey, deed)

    def copy(self, session: int, text: str) -> None:
        """Put the text of the dictation into the clipboard, after all that was put before; returns at once."""
        self._executor.submit(self._end, session, lambda: self._target.copy(text))

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

    def _insert(self, session: int, text: str) -> None:
        self._end(session, lambda: self._target.write(session, text, final=True))

    def _end(self, session: int, deliver: Callable[[], UserMessage | None]) -> None:
        try:
            message = deliver()
            fate = Fate.INSERTED if message is None or message.code is not MessageCode.TEXT_COPIED else Fate.COPIED
            delivery = Delivery(session, fate, message)
        except InsertionError as error:
            delivery = Delivery(session, Fate.FAILED, error.message)
        except Exception as error:  # noqa: BLE001  an insertion that fails in an unforeseen way must be told too
            logger.exception("insertion failed")
            message = UserMessage(MessageCode.INSERTION_FAILED, params={"detail": type(error).__name__})
            delivery = Delivery(session, Fate.FAILED, message)
        self.ended.emit(delivery)

    def _grow(self, session: int, growing: _Growing) -> None:
        with self._lock:
            text = growing.text
            if self._growing.get(session) is growing:
                del self._growing[session]
        if text is None:
            return  # the final one was put meanwhile
        try:
            self._target.write(session, text, final=False)
        except InsertionError as error:
            self.told.emit(error.message)
        except Exception:  # noqa: BLE001  the final text comes, and tells what is wrong
            logger.exception("insertion failed")

    def _obey(self, deed: Deed) -> None:
        try:
            message = self._target.obey(deed)
        except InsertionError as error:
            message = error.message
        except Exception as error:  # noqa: BLE001  as above
            logger.exception("insertion failed")
            message = UserMessage(MessageCode.INSERTION_FAILED, params={"detail": type(error).__name__})
        if message is not None:
            self.told.emit(message)
