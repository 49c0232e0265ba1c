"""Each status has its icon, tooltip and menu."""

import itertools

import pytest

from tests.fakes_ui import spoken
from voicetype.core.messages import Level, MessageCode, UserMessage
from voicetype.core.status import PUNCTUATION, SPEECH, AppStatus, ModelState, ModelStatus, SessionState
from voicetype.qt import QtWidgets
from voicetype.ui.icons import SIZES, TrayState, tray_icon
from voicetype.ui.tray import Tray, tray_state

ERROR = UserMessage(MessageCode.NO_MICROPHONE)
WARNING = UserMessage(MessageCode.WAYLAND_NO_WTYPE, Level.WARNING)


def status_of(session, speech=ModelState.READY, punctuation=ModelState.READY, problem=None):
    return AppStatus(session, ModelStatus(SPEECH, speech), ModelStatus(PUNCTUATION, punctuation), problem)


@pytest.fixture
def tray(qapp):
    tray = Tray()
    tray.render(AppStatus(hotkey="Ctrl+Alt+Space"))
    yield tray
    tray.hide()
    tray.menu().deleteLater()


def entries(tray):
    tray.menu().aboutToShow.emit()
    return [action.text() for action in tray.menu().actions() if not action.isSeparator()]


def trigger(tray, text):
    next(action for action in tray.menu().actions() if text in action.text()).trigger()


def expected_state(session, speech, punctuation, problem):
    loads = ModelState.LOADING in {speech, punctuation}
    if session is SessionState.LISTENING:
        return TrayState.LISTENING
    if session is SessionState.STARTING or loads:
        return TrayState.LOADING
    if session is SessionState.FINALIZING:
        return TrayState.FINISHING
    return TrayState.ERROR if problem is ERROR or speech is ModelState.FAILED else TrayState.IDLE


def test_the_state_of_every_combination():
    for combination in itertools.product(SessionState, ModelState, ModelState, (None, WARNING, ERROR)):
        assert tray_state(status_of(*combination)) is expected_state(*combination), combination


def test_icons_differ_in_shape_not_only_in_colour(qapp):
    shapes = set()
    for state in TrayState:
        icon = tray_icon(state)
        assert {size.width() for size in icon.availableSizes()} == set(SIZES)
        image = icon.pixmap(32, 32).toImage()
        greys = [image.pixelColor(x, y) for y in range(32) for x in range(32)]
        # Light parts on the ground, and the ground's outline, whatever the colours are.
        shapes.add(tuple((color.alpha() > 128, color.lightness() > 200) for color in greys))
    assert len(shapes) == len(TrayState)


def test_the_tooltip_tells_state_and_hotkey(tray):
    assert tray.tooltip() == "VoiceType: Ready to dictate\nCtrl+Alt+Space starts dictation"
    tray.render(AppStatus(session=SessionState.LISTENING, hotkey="F9"))
    assert tray.tooltip() == "VoiceType: Listening\nF9 stops dictation"
    tray.render(AppStatus(hotkey="F9", hotkey_is_held=True))
    assert tray.tooltip().endswith("\nHold F9 to dictate")
    tray.render(AppStatus(session=SessionState.LISTENING, hotkey="F9", hotkey_is_held=True))
    assert tray.tooltip().endswith("\nLet go of F9 to stop")
    tray.render(AppStatus(problem=ERROR))
    assert tray.tooltip().startswith("VoiceType: No microphone")


def test_the_menu_follows_the_state(tray):
    begin, *_, settings, leave = entries(tray)
    assert (begin, settings, leave) == ("Start dictation (Ctrl+Alt+Space)", "Settings…", "Quit")
    tray.render(AppStatus(session=SessionState.LISTENING, hotkey="F9"))
    assert entries(tray)[0] == "Stop dictation (F9)"
    tray.render(AppStatus(session=SessionState.FINALIZING, hotkey=""))
    assert entries(tray)[0] == "Start dictation"


def test_the_menu_tells_problem_and_demonstration(tray):
    tray.render(AppStatus(problem=ERROR, demonstration=True))
    notes = entries(tray)[1:3]
    assert notes[0].startswith("No microphone") and notes[1].startswith("Demonstration")


def test_the_menu_speaks_the_language_of_the_moment(tray, qapp):
    assert entries(tray)[-1] == "Quit"
    with spoken(qapp, "ru"):
        assert entries(tray)[-1] == "Выход"


@pytest.mark.parametrize(
    ("text", "signal"),
    [("Start", "toggle_requested"), ("Settings", "settings_requested"), ("Quit", "quit_requested")],
)
def test_entries_emit_intents(tray, qtbot, text, signal):
    entries(tray)
    with qtbot.waitSignal(getattr(tray, signal)):
        trigger(tray, text)


def test_a_click_toggles_and_a_right_click_does_not(tray, qtbot):
    icon = tray.findChild(QtWidgets.QSystemTrayIcon)
    reasons = QtWidgets.QSystemTrayIcon.ActivationReason
    with qtbot.waitSignal(tray.toggle_requested):
        icon.activated.emit(reasons.Trigger)
    with qtbot.assertNotEmitted(tray.toggle_requested):
        icon.activated.emit(reasons.Context)


def test_balloons_are_told_only_by_a_visible_icon(tray, monkeypatch):
    told = []
    monkeypatch.setattr(QtWidgets.QSystemTrayIcon, "showMessage", lambda self, *args: told.append(args))
    monkeypatch.setattr(QtWidgets.QSystemTrayIcon, "supportsMessages", lambda self: True)
    tray.show_message(ERROR)
    assert told == []
    monkeypatch.setattr(QtWidgets.QSystemTrayIcon, "isVisible", lambda self: True)
    tray.show_message(ERROR)
    assert told[0][1].startswith("No microphone") and told[0][2] is QtWidgets.QSystemTrayIcon.MessageIcon.Critical


def test_the_same_status_changes_nothing(tray):
    icon = tray.findChild(QtWidgets.QSystemTrayIcon)
    key = icon.icon().cacheKey()
    tray.render(AppStatus(hotkey="Ctrl+Alt+Space"))
    assert icon.icon().cacheKey() == key


def test_the_last_text_can_be_had_again_once_there_is_one(qtbot, tray):
    assert entries(tray)[1:4] == ["Insert the last text again", "Undo the last insertion", "Copy the last text"]
    assert not any(action.isEnabled() for action in tray.menu().actions()[2:5])
    tray.render(AppStatus(last_text=True, recordings=2))
    assert entries(tray)[1] == "Recognise what was kept (2)"
    for text, signal in (
        ("Recognise", tray.recover_requested),
        ("Insert", tray.insert_again_requested),
        ("Undo", tray.undo_requested),
        ("Copy", tray.copy_requested),
    ):
        with qtbot.waitSignal(signal):
            trigger(tray, text)
