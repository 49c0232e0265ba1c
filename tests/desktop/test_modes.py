"""The ways to dictate, by real keys and buttons: push-to-talk, hold or tap, cancel."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desktop.rig import Desktop, eventually
from tests.desktop.test_dictation import App, Window, sentences

__all__ = ("sentences",)

SETTINGS = "hotkeys: {toggle: ctrl+alt+space, push_to_talk: f9, hold_or_tap: mouse4}\n"
BACK = "8"
TAP_S = "0.05"
UNDO = 4
"""Place in the menu of the tray, after start, the note on the demonstration and the insertion."""
DELETE = "\x7f"


@pytest.fixture
def app(desktop: Desktop, tmp_path: Path) -> Iterator[App]:
    running = App(desktop, tmp_path / "settings", settings=SETTINGS)
    yield running
    assert running.end() == 0
    assert "Traceback" not in running.log


@pytest.fixture
def window(desktop: Desktop, tmp_path: Path) -> Window:
    return Window(desktop, tmp_path)


def test_a_dictation_lasts_as_long_as_a_key_or_button_is_held(desktop, window, app, sentences):
    (first, first_text), (second, second_text) = sentences[:2]
    desktop.run("xdotool", "keydown", "F9")
    app.wait_log("session listening")
    desktop.play(first)
    desktop.run("xdotool", "sleep", "0.5")
    assert "session finalizing" not in app.log, "the server repeats the key"
    desktop.run("xdotool", "keyup", "F9")
    window.wait_for(first_text + " ")
    desktop.run("xdotool", "mousedown", BACK)
    desktop.play(second)
    desktop.run("xdotool", "mouseup", BACK)
    window.wait_for(f"{first_text} {second_text} ")


def test_a_text_waits_for_the_key_that_talks_to_be_let_go(desktop, window, app, sentences):
    """The keys of the text would go where the held key's do, and to let that one go would end the dictation."""
    (first, first_text), (second, second_text) = sentences[:2]
    desktop.run("xdotool", "keydown", "F9")
    desktop.play(first)
    desktop.run("xdotool", "keyup", "F9", "sleep", TAP_S, "keydown", "F9")
    app.wait_log("session listening", 2)
    desktop.play(second)
    desktop.run("xdotool", "sleep", "2")  # as long as the typer waits for nothing else
    assert (window.text, app.log.count("session finalizing")) == ("", 1)
    desktop.run("xdotool", "keyup", "F9")
    window.wait_for(f"{first_text} {second_text} ")


def test_a_tap_begins_and_the_next_press_stops(desktop, window, app, sentences):
    sound, text = sentences[2]
    desktop.run("xdotool", "mousedown", BACK, "sleep", TAP_S, "mouseup", BACK)
    desktop.play(sound)
    assert "session finalizing" not in app.log
    desktop.run("xdotool", "mousedown", BACK)
    app.wait_log("session finalizing")
    desktop.run("xdotool", "mouseup", BACK)
    window.wait_for(text + " ")
    assert app.log.count("session starting") == 1


def test_the_cancel_key_belongs_to_the_window_until_somebody_dictates(desktop, window, app, sentences):
    desktop.run("xdotool", "key", "Escape")
    eventually(lambda: window.text == "\x1b", what="Esc in the window")
    desktop.key("ctrl+alt+space")
    app.wait_log("session listening")
    desktop.play(sentences[3][0])
    desktop.run("xdotool", "key", "Escape")
    app.wait_log("session idle")
    assert "session finalizing" not in app.log
    desktop.run("xdotool", "keydown", "F9")
    app.wait_log("session listening", 2)
    desktop.run("xdotool", "key", "Escape")  # also while the key that talks is held
    app.wait_log("session idle", 2)
    desktop.run("xdotool", "keyup", "F9", "sleep", TAP_S, "key", "x", "key", "Escape")
    eventually(lambda: len(window.text) > 2, what="Esc in the window again")
    assert window.text == "\x1bx\x1b"


def test_the_tray_takes_back_what_was_inserted_until_somebody_clicks_there(desktop, window, app, sentences):
    sound, text = sentences[1]
    for number, touched in enumerate((False, True), 1):
        desktop.key("ctrl+alt+space")
        desktop.play(sound)
        desktop.key("ctrl+alt+space")
        app.wait_log("session idle", number)
        if touched:
            desktop.run("xdotool", "mousemove", "640", "400", "click", "1")
        choose_in_tray_menu(desktop, UNDO)
        if touched:
            app.wait_log("message undo_refused ")
    window.wait_for(f"{text} {DELETE * (len(text) + 1)}{text} ")


def choose_in_tray_menu(desktop: Desktop, entry: int) -> None:
    panel = next(window for window, title in desktop.windows().items() if title == "panel")
    desktop.run("xdotool", "mousemove", "--window", panel, "12", "16")

    def shown() -> set[str]:
        return set(
            desktop.run("xdotool", "search", "--onlyvisible", "--class", "VoiceType", check=False).stdout.split()
        )

    before = shown()
    desktop.run("xdotool", "click", "3")
    eventually(lambda: shown() - before, what="the tray's menu")
    desktop.run("xdotool", "key", *["Down"] * entry, "Return")
