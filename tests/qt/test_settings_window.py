"""The settings window edits a draft: nothing changes before OK or Apply, and nothing wrong is submitted."""

import dataclasses

import pytest

from tests.fakes_ui import spoken
from voicetype.core.config import Config, field_info, with_value
from voicetype.core.hotkeys import parse_for
from voicetype.core.levels import SoundLevel
from voicetype.core.messages import HotkeyError, MessageCode, UserMessage
from voicetype.core.ports import AudioDevice
from voicetype.core.status import PUNCTUATION, SPEECH, AppStatus, Metrics, ModelState, ModelStatus
from voicetype.qt import QtCore, QtWidgets
from voicetype.ui import settings_pages as pages
from voicetype.ui.messages import text_of
from voicetype.ui.settings_tabs import SettingsTabs
from voicetype.ui.settings_window import SettingsWindow

FIELDS = [
    f"{section.name}.{field.name}"
    for section in dataclasses.fields(Config)
    if section.name != "config_version"
    for field in dataclasses.fields(section.default_factory)
]
ROWS = {row.field: row for rows in pages.rows().values() for row in rows}
# One other valid value for each field.
OTHER = {
    "audio.device": "USB microphone",
    "audio.pre_roll_ms": 400,
    "audio.tail_ms": 500,
    "audio.buffer_seconds": 60,
    "audio.stop_after_silence_seconds": 3,
    "audio.sounds": False,
    "audio.sound_volume": 75,
    "hotkeys.toggle": "ctrl+f9",
    "hotkeys.push_to_talk": "mouse4",
    "hotkeys.hold_or_tap": "f10",
    "hotkeys.hold_ms": 600,
    "hotkeys.cancel": "pause",
    "hotkeys.insert_again": "ctrl+alt+insert",
    "hotkeys.undo_last": "ctrl+alt+backspace",
    "hotkeys.copy_last": "ctrl+alt+c",
    "recognition.punctuation_enabled": False,
    "models.speech": "vosk-model-small-ru",
    "models.punctuation": "rupunct-small",
    "models.punctuation_backend": "disabled",
    "models.device": "cpu",
    "models.preload": "speech",
    "models.unload_by_memory": True,
    "models.unload_under_pressure": True,
    "models.pressure_percent": 90,
    "models.lazy_loading": False,
    "models.unload_timeout_minutes": 0.5,
    "models.load_timeout_seconds": 30,
    "text.commands": "prefix",
    "text.command_prefix": "компьютер",
    "text.numbers": False,
    "text.numbers_from": 0,
    "text.money": "symbol",
    "text.group_digits": False,
    "text.vocabulary": False,
    "text.similar_words": False,
    "text.roman_centuries": False,
    "text.style": "plain",
    "text.keep_together": True,
    "text.yo": False,
    "text.short_words": 3,
    "output.method": "paste",
    "output.insert": "by_phrase",
    "output.when_focus_moved": "hold",
    "output.no_live_in": "remmina, steam_app_*",
    "output.trailing_space": False,
    "history.enabled": False,
    "history.keep_days": 7,
    "history.keep_recordings": True,
    "ui.language": "en",
    "ui.overlay": False,
}


class Devices:
    """A list of microphones that counts how often it is asked for."""

    def __init__(self):
        self.asked = 0
        self.names = ["Built-in", "USB microphone"]

    def __call__(self):
        self.asked += 1
        return [AudioDevice(name, index == 0) for index, name in enumerate(self.names)]


@pytest.fixture
def devices():
    return Devices()


@pytest.fixture
def window(qtbot, devices):
    window = SettingsWindow(
        Config(), list_devices=devices, check_hotkey=parse_for, list_models=lambda engine: [f"{engine}-big"]
    )
    qtbot.addWidget(window)
    window.submitted = []
    window.config_submitted.connect(window.submitted.append)
    window.show()
    return window


def tabs(window):
    return window.findChild(SettingsTabs)


def press(window, name):
    kind = QtWidgets.QDialogButtonBox.StandardButton
    window.findChild(QtWidgets.QDialogButtonBox).button(getattr(kind, name)).click()


def edit(window, field, value):
    tabs(window).editor(field).set_value(value)


def test_every_field_has_a_row_or_is_left_out_on_purpose():
    assert set(ROWS) == set(FIELDS) == set(OTHER)


@pytest.mark.parametrize("field", FIELDS)
def test_choices_are_those_of_the_schema(field):
    assert {value for value, _name in ROWS[field].choices} == set(field_info(*field.split(".")).choices)


@pytest.mark.parametrize("field", FIELDS)
def test_each_field_is_submitted_alone(window, field):
    edit(window, field, OTHER[field])
    press(window, "Apply")
    assert window.submitted == [with_value(Config(), field, OTHER[field])]
    assert type(getattr(getattr(window.submitted[0], field.split(".")[0]), field.split(".")[1])) is type(
        field_info(*field.split(".")).default
    )


def test_untouched_settings_are_submitted_unchanged(window):
    press(window, "Ok")
    assert window.submitted == [Config()] and not window.isVisible()


def test_cancel_changes_nothing(window):
    for field, value in OTHER.items():
        edit(window, field, value)
    press(window, "Cancel")
    assert window.submitted == [] and not window.isVisible()
    window.show()
    press(window, "Ok")
    assert window.submitted == [Config()]


def test_closing_and_escape_are_cancelling(window, qtbot):
    edit(window, "audio.tail_ms", 500)
    qtbot.keyClick(window, QtCore.Qt.Key.Key_Escape)
    assert not window.isVisible() and window.submitted == []
    assert tabs(window).editor("audio.tail_ms").value() == 300


def test_apply_is_offered_when_there_is_something_to_apply(window):
    apply = window.findChild(QtWidgets.QDialogButtonBox).button(QtWidgets.QDialogButtonBox.StandardButton.Apply)
    assert not apply.isEnabled()
    edit(window, "audio.tail_ms", 500)
    assert apply.isEnabled()
    press(window, "Apply")
    window.set_config(window.submitted[0])
    assert not apply.isEnabled() and window.isVisible()


@pytest.mark.parametrize("text", ["", "Ctrl", "Ctrl+Nonsense", "A", "Shift+Space"])
@pytest.mark.parametrize("button", ["Ok", "Apply"])
def test_an_invalid_hotkey_is_refused_beside_its_field(window, text, button):
    edit(window, "audio.tail_ms", 500)
    edit(window, "hotkeys.toggle", text)
    press(window, button)
    assert window.submitted == [] and window.isVisible()
    assert tabs(window).page() == pages.HOTKEYS and tabs(window).hotkey_problem()
    edit(window, "hotkeys.toggle", "Ctrl+Alt+D")
    assert not tabs(window).hotkey_problem()


def problem_beside(window, field):
    """What is told under the field's editor, in the cell that it stands in."""
    form = tabs(window).editor(field).parentWidget().layout().itemAt(0).layout()
    for row in range(form.rowCount()):
        cell = form.itemAt(row, QtWidgets.QFormLayout.ItemRole.FieldRole).layout()
        if cell.itemAt(0).layout().itemAt(0).widget() is tabs(window).editor(field):
            return cell.itemAt(cell.count() - 1).widget().text()
    return None


def test_a_combination_for_two_things_is_told_beside_the_later_one_at_once(window):
    edit(window, "hotkeys.copy_last", "alt+ctrl+space")
    assert problem_beside(window, "hotkeys.copy_last") == (
        "“Ctrl+Alt+Space” cannot be for both “Start and stop dictation” and “Copy the last text”. "
        "Choose another combination for one of them."
    )
    assert problem_beside(window, "hotkeys.toggle") == ""
    press(window, "Apply")
    assert window.submitted == []
    edit(window, "hotkeys.copy_last", "")
    assert tabs(window).hotkey_problem() == ""


def test_a_combination_that_another_program_has_is_told_at_once(qtbot, devices):
    asked = []

    def check(action, hotkey):
        asked.append((action, hotkey))
        raise HotkeyError(MessageCode.HOTKEY_TAKEN, hotkey="F10", action=action)

    window = SettingsWindow(Config(), list_devices=devices, check_hotkey=check)
    qtbot.addWidget(window)
    assert asked == []
    edit(window, "hotkeys.push_to_talk", "F10")
    assert set(asked) == {("push_to_talk", "f10")}
    assert problem_beside(window, "hotkeys.push_to_talk") == (
        "“F10” (Push to talk) is taken by another program. Choose another combination."
    )


def test_some_hotkey_has_to_start_dictation(window):
    edit(window, "hotkeys.toggle", "")
    assert "No hotkey would start dictation" in problem_beside(window, "hotkeys.toggle")
    edit(window, "hotkeys.hold_or_tap", "mouse 5")
    press(window, "Apply")
    hotkeys = window.submitted[0].hotkeys
    assert (hotkeys.toggle, hotkeys.hold_or_tap) == ("", "mouse5")


def test_a_refusal_by_the_program_keeps_the_window_open(window):
    problem = UserMessage(MessageCode.HOTKEY_TAKEN, params={"hotkey": "Ctrl+F9"})
    window.config_submitted.connect(lambda _config: window.show_problem(problem))
    edit(window, "hotkeys.toggle", "Ctrl+F9")
    press(window, "Ok")
    assert window.isVisible() and "taken" in window.problem_text()


def test_several_problems_stand_below_each_other(window):
    codes = [MessageCode.NO_TRAY, MessageCode.WAYLAND_NO_WTYPE, MessageCode.NO_TRAY, MessageCode.NO_MICROPHONE]
    for code in codes:
        window.show_problem(UserMessage(code))
    sentences = [text_of(UserMessage(code)) for code in codes[1:]]
    assert window.problem_text().splitlines() == sentences
    window.show_problem(UserMessage(MessageCode.NOTHING_RECOGNIZED))
    assert window.problem_text().splitlines() == [*sentences[1:], text_of(UserMessage(MessageCode.NOTHING_RECOGNIZED))]


def test_settings_that_could_not_be_saved_are_told(window):
    def refuse(config):
        window.show_problem(UserMessage(MessageCode.CONFIG_NOT_SAVED, params={"path": "/x", "detail": "full"}))
        window.set_config(config)

    window.config_submitted.connect(refuse)
    press(window, "Ok")
    assert window.isVisible() and "could not be saved" in window.problem_text()


@pytest.mark.parametrize(
    ("key", "modifiers", "expected"),
    [
        ("Key_Space", "ControlModifier|AltModifier", "Ctrl+Alt+Space"),
        ("Key_F9", "NoModifier", "F9"),
        ("Key_D", "ControlModifier|ShiftModifier", "Ctrl+Shift+D"),
        ("Key_PageUp", "MetaModifier", "Win+Page Up"),
        ("Key_QuoteLeft", "ControlModifier", "Ctrl+`"),
    ],
)
def test_a_pressed_combination_is_written_down(window, qtbot, key, modifiers, expected):
    flags = QtCore.Qt.KeyboardModifier.NoModifier
    for name in modifiers.split("|"):
        flags |= getattr(QtCore.Qt.KeyboardModifier, name)
    editor = tabs(window).editor("hotkeys.toggle")
    qtbot.keyClick(editor, getattr(QtCore.Qt.Key, key), flags)
    assert editor.value() == expected
    press(window, "Ok")
    assert window.submitted


@pytest.mark.parametrize(
    ("button", "modifier", "expected"),
    [
        ("BackButton", "NoModifier", "Mouse4"),
        ("ForwardButton", "ShiftModifier", "Shift+Mouse5"),
        ("MiddleButton", "ControlModifier", "Ctrl+Mouse Middle"),
        ("LeftButton", "ControlModifier", ""),
    ],
)
def test_a_pressed_mouse_button_is_written_down(window, qtbot, button, modifier, expected):
    editor = tabs(window).editor("hotkeys.push_to_talk")
    flags = getattr(QtCore.Qt.KeyboardModifier, modifier)
    qtbot.mouseClick(editor, getattr(QtCore.Qt.MouseButton, button), flags)
    assert editor.value() == expected


def test_escape_is_written_down_where_it_can_be_a_hotkey(window, qtbot):
    cancel = tabs(window).editor("hotkeys.cancel")
    cancel.clear()
    qtbot.keyClick(cancel, QtCore.Qt.Key.Key_Escape)
    assert cancel.value() == "Esc" and window.isVisible()
    qtbot.keyClick(tabs(window).editor("hotkeys.toggle"), QtCore.Qt.Key.Key_Escape)
    assert not window.isVisible()


def test_a_field_tells_while_it_waits_for_a_combination(window, qtbot):
    told = []
    window.capturing.connect(told.append)
    window.activateWindow()
    tabs(window).show_page(pages.HOTKEYS)
    tabs(window).editor("hotkeys.toggle").setFocus()
    qtbot.waitUntil(lambda: told == [True])
    window.close()
    qtbot.waitUntil(lambda: told == [True, False])


def test_a_combination_can_be_typed(window, qtbot):
    editor = tabs(window).editor("hotkeys.toggle")
    editor.clear()
    qtbot.keyClicks(editor, "ctrl+alt+")
    editor.insert("й")  # the test keyboard has no Cyrillic
    press(window, "Apply")
    assert window.submitted[0].hotkeys.toggle == "ctrl+alt+q"


def test_microphones_are_listed_when_somebody_looks(window, devices):
    assert devices.asked == 0
    tabs(window).show_page(pages.AUDIO)
    assert devices.asked == 1
    editor = tabs(window).editor("audio.device")
    assert editor.names() == ["The system's default (Built-in)", "Built-in", "USB microphone"]
    devices.names = ["Built-in", "New one"]
    editor.refresh()
    assert editor.names()[-1] == "New one"


def test_an_absent_microphone_stays_chosen(window):
    window.set_config(with_value(Config(), "audio.device", "Old one"))
    tabs(window).show_page(pages.AUDIO)
    assert "Old one (not connected)" in tabs(window).editor("audio.device").names()
    press(window, "Ok")
    assert window.submitted[0].audio.device == "Old one"


def test_the_meter_runs_only_while_its_page_is_seen(window):
    asked = []
    window.level_monitor_requested.connect(asked.append)
    tabs(window).show_page(pages.AUDIO)
    window.tabs.level.set_level(SoundLevel(-20, -10))
    tabs(window).show_page(pages.MODELS)
    tabs(window).show_page(pages.AUDIO)
    window.hide()
    window.show()
    window.close()
    assert asked == [True, False, True, False, True, False]


def test_the_meter_follows_the_microphone_that_is_chosen_before_it_is_submitted(window):
    chosen = []
    window.microphone_chosen.connect(chosen.append)
    tabs(window).show_page(pages.AUDIO)
    edit(window, "audio.device", "USB microphone")
    edit(window, "audio.tail_ms", 500)
    press(window, "Cancel")
    assert chosen == ["USB microphone", ""] and window.submitted == []


def test_a_draft_survives_a_new_status_of_the_settings(window):
    edit(window, "audio.tail_ms", 500)
    window.set_config(Config())
    assert tabs(window).editor("audio.tail_ms").value() == 500


def test_the_main_page_tells_models_load_and_hotkey(window):
    window.show_status(
        AppStatus(
            speech=ModelStatus(SPEECH, ModelState.READY, model="vosk-tiny-ru"),
            punctuation=ModelStatus(PUNCTUATION, ModelState.LOADING, 45),
            hotkey="Ctrl+Alt+Space",
            demonstration=True,
        )
    )
    window.tabs.panel.set_metrics(Metrics(3.4, 164.2, 5120, 16384))
    text = tabs(window).panel.text()
    for part in ("vosk-tiny-ru", "Ready", "45 %", "Ctrl+Alt+Space", "demonstration", "CPU 3 %", "164 MB", "16.0 GB"):
        assert part in text
    window.show_status(AppStatus(hotkey="F9", hotkey_is_held=True))
    assert "Hold F9 and speak" in tabs(window).panel.text()
    window.show_status(AppStatus(problem=UserMessage(MessageCode.NO_MICROPHONE)))
    text = tabs(window).panel.text()
    assert "No microphone" in text and "demonstration" not in text


def test_another_language_is_spoken_at_once_and_keeps_the_draft(window, qapp, qtbot):
    tabs(window).show_page(pages.MODELS)
    edit(window, "audio.tail_ms", 500)
    with spoken(qapp, "ru"):
        qtbot.waitUntil(lambda: window.windowTitle() == "VoiceType: настройки")
        assert tabs(window).page() == pages.MODELS
        assert tabs(window).editor("audio.tail_ms").value() == 500
        box = window.findChild(QtWidgets.QDialogButtonBox)
        assert box.button(QtWidgets.QDialogButtonBox.StandardButton.Cancel).text() == "Отмена"
    qtbot.waitUntil(lambda: window.windowTitle() == "VoiceType: settings")


def test_a_value_that_is_not_offered_is_kept(window):
    config = with_value(Config(), "models.punctuation_backend", "silero")
    window.set_config(config)
    press(window, "Ok")
    assert window.submitted == [config]


def test_models_can_be_chosen_from_the_installed_ones(window, monkeypatch):
    editor = tabs(window).editor("models.speech")
    combo = editor.findChild(QtWidgets.QComboBox)
    assert [combo.itemText(index) for index in range(combo.count())] == ["The best one installed", "vosk-big"]
    combo.setCurrentIndex(1)
    assert editor.value() == "vosk-big"
    monkeypatch.setattr(QtWidgets.QFileDialog, "getExistingDirectory", lambda *args: "/models/x")
    next(iter(editor.findChildren(QtWidgets.QPushButton))).click()
    assert editor.value() == "/models/x"


def test_the_folder_of_recordings_can_be_opened(window, qtbot):
    tabs(window).show_page(pages.HISTORY)
    buttons = {button.text(): button for button in tabs(window).findChildren(QtWidgets.QPushButton)}
    with qtbot.waitSignal(window.recordings_requested):
        buttons["Open the folder of recordings"].click()
