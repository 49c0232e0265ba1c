"""Where one types words as they are recognised and sees what becomes of them. GUI thread; may import `qt`, `i18n`."""

from __future__ import annotations

from voicetype.i18n import translate
from voicetype.qt import QtCore, QtWidgets, Signal, Slot
from voicetype.ui.status_panel import faint_label

_PAUSE_MS = 300
"""After the last key: nobody wants the text of half a word."""
_LINES = 3


class PreviewBox(QtWidgets.QWidget):
    """Two fields: words, a phrase a line, and the finished text.

    Signals:
        asked(str): the words have changed, or what they are written by has.
    """

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._words = QtWidgets.QPlainTextEdit()
        self._words.setObjectName("preview words")
        self._words.setPlaceholderText(translate("Preview", "двадцать пятого июня создай пул реквест за сто рублей"))
        self._words.setTabChangesFocus(True)
        self._text = QtWidgets.QPlainTextEdit()
        self._text.setObjectName("preview text")
        self._text.setReadOnly(True)
        height = self._words.fontMetrics().lineSpacing() * _LINES + 18
        for field in (self._words, self._text):
            field.setFixedHeight(height)
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(
            QtWidgets.QLabel(translate("Preview", "Try it: words as you say them, a line for each phrase"))
        )
        layout.addWidget(self._words)
        layout.addWidget(faint_label(translate("Preview", "The text")))
        layout.addWidget(self._text)
        self._timer = QtCore.QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(self._ask)
        self._words.textChanged.connect(self.ask_soon)

    @Slot()
    def ask_soon(self) -> None:
        """The words or the settings have changed."""
        self._timer.start()

    @Slot(str)
    def show_text(self, text: str) -> None:
        """Show the finished text."""
        self._text.setPlainText(text)

    def words(self) -> str:
        """What was typed."""
        return self._words.toPlainText()

    def set_words(self, words: str) -> None:
        """Type for the user, after another language has made this box anew."""
        self._words.setPlainText(words)

    def text(self) -> str:
        """What is shown."""
        return self._text.toPlainText()

    @Slot()
    def _ask(self) -> None:
        if self.words().strip():
            self.asked.emit(self.words())
        else:
            self._text.clear()
