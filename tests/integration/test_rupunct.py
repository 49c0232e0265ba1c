"""`voicetype.engines.rupunct` with the bundled model."""

import json
import shutil
import subprocess
import sys
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

import onnxruntime
import pytest
from fakes_engines import PUNCTUATION_MODEL, ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

from voicetype.core.labels import MARK_CHARACTERS, fold
from voicetype.engines.rupunct import RUPunctONNX

PROSE = "мы купили хлеб молоко и яйца а потом пошли домой потому что на улице было холодно "
RUSSIAN = st.text(alphabet="абвёйЁПШabcXY0 1-,.:;!?—«»()'’@/😀№% \n", max_size=60)


@pytest.fixture(scope="module")
def model() -> Iterator[RUPunctONNX]:
    model = RUPunctONNX(PUNCTUATION_MODEL)
    assert model.load_model()
    yield model
    model.unload()


def letters(text: str) -> str:
    """All that punctuation may not touch."""
    return "".join(
        fold(character) for character in text if not character.isspace() and character not in MARK_CHARACTERS
    )


def copy_with(folder: Path, name: str, change: Callable[[str], str]) -> Path:
    """A copy of the bundled model with one text file changed."""
    shutil.copytree(PUNCTUATION_MODEL, folder)
    file = folder / name
    file.write_text(change(file.read_text(encoding="utf-8")), encoding="utf-8")
    return folder


def test_loading_reports_progress_and_state() -> None:
    seen: list[int] = []
    model = RUPunctONNX(PUNCTUATION_MODEL, on_loading_progress=seen.append)
    assert not model.is_loaded
    assert model.load_model() and model.load_model()
    assert model.is_loaded
    assert seen[0] == 0 and seen[-1] == 100 and seen == sorted(seen)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("что ты делаешь", "Что ты делаешь?"),
        ("мы купили хлеб молоко и яйца", "Мы купили хлеб, молоко и яйца."),
        ("он сказал что придёт позже", "Он сказал, что придёт позже."),
        ("кто-то пришёл из-за тебя а что-нибудь изменилось", "Кто-то пришёл из-за тебя, а что-нибудь изменилось."),
        ("кто то пришел из за тебя", "Кто-то пришел из-за тебя."),
        ("в 2020 году компания сша купила 3,5 млн акций", "В 2020 году компания США купила 3,5 млн акций."),
        ("нет не надо спасибо", "Нет, не надо. Спасибо."),
    ],
)
def test_marks_and_capitals_are_added(model: RUPunctONNX, text: str, expected: str) -> None:
    assert model.enhance(text) == expected


@pytest.mark.parametrize("text", ["", " ", "\n", "😀", "... —", "№ %"])
def test_a_text_without_words_stays_as_it_is(model: RUPunctONNX, text: str) -> None:
    assert model.enhance(text) == text


@pytest.mark.parametrize(
    "text",
    ["3,5", "10:30", "config.json", "ivan@mail.ru", "https://пример.рф/a?b=1", "日本語", "ёлочки", "مرحبا", "C++"],
)
def test_a_word_is_not_broken(model: RUPunctONNX, text: str) -> None:
    assert text.lower() in model.enhance(f"открой {text} сейчас").lower()


@given(st.one_of(st.text(max_size=60), RUSSIAN))
@settings(max_examples=60)
def test_only_case_and_marks_change(model: RUPunctONNX, text: str) -> None:
    once = model.punctuate(text)
    assert letters(once) == letters(text)
    assert model.punctuate(once) == once


def test_punctuation_in_the_input_makes_no_difference(model: RUPunctONNX) -> None:
    assert model.enhance("Мы, купили: ХЛЕБ молоко; и Яйца!") == model.enhance("мы купили хлеб молоко и яйца")


def test_thousands_of_words_are_punctuated_to_the_end(model: RUPunctONNX) -> None:
    text = PROSE * 200
    result = model.punctuate(text)
    assert letters(result) == letters(text)
    sentences = [sentence for sentence in result.split(". ") if sentence]
    assert len(sentences) > 100
    assert max(len(sentence.split()) for sentence in sentences[-50:]) < 60


def test_a_window_is_never_longer_than_the_model(model: RUPunctONNX) -> None:
    # Rare words are cut into many tokens; beyond 96 onnxruntime fails.
    text = " ".join(
        ["сверхъестественнонаучнопопулярный", "qwertyuiopasdfghjkl", "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p"] * 60
    )
    assert letters(model.punctuate(text)) == letters(text)


def test_accents_of_letters_are_kept_for_the_model(model: RUPunctONNX, tmp_path: Path) -> None:
    def strip_accents(tokenizer: str) -> str:
        document = json.loads(tokenizer)
        document["normalizer"]["strip_accents"] = None
        return json.dumps(document)

    shipped_so = RUPunctONNX(copy_with(tmp_path / "model", "tokenizer.json", strip_accents))
    assert shipped_so.load_model() and model._loaded and shipped_so._loaded
    tokens = [one.tokenizer.encode("мой чай").tokens for one in (model._loaded, shipped_so._loaded)]
    assert tokens[0] == tokens[1] and "мой" in tokens[0]


def test_a_tokenizer_that_truncates_is_told_not_to(tmp_path: Path) -> None:
    def truncate(tokenizer: str) -> str:
        limits = {"direction": "Right", "max_length": 8, "strategy": "LongestFirst", "stride": 0}
        return json.dumps(json.loads(tokenizer) | {"truncation": limits})

    model = RUPunctONNX(copy_with(tmp_path / "model", "tokenizer.json", truncate))
    assert model.load_model()
    assert model.punctuate(PROSE * 3).count("омой") == 3


def test_nothing_is_told_to_the_diagnostics_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    silenced = []
    monkeypatch.setattr(onnxruntime, "disable_telemetry_events", lambda: silenced.append("before the session"))
    monkeypatch.setattr(onnxruntime, "InferenceSession", lambda *_args, **_options: silenced.append("session"))
    assert not RUPunctONNX(PUNCTUATION_MODEL).load_model()
    assert silenced[:2] == ["before the session", "session"]


@pytest.mark.skipif(sys.platform == "win32", reason="there onnxruntime has nothing but the system's diagnostics")
def test_onnxruntime_neither_notes_nor_sends_anything(tmp_path: Path) -> None:
    # What it would send it notes in the user's cache first. It takes some variables for the sign of a test.
    folders = dict.fromkeys(("HOME", "XDG_CACHE_HOME", "TMPDIR"), str(tmp_path))
    load = f"from voicetype.engines import rupunct; print(rupunct.RUPunctONNX({str(PUNCTUATION_MODEL)!r}).load_model())"
    command = [sys.executable, "-c", load]
    done = subprocess.run(command, env=folders, cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stdout == "True\n" and not any(tmp_path.iterdir())


def test_unloading_frees_the_session_and_loading_again_works() -> None:
    model = RUPunctONNX(PUNCTUATION_MODEL)
    for _ in range(2):
        assert model.load_model() and model._loaded
        session = weakref.ref(model._loaded.session)
        assert model.enhance("что ты делаешь") == "Что ты делаешь?"
        model.unload()
        model.unload()
        assert session() is None
        assert not model.is_loaded
        assert model.enhance("что ты делаешь") == "что ты делаешь"


def test_failures_are_told_once_and_the_text_comes_back() -> None:
    told: list[str] = []
    model = RUPunctONNX(PUNCTUATION_MODEL, on_error=told.append)
    assert model.load_model() and model._loaded

    class Broken:
        def run(self, *_arguments: object) -> None:
            raise RuntimeError("no more memory")

    model._loaded.__dict__["session"] = Broken()
    assert [model.enhance(text) for text in ("что ты", "делаешь")] == ["что ты", "делаешь"]
    assert told == ["punctuation_failed: RuntimeError: no more memory"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("config.json", "{"),
        ("config.json", "[]"),
        ("config.json", '{"id2label": {}, "max_position_embeddings": 96}'),
        ("config.json", '{"id2label": {"0": "B-PER"}, "max_position_embeddings": 96}'),
        ("tokenizer.json", "{}"),
        ("model.onnx", "no graph"),
    ],
)
def test_broken_models_are_told(tmp_path: Path, name: str, content: str) -> None:
    told: list[str] = []
    shutil.copytree(PUNCTUATION_MODEL, tmp_path / "model")
    (tmp_path / "model" / name).write_text(content)
    model = RUPunctONNX(tmp_path / "model", on_error=told.append)
    assert not model.load_model() and not model.is_loaded
    assert len(told) == 1 and told[0].startswith("model_broken: ") and str(tmp_path) in told[0]


def test_a_missing_model_is_told(tmp_path: Path) -> None:
    told: list[str] = []
    assert not RUPunctONNX(tmp_path / "nothing", on_error=told.append).load_model()
    assert told == [f"model_missing: {tmp_path / 'nothing'}"]


def test_neither_torch_nor_transformers_is_imported() -> None:
    script = (
        "import sys; from pathlib import Path; from voicetype.engines.rupunct import RUPunctONNX\n"
        "assert not {'onnxruntime', 'tokenizers', 'numpy'} & set(sys.modules)\n"
        f"model = RUPunctONNX(Path({str(PUNCTUATION_MODEL)!r})); assert model.load_model(); model.enhance('да')\n"
        "assert not {'torch', 'transformers', 'huggingface_hub'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, cwd=ROOT)
