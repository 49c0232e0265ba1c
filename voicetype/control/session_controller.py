"""Drives dictations: the hotkey's intent in, state and text out. GUI thread; may import `qt` and `core`."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from loguru import logger

from voicetype.control.capture import Capture, CaptureProblem
from voicetype.control.insertion_queue import Delivery, InsertionQueue
from voicetype.control.recognition_worker import (
    Lease,
    RecognitionWorker,
    RecognizedText,
    SpokenCommand,
    TextSoFar,
    TranscriptUpdate,
)
from voicetype.control.text_batcher import TextBatcher
from voicetype.control.window_text import TextTarget
from voicetype.core.audio import RingBuffer
from voicetype.core.config import Config
from voicetype.core.formatting import for_insertion
from voicetype.core.messages import Level, MessageCode, UserMessage
from voicetype.core.ports import BYTES_PER_SAMPLE, SAMPLE_RATE_HZ, AudioSource
from voicetype.core.states import SessionEffect, SessionEvent, step_session
from voicetype.core.status import SessionState
from voicetype.core.text.composition import Composition
from voicetype.core.text.grammar import Deed
from voicetype.qt import QtCore, Signal, Slot

_BYTES_PER_SECOND = SAMPLE_RATE_HZ * BYTES_PER_SAMPLE
_CAPTURING = frozenset({SessionState.STARTING, SessionState.LISTENING})


Begin = Callable[[bool], Composition]
"""Makes the empty text of a dictation, given whether it goes on in mid-sentence; on its thread, may block."""

AT_STOP, LIVE = "at_stop", "live"


class ModelProvider(Protocol):
    """Where a dictation gets its models from."""

    def lease(self) -> Lease:
        """Hold the models and begin to load those that are not there."""


@dataclass(frozen=True)
class SessionSettings:
    """The settings that a dictation reads when it begins."""

    tail_ms: int = 300
    buffer_seconds: int = 120
    punctuate: bool = True
    trailing_space: bool = True
    insert: str = AT_STOP

    @classmethod
    def from_config(cls, config: Config) -> SessionSettings:
        """Pick them from the whole configuration."""
        return cls(
            tail_ms=config.audio.tail_ms,
            buffer_seconds=config.audio.buffer_seconds,
            punctuate=config.recognition.punctuation_enabled,
            trailing_space=config.output.trailing_space,
            # Only what was typed can be corrected.
            insert=config.output.insert if config.output.method == "type" else AT_STOP,
        )


@dataclass
class _Dictation:
    """What belongs to one dictation from its first press until its text stands in the window."""

    session: int
    buffer: RingBuffer
    settings: SessionSettings
    state: SessionState = SessionState.IDLE
    lease: Lease | None = None
    started: bool = False
    discarded: bool = False
    grown: bool = False


class SessionController(QtCore.QObject):
    """Steps each dictation through its states and carries out its effects.

    A press while an earlier dictation is still being finished begins the next one at once: its audio waits in its own
    buffer, and its recognition follows when the earlier text has been delivered. So no speech is lost and the order
    of texts is the order of speech.

    Signals:
        state_changed(SessionState): of the newest dictation, as the user sees it.
        transcript_ready(Transcript): live text, batched.
        level_changed(float): dBFS, 20 times a second while listening.
        message_raised(UserMessage): something to tell.
        delivered(): a text has been inserted.
    """

    state_changed = Signal(object)
    transcript_ready = Signal(object)
    level_changed = Signal(float)
    message_raised = Signal(object)
    delivered = Signal()

    def __init__(
        self,
        models: ModelProvider,
        make_source: Callable[[], AudioSource],
        target: TextTarget,
        settings: SessionSettings,
        begin_text: Begin,
        parent: QtCore.QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._models = models
        self._make_source = make_source
        self._settings = settings
        self._begin_text = begin_text
        self._dictations: deque[_Dictation] = deque()
        self._workers: list[RecognitionWorker] = []
        self._count = 0
        self._ended = False
        self._told_state = SessionState.IDLE
        self._capture = Capture(self)
        self._capture.first_block.connect(self._on_first_block)
        self._capture.failed.connect(self._on_capture_problem)
        self._capture.level_changed.connect(self.level_changed)
        self._batcher = TextBatcher(self)
        self._batcher.batch_ready.connect(self.transcript_ready)
        self._insertions = InsertionQueue(target, self)
        self._insertions.ended.connect(self._on_insertion_ended)
        self._insertions.told.connect(self.message_raised)

    @property
    def state(self) -> SessionState:
        """State of the newest dictation."""
        return self._dictations[-1].state if self._dictations else SessionState.IDLE

    def configure(self, settings: SessionSettings) -> None:
        """Use `settings` from the next dictation on."""
        self._settings = settings

    @Slot()
    def toggle(self) -> None:
        """Begin a dictation, or stop the one that listens."""
        if self.state in _CAPTURING:
            self._step(self._dictations[-1], SessionEvent.TOGGLE)
        else:
            self._begin()

    @Slot()
    def finish(self) -> None:
        """Stop listening, if anybody does; what was said is still recognised and inserted."""
        if self.state in _CAPTURING:
            self.toggle()

    @Slot()
    def cancel(self) -> None:
        """Drop the newest dictation: no text."""
        if self._dictations:
            self._step(self._dictations[-1], SessionEvent.CANCEL)

    def shutdown(self, timeout_s: float) -> None:
        """Stop listening and end all threads; idempotent. What is recognised within `timeout_s` is still inserted."""
        if self._ended:
            return
        self._ended = True
        self._batcher.clear()
        self._capture.shutdown()
        for dictation in self._dictations:
            dictation.buffer.close()
            if not dictation.started and dictation.lease is not None:
                dictation.lease.release()
        for worker in self._workers:
            if not worker.wait(int(timeout_s * 1000)):
                logger.warning("recognition did not end in time")
        # Texts that the threads sent while this thread waited for them.
        QtCore.QCoreApplication.sendPostedEvents(self)
        self._insertions.shutdown()

    def _begin(self) -> None:
        if self._ended:
            return
        self._count += 1
        buffer = RingBuffer(self._settings.buffer_seconds * _BYTES_PER_SECOND)
        dictation = _Dictation(self._count, buffer, self._settings)
        self._dictations.append(dictation)
        self._step(dictation, SessionEvent.TOGGLE)

    def _step(self, dictation: _Dictation, event: SessionEvent) -> None:
        dictation.state, effects = step_session(dictation.state, event)
        for effect in effects:
            self._perform(dictation, effect)
        if dictation.state is SessionState.IDLE:
            self._dictations.remove(dictation)
        if self._dictations:
            self._start_worker(self._dictations[0])
        if self.state is not self._told_state:
            self._told_state = self.state
            self.state_changed.emit(self.state)

    def _perform(self, dictation: _Dictation, effect: SessionEffect) -> None:
        match effect:
            case SessionEffect.OPEN_MICROPHONE:
                self._capture.open(dictation.session, self._make_source(), dictation.buffer)
            case SessionEffect.START_WORKER:
                # The models load from now on; the thread itself follows when the earlier dictation is done.
                dictation.lease = self._models.lease()
            case SessionEffect.CLOSE_MICROPHONE:
                tail_ms = dictation.settings.tail_ms if dictation.state is SessionState.FINALIZING else 0
                self._capture.close(dictation.session, tail_ms)
            case SessionEffect.DISCARD_TEXT:
                dictation.discarded = True
                self._batcher.clear()
                if dictation.grown:
                    self._insertions.put(dictation.session, "")
                if not dictation.started and dictation.lease is not None:
                    dictation.lease.release()

    def _start_worker(self, dictation: _Dictation) -> None:
        if dictation.started or dictation.lease is None:
            return
        dictation.started = True
        worker = RecognitionWorker(
            dictation.session,
            dictation.buffer,
            dictation.lease,
            lambda: self._begin_text(self._insertions.continues()),
            punctuate=dictation.settings.punctuate,
            grow=dictation.settings.insert != AT_STOP,
            live=dictation.settings.insert == LIVE,
        )
        worker.text_grew.connect(self._on_text_grew)
        worker.commanded.connect(self._on_commanded)
        worker.transcript_changed.connect(self._on_transcript_changed)
        worker.text_ready.connect(self._on_text_ready)
        worker.finished.connect(self._on_worker_finished)
        self._workers.append(worker)
        worker.start()

    def _find(self, session: int) -> _Dictation | None:
        return next((each for each in self._dictations if each.session == session), None)

    @Slot(int)
    def _on_first_block(self, session: int) -> None:
        if dictation := self._find(session):
            self._step(dictation, SessionEvent.FIRST_BLOCK)

    @Slot(object)
    def _on_capture_problem(self, problem: CaptureProblem) -> None:
        if dictation := self._find(problem.session):
            self._step(dictation, SessionEvent.DEVICE_LOST if problem.lost else SessionEvent.START_FAILED)
        self.message_raised.emit(problem.message)

    @Slot()
    def _on_worker_finished(self) -> None:
        # A QThread must outlive its thread, also when its dictation was cancelled.
        self._workers = [worker for worker in self._workers if not worker.isFinished()]

    @Slot(object)
    def _on_transcript_changed(self, update: TranscriptUpdate) -> None:
        dictation = self._find(update.session)
        if dictation is not None and not dictation.discarded:
            self._batcher.push(update.transcript)

    @Slot(object)
    def _on_commanded(self, command: SpokenCommand) -> None:
        dictation = self._find(command.session)
        if dictation is None or dictation.discarded:
            return
        if command.deed is not Deed.STOP:
            self._insertions.obey(command.deed)
        elif dictation.state in _CAPTURING:
            self._step(dictation, SessionEvent.TOGGLE)

    @Slot(object)
    def _on_text_grew(self, so_far: TextSoFar) -> None:
        dictation = self._find(so_far.session)
        if dictation is not None and not dictation.discarded:
            dictation.grown = True
            self._insertions.grow(so_far.session, so_far.text)

    @Slot(object)
    def _on_text_ready(self, result: RecognizedText) -> None:
        dictation = self._find(result.session)
        if dictation is None or dictation.discarded:
            return
        self._batcher.flush()
        if result.problem is not None:
            self.message_raised.emit(result.problem)
        if dropped := dictation.buffer.dropped_bytes:
            seconds = f"{dropped / _BYTES_PER_SECOND:.1f}"
            self.message_raised.emit(UserMessage(MessageCode.AUDIO_OVERFLOW, Level.WARNING, {"seconds": seconds}))
        if not result.text and not dictation.grown:
            if result.problem is None and not result.heard:
                self.message_raised.emit(UserMessage(MessageCode.NOTHING_RECOGNIZED, Level.INFO))
            self._step(dictation, SessionEvent.TEXT_DELIVERED)
            return
        text = for_insertion(result.text, trailing_space=dictation.settings.trailing_space)
        self._insertions.put(result.session, text)

    @Slot(object)
    def _on_insertion_ended(self, delivery: Delivery) -> None:
        if dictation := self._find(delivery.session):
            self._step(dictation, SessionEvent.TEXT_DELIVERED)
        if not delivery.failed:
            self.delivered.emit()
        if delivery.message is not None:
            self.message_raised.emit(delivery.message)
