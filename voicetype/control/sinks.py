"""Sound for several takers: as it is captured, or as it is read. Any thread; may import `core`."""

from __future__ import annotations

from collections.abc import Sequence

from loguru import logger

from voicetype.control.recognition_worker import AudioQueue
from voicetype.core.ports import AudioSink


class Sinks:
    """Several sinks as one: what befalls one of them does not concern the others. Implements `AudioSink`."""

    def __init__(self, sinks: Sequence[AudioSink]) -> None:
        self._sinks = list(sinks)
        self._sound: list[AudioSink] = list(sinks)

    def write(self, block: bytes) -> None:
        """Let all have the block."""
        for sink in list(self._sound):
            try:
                sink.write(block)
            except Exception:  # noqa: BLE001  the text must not be lost with a journal
                logger.exception("a sink of the sound fails; it gets no more")
                self._sound.remove(sink)

    def close(self) -> None:
        """Close all; idempotent."""
        for sink in self._sinks:
            try:
                sink.close()
            except Exception:  # noqa: BLE001  likewise
                logger.exception("a sink of the sound failed to close")


class Overheard:
    """A queue whose reader lets `sink` have everything first. Implements `AudioQueue`; one thread."""

    def __init__(self, audio: AudioQueue, sink: AudioSink) -> None:
        self._audio = audio
        self._sink = sink

    @property
    def dropped_bytes(self) -> int:
        """See `AudioQueue`."""
        return self._audio.dropped_bytes

    def read(self, timeout_s: float, max_bytes: int) -> bytes | None:
        """See `AudioQueue`."""
        block = self._audio.read(timeout_s, max_bytes)
        if block is None:
            self._sink.close()
        elif block:
            self._sink.write(block)
        return block
