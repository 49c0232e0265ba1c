"""Windows above all others that never take the focus, since the text goes to the window that has it. GUI thread.

They refuse focus in every way that Qt knows, and under X11 the window manager is not even asked.
"""

from __future__ import annotations

from voicetype.qt import QtCore, QtGui, QtWidgets

MARGIN = 16
OVERLAY_WIDTH, NOTICE_WIDTH, NARROWEST_NOTICE = 560, 400, 300
"""Pixels. Both may be there at once: the overlay in the middle of the bottom, the notice in the corner beside it."""


class FloatingWindow(QtWidgets.QWidget):
    """Such a window; `more` adds what else it needs to be."""

    def __init__(self, more: QtCore.Qt.WindowType = QtCore.Qt.WindowType.Widget) -> None:
        window_type = QtCore.Qt.WindowType
        super().__init__(
            None,
            window_type.Tool
            | window_type.FramelessWindowHint
            | window_type.WindowStaysOnTopHint
            | window_type.WindowDoesNotAcceptFocus
            | window_type.X11BypassWindowManagerHint
            | more,
        )
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.NoFocus)


def area_at_pointer() -> QtCore.QRect:
    """The usable part of the screen that has the pointer."""
    screen = QtGui.QGuiApplication.screenAt(QtGui.QCursor.pos()) or QtGui.QGuiApplication.primaryScreen()
    return screen.availableGeometry()


def overlay_width(area: QtCore.QRect) -> int:
    """How wide the overlay is on this part of a screen."""
    return min(OVERLAY_WIDTH, area.width() - 2 * MARGIN)


def notice_width(area: QtCore.QRect) -> int:
    """How wide the notice is: where there is room beside the overlay, it stays out of its way."""
    beside = (area.width() - overlay_width(area)) // 2 - 2 * MARGIN
    return min(NOTICE_WIDTH, max(beside, NARROWEST_NOTICE), area.width() - 2 * MARGIN)
