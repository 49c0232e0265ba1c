"""Which helper types and copies in a Wayland session, and what the user is told when one is missing.

The helpers are stand-ins that write down what they get; tests/desktop/test_wayland.py has the real ones.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from voicetype.core.messages import InsertionError, Level, MessageCode, UserMessage
from voicetype.system import linux
from voicetype.system.clipboard import make_clipboard
from voicetype.system.insertion import make_typer
from voicetype.system.typing_wayland import WaylandClipboard, WaylandTyper, missing_helpers
from voicetype.system.wayland_tools import Wtype, Ydotool, find_typing_tool

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Wayland")

TEXT = "Ёж — «да» №5\nи - нет"
NO_PROTOCOL = "echo 'Compositor does not support the virtual keyboard protocol' >&2; exit 1"
NO_DAEMON = "echo 'failed to connect socket: No such file or directory'; exit 2"
OLD = 'echo "ydotool: Unknown tool: $1" >&2; [ "$1" = key ] || exit 1'


class Helpers:
    """A folder of programs, alone in the PATH."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(self, name: str, script: str = "", before: str = "") -> None:
        # Only what the shell itself can do: nothing else is in the PATH.
        note = f'while IFS= read -r line || [ -n "$line" ]; do echo "< $line"; done >> {self.folder}/{name}.in'
        program = self.folder / name
        program.write_text(f'#!/bin/sh\n{before}\necho "$@" >> {self.folder}/{name}.args\n{note}\n{script}\n')
        program.chmod(0o755)

    def arguments(self, name: str) -> list[str]:
        file = self.folder / f"{name}.args"
        return file.read_text(encoding="utf-8").splitlines() if file.exists() else []

    def given(self, name: str) -> str:
        text = (self.folder / f"{name}.in").read_text(encoding="utf-8")
        return "\n".join(line.removeprefix("< ") for line in text.splitlines())


@pytest.fixture
def helpers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Helpers:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("XDG_SESSION_TYPE", "wayland")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.delenv("XDG_CURRENT_DESKTOP", raising=False)
    monkeypatch.delenv("YDOTOOL_SOCKET", raising=False)
    return Helpers(tmp_path)


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / ".ydotool_socket"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as server:
        server.bind(str(path))
        yield path


def told(found: object) -> MessageCode:
    assert isinstance(found, UserMessage)
    assert found.level is Level.WARNING
    return found.code


def test_wtype_gets_the_text_by_a_pipe_that_nobody_else_reads(helpers: Helpers) -> None:
    helpers.add("wtype")
    tool = find_typing_tool()
    assert isinstance(tool, Wtype)
    assert helpers.arguments("wtype") == ["-s 1"]
    tool.type_text(TEXT)
    tool.erase(2)
    tool.press_paste()
    assert helpers.arguments("wtype")[1:] == ["-", "-k BackSpace -k BackSpace", "-M shift -k Insert -m shift"]
    assert helpers.given("wtype") == TEXT


@pytest.mark.parametrize(
    ("desktop", "code"),
    [
        ("sway", MessageCode.WAYLAND_NO_WTYPE),
        ("", MessageCode.WAYLAND_NO_WTYPE),
        ("ubuntu:GNOME", MessageCode.WAYLAND_NO_YDOTOOL),
        ("KDE", MessageCode.WAYLAND_NO_YDOTOOL),
    ],
)
def test_the_helper_that_this_desktop_can_use_is_named(
    helpers: Helpers, monkeypatch: pytest.MonkeyPatch, desktop: str, code: MessageCode
) -> None:
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", desktop)
    assert told(find_typing_tool()) is code


def test_where_the_compositor_refuses_wtype_ydotool_is_needed(helpers: Helpers) -> None:
    helpers.add("wtype", NO_PROTOCOL)
    assert told(find_typing_tool()) is MessageCode.WAYLAND_NO_YDOTOOL


def test_an_old_ydotool_is_never_trusted_with_keys(helpers: Helpers) -> None:
    helpers.add("ydotool", OLD)
    helpers.add("wl-copy")
    assert told(find_typing_tool()) is MessageCode.WAYLAND_YDOTOOL_OLD
    assert helpers.arguments("ydotool") == ["debug"]


def test_a_daemon_that_does_not_run_is_told(helpers: Helpers) -> None:
    helpers.add("ydotool", NO_DAEMON)
    helpers.add("wl-copy")
    assert told(find_typing_tool()) is MessageCode.WAYLAND_NO_YDOTOOLD


def test_ydotool_needs_a_clipboard(helpers: Helpers) -> None:
    helpers.add("ydotool")
    assert told(find_typing_tool()) is MessageCode.WAYLAND_NO_CLIPBOARD


def test_ydotool_pastes_what_lies_in_both_selections(helpers: Helpers, daemon: Path) -> None:
    helpers.add("ydotool", f'echo "$YDOTOOL_SOCKET" > {helpers.folder}/socket')
    helpers.add("wl-copy")
    tool = find_typing_tool()
    assert isinstance(tool, Ydotool)
    tool.type_text("Ёж")
    assert helpers.arguments("wl-copy") == ["--type text/plain", "--type text/plain --primary"]
    assert helpers.given("wl-copy") == "Ёж\nЁж"
    assert helpers.arguments("ydotool") == ["debug", "key 42:1 110:1 110:0 42:0"]
    assert (helpers.folder / "socket").read_text().strip() == str(daemon)
    tool.erase(1)
    assert helpers.arguments("ydotool")[-1] == "key 14:1 14:0"


def test_a_socket_that_the_user_names_is_used(helpers: Helpers, daemon: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YDOTOOL_SOCKET", "/elsewhere")
    helpers.add("ydotool", f'echo "$YDOTOOL_SOCKET" > {helpers.folder}/socket')
    helpers.add("wl-copy")
    find_typing_tool()
    assert (helpers.folder / "socket").read_text().strip() == "/elsewhere"


def test_a_helper_that_fails_is_quoted_and_looked_for_again(helpers: Helpers) -> None:
    helpers.add("wtype", 'if [ "$1" = - ]; then echo broken >&2; exit 1; fi')
    typer = WaylandTyper()
    with pytest.raises(InsertionError) as failure:
        typer.type_text(TEXT)
    assert failure.value.message.params["detail"] == "wtype: broken"
    helpers.add("wtype", NO_PROTOCOL)
    with pytest.raises(InsertionError) as failure:
        typer.type_text(TEXT)
    assert failure.value.message == UserMessage(MessageCode.TEXT_COPIED, Level.INFO)


def test_a_helper_that_hangs_is_given_up(helpers: Helpers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voicetype.system.wayland_tools._ANSWER_TIMEOUT_S", 0.05)
    helpers.add("wtype", before="while :; do :; done")
    with pytest.raises(InsertionError) as failure:
        Wtype().type_text("")
    assert failure.value.message.params["detail"] == "wtype: TimeoutExpired"


def test_nothing_is_erased_that_may_not_be(helpers: Helpers) -> None:
    helpers.add("wtype")
    with pytest.raises(InsertionError):
        WaylandTyper().erase(1, lambda: False)
    assert helpers.arguments("wtype") == []


def test_what_is_missing_depends_on_the_method(helpers: Helpers) -> None:
    typer = WaylandTyper()
    both = [MessageCode.WAYLAND_NO_WTYPE, MessageCode.WAYLAND_NO_CLIPBOARD]
    assert [told(problem) for problem in missing_helpers(typer, "type")] == both
    assert [told(problem) for problem in missing_helpers(typer, "clipboard")] == both[1:]
    helpers.add("wtype")
    assert missing_helpers(typer, "type") == ()
    helpers.add("wl-copy")
    assert missing_helpers(typer, "clipboard") == ()
    assert missing_helpers(object(), "type") == ()


def test_a_wayland_session_is_one_also_where_x_programs_run(helpers: Helpers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    helpers.add("wl-copy")
    assert isinstance(make_typer(), WaylandTyper)
    assert isinstance(make_clipboard(), WaylandClipboard)
    assert WaylandClipboard().lend(TEXT) is None


@pytest.mark.parametrize(
    ("session", "answers", "set_before", "chosen"),
    [
        ("wayland", True, None, "xcb;wayland"),
        ("wayland", True, "wayland", "wayland"),
        ("wayland", False, None, None),
        ("x11", True, None, None),
    ],
)
def test_windows_are_made_by_xwayland_where_that_is(
    monkeypatch: pytest.MonkeyPatch, session: str, answers: bool, set_before: str | None, chosen: str | None
) -> None:
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    if set_before is not None:
        monkeypatch.setenv("QT_QPA_PLATFORM", set_before)
    monkeypatch.setattr(linux, "session_type", lambda: session)
    monkeypatch.setattr(linux, "_x_server_answers", lambda: answers)
    linux.choose_window_system()
    assert os.environ.get("QT_QPA_PLATFORM") == chosen
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
