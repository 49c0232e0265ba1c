"""Walks over a phrase and applies the rules to it. Pure; any thread."""

from __future__ import annotations

from collections.abc import Sequence

from voicetype.core.text.numbers.reading import read_number
from voicetype.core.text.numbers.style import NumberStyle
from voicetype.core.text.numbers.writing import digits, with_suffix
from voicetype.core.text.replacement import Replacement


def find(words: Sequence[str], style: NumberStyle) -> list[Replacement]:
    """See `find_numbers`."""
    plain = [word.replace("ё", "е") for word in words]
    found = []
    at = 0
    while at < len(plain):
        number = read_number(plain, at)
        if number is None:
            at += 1
            continue
        if number.value >= style.smallest:
            text = with_suffix(number) if number.is_ordinal else digits(number, style)
            found.append(Replacement(at, number.stop, text))
        at = number.stop
    return found
