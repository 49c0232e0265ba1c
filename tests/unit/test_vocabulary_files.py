"""The vocabulary's files: what is broken is told with its place, the rest works, and nothing is lost."""

import json
import random
import subprocess
import sys
import timeit
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from voicetype import cli, store
from voicetype.core.messages import ConfigError, MessageCode, UserMessage
from voicetype.core.text.replacement import applied
from voicetype.core.text.vocabulary.document import UserVocabulary, dump, parse
from voicetype.core.text.vocabulary.entries import Endings, Rule, Snippet, Term
from voicetype.core.text.vocabulary.tables import read_list
from voicetype.core.text.vocabulary.vocabulary import Vocabulary
from voicetype.vocabulary import compiling, files
from voicetype.vocabulary.dictionary import RussianDictionary

DICTIONARY = RussianDictionary()
MINE = UserVocabulary(
    (Term("Иванов"), Term("Docker", ("докер", "докир"), Endings.KEEP, enabled=False, exact_case=True)),
    (
        Snippet(("моя подпись",), "С уважением,\n\n  Иван: «да»\n"),
        Snippet(("раз", "два"), "да", enabled=False),
        Snippet(("абзац",), "\n\n"),
        Snippet(("чай",), "чай\n"),
    ),
    (Rule(r"\bт\.?\s?е\.", "то есть", ignore_case=True), Rule("a", "", enabled=False)),
    approximate=False,
    bundled=False,
)
EXAMPLE = """
vocabulary_version: 1
terms:
  - Иванов
  - written: PostgreSQL
    spoken: [постгрес, постгре эс кью эль]
  - {written: Kafka, spoken: кафка, endings: keep}
snippets:
  - spoken: моя подпись
    text: |
      С уважением,
      Иван
rules:
  - {find: '\\s+,', replace: ','}
"""


def codes(problems: tuple[UserMessage, ...]) -> list[MessageCode]:
    return [problem.code for problem in problems]


def write(text: str | bytes, name: str = files.USER_FILE) -> Path:
    path = store.config_dir() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_no_file_is_no_problem() -> None:
    assert files.load(files.user_path()) == (UserVocabulary(), ())


def test_the_example_is_read() -> None:
    found, problems = files.load(write(EXAMPLE))
    assert problems == ()
    assert found.terms == (
        Term("Иванов"),
        Term("PostgreSQL", ("постгрес", "постгре эс кью эль")),
        Term("Kafka", ("кафка",), Endings.KEEP),
    )
    assert found.snippets == (Snippet(("моя подпись",), "С уважением,\nИван"),)
    assert found.rules == (Rule(r"\s+,", ","),)


def test_what_is_saved_is_loaded() -> None:
    files.save(MINE)
    assert files.load(files.user_path()) == (MINE, ())


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1251"])
def test_every_encoding_of_notepad_reads(encoding: str) -> None:
    found, problems = files.load(write(EXAMPLE.encode(encoding)))
    assert (len(found.terms), problems) == (3, ())


@pytest.mark.parametrize(
    ("entry", "code", "params"),
    [
        ("terms: [{written: Иванов, sopken: иванов}]", "UNKNOWN_KEY", {"key": "sopken", "suggestion": "spoken"}),
        ("terms: [{written: PostgreSQL}]", "NOT_SPOKEN", {"value": "PostgreSQL"}),
        ("terms: [{written: X, spoken: 1с}]", "NOT_SPOKEN", {"value": "1с"}),
        ("terms: [{spoken: докер}]", "INVALID", {"key": "written", "value": "None"}),
        ("terms: [{written: 5, spoken: пять}]", "INVALID", {"key": "written", "value": "5"}),
        ("terms: [{written: X, spoken: 5}]", "INVALID", {"key": "spoken", "value": "5"}),
        ("terms: [{written: X, spoken: [да, 5]}]", "INVALID", {"key": "spoken"}),
        ("terms: [{written: X, spoken: икс, endings: both}]", "INVALID", {"key": "endings", "value": "both"}),
        ("terms: [{written: X, spoken: икс, enabled: maybe}]", "INVALID", {"key": "enabled", "value": "maybe"}),
        ("terms: [{written: X, spoken: икс, exact_case: 1}]", "INVALID", {"key": "exact_case"}),
        ("terms: [5]", "INVALID", {"key": "terms", "value": "5"}),
        ("terms: [[да]]", "INVALID", {"key": "terms"}),
        ("snippets: [{text: да}]", "INVALID", {"key": "spoken"}),
        ("snippets: [{spoken: да, text: ''}]", "INVALID", {"key": "text"}),
        ("snippets: [{spoken: yes, text: да}]", "INVALID", {"key": "spoken", "value": "True"}),
        ("rules: [{find: a}]", "INVALID", {"key": "replace"}),
        ("rules: [{find: '', replace: b}]", "INVALID", {"key": "find"}),
        ("rules: [{find: '(a', replace: b}]", "RULE_INVALID", {"value": "(a"}),
        ("rules: [{find: a, replace: '\\2'}]", "RULE_INVALID", {"value": "a"}),
        ("rules: [{find: '(?:a{1000}){1000}', replace: b}]", "RULE_INVALID", {}),
    ],
)
def test_a_broken_entry_is_told_with_its_place_and_the_rest_works(
    entry: str, code: str, params: dict[str, str]
) -> None:
    section, _, broken = entry.partition(": ")
    good = {"terms": "Петров", "snippets": "{spoken: да, text: нет}", "rules": "{find: a, replace: b}"}[section]
    text = f"# a line of its own\n{section}:\n  - {good}\n  - {broken[1:-1]}\n  - {good}\n"
    found, problems = files.load(write(text))
    assert len(getattr(found, section)) == (3 if code == "UNKNOWN_KEY" else 2)
    assert codes(problems) == [MessageCode[f"VOCABULARY_{code}"]]
    assert problems[0].params["path"] == files.USER_FILE
    assert problems[0].params["entry"] == f"{section}[2]:4"
    assert params.items() <= problems[0].params.items()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("terms: 5", "INVALID"),
        ("terms: текст", "INVALID"),
        ("[terms]", "INVALID"),
        ("approximate: 5", "INVALID"),
        ("termes: []", "UNKNOWN_KEY"),
        ("vocabulary_version: 99", "NEWER"),
        ("terms: [", "NOT_READ"),
        ("a: 2024-99-99", "NOT_READ"),
        ("\t- x: {", "NOT_READ"),
        (b"\x98\xff\x00", "NOT_READ"),
    ],
)
def test_a_broken_file_is_told_once(text: str | bytes, code: str) -> None:
    found, problems = files.load(write(text))
    assert (found, codes(problems)) == (UserVocabulary(), [MessageCode[f"VOCABULARY_{code}"]])


@pytest.mark.parametrize("text", ["", "# nothing\n", "terms:\nsnippets:\nrules:\n", "terms: []"])
def test_an_empty_file_is_fine(text: str) -> None:
    assert files.load(write(text)) == (UserVocabulary(), ())


def test_a_file_of_a_newer_version_is_never_written() -> None:
    path = write("vocabulary_version: 99\nterms: [Иванов]\n")
    with pytest.raises(ConfigError) as refused:
        files.save(MINE)
    assert refused.value.message.code is MessageCode.VOCABULARY_NEWER
    assert "99" in path.read_text(encoding="utf-8")


def test_a_folder_that_cannot_be_written_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("VOICETYPE_CONFIG_DIR", str(tmp_path / "file" / "config"))
    for write_file in (lambda: files.save(MINE), files.copy_bundled):
        with pytest.raises(ConfigError) as refused:
            write_file()
        assert refused.value.message.code is MessageCode.VOCABULARY_NOT_SAVED


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5) | st.integers(), inner, max_size=3),
)
KEYS = st.sampled_from(["terms", "snippets", "rules", "approximate", "vocabulary_version"])
ENTRY_KEYS = st.sampled_from(["written", "spoken", "endings", "enabled", "exact_case", "text", "find", "replace"])


@given(JSON | st.dictionaries(KEYS, JSON | st.lists(st.dictionaries(ENTRY_KEYS, JSON), max_size=2)))
def test_no_data_makes_reading_fail(data: Any) -> None:
    found, _ = parse(data)
    assert parse(dump(found)) == (found, ())


# Lists to import


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Иванов\nПетров\n", [Term("Иванов"), Term("Петров")]),
        ("\ufeffИванов\r\n\r\n# заметка\r\nПетров", [Term("Иванов"), Term("Петров")]),
        ("постгрес,PostgreSQL\nдокер , Docker , keep", None),
        ("постгрес;PostgreSQL\nдокер;Docker;KEEP", None),
        ("постгрес\tPostgreSQL\nдокер\tDocker\tkeep", None),
        ("spoken,written,endings\nпостгрес,PostgreSQL\nдокер,Docker,keep\n", None),
        ("постгрес,PostgreSQL,\nдокер,Docker,keep\nпостгрес,PostgreSQL", None),
        ('"моя подпись","Иванов, Пётр"', [Term("Иванов, Пётр", ("моя подпись",))]),
        ("", []),
        ("Газпром нефть", [Term("Газпром нефть")]),
    ],
)
def test_a_list_is_read(text: str, terms: list[Term] | None) -> None:
    usual = [Term("PostgreSQL", ("постгрес",)), Term("Docker", ("докер",), Endings.KEEP)]
    found = read_list(text)
    assert (list(found.terms), found.problems) == (usual if terms is None else terms, ())


def test_broken_lines_are_told_by_number_and_the_rest_is_imported() -> None:
    found = read_list("докер,Docker\nLatin,x\nпостгрес\nа,б,в,г\nкафка,Kafka,both\n,x\nгитхаб,GitHub\n" + "а" * 2000)
    assert [term.written for term in found.terms] == ["Docker", "постгрес", "GitHub"]
    assert [problem.params["entry"] for problem in found.problems] == ["2", "4", "5", "6", "8"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
@pytest.mark.parametrize("name", ["list.txt", "list.csv"])
def test_a_list_may_have_any_encoding(encoding: str, name: str) -> None:
    path = write("докер,Docker\nёж,Ёж\n".encode(encoding), name)
    assert files.import_list(path).terms == (Term("Docker", ("докер",)), Term("Ёж", ("ёж",)))


def test_a_list_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "big.txt").write_bytes(b"x" * 5_000_001)
    for path in (tmp_path / "absent.txt", tmp_path, tmp_path / "big.txt"):
        with pytest.raises(ConfigError) as refused:
            files.import_list(path)
        assert refused.value.message.code is MessageCode.VOCABULARY_NOT_READ


@given(st.text(max_size=200), st.sampled_from([None, True, False]))
def test_no_list_makes_reading_fail(text: str, table: bool | None) -> None:
    assert len(read_list(text, table=table).terms) <= len(text)


def thousand_terms() -> str:
    chance = random.Random(7)
    syllables = ["ва", "ро", "ме", "ли", "ку", "са", "до", "ги", "тра", "кле"]
    stems = {"".join(chance.choices(syllables, k=4)) for _ in range(2_000)}
    return "\n".join(f"{stem}ков,{stem.capitalize()}ков" for stem in sorted(stems)[:1_000])


def test_a_thousand_terms_are_imported_and_all_are_found() -> None:
    path = write(thousand_terms(), "list.csv")
    found = files.import_list(path)
    assert (len(found.terms), found.problems) == (1_000, ())
    files.save(UserVocabulary(found.terms))
    assert files.load(files.user_path())[0].terms == found.terms
    vocabulary = Vocabulary.compile(found.terms, DICTIONARY)
    for term in found.terms:
        form = term.spoken[0] + "ым"
        assert applied([form], vocabulary.find([form])) == term.written + "ым"


def test_a_hundred_times_the_terms_cost_hardly_more_for_a_phrase() -> None:
    terms = read_list(thousand_terms()).terms
    text = "завтра утром мы поедем на вокзал и встретим гостей которые приезжают из другого города"
    words = text.split()

    def cost(count: int) -> float:
        vocabulary = Vocabulary.compile(terms[:: len(terms) // count], DICTIONARY)
        return min(timeit.repeat(lambda: vocabulary.find(words), number=20, repeat=15))

    assert cost(1_000) < 20 * cost(10)


# From files to the compiled vocabulary


def test_the_vocabulary_is_compiled_once_and_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    write("bundled: false\n" + EXAMPLE)
    first = compiling.load_vocabulary()
    assert first.problems == ()
    words = ["ивановым", "постгреса", "кафкой"]
    assert applied(words, first.vocabulary.find(words)) == "Ивановым PostgreSQL Kafka"
    monkeypatch.setattr(compiling, "_in_another_process", None)
    assert compiling.load_vocabulary().vocabulary.phrases == first.vocabulary.phrases
    assert first.rules.apply("да , нет") == ("да, нет", ())


def test_a_changed_vocabulary_is_compiled_anew() -> None:
    write("bundled: false\nterms: [Иванов]")
    assert len(compiling.load_vocabulary(in_this_process=True).vocabulary) == 1
    write("bundled: false\nterms: [Иванов, Петров]")
    assert len(compiling.load_vocabulary(in_this_process=True).vocabulary) == 2


@pytest.mark.parametrize("broken", [b"", b"{", b"[]", b'{"key": 5}', b"\xff", "KEY"])
def test_a_broken_compiled_vocabulary_is_made_anew(broken: bytes | str) -> None:
    write("bundled: false\nterms: [Иванов]")
    expected = compiling.load_vocabulary(in_this_process=True).vocabulary.phrases
    cache = store.data_dir() / "vocabulary.json"
    if isinstance(broken, str):
        key = json.loads(cache.read_text(encoding="utf-8"))["key"]
        broken = json.dumps({"key": key, "compiled": {"endings": [], "phrases": [[[["и", 3, ""]], [], 1, 1]]}}).encode()
    cache.write_bytes(broken)
    assert compiling.load_vocabulary(in_this_process=True).vocabulary.phrases == expected


def test_without_grammar_given_forms_still_work(monkeypatch: pytest.MonkeyPatch) -> None:
    write("bundled: false\nterms: [Иванов]")
    monkeypatch.setattr(compiling, "_command", lambda: [sys.executable, "-c", "raise SystemExit('no grammar')"])
    loaded = compiling.load_vocabulary()
    assert codes(loaded.problems) == [MessageCode.VOCABULARY_FORMS_MISSING]
    assert loaded.problems[0].params["detail"] == "no grammar"
    assert applied(["иванов", "ивановым"], loaded.vocabulary.find(["иванов", "ивановым"])) == "Иванов ивановым"


def test_the_frozen_program_has_a_compiler_too(monkeypatch: pytest.MonkeyPatch) -> None:
    assert cli.VOCABULARY_COMPILER == compiling.COMPILER_ARGUMENT
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert compiling._command() == [sys.executable, cli.VOCABULARY_COMPILER]
    monkeypatch.undo()
    done = subprocess.run(
        [sys.executable, "-m", "voicetype", cli.VOCABULARY_COMPILER],
        input=b"[]",
        capture_output=True,
        timeout=60,
        check=False,
        env=compiling._environment(),
    )
    assert json.loads(done.stdout) == {"endings": [], "phrases": []}, done.stderr


def test_the_program_looks_up_words_without_loading_pymorphy() -> None:
    code = (
        "import sys\nfrom voicetype.vocabulary import compiling\n"
        "loaded = compiling.load_vocabulary()\n"
        "assert loaded.problems == (), loaded.problems\n"
        "assert loaded.vocabulary.find(['кубернетес'])\n"
        "assert not {'pymorphy3', 'regex'} & set(sys.modules)"
    )
    environment = compiling._environment() | {"VOICETYPE_CONFIG_DIR": str(store.config_dir())}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr.decode()


# The bundled terms


def bundled() -> tuple[Term, ...]:
    found, problems = files.load(files.bundled_path())
    assert problems == ()
    return found.terms


def test_there_are_enough_bundled_terms_and_none_twice() -> None:
    terms = bundled()
    ways = [way for term in terms for way in term.ways]
    assert len([term for term in terms if term.enabled]) >= 120
    assert sorted(ways) == sorted(set(ways))


def test_no_bundled_term_takes_an_ordinary_word() -> None:
    # Known to the dictionary, yet hardly said of anything else.
    accepted = {"докер", "джейсон", "гит", "линукс", "скайп", "яндекс", "твиттер", "джава", "фотошоп", "слак", "ворд"}
    accepted |= {"айфон", "гугл", "майкрософт", "оракл", "эрланг"}
    ways = [way for term in bundled() if term.enabled for way in term.ways]
    assert {way for way in ways if " " not in way and DICTIONARY.knows(way)} <= accepted


@pytest.mark.parametrize(
    ("spoken", "text"),
    [
        ("докером", "Docker"),
        ("два пул реквеста", "два pull request"),
        ("в джейсоне", "в JSON"),
        ("постгреса", "PostgreSQL"),
        ("кубернетиса", "Kubernetes"),
        ("на гитхабе", "на GitHub"),
        ("питон уполз", "питон уполз"),
        ("эс кью эль запрос", "SQL запрос"),
        ("си плюс плюс и си шарп", "C++ и C#"),
        ("эй би тестом", "A/B-тестом"),
        ("ай пи адреса", "IP-адреса"),
        ("по хабру", "по Хабру"),
        ("один эс", "1С"),
        ("я руби дерево и вью гнездо", "я руби дерево и вью гнездо"),
        ("редиска и редис", "редиска и редис"),
        ("телеграммы", "телеграммы"),
        ("в телеграме", "в Telegram"),
        ("докторами", "докторами"),
    ],
)
def test_bundled_terms_in_a_sentence(spoken: str, text: str) -> None:
    vocabulary = Vocabulary.compile(bundled(), DICTIONARY)
    assert applied(spoken.split(), vocabulary.find(spoken.split())) == text


def test_a_copy_of_the_bundled_terms_takes_their_place() -> None:
    own = files.copy_bundled()
    assert own == files.bundled_path() == files.copy_bundled()
    own.write_text("terms: [Иванов]", encoding="utf-8")
    assert [term.written for term in bundled()] == ["Иванов"]
    assert len(compiling.load_vocabulary(in_this_process=True).vocabulary) == 1


def test_the_bundled_file_is_tidy() -> None:
    text = files.bundled_path().read_text(encoding="utf-8")
    assert set(yaml.safe_load(text)) == {"vocabulary_version", "terms"}
    assert max(map(len, text.splitlines())) <= 120
