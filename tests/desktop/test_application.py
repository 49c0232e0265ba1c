"""The running tray program: what it has not loaded, a new hotkey, and desktops that lack something."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.desktop.rig import Desktop, eventually, settings_text
from tests.fakes_install import Answer, running_server, zipped
from tests.unit.sources import ROOT

TARGETS = Path(__file__).parent / "targets"
HOTKEY = "ctrl+alt+space"
OTHER_HOTKEY = "ctrl+shift+F9"
NO_TRAY = "This desktop shows no tray icons. VoiceType still works: use the hotkey and this window."
ONE_DICTATION = ["starting", "listening", "finalizing", "idle"]
START_S = 60.0


class Program:
    """A running VoiceType with a line to its inside; see targets/application.py."""

    def __init__(
        self, desktop: Desktop, folder: Path, settings: str, arguments: list[str], env: dict[str, str]
    ) -> None:
        self.folder = folder
        folder.mkdir()
        (folder / "config.yaml").write_text(settings_text(settings), encoding="utf-8")
        own = {"VOICETYPE_CONFIG_DIR": str(folder), "VOICETYPE_LOG_LEVEL": "DEBUG", "LANG": "C.UTF-8"}
        pipe = subprocess.PIPE
        self._process: Any = desktop.popen(
            sys.executable,
            TARGETS / "application.py",
            *arguments,
            env={**own, **env},
            stdin=pipe,
            stdout=pipe,
            text=True,
        )
        self.wait_log("ready for the hotkey")

    @property
    def log(self) -> str:
        return "".join(path.read_text(encoding="utf-8") for path in self.folder.rglob("*.log"))

    def wait_log(self, pattern: str, count: int = 1) -> None:
        eventually(lambda: self.logged(pattern) >= count, START_S, f"{pattern!r} in the log: {self.log}")

    def logged(self, pattern: str) -> int:
        return len(re.findall(pattern, self.log))

    def ask(self, command: str) -> Any:
        self._process.stdin.write(command + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    @property
    def ended(self) -> bool:
        return self._process.poll() is not None

    def end(self) -> None:
        self.ask("quit")
        assert self._process.wait(START_S) == 0
        assert "Traceback" not in self.log


Start = Callable[..., Program]


@pytest.fixture
def start(desktop: Desktop, tmp_path: Path) -> Iterator[Start]:
    """Start the program; its proper end is part of the test."""
    programs: list[Program] = []

    def start(settings: str = "", *arguments: str, **env: str) -> Program:
        programs.append(Program(desktop, tmp_path / f"settings{len(programs)}", settings, list(arguments), env))
        return programs[-1]

    yield start
    for program in programs:
        if not program.ended:
            program.end()


@pytest.fixture
def bare_screen(desktop: Desktop) -> str:
    """Name of a display without window manager and tray."""
    reader, writer = os.pipe()
    # Without -noreset the server starts anew when its last client leaves, and refuses whoever comes meanwhile.
    command = ("Xvfb", "-displayfd", str(writer), "-screen", "0", "800x600x24", "-nolisten", "tcp", "-noreset")
    desktop.popen(*command, pass_fds=(writer,), stderr=subprocess.DEVNULL)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        return f":{pipe.readline().strip()}"


def test_nothing_of_an_engine_is_loaded_before_the_first_dictation(start: Start) -> None:
    program = start()
    program.wait_log("the sound library is loaded")
    assert program.ask("libraries") == {"imported": [], "sessions": 0, "applications": 1}


def states_after_presses(desktop: Desktop, program: Program, hotkey: str, dead: str) -> list[str]:
    """Dictate a moment by `hotkey`, pressing `dead` meanwhile; returns all that the session has ever been."""
    count = program.logged("session idle") + 1
    desktop.key(hotkey)
    program.wait_log("session listening", count)
    desktop.key(dead)
    desktop.key(hotkey)
    program.wait_log("session idle", count)
    return re.findall(r"session (\w+)$", program.log, re.MULTILINE)


def test_a_hotkey_changed_in_the_settings_works_at_once_and_the_old_one_is_dead(desktop: Desktop, start: Start) -> None:
    program = start()
    assert program.ask(f"hotkey {OTHER_HOTKEY}") == ""
    assert "toggle: ctrl+shift+f9" in (program.folder / "config.yaml").read_text(encoding="utf-8").lower()
    assert states_after_presses(desktop, program, OTHER_HOTKEY, dead=HOTKEY) == ONE_DICTATION
    assert program.ask(f"hotkey {HOTKEY}") == ""
    assert states_after_presses(desktop, program, HOTKEY, dead=OTHER_HOTKEY) == ONE_DICTATION * 2


def test_a_hotkey_that_another_program_has_is_refused_and_the_old_one_stays(desktop: Desktop, start: Start) -> None:
    code = (
        "import sys\nfrom voicetype.system.hotkey import PynputHotkeyListener as L\nlistener = L()\n"
        f"listener.start(print)\nassert not listener.set_hotkeys({{'toggle': {OTHER_HOTKEY!r}}})\n"
        "print('taken', flush=True)\nsys.stdin.read()\nlistener.stop()"
    )
    pipe = subprocess.PIPE
    other = desktop.popen(sys.executable, "-c", code, stdin=pipe, stdout=pipe, text=True)
    assert other.stdout.readline() == "taken\n"
    program = start()
    assert "is taken by another program" in program.ask(f"hotkey {OTHER_HOTKEY}")
    assert "f9" not in (program.folder / "config.yaml").read_text(encoding="utf-8").lower()
    desktop.key(HOTKEY)
    program.wait_log("session listening")


def test_later_starts_begin_and_end_a_dictation(desktop: Desktop, start: Start) -> None:
    program = start()

    def say(option: str) -> None:
        env = {"VOICETYPE_CONFIG_DIR": str(program.folder)}
        assert desktop.popen(sys.executable, "-m", "voicetype", option, env=env).wait(START_S) == 0

    say("--start")
    program.wait_log("session listening")
    say("--start")  # does nothing more
    say("--cancel")
    program.wait_log("session idle")
    say("--stop")  # there is nothing to stop
    assert program.logged("session starting") == 1


@pytest.mark.parametrize("env", [{"XDG_SESSION_TYPE": "wayland"}, {"WAYLAND_DISPLAY": "wayland-none"}], ids=str)
def test_wayland_is_told(start: Start, env: dict[str, str]) -> None:
    program = start(**env)
    assert program.logged("message wayland_no_(wtype|ydotool) ") == 1
    assert program.logged("message wayland_no_hotkey .*--toggle") == 1


def test_an_x11_desktop_with_a_tray_is_nothing_to_tell(start: Start) -> None:
    assert start(XDG_SESSION_TYPE="x11").logged("message ") == 0


def test_without_a_tray_the_settings_open_and_say_why(start: Start, bare_screen: str) -> None:
    program = start(DISPLAY=bare_screen)
    assert program.logged("message no_tray ") == 1
    assert NO_TRAY in program.ask("shown")


def test_without_a_tray_what_is_wrong_with_the_settings_is_shown(start: Start, bare_screen: str) -> None:
    shown = start("audio: {tail_ms: soon}\n", DISPLAY=bare_screen).ask("shown")
    assert any("audio.tail_ms" in text for text in shown)


def test_a_punctuation_engine_without_its_extra_is_told_at_its_first_use(desktop: Desktop, start: Start) -> None:
    program = start("models: {punctuation_backend: silero}\n")
    assert program.logged("message ") == 0
    desktop.key(HOTKEY)
    program.wait_log("message silero_not_installed .*v2_4lang_q.pt")


def test_a_model_is_installed_with_one_click_and_the_next_dictation_loads_it(
    desktop: Desktop, start: Start, tmp_path: Path
) -> None:
    bundled = ROOT / "models" / "vosk-tiny-ru"
    files = {file.relative_to(bundled).as_posix(): file.read_bytes() for file in bundled.rglob("*") if file.is_file()}
    archive = zipped(files, "vosk-of-the-list")
    with running_server() as server:
        server.serve("model.zip", Answer(archive, send=100_000), Answer(archive))
        part = {"archive": True, "bytes": len(archive), "sha256": hashlib.sha256(archive).hexdigest()}
        part["urls"] = [server.url("model.zip")]
        model = {"name": "vosk-of-the-list", "engine": "vosk", "licence": "MIT", "language": "ru", "parts": [part]}
        model["homepage"] = "https://example.org"
        catalogue = tmp_path / "catalogue.yaml"
        catalogue.write_text(yaml.safe_dump({"catalogue_version": 1, "models": [model]}), encoding="utf-8")
        models = tmp_path / "Мои модели"
        program = start("", VOICETYPE_CATALOGUE=str(catalogue), VOICETYPE_MODELS_DIR=str(models))
        assert program.ask("install vosk-of-the-list")
        program.wait_log("message model_installed .*vosk-of-the-list")
        assert server.asked("Range") == [None, "bytes=100000-"]
    assert any("vosk-of-the-list is installed" in text for text in program.ask("shown"))
    desktop.key(HOTKEY)
    program.wait_log("model vosk ready")
    assert program.ask("model") == "vosk-of-the-list"


def test_an_end_right_after_the_start_waits_for_the_sound_library(start: Start) -> None:
    """Else the interpreter unmaps it from under the thread that loads it, and the process crashes."""
    program = start("", "late-sound")
    assert program.logged("the sound library is loaded") == 0
    program.end()
    assert program.logged("the sound library is loaded") == 1


def test_a_hotkey_that_another_program_had_comes_alive_when_that_one_ends(desktop: Desktop, start: Start) -> None:
    first, second = start(), start()
    assert second.logged("message hotkey_taken") == 1
    first.end()

    def starts() -> bool:
        desktop.key(HOTKEY)
        return second.logged("session starting") > 0

    eventually(starts, START_S, "a dictation by the second program")


def test_a_hotkey_that_is_none_is_replaced_and_told(desktop: Desktop, start: Start) -> None:
    program = start("hotkeys: {toggle: foo}\n")
    assert program.logged("message config_value_invalid .*hotkeys.toggle") == 1
    desktop.key(HOTKEY)
    program.wait_log("session starting")
