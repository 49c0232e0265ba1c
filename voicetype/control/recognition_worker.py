"""The recognition thread: audio in, text out. Runs on its own QThread; may import `qt` and `core`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from loguru import logger

from voicetype.core.formatting import finish_sentences
from voicetype.core.messages import Level, MessageCode, ModelError, UserMessage
from voicetype.core.ports import Punctuator, Recognizer, SpeechModel, Transcript
from voicetype.core.transcript import TranscriptAssembler
from voicetype.qt import QtCore, Signal

READ_TIMEOUT_S = 0.5
"""How long one wait for audio lasts; only bounds the wait, data wakes the reader at once."""
MAX_BLOCK_BYTES = 8_000
"""A quarter of a second: a backlog is decoded in few calls, and partials still come four times a second of speech."""


class AudioQueue(Protocol):
    """The reading side of a ring buffer."""

    def read(self, timeout_s: float, max_bytes: int) -> bytes | None:
        """Next audio; b"" on time-out, None at the end of the stream."""


class Lease(Protocol):
    """A hold on the models; while it lasts they are not unloaded."""

    def wait_speech(self, timeout_s: float | None = None) -> SpeechModel:
        """Block until the speech model is ready. Raises ModelError."""

    def wait_punctuation(self, timeout_s: float | None = None) -> Punctuator | None:
        """Block until the punctuation model is ready; None when it is off or failed."""

    def release(self) -> None:
        """Give the hold back; idempotent."""


@dataclass(frozen=True)
class TranscriptUpdate:
    """Text of dictation `session` so far."""

    session: int
    transcript: Transcript


@dataclass(frozen=True)
class RecognizedText:
    """Outcome of dictation `session`.

    Attributes:
        text: finished sentences; "" when nothing was recognised.
        problem: what went wrong on the way, if anything; the text then holds what could be saved.
    """

    session: int
    text: str
    problem: UserMessage | None = None


class RecognitionWorker(QtCore.QThread):
    """Decodes one dictation from its audio queue until the queue's end, then punctuates it.

    The end of the queue is the request to finish, so it cannot overtake audio. The models may still be loading when
    the thread starts: audio waits in the queue meanwhile.

    Signals:
        transcript_changed(TranscriptUpdate): after each result that changed the text.
        decoding_started(int): the models are ready and the first block is about to be decoded.
        text_ready(RecognizedText): exactly once, last.
    """

    transcript_changed = Signal(object)
    decoding_started = Signal(int)
    text_ready = Signal(object)

    def __init__(
        self,
        session: int,
        audio: AudioQueue,
        lease: Lease,
        *,
        punctuate: bool,
        parent: QtCore.QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._audio = audio
        self._lease = lease
        self._punctuate = punctuate
        self._assembler = TranscriptAssembler()
        self._problem: UserMessage | None = None

    def run(self) -> None:
        """Thread body. Never raises; whatever happens, `text_ready` is emitted and the lease is released."""
        text = ""
        try:
            self._decode()
            text = self._punctuated(self._assembler.transcript.committed)
        except Exception:  # noqa: BLE001  a thread's last line of defence: log it and keep the words
            logger.exception("recognition failed")
            self._problem = UserMessage(MessageCode.UNEXPECTED_ERROR)
            self._assembler.commit_tentative()
            text = finish_sentences(self._assembler.transcript.committed)
        finally:
            self._lease.release()
        self.text_ready.emit(RecognizedText(self._session, text, self._problem))

    def _decode(self) -> None:
        recognizer: Recognizer | None = None
        try:
            recognizer = self._lease.wait_speech().create_recognizer()
            self.decoding_started.emit(self._session)
            while (block := self._audio.read(READ_TIMEOUT_S, MAX_BLOCK_BYTES)) is not None:
                if block and self._assembler.add(recognizer.accept(block)):
                    self._tell()
            self._assembler.add(recognizer.finish())
            self._tell()
        except ModelError as error:
            # What was recognised before the engine failed is kept.
            self._problem = error.message
            self._assembler.commit_tentative()
        finally:
            if recognizer is not None:
                recognizer.close()

    def _punctuated(self, text: str) -> str:
        if text and self._punctuate:
            try:
                punctuator = self._lease.wait_punctuation()
                if punctuator is not None:
                    text = punctuator.enhance(text)
            except ModelError as error:
                detail = error.message.params.get("detail", "")
                self._problem = self._problem or UserMessage(
                    MessageCode.PUNCTUATION_FAILED, Level.WARNING, {"detail": detail}
                )
        return finish_sentences(text)

    def _tell(self) -> None:
        self.transcript_changed.emit(TranscriptUpdate(self._session, self._assembler.transcript))
