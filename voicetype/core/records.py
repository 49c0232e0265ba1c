"""What the history knows of a dictation. Frozen payloads; pure; any thread."""

from __future__ import annotations

import datetime
import enum
from dataclasses import dataclass, field


class TextState(enum.Enum):
    """Where the text of a dictation went. All but PENDING mean that the user has it, or knows where it is."""

    PENDING = "pending"
    """It is on its way; after a crash nobody knows whether it arrived."""
    INSERTED = "inserted"
    """It stands in the window."""
    COPIED = "copied"
    """It was put into the clipboard."""
    HELD = "held"
    """It waits in the history for the user to fetch it."""
    PARTLY = "partly"
    """Its beginning stands in the window, the rest is in the clipboard."""
    CANCELLED = "cancelled"
    """The user did not want it inserted."""
    FAILED = "failed"
    """The window did not take it, and the user was told."""


@dataclass(frozen=True)
class HistoryRecord:
    """One dictation in the history. What was said, and where to, is left out of its `repr` and so of every log.

    Attributes:
        started_at: when it began (aware).
        duration_s: how long somebody spoke.
        raw: the words as recognised.
        finished: the text as delivered, or to be delivered.
        target: the window or program that it was for.
        state: where the text went.
        journal: name of its sound in the journal or among the recordings, "" without one.
        id: its number in the history; 0 before it is there.
    """

    started_at: datetime.datetime
    duration_s: float
    raw: str = field(repr=False)
    finished: str = field(repr=False)
    target: str = field(default="", repr=False)
    state: TextState = TextState.PENDING
    journal: str = ""
    id: int = 0
