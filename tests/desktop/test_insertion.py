"""Exact text in real windows: methods, targets, layouts, locks and held keys."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from Xlib import X, display

from tests.desktop.rig import Desktop
from tests.desktop.target import TARGETS, Target

TEXT = "Привет, «ёлочки» — №5… Ёж; съёмка: 10:30 (3,5 %) Latin_x{}[]|\\~^`'\"@#$&*=+<>/ 😀\nвторая строка\tтаб?! Ё\n"
LAYOUTS = [("us", 0), ("ru", 0), ("us,ru", 0), ("us,ru", 1)]


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
@pytest.mark.parametrize("method", ["type", "paste"])
@pytest.mark.parametrize(("layouts", "group"), LAYOUTS)
def test_text_arrives_exactly(desktop, tmp_path, kind, method, layouts, group):
    desktop.set_layout(layouts, group)
    target = Target(desktop, kind, tmp_path)
    insert(desktop, tmp_path, method, times=2)
    target.wait_for(TEXT * 2)


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
