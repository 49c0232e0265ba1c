"""The settings window: edits a draft, submits it whole. GUI thread; may import `qt`, `i18n`, `core` and `ui`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

from voicetype.core.config import Config, field_info, with_value
from voicetype.core.hotkeys import canonical, for_people, parse_hotkey
from voicetype.core.messages import HotkeyError, MessageCode, UserMessage
from voicetype.core.ports import AudioDevice
from voicetype.core.status import PUNCTUATION, SPEECH, AppStatus, Metrics
from voicetype.i18n import translate
from voicetype.qt import QtCore, QtGui, QtWidgets, Signal, Slot
from voicetype.ui import settings_pages as pages
from voicetype.ui.bars import LevelBar
from voicetype.ui.icons import app_icon
from voicetype.ui.messages import text_of
from voicetype.ui.settings_fields import (
    CheckEditor,
    ChoiceEditor,
    DeviceEditor,
    Editor,
    HotkeyEditor,
    ModelEditor,
    NumberEditor,
)
from voicetype.ui.status_panel import StatusPanel, error_label, faint_label

_HOTKEY = "hotkeys.toggle"
_MARGIN = 24
_HOTKEY_PROBLEMS = frozenset(
    {
        MessageCode.HOTKEY_INVALID,
        MessageCode.HOTKEY_NEEDS_MODIFIER,
        MessageCode.HOTKEY_TAKEN,
        MessageCode.HOTKEY_UNAVAILABLE,
    }
)


class SettingsWindow(QtWidgets.QWidget):
    """Pages of settings, the models' states and the machine's load.

    Signals:
        config_submitted(Config): OK or Apply with valid values. A `show_problem` during it keeps the window open.
        level_monitor_requested(bool): the level meter came into view or left it.
    """

    config_submitted = Signal(object)
    level_monitor_requested = Signal(bool)

    def __init__(
        self,
        config: Config,
        *,
        list_devices: Callable[[], Sequence[AudioDevice]],
        check_hotkey: Callable[[str], None],
        list_models: Callable[[str], Sequence[str]] | None = None,
    ) -> None:
        """`list_models` names the installed models of an engine (SPEECH or PUNCTUATION)."""
        super().__init__()
        self._config = config
        self._list_devices = list_devices
        self._list_models = list_models or (lambda _engine: ())
        self._check_hotkey = check_hotkey
        self._status = AppStatus()
        self._monitoring = False
        self._refused = False
        self._editors: dict[str, Editor] = {}
        self._content: QtWidgets.QWidget | None = None
        self._retranslation = QtCore.QTimer(self)
        self._retranslation.setSingleShot(True)
        self._retranslation.timeout.connect(self._rebuild)
        self._layout = QtWidgets.QVBoxLayout(self)
        self._layout.setContentsMargins(12, 12, 12, 12)
        self.setWindowIcon(app_icon())
        self.resize(640, 480)
        self._build()

    def set_config(self, config: Config) -> None:
        """Show `config`. A draft that the user sees and has not applied yet stays."""
        untouched = not self.isVisible() or self._draft_or_none() in {self._config, config}
        self._config = config
        if untouched:
            self._load()
        self._on_edited()

    @Slot(object)
    def show_status(self, status: AppStatus) -> None:
        """Show the models' states, the hotkey in force and the unsolved problem."""
        self._status = status
        self._panel.show_status(status)

    def set_metrics(self, metrics: Metrics) -> None:
        """Show the load of program and machine."""
        self._panel.set_metrics(metrics)

    def set_level(self, dbfs: float) -> None:
        """Show the microphone's level in dBFS."""
        self._level.set_level(dbfs)

    @Slot(object)
    def show_problem(self, message: UserMessage) -> None:
        """Say what is wrong at the foot of the window; a bad hotkey is told beside its field."""
        self._refused = True
        if message.code in _HOTKEY_PROBLEMS:
            self._tell_hotkey_problem(text_of(message))
        else:
            _say(self._problem, text_of(message))

    def problem_text(self) -> str:
        """What is told to be wrong at present; "" when all is well."""
        return " ".join(text for text in (self._problem.text(), self._hotkey_problem.text()) if text)

    def hideEvent(self, event: QtGui.QHideEvent) -> None:
        """The meter needs no microphone any more."""
        super().hideEvent(event)
        self._watch_level()

    def showEvent(self, event: QtGui.QShowEvent) -> None:
        """Bring the meter back if its page is in front."""
        super().showEvent(event)
        self._watch_level()

    def closeEvent(self, event: QtGui.QCloseEvent) -> None:
        """Closing is cancelling."""
        super().closeEvent(event)
        self._load()
        _say(self._problem, "")

    def keyPressEvent(self, event: QtGui.QKeyEvent) -> None:
        """Escape cancels, as in any dialog."""
        if event.key() == QtCore.Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QtCore.QEvent) -> None:
        """Speak another language at once; each catalogue brings an event, and one answer is enough."""
        super().changeEvent(event)
        if event.type() is QtCore.QEvent.Type.LanguageChange and self._content is not None:
            self._retranslation.start(0)

    @Slot()
    def _rebuild(self) -> None:
        page = self._tabs.currentIndex()
        self._build()
        self._tabs.setCurrentIndex(page)

    def _build(self) -> None:
        if self._content is not None:
            self._layout.removeWidget(self._content)
            self._content.hide()
            self._content.deleteLater()
        self.setWindowTitle(translate("Settings", "VoiceType: settings"))
        self._editors.clear()
        self._panel, self._level = StatusPanel(), LevelBar(height=8)
        self._problem, self._hotkey_problem = error_label(), error_label()
        self._tabs = QtWidgets.QTabWidget()
        self._pages = list(pages.titles())
        rows = pages.rows()
        for key, title in pages.titles().items():
            self._tabs.addTab(self._page(key, rows[key]), title)
        self._tabs.currentChanged.connect(self._watch_level)
        self._content = QtWidgets.QWidget()
        content = QtWidgets.QVBoxLayout(self._content)
        content.setContentsMargins(0, 0, 0, 0)
        content.setSpacing(10)
        content.addWidget(self._tabs, 1)
        content.addWidget(self._problem)
        content.addWidget(self._button_box())
        self._layout.addWidget(self._content)
        self._load()
        for editor in self._editors.values():
            editor.on_edited(self._on_edited)
        self._on_edited()
        self.show_status(self._status)

    def _button_box(self) -> QtWidgets.QDialogButtonBox:
        kind = QtWidgets.QDialogButtonBox.StandardButton
        box = QtWidgets.QDialogButtonBox(kind.Ok | kind.Cancel | kind.Apply)
        box.accepted.connect(self._on_accepted)
        box.rejected.connect(self.close)
        self._apply = box.button(kind.Apply)
        self._apply.clicked.connect(self._submit)
        return box

    def _page(self, key: str, rows: Sequence[pages.Row]) -> QtWidgets.QWidget:
        page = QtWidgets.QWidget()
        layout = QtWidgets.QVBoxLayout(page)
        layout.setContentsMargins(_MARGIN, _MARGIN - 4, _MARGIN, _MARGIN - 4)
        layout.setSpacing(18)
        if key == pages.MAIN:
            layout.addWidget(self._panel)
        form = QtWidgets.QFormLayout()
        form.setHorizontalSpacing(18)
        form.setVerticalSpacing(12)
        form.setFieldGrowthPolicy(QtWidgets.QFormLayout.FieldGrowthPolicy.FieldsStayAtSizeHint)
        for row in rows:
            self._add_row(form, row)
        if key == pages.AUDIO:
            self._level.setFixedWidth(300)
            form.insertRow(1, translate("Settings", "Level"), self._level)
        layout.addLayout(form)
        layout.addStretch(1)
        return page

    def _add_row(self, form: QtWidgets.QFormLayout, row: pages.Row) -> None:
        editor = self._make_editor(row)
        self._editors[row.field] = cast(Editor, editor)
        cell = QtWidgets.QVBoxLayout()
        cell.setSpacing(3)
        cell.addWidget(editor)
        if row.hint:
            cell.addWidget(faint_label(row.hint))
        if row.field == _HOTKEY:
            cell.addWidget(self._hotkey_problem)
        form.addRow("" if isinstance(editor, CheckEditor) else row.label, cell)

    def _make_editor(self, row: pages.Row) -> QtWidgets.QWidget:
        if row.kind is pages.Kind.HOTKEY:
            return HotkeyEditor()
        if row.kind is pages.Kind.DEVICE:
            return DeviceEditor(self._list_devices)
        if row.kind in {pages.Kind.SPEECH_MODEL, pages.Kind.PUNCTUATION_MODEL}:
            return ModelEditor(self._list_models(SPEECH if row.kind is pages.Kind.SPEECH_MODEL else PUNCTUATION))
        if row.choices:
            return ChoiceEditor(row.choices)
        info = field_info(*row.field.split("."))
        return CheckEditor(row.label) if info.type is bool else NumberEditor(info, row.unit, row.zero)

    def _load(self) -> None:
        """Put the settings in force into the editors."""
        for field, editor in self._editors.items():
            section, name = field.split(".")
            value = getattr(getattr(self._config, section), name)
            editor.set_value(_hotkey_for_people(value) if field == _HOTKEY else value)
        _say(self._hotkey_problem, "")

    def _draft(self) -> Config:
        """The settings as edited. Raises HotkeyError."""
        config = self._config
        for field, editor in self._editors.items():
            value = editor.value()
            if field == _HOTKEY:
                self._check_hotkey(str(value))
                value = canonical(parse_hotkey(str(value)))
            config = with_value(config, field, value)
        return config

    def _draft_or_none(self) -> Config | None:
        try:
            return self._draft()
        except HotkeyError:
            return None

    @Slot()
    def _submit(self) -> bool:
        """Check the draft and send it; False when something is wrong, which is then said."""
        _say(self._problem, "")
        try:
            draft = self._draft()
        except HotkeyError as error:
            self._tell_hotkey_problem(text_of(error.message))
            return False
        self._refused = False
        self.config_submitted.emit(draft)
        return not self._refused

    @Slot()
    def _on_accepted(self) -> None:
        if self._submit():
            self.close()

    @Slot()
    def _on_edited(self) -> None:
        """Say at once what is wrong with a hotkey; offer Apply when there is something to apply."""
        try:
            changed = self._draft() != self._config
            _say(self._hotkey_problem, "")
        except HotkeyError as error:
            changed = True
            _say(self._hotkey_problem, text_of(error.message))
        self._apply.setEnabled(changed)

    def _tell_hotkey_problem(self, text: str) -> None:
        self._tabs.setCurrentIndex(self._pages.index(pages.HOTKEYS))
        _say(self._hotkey_problem, text)

    @Slot()
    def _watch_level(self) -> None:
        """Ask for the meter's microphone when its page comes into view, let it go when it leaves."""
        wanted = self.isVisible() and self._pages[self._tabs.currentIndex()] == pages.AUDIO
        if wanted != self._monitoring:
            self._monitoring = wanted
            self.level_monitor_requested.emit(wanted)


def _say(label: QtWidgets.QLabel, text: str) -> None:
    label.setText(text)
    label.setVisible(bool(text))


def _hotkey_for_people(value: object) -> str:
    try:
        return for_people(parse_hotkey(str(value)))
    except HotkeyError:
        return str(value)
