"""What a vocabulary consists of, before it is compiled. Pure; any thread."""

from __future__ import annotations

import enum
import re
import unicodedata
from dataclasses import dataclass

MAX_SPOKEN_WORDS = 12
"""A longer phrase is a sentence, and hardly recognised the same way twice."""
_SPOKEN = re.compile(r"[а-яё]+")
_BETWEEN_WORDS = re.compile(r"[\s\-‐‑–—]+")
_SURROUNDINGS = "«»„“”\"'.,!?;:…()"


class Endings(enum.Enum):
    """What becomes of the endings of a spoken term."""

    AUTO = "auto"
    """Russian words take them, so do Russian abbreviations (ГОСТом); what is written otherwise drops them."""
    KEEP = "keep"
    """What is written otherwise takes them after an apostrophe: Docker'ом."""
    DROP = "drop"
    """The written text stays as it is, whatever ending is spoken."""
    NONE = "none"
    """Only the form that is given is recognised."""


@dataclass(frozen=True)
class Term:
    """A name or term.

    Attributes:
        written: how it is written.
        spoken: how it is said, one or several ways; empty = as it is written.
        endings: what becomes of the endings.
        enabled: off keeps it in the file only, and takes out an earlier term that is spoken likewise.
        exact_case: its first letter stays small at the beginning of a sentence; None = where it has a capital.
    """

    written: str
    spoken: tuple[str, ...] = ()
    endings: Endings = Endings.AUTO
    enabled: bool = True
    exact_case: bool | None = None

    @property
    def ways(self) -> tuple[str, ...]:
        """What it is said like."""
        return self.spoken or (self.written,)


@dataclass(frozen=True)
class Snippet:
    """A text, perhaps of several lines, for a short spoken phrase; that is recognised as given, without other forms.

    Attributes:
        spoken: how it is said, one or several ways.
        text: what to write.
        enabled: see Term.
    """

    spoken: tuple[str, ...]
    text: str
    enabled: bool = True

    @property
    def ways(self) -> tuple[str, ...]:
        """What it is said like."""
        return self.spoken


@dataclass(frozen=True)
class Rule:
    """A regular expression for the finished text.

    Attributes:
        find: what to look for, in the syntax of Python's `re` (and that of the `regex` library).
        replace: what to write for it; `\\1` and `\\g<name>` are groups.
        ignore_case: capitals and small letters are the same.
        enabled: off keeps it in the file only.
    """

    find: str
    replace: str
    ignore_case: bool = False
    enabled: bool = True


Entry = Term | Snippet


def fold(text: str) -> str:
    """A word as words are compared: small letters, е for ё, as recognisers write them now so and now so."""
    return text.lower().replace("ё", "е")


def spoken_words(way: str) -> tuple[str, ...]:
    """The words of a spoken phrase, in small letters; a hyphen separates words too.

    Raises ValueError for what cannot be spoken in Russian words, as it stands: nothing else is ever recognised.
    """
    text = unicodedata.normalize("NFC", way).lower()
    words = tuple(word for part in _BETWEEN_WORDS.split(text) if (word := part.strip(_SURROUNDINGS)))
    if not words or len(words) > MAX_SPOKEN_WORDS or not all(map(_SPOKEN.fullmatch, words)):
        raise ValueError(way)
    return words
