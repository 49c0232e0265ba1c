"""The hotkey under a real X server: a program of its own listens, xdotool presses, an xterm has the focus."""

import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.desktop.rig import Desktop, eventually

PROGRAM = """
import subprocess, sys
from voicetype.core.messages import HotkeyError
from voicetype.system.hotkey import PynputHotkeyListener

def tell(*words):
    print(*words, flush=True)

listener = PynputHotkeyListener()
for line in sys.stdin:
    command, _, argument = line.strip().partition(" ")
    try:
        if command == "start":
            listener.start(argument, lambda: tell("pressed"))
        elif command == "set":
            listener.set_hotkey(argument)
        elif command == "type":
            with listener.suspended():
                subprocess.run(["xdotool", "key", argument], check=True)
        elif command == "stop":
            listener.stop()
        tell("done")
    except HotkeyError as error:
        tell(error.message.code.value)
"""
HOTKEY = "ctrl+alt+space"
REST_S = "0.05"  # between presses: xdotool is faster than the debouncing believes a person to be


def press(desktop: Desktop, keys: str) -> None:
    """Press and release a combination, a while after what was before."""
    desktop.run("xdotool", "sleep", REST_S, "key", keys)


class Listening:
    """A process that listens for a hotkey."""

    def __init__(self, desktop: Desktop) -> None:
        self._desktop = desktop
        pipe = subprocess.PIPE
        self._program: Any = desktop.popen(sys.executable, "-c", PROGRAM, stdin=pipe, stdout=pipe, text=True)
        self._answers: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._presses: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def ask(self, command: str) -> str:
        """Give a command; its answer comes after the presses that were before it."""
        self._program.stdin.write(command + "\n")
        self._program.stdin.flush()
        return self._answers.get(timeout=20)

    def presses(self) -> int:
        """How many presses were told since the last call."""
        # Leaving `suspended` waits for all that the server has; Shift alone is nothing to anybody.
        assert self.ask("type shift") == "done"
        count = 0
        while not self._presses.empty():
            self._presses.get()
            count += 1
        return count

    def close(self) -> None:
        self._program.stdin.close()
        self._program.wait(10)
        self._reader.join(10)

    def _read(self) -> None:
        for line in self._program.stdout:
            (self._presses if line.strip() == "pressed" else self._answers).put(line.strip())


@pytest.fixture
def listen(desktop: Desktop) -> Iterator[Callable[[], Listening]]:
    """Starts listening processes."""
    started: list[Listening] = []

    def start() -> Listening:
        started.append(Listening(desktop))
        return started[-1]

    yield start
    for listening in started:
        listening.close()


@pytest.fixture
def listening(listen: Callable[[], Listening]) -> Listening:
    """One process that listens for the default hotkey."""
    one = listen()
    assert one.ask(f"start {HOTKEY}") == "done"
    return one


def test_each_press_is_told_once(desktop: Desktop, listening: Listening) -> None:
    for _ in range(3):
        press(desktop, HOTKEY)
        assert listening.presses() == 1


def test_a_held_key_is_one_press(desktop: Desktop, listening: Listening) -> None:
    # The server repeats after 0.66 s, 25 times a second.
    desktop.run("xdotool", "keydown", "ctrl", "keydown", "alt", "keydown", "space", "sleep", "1.2", "keyup", "space")
    desktop.run("xdotool", "keyup", "alt", "keyup", "ctrl")
    assert listening.presses() == 1
    press(desktop, HOTKEY)
    assert listening.presses() == 1


@pytest.mark.parametrize("keys", ["space", "ctrl+space", "alt+space", "ctrl+alt+shift+space", "ctrl+alt+super+space"])
def test_other_combinations_are_not_it(desktop: Desktop, listening: Listening, keys: str) -> None:
    press(desktop, keys)
    assert listening.presses() == 0


def test_right_modifiers_are_as_good(desktop: Desktop, listening: Listening) -> None:
    press(desktop, "Control_R+Alt_R+space")
    assert listening.presses() == 1


@pytest.mark.parametrize("lock", ["Caps_Lock", "Num_Lock"])
def test_locks_do_not_matter(desktop: Desktop, listening: Listening, lock: str) -> None:
    desktop.key(lock)
    try:
        press(desktop, HOTKEY)
        assert listening.presses() == 1
    finally:
        desktop.key(lock)


D_KEY = "40"  # keycode of the key with D, where a Russian layout has В


@pytest.mark.parametrize(("layouts", "group"), [("us", 0), ("ru", 0), ("us,ru", 0), ("us,ru", 1), ("ru,us", 0)])
def test_a_letter_is_a_key_in_any_layout(desktop: Desktop, listening: Listening, layouts: str, group: int) -> None:
    assert listening.ask("set ctrl+alt+d") == "done"
    desktop.set_layout(layouts, group)
    for keys in (f"ctrl+alt+{D_KEY}", f"Control_R+Alt_L+{D_KEY}"):
        press(desktop, keys)
        assert listening.presses() == 1
    assert listening.ask(f"set {HOTKEY}") == "done"
    press(desktop, HOTKEY)
    assert listening.presses() == 1


def test_keys_that_are_mapped_for_typing_do_not_move_the_hotkey(desktop: Desktop, listening: Listening) -> None:
    desktop.set_layout("ru")
    assert listening.ask("set ctrl+alt+d") == "done"
    desktop.run("xdotool", "type", "dad")  # Latin letters on spare keycodes
    press(desktop, f"ctrl+alt+{D_KEY}")
    assert listening.presses() == 1


def test_a_listener_started_under_a_russian_layout(desktop: Desktop, listen: Callable[[], Listening]) -> None:
    desktop.set_layout("ru")
    one = listen()
    assert one.ask("start ctrl+alt+d") == "done"
    press(desktop, f"ctrl+alt+{D_KEY}")
    assert one.presses() == 1


def test_altgr_is_not_alt(desktop: Desktop, listening: Listening) -> None:
    desktop.set_layout("de")
    press(desktop, "ctrl+ISO_Level3_Shift+space")
    assert listening.presses() == 0


def test_a_changed_hotkey_works_at_once_and_the_old_one_is_dead(desktop: Desktop, listening: Listening) -> None:
    assert listening.ask("set ctrl+shift+F9") == "done"
    press(desktop, "ctrl+shift+F9")
    assert listening.presses() == 1
    press(desktop, HOTKEY)
    assert listening.presses() == 0


def test_an_invalid_hotkey_is_refused_and_the_old_one_stays(desktop: Desktop, listening: Listening) -> None:
    assert listening.ask("set nonsense") == "hotkey_invalid"
    press(desktop, HOTKEY)
    assert listening.presses() == 1


def test_a_taken_hotkey_is_refused_and_the_old_one_stays(
    desktop: Desktop, listening: Listening, listen: Callable[[], Listening]
) -> None:
    other = listen()
    assert other.ask("start ctrl+shift+F9") == "done"
    assert listening.ask("set ctrl+shift+F9") == "hotkey_taken"
    press(desktop, HOTKEY)
    assert listening.presses() == 1
    press(desktop, "ctrl+shift+F9")
    assert (listening.presses(), other.presses()) == (0, 1)
    assert other.ask("stop") == "done"
    assert listening.ask("set ctrl+shift+F9") == "done"


def test_started_with_a_taken_hotkey_it_can_be_given_another(
    desktop: Desktop, listening: Listening, listen: Callable[[], Listening]
) -> None:
    second = listen()
    assert second.ask(f"start {HOTKEY}") == "hotkey_taken"
    assert second.ask("set ctrl+shift+F9") == "done"
    press(desktop, "ctrl+shift+F9")
    assert (listening.presses(), second.presses()) == (0, 1)


def test_the_programs_own_typing_is_no_press(desktop: Desktop, listening: Listening) -> None:
    assert listening.ask(f"type {HOTKEY}") == "done"
    assert listening.presses() == 0
    press(desktop, HOTKEY)
    assert listening.presses() == 1


def test_the_focused_window_gets_nothing(desktop: Desktop, listening: Listening, tmp_path: Path) -> None:
    typed = tmp_path / "typed"
    desktop.popen("xterm", "-title", "target", "-e", f"stty raw -echo; cat > {typed}")
    desktop.focus("target")
    eventually(typed.exists, what="the shell in the xterm")
    press(desktop, HOTKEY)
    assert listening.presses() == 1
    desktop.run("xdotool", "key", "x")
    eventually(lambda: typed.read_bytes().endswith(b"x"), what="what was typed after the hotkey")
    assert typed.read_bytes() == b"x"
    assert listening.ask("stop") == "done"
    press(desktop, HOTKEY)
    desktop.run("xdotool", "key", "y")
    eventually(lambda: typed.read_bytes().endswith(b"y"), what="what was typed after the end")
    assert len(typed.read_bytes()) > 2, "without the listener the window gets the combination"


def test_without_a_display_there_is_no_hotkey(desktop: Desktop) -> None:
    code = "from voicetype.system.hotkey import *\nPynputHotkeyListener().start('ctrl+alt+space', print)"
    done = desktop.run("env", "-u", "DISPLAY", sys.executable, "-c", code, check=False)
    assert "HotkeyError: ('hotkey_unavailable'" in done.stderr
