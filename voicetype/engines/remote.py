"""Models that live in processes of their own, behind the ports. Any thread; all calls block.

`load_speech` and `load_punctuation` belong on a loader thread; what they return is used as if it were in the process.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from loguru import logger

from voicetype.core.messages import MessageCode, ModelError
from voicetype.core.ports import FinalResult, PartialResult
from voicetype.core.status import PUNCTUATION, SILERO, SPEECH
from voicetype.engines.framing import Frame, Kind
from voicetype.engines.process import REPLY_TIMEOUT_S, EngineProcess
from voicetype.engines.providers import CPU, Fallback

_SLOWEST_CHARACTERS_PER_SECOND = 500
"""A tenth of what the largest model does on one old core; only bounds the wait for a long text."""
_SLOWEST_BYTES_PER_SECOND = 8_000
"""Audio that is decoded four times slower than it was spoken; only bounds the wait."""


class RemoteSpeechModel:
    """A loaded speech model. Implements `core.ports.SpeechModel`."""

    def __init__(self, process: EngineProcess) -> None:
        self._process = process
        self._streams = itertools.count(1)

    @property
    def pid(self) -> int:
        """The engine's process id, for metrics."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the engine still runs; a dead one has to be loaded again."""
        return self._process.is_alive

    def create_recognizer(self) -> RemoteRecognizer:
        """Open a new stream. Raises ModelError."""
        stream = next(self._streams)
        self._process.ask("open", stream)
        return RemoteRecognizer(self._process, stream)

    def close(self) -> None:
        """End the engine's process; idempotent. Recognisers that still run fail."""
        self._process.close()


class RemoteRecognizer:
    """One stream of speech. Implements `core.ports.Recognizer`; made by `RemoteSpeechModel.create_recognizer`."""

    def __init__(self, process: EngineProcess, stream: int) -> None:
        self._process = process
        self._stream = stream
        self._closed = False

    def accept(self, pcm: bytes) -> PartialResult | FinalResult:
        """Decode a block (int16 LE mono, SAMPLE_RATE_HZ, any length). Raises ModelError."""
        timeout_s = REPLY_TIMEOUT_S + len(pcm) / _SLOWEST_BYTES_PER_SECOND
        fields = self._process.request(Frame(Kind.AUDIO, pcm, self._stream), timeout_s)
        return FinalResult(fields["final"]) if "final" in fields else PartialResult(fields["partial"])

    def finish(self) -> FinalResult:
        """Flush the stream and return the last phrase. Raises ModelError."""
        fields: Mapping[str, Any] = self._process.ask("finish", self._stream)
        return FinalResult(fields["final"])

    def close(self) -> None:
        """Free the stream; idempotent. A stream of a dead engine is free already."""
        if self._closed:
            return
        self._closed = True
        try:
            self._process.ask("close", self._stream)
        except ModelError as error:
            if error.message.code is not MessageCode.ENGINE_DIED:
                raise


class RemotePunctuator:
    """A loaded punctuation model. Implements `core.ports.Punctuator`.

    Args:
        process: its process.
        about: what it said when it was ready.
        on_fallback: called on the thread that uses the model for each device that turns out not to run it.

    Attributes:
        device: what it runs on.
        fallbacks: devices that do not run it; may grow while it is used.
    """

    def __init__(
        self,
        process: EngineProcess,
        about: Mapping[str, Any],
        on_fallback: Callable[[Fallback], None] = lambda fallback: None,
    ) -> None:
        self._process = process
        self._on_fallback = on_fallback
        self.device = CPU
        self.fallbacks: tuple[Fallback, ...] = ()
        self._take(about)

    @property
    def pid(self) -> int:
        """The engine's process id, for metrics."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the engine still runs; a dead one has to be loaded again."""
        return self._process.is_alive

    def enhance(self, text: str) -> str:
        """Return the same words with case and marks. Raises ModelError."""
        timeout_s = REPLY_TIMEOUT_S + len(text) / _SLOWEST_CHARACTERS_PER_SECOND
        fields = self._process.ask("enhance", timeout_s=timeout_s, text=text)
        self._take(fields)
        return str(fields["text"])

    def close(self) -> None:
        """End the engine's process; idempotent. A call that still runs fails."""
        self._process.close()

    def _take(self, about: Mapping[str, Any]) -> None:
        self.device = str(about["device"])
        fallbacks = tuple(Fallback(device, reason) for device, reason in about["fallbacks"])
        for fallback in fallbacks[len(self.fallbacks) :]:
            logger.warning("the punctuation model does not run on {}: {}", fallback.device, fallback.reason)
            self._on_fallback(fallback)
        self.fallbacks = fallbacks


def load_speech(
    path: Path,
    *,
    timeout_s: float,
    on_progress: Callable[[int], None],
    cancelled: threading.Event | None = None,
) -> RemoteSpeechModel:
    """Start a process that loads the Vosk model in `path`, and wait until it is warm.

    Args:
        path: the model's folder.
        timeout_s: after so long the process is killed.
        on_progress: called on this thread with 0 to 100.
        cancelled: setting it from another thread kills the process and ends the wait.

    Raises ModelError: MODEL_MISSING, MODEL_BROKEN, MODEL_TIMEOUT, ENGINE_DIED (also when cancelled).
    """
    process = EngineProcess(SPEECH, path)
    process.wait_ready(timeout_s, on_progress, cancelled)
    return RemoteSpeechModel(process)


def load_punctuation(
    path: Path,
    *,
    timeout_s: float,
    on_progress: Callable[[int], None],
    cancelled: threading.Event | None = None,
    device: str = CPU,
    on_fallback: Callable[[Fallback], None] = lambda fallback: None,
) -> RemotePunctuator:
    """As `load_speech`, for the RUPunct model in `path`.

    `device` is one of `providers.DEVICES`; `on_fallback` hears of each that does not run the model, also later.
    """
    process = EngineProcess(PUNCTUATION, path, options=(device,))
    return RemotePunctuator(process, process.wait_ready(timeout_s, on_progress, cancelled), on_fallback)


def load_silero(
    path: Path,
    *,
    timeout_s: float,
    on_progress: Callable[[int], None],
    cancelled: threading.Event | None = None,
) -> RemotePunctuator:
    """As `load_speech`, for the Silero TE model in `path`. Raises also ModelError (SILERO_NOT_INSTALLED)."""
    process = EngineProcess(SILERO, path)
    return RemotePunctuator(process, process.wait_ready(timeout_s, on_progress, cancelled))
