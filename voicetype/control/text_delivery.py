"""The way of recognised texts to the window, and the word of what became of them. GUI thread; imports `qt`, `core`."""

from __future__ import annotations

from collections.abc import Sequence

from voicetype.control.dictation import Dictation, DictationLog, Dictations
from voicetype.control.insertion_queue import Delivery, InsertionQueue
from voicetype.control.recognition_worker import RecognizedText, SpokenCommand, TextSoFar
from voicetype.core.formatting import for_insertion
from voicetype.core.messages import Level, MessageCode, UserMessage
from voicetype.core.records import TextState
from voicetype.core.text.grammar import Deed
from voicetype.qt import QtCore, Signal, Slot

_ARRIVED = frozenset({TextState.INSERTED, TextState.COPIED})


class TextDelivery(QtCore.QObject):
    """Puts the texts of dictations into the queue of insertions and notes in the log what became of them.

    Signals:
        settled(int): this dictation is over: its text is in the window, or kept.
        text_known(str): the last text, as it is inserted, be it wanted in a window or not.
        stop_spoken(int): the voice command that ends this dictation.
        delivered(): a text is where it belongs.
        message_raised(UserMessage): something to tell.
    """

    settled = Signal(int)
    text_known = Signal(str)
    stop_spoken = Signal(int)
    delivered = Signal()
    message_raised = Signal(object)

    def __init__(
        self,
        dictations: Dictations,
        insertions: InsertionQueue,
        log: DictationLog,
        parent: QtCore.QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._dictations = dictations
        self._insertions = insertions
        self._log = log
        self._recovered: list[str] = []
        """Texts of sound that was kept, while more of them are to come: the clipboard holds all."""
        self._spoken = 0
        """The last dictation that somebody spoke and that has a text."""
        insertions.ended.connect(self._on_insertion_ended)
        insertions.again.connect(self._on_insertion_ended)
        insertions.told.connect(self.message_raised)

    def begin_recovery(self, before: Sequence[str]) -> None:
        """Sound that was kept is about to be recognised; the clipboard gets these texts with it."""
        self._recovered.extend(before)

    @Slot(object)
    def on_commanded(self, command: SpokenCommand) -> None:
        """Somebody said a command that the text itself cannot carry out."""
        dictation = self._dictations.wanted(command.session)
        if dictation is None or dictation.kept is not None:
            return
        if command.deed is Deed.STOP:
            self.stop_spoken.emit(command.session)
        else:
            self._insertions.obey(command.deed, command.session)

    @Slot(object)
    def on_text_grew(self, so_far: TextSoFar) -> None:
        """A part of the text is known, and wanted in the window already."""
        dictation = self._dictations.wanted(so_far.session)
        if dictation is not None and dictation.kept is None:
            dictation.grown = True
            self._insertions.grow(so_far.session, so_far.text)

    @Slot(object)
    def on_text_ready(self, result: RecognizedText) -> None:
        """The whole text is known."""
        dictation = self._dictations.find(result.session)
        if dictation is None:
            return
        if dictation.kept is not None and dictation.kept.abandoned:
            self.settled.emit(dictation.session)  # without a word to the log: the next start offers it again
            return
        complete = result.problem is None and not dictation.dropped_seconds
        window = self._insertions.window(result.session)
        target = (window.title or window.app) if window is not None else ""
        if result.text and dictation.kept is None:
            self._spoken = dictation.session
        # What was said since the user asked for an earlier run's text may still have to be fetched.
        is_last = dictation.session >= self._spoken
        self._log.recognised(result.session, result, target, complete=complete, is_last=is_last)
        text = self._as_inserted(dictation, result.text)
        if result.text and is_last:
            self.text_known.emit(text)
        if dictation.withheld:
            if result.text:
                self.message_raised.emit(UserMessage(MessageCode.DICTATION_CANCELLED, Level.INFO))
            self._settle(dictation, TextState.CANCELLED if result.text else None)
            return
        for message in _told_of(result, dictation):
            self.message_raised.emit(message)
        if dictation.kept is not None and result.text:
            self._insertions.copy(result.session, "\n\n".join(self._recovered))
        elif result.text or dictation.grown:
            self._insertions.put(result.session, text)
        else:
            self._settle(dictation, None)

    def _as_inserted(self, dictation: Dictation, text: str) -> str:
        """The text as it is inserted; what was recovered comes together."""
        if text and dictation.kept is not None:
            self._recovered.append(text)
            text = "\n\n".join(self._recovered)
        return for_insertion(text, trailing_space=dictation.settings.trailing_space)

    @Slot(object)
    def _on_insertion_ended(self, delivery: Delivery) -> None:
        dictation = self._dictations.wanted(delivery.session)
        if dictation is not None:  # else what had grown was taken back; its text is still to come
            self._settle(dictation, delivery.state)
        if delivery.state in _ARRIVED:
            self.delivered.emit()
        if delivery.message is not None:
            self.message_raised.emit(delivery.message)

    def _settle(self, dictation: Dictation, state: TextState | None) -> None:
        self._log.settled(dictation.session, state)
        self.settled.emit(dictation.session)
        if not any(each.kept is not None for each in self._dictations.all()):
            self._recovered.clear()


def _told_of(result: RecognizedText, dictation: Dictation) -> list[UserMessage]:
    """What is to be told of a text that is known."""
    told = [] if result.problem is None else [result.problem]
    if dropped := dictation.dropped_seconds:
        told.append(UserMessage(MessageCode.AUDIO_OVERFLOW, Level.WARNING, {"seconds": f"{dropped:.1f}"}))
    if not result.heard and result.problem is None:
        told.append(UserMessage(MessageCode.NOTHING_RECOGNIZED, Level.INFO))
    return told
