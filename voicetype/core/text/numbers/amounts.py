"""Quantities that are more than a whole number: decimals, halves, fractions, signs. Pure; any thread."""

from __future__ import annotations

from dataclasses import dataclass, replace

from voicetype.core.text.numbers.lexicon import FEMININE, MILLION, PLURAL, SCALE, numeral
from voicetype.core.text.numbers.patterns import Phrase
from voicetype.core.text.numbers.reading import Number
from voicetype.core.text.numbers.style import NumberStyle
from voicetype.core.text.numbers.words import NOT, ONE
from voicetype.core.text.numbers.writing import SCALE_NAMES, grouped

MINUS = "\N{MINUS SIGN}"
_WHOLE = frozenset(["целая", "целой", "целую", "целых", "целым", "целыми", "целые"])
ONE_AND_HALF = frozenset(("полтора", "полторы", "полутора"))
_MOST_ZEROS = 6
TAILS = _WHOLE | {"с", "и", "запятая"}
"""What may follow the number that an amount begins with, within the amount."""
_DENOMINATORS = {10**power: power for power in range(1, 7)}
SIGNS = {"минус": MINUS, "плюс": "+"}


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity.

    Attributes:
        stop: index after its last word.
        whole, decimals: the digits before and after the comma.
        scale: 1, or the thousand, million ... that it counts.
        sign: "", "+" or "−".
    """

    stop: int
    whole: int
    decimals: str = ""
    scale: int = 1
    sign: str = ""

    def written(self, style: NumberStyle) -> str:
        """The digits, with «млн» where it counts millions."""
        if not self.decimals:
            scaled = self.scale >= MILLION
            text = grouped(self.whole if scaled else self.whole * self.scale, style)
            return self.sign + (f"{text} {SCALE_NAMES[self.scale]}" if scaled else text)
        if self.scale == 1000 and len(self.decimals) <= 3:
            return self.sign + grouped(self.whole * 1000 + int(self.decimals.ljust(3, "0")), style)
        name = f" {SCALE_NAMES[self.scale]}" if self.scale > 1 else ""
        return f"{self.sign}{grouped(self.whole, style)},{self.decimals}{name}"


def amount(phrase: Phrase, at: int) -> tuple[int, Amount] | None:
    """A whole number or a decimal."""
    return decimal(phrase, at) or half(phrase, at) or whole(phrase, at)


def signed(phrase: Phrase, at: int) -> tuple[int, Amount] | None:
    """An amount with or without a sign."""
    sign = SIGNS.get(phrase.word(at), "")
    found = amount(phrase, at + 1 if sign else at)
    return (found[0], replace(found[1], sign=sign)) if found else None


def whole(phrase: Phrase, at: int) -> tuple[int, Amount] | None:
    """A cardinal; «не один миллион» is none."""
    number = phrase.cardinal(at)
    if (
        number is None
        or (number.is_vague and phrase.style.smallest)
        or (phrase.word(at) in ONE and phrase.word(at - 1) in NOT)
    ):
        return None
    scale = number.scale if number.scale >= MILLION else 1
    return number.stop, Amount(number.stop, number.value // scale, scale=scale)


def half(phrase: Phrase, at: int) -> tuple[int, Amount] | None:
    """«полтора», «два с половиной», also of thousands and millions."""
    if phrase.word(at) in ONE_AND_HALF:
        return _scaled(phrase, Amount(at + 1, 1, "5"))
    number = phrase.cardinal(at)
    if number is None or phrase.word(number.stop) != "с" or phrase.word(number.stop + 1) != "половиной":
        return None
    return _scaled(phrase, Amount(number.stop + 2, number.value, "5"))


def scaled_half(phrase: Phrase, at: int) -> tuple[int, Amount] | None:
    """«полтора миллиона», «две с половиной тысячи»."""
    found = half(phrase, at)
    return found if found and found[1].scale > 1 else None


def decimal(phrase: Phrase, at: int) -> tuple[int, Amount] | None:
    """«три целых семь десятых», «три и семь десятых», «ноль запятая пять»."""
    number = phrase.cardinal(at)
    if number is None:
        return None
    joint = phrase.word(number.stop)
    if joint in _WHOLE:
        after = number.stop + 2 if phrase.word(number.stop + 1) == "и" else number.stop + 1
        return _with_decimals(phrase, number, after)
    if joint == "и":
        return _with_decimals(phrase, number, number.stop + 1)
    if joint == "запятая" and number.value == 0:
        return _after_zero(phrase, number.stop + 1)
    return None


def tenths(phrase: Phrase, at: int) -> tuple[int, Amount] | None:
    """«семь десятых» without a whole."""
    return _with_decimals(phrase, Number(at, 0, 0), at)


def zero_decimal(phrase: Phrase, at: int) -> tuple[int, Amount] | None:
    """«ноль пять литра», «ноль двадцать пять»: a decimal only where a unit follows."""
    return _after_zero(phrase, at + 1) if phrase.word(at) in ("ноль", "нуль") else None


def fraction(phrase: Phrase, at: int) -> tuple[int, str] | None:
    """«одна вторая», «две третьих»: 1/2, 2/3. More than one of them are also «пять шестых классов»: see the rules."""
    number = phrase.cardinal(at)
    below = phrase.ordinal(number.stop) if number else None
    if number is None or below is None or number.value == 0 or not number.value < below.value:
        return None
    is_one = number.value % 10 == 1 and number.value != 11
    if not below.genders & (FEMININE if is_one else PLURAL) or not number.genders & FEMININE:
        return None
    return below.stop, f"{number.value}/{below.value}"


def _after_zero(phrase: Phrase, at: int) -> tuple[int, Amount] | None:
    zeros = ""
    while phrase.word(at) in ("ноль", "нуль") and len(zeros) < _MOST_ZEROS:
        zeros, at = zeros + "0", at + 1
    number = phrase.cardinal(at)
    if number is None or number.value == 0 or number.value > 999:
        return None
    return number.stop, Amount(number.stop, 0, zeros + str(number.value))


def _with_decimals(phrase: Phrase, number: Number, at: int) -> tuple[int, Amount] | None:
    part = phrase.cardinal(at)
    below = phrase.ordinal(part.stop) if part else None
    if part is None or below is None or not below.genders & (FEMININE | PLURAL):
        return None
    places = _DENOMINATORS.get(below.value)
    if places is None or part.value >= below.value:
        return None
    return _scaled(phrase, Amount(below.stop, number.value, f"{part.value:0{places}}"))


def _scaled(phrase: Phrase, value: Amount) -> tuple[int, Amount]:
    scale = numeral(phrase.word(value.stop))
    if scale is None or scale.level != SCALE or scale.suffix:
        return value.stop, value
    return value.stop + 1, replace(value, stop=value.stop + 1, scale=scale.value)
