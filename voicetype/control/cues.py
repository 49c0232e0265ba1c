"""Plays the sounds of a dictation and keeps them out of what is recorded. GUI thread; may import `qt` and `core`."""

from __future__ import annotations

from voicetype.core.config import AudioConfig
from voicetype.core.cues import Cue, CueGuard, CuePlayer, Sounding
from voicetype.core.ports import AudioSink
from voicetype.qt import QtCore, Signal, Slot

AFTERMATH_MS = 500
"""How long after its end a cue may still arrive: a Bluetooth loudspeaker is 0.25 s behind what the system knows of it,
the microphone 0.1 s, and a room takes time to be quiet."""
_LONGEST_MS = 3_000
"""A driver that never ends must not keep the filter in the dictation."""


class Cues(QtCore.QObject):
    """Tells by sounds what a dictation does.

    `READY` sounds while the microphone listens; `STOP` and `ERROR` are for when it has been closed. Whatever still
    sounds when a dictation is captured through `guard` does not get into it.
    """

    _ended = Signal(int)

    def __init__(self, player: CuePlayer, config: AudioConfig, parent: QtCore.QObject | None = None) -> None:
        super().__init__(parent)
        self._player = player
        self._config = config
        self._sounding = Sounding()
        self._begun = self._failed = False
        self._ended.connect(self._on_ended)

    def configure(self, config: AudioConfig) -> None:
        """Sound as these settings say from now on."""
        self._config = config

    def play(self, cue: Cue) -> None:
        """Begin to sound, unless the user wants no sounds; returns at once."""
        volume = self._config.sound_volume if self._config.sounds else 0
        if volume == 0:
            return
        number = self._sounding.begin(cue)
        QtCore.QTimer.singleShot(_LONGEST_MS, self, lambda: self._sounding.end(number))
        longest_ms = _LONGEST_MS + self._config.pre_roll_ms
        QtCore.QTimer.singleShot(longest_ms, self, lambda: self._sounding.forget(number))
        self._player.play(cue, volume, lambda: self._ended.emit(number))

    def begin(self) -> None:
        """The microphone listens."""
        self._begun, self._failed = True, False
        self.play(Cue.READY)

    def fail(self, *, listening: bool) -> None:
        """Something went wrong: sounds now or, while the microphone listens, when it has been closed."""
        if listening:
            self._failed = True
        else:
            self.play(Cue.ERROR)

    def end(self) -> None:
        """The microphone has been closed. Nothing sounds when it has never listened."""
        if self._begun:
            self.play(Cue.ERROR if self._failed else Cue.STOP)
        self._begun = self._failed = False

    def guard(self, sink: AudioSink) -> AudioSink:
        """A sink to capture into: `sink` gets the same sound without cues."""
        return CueGuard(sink, self._sounding)

    def close(self) -> None:
        """Let go of the loudspeaker; idempotent, bounded."""
        self._player.close()

    @Slot(int)
    def _on_ended(self, number: int) -> None:
        QtCore.QTimer.singleShot(AFTERMATH_MS, self, lambda: self._sounding.end(number))
        past_ms = AFTERMATH_MS + self._config.pre_roll_ms
        QtCore.QTimer.singleShot(past_ms, self, lambda: self._sounding.forget(number))
