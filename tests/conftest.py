"""What every test gets: settings of its own, a screen that nobody sees, and a check that it leaves nothing running."""

import voicetype.qt  # noqa: F401  isort: skip  before pytest-qt imports PySide6, see voicetype/qt.py

import gc
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import psutil
import pytest
from pytestqt.qtbot import QtBot

from voicetype.qt import QtCore, QtWidgets

TESTS = Path(__file__).parent
MARKER_OF_FOLDER = {"qt": "qt", "integration": "model", "desktop": "desktop"}
LEFTOVER_GRACE_S = 20.0  # how long a thread or process that was told to end may take, on a busy machine
PATIENCE_MS = 30_000
SHARED_HELPERS = ("resource_tracker", "forkserver")  # multiprocessing keeps these until the interpreter ends
FOREIGN_THREADS = ("pytest_timeout", "Dummy")

# Desktop tests give the programs that they start an environment of their own, without these two.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["PYNPUT_BACKEND"] = "dummy"

hypothesis.settings.register_profile("default", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, max_examples=40, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") == "true" else "default")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark tests by their folder; desktop tests last; leave the slow ones out unless `-m` says otherwise."""
    for item in items:
        if item.path.is_relative_to(TESTS):
            marker = MARKER_OF_FOLDER.get(item.path.relative_to(TESTS).parts[0])
            if marker:
                item.add_marker(marker)
    # The desktop's servers live to the end of the run; the tests before it may count this process's children.
    items.sort(key=lambda item: item.get_closest_marker("desktop") is not None)
    if config.option.markexpr:
        return
    slow = [item for item in items if item.get_closest_marker("slow")]
    if slow:
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if not item.get_closest_marker("slow")]


@pytest.fixture(autouse=True)
def own_settings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The settings folder of this test alone; programs that it starts inherit it."""
    folder = tmp_path_factory.mktemp("config")
    monkeypatch.setenv("VOICETYPE_CONFIG_DIR", str(folder))
    return folder


@pytest.fixture(autouse=True)
def nothing_left_running(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves a thread, a QThread or a child process behind, and end the process."""
    threads_before = set(threading.enumerate())
    processes_before = set(_children())
    yield
    left: list[str] = []
    deadline = time.monotonic() + LEFTOVER_GRACE_S
    if threads := _wait_until_empty(lambda: _new_threads(threads_before), deadline):
        left += [f"thread {thread.name}" for thread in threads]
    if request.node.get_closest_marker("qt"):
        left += [f"QThread {thread!r}" for thread in _wait_until_empty(_running_qthreads, deadline)]
    for process in _wait_until_empty(lambda: _new_processes(processes_before), deadline):
        left.append(f"process {process}")
        process.kill()
    if left:
        pytest.fail("the test left running: " + ", ".join(left))


class PatientBot(QtBot):
    """Waits longer than pytest-qt's five seconds: a machine that others use too may stand still that long."""

    def waitUntil(self, callback: Callable[[], Any], *, timeout: int = PATIENCE_MS) -> None:
        """See QtBot."""
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = PATIENCE_MS, **options: Any) -> Any:
        """See QtBot."""
        return super().waitSignal(signal, timeout=timeout, **options)

    def waitSignals(self, signals: Any, *, timeout: int = PATIENCE_MS, **options: Any) -> Any:
        """See QtBot."""
        return super().waitSignals(signals, timeout=timeout, **options)


@pytest.fixture
def qtbot(qapp: QtWidgets.QApplication, request: pytest.FixtureRequest) -> QtBot:
    """Pytest-qt's, with more patience."""
    return PatientBot(request)


def _wait_until_empty(find: Callable[[], list[Any]], deadline: float) -> list[Any]:
    while (found := find()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return found


def _new_threads(before: set[threading.Thread]) -> list[threading.Thread]:
    # Daemon threads belong to libraries (tqdm, pynput's X connection); ours are not, save the pool model-loader.
    return [
        thread
        for thread in set(threading.enumerate()) - before
        if (not thread.daemon or thread.name.startswith("model-loader")) and not thread.name.startswith(FOREIGN_THREADS)
    ]


def _running_qthreads() -> list[QtCore.QThread]:
    return [thing for thing in gc.get_objects() if isinstance(thing, QtCore.QThread) and _runs(thing)]


def _runs(thread: QtCore.QThread) -> bool:
    try:
        return thread.isRunning() and thread is not QtCore.QThread.currentThread()
    except RuntimeError:  # Qt has deleted the thread; only Python's shell of it is left
        return False


def _children() -> list[psutil.Process]:
    return psutil.Process().children(recursive=True)


def _new_processes(before: set[psutil.Process]) -> list[psutil.Process]:
    return [process for process in _children() if process not in before and _is_ours(process)]


def _is_ours(process: psutil.Process) -> bool:
    try:
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        command = " ".join(process.cmdline())
    except psutil.Error:  # it ended meanwhile
        return False
    return not any(helper in command for helper in SHARED_HELPERS)
