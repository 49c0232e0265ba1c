"""A real Wayland compositor: what is typed, copied and shown there. Slow, and left out where sway is not installed."""

from __future__ import annotations

import contextlib
import csv
import os
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("jeepney", reason="Linux")

from tests.desktop.compositor import Compositor, missing_packages
from tests.desktop.rig import Desktop, eventually
from tests.desktop.test_dictation import App
from tests.fakes_portal import FakePortal, PrivateBus
from voicetype.control.paste import Inserter
from voicetype.core.messages import InsertionError, MessageCode
from voicetype.system.typing_wayland import WaylandClipboard, WaylandTyper
from voicetype.system.wayland_tools import Wtype, Ydotool

TEXT = "Привет, как дела? Ёжик — «тест» №5…\nПодъём: 5\u00a0% от 10\u00a0€, Linux & C++; \"да\" 'нет' <a@b.ru> 😀"
ALPHABET = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяАЁЖЯЪ «»—–…№,.;:!?()'\"%€°0123456789abcXYZ@#$&*_+=/\\|<>[]{}~^`"
SETTINGS = "hotkeys: {push_to_talk: ctrl+f9}\naudio: {sounds: false}\n"
SPEECH = Path(__file__).parent.parent / "data" / "speech"
OVERLAY = Path(__file__).parent / "targets" / "wayland_overlay.py"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def compositor() -> Iterator[Compositor]:
    if packages := missing_packages():
        pytest.skip(f"needs: apt-get install {' '.join(packages)}")
    private = Compositor()
    yield private
    private.close()


@pytest.fixture(autouse=True)
def _in_its_session(compositor: Compositor, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("WAYLAND_DISPLAY", "XDG_RUNTIME_DIR", "XDG_SESSION_TYPE"):
        monkeypatch.setenv(name, compositor.env[name])
    monkeypatch.delenv("XDG_CURRENT_DESKTOP", raising=False)


def wait_for(file: Path, text: str) -> None:
    eventually(lambda: file.exists() and len(file.read_text(encoding="utf-8")) >= len(text), what=f"{text!r} in {file}")
    assert file.read_text(encoding="utf-8") == text


def pasted(compositor: Compositor, *options: str) -> str:
    return compositor.run("wl-paste", "--no-newline", *options)


def test_a_text_is_typed_exactly(compositor: Compositor) -> None:
    typer = WaylandTyper()
    assert typer.problem() is None
    with compositor.terminal() as file:
        typer.type_text(TEXT)
        wait_for(file, TEXT)
        typer.type_text("- с черты")
        wait_for(file, TEXT + "- с черты")
    with compositor.field() as file:
        typer.type_text(TEXT)
        wait_for(file, TEXT)
        typer.erase(2)
        eventually(lambda: file.read_text(encoding="utf-8") == TEXT[:-2], what="two characters less")


def test_a_copied_text_is_there_though_no_window_of_the_program_has_the_focus(compositor: Compositor) -> None:
    with compositor.terminal():
        WaylandClipboard().copy(TEXT)
        assert pasted(compositor) == TEXT
        WaylandClipboard().copy("<б>")
        assert pasted(compositor) == "<б>"
        assert "text/plain;charset=utf-8" in pasted(compositor, "--list-types").splitlines()


def test_what_cannot_be_typed_is_copied_and_said_to_be_there(compositor: Compositor, tmp_path: Path) -> None:
    typer = WaylandTyper()
    inserter = Inserter(typer, WaylandClipboard(), "type")
    for name in ("wl-copy", "cat", "rm"):
        (tmp_path / name).symlink_to(f"/usr/bin/{name}")
    with pytest.MonkeyPatch.context() as without_wtype, compositor.terminal() as file:
        without_wtype.setenv("PATH", str(tmp_path))
        with pytest.raises(InsertionError) as refusal:
            inserter.insert(TEXT)
        assert refusal.value.message.code is MessageCode.TEXT_COPIED
        without_wtype.undo()
        assert pasted(compositor) == TEXT
        assert not file.exists() or file.read_text() == ""
        inserter.insert("потом")  # the helper has come meanwhile
        wait_for(file, "потом")


def test_a_text_that_only_keys_can_bring_goes_by_the_clipboard(
    compositor: Compositor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ydotool needs the kernel's uinput; in its place something presses the same chord."""
    chord = '#!/bin/sh\n[ "$*" = "key 42:1 110:1 110:0 42:0" ] && exec wtype -M shift -k Insert -m shift\n'
    (tmp_path / "ydotool").write_text(chord)
    (tmp_path / "ydotool").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    tool = Ydotool(os.environ)
    with compositor.field() as file:
        tool.type_text(TEXT)
        wait_for(file, TEXT)
    with compositor.terminal() as file:
        tool.type_text("Ещё раз: №5")
        wait_for(file, "Ещё раз: №5")
    assert pasted(compositor) == "Ещё раз: №5"


@pytest.mark.parametrize("platform", ["wayland", "xcb;wayland"])
def test_the_overlay_leaves_the_focus_where_the_text_belongs(compositor: Compositor, platform: str) -> None:
    with compositor.terminal() as file:
        target = compositor.focused()
        program = compositor.popen(
            sys.executable, OVERLAY, env={"QT_QPA_PLATFORM": platform}, stdout=subprocess.PIPE, text=True
        )
        assert program.stdout.readline() == f"{platform != 'wayland'}\n"
        assert compositor.focused() == target
        WaylandTyper().type_text("сюда")
        wait_for(file, "сюда")
        program.terminate()
        program.wait()
        program.stdout.close()


@pytest.mark.parametrize("way", ["portal", "command"])
def test_a_dictation_ends_up_in_the_window(
    desktop: Desktop,
    compositor: Compositor,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    way: str,
) -> None:
    ends = contextlib.ExitStack()
    request.addfinalizer(ends.close)
    bus = ends.enter_context(contextlib.closing(PrivateBus(tmp_path)))
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
    portal = FakePortal(shortcuts=way == "portal")
    ends.callback(portal.end)
    with (SPEECH / "transcripts.tsv").open(encoding="utf-8") as file:
        name, words, *_ = next(csv.reader(file, delimiter="\t"))
    names = ("WAYLAND_DISPLAY", "XDG_RUNTIME_DIR", "XDG_SESSION_TYPE")
    session = {name: compositor.env[name] for name in names}
    session |= {"DISPLAY": "", "DBUS_SESSION_BUS_ADDRESS": bus.address, "XDG_DATA_HOME": str(tmp_path)}
    app = App(desktop, tmp_path / "settings", settings=SETTINGS, env=session)

    def act(option: str, key: str) -> None:
        if way == "portal":
            getattr(portal, key)("push_to_talk")
        else:
            desktop.popen(*app.command, option, env=app.env).wait(30)

    with compositor.terminal() as typed:
        if way == "portal":
            portal.wait_for("BindShortcuts")
        act("--start", "press")
        app.wait_log("session listening")
        desktop.play(SPEECH / name)
        act("--stop", "release")
        app.wait_log("session idle")
        eventually(lambda: re.findall(r"\w+", typed.read_text("utf-8").lower()) == words.split(), what="the text")
        assert typed.read_text("utf-8")[0].isupper()
    told = re.findall("message (\\w+) ", app.log)
    assert told == {"portal": ["no_tray"], "command": ["no_tray", "wayland_no_hotkey"]}[way]
    assert app.end() == 0


def test_a_thousand_characters_are_typed_exactly_time_and_again(compositor: Compositor) -> None:
    chance = random.Random(5)
    tool = Wtype()
    for window in (compositor.terminal, compositor.field):
        for _ in range(5):
            text = "".join(chance.choice(ALPHABET) for _ in range(1000))
            with window() as file:
                tool.type_text(text)
                wait_for(file, text)
