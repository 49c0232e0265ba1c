"""The clipboard between real programs: one owns it, one pastes through it, one takes the paste, xclip looks."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.desktop.rig import END_WITH_THE_TESTS, Desktop, eventually
from tests.desktop.target import Target
from voicetype.qt import QtGui

TARGETS = Path(__file__).parent / "targets"
TEXT = "Привет, «ёлка» 😀"
SELECTIONS = ("clipboard", "primary")
FORMATS = ("UTF8_STRING", "text/plain", "text/html", "text/uri-list", "application/x-own", "image/png")


def lend(desktop: Desktop, *arguments: str) -> Any:
    pipe = subprocess.PIPE
    return desktop.popen(sys.executable, TARGETS / "lend.py", *arguments, stdin=pipe, stdout=pipe, text=True)


def told(program: Any) -> str:
    return str(program.stdout.readline().strip())


def end(program: Any) -> None:
    program.stdin.close()
    assert program.wait(20) == 0


def offered(desktop: Desktop, selection: str) -> list[str]:
    """Formats that a selection's owner offers; nothing when nobody owns it."""
    # With an empty selection xclip ends with 1.
    listing: str = desktop.run("xclip", "-selection", selection, "-o", "-t", "TARGETS", check=False).stdout
    return listing.split()


def contents(desktop: Desktop, selection: str) -> dict[str, bytes]:
    """What a selection's owner hands out, by format."""
    read = ("xclip", "-selection", selection, "-o", "-t")
    found = offered(desktop, selection)
    return {name: desktop.run(*read, name, text=False).stdout for name in FORMATS if name in found}


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
    eventually(lambda: all(set(FORMATS) <= set(offered(desktop, selection)) for selection in SELECTIONS))
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
    eventually(lambda: [offered(desktop, selection) for selection in SELECTIONS] == [[], []])
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


def test_contents_that_do_not_come_in_time_are_not_borrowed(desktop: Desktop, field: Path) -> None:
    owner = lend(desktop, "own")
    assert told(owner) == "owned"
    before = contents(desktop, "clipboard")
    os.kill(owner.pid, signal.SIGSTOP)
    try:
        program = lend(desktop, "paste", TEXT)
        assert told(program) == "inserted"  # by typing
    finally:
        os.kill(owner.pid, signal.SIGCONT)
    assert eventually(lambda: field.exists() and field.read_text(encoding="utf-8") == TEXT)
    assert contents(desktop, "clipboard") == before
    end(program)


@pytest.mark.parametrize("method", ["paste", "clipboard"])
def test_a_clipboard_manager_keeps_the_text_beyond_the_end_of_the_program(desktop: Desktop, method: str) -> None:
    text = TEXT * 3_000  # in parts
    pipe = subprocess.PIPE
    manager = desktop.popen(sys.executable, TARGETS / "keeping_manager.py", stdin=pipe, stdout=pipe, text=True)
    assert told(manager) == "ready"
    program = lend(desktop, method, text if method == "clipboard" else TEXT)
    told(program)
    end(program)
    assert desktop.clipboard() == (text if method == "clipboard" else TEXT)
    end(manager)


@pytest.mark.parametrize(("layout", "chord"), [("us", ""), ("us", "ctrl+v"), ("ru", "ctrl+v")])
def test_a_gtk_window_takes_a_paste(desktop: Desktop, tmp_path: Path, layout: str, chord: str) -> None:
    desktop.set_layout(layout)
    desktop.set_clipboard("то, что было")
    target = Target(desktop, "gtk", tmp_path)
    program = lend(desktop, "paste", TEXT, chord)
    assert told(program) == "inserted"
    target.wait_for(TEXT)
    eventually(lambda: desktop.clipboard() == "то, что было")
    end(program)


@contextlib.contextmanager
def private_screen() -> Iterator[str]:
    """A server without a window manager: windows take the focus themselves."""
    reader, writer = os.pipe()
    command = [*END_WITH_THE_TESTS, "Xvfb", "-displayfd", str(writer), "-screen", "0", "640x480x24", "-nolisten", "tcp"]
    quiet = subprocess.DEVNULL
    server = subprocess.Popen([*command, "-noreset"], pass_fds=(writer,), stdin=quiet, stdout=quiet, stderr=quiet)
    os.close(writer)
    try:
        with os.fdopen(reader) as pipe:
            yield f":{pipe.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


def lending(desktop: Desktop, seeds: range, count: int, speed: int) -> Counter[str]:
    """Counts of `count` pastes for each seed, each on a screen of its own and all at once."""
    total: Counter[str] = Counter()
    with contextlib.ExitStack() as screens:
        programs = [
            desktop.popen(
                *(sys.executable, TARGETS / "lending.py", str(seed), str(count), str(speed)),
                env={"DISPLAY": screens.enter_context(private_screen())},
                stdout=subprocess.PIPE,
                text=True,
            )
            for seed in seeds
        ]
        for program in programs:
            said = program.communicate()[0].splitlines()
            assert program.returncode == 0
            total += Counter(json.loads(said[-1]))
    return total


def assert_nothing_is_wrong(counts: Counter[str], insertions: int) -> None:
    assert {what: count for what, count in counts.items() if what.startswith("WRONG")} == {}, counts
    assert counts["insertions"] == insertions
    assert counts["old contents back"] + counts["text kept"] == insertions
    assert counts["right text pasted"] > insertions * 0.8


def test_slow_windows_and_a_rude_manager_do_no_harm(desktop: Desktop) -> None:
    assert_nothing_is_wrong(lending(desktop, range(7, 8), 20, 10), 20)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_thousand_pastes_into_slow_windows(desktop: Desktop) -> None:
    assert_nothing_is_wrong(lending(desktop, range(100, 108), 125, 1), 1000)
