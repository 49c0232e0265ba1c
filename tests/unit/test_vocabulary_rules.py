"""The user's regular expressions: what they do, and that none of them stops the program."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicetype.core.messages import MessageCode
from voicetype.core.text.vocabulary import rules
from voicetype.core.text.vocabulary.entries import Rule
from voicetype.core.text.vocabulary.rules import Rules, mistake


@pytest.mark.parametrize(
    ("find", "replace", "text", "changed"),
    [
        (r"\bто есть\b", "т. е.", "Вот то есть так", "Вот т. е. так"),
        (r"\bсуд\b", "Суд", "суд, подсудный и суд", "Суд, подсудный и Суд"),
        (r"\bёж\b", "Ёж", "ёж, ёжик, ерёж", "Ёж, ёжик, ерёж"),
        (r"(\d+) (рублей|рубля)", r"\1 ₽", "за 5 рублей", "за 5 ₽"),
        (r"(?P<n>\d+)%", r"\g<n> %", "5%", "5 %"),
        (r"\s+$", "", "конец  ", "конец"),
        ("^", "— ", "да", "— да"),
        ("нет", "да", "так", "так"),
        (r"\n", r"\\n", "a\nb", r"a\nb"),
    ],
)
def test_a_rule_changes_the_text(find: str, replace: str, text: str, changed: str) -> None:
    assert Rules.compile([Rule(find, replace)]).apply(text) == (changed, ())


def test_rules_are_applied_in_order_and_only_those_that_are_on() -> None:
    chain = Rules.compile([Rule("a", "b"), Rule("b", "c"), Rule("c", "d", enabled=False), Rule("(", "e")])
    assert len(chain) == 2
    assert chain.apply("a") == ("c", ())


def test_capitals_may_be_ignored() -> None:
    assert Rules.compile([Rule("ёж", "еж", ignore_case=True)]).apply("Ёж ЁЖ")[0] == "еж еж"
    assert Rules.compile([Rule("ёж", "еж")]).apply("Ёж ЁЖ")[0] == "Ёж ЁЖ"


@pytest.mark.parametrize(
    ("find", "replace"),
    [
        ("", "x"),
        ("(", ""),
        ("[а-", ""),
        ("*", ""),
        ("a", r"\1"),
        ("(a)", r"\2"),
        ("(?P<n>a)", r"\g<m>"),
        ("a", "\\"),
        ("x" * 501, ""),
        ("(?:a{100}){100}", ""),
        ("(?:a{,100}){,100}", ""),
        ("(?:(?:a{3,1000}){1000}){1000}", ""),
        ("a{99999999999}", ""),
    ],
)
def test_a_mistake_is_told_in_one_line(find: str, replace: str) -> None:
    detail = mistake(Rule(find, replace))
    assert detail and "\n" not in detail
    assert not Rules.compile([Rule(find, replace)])


@pytest.mark.parametrize(
    ("find", "text"),
    [("(а|аа)+$", "а" * 60 + "б"), (r"(.*)*\d", "x" * 3_000)],
)
def test_a_rule_that_never_ends_is_left_out_and_told(find: str, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "TIME_LIMIT_S", 0.02)
    changed, problems = Rules.compile([Rule(find, "x"), Rule("а", "о")]).apply(text)
    assert changed == text.replace("а", "о")
    assert [problem.code for problem in problems] == [MessageCode.VOCABULARY_RULE_SLOW]
    assert problems[0].params == {"rule": find}


def test_a_rule_that_writes_too_much_is_left_out_and_told() -> None:
    changed, problems = Rules.compile([Rule("", "x")]).apply("да")
    assert (changed, problems) == ("да", ())
    changed, problems = Rules.compile([Rule("а", "б" * 2_000)]).apply("да")
    assert changed == "да"
    assert [problem.code for problem in problems] == [MessageCode.VOCABULARY_RULE_SLOW]


def test_a_very_long_text_is_left_alone() -> None:
    text = "а" * (rules.MAX_TEXT_LENGTH + 1)
    assert Rules.compile([Rule("а", "б")]).apply(text) == (text, ())


@given(st.text(r"а\[](){}*+?|^$1,<>P=-", max_size=8), st.text("б\\1g<>", max_size=5), st.text(max_size=20))
def test_no_rule_makes_it_fail(find: str, replace: str, text: str) -> None:
    changed, _ = Rules.compile([Rule(find, replace)]).apply(text)
    assert isinstance(changed, str)
