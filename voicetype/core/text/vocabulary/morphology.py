"""What the vocabulary has to know of Russian words; `voicetype.vocabulary.dictionary` knows it. Pure; any thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

NOMINATIVE = "nomn"


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a word.

    Attributes:
        text: as it is written, ё included.
        case: nomn, gent, datv, accs, ablt or loct.
        plural: whether it is one of the plural.
        gender, animacy: masc, femn, neut; anim, inan; "" where the form does not tell.
    """

    text: str
    case: str
    plural: bool = False
    gender: str = ""
    animacy: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a word may be. Only nouns and full adjectives count here.

    Attributes:
        form: the word itself.
        noun: a noun; else an adjective.
        proper: a name of a person, a place, a company.
        known: the dictionary has it; else it is a guess by its ending.
        forms: gives all forms of the word. A function, since most readings are never asked for theirs.
    """

    form: Form
    noun: bool
    proper: bool
    known: bool
    forms: Callable[[], Sequence[Form]]


class Morphology(Protocol):
    """A dictionary of Russian with its grammar."""

    def readings(self, word: str) -> Sequence[Reading]:
        """What `word` may be, the likeliest first; guesses where the dictionary lacks it."""
        ...

    def knows(self, word: str) -> bool:
        """Whether the dictionary has `word` in any form; е may stand for ё."""
        ...
