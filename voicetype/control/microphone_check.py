"""Listens while somebody tries the microphone. GUI thread outside; may import `qt` and `core`."""

from __future__ import annotations

import threading
from collections.abc import Callable

from voicetype.core.microphone_check import check
from voicetype.core.ports import BYTES_PER_SAMPLE, SAMPLE_RATE_HZ
from voicetype.core.speech import SpeechSpans
from voicetype.qt import QtCore, Signal, Slot

CHECK_MS = 4_000
_MOST_BYTES = 2 * CHECK_MS * SAMPLE_RATE_HZ // 1000 * BYTES_PER_SAMPLE


class MicrophoneCheck(QtCore.QObject):
    """Judges four seconds of what a microphone hears. Implements `core.ports.AudioSink`: takes nothing otherwise.

    Signals:
        ended(CheckResult): the four seconds are over.
    """

    ended = Signal(object)

    def __init__(self, make_spans: Callable[[], SpeechSpans], parent: QtCore.QObject | None = None) -> None:
        super().__init__(parent)
        self._make_spans = make_spans
        self._lock = threading.Lock()
        self._heard: bytearray | None = None
        self._timer = QtCore.QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(CHECK_MS)
        self._timer.timeout.connect(self._on_over)

    @Slot()
    def start(self) -> None:
        """Begin to listen, anew if it does already."""
        with self._lock:
            self._heard = bytearray()
        self._timer.start()

    def cancel(self) -> None:
        """Stop without a verdict; idempotent."""
        self._timer.stop()
        with self._lock:
            self._heard = None

    def write(self, block: bytes) -> None:
        """Take the next block; any thread."""
        with self._lock:
            if self._heard is not None and len(self._heard) < _MOST_BYTES:
                self._heard += block

    def close(self) -> None:
        """A microphone ends, another may follow; what was heard stays."""

    @Slot()
    def _on_over(self) -> None:
        with self._lock:
            heard, self._heard = self._heard, None
        if heard is not None:
            spans = self._make_spans()
            spans.write(bytes(heard))
            self.ended.emit(check(bytes(heard), spans))
