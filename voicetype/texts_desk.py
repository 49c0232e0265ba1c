"""What can still be done about texts: the last one, and those that were kept. GUI thread.

A part of the composition root."""

from __future__ import annotations

from voicetype.control.hotkey_keeper import HotkeyKeeper
from voicetype.control.insertion_queue import Delivery, InsertionQueue
from voicetype.control.last_text import LastText
from voicetype.control.session_controller import SessionController
from voicetype.core.config import HistoryConfig
from voicetype.core.messages import UserMessage
from voicetype.core.records import TextState
from voicetype.dictation_records import DictationRecords
from voicetype.qt import QtCore, Signal, Slot
from voicetype.ui.notice import Choice, Notice
from voicetype.ui.own_presses import OwnPresses
from voicetype.ui.tray import Tray


class TextsDesk(QtCore.QObject):
    """Notice, history and journal, and the last text.

    Attributes:
        records: keeps sound and texts.

    Signals:
        message_raised(UserMessage): something to tell.
        changed(): `has_last`, or how much was kept, is other than before.
    """

    message_raised = Signal(object)
    changed = Signal()

    def __init__(self, config: HistoryConfig, insertions: InsertionQueue, parent: QtCore.QObject | None = None) -> None:
        super().__init__(parent)
        self.records = DictationRecords(config, self)
        self._last = LastText(insertions, self)
        self._notice = Notice()
        self._session: SessionController | None = None
        self._notice.chosen.connect(self._on_chosen)
        self._last.message_raised.connect(self.message_raised)
        self.records.message_raised.connect(self.message_raised)
        self.records.changed.connect(self._on_kept_changed)
        self.records.last_known.connect(self._on_text_known)
        for fetched in (insertions.again, insertions.ended):
            fetched.connect(self.records.on_fetched)
        insertions.again.connect(self._on_inserted_again)

    @property
    def has_last(self) -> bool:
        """Whether there is a last text."""
        return self._last.known

    @property
    def kept_count(self) -> int:
        """How many dictations have sound but no text."""
        return len(self.records.left_over)

    @property
    def presses(self) -> OwnPresses:
        """Presses in the notice."""
        return self._notice.presses

    def attend(self, session: SessionController) -> None:
        """Know the texts of this session, and have it recognise what was kept; once, before anything else."""
        self._session = session
        session.text_known.connect(self._on_text_known)

    def obey(self, requests: HotkeyKeeper | Tray) -> None:
        """Do with the last text what is asked for there."""
        requests.insert_again_requested.connect(self._last.insert_again)
        requests.undo_requested.connect(self._last.undo)
        requests.copy_requested.connect(self._last.copy)

    def tell(self, message: UserMessage) -> bool:
        """Show the message with what can be done about it; False when that is nothing."""
        if not Notice.suits(message):
            return False
        self._notice.show_message(message)
        return True

    @Slot()
    def recover(self) -> None:
        """Recognise all sound that was kept; the clipboard gets all texts together."""
        texts: list[str] = []
        kept = self.records.left_over
        for left in kept:
            if left.record is not None:
                texts.append(left.record.finished)
                self.records.hand_out(left, left.record)
        if texts:
            self._last.remember("\n\n".join(texts))
            self._last.copy()
        for left in kept:
            if left.record is None and self._session is not None:
                self.records.adopt(self._session.recover(left.audio(), texts), left)
                texts = []

    def shutdown(self, timeout_s: float) -> None:
        """Close the notice and write what waits; bounded."""
        self._notice.close()
        self.records.close(timeout_s)

    @Slot(str)
    def _on_text_known(self, text: str) -> None:
        self._notice.take_back(Choice.INSERT)  # it told of the text before
        self._last.remember(text)
        self.changed.emit()

    @Slot(object)
    def _on_inserted_again(self, delivery: Delivery) -> None:
        if delivery.state is TextState.INSERTED:
            self._notice.take_back(Choice.INSERT)

    @Slot()
    def _on_kept_changed(self) -> None:
        if not self.records.left_over:
            self._notice.take_back(Choice.RECOGNISE)
        self.changed.emit()

    @Slot(object)
    def _on_chosen(self, choice: Choice) -> None:
        match choice:
            case Choice.INSERT:
                self._last.insert_again()
            case Choice.COPY:
                self._last.copy()
            case Choice.RECOGNISE:
                self.recover()
            case Choice.DISCARD:
                self.records.discard_left_over()
