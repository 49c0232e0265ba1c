"""A device's own rate and channels brought to what the recogniser takes. One thread at a time; may import `core`, soxr.

soxr brings numpy along, some 13 MB that stay: both are imported with the first stream of another rate only.
"""

from __future__ import annotations

from typing import Any

from voicetype.core.audio import ChannelMixer
from voicetype.core.ports import SAMPLE_RATE_HZ


class PcmConverter:
    """Brings one stream (int16 LE, interleaved) to SAMPLE_RATE_HZ mono.

    Channels are mixed by `ChannelMixer`; libsoxr changes the rate, so that what lies above the Nyquist frequency does
    not fold into speech. The end of the stream lags behind by some milliseconds: `finish` returns it.
    """

    def __init__(self, rate_hz: int, channels: int) -> None:
        """Raises ValueError when there is no such audio."""
        if rate_hz <= 0:
            raise ValueError(f"no such audio: {rate_hz} Hz")
        self._mixer = ChannelMixer(channels, hold_frames=rate_hz)
        self._stream: Any = None
        if rate_hz != SAMPLE_RATE_HZ:
            import numpy
            import soxr

            self._numpy = numpy
            self._stream = soxr.ResampleStream(rate_hz, SAMPLE_RATE_HZ, 1, dtype="int16", quality="HQ")

    def convert(self, pcm: bytes) -> bytes:
        """Convert the next block (whole frames) of the stream."""
        return self._resampled(self._mixer.mix(pcm), last=False)

    def finish(self) -> bytes:
        """What is still inside; the stream ends with it."""
        rest = self._resampled(b"", last=True)
        self._stream = None  # the library complains at the interpreter's end of those that are alive
        return rest

    def _resampled(self, pcm: bytes, *, last: bool) -> bytes:
        if self._stream is None:
            return pcm
        resampled: bytes = self._stream.resample_chunk(self._numpy.frombuffer(pcm, "<i2"), last).tobytes()
        return resampled
