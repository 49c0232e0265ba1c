"""The recognition threads of dictations. GUI thread; may import `qt` and `core`."""

from __future__ import annotations

from collections.abc import Callable

from loguru import logger

from voicetype.control.dictation import AT_STOP, LIVE, Dictation
from voicetype.control.recognition_worker import RecognitionWorker
from voicetype.core.text.composition import Composition
from voicetype.qt import QtCore, Signal, Slot


class Recognitions(QtCore.QObject):
    """Starts the thread of a dictation and passes on what it says.

    Signals: those of `RecognitionWorker`.
    """

    transcript_changed = Signal(object)
    text_grew = Signal(object)
    commanded = Signal(object)
    text_ready = Signal(object)

    def __init__(self, parent: QtCore.QObject | None = None) -> None:
        super().__init__(parent)
        self._workers: list[RecognitionWorker] = []

    def start(self, dictation: Dictation, begin: Callable[[], Composition]) -> None:
        """Recognise the sound of `dictation`, which holds a lease; once. `begin` makes its text, on the thread."""
        if dictation.lease is None:
            raise ValueError("a recognition needs models")
        worker = RecognitionWorker(
            dictation.session,
            dictation.audio,
            dictation.lease,
            begin,
            punctuate=dictation.settings.punctuate,
            grow=dictation.settings.insert != AT_STOP,
            live=dictation.settings.insert == LIVE,
            speech=dictation.speech,
        )
        worker.transcript_changed.connect(self.transcript_changed)
        worker.text_grew.connect(self.text_grew)
        worker.commanded.connect(self.commanded)
        worker.text_ready.connect(self.text_ready)
        worker.finished.connect(self._on_worker_finished)
        self._workers.append(worker)
        dictation.started = True
        worker.start()

    def shutdown(self, timeout_s: float) -> None:
        """Wait for the threads, so long at most; their sound must have ended."""
        for worker in self._workers:
            if not worker.wait(int(timeout_s * 1000)):
                logger.warning("recognition did not end in time")

    @Slot()
    def _on_worker_finished(self) -> None:
        # A QThread must outlive its thread, also when its dictation was cancelled.
        self._workers = [worker for worker in self._workers if not worker.isFinished()]
