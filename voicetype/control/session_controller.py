"""Drives dictations: the hotkey's intent in, state and text out. GUI thread; may import `qt` and `core`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from voicetype.control.capture import Capture, CaptureProblem
from voicetype.control.dictation import (
    AT_STOP,
    Dictation,
    DictationLog,
    Dictations,
    SessionSettings,
)
from voicetype.control.insertion_queue import InsertionQueue
from voicetype.control.recognition_worker import (
    AudioQueue,
    Lease,
    TranscriptUpdate,
)
from voicetype.control.recognitions import Recognitions
from voicetype.control.silence_watch import SilenceWatch
from voicetype.control.sinks import KeptSound, Overheard, Sinks
from voicetype.control.text_batcher import TextBatcher
from voicetype.control.text_delivery import TextDelivery
from voicetype.core.audio import RingBuffer
from voicetype.core.ports import BYTES_PER_SECOND, AudioSink, MakeSource, Transcript
from voicetype.core.speech import SpeechSpans
from voicetype.core.states import SessionEffect, SessionEvent, step_session
from voicetype.core.status import CAPTURING, SessionState
from voicetype.core.text.composition import Composition
from voicetype.qt import QtCore, Signal, Slot

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
        make_speech: makes what listens where in a dictation somebody speaks; with none all sound counts as speech.
        guard: what captured sound passes before anybody gets it.
    """

    models: ModelProvider
    make_source: MakeSource
    insertions: InsertionQueue
    begin_text: Begin
    log: DictationLog
    make_speech: Callable[[], SpeechSpans | None] = lambda: None
    guard: Callable[[AudioSink], AudioSink] = lambda sink: sink


class SessionController(QtCore.QObject):
    """Steps each dictation through its states and carries out its effects.

    A press while an earlier dictation is still being finished begins the next one at once: its audio waits in its own
    buffer, and its recognition follows when the earlier text has been delivered. So no speech is lost and the order
    of texts is the order of speech. Sound of an earlier run is recognised beside them, while nobody dictates.

    Signals:
        state_changed(SessionState): of the newest dictation, as the user sees it: a cancelled one is over.
        settled(): nothing is being captured, recognised or inserted any more.
        closed(int): the microphone of this dictation is closed.
        text_known(str): the last finished text, be it inserted or only kept.
        transcript_ready(Transcript): live text, batched.
        level_changed(SoundLevel): 20 times a second while listening.
        message_raised(UserMessage): something to tell.
        delivered(): a text has been inserted.
    """

    state_changed = Signal(object)
    settled = Signal()
    closed = Signal(int)
    text_known = Signal(str)
    transcript_ready = Signal(object)
    level_changed = Signal(object)
    message_raised = Signal(object)
    delivered = Signal()

    def __init__(self, parts: SessionParts, settings: SessionSettings, parent: QtCore.QObject | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._settings = settings
        self._dictations = Dictations()
        self._count = 0
        self._last_begun = self._ended = False
        self._told_state = SessionState.IDLE
        self._capture = Capture(self)
        self._capture.first_block.connect(self._on_first_block)
        self._capture.failed.connect(self._on_capture_problem)
        self._capture.noticed.connect(self.message_raised)
        self._capture.level_changed.connect(self.level_changed)
        self._capture.closed.connect(self.closed)
        self._silence = SilenceWatch(self)
        self._silence.silent.connect(self._on_stop_wanted)
        self._batcher = TextBatcher(self)
        self._batcher.batch_ready.connect(self.transcript_ready)
        self._recognitions = Recognitions(self)
        self._recognitions.transcript_changed.connect(self._on_transcript_changed)
        self._delivery = TextDelivery(self._dictations, parts.insertions, parts.log, self)
        self._recognitions.text_grew.connect(self._delivery.on_text_grew)
        self._recognitions.commanded.connect(self._delivery.on_commanded)
        # Before the text, so that the overlay shows the last words.
        self._recognitions.text_ready.connect(self._batcher.flush)
        self._recognitions.text_ready.connect(self._delivery.on_text_ready)
        self._delivery.text_known.connect(self.text_known)
        self._delivery.stop_spoken.connect(self._on_stop_wanted)
        self._delivery.settled.connect(self._on_settled)
        self._delivery.message_raised.connect(self.message_raised)
        self._delivery.delivered.connect(self.delivered)

    @property
    def state(self) -> SessionState:
        """State of the newest dictation that the user has not cancelled."""
        newest = self._dictations.newest()
        return SessionState.IDLE if newest is None else newest.state

    @property
    def capturing(self) -> bool:
        """Whether the microphone is open for a dictation, or is being opened."""
        return self.state in CAPTURING

    @property
    def busy(self) -> bool:
        """Whether a dictation is not settled yet, be it a cancelled one whose text is to be kept."""
        return bool(self._dictations.all())

    def configure(self, settings: SessionSettings) -> None:
        """Use `settings` from the next dictation on."""
        self._settings = settings

    @Slot()
    def toggle(self) -> None:
        """Begin a dictation, or stop the one that listens."""
        if self.capturing:
            self.finish()
        else:
            self.begin()

    @Slot()
    def begin(self) -> None:
        """Begin a dictation, unless one is listening."""
        if self._last_begun or self.capturing:
            return
        parts, settings = self._parts, self._settings
        if self._dictations.shows_kept:
            self._batcher.push(Transcript())  # what was shown is not said now
            self._batcher.flush()
        self._count += 1
        parts.insertions.pin(self._count)
        buffer = RingBuffer(settings.buffer_seconds * BYTES_PER_SECOND)
        journal = parts.log.open(self._count)
        speech = parts.make_speech()
        sink = parts.guard(Sinks([each for each in (buffer, journal, speech) if each is not None]))
        dictation = self._dictations.add(Dictation(self._count, buffer, settings, sink, speech))
        if speech is not None:
            self._silence.start(self._count, speech, settings.stop_after_silence_s)
        self._step(dictation, SessionEvent.TOGGLE)

    @Slot()
    def finish(self, for_good: bool = False) -> None:
        """Stop listening, if anybody does; what was said is still recognised and inserted.

        `for_good`: no dictation begins after it, and sound of an earlier run is left to the next one.
        """
        if for_good:
            self._last_begun = True
            self._abandon_kept()
        self._step_newest(SessionEvent.TOGGLE)

    @Slot()
    def cancel(self) -> None:
        """Stop listening, if anybody does; what was said is recognised and kept, but not inserted."""
        self._step_newest(SessionEvent.CANCEL)

    def recover(self, audio: AudioQueue, before: Sequence[str] = ()) -> int:
        """Recognise the sound of an earlier run; its text goes to the clipboard, behind those `before` it.

        Returns the dictation's number.
        """
        self._count += 1
        self._delivery.begin_recovery(before)
        speech = self._parts.make_speech()
        kept = KeptSound(audio if speech is None else Overheard(audio, speech))
        settings = replace(self._settings, insert=AT_STOP)
        dictation = self._dictations.add(Dictation(self._count, kept, settings, speech=speech, kept=kept))
        self._step(dictation, SessionEvent.RECOVER)
        if self._last_begun:
            self._abandon_kept()
        return dictation.session

    def shutdown(self, timeout_s: float) -> None:
        """Stop listening and end all threads; idempotent. What is recognised within `timeout_s` is still inserted."""
        if self._ended:
            return
        self._last_begun = self._ended = True
        self._batcher.clear()
        self._capture.shutdown()
        self._abandon_kept()
        for dictation in self._dictations.all():
            if dictation.sink is not None:
                dictation.sink.close()
            if not dictation.started and dictation.lease is not None:
                dictation.lease.release()
        self._recognitions.shutdown(timeout_s)
        # Texts that the threads sent while this thread waited for them.
        QtCore.QCoreApplication.sendPostedEvents(self._recognitions)
        QtCore.QCoreApplication.sendPostedEvents(self)
        self._parts.insertions.shutdown()
        # Else the next start would offer a text that has arrived.
        QtCore.QCoreApplication.sendPostedEvents(self._delivery)

    def _abandon_kept(self) -> None:
        """Leave sound of an earlier run to the next one."""
        for dictation in self._dictations.all():
            if dictation.kept is not None:
                dictation.kept.abandon()
                if dictation.lease is not None:
                    dictation.lease.release()  # else an end would wait for models that still load
                if not dictation.started:
                    self._dictations.remove(dictation)

    def _step_newest(self, event: SessionEvent) -> None:
        """Tell the dictation that listens, if there is one, what the user wants."""
        newest = self._dictations.newest()
        if newest is not None and newest.state in CAPTURING:
            self._step(newest, event)

    def _step(self, dictation: Dictation, event: SessionEvent) -> None:
        dictation.state, effects = step_session(dictation.state, event)
        for effect in effects:
            self._perform(dictation, effect)
        if dictation.state is SessionState.IDLE:
            self._dictations.remove(dictation)
        for due in () if self._ended else self._dictations.due():
            self._recognitions.start(due, partial(_begin_text, self._parts, spoken=due.kept is None))
        if self.state is not self._told_state:
            self._told_state = self.state
            self.state_changed.emit(self.state)
        if not self.busy:
            self.settled.emit()

    def _perform(self, dictation: Dictation, effect: SessionEffect) -> None:
        match effect:
            case SessionEffect.OPEN_MICROPHONE:
                if dictation.sink is not None:
                    self._capture.open(dictation.session, self._parts.make_source, [dictation.sink])
            case SessionEffect.START_WORKER:
                # The models load from now on; the thread itself follows when the earlier dictation is done.
                dictation.lease = self._parts.models.lease()
            case SessionEffect.CLOSE_MICROPHONE:
                self._silence.stop()
                stopped = dictation.state is SessionState.FINALIZING
                self._capture.close(dictation.session, dictation.settings.tail_ms if stopped else 0)
            case SessionEffect.WITHHOLD_TEXT:
                dictation.withheld = True
                self._batcher.clear()
                if dictation.grown:
                    self._parts.insertions.put(dictation.session, "")

    @Slot(int)
    def _on_first_block(self, session: int) -> None:
        if dictation := self._dictations.find(session):
            self._step(dictation, SessionEvent.FIRST_BLOCK)

    @Slot(object)
    def _on_capture_problem(self, problem: CaptureProblem) -> None:
        if dictation := self._dictations.find(problem.session):
            self._step(dictation, SessionEvent.DEVICE_LOST if problem.lost else SessionEvent.START_FAILED)
        self.message_raised.emit(problem.message)

    @Slot(object)
    def _on_transcript_changed(self, update: TranscriptUpdate) -> None:
        dictation = self._dictations.wanted(update.session)
        if dictation is not None and (dictation.kept is None or self._dictations.shows_kept):
            self._batcher.push(update.transcript)

    @Slot(int)
    def _on_stop_wanted(self, session: int) -> None:
        if (dictation := self._dictations.wanted(session)) and dictation.state in CAPTURING:
            self._step(dictation, SessionEvent.TOGGLE)

    @Slot(int)
    def _on_settled(self, session: int) -> None:
        if dictation := self._dictations.find(session):
            self._step(dictation, SessionEvent.TEXT_DELIVERED)


def _begin_text(parts: SessionParts, *, spoken: bool) -> Composition:
    """The empty text of a dictation; that of kept sound stands behind no other one. Recognition thread."""
    return parts.begin_text(spoken and parts.insertions.continues())
