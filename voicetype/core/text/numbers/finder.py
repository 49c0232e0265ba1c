"""Walks over a phrase and applies the rules to it. Pure; any thread."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from voicetype.core.text.numbers.patterns import CompiledRule, Phrase, compiled
from voicetype.core.text.numbers.rules import RULES
from voicetype.core.text.numbers.slots import SLOTS
from voicetype.core.text.numbers.style import NumberStyle
from voicetype.core.text.replacement import Replacement

_COMPILED = tuple(compiled(rule, SLOTS) for rule in RULES)
_HEADS = frozenset(head for rule in _COMPILED for head in rule.heads)


def find(words: Sequence[str], style: NumberStyle) -> list[Replacement]:
    """See `find_numbers`."""
    phrase = Phrase(words, style)
    found = []
    at = 0
    while at < len(phrase.words):
        stop, text = _rewritten(phrase, at)
        if text is not None:
            # An abbreviation may begin a sentence; digits have no capitals, «XXI» and «МБ» have their own.
            own_case = not (text[0].isalpha() and text[0].islower())
            found.append(Replacement(at, stop, text, own_case=own_case, ends_with_stop=text.endswith(".")))
        at = stop
    return found


def _rewritten(phrase: Phrase, at: int) -> tuple[int, str | None]:
    """Index after what the first rule that applies at `at` matches, and the text for it; None keeps the words."""
    word = phrase.words[at]
    number = phrase.number(at)
    if number is None and word not in _HEADS:
        return at + 1, None
    next_at = at + 1 if number is None else number.stop
    follows = {phrase.word(next_at), phrase.kind(next_at)}
    for rule in _rules_for(word if word in _HEADS else "", phrase.kind(at)):
        if number is not None and rule.followers is not None and rule.followers.isdisjoint(follows):
            continue
        applied = rule.apply(phrase, at)
        if applied is not None:
            return applied
    return at + 1, None


@cache
def _rules_for(word: str, kind: str) -> tuple[CompiledRule, ...]:
    """The rules that can begin with this word, or with a number of this kind. Bounded by the rules' own words."""
    return tuple(rule for rule in _COMPILED if word in rule.heads or kind in rule.heads)
