"""The pages of the settings window, made from the table in `settings_pages`.

GUI thread; may import `qt`, `i18n`, `core` and `ui`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

from voicetype.core.autostart import AutostartState
from voicetype.core.config import Config, field_info, with_value
from voicetype.core.hotkeys import Action, canonical, check_hotkeys, for_people, parse_for
from voicetype.core.library import LibraryModel
from voicetype.core.messages import HotkeyError
from voicetype.core.ports import AudioDevice
from voicetype.core.status import PUNCTUATION, SPEECH
from voicetype.i18n import translate
from voicetype.qt import QtCore, QtWidgets, Signal, Slot
from voicetype.ui import settings_pages as pages
from voicetype.ui.autostart_box import AutostartBox
from voicetype.ui.bars import LevelBar
from voicetype.ui.library_page import LibraryPage
from voicetype.ui.microphone_test import MicrophoneTest
from voicetype.ui.preview_box import PreviewBox
from voicetype.ui.settings_fields import (
    CheckEditor,
    ChoiceEditor,
    DeviceEditor,
    Editor,
    HotkeyEditor,
    ModelEditor,
    NumberEditor,
    TextEditor,
)
from voicetype.ui.status_panel import StatusPanel, error_label, faint_label, say
from voicetype.ui.vocabulary_bar import VocabularyBar

_MARGIN = 24
_METER_PX = 340


class SettingsTabs(QtWidgets.QTabWidget):
    """All editors on their pages, in the language of the moment of making.

    Attributes:
        panel: the state of the program, on the main page.
        autostart: whether the program starts at sign-in, under it.
        level: the microphone's level, on the audio page.
        test: a button to try the microphone, under it.
        vocabulary: buttons for the user's vocabulary, on the page of the text.
        preview: a box to try the text settings, on their page.
        library: the models that there are and can be had.

    Signals:
        edited(): an editor's value changed.
        recordings_requested(): show the folder of recordings.
        capturing(bool): a hotkey's field waits for what is pressed, or no longer.
    """

    edited = Signal()
    recordings_requested = Signal()
    capturing = Signal(bool)

    def __init__(
        self,
        list_devices: Callable[[], Sequence[AudioDevice]],
        list_models: Callable[[str], Sequence[str]],
        list_library: Callable[[], Sequence[LibraryModel]],
        read_autostart: Callable[[], AutostartState],
    ) -> None:
        super().__init__()
        self._list_devices = list_devices
        self._list_models = list_models
        self.panel, self.level, self.test = StatusPanel(), LevelBar(height=8, scale=True), MicrophoneTest()
        self.library, self.preview, self.vocabulary = LibraryPage(list_library), PreviewBox(), VocabularyBar()
        self.autostart = AutostartBox(read_autostart)
        self._hotkey_problems: dict[str, QtWidgets.QLabel] = {}
        self._editors: dict[str, Editor] = {}
        self._keys = list(pages.titles())
        rows = pages.rows()
        for key, title in pages.titles().items():
            self.addTab(self.library if key == pages.LIBRARY else self._page(key, rows[key]), title)
        for editor in self._editors.values():
            editor.on_edited(self._on_edited)
        self.autostart.edited.connect(self._on_edited)

    def editor(self, field: str) -> Editor:
        """The editor of "section.field"."""
        return self._editors[field]

    def page(self) -> str:
        """Key of the page in front."""
        return self._keys[self.currentIndex()]

    def show_page(self, key: str) -> None:
        """Bring a page to the front."""
        self.setCurrentIndex(self._keys.index(key))

    def refresh_models(self) -> None:
        """Offer the models that are there now; what was chosen stays."""
        for engine, field in ((SPEECH, "models.speech"), (PUNCTUATION, "models.punctuation")):
            editor = cast(ModelEditor, self._editors[field])
            editor.set_names(self._list_models(engine))

    def load(self, config: Config) -> None:
        """Put `config` into the editors, and what the system says now."""
        self.autostart.reload()
        for field, editor in self._editors.items():
            section, name = field.split(".")
            value = getattr(getattr(config, section), name)
            editor.set_value(_hotkey_for_people(name, value) if field in self._hotkey_problems else value)

    def draft(self, config: Config, check_hotkey: Callable[[str, str], None]) -> Config:
        """`config` with the values of the editors. Raises HotkeyError with its action.

        `check_hotkey` gets the action and the combination of each hotkey that is another one than in `config`.
        """
        old = config.hotkeys.by_action
        for field, editor in self._editors.items():
            config = with_value(config, field, editor.value())
        for error in check_hotkeys(config.hotkeys.by_action).values():
            raise error
        for action, text in config.hotkeys.by_action.items():
            if text:
                value = canonical(parse_for(action, text))
                if value != old[action]:
                    check_hotkey(action, value)
                config = with_value(config, f"hotkeys.{action}", value)
        return config

    def say_hotkey_problem(self, text: str, action: str = Action.TOGGLE) -> None:
        """Tell beside the field of a hotkey, and nowhere else, what is wrong with it; "" when nothing is."""
        for field, label in self._hotkey_problems.items():
            say(label, text if field == f"hotkeys.{action}" else "")

    def hotkey_problem(self) -> str:
        """What is told beside a hotkey's field."""
        return "".join(label.text() for label in self._hotkey_problems.values())

    @Slot()
    def _on_edited(self) -> None:
        self.edited.emit()

    def _page(self, key: str, rows: Sequence[pages.Row]) -> QtWidgets.QWidget:
        page = QtWidgets.QWidget()
        layout = QtWidgets.QVBoxLayout(page)
        layout.setContentsMargins(_MARGIN, _MARGIN - 4, _MARGIN, _MARGIN - 4)
        layout.setSpacing(18)
        if key == pages.MAIN:
            layout.addWidget(self.panel)
        form = QtWidgets.QFormLayout()
        form.setHorizontalSpacing(18)
        form.setVerticalSpacing(14)
        form.setLabelAlignment(QtCore.Qt.AlignmentFlag.AlignLeft | QtCore.Qt.AlignmentFlag.AlignTop)
        form.setFieldGrowthPolicy(QtWidgets.QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for row in rows:
            self._add_row(form, row)
        if key == pages.MAIN:
            form.addRow("", self.autostart)
        if key == pages.AUDIO:
            self.level.setFixedWidth(_METER_PX)
            form.insertRow(1, translate("Settings", "Level"), self.level)
            form.insertRow(2, "", self.test)
        layout.addLayout(form)
        if key == pages.TEXT:
            layout.addWidget(self.vocabulary)
        if key == pages.HISTORY:
            button = QtWidgets.QPushButton(translate("Settings", "Open the folder of recordings"))
            button.clicked.connect(self.recordings_requested)
            layout.addWidget(button, 0, QtCore.Qt.AlignmentFlag.AlignLeft)
        layout.addStretch(1)
        return _above(_scrolling(page), self.preview) if key == pages.TEXT else _scrolling(page)

    def _add_row(self, form: QtWidgets.QFormLayout, row: pages.Row) -> None:
        widget = self._make_editor(row)
        widget.setObjectName(row.field)
        self._editors[row.field] = cast(Editor, widget)
        cell = QtWidgets.QVBoxLayout()
        cell.setSpacing(3)
        line = QtWidgets.QHBoxLayout()
        line.addWidget(widget)
        line.addStretch(1)
        cell.addLayout(line)
        if row.hint:
            cell.addWidget(faint_label(row.hint))
        if isinstance(widget, HotkeyEditor):
            widget.capturing.connect(self.capturing)
            self._hotkey_problems[row.field] = error_label()
            cell.addWidget(self._hotkey_problems[row.field])
        if isinstance(widget, CheckEditor):
            form.addRow("", cell)
            return
        label = QtWidgets.QLabel(row.label)
        label.setBuddy(widget)
        # The label stands beside the editor, not beside the middle of editor and hint.
        label.setFixedHeight(widget.sizeHint().height())
        form.addRow(label, cell)

    def _make_editor(self, row: pages.Row) -> QtWidgets.QWidget:
        if row.kind is pages.Kind.HOTKEY:
            return HotkeyEditor(bare=row.field == f"hotkeys.{Action.CANCEL}")
        if row.kind is pages.Kind.DEVICE:
            return DeviceEditor(self._list_devices)
        if row.kind in {pages.Kind.SPEECH_MODEL, pages.Kind.PUNCTUATION_MODEL}:
            return ModelEditor(self._list_models(SPEECH if row.kind is pages.Kind.SPEECH_MODEL else PUNCTUATION))
        if row.choices:
            return ChoiceEditor(row.choices)
        info = field_info(*row.field.split("."))
        if info.type is str:
            return TextEditor()
        return CheckEditor(row.label) if info.type is bool else NumberEditor(info, row.unit, row.zero)


def _scrolling(page: QtWidgets.QWidget) -> QtWidgets.QScrollArea:
    """`page` with a scroll bar where a small screen or a large font leaves it too little room."""
    area = QtWidgets.QScrollArea()
    area.setWidget(page)
    area.setWidgetResizable(True)
    area.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    # The tab's own ground shows through, as it does where nothing scrolls.
    area.viewport().setAutoFillBackground(False)
    page.setAutoFillBackground(False)
    bar_px = area.style().pixelMetric(QtWidgets.QStyle.PixelMetric.PM_ScrollBarExtent)
    area.setMinimumWidth(page.minimumSizeHint().width() + bar_px)
    return area


def _above(upper: QtWidgets.QWidget, lower: QtWidgets.QWidget) -> QtWidgets.QWidget:
    """A page whose lower part stays in view while the upper one scrolls."""
    page = QtWidgets.QWidget()
    layout = QtWidgets.QVBoxLayout(page)
    layout.setContentsMargins(0, 0, 0, 12)
    layout.setSpacing(10)
    layout.addWidget(upper, 1)
    margins = QtWidgets.QVBoxLayout()
    margins.setContentsMargins(_MARGIN, 0, _MARGIN, 0)
    margins.addWidget(lower)
    layout.addLayout(margins)
    return page


def _hotkey_for_people(action: str, value: object) -> str:
    try:
        return for_people(parse_for(action, str(value)))
    except HotkeyError:
        return str(value)
