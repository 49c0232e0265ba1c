"""What the checks share: the application, waiting with a running event loop, how to fail and to skip. Main thread."""

from __future__ import annotations

import functools
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import BinaryIO, TypeVar

from voicetype.core.messages import VoiceTypeError
from voicetype.own_process import own_command, own_environment
from voicetype.qt import QtCore, QtGui, QtWidgets
from voicetype.system import linux

T = TypeVar("T")

PATIENCE_S = 8.0
_LOOK_MS = 5
_OFFSCREEN = "offscreen"


class Failed(Exception):
    """A check failed; the text says why."""


class Skipped(Exception):
    """A check makes no sense here; the text says what is missing."""


@functools.cache
def application() -> QtWidgets.QApplication:
    """The one application of the process; without a screen it draws into memory."""
    if sys.platform == "linux":
        if linux.display_works():
            linux.choose_window_system()
        else:
            os.environ["QT_QPA_PLATFORM"] = _OFFSCREEN
    made = QtWidgets.QApplication(sys.argv[:1])
    made.setApplicationName("VoiceType")
    made.setQuitOnLastWindowClosed(False)
    return made


def need_desktop() -> None:
    """Raises Skipped where there is no screen."""
    application()
    if QtGui.QGuiApplication.platformName() == _OFFSCREEN:
        raise Skipped("there is no screen")


def wait_until(condition: Callable[[], bool], what: str, timeout_s: float = PATIENCE_S) -> None:
    """Run the event loop until `condition`. Raises Failed, with `what` was awaited."""
    application()
    loop, timer = QtCore.QEventLoop(), QtCore.QTimer()
    clock = QtCore.QElapsedTimer()
    clock.start()
    timer.timeout.connect(lambda: loop.quit() if condition() or clock.hasExpired(round(timeout_s * 1000)) else None)
    timer.start(_LOOK_MS)
    loop.exec()
    timer.stop()
    if not condition():
        raise Failed(f"{what}: not within {timeout_s:g} s")


def pause(seconds: float) -> None:
    """Let the event loop run for so long."""
    loop = QtCore.QEventLoop()
    QtCore.QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


def in_thread(work: Callable[[], T], what: str, timeout_s: float = PATIENCE_S) -> T:
    """Do `work` on another thread while the event loop runs. Raises what it raises, or Failed."""
    found: list[T] = []
    errors: list[Exception] = []

    def do() -> None:
        try:
            found.append(work())
        except Exception as error:  # noqa: BLE001  raised again by the caller
            errors.append(error)

    thread = threading.Thread(target=do, name="self-test", daemon=True)
    thread.start()
    wait_until(lambda: not thread.is_alive(), what, timeout_s)
    if errors:
        raise errors[0]
    return found[0]


def start_self(*arguments: str, stdout: BinaryIO | None = None) -> subprocess.Popen[bytes]:
    """Start the program once more with these arguments."""
    return subprocess.Popen(
        own_command(*arguments),
        env=own_environment(),
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def run_self(*arguments: str) -> int:
    """Run the program once more with these arguments while the event loop runs. Returns the exit code."""
    process = start_self(*arguments)
    try:
        wait_until(lambda: process.poll() is not None, f"the end of {arguments[0]}", 2 * PATIENCE_S)
    finally:
        process.kill()
        process.wait()
    return process.returncode


def told(error: BaseException) -> str:
    """An error in one line."""
    if isinstance(error, VoiceTypeError):
        params = ", ".join(f"{name}={value}" for name, value in error.message.params.items())
        return f"{error.message.code.value} {params}".strip()
    text = " ".join(str(error).split())
    return text if isinstance(error, Failed | Skipped) else f"{type(error).__name__}: {text}"
