"""How far a download or an installation is. Pure; any thread."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from voicetype.core.progress import OnProgress, Progress, Stage

_WINDOW_S = 5.0
"""The rate is that of the last seconds: long enough to be calm, short enough to show that the line got slow."""
_INTERVAL_S = 0.1
"""Nobody reads faster, and a callback may cost a repaint."""


def ignore(progress: Progress) -> None:
    """An OnProgress for nobody."""


class Meter:
    """Turns counted bytes into Progress and tells it, not too often.

    Args:
        stage: what is counted.
        tell: who hears of it.
        total: bytes altogether, None = not known.
        done: bytes that are there already; they do not count for the rate.
        clock: seconds, never going back.
    """

    def __init__(
        self,
        stage: Stage,
        tell: OnProgress,
        total: int | None,
        done: int = 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._stage = stage
        self._tell = tell
        self._total = total
        self._done = done
        self._clock = clock
        self._marks = deque([(clock(), done)])
        self._told_at = float("-inf")

    def add(self, count: int) -> None:
        """`count` more bytes are done."""
        self._done += count
        now = self._clock()
        if now - self._told_at < _INTERVAL_S:
            return
        self._told_at = now
        self._marks.append((now, self._done))
        # The oldest mark outside of the window stays, so that the rate spans all of it.
        while len(self._marks) > 2 and now - self._marks[1][0] > _WINDOW_S:
            self._marks.popleft()
        self._tell(self._snapshot(now))

    def finish(self) -> None:
        """Tell the last figures, however short ago the ones before were told."""
        self._tell(self._snapshot(self._clock()))

    def _snapshot(self, now: float) -> Progress:
        since, done = self._marks[0]
        rate = (self._done - done) / (now - since) if now > since else 0.0
        left = (self._total - self._done) / rate if self._total is not None and rate > 0 else None
        return Progress(self._stage, self._done, self._total, rate, left)
