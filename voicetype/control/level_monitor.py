"""A look at the microphone's level outside of a dictation, for the settings. GUI thread; may import `qt`, `core`."""

from __future__ import annotations

from collections.abc import Callable

from voicetype.control.capture import Capture, CaptureProblem
from voicetype.core.audio import RingBuffer
from voicetype.core.ports import AudioSource
from voicetype.qt import QtCore, Signal, Slot

_MONITOR_SESSION = 0
_BUFFER_BYTES = 3_200
"""Nobody reads it: a tenth of a second that is overwritten for ever."""


class LevelMonitor(QtCore.QObject):
    """Opens a microphone only to show its level.

    Signals:
        level_changed(float): dBFS, 20 times a second while running.
        failed(UserMessage): the microphone cannot be opened or went away; the monitor has stopped.
    """

    level_changed = Signal(float)
    failed = Signal(object)

    def __init__(self, make_source: Callable[[], AudioSource], parent: QtCore.QObject | None = None) -> None:
        super().__init__(parent)
        self._make_source = make_source
        self._capture = Capture(self)
        self._capture.failed.connect(self._on_problem)
        self._capture.lost.connect(self._on_problem)
        self._capture.level_changed.connect(self.level_changed)
        self._buffer: RingBuffer | None = None

    @property
    def running(self) -> bool:
        """Whether the microphone is in use for the meter."""
        return self._buffer is not None

    def start(self) -> None:
        """Begin; nothing when it runs already."""
        if self._buffer is None:
            self._buffer = RingBuffer(_BUFFER_BYTES)
            self._capture.open(_MONITOR_SESSION, self._make_source(), self._buffer)

    def stop(self) -> None:
        """End; idempotent, returns at once."""
        if self._buffer is not None:
            self._capture.close(_MONITOR_SESSION)
            self._buffer = None

    def shutdown(self) -> None:
        """End and wait for the device to be closed."""
        self.stop()
        self._capture.shutdown()

    @Slot(object)
    def _on_problem(self, problem: CaptureProblem) -> None:
        self.stop()
        self.failed.emit(problem.message)
