"""A punctuation model's text is laid over the spoken words, or left when it does not fit."""

import pytest

from voicetype.core.text.marks import MarkedWord, align


def shown(words: list[MarkedWord]) -> str:
    return " ".join(f"{word.written}{word.mark}{'-' if word.joined else ''}" for word in words)


@pytest.mark.parametrize(
    ("spoken", "enhanced", "found"),
    [
        ("привет как дела", "Привет, как дела?", "Привет, как дела?"),
        ("это он", "Это — он.", "Это — он."),
        ("кто то пришел", "Кто-то пришёл…", "Кто- то пришёл…"),
        ("что нибудь по русски", "Что-нибудь по-русски.", "Что- нибудь по- русски."),
        ("по-русски", "По-русски!", "По-русски!"),
        ("из за северо-востока", "Из-за Северо-востока.", "Из- за Северо-востока."),
        ("да", "«Да».", "Да."),
        ("да", "«Да!»", "Да!"),
        ("", "", ""),
    ],
)
def test_each_word_gets_its_case_and_mark(spoken: str, enhanced: str, found: str) -> None:
    assert shown(align(spoken.split(), enhanced)) == found


@pytest.mark.parametrize("enhanced", ["Привет.", "Привет мир как.", "Как привет.", "", "Привет-как дела"])
def test_a_text_of_other_words_is_not_used(enhanced: str) -> None:
    words = ["привет", "как"]
    assert align(words, enhanced) == [MarkedWord("привет", "привет"), MarkedWord("как", "как")]
