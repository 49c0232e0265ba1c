"""PCM on its way from the microphone to the recogniser: a bounded buffer, levels, the mix of channels.

All audio is signed 16-bit little-endian. `RingBuffer` is for any threads, the rest is pure. May import: stdlib only.
"""

from __future__ import annotations

import math
import operator
import sys
import threading
from array import array
from collections import deque

from voicetype.core.ports import BYTES_PER_SAMPLE

FLOOR_DBFS = -90.0
"""What digital silence is reported as; 16 bits can tell little below that."""
FULL_SCALE = 32_768
NO_SIGNAL_PEAK = 1
"""Peak of digital silence, dither included: -90 dBFS, where the quietest real microphone has hundreds."""


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
    return dbfs(math.sqrt(sum(map(operator.mul, samples, samples)) / len(samples)))


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


class ChannelMixer:
    """Makes one channel of interleaved ones by averaging those that carry sound. One stream; one thread at a time.

    A channel of digital silence (a stereo input with one microphone) is left out: it would halve the level.
    """

    def __init__(self, channels: int, hold_frames: int) -> None:
        """`hold_frames`: how long a channel counts after its last sound. Raises ValueError when there is no channel."""
        if channels <= 0:
            raise ValueError(f"no such audio: {channels} channels")
        self._count = channels
        self._hold_frames = hold_frames
        self._alive_frames = [0] * channels

    def mix(self, pcm: bytes) -> bytes:
        """Mix the next block (whole frames)."""
        if self._count == 1:
            return pcm
        samples = samples_of(pcm)
        channels = [samples[channel :: self._count] for channel in range(self._count)]
        for number, channel in enumerate(channels):
            heard = has_signal(channel)
            self._alive_frames[number] = self._hold_frames if heard else self._alive_frames[number] - len(channel)
        alive = [channel for channel, frames in zip(channels, self._alive_frames, strict=True) if frames > 0]
        if len(alive) < 2:
            return pcm_of((alive or channels)[0])
        count = len(alive)
        return pcm_of(array("h", [total // count for total in map(sum, zip(*alive, strict=True))]))


def has_signal(samples: array[int]) -> bool:
    """Whether this is more than what a muted or absent microphone delivers: a peak above NO_SIGNAL_PEAK."""
    return bool(samples) and (max(samples) > NO_SIGNAL_PEAK or min(samples) < -NO_SIGNAL_PEAK)


def _whole_samples(size_bytes: int) -> int:
    return size_bytes - size_bytes % BYTES_PER_SAMPLE


def dbfs(amplitude: float) -> float:
    """An amplitude in samples as dB below full scale: 0.0 at most, FLOOR_DBFS at least."""
    if amplitude <= 0:
        return FLOOR_DBFS
    return max(FLOOR_DBFS, min(0.0, 20 * math.log10(amplitude / FULL_SCALE)))
