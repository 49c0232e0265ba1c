"""The settings window: edits a draft, submits it whole. GUI thread; may import `qt`, `i18n`, `core` and `ui`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from voicetype.core.autostart import AutostartState
from voicetype.core.config import Config
from voicetype.core.hotkeys import Action
from voicetype.core.library import LibraryModel
from voicetype.core.messages import HotkeyError, MessageCode, UserMessage
from voicetype.core.ports import AudioDevice
from voicetype.core.status import AppStatus
from voicetype.i18n import translate
from voicetype.qt import QtCore, QtGui, QtWidgets, Signal, Slot
from voicetype.ui.icons import app_icon
from voicetype.ui.messages import text_of
from voicetype.ui.settings_pages import AUDIO, HOTKEYS
from voicetype.ui.settings_tabs import SettingsTabs
from voicetype.ui.status_panel import error_label, say
from voicetype.ui.theme import is_dark

_HOTKEY_PROBLEMS = frozenset(
    {
        MessageCode.HOTKEY_INVALID,
        MessageCode.HOTKEY_NEEDS_MODIFIER,
        MessageCode.HOTKEY_TAKEN,
        MessageCode.HOTKEY_TWICE,
        MessageCode.HOTKEY_MISSING,
        MessageCode.HOTKEY_UNAVAILABLE,
    }
)
_MOST_PROBLEMS = 3
"""Lines of problems at the foot; older ones make way."""


class SettingsWindow(QtWidgets.QDialog):
    """Pages of settings, the models' states and the machine's load.

    Attributes:
        tabs: its pages at present; another language makes new ones.

    Signals:
        config_submitted(Config): OK or Apply with valid values. A `show_problem` during it keeps the window open.
        autostart_requested(bool): start at sign-in, or no longer; before the settings that were submitted with it.
        capturing(bool): a hotkey's field waits for what is pressed, or no longer.
        level_monitor_requested(bool): the level meter came into view or left it.
        microphone_chosen(str): the meter is to show this microphone, also before it is submitted.
        microphone_test_requested(): judge what it hears for some seconds.
        preview_requested(str, Config): show in the preview what becomes of these words by the draft.
        recordings_requested(): show the folder of recordings.
        vocabulary_requested(), terms_import_requested(str): those of `VocabularyBar`.
        install_requested(str), import_requested(str), remove_requested(str), cancel_requested(), folder_requested():
            those of `LibraryPage`.
    """

    config_submitted = Signal(object)
    autostart_requested = Signal(bool)
    capturing = Signal(bool)
    level_monitor_requested = Signal(bool)
    microphone_chosen = Signal(str)
    microphone_test_requested = Signal()
    preview_requested = Signal(str, object)
    recordings_requested = Signal()
    vocabulary_requested = Signal()
    terms_import_requested = Signal(str)
    install_requested = Signal(str)
    import_requested = Signal(str)
    remove_requested = Signal(str)
    cancel_requested = Signal()
    folder_requested = Signal()

    def __init__(
        self,
        config: Config,
        *,
        list_devices: Callable[[], Sequence[AudioDevice]],
        check_hotkey: Callable[[str, str], None],
        list_models: Callable[[str], Sequence[str]] | None = None,
        list_library: Callable[[], Sequence[LibraryModel]] | None = None,
        read_autostart: Callable[[], AutostartState] = lambda: AutostartState.OFF,
    ) -> None:
        """Other parts of the program that this needs.

        `check_hotkey` gets an action and a combination and raises HotkeyError when that is not to be had; `list_models`
        names the installed models of an engine (SPEECH or PUNCTUATION); `read_autostart` asks the system.
        """
        super().__init__()
        self._config = config
        self._list_devices = list_devices
        self._list_models = list_models or (lambda _engine: ())
        self._list_library = list_library or (lambda: ())
        self._check_hotkey = check_hotkey
        self._read_autostart = read_autostart
        self._status = AppStatus()
        self._monitoring = False
        self._microphone = config.audio.device
        self._dark = is_dark()
        self._refused = False
        self._content: QtWidgets.QWidget | None = None
        self._rebuilding = QtCore.QTimer(self)
        self._rebuilding.setSingleShot(True)
        self._rebuilding.timeout.connect(self._rebuild)
        self._layout = QtWidgets.QVBoxLayout(self)
        self._layout.setContentsMargins(12, 12, 12, 12)
        self.setWindowIcon(app_icon())
        self.resize(760, 600)
        self._build()

    def set_config(self, config: Config) -> None:
        """Show `config`. A draft that the user sees and has not applied yet stays."""
        same = self._draft_or_none() in {self._config, config} and self.tabs.autostart.wanted() is None
        untouched = not self.isVisible() or same
        self._config = config
        if untouched:
            self.tabs.load(self._config)
        self._on_edited()

    @Slot(object)
    def show_status(self, status: AppStatus) -> None:
        """Show the models' states, the hotkey in force and the unsolved problem."""
        self._status = status
        self.tabs.panel.show_status(status)

    @Slot(object)
    def show_problem(self, message: UserMessage) -> None:
        """Say what is wrong at the foot of the window, below what was said before; a bad hotkey beside its field."""
        self._refused = True
        if message.code in _HOTKEY_PROBLEMS:
            self._tell_hotkey_problem(message)
        else:
            said = [line for line in self._problem.text().splitlines() if line != text_of(message)]
            say(self._problem, "\n".join([*said[1 - _MOST_PROBLEMS :], text_of(message)]))

    def problem_text(self) -> str:
        """What is told to be wrong at present; "" when all is well."""
        return " ".join(text for text in (self._problem.text(), self.tabs.hotkey_problem()) if text)

    def hideEvent(self, event: QtGui.QHideEvent) -> None:
        """The meter needs no microphone any more."""
        super().hideEvent(event)
        self._watch_level()

    def showEvent(self, event: QtGui.QShowEvent) -> None:
        """Bring the meter back if its page is in front."""
        super().showEvent(event)
        self._watch_level()

    def done(self, result: int) -> None:
        """However it is closed, what was not submitted is forgotten."""
        super().done(result)
        self.tabs.load(self._config)
        say(self._problem, "")

    def changeEvent(self, event: QtCore.QEvent) -> None:
        """Take on another language or colours at once; one change brings several events, and one answer is enough."""
        super().changeEvent(event)
        recolored = event.type() is QtCore.QEvent.Type.PaletteChange and is_dark() != self._dark
        if event.type() is QtCore.QEvent.Type.LanguageChange or recolored:
            self._rebuilding.start(0)

    @Slot()
    def _rebuild(self) -> None:
        """Make all widgets anew; what the user has edited stays."""
        page, draft, words = self.tabs.page(), self._draft_or_none(), self.tabs.preview.words()
        autostart = self.tabs.autostart.tick.isChecked()
        self._build()
        self.tabs.preview.set_words(words)
        self.tabs.load(draft or self._config)
        self.tabs.autostart.tick.setChecked(autostart)
        self.tabs.show_page(page)

    def _build(self) -> None:
        if self._content is not None:
            self._layout.removeWidget(self._content)
            self._content.hide()
            self._content.deleteLater()
        self.setWindowTitle(translate("Settings", "VoiceType: settings"))
        self._dark = is_dark()
        self._problem = error_label()
        self.tabs = SettingsTabs(self._list_devices, self._list_models, self._list_library, self._read_autostart)
        self.tabs.preview.asked.connect(self._on_preview_asked)
        self.tabs.test.requested.connect(self.microphone_test_requested)
        self.tabs.vocabulary.open_requested.connect(self.vocabulary_requested)
        self.tabs.vocabulary.import_requested.connect(self.terms_import_requested)
        self.tabs.recordings_requested.connect(self.recordings_requested)
        library = self.tabs.library
        library.install_requested.connect(self.install_requested)
        library.import_requested.connect(self.import_requested)
        library.remove_requested.connect(self.remove_requested)
        library.cancel_requested.connect(self.cancel_requested)
        library.folder_requested.connect(self.folder_requested)
        self.tabs.currentChanged.connect(self._watch_level)
        self.tabs.edited.connect(self._on_edited)
        self.tabs.capturing.connect(self.capturing)
        self._content = QtWidgets.QWidget()
        content = QtWidgets.QVBoxLayout(self._content)
        content.setContentsMargins(0, 0, 0, 0)
        content.setSpacing(10)
        content.addWidget(self.tabs, 1)
        content.addWidget(self._problem)
        content.addWidget(self._button_box())
        self._layout.addWidget(self._content)
        self.tabs.load(self._config)
        self._on_edited()
        self.show_status(self._status)

    def _button_box(self) -> QtWidgets.QDialogButtonBox:
        kind = QtWidgets.QDialogButtonBox.StandardButton
        box = QtWidgets.QDialogButtonBox(kind.Ok | kind.Cancel | kind.Apply)
        box.accepted.connect(self._on_accepted)
        box.rejected.connect(self.reject)
        self._apply = box.button(kind.Apply)
        self._apply.clicked.connect(self._submit)
        return box

    def _draft_or_none(self) -> Config | None:
        try:
            return self.tabs.draft(self._config, self._check_hotkey)
        except HotkeyError:
            return None

    @Slot(str)
    def _on_preview_asked(self, words: str) -> None:
        self.preview_requested.emit(words, self._draft_or_none() or self._config)

    @Slot()
    def _submit(self) -> bool:
        """Check the draft and send it; False when something is wrong, which is then said."""
        say(self._problem, "")
        try:
            draft = self.tabs.draft(self._config, self._check_hotkey)
        except HotkeyError as error:
            self._tell_hotkey_problem(error.message)
            return False
        self._refused = False
        if (autostart := self.tabs.autostart.wanted()) is not None:
            self.autostart_requested.emit(autostart)
            self.tabs.autostart.reload()
            self._on_edited()
        self.config_submitted.emit(draft)
        return not self._refused

    @Slot()
    def _on_accepted(self) -> None:
        if self._submit():
            self.accept()

    @Slot()
    def _on_edited(self) -> None:
        """Say at once what is wrong with a hotkey; offer Apply when there is something to apply."""
        try:
            changed = self.tabs.draft(self._config, self._check_hotkey) != self._config
            changed |= self.tabs.autostart.wanted() is not None
            self.tabs.say_hotkey_problem("")
        except HotkeyError as error:
            changed = True
            self.tabs.say_hotkey_problem(text_of(error.message), _action_of(error.message))
        self._apply.setEnabled(changed)
        microphone = str(self.tabs.editor("audio.device").value())
        if microphone != self._microphone:
            self._microphone = microphone
            self.microphone_chosen.emit(microphone)
        self.tabs.preview.ask_soon()

    def _tell_hotkey_problem(self, message: UserMessage) -> None:
        self.tabs.show_page(HOTKEYS)
        self.tabs.say_hotkey_problem(text_of(message), _action_of(message))

    @Slot()
    def _watch_level(self) -> None:
        """Ask for the meter's microphone when its page comes into view, let it go when it leaves."""
        wanted = self.isVisible() and self.tabs.page() == AUDIO
        if wanted != self._monitoring:
            self._monitoring = wanted
            self.tabs.test.reset()
            self.level_monitor_requested.emit(wanted)


def _action_of(message: UserMessage) -> str:
    return message.params.get("action") or Action.TOGGLE
