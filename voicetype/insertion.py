"""The way of a finished text into the window, built from its parts: a part of the composition root. GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from voicetype.control.clipboard import ClipboardService
from voicetype.control.insertion_queue import InsertionQueue
from voicetype.control.paste import Inserter
from voicetype.control.window_text import WindowText
from voicetype.core.config import Config
from voicetype.qt import QtCore
from voicetype.system.insertion import make_typer
from voicetype.system.user_activity import make_activity_watch


class Insertion:
    """Keyboard, clipboard and the watch over both.

    Attributes:
        queue: where the texts of dictations go.
    """

    def __init__(
        self, config: Config, unheard: Callable[[], AbstractContextManager[None]], parent: QtCore.QObject
    ) -> None:
        """`unheard` keeps the hotkeys deaf while the program types."""
        self._typer = make_typer()
        self._watch = make_activity_watch(self._typer)
        self._inserter = Inserter(
            self._typer, ClipboardService(parent), config.output.method, unheard, self._watch.own_typing
        )
        self.queue = InsertionQueue(WindowText(self._inserter, self._watch), parent)
        self.configure(config)

    def configure(self, config: Config) -> None:
        """Insert as these settings say from the next text on."""
        self._watch.set_hotkeys((config.hotkeys.toggle,))
        self._inserter.set_method(config.output.method)

    def close(self) -> None:
        """Let go of the keyboard, after the last text; idempotent."""
        self._watch.close()
        self._typer.close()
