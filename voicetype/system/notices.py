"""What the system tells by itself about sleep and devices. Any thread; may import what lies beside it.

Linux: nothing is told here. Its sound server is asked every second in any case, and its clocks tell of a sleep.
"""

from __future__ import annotations

import sys
from typing import Protocol


class Notices(Protocol):
    """Told since the last look; each is told once. `start` and `stop` once each; no method raises."""

    def start(self) -> None:
        """Begin to listen."""

    def woke(self) -> bool:
        """Whether the computer woke up from a sleep."""

    def devices_changed(self) -> bool:
        """Whether some device, of whatever kind, came or went."""

    def stop(self) -> None:
        """Listen no longer; idempotent, bounded."""


class NoNotices:
    """Where nothing is told."""

    def start(self) -> None:
        """Nothing to begin."""

    def woke(self) -> bool:
        """False."""
        return False

    def devices_changed(self) -> bool:
        """False."""
        return False

    def stop(self) -> None:
        """Nothing to end."""


def make_notices() -> Notices:
    """Those of this platform."""
    if sys.platform == "win32":
        from voicetype.system.windows_notices import WindowsNotices

        return WindowsNotices()
    return NoNotices()
