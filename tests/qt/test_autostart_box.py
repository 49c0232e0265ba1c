"""The start at sign-in in the settings window, and whom the wish reaches."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from voicetype.core.autostart import AutostartState
from voicetype.core.config import Config
from voicetype.core.hotkeys import parse_for
from voicetype.core.messages import MessageCode, UserMessage
from voicetype.qt import QtCore, QtWidgets
from voicetype.ui.settings_window import SettingsWindow


class System:
    """Whether the program starts at sign-in, in a system that may refuse to change that."""

    def __init__(self) -> None:
        self.state = AutostartState.OFF
        self.asked: list[bool] = []
        self.refuses = False

    def set(self, on: bool) -> None:
        self.asked.append(on)
        if not self.refuses:
            self.state = AutostartState.ON if on else AutostartState.OFF


@pytest.fixture
def system() -> System:
    return System()


@pytest.fixture
def window(qtbot: QtBot, system: System) -> SettingsWindow:
    window = SettingsWindow(Config(), list_devices=list, check_hotkey=parse_for, read_autostart=lambda: system.state)
    qtbot.addWidget(window)
    window.autostart_requested.connect(system.set)
    window.show()
    return window


def button(window: SettingsWindow, name: str) -> QtWidgets.QPushButton:
    box = window.findChild(QtWidgets.QDialogButtonBox)
    assert box is not None
    return box.button(getattr(QtWidgets.QDialogButtonBox.StandardButton, name))


def test_what_the_system_says_is_shown_and_changed_with_the_other_settings(
    window: SettingsWindow, system: System
) -> None:
    tick = window.tabs.autostart.tick
    assert not tick.isChecked()
    assert not button(window, "Apply").isEnabled()
    tick.click()
    assert button(window, "Apply").isEnabled()
    assert system.asked == [], "not before it is submitted"
    button(window, "Apply").click()
    assert system.asked == [True]
    assert not button(window, "Apply").isEnabled() and tick.isChecked()
    button(window, "Ok").click()
    assert system.asked == [True], "nothing has changed since"


def test_cancel_forgets_the_tick(window: SettingsWindow, system: System) -> None:
    window.tabs.autostart.tick.click()
    button(window, "Cancel").click()
    assert system.asked == []
    assert not window.tabs.autostart.tick.isChecked()


def test_what_was_switched_off_elsewhere_is_explained(window: SettingsWindow, system: System) -> None:
    system.state = AutostartState.REFUSED
    window.set_config(Config())
    box = window.tabs.autostart
    notes = [label for label in box.findChildren(QtWidgets.QLabel) if label.isVisible()]
    assert not box.tick.isChecked() and "switched off" in notes[0].text()
    box.tick.click()
    button(window, "Apply").click()
    assert system.asked == [True]
    assert not notes[0].isVisible()


def test_a_tick_outlives_another_language_and_new_settings(window: SettingsWindow, qtbot: QtBot) -> None:
    window.tabs.autostart.tick.click()
    window.set_config(Config())
    assert window.tabs.autostart.tick.isChecked()
    before = window.tabs
    window.changeEvent(QtCore.QEvent(QtCore.QEvent.Type.LanguageChange))
    qtbot.waitUntil(lambda: window.tabs is not before)
    assert window.tabs.autostart.tick.isChecked() and button(window, "Apply").isEnabled()


def test_a_system_that_refuses_keeps_the_window_open(window: SettingsWindow, system: System) -> None:
    system.refuses = True
    problem = UserMessage(MessageCode.AUTOSTART_NOT_SET, params={"detail": "access is denied"})
    window.autostart_requested.connect(lambda _on: window.show_problem(problem))
    window.tabs.autostart.tick.click()
    button(window, "Ok").click()
    assert window.isVisible() and "start at sign-in" in window.problem_text()
    assert not window.tabs.autostart.tick.isChecked()
