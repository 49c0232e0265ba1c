"""The last text, to be had again. GUI thread; may import `qt` and `core`."""

from __future__ import annotations

from voicetype.control.insertion_queue import InsertionQueue
from voicetype.core.messages import Level, MessageCode, UserMessage
from voicetype.qt import QtCore, Signal, Slot

_NO_SESSION = 0
"""The number of no dictation."""


class LastText(QtCore.QObject):
    """What the user can do with the text of the last dictation, be it inserted, held back, cancelled or refused.

    Signals:
        message_raised(UserMessage): there is none yet.
    """

    message_raised = Signal(object)

    def __init__(self, insertions: InsertionQueue, parent: QtCore.QObject | None = None) -> None:
        super().__init__(parent)
        self._insertions = insertions
        self._text = ""

    @property
    def known(self) -> bool:
        """Whether there is one."""
        return bool(self._text)

    @Slot(str)
    def remember(self, text: str) -> None:
        """This is the last one now."""
        self._text = text
        self._insertions.remember(text)

    @Slot()
    def insert_again(self) -> None:
        """Put it into the window that has the focus."""
        if self._there():
            self._insertions.insert_again()

    @Slot()
    def undo(self) -> None:
        """Take it back, if it was inserted and nobody has touched it since."""
        if self._there():
            self._insertions.undo_last()

    @Slot()
    def copy(self) -> None:
        """Put it into the clipboard."""
        if self._there():
            self._insertions.copy(_NO_SESSION, self._text.rstrip(" "))

    def _there(self) -> bool:
        if not self._text:
            self.message_raised.emit(UserMessage(MessageCode.NOTHING_TO_REPEAT, Level.INFO))
        return bool(self._text)
