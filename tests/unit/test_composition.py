"""From phrases to finished text: signs, breaks, case, deletions, and the same text however often somebody looks."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from tests.unit.sources import ROOT
from voicetype.core.messages import MessageCode, ModelError
from voicetype.core.text import composition as composing
from voicetype.core.text import marks
from voicetype.core.text.composition import Composition, Rules
from voicetype.core.text.grammar import Deed, parse_grammar
from voicetype.core.text.marks import Punctuate
from voicetype.core.text.replacement import Replacement
from voicetype.core.text.settings import CommandMode, TextSettings

GRAMMAR = parse_grammar(yaml.safe_load((ROOT / "voicetype" / "data" / "commands.yaml").read_text(encoding="utf-8")))
NAMES = {"москва", "иван", "питер"}
ENDS = {"директора", "дома", "дела"}


def model(text: str) -> str:
    """A punctuation model: knows some names, ends sentences after some words, sets a comma before «а»."""
    written: list[str] = []
    begins = True
    words = text.split()
    for index, word in enumerate(words):
        following = words[index + 1] if index + 1 < len(words) else ""
        mark = "." if word in ENDS else "," if following == "а" else ""
        written.append((word.capitalize() if begins or word in NAMES else word) + mark)
        begins = word in ENDS
    return " ".join(written)


def numbers(words: Sequence[str]) -> list[Replacement]:
    found = []
    for index, word in enumerate(words):
        if word == "двадцать":
            if words[index + 1 : index + 2] == ["пять"]:
                found.append(Replacement(index, index + 2, "25"))
            else:
                found.append(Replacement(index, index + 1, "20"))
        if word == "рублей":
            found.append(Replacement(index, index + 1, "руб.", ends_with_stop=True))
        if word == "подпись":
            found.append(Replacement(index, index + 1, "С уважением,\nИван"))
        if word == "докер":
            found.append(Replacement(index, index + 1, "Docker"))
    return found


RULES = Rules((numbers,), GRAMMAR, is_number=lambda word: word in {"один", "два", "двадцать", "пять"})


def composed(*phrases: str, punctuate: object = model, continues: bool = False, **settings: object) -> str:
    composition = Composition(TextSettings(**settings), RULES, continues=continues)  # type: ignore[arg-type]
    for phrase in phrases:
        composition.add(phrase, punctuate)  # type: ignore[arg-type]
    return composition.text(final=True)


@pytest.mark.parametrize(
    ("phrases", "text"),
    [
        ((), ""),
        (("мама мыла раму",), "Мама мыла раму."),
        (("отправьте договор", "директора", "мы дома"), "Отправьте договор директора. Мы дома."),
        (("привет", "запятая", "как дела", "вопросительный знак"), "Привет, как дела?"),
        (("привет", "запятая", "иван"), "Привет, Иван."),
        (("мы дома", "запятая", "а ты"), "Мы дома, а ты."),
        (("мы дома", "запятая", "мама"), "Мы дома, мама."),
        (("список", "двоеточие", "мама", "точка с запятой", "папа"), "Список: мама; папа."),
        (("первая", "новая строка", "вторая"), "Первая\nВторая."),
        (("первая", "новый абзац", "вторая"), "Первая.\n\nВторая."),
        (("первая", "точка новый абзац", "вторая"), "Первая.\n\nВторая."),
        (("новый абзац", "вторая"), "\n\nВторая."),
        (("роман", "открыть кавычки", "мама", "закрыть кавычки"), "Роман «мама»."),
        (("роман", "открыть кавычки", "мама", "закрыть кавычки", "новый"), "Роман «мама» новый."),
        (("иван", "открыть скобку", "мама", "закрыть скобку", "тут"), "Иван (мама) тут."),
        (("мама", "тире", "это"), "Мама — это."),
        (("ну", "многоточие", "ладно"), "Ну… Ладно."),
        (("в списке двадцать пять",), "В списке 25."),
        (("это двадцать рублей",), "Это 20 руб."),
        (("это двадцать рублей", "восклицательный знак"), "Это 20 руб.!"),
        (("докер мама",), "Docker мама."),
        (("моя подпись",), "Моя С уважением,\nИван."),
        (("город", "с большой буквы", "мама"), "Город Мама."),
        (("город", "большими буквами", "мама папа"), "Город МАМА папа."),
        (("город", "включить заглавные", "мама папа", "выключить заглавные", "тут"), "Город МАМА ПАПА тут."),
        (("город", "с маленькой буквы", "москва"), "Город москва."),
        (
            ("город", "включить заглавные", "мама", "новая строка", "папа", "выключить заглавные", "я"),
            "Город МАМА\nПАПА я.",
        ),
        (("список", "новая строка", "тире", "мама", "новая строка", "тире", "папа"), "Список\n— Мама\n— Папа."),
        (("закрыть скобку", "мама"), ") Мама."),
        (("это двадцать рублей", "точка", "мама"), "Это 20 руб. Мама."),
        (("мама", "открыть скобку", "двадцать рублей", "закрыть скобку"), "Мама (20 руб.)."),
        (("да", "восклицательный знак", "восклицательный знак", "нет"), "Да!! Нет."),
        (("да", "точка", "точка", "точка", "нет"), "Да... Нет."),
        (("роман", "открыть кавычки"), "Роман «"),
        (("функция", "открыть скобку", "закрыть скобку", "тут"), "Функция () тут."),
        (("открыть кавычки", "многоточие", "а вот", "закрыть кавычки"), "«…А вот»."),
        (("слово точка",), "Точка."),
        (("точка зрения",), "Точка зрения."),
    ],
)
def test_phrases_become_text(phrases: tuple[str, ...], text: str) -> None:
    assert composed(*phrases) == text


@pytest.mark.parametrize(
    ("phrases", "text"),
    [
        (("мама мыла раму", "удали слово"), "Мама мыла."),
        (("мама двадцать пять", "удали слово"), "Мама."),
        (("мама", "запятая", "удали слово"), ""),
        (("мы дома", "мама мыла", "удали предложение"), "Мы дома."),
        (("мы дома", "удали предложение", "мама"), "Мама."),
        (("мама", "точка", "мыла", "удали предложение"), "Мама."),
        (("мама", "новый абзац", "папа", "удали все", "тут"), "Тут."),
        (("мама", "папа", "отмени"), "Мама."),
        (("мама", "папа", "удали слово", "отмени"), "Мама папа."),
        (("мама", "папа", "отмени", "отмени", "тут"), "Тут."),
        (("мама", "запятая отмени", "папа"), "Мама папа."),
        (("мама", "запятая", "запятая отмени отмени", "папа"), "Мама папа."),
    ],
)
def test_what_was_said_can_be_taken_back(phrases: tuple[str, ...], text: str) -> None:
    assert composed(*phrases) == text


@pytest.mark.parametrize(
    ("mode", "phrase", "text"),
    [
        (CommandMode.OFF, "точка", "Точка."),
        (CommandMode.PHRASE, "мама запятая папа", "Мама запятая папа."),
        (CommandMode.PREFIX, "мама команда запятая папа", "Мама, папа."),
        (CommandMode.PREFIX, "точка и запятая", "Точка и запятая."),
        (CommandMode.PREFIX, "новая команда мама", "Новая команда мама."),
        (CommandMode.ANYWHERE, "мама запятая папа точка", "Мама, папа."),
        (CommandMode.ANYWHERE, "мама слово запятая папа", "Мама запятая папа."),
        (CommandMode.ANYWHERE, "один точка два", "Один точка два."),
        (CommandMode.ANYWHERE, "один новая строка два", "Один\nДва."),
        (CommandMode.ANYWHERE, "точка с запятой", ";"),
        (CommandMode.ANYWHERE, "прошу отменить решение", "Прошу отменить решение."),
        (CommandMode.ANYWHERE, "абзац второй статьи", "Абзац второй статьи."),
        (CommandMode.PREFIX, "мама команда абзац папа", "Мама.\n\nПапа."),
        (CommandMode.ANYWHERE, "мама отмени папа", "Папа."),
    ],
)
def test_where_a_command_is_heard_is_a_choice(mode: CommandMode, phrase: str, text: str) -> None:
    assert composed(phrase, commands=mode) == text


def test_a_sentence_end_at_a_pause_is_held_back_until_it_is_confirmed() -> None:
    composition = Composition(TextSettings(), RULES)
    composition.add("мы дома", model)
    assert composition.text(final=False) == "Мы дома"
    composition.add("мама", model)
    assert composition.text(final=False) == "Мы дома. Мама"
    assert composition.text(final=True) == "Мы дома. Мама."


def test_a_text_that_goes_on_in_a_sentence_has_no_capital() -> None:
    assert composed("мама мыла", continues=True) == "мама мыла."
    assert composed("докер тут", continues=True) == "Docker тут."


def test_without_a_model_there_are_a_capital_and_a_full_stop() -> None:
    assert composed("мама мыла", "раму", punctuate=None) == "Мама мыла раму."
    assert composed("мама", "вопросительный знак", "папа", punctuate=None) == "Мама? Папа."


def test_a_short_text_can_do_without_its_full_stop() -> None:
    assert composed("мама мыла", short_words=2) == "Мама мыла"
    assert composed("мама мыла раму", short_words=2) == "Мама мыла раму."
    assert composed("мама", "точка", short_words=2) == "Мама."
    assert composed("мама", "новая строка", "папа", short_words=3) == "Мама\nПапа."


@pytest.mark.parametrize(
    ("phrase", "deed"),
    [("отмени", Deed.UNDO), ("удали слово", Deed.DELETE_WORD), ("повтори вставку", Deed.REPEAT)],
)
def test_what_this_dictation_cannot_do_is_for_the_program(phrase: str, deed: Deed) -> None:
    composition = Composition(TextSettings(), RULES)
    assert [command.deed for command in composition.add(phrase, model)] == [deed]
    assert composition.empty and composition.text(final=True) == ""


def test_what_this_phrase_did_is_taken_back_before_anything_else() -> None:
    composition = Composition(TextSettings(commands=CommandMode.ANYWHERE), RULES)
    assert composition.add("мама отмени", model) == ()
    composition.add("папа", model)
    assert composition.add("мама отмени", model) == ()
    assert composition.text(final=True) == "Папа."


def test_the_end_of_the_dictation_is_for_the_program() -> None:
    composition = Composition(TextSettings(), RULES)
    composition.add("мама", model)
    assert [command.deed for command in composition.add("закончить диктовку", model)] == [Deed.STOP]
    assert composition.text(final=True) == "Мама."


def test_a_model_that_fails_costs_marks_and_no_words() -> None:
    def failing(text: str) -> str:
        raise ModelError(MessageCode.PUNCTUATION_FAILED, detail="x")

    composition = Composition(TextSettings(), RULES)
    composition.add("мама мыла", model)
    with pytest.raises(ModelError):
        composition.add("раму двадцать пять", failing)
    assert composition.text(final=True) == "Мама мыла раму 25."
    assert composition.plain_words() == "мама мыла раму двадцать пять"


WORDS = st.sampled_from(
    ["мама", "дома", "а", "двадцать", "пять", "москва", "рублей", "точка", "удали слово", "отмени", "новый абзац"]
)


@given(st.lists(WORDS, max_size=30), st.lists(st.booleans(), min_size=30, max_size=30))
def test_looking_on_the_way_changes_nothing(phrases: list[str], looks: list[bool]) -> None:
    watched, unwatched = (Composition(TextSettings(), RULES) for _ in range(2))
    for phrase, look in zip(phrases, looks, strict=False):
        watched.add(phrase, model)
        unwatched.add(phrase, model)
        if look:
            watched.text(final=False)
            watched.text(final=True)
    assert watched.text(final=True) == unwatched.text(final=True)


SAID = st.lists(
    st.one_of(
        st.lists(
            st.sampled_from([*sorted(NAMES | ENDS), "а", "и", "двадцать", "пять", "рублей", "подпись"]), min_size=1
        ).map(lambda words: " ".join(words[:4])),
        st.sampled_from([" ".join(command) for command in sorted(GRAMMAR.phrases)]),
        st.sampled_from(["удали слово", "удали предложение", "отмени", "отмени отмени", "точка отмени", "запятая"]),
    ),
    max_size=14,
)


@pytest.mark.parametrize("punctuate", [model, None], ids=["model", "no model"])
@given(SAID, st.booleans())
@example(["следующая строка", *["all caps"] * 4, "удали последнее предложение"], False)
@example(["дела", "open bracket", "иван иван дела", "удали последнее предложение"], False)
def test_what_is_written_down_for_good_shows_nowhere(
    punctuate: Punctuate | None, phrases: list[str], continues: bool
) -> None:
    def looks(most_open: int) -> list[tuple[object, ...]]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(marks, "_FROZEN_AFTER_WORDS", 2)
            patch.setattr(composing, "_MOST_OPEN", most_open)
            patch.setattr(composing, "_LONGEST_DELETION", 4)
            composition = Composition(TextSettings(), RULES, continues=continues)
            return [
                (composition.add(phrase, punctuate), composition.text(final=False), composition.text(final=True))
                for phrase in phrases
            ]

    assert looks(3) == looks(1000)


def test_a_long_text_that_is_taken_back_loses_one_sentence_only() -> None:
    composition = Composition(TextSettings(), RULES)
    for _ in range(150):
        composition.add("мама мыла раму мы дома", model)
    composition.add("а", model)
    for _ in range(140):
        composition.add("отмени", model)
    composition.add("удали предложение", model)
    assert composition.text(final=True) == " ".join(["Мама мыла раму мы дома."] * 10)
    assert not composition.text(final=False).endswith((".", " "))


@given(st.lists(st.text("абв точка,.-", max_size=20), max_size=8))
def test_it_never_fails(phrases: list[str]) -> None:
    composition = Composition(TextSettings(commands=CommandMode.ANYWHERE), RULES)
    for phrase in phrases:
        composition.add(phrase, model)
        composition.text(final=False)
    composition.text(final=True)


def test_a_long_text_is_asked_about_in_pieces() -> None:
    asked: list[int] = []

    def counting(text: str) -> str:
        asked.append(len(text.split()))
        return model(text)

    composition = Composition(TextSettings(), RULES)
    for _ in range(300):
        composition.add("мама мыла раму мы дома", counting)
    assert max(asked) < 60
    assert composition.text(final=True) == " ".join(["Мама мыла раму мы дома."] * 300)


@pytest.mark.parametrize("punctuate", [model, None], ids=["model", "no model"])
def test_a_long_text_is_the_same_as_many_short_ones_and_can_be_taken_back(punctuate: object) -> None:
    phrases = ["мама мыла раму двадцать", "пять рублей мы дома", "москва", "точка", "новый абзац", "иван докер"]
    long = Composition(TextSettings(), RULES)
    for number in range(600):
        long.add(phrases[number % 6], punctuate)  # type: ignore[arg-type]
    once = composed(*phrases, punctuate=punctuate)
    text = long.text(final=True)
    assert text == "\n\n".join([once.partition("\n\n")[0], *[text.split("\n\n")[1]] * 99, "Иван Docker."])
    words = len(long.plain_words().split())
    for _ in range(599):
        long.add("отмени", punctuate)  # type: ignore[arg-type]
    assert long.plain_words() == phrases[0] and words > 1000
    assert long.text(final=True) == composed(phrases[0], punctuate=punctuate)


@pytest.mark.parametrize("punctuate", [model, None], ids=["model", "no model"])
def test_a_long_text_without_breaks_has_no_seams(punctuate: object) -> None:
    composition = Composition(TextSettings(), RULES)
    phrase = "мама мыла раму двадцать пять рублей мы дома а мы тут"
    for _ in range(200):
        composition.add(phrase, punctuate)  # type: ignore[arg-type]
    in_one = Composition(TextSettings(), RULES)
    in_one.add(" ".join([phrase] * 200), punctuate)  # type: ignore[arg-type]
    assert composition.text(final=True) == in_one.text(final=True)
    composition.add("удали все", punctuate)  # type: ignore[arg-type]
    assert composition.empty
