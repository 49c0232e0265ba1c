"""The platform's way to send keys. May import `core` and the typers beside it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

from voicetype.core.messages import InsertionError, MessageCode
from voicetype.system import linux


class Typer(Protocol):
    """Sends keys to the focused window. Insertion thread. Methods raise InsertionError."""

    def aim(self, window: int) -> None:
        """Send keys only while this window (`TargetWindow.id`) has the focus, from now on; 0 = whatever has it.

        Keys that would go elsewhere raise TypingInterrupted; a keyboard that another program has taken raises
        InsertionError (KEYBOARD_TAKEN).
        """

    def type_text(self, text: str) -> None:
        """Type exactly `text`."""

    def erase(self, count: int, allowed: Callable[[], bool] = lambda: True) -> None:
        """Press BackSpace `count` times. `allowed` has the last word when no key is held any more, which may last.

        What one press takes away, as seen in windows: a code point in Qt fields and in the line of a terminal, a
        grapheme cluster in GTK. They agree on letters (й, ё in one code point), marks, dashes, spaces of any kind and
        single emoji; not on combining marks, flags, skin tones and joined emoji. A line break goes away in a text
        editor, but in a one-line field and in a terminal Return has acted already.
        """

    def press_paste(self, chord: str = "") -> None:
        """Press the chord that pastes: the platform's usual one, or another of `core.targets.PASTE_CHORDS`."""

    def close(self) -> None:
        """Let go of the keyboard; idempotent."""


class NoTyper:
    """Where keys cannot be sent: the text goes to the clipboard with the reason."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def aim(self, window: int) -> None:
        """Nothing is sent anyway."""

    def type_text(self, text: str) -> None:
        """Raises InsertionError."""
        raise InsertionError(MessageCode.INSERTION_FAILED, detail=self._reason)

    def erase(self, count: int, allowed: Callable[[], bool] = lambda: True) -> None:
        """Raises InsertionError."""
        raise InsertionError(MessageCode.INSERTION_FAILED, detail=self._reason)

    def press_paste(self, chord: str = "") -> None:
        """Raises InsertionError."""
        raise InsertionError(MessageCode.INSERTION_FAILED, detail=self._reason)

    def close(self) -> None:
        """Nothing to let go of."""


def make_typer(stillness: Callable[[], AbstractContextManager[bool]] = lambda: nullcontext(True)) -> Typer:
    """The typer of this platform; `stillness` keeps the GUI thread still, see `control.stillness`."""
    if sys.platform == "win32":
        from voicetype.system.typing_windows import WindowsTyper

        return WindowsTyper()
    if linux.session_type() == "wayland":
        from voicetype.system.typing_wayland import WaylandTyper

        return WaylandTyper()
    from Xlib.error import DisplayError

    from voicetype.system.typing_x11 import X11Typer

    try:
        return X11Typer(stillness)
    except (DisplayError, OSError) as error:
        return NoTyper(str(error))
