"""Installs and removes models in the background, one at a time. GUI thread, with a thread of its own for the work."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from loguru import logger

from voicetype.core.messages import InstallError, Level, MessageCode, UserMessage
from voicetype.core.progress import OnProgress, Progress
from voicetype.qt import QtCore, Signal, Slot

Work = Callable[[OnProgress, threading.Event], str]
"""Blocks; raises InstallError. The event asks it to stop. Returns the name of the model that is there now, or ""."""


@dataclass(frozen=True)
class Actions:
    """What can be done with models: the functions of the installer, each of which blocks and raises InstallError.

    Attributes:
        install: takes a name of the catalogue, returns that of the installed model.
        take_in: takes a folder or zip archive of the user's, returns the name of the installed model.
        remove: takes the name of an installed model.
    """

    install: Callable[[str, OnProgress, threading.Event], str]
    take_in: Callable[[Path, OnProgress, threading.Event], str]
    remove: Callable[[str], None]


class ModelInstallation(QtCore.QObject):
    """Does one thing after another, each when the user asks for it; a second wish during the first is not heard.

    Signals:
        started(str): something is done with the model of that name.
        progressed(str, Progress): how far it is.
        ended(str, UserMessage | None): it is over. The message tells what is installed now or what went wrong;
            there is none after a removal or a cancellation.
    """

    started = Signal(str)
    progressed = Signal(str, object)
    ended = Signal(str, object)
    _progress = Signal(object)
    _over = Signal(object)

    def __init__(self, actions: Actions, parent: QtCore.QObject | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self._name = ""
        self._cancelled = threading.Event()
        self._thread: threading.Thread | None = None
        self._progress.connect(self._on_progress)
        self._over.connect(self._on_over)

    @property
    def busy_with(self) -> str:
        """Name of the model that something is done with; "" when nothing is."""
        return self._name

    @Slot(str)
    def install(self, name: str) -> None:
        """Download a model and put it in place."""
        self._begin(name, lambda tell, cancelled: self._actions.install(name, tell, cancelled))

    @Slot(str)
    def take_in(self, path: str) -> None:
        """Copy a model from a folder or zip archive."""
        source = Path(path)
        # The root of a drive has no name.
        self._begin(source.name or path, lambda tell, cancelled: self._actions.take_in(source, tell, cancelled))

    @Slot(str)
    def remove(self, name: str) -> None:
        """Delete a model."""

        def work(_tell: OnProgress, _cancelled: threading.Event) -> str:
            self._actions.remove(name)
            return ""

        self._begin(name, work)

    @Slot()
    def cancel(self) -> None:
        """Stop soon; what has arrived is kept for the next time."""
        self._cancelled.set()

    def shutdown(self, timeout_s: float) -> None:
        """Stop, and wait for it at most `timeout_s`."""
        self._cancelled.set()
        if self._thread is not None:
            self._thread.join(timeout_s)

    def _begin(self, name: str, work: Work) -> None:
        if self._name:
            return
        self._name = name
        self._cancelled = threading.Event()
        # A daemon, since a server may take a minute to answer, and an installation that ends anywhere leaves no harm.
        self._thread = threading.Thread(
            target=self._run, args=(work, self._cancelled), name="model-installation", daemon=True
        )
        self.started.emit(name)
        self._thread.start()

    def _run(self, work: Work, cancelled: threading.Event) -> None:
        message: UserMessage | None = None
        try:
            if name := work(self._progress.emit, cancelled):
                message = UserMessage(MessageCode.MODEL_INSTALLED, Level.INFO, {"name": name})
        except InstallError as error:
            if error.message.code is not MessageCode.INSTALL_CANCELLED:
                # Nothing that worked before has stopped working.
                message = replace(error.message, level=Level.WARNING)
        except Exception as error:  # noqa: BLE001  whatever it is, the window must not wait for ever
            logger.opt(exception=error).error("the installation failed")
            message = UserMessage(MessageCode.UNEXPECTED_ERROR)
        self._over.emit(message)

    @Slot(object)
    def _on_progress(self, progress: Progress) -> None:
        if self._name:
            self.progressed.emit(self._name, progress)

    @Slot(object)
    def _on_over(self, message: UserMessage | None) -> None:
        name, self._name = self._name, ""
        if self._thread is not None:
            self._thread.join()  # it has nothing left to do
            self._thread = None
        self.ended.emit(name, message)
