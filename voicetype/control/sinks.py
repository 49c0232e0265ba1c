"""Sound for several takers, as it is captured or as it is read, and sound that waits. Any thread; may import `core`."""

from __future__ import annotations

import threading
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


class KeptSound:
    """The sound of an earlier run, which is read only while nobody dictates. Implements `AudioQueue`.

    One thread reads, one (the GUI's) says when.
    """

    def __init__(self, audio: AudioQueue) -> None:
        self._audio = audio
        self._free = threading.Event()
        self._free.set()
        self._abandoned = False

    @property
    def dropped_bytes(self) -> int:
        """See `AudioQueue`."""
        return self._audio.dropped_bytes

    @property
    def abandoned(self) -> bool:
        """Whether it ended before its time, so that its text is not whole."""
        return self._abandoned

    def read(self, timeout_s: float, max_bytes: int) -> bytes | None:
        """See `AudioQueue`."""
        if not self._free.wait(timeout_s):
            return b""
        return None if self._abandoned else self._audio.read(timeout_s, max_bytes)

    def give_way(self, somebody_dictates: bool) -> None:
        """Wait while somebody dictates, else go on."""
        if somebody_dictates and not self._abandoned:
            self._free.clear()
        else:
            self._free.set()

    def abandon(self) -> None:
        """Its end has come; a later run recognises it from the beginning."""
        self._abandoned = True
        self._free.set()
