"""Shows what the text stage makes of typed words, on a thread of its own. GUI thread; may import `qt` and `core`."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from loguru import logger

from voicetype.core.config import Config
from voicetype.core.messages import ModelError
from voicetype.core.ports import Punctuator
from voicetype.core.status import PUNCTUATION, ModelState, ModelStatus
from voicetype.core.text.composition import Composition
from voicetype.qt import QtCore, Signal, Slot


class Models(Protocol):
    """Where the preview gets its marks from."""

    def get_punctuation(self) -> Punctuator | None:
        """The loaded punctuation model, None when it is not loaded."""

    def load_models(self, names: tuple[str, ...]) -> None:
        """Begin to load."""


class Preview(QtCore.QObject):
    """Answers the newest question; older ones that wait are dropped.

    Signals:
        ready(str): the finished text of the newest question; a better one follows when the model has loaded.
    """

    ready = Signal(str)
    _done = Signal(int, str)

    def __init__(
        self, models: Models, begin: Callable[[Config], Composition], parent: QtCore.QObject | None = None
    ) -> None:
        """`begin` makes an empty text by the given settings; called on a thread of its own, may block."""
        super().__init__(parent)
        self._models = models
        self._begin = begin
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="preview")
        self._asked: tuple[str, Config] | None = None
        self._number = 0
        self._done.connect(self._on_done)

    @Slot(str, object)
    def ask(self, phrases: str, config: Config) -> None:
        """Make the text of `phrases`, one a line, by these settings."""
        self._asked = (phrases, config)
        self._number += 1
        if config.recognition.punctuation_enabled and self._models.get_punctuation() is None and phrases.strip():
            self._models.load_models((PUNCTUATION,))
        self._executor.submit(self._answer, self._number, phrases, config)

    @Slot(object)
    def on_model_state(self, status: ModelStatus) -> None:
        """The model has come: what was asked last is worth another answer."""
        if status.name == PUNCTUATION and status.state is ModelState.READY and self._asked is not None:
            self.ask(*self._asked)

    @Slot()
    def forget(self) -> None:
        """Nobody looks any more."""
        self._asked = None

    def shutdown(self) -> None:
        """End the thread."""
        self._asked = None
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _answer(self, number: int, phrases: str, config: Config) -> None:
        if number != self._number:
            return
        try:
            composition = self._begin(config)
            punctuator = self._models.get_punctuation() if config.recognition.punctuation_enabled else None
            for phrase in phrases.splitlines():
                try:
                    composition.add(phrase, punctuator.enhance if punctuator is not None else None)
                except ModelError as error:
                    logger.info("the preview goes on without marks: {}", error.message.code.value)
                    punctuator = None
            self._done.emit(number, composition.text(final=True))
        except Exception:  # noqa: BLE001  a preview that fails must not end the thread that makes the next one
            logger.exception("the preview failed")

    @Slot(int, str)
    def _on_done(self, number: int, text: str) -> None:
        if number == self._number:
            self.ready.emit(text)
