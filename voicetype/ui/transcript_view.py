"""The live text of the overlay. GUI thread; may import `qt`, `core` and `ui.theme`."""

from __future__ import annotations

from voicetype.core.ports import Transcript
from voicetype.qt import QtCore, QtGui, QtWidgets, Signal
from voicetype.ui.theme import colors

MAX_LINES = 3
_KEPT_CHARACTERS = 900
_CUT_STEP = 300
"""Old text is dropped in steps of this size: a cut that moved with every word would wrap the lines anew each time."""


class TranscriptView(QtWidgets.QWidget):
    """Draws the last lines of a transcript; what may still change is fainter and italic.

    Signals:
        lines_changed(int): how many lines the text needs, 0 to MAX_LINES.
    """

    lines_changed = Signal(int)

    def __init__(self, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self._transcript = Transcript()
        self._layout: QtGui.QTextLayout | None = None
        self._lines = 0

    def set_transcript(self, transcript: Transcript) -> None:
        """Show `transcript`; does nothing when it is the one shown."""
        if transcript == self._transcript:
            return
        self._transcript = transcript
        self._arrange()

    def transcript(self) -> Transcript:
        """The transcript shown."""
        return self._transcript

    def lines(self) -> int:
        """Lines in use, 0 to MAX_LINES."""
        return self._lines

    def line_height(self) -> int:
        """Pixels from one line to the next."""
        return self.fontMetrics().lineSpacing() + 2

    def sizeHint(self) -> QtCore.QSize:
        """Room for the lines in use."""
        return QtCore.QSize(self.width(), self._lines * self.line_height())

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        """Wrap anew when the width changes."""
        if event.size().width() != event.oldSize().width():
            self._arrange()

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        """Draw the last lines, and an ellipsis in the margin when there are earlier ones."""
        if self._layout is None:
            return
        painter = QtGui.QPainter(self)
        painter.setPen(QtGui.QColor(colors().text))
        count = self._layout.lineCount()
        first = max(0, count - MAX_LINES)
        for row, index in enumerate(range(first, count)):
            line = self._layout.lineAt(index)
            line.draw(painter, QtCore.QPointF(self.margin(), row * self.line_height() - line.y()))
        if first or self._cut():
            painter.setPen(QtGui.QColor(colors().faint))
            painter.drawText(QtCore.QPointF(0, self.fontMetrics().ascent()), "…")
        painter.end()

    def margin(self) -> int:
        """Pixels left of the text, where the ellipsis hangs."""
        return self.fontMetrics().horizontalAdvance("… ")

    def _cut(self) -> int:
        """How many characters of the committed text are not laid out."""
        surplus = len(self._transcript.committed) - _KEPT_CHARACTERS
        if surplus <= 0:
            return 0
        start = -(-surplus // _CUT_STEP) * _CUT_STEP
        return self._transcript.committed.find(" ", start) + 1 or start

    def _arrange(self) -> None:
        """Wrap the text; the colours belong to the formats, so a change of theme comes here too."""
        committed = self._transcript.committed[self._cut() :].strip()
        tentative = self._transcript.tentative.strip()
        text = f"{committed} {tentative}".strip()
        layout = QtGui.QTextLayout(text, self.font())
        tentative_format = QtGui.QTextCharFormat()
        tentative_format.setForeground(QtGui.QColor(colors().faint))
        tentative_format.setFontItalic(True)
        tentative_range = QtGui.QTextLayout.FormatRange()
        tentative_range.start = len(text) - len(tentative)  # both in UTF-16 units as long as the text has no emoji
        tentative_range.length = len(tentative)
        tentative_range.format = tentative_format
        if tentative:
            layout.setFormats([tentative_range])
        _wrap(layout, max(40, self.width() - self.margin()))
        self._layout = layout if text else None
        lines = min(MAX_LINES, layout.lineCount()) if text else 0
        if lines != self._lines:
            self._lines = lines
            self.updateGeometry()
            self.lines_changed.emit(lines)
        self.update()

    def changeEvent(self, event: QtCore.QEvent) -> None:
        """Take over a new font or palette."""
        super().changeEvent(event)
        if event.type() in {QtCore.QEvent.Type.FontChange, QtCore.QEvent.Type.PaletteChange}:
            self._arrange()


def _wrap(layout: QtGui.QTextLayout, width: int) -> None:
    layout.beginLayout()
    y = 0.0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        line.setPosition(QtCore.QPointF(0, y))
        y += line.height()
    layout.endLayout()
