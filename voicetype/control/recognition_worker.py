"""The recognition thread: audio in, text out. Runs on its own QThread; may import `qt` and `core`."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from loguru import logger

from voicetype.core.formatting import finish_sentences
from voicetype.core.messages import Level, MessageCode, ModelError, UserMessage
from voicetype.core.ports import (
    BYTES_PER_SECOND,
    FinalResult,
    PartialResult,
    Punctuator,
    Recognizer,
    SpeechModel,
    Transcript,
)
from voicetype.core.speech import PhraseGate, SpeechSpans
from voicetype.core.text.composition import Composition
from voicetype.core.text.grammar import Deed
from voicetype.core.transcript import TranscriptAssembler
from voicetype.qt import QtCore, Signal

_BYTES_PER_MS = BYTES_PER_SECOND // 1000
READ_TIMEOUT_S = 0.5
"""How long one wait for audio lasts; only bounds the wait, data wakes the reader at once."""
MAX_BLOCK_BYTES = 8_000
"""A quarter of a second: a backlog is decoded in few calls, and partials still come four times a second of speech."""


class AudioQueue(Protocol):
    """The reading side of a ring buffer."""

    @property
    def dropped_bytes(self) -> int:
        """How much of the stream was never read, because it was full."""

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
class TextSoFar:
    """The finished text of dictation `session` as far as it is known; a later one may differ anywhere."""

    session: int
    text: str


@dataclass(frozen=True)
class SpokenCommand:
    """Somebody said in dictation `session` what is for the program to do, not for its text."""

    session: int
    deed: Deed


@dataclass(frozen=True)
class RecognizedText:
    """Outcome of dictation `session`.

    Attributes:
        text: finished sentences; "" when nothing was recognised, or all of it was taken back.
        problem: what went wrong on the way, if anything; the text then holds what could be saved.
        heard: whether anything was recognised, unless there was no sound at all (a stop before the first block).
        raw: the words as recognised, without marks and capitals.
        unspoken: phrases that the recogniser made out of silence or noise, which were dropped.
    """

    session: int
    text: str
    problem: UserMessage | None = None
    heard: bool = True
    unspoken: int = 0
    raw: str = ""


class RecognitionWorker(QtCore.QThread):
    """Decodes one dictation from its audio queue until the queue's end, and writes its text phrase by phrase.

    The end of the queue is the request to finish, so it cannot overtake audio. The models may still be loading when
    the thread starts: audio waits in the queue meanwhile.

    Signals:
        transcript_changed(TranscriptUpdate): after each result that changed the text.
        decoding_started(int): the models are ready and the first block is about to be decoded.
        text_grew(TextSoFar): with `grow` after each phrase, with `live` also in between.
        commanded(SpokenCommand): a command that this text cannot carry out by itself.
        text_ready(RecognizedText): exactly once, last.
    """

    transcript_changed = Signal(object)
    decoding_started = Signal(int)
    text_grew = Signal(object)
    commanded = Signal(object)
    text_ready = Signal(object)

    def __init__(
        self,
        session: int,
        audio: AudioQueue,
        lease: Lease,
        begin: Callable[[], Composition],
        *,
        punctuate: bool,
        grow: bool = False,
        live: bool = False,
        speech: SpeechSpans | None = None,
        parent: QtCore.QObject | None = None,
    ) -> None:
        """Take what the dictation is made of.

        Args:
            session: its number.
            audio: where its sound comes from.
            lease: where its models come from; released at the end.
            begin: makes the empty text, on this thread.
            punctuate: whether the text wants the punctuation model.
            grow: tell the text after each phrase.
            live: tell it also while a phrase is still being spoken.
            speech: where in this sound somebody speaks; phrases from elsewhere are dropped. None takes all.
            parent: the Qt parent.
        """
        super().__init__(parent)
        self._session = session
        self._audio = audio
        self._lease = lease
        self._begin = begin
        self._punctuate = punctuate
        self._grow, self._live = grow or live, live
        self._gate = PhraseGate(speech) if speech is not None else None
        self._fed_bytes = 0
        self._phrases: deque[str] = deque()
        self._heard = False
        self._assembler = TranscriptAssembler()
        self._problem: UserMessage | None = None

    def run(self) -> None:
        """Thread body. Never raises; whatever happens, `text_ready` is emitted and the lease is released."""
        text = ""
        try:
            text = self._text()
        except Exception:  # noqa: BLE001  a thread's last line of defence: log it and keep the words
            logger.exception("recognition failed")
            self._problem = UserMessage(MessageCode.UNEXPECTED_ERROR)
            self._assembler.commit_tentative()
            text = finish_sentences(self._assembler.transcript.committed)
        finally:
            self._lease.release()
        unspoken = self._gate.dropped if self._gate is not None else 0
        if unspoken:
            logger.info("{} phrases without speech were dropped", unspoken)
        heard = self._heard or (self._problem is None and not self._fed_bytes)
        raw = self._assembler.transcript.committed
        self.text_ready.emit(RecognizedText(self._session, text, self._problem, heard, unspoken, raw))

    def _text(self) -> str:
        composition = self._begin()
        self._decode(composition)
        punctuator = self._lease.wait_punctuation() if self._punctuate and self._phrases else None
        self._compose(composition, punctuator)
        return composition.text(final=True)

    def _decode(self, composition: Composition) -> None:
        recognizer: Recognizer | None = None
        try:
            recognizer = self._lease.wait_speech().create_recognizer()
            self.decoding_started.emit(self._session)
            while (block := self._audio.read(READ_TIMEOUT_S, MAX_BLOCK_BYTES)) is not None:
                if block:
                    self._fed_bytes += len(block)
                    self._take(recognizer.accept(block), composition)
            self._take(recognizer.finish(), composition)
        except ModelError as error:
            # What was recognised before the engine failed is kept.
            self._problem = error.message
            self._phrases.append(self._assembler.transcript.tentative)
            self._assembler.commit_tentative()
        finally:
            if recognizer is not None:
                recognizer.close()

    def _take(self, result: PartialResult | FinalResult, composition: Composition) -> None:
        if self._gate is not None:
            result = self._gate.admit(result, (self._fed_bytes + self._audio.dropped_bytes) // _BYTES_PER_MS)
        changed = self._assembler.add(result)
        if isinstance(result, FinalResult) and result.text.strip():
            self._heard = True
            self._phrases.append(result.text)
            # Decoding does not wait for a model that still loads; the phrases do.
            ready = self._lease.wait_punctuation(0) if self._punctuate else None
            if ready is not None or not self._punctuate:
                self._compose(composition, ready)
        if changed:
            self._tell()
            if self._live:
                self._tell_live(composition)

    def _compose(self, composition: Composition, punctuator: Punctuator | None) -> None:
        """Write the phrases that wait. A model that fails costs marks, never words."""
        while self._phrases:
            phrase = self._phrases.popleft()
            try:
                commands = composition.add(phrase, punctuator.enhance if punctuator is not None else None)
            except ModelError as error:
                detail = error.message.params.get("detail", "")
                self._problem = self._problem or UserMessage(
                    MessageCode.PUNCTUATION_FAILED, Level.WARNING, {"detail": detail}
                )
                commands = composition.last_commands
            for command in commands:
                self.commanded.emit(SpokenCommand(self._session, command.deed))
            if self._grow:
                self.text_grew.emit(TextSoFar(self._session, composition.text(final=False)))

    def _tell_live(self, composition: Composition) -> None:
        if self._phrases:
            return  # they come first, as soon as the model is there
        text, tentative = composition.text(final=False), self._assembler.transcript.tentative
        if tentative:
            space = "" if not text or text[-1].isspace() else " "
            self.text_grew.emit(TextSoFar(self._session, f"{text}{space}{tentative}"))

    def _tell(self) -> None:
        self.transcript_changed.emit(TranscriptUpdate(self._session, self._assembler.transcript))
