"""A notice with buttons, for what a balloon cannot offer: insert, copy, recognise. GUI thread.

It never takes the focus: "Insert here" means the window that has it.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping

from voicetype.core.messages import Level, MessageCode, UserMessage
from voicetype.i18n import translate
from voicetype.qt import QtCore, QtGui, QtWidgets, Signal, Slot
from voicetype.ui.floating import MARGIN, FloatingWindow, area_at_pointer, notice_width
from voicetype.ui.messages import text_of
from voicetype.ui.own_presses import OwnPresses
from voicetype.ui.theme import colors

_STAY_MS = 20_000
"""Time to read two sentences, and to decide."""


class Choice(enum.Enum):
    """What the user can do about a message at once."""

    INSERT = "insert"
    """Put the last text into the window that has the focus."""
    COPY = "copy"
    """Put the last text into the clipboard."""
    RECOGNISE = "recognise"
    """Recognise the sound that was kept."""
    DISCARD = "discard"
    """Delete the sound that was kept."""


_NOT_IN_THE_WINDOW = (
    MessageCode.INSERTION_FAILED,
    MessageCode.NO_TARGET,
    MessageCode.TARGET_CLOSED,
    MessageCode.TARGET_FORBIDDEN,
    MessageCode.TARGET_OWN,
    MessageCode.TARGET_ELEVATED,
    MessageCode.KEYBOARD_TAKEN,
    MessageCode.TEXT_HELD,
    MessageCode.TYPING_INTERRUPTED,
    MessageCode.CLIPBOARD_TAKEN,
    MessageCode.DICTATION_CANCELLED,
)
_CHOICES: Mapping[MessageCode, tuple[Choice, ...]] = {
    **dict.fromkeys(_NOT_IN_THE_WINDOW, (Choice.INSERT, Choice.COPY)),
    MessageCode.SOUND_LEFT: (Choice.RECOGNISE, Choice.DISCARD),
    MessageCode.SOUND_KEPT: (Choice.RECOGNISE, Choice.DISCARD),
}
_UNTIL_ANSWERED = frozenset({MessageCode.SOUND_LEFT, MessageCode.SOUND_KEPT, MessageCode.TEXT_HELD})


class Notice(FloatingWindow):
    """One message with its buttons in a corner of the screen; a new one takes the place of the old.

    Signals:
        chosen(Choice): the user pressed this button; the notice has gone.

    Attributes:
        presses: those in the notice.
    """

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("VoiceType")
        self._text = QtWidgets.QLabel()
        self._text.setWordWrap(True)
        self._dot = QtWidgets.QLabel("●")
        self._level = Level.INFO
        self._offered: tuple[Choice, ...] = ()
        self._close = QtWidgets.QToolButton()
        self._close.setText("✕")
        self._close.setAutoRaise(True)
        self._close.clicked.connect(self.hide)
        self._buttons = QtWidgets.QHBoxLayout()
        self._buttons.addStretch(1)
        self._timer = QtCore.QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        top = QtWidgets.QHBoxLayout()
        up = QtCore.Qt.AlignmentFlag.AlignTop
        top.addWidget(self._dot, 0, up)
        top.addWidget(self._text, 1)
        top.addWidget(self._close, 0, up)
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, 12, 10, 12)
        layout.addLayout(top)
        layout.addLayout(self._buttons)
        self.presses = OwnPresses(self)
        self.presses.watch(self)
        QtGui.QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_scheme_changed)

    @staticmethod
    def suits(message: UserMessage) -> bool:
        """Whether there is something to choose about this message."""
        return message.code in _CHOICES

    @Slot(object)
    def show_message(self, message: UserMessage) -> None:
        """Show `message` with its buttons. Raises KeyError for one that does not suit."""
        self._text.setText(text_of(message))
        self._level = message.level
        self._close.setAccessibleName(translate("Notice", "Close"))
        self._close.setToolTip(translate("Notice", "Close"))
        self._offered = _CHOICES[message.code]
        self._make_buttons()
        self._apply_colors()
        self._place()
        self.show()
        self.raise_()
        if message.code in _UNTIL_ANSWERED:
            self._timer.stop()
        else:
            self._timer.start(_STAY_MS)

    def take_back(self, choice: Choice) -> None:
        """Go away if this is on offer, since it would be about something else by now."""
        if choice in self._offered:
            self.hide()

    def buttons(self) -> list[QtWidgets.QPushButton]:
        """Those on offer."""
        return self.findChildren(QtWidgets.QPushButton)

    def enterEvent(self, event: QtGui.QEnterEvent) -> None:
        """Somebody is about to choose."""
        super().enterEvent(event)
        if self._timer.isActive():
            self._timer.start(_STAY_MS)

    def _make_buttons(self) -> None:
        for old in self.buttons():
            old.setParent(None)
            old.deleteLater()
        for action in self._offered:
            button = QtWidgets.QPushButton(_label(action))
            button.setFocusPolicy(QtCore.Qt.FocusPolicy.NoFocus)
            button.setProperty("action", action.value)
            button.clicked.connect(self._on_clicked)
            self._buttons.addWidget(button)

    @Slot()
    def _on_clicked(self) -> None:
        button = self.sender()
        if isinstance(button, QtWidgets.QPushButton):
            self.hide()
            self.chosen.emit(Choice(button.property("action")))

    def _place(self) -> None:
        """Into the corner where desktops tell things."""
        area = area_at_pointer()
        width = notice_width(area)
        self.setFixedWidth(width)
        height = self.heightForWidth(width)
        self.setGeometry(area.right() - width - MARGIN, area.bottom() - height - MARGIN, width, height)

    @Slot()
    def _on_scheme_changed(self) -> None:
        self._apply_colors()

    def _apply_colors(self) -> None:
        palette, role = self.palette(), QtGui.QPalette.ColorRole
        palette.setColor(role.Window, QtGui.QColor(colors().panel))
        palette.setColor(role.WindowText, QtGui.QColor(colors().text))
        palette.setColor(role.ButtonText, QtGui.QColor(colors().text))
        self.setPalette(palette)
        dot = self._dot.palette()
        dot.setColor(role.WindowText, QtGui.QColor(_color_of(self._level)))
        self._dot.setPalette(dot)

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        """Draw the panel."""
        painter = QtGui.QPainter(self)
        painter.setPen(QtGui.QPen(QtGui.QColor(colors().border), 1))
        painter.setBrush(QtGui.QColor(colors().panel))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()


def _label(action: Choice) -> str:
    return {
        Choice.INSERT: translate("Notice", "Insert here"),
        Choice.COPY: translate("Notice", "Copy"),
        Choice.RECOGNISE: translate("Notice", "Recognise"),
        Choice.DISCARD: translate("Notice", "Delete"),
    }[action]


def _color_of(level: Level) -> str:
    return {Level.INFO: colors().busy, Level.WARNING: colors().loud, Level.ERROR: colors().error}[level]
