"""The programs that act for others in a Wayland session: wtype, ydotool, wl-copy. Insertion thread, blocking.

A Wayland compositor lets no program type into another one's window and only the focused one set the clipboard. wtype
uses the virtual-keyboard protocol of sway, Hyprland, labwc, COSMIC and the like; GNOME and KDE do not have it. ydotool
writes to the kernel's uinput, below every desktop, but knows keys only, so text goes by the clipboard. Dictated text is
handed over by pipes: everybody can read the arguments of a process. May import: `core`.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from typing import Protocol

from voicetype.core.messages import InsertionError, Level, MessageCode, UserMessage

_ANSWER_TIMEOUT_S = 5.0
_SECONDS_PER_CHARACTER = 0.05
"""wtype takes 5 ms for one; a busy machine gets ten times as much before the text goes to the clipboard."""
_SHIFT_INSERT = ("42:1", "110:1", "110:0", "42:0")
"""Codes of the kernel. The same place on every layout, unlike Ctrl+V, and what pastes in terminals too."""
_MOST_SAID = 2_000
_WITHOUT_VIRTUAL_KEYBOARD = frozenset({"gnome", "kde", "unity", "x-cinnamon", "budgie", "pantheon"})


class TypingTool(Protocol):
    """A program that sends keys to the focused window. Methods raise InsertionError."""

    def type_text(self, text: str) -> None:
        """Let exactly `text` stand there."""

    def erase(self, count: int) -> None:
        """Press BackSpace `count` times."""

    def press_paste(self) -> None:
        """Press the chord that pastes."""


class Wtype:
    """wtype: any character, by a keyboard layout of its own."""

    def type_text(self, text: str) -> None:
        """See `TypingTool`."""
        _run(("wtype", "-"), text, timeout_s=_ANSWER_TIMEOUT_S + len(text) * _SECONDS_PER_CHARACTER)

    def erase(self, count: int) -> None:
        """See `TypingTool`."""
        _run(("wtype", *("-k", "BackSpace") * count))

    def press_paste(self) -> None:
        """See `TypingTool`."""
        _run(("wtype", "-M", "shift", "-k", "Insert", "-m", "shift"))


class Ydotool:
    """ydotool 1.x and its daemon. The text stays in the clipboard, since nobody tells when it has been read."""

    def __init__(self, env: Mapping[str, str]) -> None:
        """`env` leads to the daemon."""
        self._env = env

    def type_text(self, text: str) -> None:
        """See `TypingTool`."""
        copy_text(text, primary=True)  # Shift+Insert takes that one in terminals
        self.press_paste()

    def erase(self, count: int) -> None:
        """See `TypingTool`."""
        _run(("ydotool", "key", *("14:1", "14:0") * count), env=self._env)

    def press_paste(self) -> None:
        """See `TypingTool`."""
        _run(("ydotool", "key", *_SHIFT_INSERT), env=self._env)


def copy_text(text: str, *, primary: bool = False) -> None:
    """Put `text` into the clipboard by wl-copy, and into the primary selection too. Raises InsertionError."""
    for option in ((), ("--primary",)) if primary else ((),):
        # With no type it guesses one, and takes a text that begins with "<" for something else.
        _run(("wl-copy", "--type", "text/plain", *option), text)


def can_copy() -> bool:
    """Whether wl-copy is installed."""
    return shutil.which("wl-copy") is not None


def find_typing_tool() -> TypingTool | UserMessage:
    """The first program that is there and works, or what the user has to do for one."""
    refused = False
    if shutil.which("wtype"):
        if _fault(("wtype", "-s", "1")) is None:  # connects, waits a millisecond, types nothing
            return Wtype()
        refused = True
    if shutil.which("ydotool"):
        return _try_ydotool()
    desktops = os.environ.get("XDG_CURRENT_DESKTOP", "").lower().split(":")
    only_ydotool = refused or _WITHOUT_VIRTUAL_KEYBOARD & set(desktops)
    return _problem(MessageCode.WAYLAND_NO_YDOTOOL if only_ydotool else MessageCode.WAYLAND_NO_WTYPE)


def _try_ydotool() -> TypingTool | UserMessage:
    """Versions before 1.0 take key codes for text and tell of success; they do not know `debug`, which sends none."""
    env = _ydotool_env()
    fault = _fault(("ydotool", "debug"), env)
    if fault is not None and "connect" in fault:
        return _problem(MessageCode.WAYLAND_NO_YDOTOOLD)
    if fault is not None:
        return _problem(MessageCode.WAYLAND_YDOTOOL_OLD)
    return Ydotool(env) if can_copy() else _problem(MessageCode.WAYLAND_NO_CLIPBOARD)


def _ydotool_env() -> Mapping[str, str]:
    """Fedora's daemon listens where Fedora's client does not look."""
    env = dict(os.environ)
    places = [os.path.join(os.environ.get("XDG_RUNTIME_DIR", "/tmp"), ".ydotool_socket"), "/tmp/.ydotool_socket"]
    if "YDOTOOL_SOCKET" not in env and (found := next(filter(_listens, places), None)):
        env["YDOTOOL_SOCKET"] = found
    return env


def _listens(path: str) -> bool:
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as client:
        client.connect(path)
        return True
    return False


def _problem(code: MessageCode) -> UserMessage:
    return UserMessage(code, Level.WARNING)


def _fault(command: Sequence[str], env: Mapping[str, str] | None = None) -> str | None:
    """What is wrong when `command` is run, None when nothing is."""
    try:
        _run(command, env=env)
    except InsertionError as error:
        return error.message.params["detail"]
    return None


def _run(
    command: Sequence[str],
    text: str = "",
    *,
    env: Mapping[str, str] | None = None,
    timeout_s: float = _ANSWER_TIMEOUT_S,
) -> None:
    """Run `command` with `text` on its standard input. Raises InsertionError with what it says when it fails."""
    # wl-copy goes on in the background and would hold a pipe open.
    with tempfile.TemporaryFile() as output:
        try:
            done = subprocess.run(
                command, input=text.encode(), stdout=output, stderr=output, env=env, timeout=timeout_s, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise _failure(command[0], type(error).__name__) from error
        output.seek(0)
        said = output.read(_MOST_SAID).decode(errors="replace").strip()
    if done.returncode:
        raise _failure(command[0], said.splitlines()[0] if said else f"exit code {done.returncode}")


def _failure(program: str, detail: str) -> InsertionError:
    return InsertionError(MessageCode.INSERTION_FAILED, detail=f"{program}: {detail}")
