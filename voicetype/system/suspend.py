"""How long the computer slept. Any thread; imports the standard library only."""

from __future__ import annotations

import ctypes
import sys
import time
from collections.abc import Callable

_LONG_ENOUGH_S = 1.0
"""The clocks tick in steps of up to 16 ms and are not read at the same moment."""


def suspended_s() -> float:
    """Seconds that the computer has slept since its start: the clock that counts them less the one that does not."""
    if sys.platform == "win32":
        kernel = ctypes.windll.kernel32
        kernel.GetTickCount64.restype = ctypes.c_uint64
        awake = ctypes.c_uint64()
        kernel.QueryUnbiasedInterruptTime(ctypes.byref(awake))
        return float(kernel.GetTickCount64()) / 1e3 - awake.value / 1e7
    return time.clock_gettime(time.CLOCK_BOOTTIME) - time.clock_gettime(time.CLOCK_MONOTONIC)


class SleepWatch:
    """Notices that the computer slept since the last look. One thread."""

    def __init__(self, slept_so_far_s: Callable[[], float] = suspended_s) -> None:
        self._slept_so_far_s = slept_so_far_s
        self._known_s = slept_so_far_s()

    def slept(self) -> bool:
        """Whether it did; each sleep is told once."""
        now_s = self._slept_so_far_s()
        known_s, self._known_s = self._known_s, now_s
        return now_s - known_s > _LONG_ENOUGH_S
