"""The whole program on a real desktop: real keys, real sound, real models, a real window that takes the text."""

from __future__ import annotations

import contextlib
import csv
import os
import re
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.desktop.rig import Desktop, eventually, settings_text
from voicetype.core.config import Config
from voicetype.engines.catalog import bundled_models_dir
from voicetype.engines.rupunct import RUPunctONNX
from voicetype.text_stage import TextStage

SPEECH = Path(__file__).parent.parent / "data" / "speech"
HOTKEY = "ctrl+alt+space"
START_S = 60.0
TEXT_S = 60.0


@pytest.fixture(scope="session")
def sentences() -> list[tuple[Path, str]]:
    """Spoken files with the finished text that the bundled punctuation model and the text stage make of their words."""
    model = RUPunctONNX(bundled_models_dir() / "rupunct-tiny")
    assert model.load_model()
    with (SPEECH / "transcripts.tsv").open(encoding="utf-8") as file:
        rows = [row for row in csv.reader(file, delimiter="\t") if row]
    result = [(SPEECH / name, finished(model, words)) for name, words, *_ in rows]
    model.unload()
    return result


def finished(model: RUPunctONNX, *phrases: str) -> str:
    composition = TextStage(Config()).begin()
    for phrase in phrases:
        composition.add(phrase, model.punctuate)
    return composition.text(final=True)


class Window:
    """An xterm whose program writes down each byte that it is given."""

    def __init__(self, desktop: Desktop, folder: Path) -> None:
        self.file = folder / "typed.txt"
        script = f"stty -icanon -echo min 1; echo > {folder}/ready; exec cat > {self.file}"
        desktop.popen("xterm", "-T", "target window", "-e", "sh", "-c", script)
        eventually((folder / "ready").exists, START_S, "a terminal")
        desktop.focus("target window")

    @property
    def text(self) -> str:
        # Without the half of a character whose other half is on its way.
        return self.file.read_bytes().decode("utf-8", "ignore") if self.file.exists() else ""

    def wait_for(self, text: str) -> None:
        eventually(lambda: len(self.text) >= len(text), TEXT_S, f"{text!r} in the window")
        assert self.text == text


class App:
    """A running VoiceType, seen from outside: its process, its log."""

    def __init__(
        self, desktop: Desktop, folder: Path, *, settings: str = "", env: dict[str, str] | None = None
    ) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        (folder / "config.yaml").write_text(settings_text(settings), encoding="utf-8")
        self.command = [sys.executable, "-m", "voicetype"]
        self.env = {"VOICETYPE_CONFIG_DIR": str(folder), "VOICETYPE_LOG_LEVEL": "DEBUG", **(env or {})}
        self.process = desktop.popen(*self.command, env=self.env)
        self.wait_log("ready for the hotkey")
        self.wait_log("the sound library is loaded")

    @property
    def log(self) -> str:
        return "".join(path.read_text(encoding="utf-8") for path in sorted(self.folder.rglob("*.log")))

    def wait_log(self, pattern: str, count: int = 1) -> None:
        eventually(lambda: len(re.findall(pattern, self.log)) >= count, START_S, f"{pattern!r} in the log: {self.log}")

    def engines(self) -> list[psutil.Process]:
        found = []
        for process in psutil.Process(self.process.pid).children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                if "voicetype.engines.host" in process.cmdline():
                    found.append(process)
        return found

    def rss_mb(self) -> float:
        processes = [psutil.Process(self.process.pid), *self.engines()]
        return sum(process.memory_info().rss for process in processes) / 1e6

    def libraries(self) -> str:
        return Path(f"/proc/{self.process.pid}/maps").read_text(encoding="utf-8")

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        os.kill(self.process.pid, number)
        return int(self.process.wait(START_S))


@pytest.fixture
def window(desktop: Desktop, tmp_path: Path) -> Window:
    return Window(desktop, tmp_path)


@pytest.fixture
def app(desktop: Desktop, tmp_path: Path) -> Iterator[App]:
    running = App(desktop, tmp_path / "settings")
    yield running
    if running.process.poll() is None:
        assert running.end() == 0
    assert "Traceback" not in running.log


def dictate(desktop: Desktop, app: App, sound: Path, number: int) -> None:
    desktop.key(HOTKEY)
    desktop.play(sound)
    desktop.key(HOTKEY)
    app.wait_log("session idle", number)


def test_the_first_word_is_there_with_cold_models(desktop, window, app, sentences):
    assert not re.search("vosk|tokenizers|onnxruntime", app.libraries())
    assert app.engines() == []
    sound, text = sentences[0]
    speaker = desktop.play_async(sound)  # speech begins with the press
    desktop.key(HOTKEY)
    speaker.wait(60)
    desktop.key(HOTKEY)
    window.wait_for(text + " ")


def test_ten_dictations_in_a_row(desktop, window, app, sentences):
    expected = ""
    for number, (sound, text) in enumerate(sentences[:10], start=1):
        dictate(desktop, app, sound, number)
        expected += text + " "
        window.wait_for(expected)


def test_a_stop_while_the_models_load_loses_nothing(desktop, window, app, sentences):
    sound, text = sentences[4]
    desktop.key(HOTKEY)
    frozen = eventually(lambda: len(app.engines()) == 2 and app.engines(), START_S, "both engines")
    for engine in frozen:
        engine.suspend()  # a load that takes as long as this test likes
    app.wait_log("session listening")
    desktop.play(sound)
    desktop.key(HOTKEY)
    app.wait_log("session finalizing")
    assert window.text == ""
    for engine in frozen:
        engine.resume()
    window.wait_for(text + " ")


def test_idle_unload_gives_the_memory_back_and_the_next_dictation_works(desktop, window, tmp_path, sentences):
    app = App(desktop, tmp_path / "settings", settings="models: {unload_timeout_minutes: 0.02}\n")
    before = app.rss_mb()
    expected = ""
    for number, (sound, text) in enumerate(sentences[:2], start=1):
        dictate(desktop, app, sound, number)
        expected += text + " "
        window.wait_for(expected)
        assert app.rss_mb() > before + 20
        eventually(lambda: app.engines() == [], START_S, "the end of the engines")
        assert app.rss_mb() < before + 20
    assert app.end() == 0


def test_a_stop_while_the_microphone_is_away_keeps_what_was_said(desktop, window, app, sentences):
    sound, text = sentences[6]
    desktop.key(HOTKEY)
    app.wait_log("session listening")
    desktop.play(sound)
    desktop.unplug_microphone()
    app.wait_log("no microphone yet")
    desktop.key(HOTKEY)
    window.wait_for(text + " ")
    app.wait_log("session idle")
    assert "message" not in app.log
    desktop.plug_microphone()
    dictate(desktop, app, sentences[7][0], 2)
    window.wait_for(f"{text} {sentences[7][1]} ")


def test_a_dictation_goes_on_with_another_microphone_and_with_the_first_one_again(desktop, window, app, sentences):
    def words(text: str) -> list[str]:
        return re.findall(r"\w+", text.lower())

    other = desktop.load("module-remap-source", "source_name=other", "master=speaker.monitor")
    desktop.key(HOTKEY)
    app.wait_log("session listening")
    desktop.play(sentences[6][0])
    desktop.unplug_microphone()
    app.wait_log("message microphone_(switched|back)")
    desktop.play(sentences[7][0])
    desktop.unload(other)
    app.wait_log("no microphone yet")
    desktop.plug_microphone()
    app.wait_log("message microphone_(switched|back)", 2)
    desktop.play(sentences[10][0])
    desktop.key(HOTKEY)
    app.wait_log("session idle")
    expected = [word for number in (6, 7, 10) for word in words(sentences[number][1])]
    with contextlib.suppress(AssertionError):  # which says less than the next one
        eventually(lambda: words(window.text) == expected, TEXT_S)
    assert words(window.text) == expected
    assert len(re.findall("message microphone", app.log)) == 2


def test_with_a_pre_roll_the_press_may_come_after_the_first_word(desktop, window, tmp_path, sentences):
    app = App(desktop, tmp_path / "settings", settings="audio: {pre_roll_ms: 2000}\n")
    eventually(lambda: len(desktop.recordings()) > 1, what="an open microphone")
    expected = ""
    for number, (sound, text) in enumerate((sentences[6], sentences[9]), start=1):
        speech = desktop.play_async(sound)
        eventually(desktop.is_speaking, what="speech")
        desktop.key(HOTKEY)
        assert speech.wait(60) == 0
        desktop.key(HOTKEY)
        app.wait_log("session idle", number)
        expected += text + " "
        window.wait_for(expected)
    assert len(desktop.recordings()) > 1
    assert app.end() == 0
    assert len(desktop.recordings()) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_end_of_the_program_keeps_what_was_said(desktop, window, app, sentences, number):
    sound, text = sentences[8]
    desktop.key(HOTKEY)
    app.wait_log("session listening")
    desktop.play(sound)
    assert app.end(number) == 0
    window.wait_for(text + " ")
    assert app.log.count("Traceback") == 0


def test_a_second_start_toggles_the_first_one(desktop, window, app, sentences):
    sound, text = sentences[9]
    env = {**desktop.env, **app.env}
    for state in ("listening", "idle"):
        second = desktop.popen(*app.command, env=env)
        assert second.wait(START_S) == 0
        app.wait_log(f"session {state}")
        if state == "listening":
            desktop.play(sound)
    window.wait_for(text + " ")


def test_without_a_microphone_the_press_is_told_and_the_next_one_works(desktop, window, app, sentences):
    desktop.unplug_microphone()
    desktop.key(HOTKEY)
    app.wait_log("message (no_microphone|microphone_)")
    app.wait_log("session idle")
    desktop.plug_microphone()
    sound, text = sentences[10]
    desktop.key(HOTKEY)
    app.wait_log("session listening")  # it takes two attempts to find a microphone that has just come
    desktop.play(sound)
    desktop.key(HOTKEY)
    window.wait_for(text + " ")


def test_an_engine_that_is_killed_is_told_and_the_next_dictation_works(desktop, window, app, sentences):
    desktop.key(HOTKEY)
    app.wait_log("model vosk ready")
    app.wait_log("model rupunct ready")
    app.wait_log("session listening")
    for engine in app.engines():
        engine.kill()
    app.wait_log("message engine_died")
    app.wait_log("session idle")
    sound, text = sentences[11]
    dictate(desktop, app, sound, 2)
    window.wait_for(text + " ")
