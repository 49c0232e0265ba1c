"""The sound of one dictation, from one microphone after another. Runs where `Capture` says; may import `core`.

A microphone that goes away in mid-dictation is followed by the next one: what was said is kept, a short silence keeps
the words apart, and the dictation goes on.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from loguru import logger

from voicetype.control.sinks import Sinks
from voicetype.core.audio import has_signal, samples_of
from voicetype.core.messages import AudioError, Level, MessageCode, UserMessage
from voicetype.core.ports import BYTES_PER_SECOND, AudioSink, AudioSource, MakeSource

PATIENCE_S = 10.0
"""How long a dictation stays open without a microphone: time to plug it in again, or for a headset to come back."""
RETRY_S = 0.3
"""An attempt costs about 0.1 s of another core."""
NO_SIGNAL_S = 2.0
_SEAM = bytes(BYTES_PER_SECOND // 5)
"""200 ms between two microphones, so that the word before and the one after are not glued together."""


@dataclass(frozen=True)
class RecordingListener:
    """Who hears of a recording.

    Attributes:
        first_block: the first samples of all arrived; the microphone's thread.
        block: each block; the microphone's thread.
        noticed: something to tell, while the recording goes on; the audio thread.
        failed: the recording cannot begin (False) or go on (True, lost); the audio thread.
        post: has something done on the audio thread after what is being done; any thread.
    """

    first_block: Callable[[], None]
    block: Callable[[bytes], None]
    noticed: Callable[[UserMessage], None]
    failed: Callable[[UserMessage, bool], None]
    post: Callable[[Callable[[], None]], None]


class Recording:
    """`start` and `stop` belong to the audio thread, `interrupt` to any.

    The sinks stay open until `stop`, also after `start` failed or the recording was lost.
    """

    def __init__(self, make_source: MakeSource, sinks: Sequence[AudioSink], listener: RecordingListener) -> None:
        self._first_source = make_source()
        self._make_source = make_source
        self._sinks = Sinks(sinks)
        self._listener = listener
        self._source: AudioSource | None = None
        self._interrupted = threading.Event()
        self._heard = self._told_no_signal = False
        self._deadline: float | None = None  # until when another microphone is waited for

    def start(self) -> bool:
        """Open the microphone; whether there is anything to stop."""
        if not self._interrupted.is_set():
            try:
                self._open(self._first_source, lambda: None)
            except AudioError as error:
                self._listener.failed(error.message, False)
                return False
        return True

    def interrupt(self) -> None:
        """Wait for no microphone any more: `stop` follows."""
        self._interrupted.set()

    def stop(self) -> None:
        """Close the microphone and the sinks; idempotent."""
        self._interrupted.set()
        self._stop_source()
        self._sinks.close()

    def _open(self, source: AudioSource, on_arrival: Callable[[], None]) -> None:
        self._source = source
        feed = _Feed(self._deliver, lambda: self._on_first(on_arrival), lambda: self._on_no_signal(source))

        def on_lost(error: AudioError) -> None:
            self._listener.post(lambda: self._on_lost(source, error))

        try:
            source.start(feed.take, on_lost)
        except AudioError:
            self._source = None
            raise
        except Exception as error:  # a driver's surprise must not leave the session hanging
            logger.exception("opening the microphone failed")
            self._stop_source()
            raise AudioError(MessageCode.MICROPHONE_FAILED, device="", detail=type(error).__name__) from error

    def _deliver(self, block: bytes) -> None:
        self._sinks.write(block)
        self._listener.block(block)

    def _on_first(self, on_arrival: Callable[[], None]) -> None:
        if self._heard:
            self._sinks.write(_SEAM)
        else:
            self._heard = True
            self._listener.first_block()
        self._deadline = None
        # What is open now is known when `start` has come back.
        self._listener.post(on_arrival)

    def _on_no_signal(self, source: AudioSource) -> None:
        if not self._told_no_signal:
            self._told_no_signal = True
            self._listener.post(lambda: self._tell(MessageCode.NO_SIGNAL, device=source.name))

    def _on_lost(self, lost: AudioSource, error: AudioError) -> None:
        if lost is not self._source or self._interrupted.is_set():
            return
        name, quiet = lost.name, error.message.level is Level.INFO
        logger.info("the microphone is lost ({}): looking for the next one", error.message.level.value)
        self._stop_source()
        self._listener.block(b"")
        if self._deadline is None:  # else the one that was found meanwhile delivered nothing
            self._deadline = time.monotonic() + PATIENCE_S
        while not self._interrupted.is_set():
            if self._replace(name, quiet=quiet):
                return
            if time.monotonic() > self._deadline:
                self._listener.failed(UserMessage(MessageCode.MICROPHONE_LOST, params={"device": name}), True)
                return
            self._interrupted.wait(RETRY_S)

    def _replace(self, before: str, *, quiet: bool) -> bool:
        source = self._make_source(replacement=True)
        try:
            self._open(source, lambda: self._on_replaced(before, source, quiet=quiet))
        except AudioError as error:
            logger.debug("no microphone yet: {}", error.message.code.value)
            return False
        return True

    def _on_replaced(self, before: str, source: AudioSource, *, quiet: bool) -> None:
        logger.info("recording goes on")
        if quiet:
            return
        if source.name == before:
            self._tell(MessageCode.MICROPHONE_BACK, device=before)
        else:
            self._tell(MessageCode.MICROPHONE_SWITCHED, device=before, next=source.name)

    def _tell(self, code: MessageCode, **params: str) -> None:
        if not self._interrupted.is_set():
            self._listener.noticed(UserMessage(code, Level.WARNING, params))

    def _stop_source(self) -> None:
        source, self._source = self._source, None
        if source is None:
            return
        try:
            source.stop()
        except Exception:  # noqa: BLE001  a device that is gone may fail to close; the audio is safe by now
            logger.exception("closing the microphone failed")


class _Feed:
    """What one microphone delivers. Its thread only."""

    def __init__(
        self, deliver: Callable[[bytes], None], on_first: Callable[[], None], on_no_signal: Callable[[], None]
    ) -> None:
        self._deliver = deliver
        self._on_first = on_first
        self._on_no_signal = on_no_signal
        self._first = True
        self._silent_bytes: int | None = 0  # None: it has a signal, or its silence was told

    def take(self, block: bytes) -> None:
        """Hand on the next block."""
        if self._first:
            self._first = False
            self._on_first()
        self._deliver(block)
        if self._silent_bytes is not None:
            self._listen(block)

    def _listen(self, block: bytes) -> None:
        assert self._silent_bytes is not None
        self._silent_bytes += len(block)
        if has_signal(samples_of(block)):
            self._silent_bytes = None
        elif self._silent_bytes >= NO_SIGNAL_S * BYTES_PER_SECOND:
            self._silent_bytes = None
            self._on_no_signal()
