"""Two small bars: the microphone's level and a progress. GUI thread; may import `qt` and `ui.theme`."""

from __future__ import annotations

from voicetype.qt import QtCore, QtGui, QtWidgets
from voicetype.ui.theme import colors

_QUIET_DBFS = -60.0
"""The left end of the meter; a quiet room lies below it."""
_LOUD_DBFS = -6.0
"""From here on speech is about to be clipped."""


class LevelBar(QtWidgets.QWidget):
    """A level meter. Repaints only when its filled width changes by a pixel, and never while hidden."""

    def __init__(self, parent: QtWidgets.QWidget | None = None, *, height: int = 6) -> None:
        super().__init__(parent)
        self._level = _QUIET_DBFS
        self.setFixedHeight(height)
        self.setMinimumWidth(80)

    def set_level(self, dbfs: float) -> None:
        """Show a level in dBFS; anything below -60, -inf included, is silence."""
        level = min(max(dbfs, _QUIET_DBFS), 0.0)
        changed = self._filled(level) != self._filled(self._level)
        self._level = level
        if changed and self.isVisible():
            self.update()

    def filled_width(self) -> int:
        """Pixels filled at present."""
        return self._filled(self._level)

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        """Draw track and filling."""
        color = colors().loud if self._level >= _LOUD_DBFS else colors().level
        _paint_bar(self, self._filled(self._level), color)

    def _filled(self, level: float) -> int:
        return round((level - _QUIET_DBFS) / -_QUIET_DBFS * self.width())


class ProgressBar(QtWidgets.QWidget):
    """A thin progress bar, 0 to 100."""

    def __init__(self, parent: QtWidgets.QWidget | None = None, *, height: int = 4) -> None:
        super().__init__(parent)
        self._percent = 0
        self.setFixedHeight(height)
        self.setMinimumWidth(80)

    def set_percent(self, percent: int) -> None:
        """Show `percent`."""
        if percent != self._percent:
            self._percent = percent
            self.update()

    def percent(self) -> int:
        """The value shown."""
        return self._percent

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        """Draw track and filling."""
        _paint_bar(self, round(self._percent / 100 * self.width()), colors().busy)


def _paint_bar(widget: QtWidgets.QWidget, filled: int, color: str) -> None:
    painter = QtGui.QPainter(widget)
    painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
    painter.setPen(QtCore.Qt.PenStyle.NoPen)
    radius = widget.height() / 2
    painter.setBrush(QtGui.QColor(colors().track))
    painter.drawRoundedRect(widget.rect(), radius, radius)
    if filled > 0:
        painter.setBrush(QtGui.QColor(color))
        painter.drawRoundedRect(QtCore.QRectF(0, 0, max(filled, widget.height()), widget.height()), radius, radius)
    painter.end()
