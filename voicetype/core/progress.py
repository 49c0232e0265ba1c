"""How far an installation is, for terminal and window. Pure; any thread."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass


class Stage(enum.Enum):
    """What an installation does at the moment."""

    DOWNLOADING = "downloading"
    CHECKING = "checking"
    """Comparing hashes; takes seconds for a large model."""
    UNPACKING = "unpacking"
    """Unpacking an archive, or copying a folder."""


@dataclass(frozen=True)
class Progress:
    """A snapshot.

    Attributes:
        stage: what goes on.
        done: bytes, those of earlier attempts included.
        total: bytes, None while nobody knows.
        rate: bytes a second over the last seconds, 0 at the start.
        seconds_left: at this rate; None while it cannot be told.
    """

    stage: Stage
    done: int = 0
    total: int | None = None
    rate: float = 0.0
    seconds_left: float | None = None


OnProgress = Callable[[Progress], None]
"""Called on the thread that installs, at most ten times a second, and at the end of each stage."""
