"""Icons drawn by the program itself: no image plugin has to be shipped, and every size is crisp.

Each tray state differs in shape as well as in colour, for eyes that do not tell colours apart, and stands on a solid
ground of its own, for light and dark panels alike. GUI thread; may import `qt`.
"""

from __future__ import annotations

import enum
from collections.abc import Callable

from voicetype.qt import QtCore, QtGui

SIZES = (16, 20, 22, 24, 32, 48, 64, 128)
"""Pixels. Trays ask for the first ones, times their scale."""
_UNIT = 32.0
"""The drawings are made on a square of this side."""
_WHITE = QtGui.QColor("#ffffff")
_INK = QtGui.QColor("#2b2200")


class TrayState(enum.Enum):
    """What the tray icon tells."""

    IDLE = "idle"
    LOADING = "loading"
    LISTENING = "listening"
    FINISHING = "finishing"
    ERROR = "error"


def tray_icon(state: TrayState) -> QtGui.QIcon:
    """The icon of `state` in all SIZES."""
    icon = QtGui.QIcon()
    for size in SIZES:
        icon.addPixmap(_pixmap(state, size))
    return icon


def app_icon() -> QtGui.QIcon:
    """The program's own icon, for windows and task bars."""
    return tray_icon(TrayState.IDLE)


def picture(size: int) -> QtGui.QPixmap:
    """The program's own icon as a picture of `size` pixels."""
    return _pixmap(TrayState.IDLE, size)


def _pixmap(state: TrayState, size: int) -> QtGui.QPixmap:
    pixmap = QtGui.QPixmap(size, size)
    pixmap.fill(QtCore.Qt.GlobalColor.transparent)
    painter = QtGui.QPainter(pixmap)
    painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
    painter.scale(size / _UNIT, size / _UNIT)
    _DRAWINGS[state](painter)
    painter.end()
    return pixmap


def _fill(painter: QtGui.QPainter, color: QtGui.QColor | str) -> None:
    painter.setPen(QtCore.Qt.PenStyle.NoPen)
    painter.setBrush(QtGui.QColor(color))


def _stroke(painter: QtGui.QPainter, color: QtGui.QColor | str, width: float) -> None:
    pen = QtGui.QPen(QtGui.QColor(color), width)
    pen.setCapStyle(QtCore.Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(QtCore.Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(QtCore.Qt.BrushStyle.NoBrush)


def _disc(painter: QtGui.QPainter, color: str) -> None:
    _fill(painter, color)
    painter.drawEllipse(QtCore.QRectF(1, 1, 30, 30))


def _microphone(painter: QtGui.QPainter) -> None:
    _fill(painter, _WHITE)
    painter.drawRoundedRect(QtCore.QRectF(12.5, 5.5, 7, 13), 3.5, 3.5)
    _stroke(painter, _WHITE, 2.2)
    painter.drawArc(QtCore.QRectF(9, 8.5, 14, 13.5), 180 * 16, 180 * 16)
    painter.drawLine(QtCore.QPointF(16, 22), QtCore.QPointF(16, 26))
    painter.drawLine(QtCore.QPointF(12, 26.3), QtCore.QPointF(20, 26.3))


def _draw_idle(painter: QtGui.QPainter) -> None:
    _fill(painter, "#5b6878")
    painter.drawRoundedRect(QtCore.QRectF(1, 1, 30, 30), 8, 8)
    _microphone(painter)


def _draw_loading(painter: QtGui.QPainter) -> None:
    _disc(painter, "#2f6fde")
    _fill(painter, _WHITE)
    for x in (8.5, 16.0, 23.5):
        painter.drawEllipse(QtCore.QPointF(x, 16), 2.8, 2.8)


def _draw_listening(painter: QtGui.QPainter) -> None:
    _disc(painter, "#d8342b")
    _stroke(painter, _WHITE, 3.0)
    for x, half in ((7.0, 2.5), (11.5, 6.0), (16.0, 9.5), (20.5, 6.0), (25.0, 2.5)):
        painter.drawLine(QtCore.QPointF(x, 16 - half), QtCore.QPointF(x, 16 + half))


def _draw_finishing(painter: QtGui.QPainter) -> None:
    _disc(painter, "#23875a")
    _stroke(painter, _WHITE, 2.8)
    for y, end in ((10.5, 24.0), (16.0, 24.0), (21.5, 17.0)):
        painter.drawLine(QtCore.QPointF(8.5, y), QtCore.QPointF(end, y))


def _draw_error(painter: QtGui.QPainter) -> None:
    triangle = QtGui.QPolygonF([QtCore.QPointF(16, 4), QtCore.QPointF(29, 27), QtCore.QPointF(3, 27)])
    pen = QtGui.QPen(QtGui.QColor("#f5b400"), 4)
    pen.setJoinStyle(QtCore.Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(QtGui.QColor("#f5b400"))
    painter.drawPolygon(triangle)
    _stroke(painter, _INK, 3.2)
    painter.drawLine(QtCore.QPointF(16, 11.5), QtCore.QPointF(16, 18.5))
    _fill(painter, _INK)
    painter.drawEllipse(QtCore.QPointF(16, 24), 2.0, 2.0)


_DRAWINGS: dict[TrayState, Callable[[QtGui.QPainter], None]] = {
    TrayState.IDLE: _draw_idle,
    TrayState.LOADING: _draw_loading,
    TrayState.LISTENING: _draw_listening,
    TrayState.FINISHING: _draw_finishing,
    TrayState.ERROR: _draw_error,
}
