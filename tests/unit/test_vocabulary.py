"""The user's terms and snippets in recognised words: every form of them, and nothing else."""

import itertools
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicetype.core.text.replacement import applied
from voicetype.core.text.vocabulary.entries import Endings, Snippet, Term, fold, spoken_words
from voicetype.core.text.vocabulary.nearby import within
from voicetype.core.text.vocabulary.packed import pack_entries, pack_phrases, unpack_entries, unpack_phrases
from voicetype.core.text.vocabulary.vocabulary import Vocabulary
from voicetype.vocabulary.dictionary import RussianDictionary

DICTIONARY = RussianDictionary()
TERMS = [
    Term("Иванов"),
    Term("Петренко"),
    Term("Достоевский"),
    Term("Тупольцев"),
    Term("Лаврентюк"),
    Term("Шойгу"),
    Term("Королёв"),
    Term("Пётр"),
    Term("Анна Петрова"),
    Term("Владимир Владимирович Путин"),
    Term("Газпром нефть"),
    Term("Конституционный суд"),
    Term("Нижний Новгород"),
    Term("Санкт-Петербург"),
    Term("Единая Россия"),
    Term("Совет Федерации"),
    Term("Счётная палата Российской Федерации"),
    Term("Большой театр"),
    Term("Красная площадь"),
    Term("«Лукойл»", ("лукойл",)),
    Term("Известия"),
    Term("ГОСТ"),
    Term("Человек года"),
    Term("PostgreSQL", ("постгрес",)),
    Term("Docker", ("докер",)),
    Term("Helm", ("хелм",), Endings.KEEP),
    Term("Jira", ("джира",), Endings.KEEP),
    Term("Кафка", ("кафка",), Endings.NONE),
    Term("ПТР", ("птр контроль",), Endings.DROP),
    Term("pull request", ("пул реквест",)),
    Term("JSON-файл", ("джейсон файл",)),
    Term("QR-код", ("кью ар код",)),
    Term("SQL", ("эс кью эль",)),
    Term("Kubernetes", ("кубернетис",)),
    Term("GitHub", ("гитхаб",)),
    Term("Excel", ("эксель",)),
    Term("Django", ("джанго",)),
    Term("Rust", ("раст",)),
    Term("МВД", ("эмвэдэ",)),
    Term("Терраформ", ("терраформ",), enabled=False),
    Snippet(("моя подпись",), "С уважением,\nИван Иванов."),
    Snippet(("мой адрес", "домашний адрес"), "ул. Ленина, д. 1"),
]
VOCABULARY = Vocabulary.compile(TERMS, DICTIONARY)
EXACT = Vocabulary.compile(TERMS, DICTIONARY, approximate=False)


def written(spoken: str, vocabulary: Vocabulary = VOCABULARY) -> str:
    words = spoken.split()
    return applied(words, vocabulary.find(words))


FORMS = """
иванов                              Иванов
ивановым                            Ивановым
ивановой                            Ивановой
ивановых                            Ивановых
об иванове и ивановой               об Иванове и Ивановой
встретил иванову                    встретил Иванову
петренко                            Петренко
к достоевскому                      к Достоевскому
достоевским                         Достоевским
достоевской                         Достоевской
с тупольцевым                       с Тупольцевым
тупольцевой                         Тупольцевой
лаврентюком                         Лаврентюком
шойгу                               Шойгу
королев                             Королёв
королевым                           Королёвым
королёва                            Королёва
петр                                Пётр
петра                               Петра
пётром                              Пётром
анна петрова                        Анна Петрова
анны петровой                       Анны Петровой
анну петрову                        Анну Петрову
владимира владимировича путина      Владимира Владимировича Путина
владимиру владимировичу путину      Владимиру Владимировичу Путину
газпром нефть                       Газпром нефть
газпром нефти                       Газпром нефти
газпром нефтью                      Газпром нефтью
конституционный суд                 Конституционный суд
конституционного суда               Конституционного суда
конституционному суду               Конституционному суду
конституционным судом               Конституционным судом
в конституционном суде              в Конституционном суде
конституционные суды                Конституционные суды
нижний новгород                     Нижний Новгород
в нижнем новгороде                  в Нижнем Новгороде
из нижнего новгорода                из Нижнего Новгорода
санкт-петербург                     Санкт-Петербург
в санкт-петербурге                  в Санкт-Петербурге
из санкт петербурга                 из Санкт-Петербурга
единой россии                       Единой России
единую россию                       Единую Россию
совета федерации                    Совета Федерации
советом федерации                   Советом Федерации
счетной палаты российской федерации Счётной палаты Российской Федерации
большого театра                     Большого театра
большому театру                     Большому театру
на красной площади                  на Красной площади
красную площадь                     Красную площадь
лукойл                              «Лукойл»
акции лукойла                       акции «Лукойла»
лукойлом                            «Лукойлом»
известиями                          Известиями
по госту                            по ГОСТу
гостами                             ГОСТами
людей года                          Людей года
постгрес                            PostgreSQL
постгреса                           PostgreSQL
постгресом                          PostgreSQL
докером                             Docker
в докере                            в Docker
хелмом                              Helm'ом
в хелме                             в Helm'е
хелм                                Helm
джирой                              Jira
кафка                               Кафка
птр контролем                       ПТР
пул реквест                         pull request
два пул реквеста                    два pull request
пул реквестов                       pull request
джейсон файл                        JSON-файл
джейсон файлами                     JSON-файлами
кью ар код                          QR-код
кью ар кодом                        QR-кодом
эс кью эль                          SQL
кубернетисе                         Kubernetes
на гитхабе                          на GitHub
экселем                             Excel
в экселе                            в Excel
на джанго                           на Django
раста                               Rust
эмвэдэ                              МВД
мой адрес                           ул. Ленина, д. 1
вот домашний адрес и все            вот ул. Ленина, д. 1 и все
"""

UNTOUCHED = """
иван
ивана
ивану
иваны да марьи
ивановский
ивановка
иванчук
суд
суда нет
судья
судно
суд решил конституционный вопрос
конституционный судья
конституционного суд
конституционной судом
нефть
нефтью газпрома
газпром
газпромом нефти
советом федераций
федерации
палаты
театр
большой
большая площадь
красная
красная цена
площадь красная
новгород
нижний
россия
нижний новгорода
королева англии
королеву
кафки
кафкой
терраформ
терраформом
пул
реквест
реквест пул
эс
эс кью
кью эль
файл
джейсон
код
кью ар
расту
растут дети
растить
докерский
гостья
гостиная
моей подписи
подпись
мой
адрес
моя подписью
птр
анна
петровой
анне петрова
владимир владимирович
санкт
петербург
санкт-петербургский
экселлент
год человека
годы
"""


def rows(table: str) -> list[tuple[str, str]]:
    """The columns begin where the first line says."""
    lines = table.strip("\n").splitlines()
    column = lines[0].rindex("  ") + 2
    return [(line[:column].strip(), line[column:].strip()) for line in lines]


@pytest.mark.parametrize(("spoken", "text"), rows(FORMS))
def test_a_term_is_written_in_the_form_that_is_said(spoken: str, text: str) -> None:
    assert written(spoken) == text
    assert written(spoken, EXACT) == text


@pytest.mark.parametrize("spoken", UNTOUCHED.strip().splitlines())
def test_other_words_stay(spoken: str) -> None:
    assert written(spoken) == spoken


@pytest.mark.parametrize(
    ("spoken", "text"),
    [
        ("кубернетес", "Kubernetes"),
        ("кубирнетис", "Kubernetes"),
        ("кубернетеса", "Kubernetes"),
        ("кубер нетис", "Kubernetes"),
        ("гит хаб", "GitHub"),
        ("гитхап", "GitHub"),
        ("достаевского", "Достоевского"),
        ("тупольцивым", "Тупольцевым"),
        ("пастгрес", "PostgreSQL"),
        ("постгес", "PostgreSQL"),
        ("постргес", "PostgreSQL"),
        ("вот кубернетиз и все", "вот Kubernetes и все"),
    ],
)
def test_what_is_heard_nearly_right_is_found(spoken: str, text: str) -> None:
    assert written(spoken) == text
    assert written(spoken, EXACT) == spoken


@pytest.mark.parametrize(
    "spoken",
    [
        "доктор",  # an ordinary word near a term
        "докир",  # too short
        "хилм",
        "прогресс",
        "бубернетис",  # another sound at the beginning
        "кубернавтика",
        "гит ха",
    ],
)
def test_what_is_only_similar_stays(spoken: str) -> None:
    assert written(spoken) == spoken


def test_an_ordinary_word_is_never_taken_for_a_term() -> None:
    terms = [Term("Вагранов"), Term("Лестницев"), Term("Портнягин"), Term("Сторожев")]
    vocabulary = Vocabulary.compile(terms, DICTIONARY)
    ordinary = ["вагранок", "лестницей", "лестница", "портняжка", "сторожей", "сторожка", "сторожем"]
    assert all(DICTIONARY.knows(word) for word in ordinary)
    assert written(" ".join(ordinary), vocabulary) == " ".join(ordinary)


def test_two_ordinary_words_are_not_joined() -> None:
    vocabulary = Vocabulary.compile([Term("Невод", ("неводы",)), Term("Пастух", ("постухи",))], DICTIONARY)
    assert written("не воды", vocabulary) == "не воды"


def test_two_terms_that_are_equally_near_are_left_alone() -> None:
    vocabulary = Vocabulary.compile([Term("Кардинов"), Term("Кардилов")], DICTIONARY)
    assert written("кардиков", vocabulary) == "кардиков"


def test_the_longest_term_counts() -> None:
    vocabulary = Vocabulary.compile(
        [Term("Газпром"), Term("Газпром нефть"), Term("Газпром нефть шельф"), Term("Шельф")], DICTIONARY
    )
    assert written("газпром газпром нефти газпром нефть шельфом", vocabulary) == "Газпром Газпром нефти " + (
        "Газпром нефть шельфом"
    )
    assert written("газпром и нефть шельфом", vocabulary) == "Газпром и нефть Шельфом"


def test_the_later_of_two_terms_said_alike_counts_also_when_it_is_off() -> None:
    bundled = Term("Docker", ("докер",))
    assert written("докером", Vocabulary.compile([bundled, Term("докер", endings=Endings.KEEP)], DICTIONARY)) == (
        "докером"
    )
    assert not Vocabulary.compile([bundled, Term("Docker", ("докер",), enabled=False)], DICTIONARY)
    assert len(Vocabulary.compile([Term("Докер", enabled=False), bundled], DICTIONARY)) == 1


def test_the_given_form_of_one_term_counts_before_a_form_of_another() -> None:
    for terms in itertools.permutations([Term("First", ("маркер",)), Term("Second", ("маркера",))]):
        vocabulary = Vocabulary.compile(terms, DICTIONARY)
        assert written("маркер маркера", vocabulary) == "First Second"


@pytest.mark.parametrize(
    ("term", "own_case", "stop"),
    [
        (Term("Docker", ("докер",)), True, False),
        (Term("pull request", ("докер",)), False, False),
        (Term("npm", ("докер",), exact_case=True), True, False),
        (Term("Docker", ("докер",), exact_case=False), False, False),
        (Term("и т. д.", ("докер",)), False, True),
        (Snippet(("докер",), "две\nстроки"), True, False),
        (Snippet(("докер",), "Всё."), True, True),
    ],
)
def test_a_replacement_tells_about_capitals_and_stops(term: Term | Snippet, own_case: bool, stop: bool) -> None:
    (found,) = Vocabulary.compile([term], DICTIONARY).find(["докер"])
    assert (found.own_case, found.ends_with_stop) == (own_case, stop)


def test_a_snippet_may_have_several_lines() -> None:
    (found,) = VOCABULARY.find(["моя", "подпись"])
    assert found.text == "С уважением,\nИван Иванов."


def test_without_a_dictionary_only_given_forms_are_found() -> None:
    vocabulary = Vocabulary.compile(TERMS)
    assert written("иванов иванова докер докером кубернетес пул реквест", vocabulary) == (
        "Иванов иванова Docker докером кубернетес pull request"
    )


@pytest.mark.parametrize("way", ["", " ", "PostgreSQL", "1с", "си++", "слово " * 13, "«»", "naïve", "日本"])
def test_what_cannot_be_said_in_russian_letters_is_refused(way: str) -> None:
    with pytest.raises(ValueError):
        spoken_words(way)
    assert not Vocabulary.compile([Term("Нечто", (way or " ",))], DICTIONARY)


@pytest.mark.parametrize(
    ("way", "words"),
    [
        ("«Газпром  нефть»", ("газпром", "нефть")),
        ("Санкт-Петербург", ("санкт", "петербург")),
        ("Ёлка", ("ёлка",)),
        ("и\u0306од", ("йод",)),  # a file from a Mac
    ],
)
def test_a_spoken_phrase_is_cut_into_words(way: str, words: tuple[str, ...]) -> None:
    assert spoken_words(way) == words


@pytest.mark.parametrize(
    ("one", "other", "edits", "distance"),
    [
        ("докер", "докер", 1, 0),
        ("докер", "дакер", 1, 1),
        ("докер", "докеры", 1, 1),
        ("докер", "окер", 1, 1),
        ("докер", "доекр", 1, 1),
        ("докер", "дакир", 1, None),
        ("докер", "дакир", 2, 2),
        ("докер", "", 2, None),
        ("", "аб", 2, 2),
    ],
)
def test_the_distance_of_two_words(one: str, other: str, edits: int, distance: int | None) -> None:
    assert within(one, other, edits) == distance
    assert within(other, one, edits) == distance


def test_the_word_list_is_the_dictionary() -> None:
    words = ["суд", "ёлка", "елка", "елками", "иванов", "постгрес", "", "абв", "ещё", "еще", "x", "\ud800", "а" * 500]
    assert [word for word in words if DICTIONARY.knows(word)] == [
        *("суд", "ёлка", "елка", "елками", "иванов", "ещё", "еще")
    ]


WORDS = st.sampled_from(
    sorted({word for line in [*FORMS.split("\n"), *UNTOUCHED.split("\n")] for word in line.split()})
)
ANYTHING = st.text(max_size=8)


@given(st.lists(WORDS | ANYTHING | st.text("абвгдеёжз-", max_size=12), max_size=20))
def test_replacements_lie_in_the_phrase_and_never_overlap(words: list[str]) -> None:
    found = VOCABULARY.find(words)
    assert all(0 <= each.start < each.stop <= len(words) and each.text for each in found)
    assert all(one.stop <= other.start for one, other in itertools.pairwise(found))
    assert all(0 <= each.start < each.stop <= len(words) for each in EXACT.find(words))


@given(ANYTHING, st.lists(st.text("абв ё-", max_size=10) | ANYTHING, max_size=3), st.sampled_from(Endings))
def test_no_term_makes_it_fail(text: str, ways: list[str], endings: Endings) -> None:
    vocabulary = Vocabulary.compile([Term(text or "x", tuple(ways), endings)], DICTIONARY)
    for phrase in vocabulary.phrases:
        words = [pattern.stem + pattern.given for pattern in phrase.patterns]
        (found,) = vocabulary.find(words)
        assert (found.start, found.stop) == (0, len(words))


@given(st.lists(st.text(string.ascii_letters + "абвгё ", max_size=8)), st.booleans())
def test_entries_survive_packing(ways: list[str], enabled: bool) -> None:
    entries = [Term("x", tuple(ways), Endings.KEEP, enabled, True), Snippet(tuple(ways), "y\nz", enabled), *TERMS]
    assert unpack_entries(pack_entries(entries)) == entries


def test_phrases_survive_packing() -> None:
    phrases = tuple(unpack_phrases(pack_phrases(VOCABULARY.phrases)))
    assert phrases == VOCABULARY.phrases
    tables = {id(pattern.endings) for phrase in phrases for pattern in phrase.patterns}
    assert len(tables) == len({id(pattern.endings) for phrase in VOCABULARY.phrases for pattern in phrase.patterns})


def test_folding_keeps_the_length_of_russian_words() -> None:
    assert fold("Ёлка") == "елка"
