"""The hotkey under a real X server: a program of its own listens, xdotool presses, an xterm has the focus."""

import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.desktop.rig import PATIENCE_S, Desktop, eventually

PROGRAM = """
import subprocess, sys
from voicetype.system.hotkey import PynputHotkeyListener

def tell(*words):
    # One write for a line: the listener's thread tells too, and print() writes a line's end by itself.
    sys.stdout.write(" ".join(words) + "\\n")
    sys.stdout.flush()

def told(event):
    tell("key", event.name, "down" if event.pressed else "up")

def answer(errors):
    tell(" ".join(f"{name}={error.message.code.value}" for name, error in errors.items() if error) or "done")

listener = PynputHotkeyListener()
for line in sys.stdin:
    command, *arguments = line.split()
    errors = {}
    if command == "start":
        listener.start(told)
    if command in ("start", "set"):
        errors = listener.set_hotkeys(dict(argument.split("=") for argument in arguments))
    elif command in ("on", "off"):
        errors = {arguments[0]: listener.set_active(arguments[0], command == "on")}
    elif command == "probe":
        errors = {arguments[0]: listener.probe(*arguments)}
    elif command == "type":
        with listener.suspended():
            subprocess.run(["xdotool", "key", *arguments], check=True)
    elif command == "stop":
        listener.stop()
    answer(errors)
"""
HOTKEY = "ctrl+alt+space"
REST_S = "0.05"  # between presses: xdotool is faster than the debouncing believes a person to be


def press(desktop: Desktop, keys: str) -> None:
    """Press and release a combination, a while after what was before."""
    desktop.run("xdotool", "sleep", REST_S, "key", keys)


class Listening:
    """A process that listens for hotkeys."""

    def __init__(self, desktop: Desktop) -> None:
        self._desktop = desktop
        pipe = subprocess.PIPE
        self._program: Any = desktop.popen(sys.executable, "-c", PROGRAM, stdin=pipe, stdout=pipe, text=True)
        self._answers: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._told: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def ask(self, command: str) -> str:
        """Give a command; its answer comes after the presses that were before it: what is wrong by name, or "done"."""
        self._program.stdin.write(command + "\n")
        self._program.stdin.flush()
        return self._answers.get(timeout=PATIENCE_S)

    def next(self) -> str:
        """What is told next: "toggle down" or the like."""
        return self._told.get(timeout=PATIENCE_S)

    def nothing(self) -> bool:
        """Whether nothing was told since, by all that the server has so far."""
        # Leaving `suspended` waits for all that the server has; Shift alone is nothing to anybody.
        assert self.ask("type shift") == "done"
        return self._told.empty()

    def presses(self) -> int:
        """How many presses were told since the last call."""
        assert self.ask("type shift") == "done"
        count = 0
        while not self._told.empty():
            count += self._told.get().endswith("down")
        return count

    def close(self) -> None:
        self._program.stdin.close()
        self._program.wait(PATIENCE_S)
        self._reader.join(PATIENCE_S)

    def _read(self) -> None:
        for line in self._program.stdout:
            kind, _, told = line.strip().partition(" ")
            if kind == "key":
                self._told.put(told)
            else:
                self._answers.put(line.strip())


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
    assert one.ask(f"start toggle={HOTKEY}") == "done"
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
    assert listening.ask("set toggle=ctrl+alt+d") == "done"
    desktop.set_layout(layouts, group)
    for keys in (f"ctrl+alt+{D_KEY}", f"Control_R+Alt_L+{D_KEY}"):
        press(desktop, keys)
        assert listening.presses() == 1
    assert listening.ask(f"set toggle={HOTKEY}") == "done"
    press(desktop, HOTKEY)
    assert listening.presses() == 1


def test_keys_that_are_mapped_for_typing_do_not_move_the_hotkey(desktop: Desktop, listening: Listening) -> None:
    desktop.set_layout("ru")
    assert listening.ask("set toggle=ctrl+alt+d") == "done"
    desktop.run("xdotool", "type", "dad")  # Latin letters on spare keycodes
    press(desktop, f"ctrl+alt+{D_KEY}")
    assert listening.presses() == 1


def test_a_listener_started_under_a_russian_layout(desktop: Desktop, listen: Callable[[], Listening]) -> None:
    desktop.set_layout("ru")
    one = listen()
    assert one.ask("start toggle=ctrl+alt+d") == "done"
    press(desktop, f"ctrl+alt+{D_KEY}")
    assert one.presses() == 1


def test_altgr_is_not_alt(desktop: Desktop, listening: Listening) -> None:
    desktop.set_layout("de")
    press(desktop, "ctrl+ISO_Level3_Shift+space")
    assert listening.presses() == 0


def test_a_changed_hotkey_works_at_once_and_the_old_one_is_dead(desktop: Desktop, listening: Listening) -> None:
    assert listening.ask("set toggle=ctrl+shift+F9") == "done"
    press(desktop, "ctrl+shift+F9")
    assert listening.presses() == 1
    press(desktop, HOTKEY)
    assert listening.presses() == 0


def test_what_is_no_hotkey_and_what_another_program_has_is_told_by_name_and_the_rest_works(
    desktop: Desktop, listening: Listening, listen: Callable[[], Listening]
) -> None:
    other = listen()
    assert other.ask("start toggle=ctrl+shift+F9 copy_last=mouse5") == "done"
    wanted = f"set toggle={HOTKEY} push_to_talk=ctrl+shift+F9 undo_last=x insert_again=mouse5"
    wrong = "undo_last=hotkey_needs_modifier push_to_talk=hotkey_taken insert_again=hotkey_taken"
    assert listening.ask(wanted) == wrong
    assert listening.ask("probe toggle ctrl+shift+F9") == "toggle=hotkey_taken"
    assert listening.ask("probe toggle ctrl+shift+F10") == "done"
    press(desktop, HOTKEY)
    assert listening.presses() == 1
    press(desktop, "ctrl+shift+F9")
    assert (listening.presses(), other.presses()) == (0, 1)
    assert other.ask("stop") == "done"
    assert listening.ask("set push_to_talk=ctrl+shift+F9 insert_again=mouse5") == "done"


def test_started_with_a_taken_hotkey_it_can_be_given_another(
    desktop: Desktop, listening: Listening, listen: Callable[[], Listening]
) -> None:
    second = listen()
    assert second.ask(f"start toggle={HOTKEY}") == "toggle=hotkey_taken"
    assert second.ask("set toggle=ctrl+shift+F9") == "done"
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


def test_a_held_key_repeats_and_is_let_go_once(desktop: Desktop, listening: Listening) -> None:
    assert listening.ask("set push_to_talk=F9") == "done"
    desktop.run("xdotool", "keydown", "F9", "sleep", "1.2")
    assert (listening.next(), listening.nothing()) == ("push_to_talk down", True)
    desktop.run("xdotool", "keyup", "F9")
    assert (listening.next(), listening.nothing()) == ("push_to_talk up", True)


def test_modifiers_may_be_let_go_before_the_key(desktop: Desktop, listening: Listening) -> None:
    # The server goes on to repeat the key, now without them.
    desktop.run("xdotool", "keydown", "ctrl", "keydown", "alt", "keydown", "space", "keyup", "ctrl", "keyup", "alt")
    assert listening.next() == "toggle down"
    desktop.run("xdotool", "sleep", "0.9")
    assert listening.nothing()
    desktop.run("xdotool", "keyup", "space")
    assert listening.next() == "toggle up"


@pytest.mark.parametrize(
    ("hotkey", "modifier", "button"), [("mouse4", "", "8"), ("mouse5", "", "9"), ("ctrl+mouse_middle", "ctrl", "2")]
)
def test_a_mouse_button_is_held_as_a_key_is(
    desktop: Desktop, listening: Listening, hotkey: str, modifier: str, button: str
) -> None:
    assert listening.ask(f"set push_to_talk={hotkey}") == "done"
    down = ["keydown", modifier] if modifier else []
    desktop.run("xdotool", *down, "mousedown", button, "sleep", "0.6")  # longer than the server is not asked
    assert (listening.next(), listening.nothing()) == ("push_to_talk down", True)
    desktop.run("xdotool", "mouseup", button)
    if modifier:
        desktop.run("xdotool", "keyup", modifier)
    assert listening.next() == "push_to_talk up"


def test_an_inactive_hotkey_reaches_the_window_and_an_active_one_does_not(
    desktop: Desktop, listening: Listening, tmp_path: Path
) -> None:
    typed = tmp_path / "typed"
    desktop.popen("xterm", "-title", "target", "-e", f"stty raw -echo; cat > {typed}")
    desktop.focus("target")
    eventually(typed.exists, what="the shell in the xterm")
    assert listening.ask("off cancel") == "done"
    assert listening.ask(f"set toggle={HOTKEY} cancel=esc") == "done"
    desktop.run("xdotool", "key", "Escape")
    eventually(lambda: typed.read_bytes() == b"\x1b", what="Esc in the window")
    assert listening.ask("on cancel") == "done"
    desktop.run("xdotool", "key", "Escape")
    assert listening.next() == "cancel down"
    assert listening.next() == "cancel up"
    # While another one is held its modifiers do not matter.
    desktop.run("xdotool", "keydown", "ctrl", "keydown", "alt", "keydown", "space", "key", "Escape")
    assert [listening.next() for _ in range(2)] == ["toggle down", "cancel down"]
    desktop.run("xdotool", "keyup", "space", "keyup", "alt", "keyup", "ctrl")
    assert {listening.next() for _ in range(2)} == {"toggle up", "cancel up"}
    assert listening.ask("off cancel") == "done"
    desktop.run("xdotool", "key", "x", "key", "Escape")
    eventually(lambda: typed.read_bytes() == b"\x1bx\x1b", what="Esc in the window again")
    assert listening.nothing()


def test_without_a_display_there_is_no_hotkey(desktop: Desktop) -> None:
    code = (
        "from voicetype.system.hotkey import *\nlistener = PynputHotkeyListener()\nlistener.start(print)\n"
        "print(listener.set_hotkeys({'toggle': 'ctrl+alt+space'})['toggle'].message.code)"
    )
    done = desktop.run("env", "-u", "DISPLAY", sys.executable, "-c", code)
    assert "HOTKEY_UNAVAILABLE" in done.stdout
