"""Whether the user may have touched the text since a moment. May import: `core`, the typers and watches beside it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext

from voicetype.core.ports import ActivityWatch
from voicetype.system import linux
from voicetype.system.insertion import Typer


class BlindWatch:
    """Where the user's keys cannot be seen: never sure that nothing has changed."""

    def mark(self) -> object:
        """A moment of which nothing is known."""
        return None

    def unchanged(self, since: object) -> bool:
        """False."""
        return False

    def set_hotkeys(self, hotkeys: Sequence[str]) -> None:
        """Nothing to leave out."""

    def excuse(self, key: bool, time_ms: int) -> None:
        """Nothing to leave out."""

    def own_typing(self) -> AbstractContextManager[None]:
        """Nothing to leave out."""
        return nullcontext()

    def close(self) -> None:
        """Nothing to let go of."""


def make_activity_watch(typer: Typer) -> ActivityWatch:
    """The watch of this platform; `typer` is what the program's own keys come from."""
    if sys.platform == "win32":
        from voicetype.system.activity_windows import WindowsActivityWatch

        return WindowsActivityWatch()
    from voicetype.system.typing_x11 import X11Typer

    # Under Wayland the X server sees only what is pressed in windows of its own.
    if not isinstance(typer, X11Typer) or linux.session_type() != "x11":
        return BlindWatch()
    from voicetype.system.activity_x11 import X11ActivityWatch

    return X11ActivityWatch(typer.client)
