"""Names and results of the checks. Frozen payloads; any thread; standard library only."""

from __future__ import annotations

import enum
import sys
from dataclasses import asdict, dataclass
from typing import Any

CHILD_ARGUMENT = "self-test-checks"
"""First argument of the process with the checks."""
CLIPBOARD_CONTENTS, PASTE_FIELD = "clipboard-contents", "paste-field"
"""What such a process also does, for one of the checks."""
CHECKS = (
    *("library-order", "libraries", "translations", "settings", "records", "single-instance", "onnx", "vosk"),
    *("vosk-cyrillic-path", "vocabulary", "audio", "window", "tray", "typing", "clipboard", "pinned-window"),
    *("hotkey", "held-hotkey", "autostart"),
    *(("notices", "identity", "memory") if sys.platform == "win32" else ()),
)
"""All checks in their order. The first one has to be the first to import Qt."""


class State(enum.Enum):
    """How a check ended."""

    OK = "ok"
    FAILED = "failed"
    SKIPPED = "skipped"
    """This machine has no such thing, a screen for instance; the detail says what is missing."""


@dataclass(frozen=True)
class Result:
    """One check.

    Attributes:
        name: one of CHECKS.
        state: how it ended.
        detail: what was found, or why it failed or was skipped.
        ms: how long it took.
        output: what the process wrote before it crashed.
    """

    name: str
    state: State
    detail: str = ""
    ms: int = 0
    output: str = ""

    def as_data(self) -> dict[str, Any]:
        """For JSON."""
        return {**asdict(self), "state": self.state.value}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Result:
        """What `as_data` made. Raises KeyError, TypeError or ValueError for anything else."""
        return cls(**{**data, "state": State(data["state"])})
