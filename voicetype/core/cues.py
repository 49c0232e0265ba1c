"""The sounds that tell of a dictation's start, end and failure, and how they are kept out of it. Pure; any threads.

The first one sounds while the microphone listens. It is a single tone with a smooth envelope, so nearly all of it lies
in a narrow band, which a filter takes out of the captured sound while it may be heard. Speech does without that band.
"""

from __future__ import annotations

import cmath
import enum
import math
import operator
import threading
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from voicetype.core.audio import FULL_SCALE, level_dbfs, pcm_of, samples_of
from voicetype.core.ports import SAMPLE_RATE_HZ, AudioSink

_LOUDEST = 0.5
"""Amplitude at volume 100: as loud as music; loudspeakers make no overtones of it yet."""
_BAND_PULSES = 20.0
"""Bandwidth of the filter times length of a pulse: with these and _ORDER a tone loses 55 dB, its beginning included."""
_ORDER = 3
_PRIMING_SAMPLES = 800
"""50 ms: the filter rings for less."""
_TONE_SHARE = 0.2
"""A block that has less of its power in the band has no tone that matters."""
_REST_DBFS = -65.0
"""What is left of a tone below this is silenced: in perfect silence a recogniser makes a word even of that."""
_FIT_SAMPLES = 320
"""20 ms tell how loud a tone is and whether it swells."""


@dataclass(frozen=True)
class _Tone:
    hertz: float
    pulse_s: float
    pulses: int = 1


class Cue(enum.Enum):
    """One of the sounds."""

    READY = _Tone(988, 0.12)
    """The microphone listens: the first sound has been captured."""
    STOP = _Tone(659, 0.12)
    """It does not any more."""
    ERROR = _Tone(440, 0.06, 2)
    """Something went wrong, and the screen says what."""

    def render(self, volume: int, rate_hz: int) -> bytes:
        """Its PCM (int16, mono) at a volume from 0 to 100."""
        tone = self.value
        count = round(tone.pulse_s * rate_hz)
        amplitude = _LOUDEST * volume / 100 * (FULL_SCALE - 1)
        step = 2 * math.pi * tone.hertz / rate_hz
        turn = 2 * math.pi / count
        pulse = (math.sin(step * index) * (1 - math.cos(turn * index)) / 2 for index in range(count))
        return pcm_of(array("h", (round(amplitude * value) for value in pulse)) * tone.pulses)


class CuePlayer(Protocol):
    """A loudspeaker. Used by one thread."""

    def play(self, cue: Cue, volume: int, on_end: Callable[[], None]) -> None:
        """Sound soon, at a volume from 0 to 100; returns at once. Without a loudspeaker nothing sounds.

        `on_end` is called once, from any thread, when it has sounded or cannot.
        """

    def close(self) -> None:
        """Let go of the loudspeaker; idempotent, bounded."""


class Sounding:
    """Which cues may be in the captured sound at present. Any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._count = 0
        self._cues: dict[int, Cue] = {}
        self._recent: dict[int, Cue] = {}

    def begin(self, cue: Cue) -> int:
        """One is about to sound; returns what `end` wants to have."""
        with self._lock:
            self._count += 1
            self._cues[self._count] = self._recent[self._count] = cue
            return self._count

    def end(self, number: int) -> None:
        """It cannot be heard any more; idempotent."""
        with self._lock:
            self._cues.pop(number, None)

    def forget(self, number: int) -> None:
        """It is in no sound any more that a dictation may begin with; idempotent."""
        with self._lock:
            self._recent.pop(number, None)

    def cues(self) -> frozenset[Cue]:
        """Those that may be heard."""
        with self._lock:
            return frozenset(self._cues.values())

    def recent(self) -> frozenset[Cue]:
        """Those that may be in what was captured before a dictation began."""
        with self._lock:
            return frozenset(self._recent.values())


class CueGuard:
    """Hands captured sound on without the cues in it. Implements `core.ports.AudioSink`.

    Costs nothing while no cue sounds, and 2 % of a core for each one that does.
    """

    def __init__(self, sink: AudioSink, sounding: Sounding) -> None:
        self._sink = sink
        self._sounding = sounding
        self._filters: dict[Cue, ToneFilter] = {}
        self._begun = False

    def write(self, block: bytes) -> None:
        """Take the next block; it comes out at once and as long as it was."""
        # The first block holds the pre-roll, which may be older than what sounds now.
        cues = self._sounding.cues() if self._begun else self._sounding.cues() | self._sounding.recent()
        self._begun = True
        if cues or self._filters:
            self._filters = {cue: self._filters.get(cue) or ToneFilter(cue) for cue in cues}
            for each in self._filters.values():
                block = each.filtered(block)
        self._sink.write(block)

    def close(self) -> None:
        """The sound has ended; idempotent."""
        self._sink.close()


class ToneFilter:
    """Takes a cue's band out of one stream: a Butterworth band-stop, since it is flat around the tone."""

    def __init__(self, cue: Cue) -> None:
        tone = cue.value
        angle = 2 * math.pi * tone.hertz / SAMPLE_RATE_HZ
        half_band = math.pi * _BAND_PULSES / tone.pulse_s / SAMPLE_RATE_HZ
        self._angle = angle
        self._primed = False
        self._zero = -2 * math.cos(angle)
        self._sections = [_Section(pole) for pole in _poles(angle, half_band)]
        gains = ((1 + section.a1 + section.a2) / (2 + self._zero) for section in self._sections)
        self._gain = math.prod(gains)

    def filtered(self, block: bytes) -> bytes:
        """The next block, without the tone if it has any: speech in which none sounds stays as it was."""
        samples = samples_of(block)
        if samples and not self._primed:
            self._primed = True
            self._run(self._before(samples[:_FIT_SAMPLES]))
        limit = FULL_SCALE - 1
        rest = array("h", (max(-limit, min(limit, round(value))) for value in self._run(samples)))
        removed = sum((before - after) ** 2 for before, after in zip(samples, rest, strict=True))
        if removed <= _TONE_SHARE * sum(map(operator.mul, samples, samples)):
            return block
        rest_pcm = pcm_of(rest)
        return rest_pcm if level_dbfs(rest_pcm) > _REST_DBFS else bytes(len(block))

    def _run(self, samples: Iterable[float]) -> Iterable[float]:
        signal: Iterable[float] = [self._gain * sample for sample in samples]
        for section in self._sections:
            signal = section.filtered(signal, self._zero)
        return signal

    def _before(self, samples: Sequence[int]) -> list[float]:
        """The tone as it must have been before these samples: a dictation may begin while one sounds.

        Without that its beginning would be abrupt, thus wider than the filter.
        """
        half = len(samples) // 2
        first, second = self._phasor(samples[:half], 0), self._phasor(samples[half : 2 * half], half)
        phasor = 1.5 * first - 0.5 * second  # a tone that swells or fades goes on to
        return [(phasor * cmath.exp(1j * self._angle * index)).real for index in range(-_PRIMING_SAMPLES, 0)]

    def _phasor(self, samples: Sequence[int], begin: int) -> complex:
        """Amplitude and phase of the tone in some of the samples."""
        if not samples:
            return 0
        turns = (cmath.exp(-1j * self._angle * index) for index in range(begin, begin + len(samples)))
        return 2 * sum((sample * turn for sample, turn in zip(samples, turns, strict=True)), 0j) / len(samples)


class _Section:
    """Two zeros on the tone and a pair of poles, with its memory."""

    def __init__(self, pole: complex) -> None:
        self.a1, self.a2 = -2 * pole.real, abs(pole) ** 2
        self._first = self._second = 0.0

    def filtered(self, signal: Iterable[float], zero: float) -> list[float]:
        a1, a2, first, second = self.a1, self.a2, self._first, self._second
        output: list[float] = []
        for value in signal:
            result = value + first
            first = zero * value - a1 * result + second
            second = value - a2 * result
            output.append(result)
        self._first, self._second = first, second
        return output


def _poles(angle: float, half_band: float) -> Iterable[complex]:
    for index in range(_ORDER):
        prototype = cmath.exp(1j * math.pi * (2 * index + _ORDER + 1) / (2 * _ORDER))
        yield cmath.exp(1j * angle + half_band * prototype.conjugate())
