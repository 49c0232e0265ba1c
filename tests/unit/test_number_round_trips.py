"""Numbers said by num2words and written back: all up to 10,000 and many up to 10^12, in all cases and genders."""

from __future__ import annotations

import random
from itertools import cycle, product

import pytest
from num2words import num2words

from voicetype.core.text.numbers import NumberStyle, find_numbers
from voicetype.core.text.replacement import Replacement

STYLE = NumberStyle(smallest=0, group_digits=False)
LAST_OF_ALL = 10_000
RANDOM_ONES = 20_000
SEED = 20260601
CASES = ("nominative", "genitive", "dative", "accusative", "instrumental", "prepositional")
GENDERS = ("m", "f", "n")
FORMS = tuple(product(CASES, GENDERS))
AMBIGUOUS = {
    "семью": "the accusative of family too",
    "сорока": "a bird too",
}
"""Words that are no numbers when nothing else tells so."""
SUFFIXES = {
    "m": ("й", "го", "му", "й", "м", "м"),
    "f": ("я", "й", "й", "ю", "й", "й"),
    "n": ("е", "го", "му", "е", "м", "м"),
}


def said(value: int, to: str, case: str, gender: str) -> str:
    return num2words(value, lang="ru", to=to, case=case, gender=gender, animate=False)


def said_ordinal(value: int, case: str, gender: str) -> str:
    """The ordinal of `value`.

    num2words declines also the group before the last one if that ends in a round ten («двадцатый миллионов пятый» for
    «двадцать миллионов пятый»), so the words before the last group of digits are put together from the cardinal.
    """
    scale = next(scale for scale in (1000, 10**6, 10**9, 10**12) if value % scale or not value)
    tail = value % scale
    if tail == value:
        return said(value, "ordinal", case, gender)
    return f"{said(value - tail, 'cardinal', 'nominative', 'm')} {said(tail, 'ordinal', case, gender)}"


def written(words: str, style: NumberStyle = STYLE) -> str:
    """The one replacement of all the words; the words themselves if there is none or it covers less."""
    spoken = words.split()
    found = find_numbers(spoken, style)
    if [(each.start, each.stop) for each in found] != [(0, len(spoken))]:
        return words
    return found[0].text


def value_of(text: str) -> str:
    """«25 млн» is the same number as «25000000»."""
    return text.replace(" млн", "000000").replace(" млрд", "000000000")


def random_values() -> list[int]:
    chosen = random.Random(SEED)
    return [chosen.randrange(10**12) for _ in range(RANDOM_ONES)]


def wrong_cardinal(value: int, case: str, gender: str) -> str:
    words = said(value, "cardinal", case, gender)
    if words in AMBIGUOUS or value_of(written(words)) == str(value):
        return ""
    return f"{words}: {written(words)}"


def wrong_ordinal(value: int, case: str, gender: str) -> str:
    words = said_ordinal(value, case, gender)
    expected = f"{value}-{SUFFIXES[gender][CASES.index(case)]}"
    return "" if written(words) == expected else f"{words}: {written(words)}"


@pytest.mark.parametrize("wrong", [wrong_cardinal, wrong_ordinal])
@pytest.mark.parametrize("case", CASES)
def test_numbers_up_to_ten_thousand(wrong, case):
    # Forms that are the same in two genders are checked once: only one and two, and ordinals, have genders.
    genders = GENDERS if wrong is wrong_ordinal else GENDERS[:2]
    cases = ((value, case, gender) for value in range(LAST_OF_ALL + 1) for gender in genders)
    assert [text for each in cases if (text := wrong(*each))] == []


def test_the_neuter_of_cardinals():
    cases = ((value, case, "n") for value in range(200) for case in CASES)
    assert [text for each in cases if (text := wrong_cardinal(*each))] == []


@pytest.mark.parametrize("wrong", [wrong_cardinal, wrong_ordinal])
def test_random_numbers_up_to_a_billion(wrong):
    cases = ((value, *form) for value, form in zip(random_values(), cycle(FORMS), strict=False))
    assert [text for each in cases if (text := wrong(*each))] == []


def test_the_letter_yo_makes_no_difference():
    for value in (3, 4, 300, 400, 3_000, 4_444):
        words = said(value, "cardinal", "genitive", "m")
        assert written(words) == written(words.replace("ё", "е")) == str(value)


def test_a_replacement_covers_all_words_of_the_number():
    assert find_numbers(["мне", "двадцать", "пять", "лет"]) == [Replacement(1, 3, "25")]


def test_digits_are_grouped_from_five_on():
    grouped = NumberStyle(smallest=0)
    assert written("девять тысяч девятьсот", grouped) == "9900"
    assert written("десять тысяч девятьсот", grouped) == "10\N{NO-BREAK SPACE}900"
    assert written("два миллиона один", grouped) == "2\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}001"
