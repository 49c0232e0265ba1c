"""What a text that could not be typed does to the clipboard."""

from __future__ import annotations

from typing import Any

import pytest

from voicetype.control.paste import Inserter
from voicetype.core.messages import InsertionError, MessageCode, TypingInterrupted


class Typer:
    """A keyboard that refuses."""

    def __init__(self, error: InsertionError) -> None:
        self.error = error

    def type_text(self, text: str) -> None:
        raise self.error

    def erase(self, count: int, allowed: object = None) -> None:
        raise self.error

    def press_paste(self) -> None: ...


class Clipboard:
    """Notes what is copied."""

    def __init__(self) -> None:
        self.copied: list[str] = []

    def copy(self, text: str) -> None:
        self.copied.append(text)


@pytest.mark.parametrize(
    ("error", "text", "copied"),
    [
        (InsertionError(MessageCode.INSERTION_FAILED), "Раз.", ["Раз."]),
        (InsertionError(MessageCode.INSERTION_FAILED), "", []),
        (InsertionError(MessageCode.KEYBOARD_TAKEN), "Раз.", []),
        (TypingInterrupted(2, "з."), "Раз.", []),
    ],
)
def test_the_clipboard_is_given_up_only_for_a_text_that_would_be_lost(
    error: InsertionError, text: str, copied: list[str]
) -> None:
    clipboard: Any = Clipboard()
    inserter = Inserter(Typer(error), clipboard, "type")
    with pytest.raises(InsertionError):
        inserter.replace_tail(3, text)
    assert clipboard.copied == copied
