"""Checks of what only Windows has. Main thread."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable, Mapping
from typing import Any

import psutil

from voicetype.self_test.harness import Failed, wait_until
from voicetype.system import windows, windows_identity
from voicetype.system.win32_window import Calls, MessageThread, load
from voicetype.system.windows_notices import (
    DEVICES_CHANGED,
    RESUMED,
    WM_DEVICECHANGE,
    WM_POWERBROADCAST,
    WindowsNotices,
)

_POST: Calls = {"PostMessageW": (ctypes.c_int, (ctypes.c_void_p, ctypes.c_uint, ctypes.c_size_t, ctypes.c_ssize_t))}
_BLOCK_BYTES, _BLOCKS = 4_000, 20_000
_MEGABYTE = 2**20


def notices() -> str:
    """A hidden window hears of the end of a sleep and of devices; to it alone they are told here."""
    threads: list[MessageThread] = []

    def make(*arguments: Any, **options: Any) -> MessageThread:
        threads.append(MessageThread(*arguments, **options))
        return threads[-1]

    heard = WindowsNotices(make)
    heard.start()
    try:
        post = load("user32", _POST).PostMessageW
        for kind, wide in ((WM_POWERBROADCAST, RESUMED), (WM_DEVICECHANGE, DEVICES_CHANGED)):
            post(threads[0].handle, kind, wide, 0)
        told = {"sleep": heard.woke, "devices": heard.devices_changed}
        seen: set[str] = set()  # each is told once

        def all_seen() -> bool:
            seen.update(name for name, look in told.items() if look())
            return len(seen) == len(told)

        wait_until(all_seen, "the notices")
    finally:
        heard.stop()
    return f"heard of {', '.join(sorted(seen))}"


def identity() -> str:
    """The installed program claims the id of its entry in the start menu."""
    if windows_identity.claim():
        return windows_identity.APP_ID
    if windows_identity.is_installed():
        raise Failed("Windows does not take the id")
    return "not the installed program"


def memory() -> str:
    """Freed memory goes back to the system."""
    process = psutil.Process()
    blocks = [bytes(_BLOCK_BYTES) for _ in range(_BLOCKS)]
    full = process.memory_info().rss
    blocks.clear()
    windows.trim_memory()
    back = (full - process.memory_info().rss) // _MEGABYTE
    return f"{back} of {_BLOCK_BYTES * _BLOCKS // _MEGABYTE} MB went back"


BY_NAME: Mapping[str, Callable[[], str]] = (
    {"notices": notices, "identity": identity, "memory": memory} if sys.platform == "win32" else {}
)
