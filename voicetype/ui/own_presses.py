"""Presses that windows of this program get without having the focus: tray, menu, notice. GUI thread; may import `qt`.

They change no text, whatever the platform counts; see `ActivityWatch.excuse`.
"""

from __future__ import annotations

from voicetype.qt import QtCore, QtGui, QtWidgets, Signal

_Kind = QtCore.QEvent.Type
_BUTTONS = frozenset({_Kind.MouseButtonPress, _Kind.MouseButtonDblClick, _Kind.MouseButtonRelease})
_TRAY_ICON = "QSystemTrayIconSys"
"""The widget that stands in the tray under X11; Qt shows it to nobody."""


class OwnPresses(QtCore.QObject):
    """Filters the events of a few windows, and keeps none back.

    Signals:
        pressed(bool, object): a key (True), or a button that went down or up; the system's time of it in ms (int).
    """

    pressed = Signal(bool, object)

    def watch(self, widget: QtWidgets.QWidget) -> None:
        """Tell of the presses in this window from now on; idempotent."""
        widget.winId()  # makes the window
        if (window := widget.windowHandle()) is not None:
            window.installEventFilter(self)

    def watch_tray_icon(self) -> None:
        """Tell of the presses on the icon, where it is a window of this program."""
        for widget in QtWidgets.QApplication.topLevelWidgets():
            if widget.metaObject().className() == _TRAY_ICON:
                self.watch(widget)

    def eventFilter(self, _watched: QtCore.QObject, event: QtCore.QEvent) -> bool:
        """Look at the event."""
        if isinstance(event, QtGui.QInputEvent) and (event.type() in _BUTTONS or event.type() == _Kind.KeyPress):
            self.pressed.emit(event.type() == _Kind.KeyPress, event.timestamp())
        return False
