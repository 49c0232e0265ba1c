"""Puts text into the focused window by the chosen method. Insertion thread; may import `core`, `control`."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

from voicetype.core.messages import InsertionError, Level, MessageCode, UserMessage
from voicetype.core.ports import Clipboard, Loan

_PASSING = frozenset({MessageCode.TYPING_INTERRUPTED, MessageCode.KEYBOARD_TAKEN})
"""Only who knows whether the text is a final one can tell whether it is worth the clipboard's contents."""


class KeyTyper(Protocol):
    """Key events for the focused window. Used by the insertion thread. All methods raise InsertionError."""

    def type_text(self, text: str) -> None:
        """Type exactly `text`."""

    def erase(self, count: int, allowed: Callable[[], bool] = lambda: True) -> None:
        """Press BackSpace `count` times, if it is still `allowed` when no key is held any more.

        Qt and terminals take one code point for each press, GTK what the eye sees as one character, so only text
        without combining marks and joined emoji goes away alike everywhere.
        """

    def press_paste(self, chord: str = "") -> None:
        """Press the chord that pastes: the platform's usual one, or another of `core.targets.PASTE_CHORDS`."""


class Inserter:
    """Implements `core.ports.TextInserter`. `set_method` from any thread."""

    def __init__(
        self,
        typer: KeyTyper,
        clipboard: Clipboard,
        method: str,
        unheard: Callable[[], AbstractContextManager[None]] = nullcontext,
        own_typing: Callable[[], AbstractContextManager[None]] = nullcontext,
        chord: Callable[[], str] = str,
    ) -> None:
        """`unheard` keeps the hotkey deaf while the paste chord is pressed, in case they are the same.

        `own_typing` is `ActivityWatch.own_typing`: keys sent inside are not the user's.
        `chord` tells the keys that paste in the focused window, see `KeyTyper.press_paste`.
        """
        self._chord = chord
        self._unheard = unheard
        self._own_typing = own_typing
        self._typer = typer
        self._clipboard = clipboard
        self._method = method

    def set_method(self, method: str) -> None:
        """Use "type", "paste" or "clipboard" from the next text on."""
        self._method = method

    def insert(self, text: str) -> UserMessage | None:
        """Insert `text`. Raises InsertionError; the text is in the clipboard then, unless its code says otherwise."""
        match self._method:
            case "clipboard":
                return self.copy(text)
            case "paste":
                self._paste(text)
            case _:
                self._type(text)
        return None

    def copy(self, text: str) -> UserMessage:
        """Put `text` into the clipboard for good. Raises InsertionError."""
        self._clipboard.copy(text)
        return UserMessage(MessageCode.TEXT_COPIED, Level.INFO)

    def replace_tail(self, erase: int, text: str, allowed: Callable[[], bool] = lambda: True) -> None:
        """Take away the last `erase` characters before the cursor and type `text` there.

        The caller answers for text that every editor erases alike (`KeyTyper.erase`), and by `allowed`, which is asked
        right before the first key, for what stands before the cursor (`ActivityWatch.unchanged`).

        Raises InsertionError, also when the method is not "type": where the user does not want keys to be sent,
        BackSpace is none the better. `text` is in the clipboard then, and some of the old text may be gone.
        """
        if self._method != "type":
            self._clipboard.copy(text)
            raise InsertionError(MessageCode.INSERTION_FAILED, detail="only typed text can be replaced")
        self._type(text, erase, allowed)

    def _paste(self, text: str) -> None:
        loan = self._clipboard.lend(text)
        if loan is None:
            self._type(text)  # rather than lose what the clipboard holds
            return
        self._press_paste(loan, text)
        loan.wait_taken()

    def _press_paste(self, loan: Loan, text: str) -> None:
        try:
            chord = self._chord()
            loan.arm()
            with self._unheard(), self._own_typing():
                self._typer.press_paste(chord)
        except InsertionError:
            self._clipboard.copy(text)
            raise

    def _type(self, text: str, erase: int = 0, allowed: Callable[[], bool] = lambda: True) -> None:
        try:
            with self._own_typing():
                if erase:
                    self._typer.erase(erase, allowed)
                self._typer.type_text(text)
        except InsertionError as error:
            if text and error.message.code not in _PASSING:
                self._clipboard.copy(text)
            raise
