"""Keeps sound and text of the dictations in journal and history: a part of the composition root. GUI thread."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass

from voicetype import store
from voicetype.control.insertion_queue import Delivery
from voicetype.control.recognition_worker import RecognizedText
from voicetype.core.config import HistoryConfig
from voicetype.core.messages import Level, MessageCode, UserMessage
from voicetype.core.ports import AudioSink
from voicetype.core.records import HistoryRecord, TextState
from voicetype.qt import QtCore, Signal, Slot
from voicetype.records.journal import JournalEntry
from voicetype.records.left_over import LeftOver
from voicetype.records.records import Records

_NOT_FETCHED = frozenset({TextState.HELD, TextState.PARTLY, TextState.FAILED})


@dataclass
class _Kept:
    """A dictation that is not settled yet."""

    spoken: JournalEntry | LeftOver
    number: Future[int | None] | None = None
    complete: bool = True


class DictationRecords(QtCore.QObject):
    """Implements `control.dictation.DictationLog`, and knows what is left to be recognised.

    Signals:
        message_raised(UserMessage): something to tell; also what was left over, once it is known.
        changed(): what is left over is other than before.
        last_known(str): the last text of the runs before.
    """

    message_raised = Signal(object)
    changed = Signal()
    last_known = Signal(str)
    _found = Signal(object)

    def __init__(self, config: HistoryConfig, parent: QtCore.QObject | None = None) -> None:
        super().__init__(parent)
        self._records = Records(store.data_dir(), config, self.message_raised.emit)
        self._kept: dict[int, _Kept] = {}
        self._left: tuple[LeftOver, ...] = ()
        self._kept_now: set[str] = set()
        """Names of sound that this run has kept."""
        self._last_number: Future[int | None] | None = None
        self._enabled = config.enabled
        self._unfetched: tuple[_Kept, TextState] | None = None
        """Without a history: the last text, which may still be fetched; only its sound outlives the program."""
        self._found.connect(self._on_found)

    @property
    def left_over(self) -> tuple[LeftOver, ...]:
        """Sound that has no text yet, oldest first."""
        return self._left

    def look(self) -> None:
        """Look what earlier runs have left, off this thread."""
        self._records.history.last().add_done_callback(self._on_last)
        self._look_for_left_over()

    def configure(self, config: HistoryConfig) -> None:
        """Keep what these settings say from now on."""
        self._enabled = config.enabled
        self._records.configure(config)

    def open(self, session: int) -> AudioSink:
        """See `DictationLog`."""
        entry = self._records.begin()
        self._kept[session] = _Kept(entry)
        return entry

    def adopt(self, session: int, left: LeftOver) -> None:
        """Dictation `session` recognises what was left over."""
        self._kept[session] = _Kept(left)
        self._left = tuple(each for each in self._left if each is not left)
        self.changed.emit()

    def hand_out(self, left: LeftOver, record: HistoryRecord) -> None:
        """The user gets the text that was finished already, in the clipboard."""
        self._left = tuple(each for each in self._left if each is not left)
        self._records.settle(left, record.id, TextState.COPIED)
        self.changed.emit()

    def discard_left_over(self) -> None:
        """The user does not want it recognised."""
        left, self._left = self._left, ()
        for each in left:
            each.done(keep=False)
        self.changed.emit()

    def recognised(self, session: int, result: RecognizedText, target: str, *, complete: bool, is_last: bool) -> None:
        """See `DictationLog`."""
        kept = self._kept.get(session)
        if kept is None:
            return
        kept.complete = complete
        if not result.text:
            return
        if is_last:
            self._leave_unfetched()
        if complete:
            kept.number = self._records.remember(kept.spoken, result.raw, result.text, target)
        else:
            # Without its journal's name: who looks for what has no text yet must find the sound.
            spoken = kept.spoken
            record = HistoryRecord(spoken.started_at, spoken.duration_s, result.raw, result.text, target)
            kept.number = self._records.history.add(record)
        if is_last:
            self._last_number = kept.number

    def settled(self, session: int, state: TextState | None) -> None:
        """See `DictationLog`."""
        kept = self._kept.pop(session, None)
        if kept is None:
            return
        if not kept.complete:
            self._keep_sound(kept, state)
        elif state is None or kept.number is None:
            self._records.done(kept.spoken)
        elif not self._enabled and state in _NOT_FETCHED:
            self._unfetched = kept, state
        else:
            self._records.settle(kept.spoken, kept.number, state)

    @Slot(object)
    def on_fetched(self, delivery: Delivery) -> None:
        """The last text was to be inserted again, or copied; wherever it was before, the user may have it now."""
        if self._last_number is None or delivery.session > 0 or delivery.state in _NOT_FETCHED:
            return
        unfetched, self._unfetched = self._unfetched, None
        if unfetched is not None:
            self._records.done(unfetched[0].spoken)
        if delivery.state is TextState.INSERTED:  # a copy takes nothing from where it stands
            self._records.history.set_state(self._last_number, delivery.state)

    def close(self, timeout_s: float) -> None:
        """Write what waits; bounded. What is not settled is offered at the next start."""
        self._leave_unfetched()
        self._records.close(timeout_s)

    def _leave_unfetched(self) -> None:
        unfetched, self._unfetched = self._unfetched, None
        if unfetched is not None and unfetched[0].number is not None:
            self._records.settle(unfetched[0].spoken, unfetched[0].number, unfetched[1])

    def _keep_sound(self, kept: _Kept, state: TextState | None) -> None:
        if kept.number is not None and state is not None:
            self._records.history.set_state(kept.number, state)
        if isinstance(kept.spoken, JournalEntry):
            kept.spoken.keep_for_later()
        self._kept_now.add(kept.spoken.name)
        self._look_for_left_over()

    def _look_for_left_over(self) -> None:
        self._records.left_over().add_done_callback(self._on_looked)

    def _on_looked(self, found: Future[tuple[LeftOver, ...]]) -> None:
        self._found.emit(found.result())  # the thread of the records

    def _on_last(self, last: Future[HistoryRecord | None]) -> None:
        record = last.result()
        if record is not None and record.finished:
            self.last_known.emit(record.finished)

    @Slot(object)
    def _on_found(self, found: tuple[LeftOver, ...]) -> None:
        busy = {kept.spoken.name for kept in self._kept.values()}
        found = tuple(each for each in found if each.name not in busy)
        news = {each.name for each in found} - {each.name for each in self._left}
        self._left = found
        self.changed.emit()
        if not news:
            return
        if news <= self._kept_now:
            self.message_raised.emit(UserMessage(MessageCode.SOUND_KEPT, Level.WARNING))
            return
        seconds = str(max(1, round(sum(each.duration_s for each in found))))
        params = {"count": str(len(found)), "seconds": seconds}
        self.message_raised.emit(UserMessage(MessageCode.SOUND_LEFT, Level.WARNING, params))
