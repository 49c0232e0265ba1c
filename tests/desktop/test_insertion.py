"""Exact text in real windows whatever is locked, held or switched; see test_insertion_table.py for all targets."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from Xlib import X, display

from tests.desktop.person import Person
from tests.desktop.rig import START_TIMEOUT_S, Desktop, eventually
from tests.desktop.target import TARGETS, Target

TEXT = "Привет, «ёлочки» — №5… Ёж; съёмка: 10:30 (3,5 %) Latin_x{}[]|\\~^`'\"@#$&*=+<>/ 😀\nвторая строка\tтаб?! Ё\n"


def insert(desktop: Desktop, folder: Path, method: str, text: str = TEXT, times: int = 1) -> None:
    source = folder / "text.txt"
    source.write_text(text, encoding="utf-8")
    desktop.run(sys.executable, TARGETS / "insert.py", method, times, source)


def keyboard(desktop: Desktop) -> list[list[int]]:
    server = display.Display(desktop.env["DISPLAY"])
    first, last = server.display.info.min_keycode, server.display.info.max_keycode
    mapping = [list(symbols) for symbols in server.get_keyboard_mapping(first, last - first + 1)]
    server.close()
    return mapping


def locked(desktop: Desktop) -> int:
    server = display.Display(desktop.env["DISPLAY"])
    mask = int(server.screen().root.query_pointer().mask)
    server.close()
    return mask & X.LockMask


@pytest.mark.parametrize("kind", ["xterm", "qt"])
def test_caps_lock_changes_nothing_and_stays_on(desktop, tmp_path, kind):
    target = Target(desktop, kind, tmp_path)
    desktop.key("Caps_Lock")
    try:
        insert(desktop, tmp_path, "type")
        target.wait_for(TEXT)
        assert locked(desktop)
    finally:
        desktop.key("Caps_Lock")


def test_a_held_hotkey_is_let_go_first(desktop, tmp_path):
    target = Target(desktop, "xterm", tmp_path)
    desktop.run("xdotool", "keydown", "ctrl", "keydown", "alt")
    try:
        insert(desktop, tmp_path, "type")
        target.wait_for(TEXT)
    finally:
        desktop.run("xdotool", "keyup", "alt", "keyup", "ctrl")


@pytest.fixture
def person(desktop: Desktop) -> Iterator[Person]:
    """Somebody at the keyboard."""
    somebody = Person(desktop.env["DISPLAY"])
    yield somebody
    somebody.leave()


@pytest.mark.parametrize(
    ("method", "names", "mask"),
    [
        ("type", ["Shift_L"], X.ShiftMask),
        ("type", ["Alt_L"], X.Mod1Mask),
        ("paste", ["Control_R", "Shift_R"], X.ControlMask | X.ShiftMask),
    ],
)
def test_keys_that_a_finger_stays_on_are_pressed_again(desktop, tmp_path, person, typist, method, names, mask):
    target = Target(desktop, "qt", tmp_path)
    for name in names:
        person.hold(name)
    assert person.seen_down() == mask
    typist.insert(method, TEXT)
    target.wait_for(TEXT)
    assert person.seen_down() == mask
    person.let_go()
    assert person.seen_down() == 0


def test_held_super_is_left_alone_afterwards(desktop, tmp_path, person, typist):
    target = Target(desktop, "qt", tmp_path)
    person.hold("Super_L")
    typist.insert("type", TEXT)
    target.wait_for(TEXT)
    assert person.seen_down() == 0


def test_keys_that_switch_layouts_are_pressed_again_without_switching(desktop, tmp_path, person, typist):
    desktop.set_layout("us,ru", 1)
    desktop.run("setxkbmap", "-option", "grp:alt_shift_toggle")
    target = Target(desktop, "qt", tmp_path)
    person.hold("Shift_L")
    person.hold("Alt_L")
    desktop.lock_group(1)
    typist.insert("type", TEXT)
    target.wait_for(TEXT)
    assert desktop.group() == 1
    person.let_go()
    assert person.seen_down() == 0


def can_press_shift(desktop: Desktop, person: Person) -> bool:
    """Whether another program can, as long as no finger is on it."""
    desktop.run("xdotool", "keydown", "shift")
    seen = person.seen_down()
    desktop.run("xdotool", "keyup", "shift")
    return bool(seen)


def test_what_was_pressed_again_is_let_go_with_the_finger(desktop, tmp_path, person, typist):
    """Also on the keyboard that stands for programs: their next press of the key would be none."""
    target = Target(desktop, "qt", tmp_path)
    person.hold("Shift_L")
    typist.insert("type", "Ёж")
    target.wait_for("Ёж")
    assert person.seen_down() == X.ShiftMask
    person.let_go()
    eventually(lambda: can_press_shift(desktop, person))


def test_what_was_pressed_again_is_let_go_at_the_end(desktop, tmp_path, person):
    target = Target(desktop, "qt", tmp_path)
    person.hold("Shift_L")
    insert(desktop, tmp_path, "type", "Ёж")
    target.wait_for("Ёж")
    person.let_go()
    assert can_press_shift(desktop, person)


def test_caps_lock_is_off_where_its_key_does_something_else(desktop, tmp_path):
    desktop.set_layout("us,ru", 0)
    desktop.run("setxkbmap", "-option", "grp:caps_toggle")
    target = Target(desktop, "qt", tmp_path)
    desktop.key("shift+Caps_Lock")
    assert locked(desktop)
    try:
        insert(desktop, tmp_path, "type")
        target.wait_for(TEXT)
        assert locked(desktop)
        assert desktop.group() == 0
    finally:
        desktop.key("shift+Caps_Lock")
    assert not locked(desktop)


@pytest.mark.parametrize(
    ("kind", "how", "times"),
    [
        ("qt", "group", 5),
        ("xterm", "group", 5),
        *(pytest.param(kind, "group", 5, marks=pytest.mark.slow) for kind in ("gtk", "vte", "chromium")),
        *(pytest.param(kind, "map", 1, marks=pytest.mark.slow) for kind in ("qt", "gtk", "xterm", "vte", "chromium")),
    ],
)
def test_a_program_that_switches_layouts_meanwhile(desktop, tmp_path, kind, how, times):
    desktop.set_layout("us,ru", 0)
    text = TEXT.replace("\t", " ")
    target = Target(desktop, kind, tmp_path)
    switcher = desktop.popen(
        *(sys.executable, TARGETS / "switcher.py", how),
        stdout=subprocess.PIPE,
        env={"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    switcher.stdout.readline()
    insert(desktop, tmp_path, "type", text, times)
    target.wait_for(text * times)


def test_windows_of_its_own_that_wait_for_the_server_stop_nothing(desktop, tmp_path):
    """Qt waits with the interpreter's lock, which the typing thread needs to let go of the server."""
    target, text = Target(desktop, "xterm", tmp_path), "слово за слово "
    restless = desktop.popen(sys.executable, TARGETS / "restless.py", text * 20, 2)
    try:
        assert restless.wait(START_TIMEOUT_S) == 0
    finally:
        restless.kill()  # else the desktop stands still for all tests after this one
    target.wait_for(text * 40)


def test_twenty_insertions_in_a_row(desktop, tmp_path):
    target = Target(desktop, "qt", tmp_path)
    insert(desktop, tmp_path, "type", "Ёлки — «палки»! ", times=20)
    target.wait_for("Ёлки — «палки»! " * 20)


def test_a_text_of_more_characters_than_there_are_keys(desktop, tmp_path):
    text = "".join(chr(code) for code in range(0x400, 0x4C0)) + "конец"
    target = Target(desktop, "qt", tmp_path)
    insert(desktop, tmp_path, "type", text)
    target.wait_for(text)


def test_the_keyboard_is_given_back(desktop, tmp_path):
    before = keyboard(desktop)
    insert(desktop, tmp_path, "type", "Проверка № 1")
    assert keyboard(desktop) == before


def test_paste_puts_the_clipboard_back(desktop, tmp_path):
    desktop.set_clipboard("то, что было")
    target = Target(desktop, "qt", tmp_path)
    insert(desktop, tmp_path, "paste")
    target.wait_for(TEXT)
    assert desktop.clipboard() in {"то, что было", ""}  # the inserting program has ended since
