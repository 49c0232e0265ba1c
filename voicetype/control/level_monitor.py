"""A look at the microphone's level outside of a dictation, for the settings. GUI thread; may import `qt`, `core`."""

from __future__ import annotations

from voicetype.control.capture import Capture, CaptureProblem
from voicetype.core.audio import RingBuffer
from voicetype.core.ports import MakeSource
from voicetype.qt import QtCore, Signal, Slot

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

    def __init__(self, make_source: MakeSource, parent: QtCore.QObject | None = None) -> None:
        super().__init__(parent)
        self._make_source = make_source
        self._capture = Capture(self)
        self._capture.failed.connect(self._on_problem)
        self._capture.level_changed.connect(self.level_changed)
        self._buffer: RingBuffer | None = None
        self._run = 0
        self._wanted = self._paused = False

    @property
    def running(self) -> bool:
        """Whether the microphone is in use for the meter."""
        return self._buffer is not None

    @Slot(bool)
    def set_wanted(self, wanted: bool) -> None:
        """Whether somebody looks at the meter."""
        self._wanted = wanted
        self._start_or_stop()

    def set_paused(self, paused: bool) -> None:
        """Leave the microphone to a dictation meanwhile."""
        self._paused = paused
        self._start_or_stop()

    def restart(self) -> None:
        """Use the microphone that `make_source` gives now."""
        self._stop()
        self._start_or_stop()

    def shutdown(self) -> None:
        """End and wait for the device to be closed."""
        self.set_wanted(False)
        self._capture.shutdown()

    def _start_or_stop(self) -> None:
        if not self._wanted or self._paused:
            self._stop()
        elif self._buffer is None:
            self._run += 1
            self._buffer = RingBuffer(_BUFFER_BYTES)
            self._capture.open(self._run, self._make_source, [self._buffer])

    def _stop(self) -> None:
        if self._buffer is not None:
            self._capture.close(self._run)
            self._buffer = None

    @Slot(object)
    def _on_problem(self, problem: CaptureProblem) -> None:
        if problem.session == self._run:  # else of a microphone that was left already
            self._wanted = False
            self._stop()
            self.failed.emit(problem.message)
