"""Drives dictations: the hotkey's intent in, state and text out. GUI thread; may import `qt` and `core`."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from voicetype.control.capture import Capture, CaptureProblem
from voicetype.control.dictation import BYTES_PER_SECOND, Dictation, DictationLog, SessionSettings
from voicetype.control.insertion_queue import Delivery, InsertionQueue
from voicetype.control.recognition_worker import (
    AudioQueue,
    Lease,
    RecognizedText,
    SpokenCommand,
    TextSoFar,
    TranscriptUpdate,
)
from voicetype.control.recognitions import Recognitions
from voicetype.control.text_batcher import TextBatcher
from voicetype.core.audio import RingBuffer
from voicetype.core.formatting import for_insertion
from voicetype.core.messages import Level, MessageCode, UserMessage
from voicetype.core.ports import AudioSource, Fate
from voicetype.core.states import SessionEffect, SessionEvent, step_session
from voicetype.core.status import SessionState
from voicetype.core.text.composition import Composition
from voicetype.core.text.grammar import Deed
from voicetype.qt import QtCore, Signal, Slot

_CAPTURING = frozenset({SessionState.STARTING, SessionState.LISTENING})

Begin = Callable[[bool], Composition]
"""Makes the empty text of a dictation, given whether it goes on in mid-sentence; on its thread, may block."""


class ModelProvider(Protocol):
    """Where a dictation gets its models from."""

    def lease(self) -> Lease:
        """Hold the models and begin to load those that are not there."""


@dataclass(frozen=True)
class SessionParts:
    """Whom dictations need.

    Attributes:
        models: lends the models.
        make_source: the microphone to listen to.
        insertions: takes the texts.
        begin_text: makes the empty text.
        log: keeps what must not be lost.
    """

    models: ModelProvider
    make_source: Callable[[], AudioSource]
    insertions: InsertionQueue
    begin_text: Begin
    log: DictationLog


class SessionController(QtCore.QObject):
    """Steps each dictation through its states and carries out its effects.

    A press while an earlier dictation is still being finished begins the next one at once: its audio waits in its own
    buffer, and its recognition follows when the earlier text has been delivered. So no speech is lost and the order
    of texts is the order of speech.

    Signals:
        state_changed(SessionState): of the newest dictation, as the user sees it: a cancelled one is over.
        settled(): nothing is being captured, recognised or inserted any more.
        transcript_ready(Transcript): live text, batched.
        level_changed(float): dBFS, 20 times a second while listening.
        message_raised(UserMessage): something to tell.
        delivered(): a text has been inserted.
    """

    state_changed = Signal(object)
    settled = Signal()
    transcript_ready = Signal(object)
    level_changed = Signal(float)
    message_raised = Signal(object)
    delivered = Signal()

    def __init__(self, parts: SessionParts, settings: SessionSettings, parent: QtCore.QObject | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._settings = settings
        self._dictations: deque[Dictation] = deque()
        self._count = 0
        self._ended = False
        self._told_state = SessionState.IDLE
        self._capture = Capture(self)
        self._capture.first_block.connect(self._on_first_block)
        self._capture.failed.connect(self._on_capture_problem)
        self._capture.level_changed.connect(self.level_changed)
        self._batcher = TextBatcher(self)
        self._batcher.batch_ready.connect(self.transcript_ready)
        self._recognitions = Recognitions(self)
        self._recognitions.transcript_changed.connect(self._on_transcript_changed)
        self._recognitions.text_grew.connect(self._on_text_grew)
        self._recognitions.commanded.connect(self._on_commanded)
        self._recognitions.text_ready.connect(self._on_text_ready)
        parts.insertions.ended.connect(self._on_insertion_ended)
        parts.insertions.told.connect(self.message_raised)

    @property
    def state(self) -> SessionState:
        """State of the newest dictation that the user has not cancelled."""
        return next((each.state for each in reversed(self._dictations) if not each.withheld), SessionState.IDLE)

    @property
    def busy(self) -> bool:
        """Whether a dictation is not settled yet, be it a cancelled one whose text is to be kept."""
        return bool(self._dictations)

    def configure(self, settings: SessionSettings) -> None:
        """Use `settings` from the next dictation on."""
        self._settings = settings

    @Slot()
    def toggle(self) -> None:
        """Begin a dictation, or stop the one that listens."""
        if self.state in _CAPTURING:
            self.finish()
        else:
            self.begin()

    @Slot()
    def begin(self) -> None:
        """Begin a dictation, unless one is listening."""
        if self._ended or self.state in _CAPTURING:
            return
        buffer = RingBuffer(self._settings.buffer_seconds * BYTES_PER_SECOND)
        self._count += 1
        journal = self._parts.log.open(self._count)
        sinks = (buffer,) if journal is None else (buffer, journal)
        self._add(Dictation(self._count, buffer, self._settings, sinks), SessionEvent.TOGGLE)

    @Slot()
    def finish(self) -> None:
        """Stop listening, if anybody does; what was said is still recognised and inserted."""
        self._step_newest(SessionEvent.TOGGLE)

    @Slot()
    def cancel(self) -> None:
        """Stop listening, if anybody does; what was said is recognised and kept, but not inserted."""
        self._step_newest(SessionEvent.CANCEL)

    def recover(self, audio: AudioQueue) -> int:
        """Recognise the sound of an earlier run; its text goes to the clipboard. Returns the dictation's number."""
        self._count += 1
        self._add(Dictation(self._count, audio, self._settings, recovered=True), SessionEvent.RECOVER)
        return self._count

    def shutdown(self, timeout_s: float) -> None:
        """Stop listening and end all threads; idempotent. What is recognised within `timeout_s` is still inserted."""
        if self._ended:
            return
        self._ended = True
        self._batcher.clear()
        self._capture.shutdown()
        for dictation in self._dictations:
            for sink in dictation.sinks:
                sink.close()
            if not dictation.started and dictation.lease is not None:
                dictation.lease.release()
        self._recognitions.shutdown(timeout_s)
        # Texts that the threads sent while this thread waited for them.
        QtCore.QCoreApplication.sendPostedEvents(self._recognitions)
        QtCore.QCoreApplication.sendPostedEvents(self)
        self._parts.insertions.shutdown()
        QtCore.QCoreApplication.sendPostedEvents(self)

    def _add(self, dictation: Dictation, event: SessionEvent) -> None:
        self._dictations.append(dictation)
        self._step(dictation, event)

    def _step_newest(self, event: SessionEvent) -> None:
        """Tell the dictation that listens, if there is one, what the user wants."""
        if self.state in _CAPTURING:
            self._step(next(each for each in reversed(self._dictations) if not each.withheld), event)

    def _step(self, dictation: Dictation, event: SessionEvent) -> None:
        dictation.state, effects = step_session(dictation.state, event)
        for effect in effects:
            self._perform(dictation, effect)
        if dictation.state is SessionState.IDLE:
            self._dictations.remove(dictation)
        first = self._dictations[0] if self._dictations else None
        if first is not None and not first.started:
            self._recognitions.start(first, lambda: self._parts.begin_text(self._parts.insertions.continues()))
        if self.state is not self._told_state:
            self._told_state = self.state
            self.state_changed.emit(self.state)
        if first is None:
            self.settled.emit()

    def _perform(self, dictation: Dictation, effect: SessionEffect) -> None:
        match effect:
            case SessionEffect.OPEN_MICROPHONE:
                self._capture.open(dictation.session, self._parts.make_source(), dictation.sinks[0])
            case SessionEffect.START_WORKER:
                # The models load from now on; the thread itself follows when the earlier dictation is done.
                dictation.lease = self._parts.models.lease()
            case SessionEffect.CLOSE_MICROPHONE:
                stopped = dictation.state is SessionState.FINALIZING
                self._capture.close(dictation.session, dictation.settings.tail_ms if stopped else 0)
            case SessionEffect.WITHHOLD_TEXT:
                dictation.withheld = True
                self._batcher.clear()
                if dictation.grown:
                    self._parts.insertions.put(dictation.session, "")

    def _find(self, session: int) -> Dictation | None:
        return next((each for each in self._dictations if each.session == session), None)

    def _wanted(self, session: int) -> Dictation | None:
        """A dictation whose text is to be seen."""
        dictation = self._find(session)
        return None if dictation is None or dictation.withheld else dictation

    @Slot(int)
    def _on_first_block(self, session: int) -> None:
        if dictation := self._find(session):
            self._step(dictation, SessionEvent.FIRST_BLOCK)

    @Slot(object)
    def _on_capture_problem(self, problem: CaptureProblem) -> None:
        if dictation := self._find(problem.session):
            self._step(dictation, SessionEvent.DEVICE_LOST if problem.lost else SessionEvent.START_FAILED)
        self.message_raised.emit(problem.message)

    @Slot(object)
    def _on_transcript_changed(self, update: TranscriptUpdate) -> None:
        if self._wanted(update.session):
            self._batcher.push(update.transcript)

    @Slot(object)
    def _on_commanded(self, command: SpokenCommand) -> None:
        dictation = self._wanted(command.session)
        if dictation is None or dictation.recovered:
            return
        if command.deed is not Deed.STOP:
            self._parts.insertions.obey(command.deed)
        elif dictation.state in _CAPTURING:
            self._step(dictation, SessionEvent.TOGGLE)

    @Slot(object)
    def _on_text_grew(self, so_far: TextSoFar) -> None:
        dictation = self._wanted(so_far.session)
        if dictation is not None and not dictation.recovered:
            dictation.grown = True
            self._parts.insertions.grow(so_far.session, so_far.text)

    @Slot(object)
    def _on_text_ready(self, result: RecognizedText) -> None:
        dictation = self._find(result.session)
        if dictation is None:
            return
        complete = result.problem is None and not dictation.dropped_seconds
        self._parts.log.recognised(result.session, result, complete=complete)
        if dictation.withheld:
            self._settle(dictation, Fate.CANCELLED if result.text else Fate.EMPTY)
            return
        self._batcher.flush()
        for message in _told_of(result, dictation):
            self.message_raised.emit(message)
        text = for_insertion(result.text, trailing_space=dictation.settings.trailing_space)
        if dictation.recovered and result.text:
            self._parts.insertions.copy(result.session, result.text)
        elif result.text or dictation.grown:
            self._parts.insertions.put(result.session, text)
        else:
            self._settle(dictation, Fate.EMPTY)

    @Slot(object)
    def _on_insertion_ended(self, delivery: Delivery) -> None:
        dictation = self._find(delivery.session)
        if dictation is not None and not dictation.withheld:  # else what has grown was taken back, and the text comes
            self._settle(dictation, delivery.fate)
        if delivery.fate is not Fate.FAILED:
            self.delivered.emit()
        if delivery.message is not None:
            self.message_raised.emit(delivery.message)

    def _settle(self, dictation: Dictation, fate: Fate) -> None:
        self._parts.log.settled(dictation.session, fate, "")
        self._step(dictation, SessionEvent.TEXT_DELIVERED)


def _told_of(result: RecognizedText, dictation: Dictation) -> list[UserMessage]:
    """What is to be told of a text that is known."""
    told = [] if result.problem is None else [result.problem]
    if dropped := dictation.dropped_seconds:
        told.append(UserMessage(MessageCode.AUDIO_OVERFLOW, Level.WARNING, {"seconds": f"{dropped:.1f}"}))
    if not result.heard and result.problem is None:
        told.append(UserMessage(MessageCode.NOTHING_RECOGNIZED, Level.INFO))
    return told
