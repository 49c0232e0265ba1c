"""Quotes, spaces and letters as a typesetter would put them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicetype.core.text.settings import TextSettings
from voicetype.core.text.typography import nest_quotes, typeset


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('Роман "Война и мир".', "Роман «Война и мир»."),
        ("«Роман «Война и мир» хорош»", "«Роман „Война и мир“ хорош»"),
        ('Он сказал: "Читал "Войну и мир"".', "Он сказал: «Читал „Войну и мир“»."),
        ("ООО «Ромашка» и „Лютик“", "ООО «Ромашка» и «Лютик»"),
        ("»", "»"),
        ("без кавычек", "без кавычек"),
    ],
)
def test_quotes_are_nested(text: str, expected: str) -> None:
    assert nest_quotes(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Мама — это", "Мама_— это"),
        ("и в доме", "и_в_доме"),
        ("А. С. Пушкин", "А._С._Пушкин"),
        ("ст. 15 п. 3", "ст._15 п._3"),
        ("5 кг и 10 %", "5_кг и_10_%"),
        ("надо кино", "надо кино"),
    ],
)
def test_what_belongs_together_stays_together_by_choice(text: str, expected: str) -> None:
    assert typeset(text, TextSettings(keep_together=True)).replace("\u00a0", "_") == expected
    assert typeset(text, TextSettings()) == text


def test_plain_text_has_nothing_that_a_terminal_lacks() -> None:
    plain = typeset("«Мама» — „это“…\u00a0да – нет", TextSettings(plain=True, keep_together=True))
    assert plain == '"Мама" - "это"... да - нет'


def test_yo_stays_or_goes() -> None:
    assert typeset("Ёж и всё", TextSettings()) == "Ёж и всё"
    assert typeset("Ёж и всё", TextSettings(yo=False)) == "Еж и все"


@given(st.text('абв «»„“" —.\n', max_size=60), st.booleans())
def test_letters_never_change(text: str, keep_together: bool) -> None:
    done = typeset(text, TextSettings(keep_together=keep_together))
    assert [each for each in done if each.isalpha()] == [each for each in text if each.isalpha()]
    assert typeset(done, TextSettings(keep_together=keep_together)) == done
