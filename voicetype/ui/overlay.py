"""The overlay: level and live text at the bottom of the screen. GUI thread; may import `qt`, `core` and `ui`.

It takes neither focus nor input: the text goes to the window that has the focus.
"""

from __future__ import annotations

from voicetype.core.levels import SoundLevel
from voicetype.core.messages import Level
from voicetype.core.ports import Transcript
from voicetype.core.status import CAPTURING, AppStatus, SessionState
from voicetype.i18n import translate
from voicetype.qt import QtCore, QtGui, QtWidgets, Slot
from voicetype.ui.bars import LevelBar, ProgressBar
from voicetype.ui.floating import FloatingWindow, area_at_pointer, overlay_width
from voicetype.ui.messages import loading, loading_percent, session_text, text_of
from voicetype.ui.theme import colors
from voicetype.ui.transcript_view import TranscriptView

_BOTTOM_GAP = 56
_RADIUS = 12
_INDENT = 38
_DONE_MS = 1_200
_PROBLEM_MS = 5_000
"""How long the outcome stays: a glance for success, a reading for a problem."""


class Overlay(FloatingWindow):
    """Shows state, level, loading progress and live text while a dictation is in progress."""

    def __init__(self) -> None:
        window_type = QtCore.Qt.WindowType
        super().__init__(window_type.WindowTransparentForInput | window_type.NoDropShadowWindowHint)
        # A Wayland compositor gives each new window the focus, whatever that window says.
        self._would_take_focus = QtGui.QGuiApplication.platformName().startswith("wayland")
        # Without a compositor, which X11 may lack, a translucent window has black corners: there a mask rounds them.
        self._masked = QtGui.QGuiApplication.platformName() == "xcb"
        if not self._masked:
            self.setAttribute(QtCore.Qt.WidgetAttribute.WA_TranslucentBackground)
        self._session = SessionState.IDLE
        self._dot_color = ""
        self._linger = QtCore.QTimer(self)
        self._linger.setSingleShot(True)
        self._linger.timeout.connect(self.hide)
        self._build()
        QtGui.QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_scheme_changed)
        self._apply_colors()

    @Slot(object)
    def show_status(self, status: AppStatus) -> None:
        """Show `status`: appears with a dictation, stays a moment for its outcome, hides."""
        if self._would_take_focus:
            return
        previous, self._session = self._session, status.session
        if status.session is SessionState.IDLE:
            if previous is not SessionState.IDLE or (self.isVisible() and status.problem is not None):
                self._show_outcome(status)
            return
        self._linger.stop()
        if previous is SessionState.IDLE:
            self._text.set_transcript(Transcript())
            self._level.reset()
        self._set_state(session_text(status), self._color_of(status))
        listens = status.session in CAPTURING
        self._level.setVisible(listens)
        self._progress.setVisible(loading(status))
        self._progress_label.setVisible(loading(status) and listens)
        if loading(status):
            self._progress.set_percent(loading_percent(status))
        self._fit()
        if not self.isVisible():
            self.show()
            self.raise_()

    @Slot(object)
    def set_transcript(self, transcript: Transcript) -> None:
        """Show `transcript`. Never makes the overlay appear."""
        if self._session is not SessionState.IDLE:
            self._text.set_transcript(transcript)

    @Slot(object)
    def set_level(self, level: SoundLevel) -> None:
        """Show the microphone's level. Costs nothing while hidden."""
        if self.isVisible():
            self._level.set_level(level)

    def transcript(self) -> Transcript:
        """The text shown."""
        return self._text.transcript()

    def state_text(self) -> str:
        """The line that tells the state."""
        return self._state.text()

    def hideEvent(self, event: QtGui.QHideEvent) -> None:
        """Forget the dictation: switched off in the middle of one, the overlay must not come back with its end."""
        super().hideEvent(event)
        self._linger.stop()
        self._session = SessionState.IDLE
        self._text.set_transcript(Transcript())

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        """Draw the panel and the dot beside the state."""
        painter = QtGui.QPainter(self)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        painter.setPen(QtGui.QPen(QtGui.QColor(colors().border), 1))
        painter.setBrush(QtGui.QColor(colors().panel))
        if self._masked:
            painter.fillRect(self.rect(), QtGui.QColor(colors().panel))
        painter.drawRoundedRect(QtCore.QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)
        painter.setPen(QtCore.Qt.PenStyle.NoPen)
        painter.setBrush(QtGui.QColor(self._dot_color))
        center = QtCore.QPointF(22, self._state.geometry().center().y() + 0.5)
        painter.drawEllipse(center, 5, 5)
        painter.end()

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        """Round the corners of the new size where a mask does it."""
        super().resizeEvent(event)
        if self._masked:
            mask = QtGui.QBitmap(self.size())
            mask.clear()
            painter = QtGui.QPainter(mask)
            painter.setBrush(QtCore.Qt.GlobalColor.color1)
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), _RADIUS, _RADIUS)
            painter.end()
            self.setMask(mask)

    def _build(self) -> None:
        self._state = QtWidgets.QLabel(self)
        self._state.setWordWrap(True)
        font = self._state.font()
        font.setBold(True)
        self._state.setFont(font)
        self._progress_label = QtWidgets.QLabel(self)
        self._level = LevelBar(self)
        self._level.setFixedWidth(140)
        self._progress = ProgressBar(self)
        self._text = TranscriptView(self)
        text_font = self._text.font()
        text_font.setPointSizeF(text_font.pointSizeF() * 1.25)
        self._text.setFont(text_font)
        self._text.lines_changed.connect(self._fit)
        header = QtWidgets.QHBoxLayout()
        header.setSpacing(16)
        header.addWidget(self._state, 1)
        header.addWidget(self._progress_label, 0, QtCore.Qt.AlignmentFlag.AlignVCenter)
        header.addWidget(self._level, 0, QtCore.Qt.AlignmentFlag.AlignVCenter)
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(0, 14, 22, 14)
        layout.setSpacing(8)
        header.setContentsMargins(_INDENT, 0, 0, 0)
        layout.addLayout(header)
        progress_row = QtWidgets.QHBoxLayout()
        progress_row.setContentsMargins(_INDENT, 0, 0, 0)
        progress_row.addWidget(self._progress)
        layout.addLayout(progress_row)
        text_row = QtWidgets.QHBoxLayout()
        # The text stands under the state; its ellipsis hangs in the margin, under the dot.
        text_row.setContentsMargins(_INDENT - self._text.margin(), 0, 0, 0)
        text_row.addWidget(self._text)
        layout.addLayout(text_row)

    def _show_outcome(self, status: AppStatus) -> None:
        """A dictation ended: with a problem, with text, or with neither."""
        self._level.hide()
        self._progress.hide()
        self._progress_label.hide()
        if status.problem is not None and status.problem.level is Level.ERROR:
            self._set_state(text_of(status.problem), colors().error)
            self._linger.start(_PROBLEM_MS)
        elif self._text.lines():
            self._set_state(translate("Overlay", "Done"), colors().finishing)
            self._linger.start(_DONE_MS)
        else:
            self.hide()
            return
        self._fit()

    @staticmethod
    def _color_of(status: AppStatus) -> str:
        if status.session is SessionState.LISTENING:
            return colors().listening
        return colors().busy if loading(status) or status.session is SessionState.STARTING else colors().finishing

    def _set_state(self, text: str, dot_color: str) -> None:
        if text != self._state.text():
            self._state.setText(text)
        if dot_color != self._dot_color:
            self._dot_color = dot_color
            self.update()

    @Slot()
    def _fit(self) -> None:
        """Take the height that the content needs; the bottom edge stays where it is."""
        self._progress_label.setText(translate("Overlay", "models are loading"))
        area = self._screen_area()
        width = overlay_width(area)
        self._text.setFixedHeight(max(1, self._text.lines()) * self._text.line_height())
        self._text.setVisible(self._text.lines() > 0)
        layout = self.layout()
        if layout is None:
            return
        layout.activate()
        height = max(layout.totalHeightForWidth(width), layout.totalMinimumSize().height())
        left = area.x() + (area.width() - width) // 2
        self.setGeometry(left, area.y() + area.height() - _BOTTOM_GAP - height, width, height)

    def _screen_area(self) -> QtCore.QRect:
        """The usable part of the screen that has the pointer; a dictation stays on the screen where it began."""
        if self.isVisible():
            return self.screen().availableGeometry()
        return area_at_pointer()

    @Slot()
    def _on_scheme_changed(self) -> None:
        self._apply_colors()

    def _apply_colors(self) -> None:
        palette = self.palette()
        palette.setColor(QtGui.QPalette.ColorRole.WindowText, QtGui.QColor(colors().text))
        self.setPalette(palette)
        faint = self._progress_label.palette()
        faint.setColor(QtGui.QPalette.ColorRole.WindowText, QtGui.QColor(colors().faint))
        self._progress_label.setPalette(faint)
        self.update()
