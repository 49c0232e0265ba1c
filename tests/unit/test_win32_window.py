"""The thread with a hidden window, over a queue of messages in place of Windows'."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tests.unit.win32_fakes import LIMIT_S, Windows
from voicetype.system.win32_window import MessageThread

NOTICE = 0x0218


def test_messages_and_work_come_in_their_order_in_the_thread_of_the_window() -> None:
    windows, seen = Windows(), []

    def on_message(kind: int, wide: int, long: int) -> int | None:
        seen.append((threading.current_thread().name, kind, wide, long))
        return 1 if wide else None

    thread = MessageThread("notices", on_message, hears_broadcasts=True, make_window=windows.make)
    assert thread.handle == 0
    assert thread.start() == thread.handle == windows.window.handle
    assert windows.window.hears_broadcasts
    windows.window.post(NOTICE, 4, 5)
    windows.window.post(NOTICE)
    assert thread.run(lambda: len(seen)) == 2, "what was there before is dealt with first"
    assert seen == [("notices", NOTICE, 4, 5), ("notices", NOTICE, 0, 0)]
    assert [windows.window.answers.get(timeout=LIMIT_S) for _ in range(2)] == [1, None]
    assert thread.run(lambda: thread.run(threading.get_ident)) != threading.get_ident(), "the thread may ask itself"
    thread.stop()
    thread.stop()
    assert windows.window.destroyed
    with pytest.raises(OSError, match="ended"):
        thread.run(lambda: 1)


def test_what_fails_in_the_thread_is_raised_where_it_was_asked_for() -> None:
    windows = Windows()
    thread = MessageThread("notices", lambda *message: None, make_window=windows.make)
    thread.start()

    def fail() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        thread.run(fail)
    assert thread.run(lambda: 2) == 2
    thread.stop()


def test_without_a_window_there_is_no_thread() -> None:
    def make(*arguments: Any, **options: Any) -> Any:
        raise OSError("Windows makes no window")

    thread = MessageThread("notices", lambda *message: None, make_window=make)
    with pytest.raises(OSError, match="no window"):
        thread.start()
    with pytest.raises(OSError, match="ended"):
        thread.run(lambda: 1)
    thread.stop()
