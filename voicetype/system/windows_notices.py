"""What Windows tells all windows: that the computer woke up, that devices came or went. May import what lies beside it.

The clocks tell of a sleep too and the default microphone can be asked for, so nothing depends on these notices; they
are there at once, and tell of sleeps in which the clocks that are compared did not differ. A change of the default
microphone alone is no change of devices: that one is asked for in any case. Not proven on a real Windows yet.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from loguru import logger

from voicetype.system.win32_window import MessageThread

WM_POWERBROADCAST, WM_DEVICECHANGE = 0x0218, 0x0219
RESUMED = 0x12
"""PBT_APMRESUMEAUTOMATIC: after every sleep; another one follows when somebody is there."""
DEVICES_CHANGED = 0x0007
"""DBT_DEVNODES_CHANGED: comes unasked; others only to who registers for them."""
_GRANTED = 1


class WindowsNotices:
    """`Notices` by a hidden window of the desktop, in a thread of its own."""

    def __init__(self, make_thread: Callable[..., MessageThread] = MessageThread) -> None:
        self._thread = make_thread("windows-notices", self._on_message, hears_broadcasts=True)
        self._woke, self._devices_changed = threading.Event(), threading.Event()

    def start(self) -> None:
        """See `Notices`."""
        try:
            self._thread.start()
        except OSError as error:
            logger.warning("Windows' notices are not heard: {}", error)

    def woke(self) -> bool:
        """See `Notices`."""
        return _taken(self._woke)

    def devices_changed(self) -> bool:
        """See `Notices`."""
        return _taken(self._devices_changed)

    def stop(self) -> None:
        """See `Notices`."""
        self._thread.stop()

    def _on_message(self, kind: int, wide: int, _long: int) -> int | None:
        notice = {(WM_POWERBROADCAST, RESUMED): self._woke, (WM_DEVICECHANGE, DEVICES_CHANGED): self._devices_changed}
        event = notice.get((kind, wide))
        if event is None:
            return None
        logger.info("Windows tells of a {}", "sleep" if event is self._woke else "change of devices")
        event.set()
        return _GRANTED


def _taken(event: threading.Event) -> bool:
    was_set = event.is_set()
    if was_set:
        event.clear()
    return was_set
