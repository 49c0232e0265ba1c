"""A WAV file in the microphone's place: the bundled sample, the benchmark, tests. Own thread; may import `core`."""

from __future__ import annotations

import threading
import time
import wave
from collections.abc import Callable
from pathlib import Path

from voicetype.core.messages import AudioError, MessageCode
from voicetype.core.ports import BYTES_PER_SAMPLE, BYTES_PER_SECOND, SAMPLE_RATE_HZ
from voicetype.system.resampling import PcmConverter

BLOCK_FRAMES = 512
"""As from the microphone."""
_CONVERTED_FRAMES = 65_536
_UNKNOWN_LENGTH_BYTES = 0x7FFF_0000
"""Programs that write into a pipe put such a length into the header."""
_UNSIGNED_TO_SIGNED = bytes(value ^ 0x80 for value in range(256))


class WaveSource:
    """Plays a file (int16, mono, SAMPLE_RATE_HZ) into the sink at `speed` times real time, then calls `on_end`.

    `on_end` runs on the source's thread and may call `stop`. Implements `core.ports.AudioSource`.
    """

    def __init__(self, path: Path, *, speed: float = 1.0, on_end: Callable[[], None] | None = None) -> None:
        self._path = path
        self._speed = speed
        self._on_end = on_end
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def name(self) -> str:
        """The file's."""
        return self._path.name

    def start(self, sink: Callable[[bytes], None], on_lost: Callable[[AudioError], None]) -> None:
        """Read the file and begin to play it. Raises AudioError when it is missing or of another format."""
        pcm = read_pcm(self._path)
        self._stopped.clear()
        self._thread = threading.Thread(target=self._play, args=(pcm, sink), name="wave-source", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop playing; idempotent."""
        self._stopped.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()
            self._thread = None

    def _play(self, pcm: bytes, sink: Callable[[bytes], None]) -> None:
        block_bytes = BLOCK_FRAMES * BYTES_PER_SAMPLE
        begin = time.monotonic()
        for offset in range(0, len(pcm), block_bytes):
            due = begin + (offset + block_bytes) / (BYTES_PER_SECOND * self._speed)
            if self._stopped.wait(max(0.0, due - time.monotonic())):
                return
            sink(pcm[offset : offset + block_bytes])
        if self._on_end is not None:
            self._on_end()


def read_pcm(path: Path) -> bytes:
    """All samples of a WAV file (int16, mono, SAMPLE_RATE_HZ). Raises AudioError otherwise."""
    try:
        with wave.open(str(path), "rb") as file:
            if (file.getnchannels(), file.getsampwidth(), file.getframerate()) != (1, BYTES_PER_SAMPLE, SAMPLE_RATE_HZ):
                raise AudioError(MessageCode.MICROPHONE_FAILED, device=path.name, detail="not 16 kHz mono 16-bit")
            return file.readframes(file.getnframes())
    except (OSError, EOFError, wave.Error) as error:
        raise AudioError(MessageCode.MICROPHONE_FAILED, device=path.name, detail=error) from error


def read_converted_pcm(path: Path) -> bytes:
    """All sound of a WAV file of any rate, channels and sample width, as int16 mono of SAMPLE_RATE_HZ.

    Raises AudioError (FILE_NOT_FOUND, SOUND_UNREADABLE), also for a file that was cut off or holds no sound.
    """
    try:
        with wave.open(str(path), "rb") as file:
            rate_hz, channels, width = file.getframerate(), file.getnchannels(), file.getsampwidth()
            told = file.getnframes() * channels * width
            content = file.readframes(file.getnframes())
        converter = PcmConverter(rate_hz, channels)
    except FileNotFoundError as error:
        raise AudioError(MessageCode.FILE_NOT_FOUND, path=path) from error
    except (OSError, EOFError, ValueError, wave.Error) as error:
        raise AudioError(MessageCode.SOUND_UNREADABLE, path=path, detail=error) from error
    if not content or len(content) < told < _UNKNOWN_LENGTH_BYTES:
        raise AudioError(MessageCode.SOUND_UNREADABLE, path=path, detail=f"{len(content)} < {told}")
    content = content[: len(content) - len(content) % (channels * width)]
    pcm = _of_16_bits(content, width)
    block_bytes = _CONVERTED_FRAMES * channels * BYTES_PER_SAMPLE
    blocks = (pcm[offset : offset + block_bytes] for offset in range(0, len(pcm), block_bytes))
    return b"".join([*map(converter.convert, blocks), converter.finish()])


def _of_16_bits(content: bytes, width: int) -> bytes:
    """Samples of `width` bytes as int16: the upper two bytes; those of one byte have no sign in WAV files."""
    if width == BYTES_PER_SAMPLE:
        return content
    pcm = bytearray(len(content) // width * BYTES_PER_SAMPLE)
    if width == 1:
        pcm[1::2] = content.translate(_UNSIGNED_TO_SIGNED)
    else:
        pcm[0::2], pcm[1::2] = content[width - 2 :: width], content[width - 1 :: width]
    return bytes(pcm)
