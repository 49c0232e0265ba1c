"""An hour in one dictation: journal, models in their processes, composition and level meter, memory all along.

Slow: `python -m pytest -m slow tests/integration/test_long_dictation.py`. This file is the program that is measured
too; it prints its figures as JSON.
"""

import json
import subprocess
import sys
import threading
import time
from pathlib import Path

import voicetype.qt  # noqa: F401  isort: skip  before pytest-qt imports PySide6, see voicetype/qt.py

import psutil
import pytest
from fakes_engines import ROOT, read_wav, spoken_sentences

from voicetype.control.dictation import SessionSettings
from voicetype.control.insertion_queue import InsertionQueue
from voicetype.control.model_manager import LazyModelManager
from voicetype.control.session_controller import SessionController, SessionParts
from voicetype.control.window_text import PlainTarget
from voicetype.core.config import AudioConfig, Config
from voicetype.dictation_records import DictationRecords
from voicetype.models import make_loaders
from voicetype.qt import QtCore
from voicetype.system.voice_activity import make_speech_spans
from voicetype.text_stage import TextStage

HOURS = 1.0
SPEED = 12
BLOCK_BYTES = 512
BYTES_PER_SECOND = 32_000
READINGS = 12
GROWTH_LIMIT_MB = 8
"""From the second reading on: before, onnxruntime meets sentences of new lengths. The text itself is some of it."""


class EndlessSpeech:
    """Sentences one after the other, faster than anybody speaks, until so many seconds have been said."""

    name = "endless"

    def __init__(self, seconds: float) -> None:
        self.said_s = 0.0
        self._seconds = seconds
        self._sentences = [read_wav(path) for path, _ in spoken_sentences()]
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, sink, on_lost) -> None:
        self._thread = threading.Thread(target=self._speak, args=(sink,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()

    def _speak(self, sink) -> None:
        begin = time.monotonic()
        while self.said_s < self._seconds:
            for pcm in self._sentences:
                sound = pcm + bytes(BYTES_PER_SECOND // 2)
                for offset in range(0, len(sound), BLOCK_BYTES):
                    sink(sound[offset : offset + BLOCK_BYTES])
                self.said_s += len(sound) / BYTES_PER_SECOND
                if self._stopped.wait(max(0.0, begin + self.said_s / SPEED - time.monotonic())):
                    return


class Window:
    """Counts the words that arrive."""

    words = 0

    def insert(self, text: str) -> None:
        self.words = len(text.split())


def memory_mb() -> float:
    processes = [psutil.Process(), *psutil.Process().children(recursive=True)]
    return round(sum(process.memory_info().rss for process in processes) / 2**20, 1)


def measure() -> None:
    application = QtCore.QCoreApplication([])
    seconds, config, window = HOURS * 3600, Config(audio=AudioConfig(buffer_seconds=600)), Window()
    speech = EndlessSpeech(seconds)
    models = LazyModelManager(make_loaders(config), unload_timeout_s=0, load_timeout_s=60)
    records = DictationRecords(config.history)
    parts = SessionParts(
        models,
        lambda *, replacement=False: speech,
        InsertionQueue(PlainTarget(window)),
        TextStage(config).begin,
        records,
        make_speech_spans,
    )
    session = SessionController(parts, SessionSettings.from_config(config))
    readings, messages = [], []
    session.message_raised.connect(lambda message: messages.append(message.code.value))

    def look() -> None:
        if speech.said_s >= (len(readings) + 1) * seconds / READINGS:
            readings.append(memory_mb())
        if speech.said_s >= seconds:
            session.finish()

    timer = QtCore.QTimer()
    timer.timeout.connect(look)
    timer.start(200)
    session.settled.connect(application.quit)
    session.begin()
    application.exec()
    session.shutdown(20.0)
    models.shutdown(20.0)
    records.close(5.0)
    sys.stdout.write(json.dumps({"readings": readings, "words": window.words, "messages": messages}))


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_an_hour_in_one_dictation_takes_no_more_memory_than_five_minutes(tmp_path: Path) -> None:
    environment = {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}", "QT_QPA_PLATFORM": "offscreen", "PATH": "/usr/bin:/bin"}
    environment["VOICETYPE_CONFIG_DIR"] = str(tmp_path)
    done = subprocess.run(
        [sys.executable, __file__], env=environment, capture_output=True, text=True, timeout=1100, check=False
    )
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    readings = figures["readings"]
    sys.stdout.write(f"{figures}\n")
    assert len(readings) >= READINGS - 1
    assert figures["messages"] == []
    assert readings[-1] - readings[1] < GROWTH_LIMIT_MB
    assert figures["words"] > HOURS * 3600
    assert not list((tmp_path / "data" / "journal").glob("*.wav"))


if __name__ == "__main__":
    measure()
