"""What is written for sentences with numbers: tests/data/numbers.tsv, and what the table cannot say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicetype.core.text.numbers import NumberStyle, find_numbers
from voicetype.core.text.replacement import applied

TABLE = Path(__file__).parent.parent / "data" / "numbers.tsv"
FEWEST_SENTENCES = 320
FEWEST_UNCHANGED = 120
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"


def sentences() -> Iterator[tuple[str, str]]:
    """What is said and what is to be written."""
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            spoken, _, expected = line.partition("\t")
            yield spoken, expected or spoken


def written(spoken: str, style: NumberStyle | None = None) -> str:
    words = spoken.split()
    found = find_numbers(words, style) if style else find_numbers(words)
    return applied(words, found).replace(NO_BREAK_SPACE, " ")


@pytest.mark.parametrize(("spoken", "expected"), list(sentences()))
def test_sentence(spoken, expected):
    assert written(spoken) == expected


def test_the_table_is_large_enough():
    pairs = list(sentences())
    assert len(pairs) >= FEWEST_SENTENCES
    assert sum(spoken == expected for spoken, expected in pairs) >= FEWEST_UNCHANGED
    assert len({spoken for spoken, _ in pairs}) == len(pairs)


@pytest.mark.parametrize(
    ("spoken", "expected"),
    [
        ("сто рублей", "100 ₽"),
        ("сто рублей пятьдесят копеек", "100,50 ₽"),
        ("пятьдесят копеек", "50 коп."),
        ("сто рублей ноль ноль копеек", "100,00 ₽"),
        ("полтора миллиона рублей", "1,5 млн ₽"),
        ("двадцать пять долларов", "25 $"),
        ("двадцать пять долларов сша пять центов", "25,05 $"),
        ("от пяти до десяти евро", "от 5 до 10 €"),
        ("две три тысячи рублей", "2–3 тыс. ₽"),
        ("минус сто рублей", "−100 ₽"),
    ],
)
def test_money_as_symbols(spoken, expected):
    assert written(spoken, NumberStyle(money="symbol")) == expected


@pytest.mark.parametrize(
    ("spoken", "expected"),
    [
        ("у меня три вопроса", "у меня 3 вопроса"),
        ("второй этаж", "2-й этаж"),
        ("через пять минут", "через 5 минут"),
        ("один из них", "один из них"),
        ("в два счёта", "в два счёта"),
        ("семь раз отмерь", "семь раз отмерь"),
        ("во первых", "во первых"),
        ("миллион", "1 млн"),
    ],
)
def test_all_numbers_in_digits(spoken, expected):
    assert written(spoken, NumberStyle(smallest=0)) == expected


def test_a_higher_bound_leaves_more_words():
    style = NumberStyle(smallest=100)
    assert written("двадцать пять книг", style) == "двадцать пять книг"
    assert written("двадцать пять рублей", style) == "25 руб."
    assert written("двадцать пятый день", style) == "двадцать пятый день"
    assert written("двадцать пятое июня", style) == "25 июня"


def test_numbers_without_groups():
    assert written("сто тысяч человек", NumberStyle(group_digits=False)) == "100000 человек"
    assert applied(["сто", "тысяч"], find_numbers(["сто", "тысяч"])) == f"100{NO_BREAK_SPACE}000"


def test_centuries_without_roman_digits():
    style = NumberStyle(roman_centuries=False)
    assert written("двадцать первый век", style) == "21-й век"
    assert written("в пятом веке", style) == "в пятом веке"


def test_an_abbreviation_ends_with_its_stop():
    (money,) = find_numbers(["сто", "рублей"])
    assert (money.text, money.ends_with_stop) == ("100 руб.", True)
    (plain,) = find_numbers(["сто", "метров"])
    assert (plain.text, plain.ends_with_stop) == ("100 м", False)


def test_only_an_abbreviation_takes_a_capital():
    (reference,) = find_numbers(["статья", "пять"])
    assert (reference.text, reference.own_case) == ("ст. 5", False)
    (century,) = find_numbers(["двадцатый", "век"])
    assert (century.text, century.stop, century.own_case) == ("XX", 1, True)


def test_no_words_no_numbers():
    assert find_numbers([]) == []
    assert find_numbers([""]) == []


NUMBER_WORDS = sorted({word for spoken, _ in sentences() for word in spoken.split()})
PLAIN_WORDS = ["мы", "договор", "стоит", "семья", "и", "в", "на", "от", "до", "с", "номер", "статья", "лет", "минут"]
STYLES = st.builds(
    NumberStyle,
    smallest=st.integers(0, 1000),
    money=st.sampled_from(["short", "symbol"]),
    group_digits=st.booleans(),
    roman_centuries=st.booleans(),
)


@given(st.lists(st.sampled_from(NUMBER_WORDS) | st.text(max_size=8), max_size=30), STYLES)
def test_replacements_are_in_order_and_inside(words, style):
    found = find_numbers(words, style)
    bounds = [0, *(at for each in found for at in (each.start, each.stop)), len(words)]
    assert bounds == sorted(bounds)
    assert all(each.start < each.stop and each.text.strip() for each in found)


@given(st.lists(st.sampled_from(PLAIN_WORDS), max_size=30), STYLES)
def test_text_without_numbers_stays(words, style):
    assert find_numbers(words, style) == []


@given(st.lists(st.sampled_from(NUMBER_WORDS), max_size=20))
def test_words_outside_the_replacements_are_no_business_of_the_rules(words):
    found = find_numbers(words)
    inside = {at for each in found for at in range(each.start, each.stop)}
    kept = applied(words, found).split()
    assert all(words[at] in kept for at in range(len(words)) if at not in inside)


def _seconds(words: list[str]) -> float:
    begun = perf_counter()
    find_numbers(words)
    return perf_counter() - begun


def test_long_texts_take_linear_time():
    phrase = ["договор", "от", "двадцать", "пятого", "июня", "на", "сто", "двадцать", "рублей", "по", "статье", "пять"]
    for words in (phrase, ["сто"], ["ноль"], ["пять", "и"], ["пять", "точка"], ["статьи", "пять", "и"], ["один"]):
        # The better of two: other programs take time, none give any back.
        short, long = (min(_seconds(words * (size // len(words))) for _ in range(2)) for size in (1_000, 10_000))
        # Ten times as long; a hundred times would be quadratic.
        assert long < 50 * short + 0.1
