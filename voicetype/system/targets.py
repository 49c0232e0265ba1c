"""The windows that texts go to, on this platform. Any thread; may import `core` and what is beside it."""

from __future__ import annotations

import sys

from voicetype.core.ports import TargetWindow, TargetWindows
from voicetype.system import linux
from voicetype.system.insertion import NoTyper, Typer

_ANY = TargetWindow(0)


class UnknownWindows:
    """Where windows of others cannot be seen: text goes to whatever has the focus."""

    def current(self) -> TargetWindow | None:
        """A window of which nothing is known."""
        return _ANY

    def alive(self, window: TargetWindow) -> bool:
        """True."""
        return True

    def focused(self, window: TargetWindow) -> bool:
        """True."""
        return True

    def focus(self, window: TargetWindow) -> bool:
        """True."""
        return True

    def close(self) -> None:
        """Nothing to let go of."""


def make_target_windows(typer: Typer) -> TargetWindows:
    """The windows of this platform; `typer` tells whether keys can be sent at all."""
    if sys.platform == "win32":
        from voicetype.system.targets_windows import Win32TargetWindows

        return Win32TargetWindows()
    # Under Wayland the X server knows only windows of its own.
    if isinstance(typer, NoTyper) or linux.session_type() != "x11":
        return UnknownWindows()
    from voicetype.system.targets_x11 import X11TargetWindows

    return X11TargetWindows()
