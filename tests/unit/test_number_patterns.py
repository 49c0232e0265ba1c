"""The small language of number rules."""

from __future__ import annotations

import pytest

from voicetype.core.text.numbers.patterns import Phrase, Rule, compiled
from voicetype.core.text.numbers.slots import SLOTS
from voicetype.core.text.numbers.style import NumberStyle


def applied(rule: Rule, text: str, at: int = 0) -> tuple[int, str | None] | None:
    return compiled(rule, SLOTS).apply(Phrase(text.split(), NumberStyle()), at)


def test_named_steps_are_written_again():
    rule = Rule("{a:cardinal} {w=или|либо} {b:cardinal}", "{a} {w} {b}")
    assert applied(rule, "пять либо шесть слов") == (3, "5 либо 6")
    assert applied(rule, "пять и шесть слов") is None


def test_an_optional_step_may_be_missing():
    rule = Rule("{a:cardinal} {u:measure}?", "{a}{u}")
    assert applied(rule, "пять метров") == (2, "5 м")
    assert applied(rule, "пять дней") == (1, "5")


def test_a_rule_without_template_keeps_the_words():
    assert applied(Rule("семь раз отмерь?", None), "семь раз") == (2, None)


def test_the_letter_yo_of_a_pattern_makes_no_difference():
    assert applied(Rule("ёлка ещё", "да"), "елка ещё") == (2, "да")


def test_neighbours_decide():
    rule = Rule("{a:cardinal}", "{a}", after=frozenset(("дом",)), not_before=frozenset(("комнат",)))
    assert applied(rule, "дом пять", 1) == (2, "5")
    assert applied(rule, "том пять", 1) is None
    assert applied(rule, "дом пять комнат", 1) is None


def test_another_form_of_a_number():
    rule = Rule("{a:ordinal}", "{a} {a.plain} {a.roman} {a.two}")
    assert applied(rule, "девятого") == (1, "9-го 9 IX 09")


@pytest.mark.parametrize("pattern", ["{a:cardinal", "{a:cardinal}+", "до}"])
def test_a_wrong_step_is_named(pattern):
    with pytest.raises(ValueError, match="no step of a pattern"):
        compiled(Rule(pattern, None), SLOTS)


def test_an_unknown_slot_is_an_error():
    with pytest.raises(KeyError):
        compiled(Rule("{a:nothing}", None), SLOTS)
