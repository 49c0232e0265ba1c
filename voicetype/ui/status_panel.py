"""The upper part of the settings' first page: how to start, the models' states, the load of the machine.

GUI thread; may import `qt`, `i18n`, `core` and `ui`.
"""

from __future__ import annotations

from voicetype.core.messages import MessageCode, UserMessage
from voicetype.core.status import AppStatus, Metrics, ModelState, ModelStatus
from voicetype.i18n import translate
from voicetype.qt import QtCore, QtGui, QtWidgets
from voicetype.ui.bars import ProgressBar
from voicetype.ui.messages import fallback_text, model_state_text, model_text, text_of
from voicetype.ui.theme import colors

_ICON_PX = 20


class StatusPanel(QtWidgets.QWidget):
    """Shows an AppStatus and Metrics; edits nothing."""

    def __init__(self) -> None:
        super().__init__()
        self._headline = QtWidgets.QLabel()
        font = self._headline.font()
        font.setPointSizeF(font.pointSizeF() * 1.3)
        font.setBold(True)
        self._headline.setFont(font)
        self._headline.setWordWrap(True)
        self._headline_hint = faint_label(translate("Status", "The text appears at the cursor, in any program."))
        self._speech = _ModelLine(translate("Status", "Speech"))
        self._punctuation = _ModelLine(translate("Status", "Punctuation"))
        self._metrics = QtWidgets.QLabel("—")
        self._note = _Note(QtWidgets.QStyle.StandardPixmap.SP_MessageBoxInformation)
        self._problem = _Note(QtWidgets.QStyle.StandardPixmap.SP_MessageBoxWarning)
        grid = QtWidgets.QGridLayout()
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        for row, line in enumerate((self._speech, self._punctuation)):
            line.add_to(grid, row)
        grid.addWidget(QtWidgets.QLabel(translate("Status", "Load")), 2, 0)
        grid.addWidget(self._metrics, 2, 1, 1, 2)
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._headline)
        layout.addWidget(self._headline_hint)
        layout.addSpacing(12)
        layout.addLayout(grid)
        layout.addSpacing(8)
        layout.addWidget(self._note)
        layout.addWidget(self._problem)

    def show_status(self, status: AppStatus) -> None:
        """Show `status`."""
        if status.hotkey:
            text = (
                translate("Status", "Hold {hotkey} and speak")
                if status.hotkey_is_held
                else translate("Status", "Press {hotkey}, speak, press it again")
            )
            self._headline.setText(text.format(hotkey=status.hotkey))
        else:
            self._headline.setText(translate("Status", "Start dictation from the tray icon"))
        self._speech.show_model(status.speech)
        self._punctuation.show_model(status.punctuation)
        self._note.show_text(text_of(UserMessage(MessageCode.DEMO_MODEL)) if status.demonstration else "")
        problem = status.problem or status.speech.error or status.punctuation.error
        self._problem.show_text(text_of(problem) if problem else "")

    def set_metrics(self, metrics: Metrics) -> None:
        """Show the load."""
        text = translate("Status", "CPU {cpu} %, memory {rss} MB (of the machine's {total} GB, {used} GB are in use)")
        self._metrics.setText(
            text.format(
                cpu=f"{metrics.cpu_percent:.0f}",
                rss=f"{metrics.rss_mib:.0f}",
                used=f"{metrics.system_used_mib / 1024:.1f}",
                total=f"{metrics.system_total_mib / 1024:.1f}",
            )
        )

    def text(self) -> str:
        """All that the panel says, one thing a line; for tests and screen readers."""
        labels = self.findChildren(QtWidgets.QLabel)
        return "\n".join(label.text() for label in labels if label.text() and not label.isHidden())


class _ModelLine:
    """Caption, model and state of one engine, with a bar while it loads."""

    def __init__(self, caption: str) -> None:
        self._caption = QtWidgets.QLabel(caption)
        self._model = QtWidgets.QLabel()
        self._model.setTextInteractionFlags(QtCore.Qt.TextInteractionFlag.TextSelectableByMouse)
        self._state = QtWidgets.QLabel()
        self._fallback = faint_label("")
        self._fallback.hide()
        self._progress = ProgressBar()
        self._progress.setFixedWidth(110)

    def add_to(self, grid: QtWidgets.QGridLayout, row: int) -> None:
        """Take a row of `grid`."""
        grid.addWidget(self._caption, row, 0)
        model = QtWidgets.QVBoxLayout()
        model.setSpacing(2)
        model.addWidget(self._model)
        model.addWidget(self._fallback)
        grid.addLayout(model, row, 1)
        state = QtWidgets.QHBoxLayout()
        state.setSpacing(10)
        state.addWidget(self._progress, 0, QtCore.Qt.AlignmentFlag.AlignVCenter)
        state.addWidget(self._state)
        grid.addLayout(state, row, 2, QtCore.Qt.AlignmentFlag.AlignRight)

    def show_model(self, status: ModelStatus) -> None:
        """Show `status`."""
        self._model.setText(model_text(status))
        say(self._fallback, fallback_text(status))
        self._state.setText(model_state_text(status))
        color = {ModelState.READY: colors().finishing, ModelState.FAILED: colors().error}.get(status.state)
        palette = QtWidgets.QApplication.palette()
        if color:
            palette.setColor(QtGui.QPalette.ColorRole.WindowText, QtGui.QColor(color))
        self._state.setPalette(palette)
        self._model.setPalette(palette)
        self._progress.set_percent(status.progress)
        self._progress.setVisible(status.state is ModelState.LOADING)


class _Note(QtWidgets.QFrame):
    """A sentence with an icon on a ground of its own; hidden while there is nothing to say."""

    def __init__(self, pixmap: QtWidgets.QStyle.StandardPixmap) -> None:
        super().__init__()
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QtGui.QPalette.ColorRole.AlternateBase)
        icon = QtWidgets.QLabel()
        icon.setPixmap(self.style().standardIcon(pixmap).pixmap(_ICON_PX, _ICON_PX))
        self._label = QtWidgets.QLabel()
        self._label.setWordWrap(True)
        layout = QtWidgets.QHBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(10)
        layout.addWidget(icon, 0, QtCore.Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._label, 1)
        self.hide()

    def show_text(self, text: str) -> None:
        """Say `text`; "" hides the note."""
        self._label.setText(text)
        self.setVisible(bool(text))


def faint_label(text: str) -> QtWidgets.QLabel:
    """A label for a hint."""
    label = QtWidgets.QLabel(text)
    label.setWordWrap(True)
    label.setForegroundRole(QtGui.QPalette.ColorRole.PlaceholderText)
    # A layout may give it more height than its lines need; they stay close to what they explain.
    label.setAlignment(QtCore.Qt.AlignmentFlag.AlignLeft | QtCore.Qt.AlignmentFlag.AlignTop)
    return label


def error_label() -> QtWidgets.QLabel:
    """A label for what is wrong; empty at first."""
    label = QtWidgets.QLabel()
    label.setWordWrap(True)
    palette = label.palette()
    palette.setColor(QtGui.QPalette.ColorRole.WindowText, QtGui.QColor(colors().error))
    label.setPalette(palette)
    label.hide()
    return label


def say(label: QtWidgets.QLabel, text: str) -> None:
    """Show `text` on `label`, which takes no room without one."""
    label.setText(text)
    label.setVisible(bool(text))
