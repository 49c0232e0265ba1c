"""What Windows tells all windows, over a fake hidden window."""

from __future__ import annotations

import functools
from typing import Any

from tests.unit.win32_fakes import Windows
from voicetype.system.notices import NoNotices, make_notices
from voicetype.system.win32_window import MessageThread
from voicetype.system.windows_notices import WindowsNotices

POWER, DEVICES = 0x0218, 0x0219


def test_sleep_and_devices_are_told_once() -> None:
    windows = Windows()
    thread: Any = functools.partial(MessageThread, make_window=windows.make)
    notices = WindowsNotices(thread)
    notices.start()
    window = windows.window
    assert window.hears_broadcasts, "a window for messages alone hears none of these"
    assert (notices.woke(), notices.devices_changed()) == (False, False)
    for message in ((POWER, 4), (POWER, 7), (DEVICES, 0x8000), (0x10, 0)):
        window.post(*message)
    window.post(POWER, 0x12)
    assert [window.answers.get(timeout=20) for _ in range(5)] == [None] * 4 + [1]
    assert (notices.woke(), notices.woke(), notices.devices_changed()) == (True, False, False)
    window.post(DEVICES, 7)
    assert window.answers.get(timeout=20) == 1
    assert (notices.devices_changed(), notices.devices_changed()) == (True, False)
    notices.stop()
    notices.stop()
    assert window.destroyed


def test_without_a_window_nothing_is_told_and_nothing_fails() -> None:
    def fail(*arguments: Any, **options: Any) -> Any:
        raise OSError("Windows makes no window")

    thread: Any = functools.partial(MessageThread, make_window=fail)
    notices = WindowsNotices(thread)
    notices.start()
    assert (notices.woke(), notices.devices_changed()) == (False, False)
    notices.stop()


def test_linux_tells_nothing() -> None:
    notices = make_notices()
    assert isinstance(notices, NoNotices)
    notices.start()
    assert (notices.woke(), notices.devices_changed()) == (False, False)
    notices.stop()
