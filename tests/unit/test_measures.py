"""The measures of quality, on examples that were counted by hand."""

import random

import pytest

from voicetype.core.labels import Case, Mark
from voicetype.core.measures import (
    MARKS,
    PunctuationScore,
    Rates,
    calls_of,
    normalized,
    sentences_of,
    spoken,
    words_of,
)


def score(wanted: str, got: str) -> PunctuationScore:
    counted = PunctuationScore()
    counted.add(words_of(wanted), words_of(got))
    return counted


def counts(counted: PunctuationScore, name: Mark | Case) -> tuple[int, int, int]:
    rates = counted.rates(name)
    return rates.right, rates.invented, rates.missed


@pytest.mark.parametrize(
    ("gap", "mark"),
    [
        (" ", Mark.NONE),
        (". ", Mark.PERIOD),
        (", ", Mark.COMMA),
        ("? ", Mark.QUESTION),
        ("! ", Mark.EXCLAMATION),
        ("!.. ", Mark.EXCLAMATION),
        ("?.. ", Mark.QUESTION),
        ("?! ", Mark.QUESTION_EXCLAMATION),
        ("!? ", Mark.QUESTION_EXCLAMATION),
        (": ", Mark.COLON),
        (": «", Mark.COLON),
        ("; ", Mark.SEMICOLON),
        (" — ", Mark.DASH),
        (" – ", Mark.DASH),
        (" - ", Mark.DASH),
        (" -- ", Mark.DASH),
        (", — ", Mark.COMMA),
        ("», — ", Mark.COMMA),
        (". — ", Mark.PERIOD),
        ("… ", Mark.ELLIPSIS),
        ("... ", Mark.ELLIPSIS),
        (".. ", Mark.ELLIPSIS),
        ("-", Mark.HYPHEN),
        ("‑", Mark.HYPHEN),
        (" (", Mark.NONE),
        ("). ", Mark.PERIOD),
        (" & ", Mark.NONE),
    ],
)
def test_the_mark_is_what_stands_between_two_words(gap: str, mark: Mark) -> None:
    assert words_of(f"слово{gap}дело")[0].label.mark is mark


@pytest.mark.parametrize(
    ("word", "case"),
    [
        ("дом", Case.LOWER),
        ("Дом", Case.UPPER),
        ("Я", Case.UPPER),
        ("МГУ", Case.UPPER_TOTAL),
        ("МГУшный", Case.UPPER),
        ("iPhone", Case.LOWER),
        ("2026", Case.LOWER),
    ],
)
def test_the_case_is_that_of_the_letters(word: str, case: Case) -> None:
    assert words_of(word)[0].label.case is case


def test_words_are_cut_as_the_models_see_them() -> None:
    assert [word.text for word in words_of("Кто-то в 10:30 отдал 3,5 рубля д’Артаньяну; 5-й — 3D.")] == [
        *("Кто", "то", "в", "10:30", "отдал", "3,5", "рубля", "д’Артаньяну", "5", "й", "3D"),
    ]
    assert words_of("") == words_of(" — …") == []


def test_composed_and_decomposed_letters_are_the_same() -> None:
    assert [word.text for word in words_of("за\u0301мок \u0438\u0306од")] == ["замок", "йод"]


def test_what_is_spoken_has_no_marks_but_hyphens() -> None:
    assert spoken(words_of("«Кто-то, — сказал ОН, — пришёл!» Да?")) == "кто-то сказал он пришёл да"
    assert spoken([]) == ""


def test_the_program_and_the_recogniser_agree_on_the_words() -> None:
    text = "В 1990–1995 гг. кто-то (не я) купил iPhone за 3,5 тыс. руб.; 5-летний — «Ёж»?!"
    assert [word.text.lower() for word in words_of(text)] == [word.text for word in words_of(spoken(words_of(text)))]


def test_a_line_falls_into_sentences() -> None:
    found = sentences_of("Да. Нет, не знаю? Пришёл А. С. Пушкин… и ушёл! 5 рублей, т. е. мало")
    assert [spoken(sentence) for sentence in found] == [
        *("да", "нет не знаю", "пришёл а с пушкин и ушёл", "5 рублей т е мало"),
    ]


def test_calls_hold_so_many_sentences_and_do_not_cross_blank_lines() -> None:
    text = "Раз. Два.\nТри. Четыре.\n\n# Пять.\nШесть.\n   \n\nСемь.\n"
    assert [spoken(call) for call in calls_of(text, 3)] == ["раз два три", "четыре", "шесть", "семь"]
    assert [spoken(call) for call in calls_of(text, 1)] == ["раз", "два", "три", "четыре", "шесть", "семь"]
    assert list(calls_of("\n# ничего\n", 3)) == []


def test_marks_are_counted() -> None:
    # A comma right, one missed, one invented; the full stop became an exclamation mark; МГУ lost two letters' capitals.
    counted = score("Да, в МГУ, как видно, ясно. Нет.", "Да, в Мгу как, видно, ясно! Нет.")
    assert (counted.words, counted.unaligned) == (7, 0)
    assert counts(counted, Mark.COMMA) == (2, 1, 1)
    assert counts(counted, Mark.PERIOD) == (1, 0, 1)
    assert counts(counted, Mark.EXCLAMATION) == (0, 1, 0)
    assert counts(counted, Case.UPPER) == (2, 1, 0)
    assert counts(counted, Case.UPPER_TOTAL) == (0, 0, 1)
    comma = counted.rates(Mark.COMMA)
    assert (comma.wanted, comma.found, comma.precision, comma.recall, comma.f1) == (3, 3, 2 / 3, 2 / 3, 2 / 3)


def test_precision_and_recall_are_not_the_same() -> None:
    rates = Rates(right=3, invented=1, missed=3)
    assert (rates.precision, rates.recall, rates.f1) == (0.75, 0.5, 0.6)


def test_shares_of_nothing_are_none() -> None:
    assert (Rates(0, 0, 0).precision, Rates(0, 0, 0).recall, Rates(0, 0, 0).f1) == (None, None, None)
    assert (Rates(0, 2, 0).precision, Rates(0, 2, 0).recall, Rates(0, 2, 0).f1) == (0.0, None, 0.0)
    assert (Rates(0, 0, 2).precision, Rates(0, 0, 2).recall, Rates(0, 0, 2).f1) == (None, 0.0, 0.0)


def test_words_that_the_model_changed_do_not_shift_the_others() -> None:
    counted = score("Раз, два, три, четыре.", "Раз, пять шесть, три, четыре.")
    assert (counted.words, counted.unaligned) == (4, 1)
    assert counts(counted, Mark.COMMA) == (2, 1, 1)
    assert counts(counted, Mark.PERIOD) == (1, 0, 0)


def test_a_hyphen_that_the_model_adds_costs_no_word() -> None:
    counted = score("Я кое, как дошёл.", "Я кое-как дошёл.")
    assert (counted.words, counted.unaligned, counts(counted, Mark.COMMA)) == (4, 0, (0, 0, 1))


def test_texts_are_added_up() -> None:
    together = PunctuationScore()
    for wanted, got in (("Да, нет.", "Да нет."), ("Раз, два.", "Раз, пять.")):
        together.include(score(wanted, got))
    assert (together.words, together.unaligned) == (4, 1)
    assert counts(together, Mark.COMMA) == (1, 0, 1)
    assert counts(together, Mark.PERIOD) == (1, 1, 1)


def test_right_text_has_no_faults() -> None:
    chance = random.Random(1)
    signs = [",", ".", "?", "!", ":", ";", " —", "…", ""]
    text = " ".join(chance.choice(("дом", "Дом", "ДОМ")) + chance.choice(signs) for _ in range(500))
    counted = score(text, text)
    assert counted.unaligned == 0
    assert {counted.rates(mark).f1 for mark in MARKS} <= {1.0, None}


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Ёлка, ещё ёж!", "елка еще еж"),
        ("Кто-то сказал: «Да»…", "кто то сказал да"),
        ("за\u0301мок\tи \n замо\u0301к", "замок и замок"),
        ("в 10:30 file_name", "в 10 30 file name"),
        ("— … —", ""),
    ],
)
def test_speech_is_compared_without_marks_case_and_yo(text: str, plain: str) -> None:
    assert normalized(text) == plain
