"""Text goes to the window in which its dictation began, wherever the focus is by then, and nowhere else."""

from __future__ import annotations

import contextlib
import itertools
import os
import random
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from Xlib import X, Xatom, Xutil, display

from tests.desktop.rig import Desktop, eventually
from tests.desktop.target import TARGETS, Target
from tests.desktop.test_dictation import HOTKEY, SPEECH, App
from voicetype.control.paste import Inserter
from voicetype.control.pinned_text import PinnedText, TargetChoices
from voicetype.control.window_text import WindowText
from voicetype.core.messages import InsertionError, MessageCode
from voicetype.core.text.grammar import Deed
from voicetype.insertion import target_rules
from voicetype.system.insertion import Typer, make_typer
from voicetype.system.targets import UnknownWindows, make_target_windows
from voicetype.system.user_activity import make_activity_watch

TEXT = "Ёлки — «палки» 10 %! "
LONG = "Съешь же ещё этих мягких французских булок, да выпей чаю. " * 20
RUNS = 50


class Copies:
    """The clipboard that lasts."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def copy(self, text: str) -> None:
        self.texts.append(text)


class Field(Target):
    """A field with a title of its own and a class of its own."""

    def __init__(self, desktop: Desktop, folder: Path, title: str, app: str = "editor") -> None:
        folder.mkdir(exist_ok=True)
        self.title = title
        self.desktop = desktop
        self.file = folder / "given.txt"
        self.program = desktop.popen(sys.executable, TARGETS / "qt_field.py", self.file, title, app)
        self.focus()

    def focus(self) -> int:
        return int(self.desktop.focus(self.title), 16)

    def has_focus(self) -> bool:
        return self.desktop.focused_window() == int(self.desktop.wait_window(self.title), 16)


class Parts:
    """What talks to the desktop. Its end waits for targets that read slowly, so there is one for all tests."""

    def __init__(self) -> None:
        self.typer: Typer = make_typer()
        self.watch = make_activity_watch(self.typer)
        self.windows = make_target_windows(self.typer)

    def close(self) -> None:
        self.watch.close()
        self.windows.close()
        self.typer.close()


class Bench:
    """The real way of a text into a window; the clipboard alone is a fake."""

    def __init__(self, parts: Parts) -> None:
        self.typer, self.windows = parts.typer, parts.windows
        self.copies = Copies()
        inserter = Inserter(self.typer, self.copies, "type", contextlib.nullcontext, parts.watch.own_typing)  # type: ignore[arg-type]
        self.text = PinnedText(WindowText(inserter, parts.watch), self.windows, self.typer.aim, self.copies.copy)
        self.configure()

    def configure(self, *, refocus: bool = True) -> None:
        self.text.configure(target_rules(), TargetChoices(refocus=refocus))

    def refused(self, work: Callable[[], object]) -> MessageCode:
        with pytest.raises(InsertionError) as refused:
            work()
        return refused.value.message.code


@pytest.fixture(scope="module")
def parts(desktop: Desktop) -> Iterator[Parts]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DISPLAY", desktop.env["DISPLAY"])
        for name in ("WAYLAND_DISPLAY", "XDG_SESSION_TYPE"):
            patch.delenv(name, raising=False)
        parts = Parts()
    yield parts
    parts.close()


@pytest.fixture
def bench(parts: Parts) -> Bench:
    return Bench(parts)


@pytest.fixture
def two(desktop: Desktop, tmp_path: Path) -> tuple[Field, Field]:
    """A window where the dictation begins, and another one; the first has the focus."""
    there, elsewhere = Field(desktop, tmp_path / "a", "field A"), Field(desktop, tmp_path / "b", "field B")
    there.focus()
    return there, elsewhere


def test_a_window_is_known_by_its_names(desktop: Desktop, bench: Bench, tmp_path: Path) -> None:
    field = Field(desktop, tmp_path, "письмо — черновик", "Mail-Program")
    window = bench.windows.current()
    assert window is not None
    assert (window.id, window.title, window.app) == (field.focus(), "письмо — черновик", "Mail-Program")
    assert "mail-program" in window.names and window.pid == field.program.pid
    assert not window.own and not window.elevated and bench.windows.alive(window) and bench.windows.focused(window)


@pytest.mark.parametrize("kind", ["gtk", "xterm"])
def test_the_focus_moved_and_comes_back(desktop: Desktop, bench: Bench, tmp_path: Path, kind: str) -> None:
    there = Target(desktop, kind, tmp_path)
    bench.text.pin(1)
    elsewhere = Field(desktop, tmp_path / "b", "field B")
    assert bench.text.write(1, TEXT, final=True) is None
    there.wait_for(TEXT)
    assert elsewhere.has_focus() and elsewhere.given() == ""
    assert bench.copies.texts == []


def test_a_minimised_window_is_brought_back(desktop: Desktop, bench: Bench, two: tuple[Field, Field]) -> None:
    there, elsewhere = two
    bench.text.pin(1)
    desktop.run("xdotool", "windowminimize", there.focus())
    elsewhere.focus()
    bench.text.write(1, TEXT, final=True)
    there.wait_for(TEXT)
    assert elsewhere.has_focus() and elsewhere.given() == ""


def test_a_growing_text_waits_while_the_focus_is_elsewhere(bench: Bench, two: tuple[Field, Field]) -> None:
    there, elsewhere = two
    bench.text.pin(1)
    bench.text.write(1, "Мама", final=False)
    there.wait_for("Мама")
    elsewhere.focus()
    assert bench.text.write(1, "Мама мыла", final=False) is None
    bench.text.write(1, "Мама, мыла раму.", final=True)
    there.wait_for("Мама, мыла раму.")
    assert elsewhere.has_focus() and elsewhere.given() == ""


def test_a_text_is_held_until_it_is_asked_for(bench: Bench, two: tuple[Field, Field]) -> None:
    there, elsewhere = two
    bench.configure(refocus=False)
    bench.text.pin(1)
    bench.text.write(1, "Мама", final=False)
    there.wait_for("Мама")
    elsewhere.focus()
    assert bench.refused(lambda: bench.text.write(1, "Мама, мыла раму.", final=True)) is MessageCode.TEXT_HELD
    assert elsewhere.has_focus() and elsewhere.given() == "" and there.given() == "Мама"
    bench.text.obey(Deed.REPEAT)
    elsewhere.wait_for("Мама, мыла раму.")
    assert there.given() == "Мама"


def test_a_held_text_is_completed_where_it_began(bench: Bench, two: tuple[Field, Field]) -> None:
    there, elsewhere = two
    bench.configure(refocus=False)
    bench.text.pin(1)
    bench.text.write(1, "Мама", final=False)
    elsewhere.focus()
    assert bench.refused(lambda: bench.text.write(1, "Мама мыла раму.", final=True)) is MessageCode.TEXT_HELD
    there.focus()
    assert bench.text.obey(Deed.REPEAT) is None
    there.wait_for("Мама мыла раму.")


def test_a_window_that_closed_gets_nothing_and_nobody_else_does(bench: Bench, two: tuple[Field, Field]) -> None:
    there, elsewhere = two
    bench.text.pin(1)
    window = bench.text.window(1)
    assert window is not None
    there.program.terminate()
    there.program.wait(10)
    eventually(lambda: not bench.windows.alive(window), what="the end of the window")
    eventually(elsewhere.has_focus, what="the focus in the other window")
    assert bench.refused(lambda: bench.text.write(1, TEXT, final=True)) is MessageCode.TARGET_CLOSED
    assert elsewhere.given() == "" and bench.copies.texts == [TEXT]
    bench.text.pin(-1)
    bench.text.obey(Deed.REPEAT, -1)
    elsewhere.wait_for(TEXT)


@pytest.mark.parametrize("app", ["Pinentry-gtk-2", "Gcr-prompter"])
def test_a_password_prompt_gets_nothing(desktop: Desktop, bench: Bench, tmp_path: Path, app: str) -> None:
    prompt = Field(desktop, tmp_path, "Enter passphrase", app)
    bench.text.pin(1)
    bench.text.write(1, "Мама", final=False)
    assert bench.refused(lambda: bench.text.write(1, TEXT, final=True)) is MessageCode.TARGET_FORBIDDEN
    assert bench.refused(lambda: bench.text.obey(Deed.REPEAT)) is MessageCode.TARGET_FORBIDDEN
    assert prompt.given() == "" and bench.copies.texts == [TEXT, TEXT]


def test_a_password_prompt_keeps_the_focus(desktop: Desktop, bench: Bench, tmp_path: Path) -> None:
    there = Field(desktop, tmp_path / "a", "field A")
    bench.text.pin(1)
    prompt = Field(desktop, tmp_path / "b", "Enter passphrase", "Pinentry-gtk-2")
    assert bench.refused(lambda: bench.text.write(1, TEXT, final=True)) is MessageCode.TEXT_HELD
    assert prompt.has_focus() and prompt.given() == "" and there.given() == ""


def test_our_own_window_gets_nothing(desktop: Desktop, bench: Bench) -> None:
    """This process, which types, has a window, as the settings are one of the program's."""
    with contextlib.closing(display.Display(desktop.env["DISPLAY"])) as server:
        window = server.screen().root.create_window(0, 0, 200, 100, 0, X.CopyFromParent, event_mask=X.KeyPressMask)
        window.set_wm_name("our own")
        window.set_wm_hints(flags=Xutil.InputHint, input=1)
        window.change_property(server.get_atom("_NET_WM_PID"), Xatom.CARDINAL, 32, [os.getpid()])
        window.map()
        server.flush()
        desktop.focus("our own")
        bench.text.pin(1)
        assert bench.text.write(1, "Мама", final=False) is None
        assert bench.refused(lambda: bench.text.write(1, TEXT, final=True)) is MessageCode.TARGET_OWN
        server.sync()
        told = [server.next_event() for _ in range(server.pending_events())]
    # Whatever a window asks for, it is told of another mapping of the keys, as an earlier text's end makes one.
    assert [event for event in told if event.type != X.MappingNotify] == []
    assert bench.copies.texts == [TEXT]


def test_a_keyboard_that_is_grabbed_gets_nothing(desktop: Desktop, bench: Bench, tmp_path: Path) -> None:
    field = Field(desktop, tmp_path, "field A")
    bench.text.pin(1)
    locker = display.Display(desktop.env["DISPLAY"])
    root = locker.screen().root
    assert root.grab_keyboard(True, X.GrabModeAsync, X.GrabModeAsync, X.CurrentTime) == X.GrabSuccess
    assert bench.refused(lambda: bench.text.write(1, TEXT, final=True)) is MessageCode.KEYBOARD_TAKEN
    locker.close()
    assert field.given() == "" and TEXT in bench.copies.texts
    bench.text.obey(Deed.REPEAT)
    field.wait_for(TEXT)


def test_a_desktop_without_a_window_in_front_gets_nothing(desktop: Desktop, bench: Bench, tmp_path: Path) -> None:
    field = Field(desktop, tmp_path, "field A")
    desktop.run("xdotool", "windowminimize", field.focus())
    eventually(lambda: bench.windows.current() is None, what="a desktop without focus")
    bench.text.pin(1)
    assert bench.refused(lambda: bench.text.write(1, TEXT, final=True)) is MessageCode.NO_TARGET
    field.focus()
    bench.text.write(2, TEXT, final=True)
    field.wait_for(TEXT)


def test_a_focus_that_moves_in_mid_typing_gets_no_character(
    bench: Bench, two: tuple[Field, Field], monkeypatch: pytest.MonkeyPatch
) -> None:
    there, elsewhere = two
    bench.text.pin(1)
    keys: Any = bench.typer._fingers  # type: ignore[attr-defined]
    look, looks = keys.at_aim, itertools.count(1)

    def look_late() -> Any:
        if next(looks) == 3:
            elsewhere.focus()
        return look()

    monkeypatch.setattr(keys, "at_aim", look_late)
    code = bench.refused(lambda: bench.text.write(1, LONG, final=True))
    assert code is MessageCode.TYPING_INTERRUPTED
    typed = LONG[: len(LONG) - len(bench.copies.texts[-1])]
    assert 0 < len(typed) < len(LONG)
    there.wait_for(typed)
    assert elsewhere.has_focus() and elsewhere.given() == ""
    there.focus()
    assert bench.text.obey(Deed.REPEAT) is None
    there.wait_for(LONG)


def test_a_program_in_which_texts_cannot_grow_gets_them_at_the_end(
    desktop: Desktop, bench: Bench, tmp_path: Path
) -> None:
    remote = Field(desktop, tmp_path, "server", "Xfreerdp")
    bench.text.pin(1)
    hint = bench.text.write(1, "Мама", final=False)
    assert hint is not None and (hint.code, hint.params) == (MessageCode.LIVE_NOT_HERE, {"app": "Xfreerdp"})
    assert bench.text.write(1, "Мама мыла", final=False) is None
    bench.text.write(1, TEXT, final=True)
    remote.wait_for(TEXT)


def test_a_press_while_an_earlier_text_is_typed_is_pinned_at_once(bench: Bench, two: tuple[Field, Field]) -> None:
    thread = threading.Thread(target=lambda: bench.text.write(1, LONG, final=True))
    thread.start()
    bench.text.pin(2)
    window = bench.text.window(2)
    assert window is not None and window.title == "field A"
    thread.join()
    two[0].wait_for(LONG)


def test_under_wayland_nothing_is_pinned(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    windows = make_target_windows(bench.typer)
    assert isinstance(windows, UnknownWindows)
    window = windows.current()
    assert window is not None and window.id == 0 and windows.focus(window)


@pytest.mark.slow
def test_a_dictation_goes_to_the_window_of_its_press(desktop: Desktop, tmp_path: Path) -> None:
    """The whole program, from the hotkey on."""
    app = App(desktop, tmp_path / "settings")
    there, elsewhere = Field(desktop, tmp_path / "a", "field A"), Field(desktop, tmp_path / "b", "field B")
    for number, text_begins in ((1, "Здравствуйте"), (2, "Отправьте")):
        before = len(there.given())
        there.focus()
        desktop.key(HOTKEY)
        app.wait_log("session listening", number)
        elsewhere.focus()
        desktop.play(SPEECH / ("01.wav" if number == 1 else "03.wav"))
        desktop.key(HOTKEY)
        app.wait_log("session idle", number)
        eventually(lambda at=before, text=text_begins: text in there.given()[at:], what="the text")
        assert elsewhere.given() == ""
        assert elsewhere.has_focus()
    assert app.end() == 0
    assert "Traceback" not in app.log


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_no_character_goes_astray(desktop: Desktop, bench: Bench, tmp_path: Path) -> None:
    """Between the press and the end the focus moves at random, also in mid-typing; what arrives is counted."""
    there, elsewhere = Target(desktop, "xterm", tmp_path), Field(desktop, tmp_path / "b", "field B")
    chance, wanted, outcomes = random.Random(7), "", {"whole": 0, "interrupted": 0}
    thieves: Any = make_target_windows(bench.typer)
    elsewhere.focus()
    other = thieves.current()
    for run in range(1, RUNS + 1):
        desktop.focus("target field")
        bench.text.pin(run)
        if chance.random() < 0.5:
            elsewhere.focus()
        text = f"{run}: " + (LONG * 3)[: chance.randrange(20, 3 * len(LONG))].rstrip() + " "
        timer = threading.Timer(chance.uniform(0, 0.3), lambda: thieves.focus(other))
        timer.start()
        try:
            bench.text.write(run, text, final=True)
            outcomes["whole"] += 1
            wanted += text
        except InsertionError as error:
            assert error.message.code is MessageCode.TYPING_INTERRUPTED
            outcomes["interrupted"] += 1
            wanted += text[: len(text) - len(bench.copies.texts[-1])]
        timer.join()
        there.wait_for(wanted)
        assert elsewhere.given() == ""
    thieves.close()
    sys.stdout.write(f"\n{RUNS} runs, {len(wanted)} characters, {outcomes}, none astray\n")
