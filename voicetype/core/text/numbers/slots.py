"""The slots that rules name: classes of numbers and words, each found by a small function. Pure; any thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from voicetype.core.text.numbers import amounts, dictated, legal, money, units, words
from voicetype.core.text.numbers.lexicon import MASCULINE, NEUTER, NOMINATIVE, PLURAL
from voicetype.core.text.numbers.patterns import CARDINAL, ORDINAL, Found, Matcher, Phrase, Slot, words_of
from voicetype.core.text.numbers.reading import Number
from voicetype.core.text.numbers.units import Measure

_DAY_SUFFIXES = ("е", "го", "му", "м")
_LAST_DAY = 31
_LAST_HOUR = 24
_ZERO = "ноль"
_FIRST_YEAR = 101
"""Shorter years are said, and written, with an ending: «98-й год»."""
_LAST_YEAR = 2999
_SHORT_YEARS = range(900, 1000)
"""«в девятьсот четырнадцатом году» is rather 1914, and «914-й год» leaves that open."""


def _numbers(accept: Callable[[Number], bool]) -> Matcher:
    def match(phrase: Phrase, at: int) -> tuple[int, Found] | None:
        number = phrase.number(at)
        return (number.stop, number) if number is not None and accept(number) else None

    return match


def _measures(find: Callable[[Sequence[str], int], Measure | None]) -> Matcher:
    def match(phrase: Phrase, at: int) -> tuple[int, Found] | None:
        measure = find(phrase.words, at)
        return (at + measure.words, measure) if measure is not None else None

    return match


def _money_or_unit(words: Sequence[str], at: int) -> Measure | None:
    return units.unit_at(words, at) or units.money_at(words, at)


def _minutes(phrase: Phrase, at: int) -> tuple[int, Found] | None:
    """The minutes of «восемнадцать ноль пять»: two digits."""
    number = phrase.cardinal(at)
    if number is None:
        return None
    if number.value == 0:
        unit = phrase.cardinal(number.stop)
        return (unit.stop, f"0{unit.value}") if unit is not None and unit.value < 10 else None
    return (number.stop, str(number.value)) if 10 <= number.value < 60 else None


def _zeros(phrase: Phrase, at: int) -> tuple[int, Found] | None:
    return (at + 2, "00") if phrase.word(at) == phrase.word(at + 1) == _ZERO else None


def _month_digits(phrase: Phrase, at: int) -> tuple[int, Found] | None:
    """The month of a date in numbers: «ноль шестого», «двенадцать»."""
    from_zero = phrase.word(at) == _ZERO
    number = phrase.number(at + 1 if from_zero else at)
    if number is None or not (1 <= number.value <= 9 if from_zero else 10 <= number.value <= 12):
        return None
    return number.stop, f"{number.value:02}"


def _day_digits(phrase: Phrase, at: int) -> tuple[int, Found] | None:
    from_zero = phrase.word(at) == _ZERO
    number = phrase.number(at + 1 if from_zero else at)
    if number is None or not 1 <= number.value <= (9 if from_zero else _LAST_DAY):
        return None
    return number.stop, f"{number.value:02}"


def _is_day(number: Number) -> bool:
    is_neuter = bool(number.genders & (NEUTER | MASCULINE)) and number.suffix in _DAY_SUFFIXES
    return is_neuter and 1 <= number.value <= _LAST_DAY


def _is_year(number: Number) -> bool:
    is_full = _FIRST_YEAR <= number.value <= _LAST_YEAR and number.value not in _SHORT_YEARS
    return bool(number.suffix) and is_full and number.genders != PLURAL


def _is_hour(number: Number) -> bool:
    # «две», «одна» are not of an hour, which is masculine.
    return not number.suffix and number.value <= _LAST_HOUR and bool(number.genders & MASCULINE)


def _is_century(number: Number) -> bool:
    return bool(number.suffix) and 1 <= number.value <= 39 and bool(number.genders & (MASCULINE | NEUTER))


def _words(choice: frozenset[str]) -> Slot:
    return Slot(words_of(choice), choice)


def _number_slot(accept: Callable[[Number], bool], heads: frozenset[str]) -> Slot:
    return Slot(_numbers(accept), heads, frozenset())


_NUMBER = frozenset((CARDINAL, ORDINAL))
_CARDINAL = frozenset((CARDINAL,))
_ORDINAL = frozenset((ORDINAL,))
_AMOUNT = _CARDINAL | amounts.ONE_AND_HALF

SLOTS: dict[str, Slot] = {
    "number": _number_slot(lambda number: True, _NUMBER),
    "cardinal": _number_slot(lambda number: not number.suffix, _CARDINAL),
    "nominative": _number_slot(lambda number: not number.suffix and bool(number.cases & NOMINATIVE), _CARDINAL),
    "ordinal": _number_slot(lambda number: bool(number.suffix), _ORDINAL),
    "thousands": _number_slot(lambda number: not number.suffix and number.scale > 1 and not number.bare, _CARDINAL),
    "small": _number_slot(lambda number: not number.suffix and 0 < number.value < 1000, _CARDINAL),
    "amount": Slot(amounts.amount, _AMOUNT, amounts.TAILS),
    "signed": Slot(amounts.signed, _AMOUNT | frozenset(amounts.SIGNS), amounts.TAILS),
    "minus": Slot(amounts.signed, frozenset(("минус",))),
    "plus": Slot(amounts.signed, frozenset(("плюс",))),
    "decimal": Slot(amounts.decimal, _CARDINAL),
    "scaled_half": Slot(amounts.scaled_half, _AMOUNT),
    "tenths": Slot(amounts.tenths, _CARDINAL),
    "zero_decimal": Slot(amounts.zero_decimal, _CARDINAL),
    "fraction": Slot(amounts.fraction, _CARDINAL),
    "sum": Slot(money.money_sum, _AMOUNT),
    "measure": Slot(_measures(_money_or_unit), units.HEADS),
    "length": Slot(_measures(units.length_at), units.HEADS),
    "degrees": Slot(_measures(units.degrees_at), units.HEADS),
    "mercury": Slot(_measures(units.mercury_at), units.HEADS),
    "percent_adjective": _words(units.PERCENT_ADJECTIVE),
    "point": _words(words.POINTS),
    "time": _words(words.TIME_NOUNS),
    "day": _number_slot(_is_day, _ORDINAL),
    "day_digits": Slot(_day_digits, _NUMBER),
    "month_digits": Slot(_month_digits, _NUMBER),
    "month": _words(words.MONTHS),
    "year": _number_slot(_is_year, _ORDINAL),
    "any_year": _number_slot(lambda number: 1000 <= number.value <= _LAST_YEAR, _NUMBER),
    "century": _number_slot(_is_century, _ORDINAL),
    "hour": _number_slot(_is_hour, _CARDINAL),
    "hours": _words(words.HOURS),
    "minute": _number_slot(lambda number: not number.suffix and number.value < 60, _CARDINAL),
    "minutes": Slot(_minutes, _CARDINAL),
    "minutes_word": _words(words.MINUTES),
    "zeros": Slot(_zeros, _CARDINAL),
    "reference": Slot(legal.reference, legal.REFERENCE_HEADS),
    "phone": Slot(dictated.phone, _CARDINAL | frozenset(("плюс",))),
    "code": Slot(dictated.code, _CARDINAL),
    "numbered_run": Slot(dictated.numbered_run, words.NUMERO),
    "row": Slot(dictated.row, _CARDINAL),
    "dotted": Slot(dictated.dotted, _CARDINAL),
}
