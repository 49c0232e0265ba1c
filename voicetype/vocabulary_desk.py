"""What the settings window does with the vocabulary, which is imported when it is wanted.

GUI thread, with a thread of its own for lists.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from voicetype.core.messages import ConfigError, Level, MessageCode, UserMessage
from voicetype.qt import QtCore, QtGui, Slot

Tell = Callable[[UserMessage], None]


class VocabularyDesk(QtCore.QObject):
    """Opens the user's vocabulary and takes in lists. `tell` is called from any thread."""

    def __init__(self, tell: Tell, parent: QtCore.QObject | None = None) -> None:
        super().__init__(parent)
        self._tell = tell

    @Slot()
    def open(self) -> None:
        """Show the file in the program that the desktop has for it."""
        from voicetype.vocabulary.files import ensure_user_file

        try:
            path = ensure_user_file()
        except ConfigError as error:
            self._tell(error.message)
            return
        QtGui.QDesktopServices.openUrl(QtCore.QUrl.fromLocalFile(str(path)))

    @Slot(str)
    def take_in(self, path: str) -> None:
        """Add the terms of a list; what came of it is told."""
        threading.Thread(target=self._take_in, args=(Path(path),), name="terms", daemon=True).start()

    def _take_in(self, path: Path) -> None:
        from voicetype.vocabulary.importing import import_terms

        try:
            added = import_terms(path)
        except ConfigError as error:
            self._tell(error.message)
            return
        for problem in added.problems[:1]:
            self._tell(problem)
        self._tell(UserMessage(MessageCode.TERMS_ADDED, Level.INFO, {"count": str(added.count)}))
