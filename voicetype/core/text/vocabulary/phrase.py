"""A compiled term or snippet: recognises its forms in spoken words and writes them. Pure; any thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from voicetype.core.text.vocabulary.entries import Endings, Entry, Snippet, fold
from voicetype.core.text.vocabulary.grammar import ANY_SLOT, WITH_YO, WordForms, phrase_forms
from voicetype.core.text.vocabulary.morphology import Morphology
from voicetype.core.text.vocabulary.writing import Part, align

EndingSlots = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Pattern:
    """One spoken word in its forms.

    Attributes:
        stem: what all forms begin with; folded.
        endings: what may follow, folded -> slots. Patterns with the same endings share one table.
        given: the ending of the form that the term is given in.
    """

    stem: str
    endings: EndingSlots
    given: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """One way to say one entry.

    Attributes:
        patterns: its spoken words.
        parts: what to write.
        own_case: its capitals and small letters are final.
        approximate: something that sounds nearly so counts too, where the vocabulary wants that.
    """

    patterns: tuple[Pattern, ...]
    parts: tuple[Part, ...]
    own_case: bool
    approximate: bool

    def endings(self, words: Sequence[str], start: int, spoken: Sequence[str]) -> list[int] | None:
        """Where the ending of each word begins if `words` from `start` are this phrase, else None.

        Args:
            words: folded.
            start: index of the first one.
            spoken: the same words as they came, perhaps with ё.
        """
        slots = ANY_SLOT
        begins: list[int] = []
        if start + len(self.patterns) > len(words):
            return None
        for pattern, word in zip(self.patterns, words[start:], strict=False):
            if not word.startswith(pattern.stem):
                return None
            fills = pattern.endings.get(word[len(pattern.stem) :], 0)
            slots &= fills
            if not slots or (fills & WITH_YO and "ё" not in spoken[start + len(begins)]):
                return None
            begins.append(len(pattern.stem))
        return begins

    def written(self, endings: Sequence[str]) -> str:
        """What to write when the words have these endings."""
        return "".join(
            part.written(endings[part.word], self.patterns[part.word].given) if part.word >= 0 else part.written("", "")
            for part in self.parts
        )


def compiled(
    entry: Entry, words: Sequence[str], morphology: Morphology | None, tables: dict[object, EndingSlots]
) -> Phrase:
    """Compile one way to say an entry.

    Args:
        entry: a term or snippet.
        words: what is said, in small letters.
        morphology: the dictionary; None = only the given form.
        tables: endings so far, so that equal ones are stored once.
    """
    if isinstance(entry, Snippet):
        patterns = _patterns(words, _as_given(words), tables)
        return Phrase(patterns, (Part("", entry.text),), own_case=True, approximate=False)
    inflects = morphology is not None and entry.endings is not Endings.NONE
    capital = entry.written[:1].isupper() and fold(entry.written[0]) == fold(words[0][0])
    forms = phrase_forms(words, capital, morphology) if morphology and inflects else _as_given(words)
    patterns = _patterns(words, forms, tables)
    parts = align(words, [pattern.stem for pattern in patterns], entry.written, entry.endings)
    own_case = any(map(str.isupper, entry.written)) if entry.exact_case is None else entry.exact_case
    return Phrase(patterns, parts, own_case, approximate=True)


def _as_given(words: Sequence[str]) -> list[WordForms]:
    return [{word: ANY_SLOT} for word in words]


def _patterns(
    words: Sequence[str], forms: Sequence[WordForms], tables: dict[object, EndingSlots]
) -> tuple[Pattern, ...]:
    return tuple(_pattern(word, each, tables) for word, each in zip(words, forms, strict=True))


def _pattern(word: str, forms: WordForms, tables: dict[object, EndingSlots]) -> Pattern:
    # Cut before folding: Пётр and Петра share their first letter only.
    length = _common_length([word, *forms])
    endings: dict[str, int] = {}
    for form, slots in forms.items():
        ending = fold(form[length:])
        endings[ending] = endings.get(ending, 0) | slots
    table = tables.setdefault(frozenset(endings.items()), endings)
    return Pattern(fold(word[:length]), table, fold(word[length:]))


def _common_length(words: Sequence[str]) -> int:
    first, last = min(words), max(words)
    return next((at for at, (one, two) in enumerate(zip(first, last, strict=False)) if one != two), len(first))
