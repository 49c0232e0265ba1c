"""The clipboard by Qt, for desktops where it cannot be lent. May import `qt` and `core`."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from voicetype.core.messages import InsertionError, MessageCode
from voicetype.core.ports import Loan
from voicetype.qt import QtCore, QtGui, Signal, Slot

_ANSWER_TIMEOUT_S = 5.0


@dataclass
class _Job:
    """A request of the insertion thread."""

    text: str
    done: threading.Event = field(default_factory=threading.Event)


class QtClipboard(QtCore.QObject):
    """Implements `core.ports.Clipboard` as far as Qt can: it copies, in the GUI thread, and never lends.

    Qt tells that its text was read, but not by whom, so nobody would know when to put the old contents back.
    """

    _copy_asked = Signal(object)

    def __init__(self, parent: QtCore.QObject | None = None) -> None:
        super().__init__(parent)
        self._copy_asked.connect(self._on_copy_asked, QtCore.Qt.ConnectionType.QueuedConnection)

    def copy(self, text: str) -> None:
        """See `Clipboard`."""
        job = _Job(text)
        self._copy_asked.emit(job)
        if not job.done.wait(_ANSWER_TIMEOUT_S):
            raise InsertionError(MessageCode.INSERTION_FAILED, detail="the clipboard did not answer")

    def lend(self, text: str) -> Loan | None:
        """None."""
        return None

    def close(self) -> None:
        """Nothing to end."""

    @Slot(object)
    def _on_copy_asked(self, job: _Job) -> None:
        QtGui.QGuiApplication.clipboard().setText(job.text)
        job.done.set()
