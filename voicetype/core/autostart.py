"""Whether the program starts with the session of its user. Pure; any thread."""

from __future__ import annotations

import enum
from typing import Protocol


class AutostartState(enum.Enum):
    """What the system says about it now."""

    OFF = "off"
    """It does not start by itself."""
    ON = "on"
    """It starts at sign-in."""
    REFUSED = "refused"
    """It was to start, and the user has switched that off in the system's own settings (Windows' task manager)."""


class Autostart(Protocol):
    """The system's own entry is the only truth: installer, system and program change the same one. Any thread."""

    def state(self) -> AutostartState:
        """What holds now; OFF where it cannot be read, and where the entry starts a program that is not there."""

    def set(self, on: bool) -> None:
        """Start this program at sign-in, or no longer, whatever held before. Raises ConfigError."""
