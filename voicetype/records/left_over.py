"""A dictation that a crash, a kill or a power cut left over: its sound, and what the history knows of its text.

Any thread; may import `core`.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from loguru import logger

from voicetype.core.ports import BYTES_PER_SAMPLE
from voicetype.core.records import HistoryRecord
from voicetype.records import files


@dataclass(frozen=True)
class LeftOver:
    """One dictation that nobody finished.

    Attributes:
        path: its sound, a whole WAV file (int16, mono, SAMPLE_RATE_HZ).
        started_at: when it began (UTC).
        duration_s: how much sound there is.
        record: its text when it was finished already; to be delivered without recognising anything again.
    """

    path: Path
    started_at: datetime.datetime
    duration_s: float
    record: HistoryRecord | None
    _take_away: Callable[[Path, bool], object] = field(repr=False, compare=False)

    @property
    def name(self) -> str:
        """What it is called in the journal."""
        return self.path.stem

    def audio(self) -> FileAudio:
        """Its sound from the beginning, in the place of a ring buffer."""
        return FileAudio(self.path)

    def done(self, keep: bool) -> None:
        """The user has its text, or wants none: delete the sound or, with `keep`, move it to the recordings.

        Returns at once; otherwise it is left over again at the next start.
        """
        self._take_away(self.path, keep)


class FileAudio:
    """The sound of a file as an audio queue that has ended: read piece by piece, by one thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = 0
        self._unread = 0

    @property
    def dropped_bytes(self) -> int:
        """What could not be read."""
        return self._unread

    def read(self, timeout_s: float, max_bytes: int) -> bytes | None:
        """The next sound, at most `max_bytes` (at least one sample); None at the end. Never waits."""
        wanted = max(BYTES_PER_SAMPLE, max_bytes - max_bytes % BYTES_PER_SAMPLE)
        try:
            block = files.read_sound(self._path, self._offset, wanted)
        except OSError as error:
            logger.warning("a left-over sound cannot be read to its end: {}", error.strerror)
            self._unread = wanted
            return None
        block = block[: len(block) - len(block) % BYTES_PER_SAMPLE]
        self._offset += len(block)
        return block or None


def left_over_of(
    path: Path, record: HistoryRecord | None, take_away: Callable[[Path, bool], object]
) -> LeftOver | None:
    """The left-over in a file of the journal; None when it is gone."""
    try:
        return LeftOver(path, files.time_of(path.stem), files.duration_s(path), record, take_away)
    except (OSError, ValueError):
        return None
