"""How numbers look in digits. Pure; any thread."""

from __future__ import annotations

from voicetype.core.text.numbers.lexicon import MILLIARD, MILLION
from voicetype.core.text.numbers.reading import Number
from voicetype.core.text.numbers.style import NumberStyle

GROUP_SPACE = "\N{NO-BREAK SPACE}"
_SMALLEST_GROUPED = 10_000
"""Typographers leave numbers of four digits whole."""
SCALE_NAMES = {1000: "тыс.", MILLION: "млн", MILLIARD: "млрд"}
_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def grouped(value: int, style: NumberStyle) -> str:
    """The digits of `value`, in groups if the style has them."""
    if value < _SMALLEST_GROUPED or not style.group_digits:
        return str(value)
    return f"{value:,}".replace(",", GROUP_SPACE)


def digits(number: Number, style: NumberStyle) -> str:
    """A cardinal in digits; whole millions as people read them, «25 млн»."""
    if number.scale >= MILLION:
        return f"{grouped(number.value // number.scale, style)} {SCALE_NAMES[number.scale]}"
    return grouped(number.value, style)


def with_suffix(number: Number) -> str:
    """An ordinal in digits with its ending: «25-го»."""
    return f"{number.value}-{number.suffix}"


def roman(value: int) -> str:
    """A small number in Roman digits: «XXI»."""
    text = ""
    for worth, letters in _ROMAN:
        while value >= worth:
            text, value = text + letters, value - worth
    return text
