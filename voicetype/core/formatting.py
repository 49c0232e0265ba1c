"""The last touch on a dictation's text: capital at the start, stop at the end, space after it. Pure."""

from __future__ import annotations

_TERMINAL_MARKS = ".!?…"
_CLOSING = "»”\"')"
_OPENING = "«„“\"'(—- "
_REPLACED_BY_STOP = ",;:—- "


def finish_sentences(text: str) -> str:
    """Give `text` a capital at the start and a terminal mark at the end; both stay when they are there.

    This is all the punctuation there is when the model is off or failed; after the model it closes the last
    sentence, which RUPunct leaves open when the words sound unfinished.
    """
    text = " ".join(text.split())
    if not text:
        return ""
    for index, char in enumerate(text):
        if char not in _OPENING:
            # "ß".upper() and the like are two letters long: a word must keep its letters.
            capital = char.upper()
            if len(capital) == 1:
                text = text[:index] + capital + text[index + 1 :]
            break
    if text.rstrip(_CLOSING)[-1:] in tuple(_TERMINAL_MARKS):
        return text
    return text.rstrip(_REPLACED_BY_STOP) + "."


def for_insertion(text: str, *, trailing_space: bool) -> str:
    """The text as it is put into the window: with a space or line break after it the next goes on properly."""
    return text + " " if trailing_space and text and not text[-1].isspace() else text
