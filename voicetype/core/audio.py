"""PCM on its way from the microphone to the recogniser: a bounded buffer, levels, conversion of rate and channels.

All audio is signed 16-bit little-endian. `RingBuffer` is for any threads, the rest is pure. May import: stdlib only.
"""

from __future__ import annotations

import math
import operator
import sys
import threading
from array import array
from collections import deque

from voicetype.core.ports import BYTES_PER_SAMPLE, SAMPLE_RATE_HZ

FLOOR_DBFS = -90.0
"""What digital silence is reported as; 16 bits can tell little below that."""
FULL_SCALE = 32_768
_FILTER_ZERO_CROSSINGS = 12
"""Half length of the anti-aliasing filter: over 50 dB from 9 kHz on, which speech recognition cannot tell from none."""
_PASSBAND = 0.9
"""Share of the lower Nyquist frequency that passes; the rest is the filter's slope."""


class RingBuffer:
    """A bounded first-in-first-out queue of samples between one writer and one reader; any threads.

    When it is full the oldest samples make room and are counted. Closing it is the end of the stream: what is in it
    can still be read, so the end cannot overtake audio.
    """

    def __init__(self, capacity_bytes: int) -> None:
        if capacity_bytes < BYTES_PER_SAMPLE:
            raise ValueError(f"a buffer of {capacity_bytes} bytes holds no sample")
        self._capacity = _whole_samples(capacity_bytes)
        self._blocks: deque[bytes] = deque()
        self._size = 0
        self._dropped = 0
        self._closed = False
        self._changed = threading.Condition()

    @property
    def dropped_bytes(self) -> int:
        """How much was lost because nobody read in time."""
        with self._changed:
            return self._dropped

    @property
    def size_bytes(self) -> int:
        """How much waits for the reader."""
        with self._changed:
            return self._size

    def write(self, block: bytes) -> None:
        """Append whole samples; never waits for the reader. After `close` it does nothing.

        Raises ValueError when `block` ends in the middle of a sample.
        """
        if len(block) % BYTES_PER_SAMPLE:
            raise ValueError(f"{len(block)} bytes are not whole samples")
        if not block:
            return
        with self._changed:
            if self._closed:
                return
            self._blocks.append(bytes(block))
            self._size += len(block)
            excess = self._size - self._capacity
            if excess > 0:
                self._dropped += len(self._take(excess))
            self._changed.notify_all()

    def read(self, timeout_s: float, max_bytes: int) -> bytes | None:
        """Wait for audio and return at most `max_bytes` of it (at least one sample).

        Returns b"" when none came within `timeout_s`, None when the stream has ended and all of it was read.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._size or self._closed, timeout_s)
            if self._size:
                return self._take(max(BYTES_PER_SAMPLE, _whole_samples(max_bytes)))
            return None if self._closed else b""

    def close(self) -> None:
        """End the stream; idempotent. A waiting reader wakes."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _take(self, wanted: int) -> bytes:
        taken: list[bytes] = []
        missing = min(wanted, self._size)
        self._size -= missing
        while missing:
            block = self._blocks.popleft()
            if len(block) > missing:
                self._blocks.appendleft(block[missing:])
                block = block[:missing]
            taken.append(block)
            missing -= len(block)
        return b"".join(taken)


def level_dbfs(pcm: bytes) -> float:
    """Loudness (root mean square) of a block in dB below full scale: 0.0 at most, FLOOR_DBFS at least."""
    samples = samples_of(pcm)
    if not samples:
        return FLOOR_DBFS
    return _dbfs(math.sqrt(sum(map(operator.mul, samples, samples)) / len(samples)))


def samples_of(pcm: bytes) -> array[int]:
    """The samples of whole-sample PCM."""
    samples = array("h", pcm)
    if sys.byteorder == "big":
        samples.byteswap()
    return samples


def pcm_of(samples: array[int]) -> bytes:
    """PCM of 16-bit samples: the inverse of `samples_of`."""
    if sys.byteorder == "big":
        samples = samples[:]
        samples.byteswap()
    return samples.tobytes()


class PcmConverter:
    """Brings a device's own rate and channels to SAMPLE_RATE_HZ mono. One stream; used by one thread at a time.

    Channels are averaged; the rate changes by a polyphase windowed-sinc filter, so that what lies above the Nyquist
    frequency does not fold into speech. Costs about a twentieth of a core at 48 kHz and less than 1 ms of delay.
    """

    def __init__(self, rate_hz: int, channels: int) -> None:
        if rate_hz <= 0 or channels <= 0:
            raise ValueError(f"no such audio: {rate_hz} Hz, {channels} channels")
        self._channels = channels
        common = math.gcd(rate_hz, SAMPLE_RATE_HZ)
        self._up, self._down = SAMPLE_RATE_HZ // common, rate_hz // common
        self._phases = _polyphase_filter(self._up, self._down) if rate_hz != SAMPLE_RATE_HZ else []
        taps = len(self._phases[0]) if self._phases else 1
        self._history: list[float] = [0.0] * (taps - 1)
        self._position = 0  # of the next output, in input samples times `_up`, from the history's start

    def convert(self, pcm: bytes) -> bytes:
        """Convert the next block (interleaved, whole frames) of the stream."""
        samples = samples_of(pcm)
        if self._channels > 1:
            samples = self._mixed(samples)
        if self._phases:
            samples = self._resampled(samples)
        return pcm_of(samples)

    def _mixed(self, samples: array[int]) -> array[int]:
        channels = [samples[channel :: self._channels] for channel in range(self._channels)]
        return array("h", (sum(frame) // self._channels for frame in zip(*channels, strict=True)))

    def _resampled(self, samples: array[int]) -> array[int]:
        signal = self._history
        signal.extend(samples)
        taps = len(self._phases[0])
        output = array("h")
        position = self._position
        while (start := position // self._up) + taps <= len(signal):
            phase = self._phases[position % self._up]
            value = round(sum(map(operator.mul, phase, signal[start : start + taps])))
            output.append(max(-FULL_SCALE, min(FULL_SCALE - 1, value)))
            position += self._down
        used = min(position // self._up, len(signal))
        self._position = position - used * self._up
        del signal[:used]
        return output


def _polyphase_filter(up: int, down: int) -> list[list[float]]:
    """For each of `up` fractional positions the weights of consecutive input samples; each sums to 1."""
    stretch = max(1.0, down / up)
    half = math.ceil(_FILTER_ZERO_CROSSINGS * stretch)
    cutoff = _PASSBAND / stretch
    phases: list[list[float]] = []
    for phase in range(up):
        distances = [index - (half - 1) - phase / up for index in range(2 * half)]
        weights = [_sinc(cutoff * distance) * _window(distance / half) for distance in distances]
        total = sum(weights)
        phases.append([weight / total for weight in weights])
    return phases


def _sinc(x: float) -> float:
    return math.sin(math.pi * x) / (math.pi * x) if x else 1.0


def _window(x: float) -> float:
    """Blackman's window over -1 to 1."""
    if abs(x) >= 1:
        return 0.0
    return 0.42 + 0.5 * math.cos(math.pi * x) + 0.08 * math.cos(2 * math.pi * x)


def _whole_samples(size_bytes: int) -> int:
    return size_bytes - size_bytes % BYTES_PER_SAMPLE


def _dbfs(amplitude: float) -> float:
    if amplitude <= 0:
        return FLOOR_DBFS
    return max(FLOOR_DBFS, min(0.0, 20 * math.log10(amplitude / FULL_SCALE)))
