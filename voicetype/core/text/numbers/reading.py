"""Reads one number at a place of a phrase: which words belong together, and what they are worth.

«сто двадцать» is one number and «двадцать сто» are two: in a group of three digits each word must be of a lower level
than the one before, each thousand or million smaller than the one before, and the cases must agree: in «из двадцати
пять сдали» the cases part the two. A head in the nominative agrees with anything, as people say «больше двести
пятидесяти». Pure; any thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from voicetype.core.text.numbers.lexicon import (
    ANY_CASE,
    ANY_GENDER,
    GENITIVE,
    HUNDRED,
    MILLIARD,
    MILLION,
    NOMINATIVE,
    PLURAL,
    SCALE,
    TEEN,
    TEN,
    THOUSAND,
    UNIT,
    ZERO,
    Numeral,
    numeral,
)

_TOP = SCALE
"""The level above all that may begin a group of three digits."""
_NEXT_BELOW = {HUNDRED: HUNDRED, TEN: TEEN, TEEN: UNIT, UNIT: UNIT}
"""After a numeral of this level the next must be below that one: «двадцать» takes no «десять»."""
_OWN_CASE_ONLY = frozenset(("семью", "одного", "одному", "одним", "одном", "одной"))
"""Mean the family, or «alone» and «a certain», too, so that an undeclined head must not swallow them."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it was said.

    Attributes:
        stop: index after its last word.
        value: what it is worth.
        cases, genders: bit masks, see `lexicon`.
        suffix: the written ending of an ordinal; "" for a cardinal.
        scale: 1000, a million ... when it ends in that word and has no other: «двадцать пять миллионов».
        bare: it is such a word alone, «тысячу», «миллион».
    """

    stop: int
    value: int
    cases: int
    genders: int = ANY_GENDER
    suffix: str = ""
    scale: int = 1
    bare: bool = False

    @property
    def is_vague(self) -> bool:
        """Whether it may mean another number: «миллион двести» is rather 1,200,000 than 1,000,200."""
        rest = self.value % MILLION
        return self.value > MILLION and 0 < rest < THOUSAND and rest % 100 == 0

    @property
    def is_ordinal(self) -> bool:
        """Whether it is «двадцатый», not «двадцать»."""
        return bool(self.suffix)


class _Sum:
    """The words of a number read so far."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.total = 0
        self.group = 0
        self.cases = ANY_CASE
        self.below = _TOP
        self.scale = MILLIARD * 1000
        self.scales = 0
        self.bare = False
        # Where the group begins, and the cases before it: the group may turn out to be the next number's.
        self.group_start = (at, ANY_CASE)

    def agreed(self, cases: int, word: str) -> int:
        """The cases of the whole with this word added; 0 if it does not agree."""
        both = self.cases & cases
        if not both and self.cases & NOMINATIVE and word not in _OWN_CASE_ONLY:
            return cases
        return both

    def add(self, part: Numeral, cases: int) -> None:
        if self.below == _TOP:
            self.group_start = (self.at, self.cases)
        self.group += part.value
        self.below = _NEXT_BELOW[part.level]
        self.cases = cases
        self.at += 1

    def multiply(self, part: Numeral, cases: int) -> None:
        self.bare = not self.group and not self.total
        self.total += (self.group or 1) * part.value
        self.group, self.below = 0, _TOP
        self.scale = part.value
        self.scales += 1
        self.cases = cases
        self.at += 1

    def takes_scale(self, part: Numeral, following: Numeral | None) -> bool:
        if part.value >= self.scale:
            # «пять тысяч сто тысяч»: the hundred is the next number's.
            if self.group and self.total:
                self.at, self.cases = self.group_start
                self.group, self.below = 0, _TOP
            return False
        if not self.group:
            return part.singular or _begins_genitive(part, following)
        return not part.after_one or (self.group % 10 == 1 and self.group % 100 != 11)

    def takes_ordinal(self, part: Numeral) -> bool:
        if not self.cases & NOMINATIVE:
            return False
        if part.level == SCALE:
            return not self.group and part.value < self.scale
        # «двадцать первых мест» are twenty, not the 21st.
        if part.level == UNIT and part.genders == PLURAL:
            return False
        return ZERO < part.level < self.below


def _begins_genitive(part: Numeral, following: Numeral | None) -> bool:
    """Whether «тысячи» is one thousand: «вместо тысячи шестисот»; by itself it is many."""
    if part.value != THOUSAND or not part.cases & GENITIVE or not part.cases & NOMINATIVE or following is None:
        return False
    return following.level in (TEEN, TEN, HUNDRED) and following.cases & (GENITIVE | NOMINATIVE) == GENITIVE


def read_number(words: Sequence[str], at: int) -> Number | None:
    """The longest number that begins at `at`; the words are in small letters and without «ё»."""
    first = numeral(words[at])
    if first is None:
        return None
    if first.suffix or first.level == ZERO:
        return Number(at + 1, first.value, first.cases, first.genders, first.suffix)
    return _read(words, at, first)


def _numeral_at(words: Sequence[str], at: int) -> Numeral | None:
    return numeral(words[at]) if at < len(words) else None


def _read(words: Sequence[str], at: int, part: Numeral | None) -> Number | None:
    read = _Sum(at)
    genders = ANY_GENDER
    while part is not None and part.level != ZERO:
        word = words[read.at]
        if part.suffix:
            if read.takes_ordinal(part):
                value = read.total + read.group + part.value
                return Number(read.at + 1, value, part.cases, part.genders, part.suffix)
            break
        cases = read.agreed(part.cases, word)
        if part.level == SCALE:
            if not cases or not read.takes_scale(part, _numeral_at(words, read.at + 1)):
                break
            read.multiply(part, cases)
        else:
            if part.level >= read.below or not cases:
                break
            read.add(part, cases)
            genders = part.genders
        part = _numeral_at(words, read.at)
    if read.at == at:
        return None
    only_scale = read.scale if read.scales == 1 and not read.group else 1
    is_bare = read.bare and read.scales == 1 and not read.group
    return Number(read.at, read.total + read.group, read.cases, genders, scale=only_scale, bare=is_bare)
