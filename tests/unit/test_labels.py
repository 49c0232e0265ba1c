"""`voicetype.core.labels`: what is cut for the model comes back whole, with case and marks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicetype.core.labels import (
    LOWER_O,
    MARK_CHARACTERS,
    Case,
    Label,
    Mark,
    Window,
    cut,
    cut_windows,
    fold,
    join,
    longest_word,
    parse_label,
)

NAMES = [f"{case.value}_{mark.value}" for mark in Mark for case in Case]
LABELS = [parse_label(name) for name in NAMES]
RUSSIAN = st.text(alphabet="абвёйЁПШabcXY0 1-,.:;!?—«»()'’@/\\😀№%+ \n\u0301", max_size=60)


def written(text: str, *names: str) -> str:
    """`text` with the labels `names` for the words that the model is given."""
    pieces = cut(text)
    labels = iter(names)
    result = join(pieces, [parse_label(next(labels)) if piece.model_text else None for piece in pieces])
    assert next(labels, None) is None, "one label too many"
    return result


def labelled(text: str) -> str:
    """`text` as a model would write it whose opinion depends on the word and the one after it."""
    pieces = cut(text)
    words = [piece.model_text for piece in pieces if piece.model_text]
    opinions = iter(
        LABELS[sum(map(ord, one + two)) % len(LABELS)] for one, two in zip(words, [*words[1:], ""], strict=False)
    )
    return join(pieces, [next(opinions) if piece.model_text else None for piece in pieces])


def letters(text: str) -> str:
    """All that `join` may not touch: the characters but for case, marks and spaces."""
    return "".join(
        fold(character) for character in text if not character.isspace() and character not in MARK_CHARACTERS
    )


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("UPPER_PERIOD", Label(Case.UPPER, Mark.PERIOD)),
        ("LOWER_O", LOWER_O),
        ("UPPER_TOTAL_QUESTIONVOSKL", Label(Case.UPPER_TOTAL, Mark.QUESTION_EXCLAMATION)),
    ],
)
def test_label_names(name: str, label: Label) -> None:
    assert parse_label(name) == label


@pytest.mark.parametrize("name", ["", "O", "B-PER", "LOWER", "LOWER_", "TOTAL_O"])
def test_other_label_names_are_refused(name: str) -> None:
    with pytest.raises(ValueError):
        parse_label(name)


@pytest.mark.parametrize("name", NAMES)
def test_each_label_writes_its_case_and_mark(name: str) -> None:
    word = {Case.LOWER: "слово", Case.UPPER: "Слово", Case.UPPER_TOTAL: "СЛОВО"}[parse_label(name).case]
    mark = dict(
        PERIOD=".",
        COMMA=",",
        QUESTION="?",
        TIRE=" —",
        VOSKL="!",
        DVOETOCHIE=":",
        PERIODCOMMA=";",
        DEFIS="",
        QUESTIONVOSKL="?!",
        MNOGOTOCHIE="…",
        O="",
    )[parse_label(name).mark.value]
    assert written("слово", name) == word + mark


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        ("привет как дела", ["UPPER_COMMA", "LOWER_O", "LOWER_QUESTION"], "Привет, как дела?"),
        ("москва столица россии", ["UPPER_TIRE", "LOWER_O", "UPPER_PERIOD"], "Москва — столица России."),
        ("да нет", ["LOWER_PERIOD", "LOWER_O"], "да. Нет"),
        ("да и нет", ["LOWER_MNOGOTOCHIE", "LOWER_O", "LOWER_O"], "да… и нет"),
        ("кто то пришёл", ["UPPER_DEFIS", "LOWER_O", "LOWER_O"], "Кто-то пришёл"),
        ("кто-то пришёл", ["UPPER_DEFIS", "LOWER_COMMA", "LOWER_O"], "Кто-то, пришёл"),
        ("кто-то пришёл", ["UPPER_COMMA", "LOWER_O", "LOWER_O"], "Кто-то пришёл"),
        ("нью-йорк", ["UPPER_O", "UPPER_O"], "Нью-Йорк"),
        ("из-за тебя и", ["LOWER_O", "LOWER_O", "LOWER_O", "LOWER_DEFIS"], "из-за тебя и"),
        ("сша и ёж", ["UPPER_TOTAL_O", "LOWER_O", "UPPER_O"], "США и Ёж"),
        ("Привет, КАК дела?!", ["LOWER_O", "LOWER_O", "LOWER_O"], "привет как дела"),
        ("он купил iPhone и GitHub", ["UPPER_O"] * 5, "Он Купил iPhone И GitHub"),
        ("3,5 и 10:30", ["LOWER_O", "LOWER_O", "LOWER_PERIOD"], "3,5 и 10:30."),
        ("config.json ivan@mail.ru", ["UPPER_TOTAL_DEFIS", "UPPER_PERIOD"], "config.json ivan@mail.ru."),
        ("e-mail", ["LOWER_O", "LOWER_PERIOD"], "e-mail."),
        ("a--b", ["UPPER_COMMA"], "a--b,"),
        ("«привет», (мир)", ["UPPER_COMMA", "LOWER_PERIOD"], "«Привет», (мир)."),
        ("«да!» сказал", ["UPPER_COMMA", "LOWER_O"], "«Да!» сказал"),
        ("слово 😀 да", ["LOWER_PERIOD", "LOWER_O"], "слово. 😀 Да"),
        ("да 😀 то", ["LOWER_DEFIS", "LOWER_O"], "да 😀 то"),
        ("да — нет", ["LOWER_TIRE", "LOWER_O"], "да — нет"),
        ("д'артаньян c++ №5 50%", ["UPPER_O", "UPPER_COMMA", "LOWER_O", "LOWER_O"], "Д'артаньян C++, №5 50%"),
    ],
)
def test_writing(text: str, names: list[str], expected: str) -> None:
    assert written(text, *names) == expected


def test_words_without_a_label_stay_as_they_are() -> None:
    pieces = cut("Ъъъ да")
    assert join(pieces, [None, LOWER_O]) == "Ъъъ да"


def test_the_model_sees_words_as_it_was_trained_on() -> None:
    pieces = cut("Кто-то ЁЖ, 😀 — «3,5» Config.JSON")
    assert [piece.model_text for piece in pieces] == ["кто", "то", "еж", "", "3,5", "config.json"]


def test_a_very_long_word_is_short_for_the_model_and_whole_in_the_text() -> None:
    word = "а" * 10_000
    (piece,) = cut(word)
    assert len(piece.model_text) == 100
    assert join([piece], [LOWER_O]) == word


def test_a_missing_label_is_an_error() -> None:
    with pytest.raises(ValueError):
        join(cut("раз два"), [LOWER_O])


@given(st.one_of(st.text(max_size=60), RUSSIAN))
def test_only_case_and_marks_change(text: str) -> None:
    assert letters(labelled(text)) == letters(text)


@given(st.one_of(st.text(max_size=60), RUSSIAN))
def test_writing_twice_is_writing_once(text: str) -> None:
    once = labelled(text)
    assert labelled(once) == once


@given(st.one_of(st.text(max_size=60), RUSSIAN))
def test_words_for_the_model_are_neither_empty_nor_spaced(text: str) -> None:
    for piece in cut(text):
        assert not piece.model_text or (piece.model_text.split() == [piece.model_text])


@given(st.characters())
def test_folding_can_be_undone(character: str) -> None:
    assert character in (fold(character), fold(character).upper())
    assert fold(fold(character)) == fold(character)


@given(st.data(), st.integers(1, 600), st.integers(0, 12))
def test_windows_fit_and_keep_each_word_once(data: st.DataObject, limit: int, overlap: int) -> None:
    lengths = data.draw(st.lists(st.integers(1, longest_word(limit)), max_size=300))
    windows = list(cut_windows(lengths, limit, overlap))
    kept = [word for window in windows for word in range(window.keep_begin, window.keep_end)]
    assert kept == list(range(len(lengths)))
    for window in windows:
        assert window.begin <= window.keep_begin < window.keep_end <= window.end
        assert sum(lengths[window.begin : window.end]) <= limit


def test_windows_overlap() -> None:
    assert list(cut_windows([1] * 100, 60, 10)) == [Window(0, 60, 0, 50), Window(40, 100, 50, 100)]


def test_a_text_that_fits_is_one_window() -> None:
    assert list(cut_windows([1] * 94, 94)) == [Window(0, 94, 0, 94)]


def test_windows_are_few() -> None:
    assert len(list(cut_windows([2] * 10_000, 94))) < 10_000 / 20
