"""How loud captured sound is: readings for a meter, and how a meter moves. Pure; any threads where said."""

from __future__ import annotations

import math
import operator
from collections import deque
from dataclasses import dataclass

from voicetype.core.audio import FLOOR_DBFS, dbfs, samples_of

CLIPPED_DBFS = -0.1
"""A peak from here on was probably higher than 16 bits can tell."""
READING_MS = 50
"""A meter is read 20 times a second."""
_MOST_BLOCKS = 128
"""Two seconds of small blocks: what nobody has read for longer is of no interest."""
_HOLD_READINGS = 1_500 // READING_MS
_FALL_DB = 1.0
"""The held peak stays for 1.5 s, then falls by 20 dB a second."""
_CLIPPED_READINGS = 1_000 // READING_MS


@dataclass(frozen=True)
class SoundLevel:
    """Loudness (root mean square) and highest sample of a stretch of sound, in dB below full scale."""

    rms_dbfs: float = FLOOR_DBFS
    peak_dbfs: float = FLOOR_DBFS

    @property
    def clipped(self) -> bool:
        """Whether it was too loud for the microphone's input."""
        return self.peak_dbfs >= CLIPPED_DBFS


def level_of(pcm: bytes) -> SoundLevel:
    """The level of a stretch; of an empty one that of silence."""
    samples = samples_of(pcm)
    if not samples:
        return SoundLevel()
    power = sum(map(operator.mul, samples, samples)) / len(samples)
    return SoundLevel(dbfs(math.sqrt(power)), dbfs(max(max(samples), -min(samples))))


class LevelMeter:
    """Takes every block of a stream and tells the level since the last reading: no peak falls between two readings.

    One thread writes, another may read.
    """

    def __init__(self) -> None:
        self._blocks: deque[bytes] = deque(maxlen=_MOST_BLOCKS)
        self._last = SoundLevel()

    def write(self, block: bytes) -> None:
        """Take the next block; costs nothing."""
        self._blocks.append(block)

    def read(self) -> SoundLevel:
        """The level since the last reading; a device that works in longer blocks has the same level meanwhile."""
        blocks: list[bytes] = []
        while self._blocks:
            blocks.append(self._blocks.popleft())
        if blocks:
            self._last = level_of(b"".join(blocks))
        return self._last

    def clear(self) -> None:
        """Nothing is captured any more."""
        self._blocks.clear()
        self._last = SoundLevel()


@dataclass(frozen=True)
class MeterReading:
    """What a meter shows: level, held peak (dBFS), and whether the sound was clipped within the last second."""

    rms_dbfs: float = FLOOR_DBFS
    peak_dbfs: float = FLOOR_DBFS
    clipped: bool = False


class PeakHold:
    """How a meter moves: the highest peak and a clipped sound stay long enough to be seen. Fed every READING_MS."""

    def __init__(self) -> None:
        self._peak = FLOOR_DBFS
        self._held = 0
        self._clipped = 0

    def take(self, level: SoundLevel) -> MeterReading:
        """The next reading."""
        if level.peak_dbfs >= self._peak:
            self._peak, self._held = level.peak_dbfs, _HOLD_READINGS
        elif self._held:
            self._held -= 1
        else:
            self._peak = max(level.peak_dbfs, self._peak - _FALL_DB)
        self._clipped = _CLIPPED_READINGS if level.clipped else max(0, self._clipped - 1)
        return MeterReading(level.rms_dbfs, self._peak, self._clipped > 0)
