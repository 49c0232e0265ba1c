"""How the user wants numbers written. Pure; any thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

DEFAULT_SMALLEST = 10
"""The custom of Russian prose: one-digit numbers that measure nothing are words."""


@dataclass(frozen=True)
class NumberStyle:
    """What is a matter of taste in writing numbers.

    Attributes:
        smallest: numbers below this stay words where nothing asks for digits (a unit, per cent, money, a date ...);
            0 writes all in digits.
        money: "short" writes «100 руб. 50 коп.», "symbol" «100,50 ₽».
        group_digits: numbers of five and more digits in groups of three, parted by no-break spaces.
        roman_centuries: «XXI век» in place of «21-й век».
    """

    smallest: int = DEFAULT_SMALLEST
    money: Literal["short", "symbol"] = "short"
    group_digits: bool = True
    roman_centuries: bool = True
