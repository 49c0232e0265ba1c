"""Where in a stream of sound somebody speaks, and which phrases are none. Pure; any threads.

A library's claim about a frame is not enough: webrtcvad takes steady noise from -30 dBFS on for speech. So a frame
counts only when it also stands out from what is always there, and when its neighbours do.
"""

from __future__ import annotations

import math
import operator
import threading
from array import array
from collections.abc import Callable, Sequence
from itertools import islice

from voicetype.core.audio import FLOOR_DBFS, FULL_SCALE, samples_of
from voicetype.core.ports import BYTES_PER_SAMPLE, SAMPLE_RATE_HZ, FinalResult, PartialResult

FRAME_MS = 20
"""Length of the frames that a detector judges."""
FRAME_BYTES = FRAME_MS * SAMPLE_RATE_HZ // 1000 * BYTES_PER_SAMPLE
SPOKEN_MS = 60
"""Less speech than this is no word; single short words ("ок", "да") measured 100 ms and more."""
_MARGIN_DB = 6.0
"""How far speech stands out from the noise; frames of steady noise differ by 3 dB at most."""
_QUIETEST_DBFS = -65.0
"""What is quieter is no speech, however silent it is around: the last of a cue in digital silence, for one."""
_LAG = 4
"""Distance in samples of the difference that levels are taken from: it lets 250 to 3700 Hz pass, so that neither mains
hum nor an offset hides quiet speech."""
_BLOCK_FRAMES = 25
"""Half a second has one noise level: its quietest fifth, so that a gap of 0.1 s says nothing."""
_QUIET_SHARE = 0.2
_BLOCKS_BEFORE, _BLOCKS_AFTER = 6, 2
"""The noise around a frame is the lowest level within 3 s before it and 1 s after: nobody speaks so long on end."""
_NEIGHBOURS = 2
_WITNESSES = 3
"""A frame of speech has three such frames among the five around it; the click of a key alone has one or two."""
_KEPT_BLOCKS = 2 * 900
"""A quarter of an hour; who asks comes later by the length of the capture's buffer at most, which is shorter."""

Detector = Callable[[bytes], bool]
"""Whether a frame (FRAME_BYTES of PCM) sounds like speech; called in the order of the stream."""


class SpeechSpans:
    """Listens to one stream and knows where in it somebody speaks. Implements `core.ports.AudioSink`.

    Positions are milliseconds since the stream's beginning. Costs about 40 µs a frame and 90 kB at most.
    """

    def __init__(self, detect: Detector) -> None:
        self._detect = detect
        self._lock = threading.Lock()
        self._rest = b""
        self._claims = bytearray()
        self._levels = array("f")
        self._floors: list[float] = []  # of whole blocks
        self._forgotten = 0  # frames
        self._last_speech = -1
        self._awake = False
        self._closed = False

    @property
    def position_ms(self) -> int:
        """How much of the stream has been judged."""
        with self._lock:
            return self._count() * FRAME_MS

    @property
    def heard(self) -> bool:
        """Whether anybody has spoken so far."""
        with self._lock:
            return self._last_speech >= 0

    @property
    def silence_ms(self) -> int:
        """Time since the last speech, or since the beginning."""
        with self._lock:
            return (self._count() - self._last_speech - 1) * FRAME_MS

    def write(self, block: bytes) -> None:
        """Judge the next block of any length; after `close` nothing."""
        with self._lock:
            if self._closed:
                return
            pcm = self._rest + block
            whole = len(pcm) - len(pcm) % FRAME_BYTES
            self._rest = pcm[whole:]
            for start in range(0, whole, FRAME_BYTES):
                self._take(pcm[start : start + FRAME_BYTES])

    def close(self) -> None:
        """The stream has ended; idempotent. What is known of it stays."""
        with self._lock:
            self._closed = True

    def speech_ms(self, from_ms: int, to_ms: int) -> int:
        """How much speech there is between two positions. What is too long ago to be known counts as speech."""
        with self._lock:
            first, end = from_ms // FRAME_MS, min(-(-to_ms // FRAME_MS), self._count())
            unknown = max(0, min(end, self._forgotten) - first)
            first = max(first, self._forgotten)
            return (unknown + sum(self._speech(first, end))) * FRAME_MS

    def _count(self) -> int:
        return self._forgotten + len(self._claims)

    def _take(self, frame: bytes) -> None:
        self._claims.append(self._detect(frame))
        level = _band_level_dbfs(frame)
        # A driver that is not awake yet delivers zeros; they say nothing about the noise of the room.
        self._awake = self._awake or level > FLOOR_DBFS
        self._levels.append(level if self._awake else 0.0)
        if len(self._levels) % _BLOCK_FRAMES == 0:
            self._floors.append(_noise_dbfs(self._levels[-_BLOCK_FRAMES:]))
            if len(self._floors) > 2 * _KEPT_BLOCKS:
                self._forget(_KEPT_BLOCKS)
        judged = self._count() - 1 - _NEIGHBOURS
        if judged >= self._forgotten and any(self._speech(judged, judged + 1)):
            self._last_speech = judged

    def _forget(self, blocks: int) -> None:
        frames = blocks * _BLOCK_FRAMES
        del self._claims[:frames], self._levels[:frames], self._floors[:blocks]
        self._forgotten += frames

    def _speech(self, first: int, end: int) -> list[bool]:
        """For each frame in the range whether it is speech, as far as is known now."""
        first, end = first - self._forgotten, end - self._forgotten
        before = max(0, first - _NEIGHBOURS)
        known = min(len(self._claims), end + _NEIGHBOURS)
        stands_out = [self._stands_out(index) for index in range(before, known)]
        return [
            stands_out[index - before]
            and sum(stands_out[max(0, index - _NEIGHBOURS - before) : index + _NEIGHBOURS + 1 - before]) >= _WITNESSES
            for index in range(first, end)
        ]

    def _stands_out(self, index: int) -> bool:
        threshold = max(_QUIETEST_DBFS, self._floor(index // _BLOCK_FRAMES) + _MARGIN_DB)
        return bool(self._claims[index]) and self._levels[index] >= threshold

    def _floor(self, block: int) -> float:
        known = self._floors[max(0, block - _BLOCKS_BEFORE) : block + _BLOCKS_AFTER + 1]
        return min(known) if known else _noise_dbfs(self._levels[-_BLOCK_FRAMES:])


class PhraseGate:
    """Lets a phrase through only if somebody speaks in its stretch of the sound. Used by one thread.

    Attributes:
        dropped: phrases that a recogniser made out of something else.
    """

    def __init__(self, speech: SpeechSpans) -> None:
        self._speech = speech
        self._begin_ms = 0
        self._spoken = False
        self.dropped = 0

    def admit(self, result: PartialResult | FinalResult, position_ms: int) -> PartialResult | FinalResult:
        """The result, or an empty one. `position_ms`: how much of the stream the recogniser had taken when it came."""
        if result.text.strip() and not self._spoken:
            self._spoken = self._speech.speech_ms(self._begin_ms, position_ms) >= SPOKEN_MS
        admitted = result
        if result.text.strip() and not self._spoken:
            admitted = type(result)("")
            self.dropped += isinstance(result, FinalResult)
        if isinstance(result, FinalResult):
            self._begin_ms, self._spoken = position_ms, False
        return admitted


def _band_level_dbfs(frame: bytes) -> float:
    samples = samples_of(frame)
    differences = list(map(operator.sub, islice(samples, _LAG, None), samples))
    power = sum(map(operator.mul, differences, differences)) / len(differences)
    return max(FLOOR_DBFS, 10 * math.log10(power / (2 * FULL_SCALE**2))) if power else FLOOR_DBFS


def _noise_dbfs(levels: Sequence[float]) -> float:
    """What is always there."""
    return sorted(levels)[int(len(levels) * _QUIET_SHARE)]
