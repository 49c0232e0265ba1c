"""Frees the models when the machine runs short of memory. GUI thread; may import `qt` and `core`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from loguru import logger

from voicetype.core.status import ModelState, ModelStatus
from voicetype.qt import QtCore, Slot

_LOOK_MS = 5_000
"""Programs fill memory within seconds; a look costs microseconds, and there is none while no model is loaded."""


class Models(Protocol):
    """What the guard may free."""

    def unload_models(self) -> None:
        """Free the models as soon as nobody holds them."""


class MemoryGuard(QtCore.QObject):
    """Watches the machine's memory while a model is loaded, and frees the models above a threshold.

    A dictation holds its models, so it is never disturbed; they go when its text has been delivered.
    """

    def __init__(self, models: Models, used: Callable[[], float], parent: QtCore.QObject | None = None) -> None:
        """Take what tells the used share of the machine's memory, 0.0 to 1.0. Switched off until `configure`."""
        super().__init__(parent)
        self._models = models
        self._used = used
        self._threshold: float | None = None
        self._loaded: set[str] = set()
        self._timer = QtCore.QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.look)

    @property
    def watching(self) -> bool:
        """Whether it looks at the memory at present."""
        return self._timer.isActive()

    def configure(self, threshold: float | None) -> None:
        """Free the models from this used share on; None: never."""
        self._threshold = threshold
        self._start_or_stop()

    @Slot(object)
    def on_model_state(self, status: ModelStatus) -> None:
        """Follow the models' states."""
        if status.state is ModelState.READY:
            self._loaded.add(status.name)
        elif status.state is not ModelState.LOADING:
            self._loaded.discard(status.name)
        self._start_or_stop()

    @Slot()
    def look(self) -> None:
        """Compare the used share with the threshold now."""
        if self._threshold is not None and (used := self._used()) >= self._threshold:
            logger.info("the machine's memory is {:.0%} full; the models are freed", used)
            self._models.unload_models()

    def _start_or_stop(self) -> None:
        if self._loaded and self._threshold is not None:
            if not self._timer.isActive():
                self._timer.start()
        else:
            self._timer.stop()
