"""What the user does to a real window is noticed, what the program types is not; erasing takes exactly what it should.

The rig's presses stand for the user's: they too come by XTest, from another program.
"""

from __future__ import annotations

import ctypes
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.desktop.rig import Desktop, eventually
from tests.desktop.target import Target
from voicetype.core.messages import InsertionError
from voicetype.core.ports import ActivityWatch
from voicetype.system.insertion import NoTyper, Typer, make_typer
from voicetype.system.user_activity import BlindWatch, make_activity_watch

HOTKEY = "ctrl+alt+space"
OTHER_HOTKEY = "ctrl+shift+F9"
ROUNDS = 50
AWAY_PX = 5


def has_gtk() -> bool:
    try:
        ctypes.CDLL("libgtk-3.so.0")
    except OSError:
        return False
    return True


GTK = pytest.param("gtk", marks=pytest.mark.skipif(not has_gtk(), reason="needs: apt-get install libgtk-3-bin"))


@pytest.fixture
def typer(desktop: Desktop, monkeypatch: pytest.MonkeyPatch) -> Iterator[Typer]:
    monkeypatch.setenv("DISPLAY", desktop.env["DISPLAY"])
    for name in ("WAYLAND_DISPLAY", "XDG_SESSION_TYPE"):
        monkeypatch.delenv(name, raising=False)
    typer = make_typer()
    yield typer
    typer.close()


@pytest.fixture
def watch(typer: Typer) -> Iterator[ActivityWatch]:
    watch = make_activity_watch(typer)
    watch.set_hotkeys([HOTKEY])
    yield watch
    watch.close()


@pytest.fixture
def field(desktop: Desktop, tmp_path: Path) -> Target:
    return Target(desktop, "qt", tmp_path)


def over(desktop: Desktop) -> None:
    """Put the pointer over the field."""
    desktop.run("xdotool", "mousemove", "--window", desktop.wait_window("target field"), "40", "40")


# What is seen


@pytest.mark.parametrize("kind", ["qt", "xterm"])
def test_what_the_program_types_and_erases_changes_nothing(
    desktop: Desktop, typer: Typer, watch: ActivityWatch, tmp_path: Path, kind: str
) -> None:
    field = Target(desktop, kind, tmp_path)
    moment = watch.mark()
    for _ in range(5):
        with watch.own_typing():
            typer.type_text("Ёлки — «палки» 😀! ")
        assert watch.unchanged(moment)
    field.wait_for("Ёлки — «палки» 😀! " * 5)
    with watch.own_typing():
        typer.erase(3)
        typer.type_text("?")
    assert watch.unchanged(moment)
    assert watch.unchanged(watch.mark())


@pytest.mark.parametrize(
    "keys", ["a", "BackSpace", "Left", "Return", "Tab", "F5", "ctrl+v", "shift+Home", "ctrl+space"]
)
def test_a_key_of_the_user_is_seen(desktop: Desktop, watch: ActivityWatch, field: Target, keys: str) -> None:
    moment = watch.mark()
    assert watch.unchanged(moment)
    desktop.key(keys)
    assert not watch.unchanged(moment)
    assert watch.unchanged(watch.mark())


@pytest.mark.parametrize("button", ["1", "2", "3", "4"])
def test_a_button_of_the_user_is_seen(desktop: Desktop, watch: ActivityWatch, field: Target, button: str) -> None:
    over(desktop)
    moment = watch.mark()
    desktop.run("xdotool", "click", button)
    assert not watch.unchanged(moment)


def test_a_selection_by_the_mouse_is_seen_until_its_end(desktop: Desktop, watch: ActivityWatch, field: Target) -> None:
    over(desktop)
    desktop.run("xdotool", "mousedown", "1")
    assert not watch.unchanged(watch.mark()), "the text that is selected is not known yet"
    desktop.run("xdotool", "mouseup", "1")
    moment = watch.mark()
    assert watch.unchanged(moment)
    desktop.run("xdotool", "mousemove_relative", AWAY_PX, AWAY_PX)
    assert watch.unchanged(moment)


@pytest.mark.parametrize("keys", ["ctrl", "shift", "alt", "super", "alt+shift", "ISO_Level3_Shift", HOTKEY])
def test_modifiers_alone_and_the_hotkey_change_nothing(
    desktop: Desktop, watch: ActivityWatch, field: Target, keys: str
) -> None:
    if keys == "ISO_Level3_Shift":
        desktop.set_layout("de")
    moment = watch.mark()
    desktop.key(keys)
    assert watch.unchanged(moment)


def test_the_hotkey_is_known_with_any_lock_and_layout(desktop: Desktop, watch: ActivityWatch, field: Target) -> None:
    moment = watch.mark()
    for lock in ("Caps_Lock", "Num_Lock"):
        desktop.key(lock)
        desktop.key(HOTKEY)
        desktop.key(lock)
        assert watch.unchanged(moment), lock
    desktop.set_layout("us,ru", 1)
    moment = watch.mark()
    desktop.key(HOTKEY)
    assert watch.unchanged(moment)


def test_only_the_present_hotkeys_are_left_out(desktop: Desktop, watch: ActivityWatch, field: Target) -> None:
    moment = watch.mark()
    watch.set_hotkeys([OTHER_HOTKEY, "nonsense"])
    desktop.key(OTHER_HOTKEY)
    assert watch.unchanged(moment)
    desktop.key(HOTKEY)
    assert not watch.unchanged(moment)


def test_another_focused_window_is_seen(desktop: Desktop, watch: ActivityWatch, field: Target) -> None:
    moment = watch.mark()
    desktop.popen("xterm", "-T", "another")
    desktop.focus("another")
    assert not watch.unchanged(moment)
    elsewhere = watch.mark()
    desktop.focus("target field")
    assert not watch.unchanged(elsewhere)


def test_keys_of_the_user_between_the_programs_own_are_seen_one_by_one(
    desktop: Desktop, typer: Typer, watch: ActivityWatch, field: Target
) -> None:
    before: Any = watch.mark()
    pressing = threading.Thread(target=lambda: [desktop.key("x") for _ in range(ROUNDS)])
    with watch.own_typing():
        pressing.start()
        while pressing.is_alive():
            typer.type_text("привет ")
        pressing.join()
    after: Any = watch.mark()
    assert after.presses - before.presses == ROUNDS


def test_what_is_typed_without_a_word_counts(typer: Typer, watch: ActivityWatch, field: Target) -> None:
    moment = watch.mark()
    typer.type_text("а")
    assert not watch.unchanged(moment)


# Beginning and end


def activity_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "activity"]


def test_nothing_runs_before_the_first_mark_and_after_the_end(watch: ActivityWatch, field: Target) -> None:
    with watch.own_typing():
        assert not watch.unchanged(object())
    assert not activity_threads()
    moment = watch.mark()
    assert len(activity_threads()) == 1
    watch.close()
    watch.close()
    assert not activity_threads()
    assert not watch.unchanged(moment)
    assert not watch.unchanged(watch.mark())
    assert not activity_threads()


def private_server(*options: str) -> subprocess.Popen[str]:
    command = ["Xvfb", "-displayfd", "1", "-nolisten", "tcp", "-noreset", *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


@pytest.fixture
def start_watch(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Any]]:
    """Starts an X server with options; returns it and a watch there."""
    servers = []

    def start(*options: str) -> Any:
        server = private_server(*options)
        servers.append(server)
        assert server.stdout
        monkeypatch.setenv("DISPLAY", f":{server.stdout.readline().strip()}")
        typer = make_typer()
        typers.append(typer)
        return server, make_activity_watch(typer)

    typers: list[Typer] = []
    yield start
    for typer in typers:
        typer.close()
    for server in servers:
        server.kill()
        server.communicate()


def test_a_server_that_dies_leaves_nothing_known(desktop: Desktop, start_watch: Callable[..., Any]) -> None:
    server, watch = start_watch()
    watch.mark()
    assert len(activity_threads()) == 1
    server.kill()
    server.wait()
    eventually(lambda: not activity_threads(), what="the end of the watching thread")
    moment = watch.mark()
    assert not watch.unchanged(moment)
    with watch.own_typing():
        pass
    watch.set_hotkeys([HOTKEY])
    watch.close()


@pytest.mark.parametrize("missing", ["RECORD", "XTEST"])
def test_a_server_that_records_nothing_leaves_nothing_known(
    desktop: Desktop, start_watch: Callable[..., Any], missing: str
) -> None:
    _, watch = start_watch("-extension", missing)
    moment = watch.mark()
    assert not watch.unchanged(moment)
    assert not activity_threads()
    watch.close()


def test_where_keys_cannot_be_seen_the_watch_is_blind(typer: Typer, monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(make_activity_watch(NoTyper("no display")), BlindWatch)
    monkeypatch.setenv("XDG_SESSION_TYPE", "wayland")
    watch = make_activity_watch(typer)
    watch.set_hotkeys([HOTKEY])
    with watch.own_typing():
        assert not watch.unchanged(watch.mark())
    watch.close()


# Erasing

ALIKE = "йЁ—«»…№ \u00a0\u202f\u200b\u00ad😀❤e"
"""What one press takes away wherever it stands."""


@pytest.mark.parametrize("kind", ["qt", GTK, "line"])
def test_a_press_takes_away_one_character(desktop: Desktop, typer: Typer, tmp_path: Path, kind: str) -> None:
    field = Target(desktop, kind, tmp_path)
    end = "\n" if kind == "line" else ""
    for char in ALIKE:
        typer.type_text(f"б{char}")
        typer.erase(1)
    typer.type_text(end)
    field.wait_for("б" * len(ALIKE) + end)


@pytest.mark.parametrize("kind", ["qt", GTK])
def test_a_press_takes_away_a_line_break(desktop: Desktop, typer: Typer, tmp_path: Path, kind: str) -> None:
    field = Target(desktop, kind, tmp_path)
    typer.type_text("одна\n\nдве")
    typer.erase(5)
    field.wait_for("одна")


@pytest.mark.parametrize(("kind", "left"), [("qt", "би"), (GTK.values[0], "б"), ("line", "би\n")])
def test_editors_disagree_on_combining_marks(
    desktop: Desktop, typer: Typer, tmp_path: Path, kind: str, left: str
) -> None:
    if kind == "gtk" and not has_gtk():
        pytest.skip("needs: apt-get install libgtk-3-bin")
    field = Target(desktop, kind, tmp_path)
    typer.type_text("би\u0306")
    field.wait_for("" if kind == "line" else "би\u0306")
    typer.erase(1)
    typer.type_text("\n" if kind == "line" else "")
    field.wait_for(left)


@pytest.mark.parametrize("kind", ["qt", GTK, "line"])
def test_fifty_rounds_of_typing_and_erasing(
    desktop: Desktop, typer: Typer, watch: ActivityWatch, tmp_path: Path, kind: str
) -> None:
    field = Target(desktop, kind, tmp_path)
    end = "\n" if kind == "line" else ""
    moment, expected = watch.mark(), ""
    for number in range(ROUNDS):
        with watch.own_typing():
            typer.type_text("запись номер " + str(number))
            typer.erase(len("номер " + str(number)))
            typer.type_text(f"№ {number}; {end}")
        assert watch.unchanged(moment), number
        expected += f"запись № {number}; {end}"
        field.wait_for(expected)


def test_caps_lock_and_held_keys_do_not_matter_and_the_lock_stays(
    desktop: Desktop, typer: Typer, field: Target
) -> None:
    typer.type_text("раз два три")
    desktop.key("Caps_Lock")
    desktop.run("xdotool", "keydown", "ctrl")  # with it a press takes away a word
    try:
        typer.erase(2)
        field.wait_for("раз два т")
        desktop.key("a")
        field.wait_for("раз два тA")
    finally:
        desktop.run("xdotool", "keyup", "ctrl")
        desktop.key("Caps_Lock")


def test_what_the_user_types_while_the_program_waits_is_not_erased(
    desktop: Desktop, typer: Typer, watch: ActivityWatch, field: Target
) -> None:
    with watch.own_typing():
        typer.type_text("раз")
    moment = watch.mark()
    desktop.run("xdotool", "keydown", "shift")
    erasing = threading.Thread(target=refused, args=(typer, lambda: watch.unchanged(moment)))
    erasing.start()
    assert watch.unchanged(moment)
    desktop.key("a")
    desktop.run("xdotool", "keyup", "shift")
    erasing.join()
    field.wait_for("разA")


def refused(typer: Typer, allowed: Callable[[], bool]) -> None:
    with pytest.raises(InsertionError):
        typer.erase(2, allowed)


def test_erasing_nothing_presses_nothing(typer: Typer, watch: ActivityWatch, field: Target) -> None:
    typer.type_text("раз")
    moment = watch.mark()
    typer.erase(0)
    assert watch.unchanged(moment)
    field.wait_for("раз")
