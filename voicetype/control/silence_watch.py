"""Notices that nobody speaks any more. GUI thread; may import `qt` and `core`."""

from __future__ import annotations

from voicetype.core.speech import SpeechSpans
from voicetype.qt import QtCore, Signal, Slot

FIRST_WORD_MS = 5_000
"""Who has pressed the key may still be thinking."""
_INTERVAL_MS = 200


class SilenceWatch(QtCore.QObject):
    """Watches one dictation at a time.

    Silence is counted in the stream, not by the clock: while no sound arrives, nobody knows whether somebody speaks.

    Signals:
        silent(int): nobody has spoken in this session for as long as was asked; once, then the watch is over.
    """

    silent = Signal(int)

    def __init__(self, parent: QtCore.QObject | None = None) -> None:
        super().__init__(parent)
        self._session = 0
        self._limit_ms = 0
        self._speech: SpeechSpans | None = None
        self._timer = QtCore.QTimer(self)
        self._timer.setInterval(_INTERVAL_MS)
        self._timer.timeout.connect(self._on_due)

    def start(self, session: int, speech: SpeechSpans, after_seconds: float) -> None:
        """Watch `session` in place of any before; 0 seconds: never stop it."""
        self._session, self._speech, self._limit_ms = session, speech, round(after_seconds * 1000)
        if after_seconds > 0:
            self._timer.start()
        else:
            self.stop()

    def stop(self) -> None:
        """Watch nobody; idempotent."""
        self._timer.stop()
        self._speech = None

    @Slot()
    def _on_due(self) -> None:
        if self._speech is None:
            return
        limit_ms = self._limit_ms if self._speech.heard else max(self._limit_ms, FIRST_WORD_MS)
        if self._speech.silence_ms >= limit_ms:
            self.stop()
            self.silent.emit(self._session)
