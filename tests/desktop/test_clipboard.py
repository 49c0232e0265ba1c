"""The clipboard between real programs: one owns it, one pastes through it, one takes the paste, xclip looks."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.desktop.rig import Desktop, eventually
from voicetype.qt import QtGui

TARGETS = Path(__file__).parent / "targets"
TEXT = "Привет, «ёлка» 😀"
SELECTIONS = ("clipboard", "primary")
FORMATS = ("UTF8_STRING", "text/plain", "text/html", "text/uri-list", "application/x-own", "image/png", "image/bmp")


def lend(desktop: Desktop, *arguments: str) -> Any:
    pipe = subprocess.PIPE
    return desktop.popen(sys.executable, TARGETS / "lend.py", *arguments, stdin=pipe, stdout=pipe, text=True)


def told(program: Any) -> str:
    return str(program.stdout.readline().strip())


def end(program: Any) -> None:
    program.stdin.close()
    assert program.wait(20) == 0


def contents(desktop: Desktop, selection: str) -> dict[str, bytes]:
    """What a selection's owner hands out, by format; nothing when nobody owns it."""
    read = ("xclip", "-selection", selection, "-o", "-t")
    # With an empty selection xclip ends with 1.
    offered = desktop.run(*read, "TARGETS", check=False).stdout.split()
    return {name: desktop.run(*read, name, text=False).stdout for name in FORMATS if name in offered}


@pytest.fixture
def field(desktop: Desktop, tmp_path: Path) -> Path:
    """The file in which a focused window keeps what it was given."""
    desktop.popen(sys.executable, TARGETS / "qt_field.py", tmp_path / "given.txt")
    desktop.focus("target field")
    return tmp_path / "given.txt"


def test_all_formats_of_another_program_come_back_and_outlive_it(desktop: Desktop, field: Path) -> None:
    owner = lend(desktop, "own")
    assert told(owner) == "owned"
    before = {selection: contents(desktop, selection) for selection in SELECTIONS}
    assert [set(found) for found in before.values()] == [set(FORMATS)] * 2
    program = lend(desktop, "paste", TEXT)
    assert told(program) == "inserted"
    end(owner)
    assert eventually(lambda: field.exists() and field.read_text(encoding="utf-8")) == TEXT
    # They come back a moment after the text was read.
    eventually(lambda: all(set(contents(desktop, selection)) == set(FORMATS) for selection in SELECTIONS))
    for selection in SELECTIONS:
        after = contents(desktop, selection)
        pictures = [QtGui.QImage.fromData(found.pop("image/png")) for found in (before[selection], after)]
        assert not pictures[0].isNull() and pictures[0] == pictures[1]
        assert after == before[selection]
    end(program)


def test_an_empty_clipboard_stays_empty(desktop: Desktop, field: Path) -> None:
    empty_both = lend(desktop, "own")  # the end of an owner empties what it owned
    assert told(empty_both) == "owned"
    end(empty_both)
    program = lend(desktop, "paste", TEXT)
    assert told(program) == "inserted"
    assert eventually(lambda: field.exists() and field.read_text(encoding="utf-8")) == TEXT
    eventually(lambda: [contents(desktop, selection) for selection in SELECTIONS] == [{}, {}])
    end(program)


def test_a_paste_that_nobody_takes_leaves_the_text(desktop: Desktop) -> None:
    desktop.set_clipboard("то, что было")
    program = lend(desktop, "paste", TEXT)
    assert told(program) == "it did not ask for the text"
    assert desktop.clipboard() == TEXT
    end(program)


def test_a_copy_made_right_after_the_paste_stays(desktop: Desktop, field: Path) -> None:
    desktop.set_clipboard("то, что было")
    program = lend(desktop, "paste", TEXT)
    eventually(lambda: field.exists() and field.read_text(encoding="utf-8") == TEXT)
    desktop.set_clipboard("скопировано только что")
    assert told(program) == "inserted"
    assert desktop.clipboard() == "скопировано только что"
    end(program)
