"""The clipboard, served from the GUI thread to the insertion thread. May import `qt` and `core`."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from voicetype.core.messages import InsertionError, MessageCode
from voicetype.qt import QtCore, QtGui, Signal, Slot

_ANSWER_TIMEOUT_S = 5.0
_QUIET_MS = 200
"""Without a further request for so long the target has what it wants; some ask for several formats."""
_RECEIPT_TIMEOUT_MS = 3_000
"""A target that has not asked by then does not take the paste."""


@dataclass
class _Job:
    """A request of the insertion thread and its outcome."""

    text: str
    armed: threading.Event = field(default_factory=threading.Event)
    done: threading.Event = field(default_factory=threading.Event)
    failure: str = ""


class _Offer(QtCore.QMimeData):
    """Our text on the clipboard, which notes each time somebody reads it."""

    def __init__(self, text: str, on_read: QtCore.SignalInstance) -> None:
        super().__init__()
        self._text = text
        self._on_read = on_read

    def formats(self) -> list[str]:
        """Plain text only."""
        return ["text/plain"]

    def hasFormat(self, mime_type: str) -> bool:
        """Whether it is plain text."""
        return mime_type == "text/plain"

    def retrieveData(self, mime_type: str, preferred: object) -> object:
        """Hand the text out."""
        if mime_type != "text/plain":
            return None
        self._on_read.emit()
        return self._text


class ClipboardService(QtCore.QObject):
    """Sets the clipboard, or lends it for a paste and puts the old contents back with all their formats.

    `copy`, `offer`, `arm`, `wait_taken` belong to the insertion thread; everything else happens in the GUI thread.
    """

    _copy_asked = Signal(object)
    _offer_asked = Signal(object)
    _armed = Signal(object)
    _read = Signal()

    def __init__(self, parent: QtCore.QObject | None = None) -> None:
        super().__init__(parent)
        self._clipboard = QtGui.QGuiApplication.clipboard()
        self._modes = [QtGui.QClipboard.Mode.Clipboard]
        if self._clipboard.supportsSelection():
            # Shift+Insert pastes the primary selection in terminals and the clipboard elsewhere.
            self._modes.append(QtGui.QClipboard.Mode.Selection)
        self._saved: dict[QtGui.QClipboard.Mode, QtCore.QMimeData] = {}
        self._job: _Job | None = None
        self._offers: dict[QtGui.QClipboard.Mode, _Offer] = {}
        self._timer = QtCore.QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_time_up)
        self._taken = False
        self._listening = False
        queued = QtCore.Qt.ConnectionType.QueuedConnection
        self._copy_asked.connect(self._on_copy_asked, queued)
        self._offer_asked.connect(self._on_offer_asked, queued)
        self._armed.connect(self._on_armed, queued)
        self._read.connect(self._on_read, queued)

    def copy(self, text: str) -> None:
        """Put `text` into the clipboard for good. Raises InsertionError."""
        self._ask(self._copy_asked, _Job(text), _ANSWER_TIMEOUT_S)

    def offer(self, text: str) -> object:
        """Lend the clipboard to `text`; the old contents are kept. Returns a ticket for `wait_taken`."""
        self._ask(self._offer_asked, _Job(text), _ANSWER_TIMEOUT_S)
        return _Job(text)

    def arm(self, ticket: object) -> None:
        """Right before the paste chord: from now on reading the text is a receipt. Raises InsertionError.

        Clipboard managers have read it by then.
        """
        if isinstance(ticket, _Job):
            self._armed.emit(ticket)
            if not ticket.armed.wait(_ANSWER_TIMEOUT_S):
                raise InsertionError(MessageCode.INSERTION_FAILED, detail="the clipboard did not answer")

    def wait_taken(self, ticket: object) -> None:
        """After the paste chord: block until the target has read the text and the old contents are back.

        Raises InsertionError when nobody read it; the text then stays in the clipboard.
        """
        if isinstance(ticket, _Job):
            self._wait(ticket, _ANSWER_TIMEOUT_S + _RECEIPT_TIMEOUT_MS / 1000)

    def _ask(self, signal: QtCore.SignalInstance, job: _Job, timeout_s: float) -> None:
        signal.emit(job)
        self._wait(job, timeout_s)

    def _wait(self, job: _Job, timeout_s: float) -> None:
        if not job.done.wait(timeout_s):
            raise InsertionError(MessageCode.INSERTION_FAILED, detail="the clipboard did not answer")
        if job.failure:
            raise InsertionError(MessageCode.INSERTION_FAILED, detail=job.failure)

    @Slot(object)
    def _on_copy_asked(self, job: _Job) -> None:
        self._end_loan()
        self._clipboard.setText(job.text)
        job.done.set()

    @Slot(object)
    def _on_offer_asked(self, job: _Job) -> None:
        self._end_loan()
        self._saved = {mode: _copy_of(self._clipboard.mimeData(mode)) for mode in self._modes}
        self._offers = {mode: _Offer(job.text, self._read) for mode in self._modes}
        for mode, offer in self._offers.items():
            self._clipboard.setMimeData(offer, mode)
        job.done.set()

    @Slot(object)
    def _on_armed(self, job: _Job) -> None:
        self._job = job
        self._listening = True
        self._timer.start(_RECEIPT_TIMEOUT_MS)
        job.armed.set()

    @Slot()
    def _on_read(self) -> None:
        if self._listening:
            self._taken = True
            self._timer.start(_QUIET_MS)

    @Slot()
    def _on_time_up(self) -> None:
        job = self._job
        if self._taken:
            self._put_back()
        elif job is not None:
            job.failure = "it did not ask for the text"
        self._end_loan()
        if job is not None:
            job.done.set()

    def _put_back(self) -> None:
        for mode, saved in self._saved.items():
            if self._clipboard.mimeData(mode) is not self._offers[mode]:
                continue  # somebody has copied something meanwhile, perhaps in a window of ours
            if saved.formats():
                self._clipboard.setMimeData(saved, mode)
            else:
                self._clipboard.clear(mode)

    def _end_loan(self) -> None:
        """Forget the loan, also one whose chord could not be pressed: its time must not run out on the next one."""
        self._timer.stop()
        self._job = None
        self._taken = self._listening = False
        self._offers.clear()
        self._saved = {}


def _copy_of(source: QtCore.QMimeData | None) -> QtCore.QMimeData:
    """All formats of `source`, fetched now: its owner may be gone when they are put back."""
    copy = QtCore.QMimeData()
    if source is not None:
        for mime_type in source.formats():
            copy.setData(mime_type, source.data(mime_type))
        if source.hasImage():
            copy.setImageData(source.imageData())
    return copy
