"""The last touch on the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicetype.core.formatting import finish_sentences, for_insertion


@pytest.mark.parametrize(
    ("raw", "finished"),
    [
        ("", ""),
        ("  ", ""),
        ("привет как дела", "Привет как дела."),
        ("Привет! Как дела?", "Привет! Как дела?"),
        ("что это…", "Что это…"),
        ("он сказал «да»", "Он сказал «да»."),
        ("он сказал «да!»", "Он сказал «да!»"),
        ("«да» сказал он", "«Да» сказал он."),
        ("купи хлеб,", "Купи хлеб."),
        ("вот что:", "Вот что."),
        ("5 рублей", "5 рублей."),
        ("ßword", "ßword."),
        ("ёжик", "Ёжик."),
    ],
)
def test_finish_sentences(raw, finished):
    assert finish_sentences(raw) == finished


@given(st.text())
def test_finishing_twice_changes_nothing_more(text):
    once = finish_sentences(text)
    assert finish_sentences(once) == once


@given(st.lists(st.text("абвгёж", min_size=1, max_size=6), min_size=1))
def test_no_word_is_lost(words):
    assert finish_sentences(" ".join(words)).lower() == " ".join(words) + "."


def test_trailing_space_is_an_option():
    assert for_insertion("Да.", trailing_space=True) == "Да. "
    assert for_insertion("Да.", trailing_space=False) == "Да."
    assert for_insertion("", trailing_space=True) == ""
    assert for_insertion("Да.\n", trailing_space=True) == "Да.\n"
