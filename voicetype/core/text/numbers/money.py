"""Sums of money: «сто рублей пятьдесят копеек». Pure; any thread."""

from __future__ import annotations

from dataclasses import dataclass

from voicetype.core.text.numbers.amounts import Amount, amount
from voicetype.core.text.numbers.patterns import Phrase
from voicetype.core.text.numbers.style import NumberStyle
from voicetype.core.text.numbers.units import CENTS, KOPECKS, Measure, money_at

_ZERO = "ноль"


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum of money in two units, or in the smaller one only.

    Attributes:
        large: the amount of the larger unit; None if there is none.
        currency: its name.
        small: the two digits of the hundredths.
        small_name: what they are called, with the space before.
    """

    large: Amount | None
    currency: Measure | None
    small: str
    small_name: str

    def written(self, style: NumberStyle) -> str:
        """«100 руб. 50 коп.» or «100,50 ₽»."""
        if self.large is None or self.currency is None:
            return f"{int(self.small)}{self.small_name}"
        if style.money == "symbol":
            return f"{self.large.written(style)},{self.small}{self.currency.symbol}"
        return f"{self.large.written(style)}{self.currency.short} {self.small}{self.small_name}"


def money_sum(phrase: Phrase, at: int) -> tuple[int, Sum] | None:
    """The sum at `at`, if it has kopecks or cents."""
    small = _hundredths(phrase, at)
    if small is not None and phrase.word(at) != _ZERO:
        # The cent alone stays a word, it has no short form.
        return (small[0], Sum(None, None, *small[1:])) if small[2] == " коп." else None
    large = amount(phrase, at)
    currency = money_at(phrase.words, large[0]) if large else None
    if large is None or currency is None or large[1].decimals or large[1].scale > 1:
        return None
    small = _hundredths(phrase, large[0] + currency.words)
    return (small[0], Sum(large[1], currency, *small[1:])) if small else None


def _hundredths(phrase: Phrase, at: int) -> tuple[int, str, str] | None:
    if phrase.word(at) == phrase.word(at + 1) == _ZERO:
        stop, value = at + 2, 0
    else:
        number = phrase.cardinal(at)
        if number is None or number.value > 99:
            return None
        stop, value = number.stop, number.value
    word = phrase.word(stop)
    if word in KOPECKS:
        return stop + 1, f"{value:02}", " коп."
    return (stop + 1, f"{value:02}", f" {word}") if word in CENTS else None
