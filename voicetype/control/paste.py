"""Puts text into the focused window by the chosen method. Insertion thread; may import `core`, `control`."""

from __future__ import annotations

from typing import Protocol

from voicetype.control.clipboard import ClipboardService
from voicetype.core.messages import InsertionError


class KeyTyper(Protocol):
    """Key events for the focused window. Used by the insertion thread. All methods raise InsertionError."""

    def type_text(self, text: str) -> None:
        """Type exactly `text`."""

    def press_paste(self) -> None:
        """Press the chord that pastes."""


class Inserter:
    """Implements `core.ports.TextInserter`. `set_method` from any thread."""

    def __init__(self, typer: KeyTyper, clipboard: ClipboardService, method: str) -> None:
        self._typer = typer
        self._clipboard = clipboard
        self._method = method

    def set_method(self, method: str) -> None:
        """Use "type", "paste" or "clipboard" from the next text on."""
        self._method = method

    def insert(self, text: str) -> None:
        """Insert `text`. Raises InsertionError; the text is in the clipboard then."""
        match self._method:
            case "clipboard":
                self._clipboard.copy(text)
            case "paste":
                self._paste(text)
            case _:
                self._type(text)

    def _paste(self, text: str) -> None:
        ticket = self._clipboard.offer(text)
        try:
            self._clipboard.arm(ticket)
            self._typer.press_paste()
            self._clipboard.wait_taken(ticket)
        except InsertionError:
            self._clipboard.copy(text)
            raise

    def _type(self, text: str) -> None:
        try:
            self._typer.type_text(text)
        except InsertionError:
            self._clipboard.copy(text)
            raise
