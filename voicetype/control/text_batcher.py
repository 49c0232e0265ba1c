"""Keeps the recogniser's pace away from widgets. GUI thread; may import `qt` and `core`."""

from __future__ import annotations

from voicetype.core.ports import Transcript
from voicetype.qt import QtCore, Signal

BATCH_INTERVAL_MS = 50
"""20 updates a second read as live; Vosk alone would bring up to 30, and hundreds while a backlog is decoded."""


class TextBatcher(QtCore.QObject):
    """Passes on the latest transcript at most once per interval.

    Signals:
        batch_ready(Transcript): the latest transcript, never twice the same in a row.
    """

    batch_ready = Signal(object)

    def __init__(self, parent: QtCore.QObject | None = None) -> None:
        super().__init__(parent)
        self._latest: Transcript | None = None
        self._timer = QtCore.QTimer(self)
        self._timer.setInterval(BATCH_INTERVAL_MS)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._emit)

    def push(self, transcript: Transcript) -> None:
        """Remember `transcript` for the next batch. The timer runs only while there is something to tell."""
        self._latest = transcript
        if not self._timer.isActive():
            self._timer.start()

    def clear(self) -> None:
        """Forget what was not passed on yet."""
        self._timer.stop()
        self._latest = None

    def flush(self) -> None:
        """Pass on at once what waits."""
        self._timer.stop()
        self._emit()

    def _emit(self) -> None:
        latest, self._latest = self._latest, None
        if latest is not None:
            self.batch_ready.emit(latest)
