"""What stands for Windows in the tests of its edges: a hidden window with a queue of messages."""

from __future__ import annotations

import queue
from typing import Any

from voicetype.system.win32_window import WM_WAKE, OnMessage

LIMIT_S = 20.0


class FakeWindow:
    """A `HiddenWindow` whose messages a test posts."""

    def __init__(self, on_message: OnMessage, *, hears_broadcasts: bool = False) -> None:
        self.handle = 7
        self.hears_broadcasts = hears_broadcasts
        self.destroyed = False
        self.answers: queue.SimpleQueue[int | None] = queue.SimpleQueue()
        self._on_message = on_message
        self._messages: queue.SimpleQueue[tuple[int, int, int]] = queue.SimpleQueue()

    def wake(self) -> None:
        self._messages.put((WM_WAKE, 0, 0))

    def wait(self, seconds: float | None) -> None:
        assert seconds is None
        answer = self._on_message(*self._messages.get())
        self.answers.put(answer)

    def destroy(self) -> None:
        self.destroyed = True

    def post(self, kind: int, wide: int = 0, long: int = 0) -> None:
        self._messages.put((kind, wide, long))


class Windows:
    """Makes fake windows and keeps the last one."""

    def __init__(self) -> None:
        self.window: FakeWindow

    def make(self, *arguments: Any, **options: Any) -> Any:
        self.window = FakeWindow(*arguments, **options)
        return self.window
