"""A look at the microphone's level outside of a dictation, for the settings. GUI thread; may import `qt`, `core`."""

from __future__ import annotations

from voicetype.control.capture import Capture, CaptureProblem
from voicetype.core.ports import AudioSink, MakeSource
from voicetype.qt import QtCore, Signal, Slot


class LevelMonitor(QtCore.QObject):
    """Opens a microphone only to show its level.

    Signals:
        level_changed(SoundLevel): 20 times a second while running.
        failed(UserMessage): the microphone cannot be opened or went away; the monitor has stopped.
    """

    level_changed = Signal(object)
    failed = Signal(object)

    def __init__(self, make_source: MakeSource, sink: AudioSink, parent: QtCore.QObject | None = None) -> None:
        """`sink` gets what is heard, and `close` at the end of each microphone."""
        super().__init__(parent)
        self._sink = sink
        self._make_source = make_source
        self._capture = Capture(self)
        self._capture.failed.connect(self._on_problem)
        self._capture.level_changed.connect(self.level_changed)
        self._run = 0
        self._running = self._wanted = self._paused = self._broken = False

    @property
    def running(self) -> bool:
        """Whether the microphone is in use for the meter."""
        return self._running

    @Slot(bool)
    def set_wanted(self, wanted: bool) -> None:
        """Whether somebody looks at the meter."""
        self._wanted, self._broken = wanted, False
        self._start_or_stop()

    def set_paused(self, paused: bool) -> None:
        """Leave the microphone to a dictation meanwhile."""
        self._paused = paused
        self._start_or_stop()

    def restart(self) -> None:
        """Use the microphone that `make_source` gives now."""
        self._stop()
        self._broken = False
        self._start_or_stop()

    def shutdown(self) -> None:
        """End and wait for the device to be closed."""
        self.set_wanted(False)
        self._capture.shutdown()

    def _start_or_stop(self) -> None:
        if not self._wanted or self._paused or self._broken:
            self._stop()
        elif not self._running:
            self._run += 1
            self._running = True
            self._capture.open(self._run, self._make_source, [self._sink])

    def _stop(self) -> None:
        if self._running:
            self._running = False
            self._capture.close(self._run)

    @Slot(object)
    def _on_problem(self, problem: CaptureProblem) -> None:
        if problem.session == self._run:  # else of a microphone that was left already
            self._broken = True
            self._stop()
            self.failed.emit(problem.message)
