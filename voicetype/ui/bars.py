"""Two small bars: the microphone's level and a progress. GUI thread; may import `qt`, `i18n`, `core`, `ui.theme`."""

from __future__ import annotations

from voicetype.core.levels import MeterReading, PeakHold, SoundLevel
from voicetype.i18n import translate
from voicetype.qt import QtCore, QtGui, QtWidgets
from voicetype.ui.theme import colors

_QUIET_DBFS = -60.0
"""The left end of the meter; a quiet room lies below it."""
_LOUD_DBFS, _DANGER_DBFS = -12.0, -3.0
"""Speech lies below the first; from the second on its peaks are about to be clipped."""
_MARKS = (-60, -50, -40, -30, -20, -10, 0)
_LAMP_PX = 8
"""The lamp at the right end that tells clipping."""
_GAP_PX = 4
_PEAK_PX = 2
_TOLD_EVERY = 20
"""Readings between two texts for screen readers: once a second."""


class LevelBar(QtWidgets.QWidget):
    """A level meter: loudness in zones of colour, a held peak, a lamp for clipping, with `scale` also marks in dBFS.

    Repaints only when something that can be seen has changed, and never while hidden.
    """

    def __init__(self, parent: QtWidgets.QWidget | None = None, *, height: int = 6, scale: bool = False) -> None:
        super().__init__(parent)
        self._bar_px = height
        self._scale = scale
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 0.8)
        self.setFont(font)
        self.setFixedHeight(height + (2 + self.fontMetrics().height() if scale else 0))
        self.setMinimumWidth(80)
        self.setAccessibleName(translate("Meter", "Level of the microphone"))
        self._readings = 0
        self.reset()

    def reset(self) -> None:
        """Nothing has been heard yet."""
        self._hold = PeakHold()
        self._show(MeterReading())

    def set_level(self, level: SoundLevel) -> None:
        """Show the next level, 20 times a second; what is below -60 dBFS is silence."""
        self._show(self._hold.take(level))

    def filled_width(self) -> int:
        """Pixels filled at present."""
        return self._pixels(self._reading.rms_dbfs)

    def peak_at(self) -> int:
        """Pixels from the left to the held peak."""
        return self._pixels(self._reading.peak_dbfs)

    def clips(self) -> bool:
        """Whether the lamp is on."""
        return self._reading.clipped

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        """Draw track, filling, held peak, lamp and marks."""
        painter = QtGui.QPainter(self)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        painter.setPen(QtCore.Qt.PenStyle.NoPen)
        outline = QtGui.QPainterPath()
        outline.addRoundedRect(QtCore.QRectF(0, 0, self._length(), self._bar_px), self._bar_px / 2, self._bar_px / 2)
        painter.fillPath(outline, QtGui.QColor(colors().track))
        painter.save()
        painter.setClipPath(outline)
        for begin, color in self._zones():
            left = self._pixels(begin)
            if self.filled_width() > left:
                painter.fillRect(left, 0, self.filled_width() - left, self._bar_px, QtGui.QColor(color))
            if self.peak_at() > left:
                peak = QtCore.QRect(self.peak_at() - _PEAK_PX, 0, _PEAK_PX, self._bar_px)
                painter.fillRect(peak, QtGui.QColor(color))
        painter.restore()
        painter.setBrush(QtGui.QColor(colors().error if self._reading.clipped else colors().track))
        painter.drawRoundedRect(self.width() - _LAMP_PX, 0, _LAMP_PX, self._bar_px, 2, 2)
        if self._scale:
            self._paint_marks(painter)
        painter.end()

    def _paint_marks(self, painter: QtGui.QPainter) -> None:
        painter.setPen(QtGui.QColor(colors().faint))
        metrics = self.fontMetrics()
        for mark in _MARKS:
            text = str(mark).replace("-", "−")
            width = metrics.horizontalAdvance(text)
            left = min(max(0, self._pixels(mark) - width // 2), self._length() - width)
            painter.drawText(left, self._bar_px + 2 + metrics.ascent(), text)

    def _zones(self) -> tuple[tuple[float, str], ...]:
        return (_QUIET_DBFS, colors().level), (_LOUD_DBFS, colors().loud), (_DANGER_DBFS, colors().error)

    def _show(self, reading: MeterReading) -> None:
        before = (self.filled_width(), self.peak_at(), self.clips()) if self._readings else None
        self._reading = reading
        if not self.isVisible():
            self._readings = 1
            return
        if (self.filled_width(), self.peak_at(), self.clips()) != before:
            self.update()
        if self._readings % _TOLD_EVERY == 0:
            self.setAccessibleDescription(_described(reading))
        self._readings += 1

    def _length(self) -> int:
        return self.width() - _LAMP_PX - _GAP_PX

    def _pixels(self, level: float) -> int:
        return round((min(max(level, _QUIET_DBFS), 0.0) - _QUIET_DBFS) / -_QUIET_DBFS * self._length())


def _described(reading: MeterReading) -> str:
    if reading.clipped:
        return translate("Meter", "The sound is clipped: too loud")
    text = translate("Meter", "{level} dBFS, peak {peak} dBFS")
    return text.format(level=round(reading.rms_dbfs), peak=round(reading.peak_dbfs))


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
