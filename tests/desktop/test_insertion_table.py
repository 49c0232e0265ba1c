"""Targets × layouts × methods: every character is read back from the window and compared.

The result is written as a table to the file that VOICETYPE_INSERTION_TABLE names, else to pytest's temporary folder;
docs/insertion-table.md is made by

    VOICETYPE_INSERTION_TABLE=docs/insertion-table.md python -m pytest tests/desktop/test_insertion_table.py
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.desktop.rig import Desktop, eventually
from tests.desktop.target import ONE_LINE, TAB_LEAVES, Target, Typist

KINDS = {
    "qt-line": "Qt QLineEdit",
    "qt-rich": "Qt QTextEdit",
    "gtk-line": "GTK 3 entry",
    "xterm": "xterm",
    "vte": "VTE terminal (GNOME, Xfce, LXDE)",
    "chromium": "Chromium `<textarea>`",
}
LAYOUTS = {
    "us": ("us", 0),
    "ru": ("ru", 0),
    "us+ru, us on": ("us,ru", 0),
    "us+ru, ru on": ("us,ru", 1),
    "de": ("de", 0),
}
METHODS = ("type", "paste")
TEXT = (
    "Привет, «ёлочки» — №5… Ёж; съёмка: 10:30 (3,5 %) Latin_x{}[]|\\~^`'\"@#$&*=+<>/ 😀 10\u00a0000\u202fруб. "
    "„нем“ ‘a’ €ß–−× е\u0301 👩\u200d💻❤\ufe0f ЙЦУ "
)


@dataclass(frozen=True)
class Cell:
    """One target, layout and method. `compared` characters in `seconds`; `wrong` is "" when all were right."""

    kind: str
    layout: str
    method: str
    compared: int
    seconds: float
    wrong: str


def text_for(kind: str) -> str:
    """All that such a target can take."""
    lines = TEXT if kind in ONE_LINE else TEXT + "\nвторая\n"
    return lines if kind in TAB_LEAVES else lines + "\tтаб"


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Cell]]:
    """What the tests of this module find; written as a table at their end."""
    found: list[Cell] = []
    yield found
    wanted = os.environ.get("VOICETYPE_INSERTION_TABLE")
    file = Path(wanted) if wanted else tmp_path_factory.mktemp("table") / "insertion-table.md"
    file.write_text(table(found), encoding="utf-8")


def table(cells: list[Cell]) -> str:
    """The document, in a fixed order."""
    rows = [
        "# Text inserted and read back",
        "",
        "Made on a private X server by",
        "",
        "    VOICETYPE_INSERTION_TABLE=docs/insertion-table.md python -m pytest tests/desktop/test_insertion_table.py",
        "",
        "Each cell: wrong / compared characters, seconds of insertion. Every text goes in twice, with Caps Lock off",
        "and on, always with Num Lock on. It has «ёлочки», dashes, №, quotes, a combining accent, emoji (joined ones",
        "too), digits, Latin letters, spaces that do not break, and line breaks and tabs where the target takes them.",
        "",
        "| target | method | " + " | ".join(LAYOUTS) + " |",
        "| --- | --- |" + " --- |" * len(LAYOUTS),
    ]
    by_place = {(cell.kind, cell.method, cell.layout): cell for cell in cells}
    for kind, name in KINDS.items():
        for method in METHODS:
            row = [by_place.get((kind, method, layout)) for layout in LAYOUTS]
            if any(row):
                rows.append(f"| {name} | {method} | " + " | ".join(map(shown, row)) + " |")
    return "\n".join(rows) + "\n"


def shown(cell: Cell | None) -> str:
    if cell is None:
        return "not run"
    return f"**{cell.wrong}**" if cell.wrong else f"0 / {cell.compared}, {cell.seconds:.1f} s"


def difference(expected: str, given: str) -> str:
    """Where two texts part, "" when they do not."""
    if expected == given:
        return ""
    pairs = enumerate(zip(expected, given, strict=False))
    at = next((at for at, (wanted, got) in pairs if wanted != got), min(len(expected), len(given)))
    here = slice(at, at + 9)
    return f"{len(given)} of {len(expected)} characters; at {at}: {expected[here]!r} is {given[here]!r}"


def read_back(target: Target, before: str, text: str) -> str:
    """What is wrong with the text after what stood there before."""
    expected = before + text
    with contextlib.suppress(AssertionError):
        eventually(lambda: target.given() == expected)
    return difference(expected, target.given())


def insert_into(desktop: Desktop, target: Target, typist: Typist, method: str, text: str) -> tuple[float, str]:
    """Insert `text` with Caps Lock off and on; returns seconds and what is wrong."""
    seconds, before = 0.0, target.given()
    for _ in range(2):
        answer = typist.insert(method, text)
        try:
            seconds += float(answer)
        except ValueError:
            return 0.0, answer
        desktop.key("Caps_Lock")
    return seconds, read_back(target, before, text * 2)


@pytest.mark.parametrize("kind", KINDS)
def test_every_character_arrives(
    desktop: Desktop, tmp_path: Path, typist: Typist, cells: list[Cell], kind: str
) -> None:
    target = Target(desktop, kind, tmp_path)
    text = text_for(kind)
    desktop.key("Num_Lock")
    try:
        for layout, keyboard in LAYOUTS.items():
            desktop.set_layout(*keyboard)
            for method in METHODS:
                seconds, wrong = insert_into(desktop, target, typist, method, text)
                cells.append(Cell(kind, layout, method, len(text) * 2, seconds, wrong))
    finally:
        desktop.key("Num_Lock")
    assert [cell for cell in cells if cell.kind == kind and cell.wrong] == []
