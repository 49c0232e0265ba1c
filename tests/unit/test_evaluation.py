"""What `voicetype eval` reads, and how words, characters and time are counted; without a model."""

import struct
import wave
from pathlib import Path

import pytest

from tests.fakes_engines import SPEECH
from voicetype import eval_cli
from voicetype.core.config import Config, ModelsConfig, RecognitionConfig
from voicetype.core.messages import AudioError, EvaluationError, MessageCode, ModelError
from voicetype.core.ports import FinalResult, PartialResult
from voicetype.evaluation.engine import Engine
from voicetype.evaluation.files import Recording, find_recordings, read_text
from voicetype.evaluation.punctuation import measure_text
from voicetype.evaluation.speech import Utterance, character_errors, listen, real_time_factor, word_errors


def sound(path: Path, frames: int = 16_000) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(struct.pack("<h", 1_000) * frames)
    return path


def said(said: str, heard: str, sound_s: float = 2.0, decoding_s: float = 0.5) -> Utterance:
    return Utterance("a.wav", said, heard, sound_s, decoding_s)


class Recogniser:
    """Hears "раз два" in the first block, "три" at the end, and notes the blocks."""

    def __init__(self) -> None:
        self.blocks: list[int] = []
        self.closed = False

    def accept(self, pcm: bytes) -> PartialResult | FinalResult:
        self.blocks.append(len(pcm))
        return FinalResult("раз два") if len(self.blocks) == 1 else PartialResult("тр")

    def finish(self) -> FinalResult:
        return FinalResult("три")

    def close(self) -> None:
        self.closed = True


class Speech:
    def __init__(self) -> None:
        self.recogniser = Recogniser()

    def create_recognizer(self) -> Recogniser:
        return self.recogniser

    def close(self) -> None: ...


class Shouter:
    """A punctuation model that sets a comma after each word."""

    alive = True

    def __init__(self) -> None:
        self.given: list[str] = []
        self.closed = 0

    def enhance(self, text: str) -> str:
        self.given.append(text)
        return ", ".join(text.split())

    def close(self) -> None:
        self.closed += 1


def test_word_errors_are_counted_over_all_words() -> None:
    # One wrong, one left out, one put in: 3 of 7 words.
    found = word_errors([said("мама мыла раму", "мама мыла рану"), said("а б в г", "а в г д")])
    assert (found.hits, found.substitutions, found.deletions, found.insertions) == (5, 1, 1, 1)
    assert (found.length, found.count, found.rate) == (7, 3, 3 / 7)


def test_character_errors_count_spaces_too() -> None:
    found = character_errors([said("мама мыла", "мама мы ла")])
    assert (found.length, found.count, found.insertions) == (9, 1, 1)


def test_nothing_heard_is_everything_left_out() -> None:
    found = word_errors([said("раз два", "")])
    assert (found.deletions, found.rate) == (2, 1.0)
    assert word_errors([said("раз", "раз два три")]).rate == 2.0


def test_the_real_time_factor_is_decoding_by_sound() -> None:
    assert real_time_factor([said("а", "а"), said("а", "а", 6.0, 1.5)]) == 0.25
    assert real_time_factor([]) is None


def test_a_recording_is_decoded_in_the_blocks_of_a_dictation(tmp_path: Path) -> None:
    model = Speech()
    heard = listen(Recording(sound(tmp_path / "a.wav", 9_000), "Раз, два - три!"), model)
    assert (heard.said, heard.heard, heard.sound_s) == ("раз два три", "раз два три", 9_000 / 16_000)
    assert model.recogniser.blocks == [8_000, 8_000, 2_000]
    assert model.recogniser.closed


def test_a_recording_that_is_none_is_told_before_anything_is_decoded(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(b"no sound")
    model = Speech()
    with pytest.raises(AudioError):
        listen(Recording(tmp_path / "a.wav", "раз"), model)
    assert model.recogniser.blocks == []


def test_a_folder_has_texts_beside_its_sounds(tmp_path: Path) -> None:
    for name in ("b.wav", "a.WAV", "c.wav", "d.wav"):
        sound(tmp_path / name)
    (tmp_path / "a.txt").write_bytes("Ёлка".encode("cp1251"))
    (tmp_path / "b.txt").write_text("\ufeffДва", encoding="utf-8")
    (tmp_path / "c.txt").write_text(" … ", encoding="utf-8")
    found, problems = find_recordings(tmp_path)
    assert [(one.sound.name, one.text) for one in found] == [("a.WAV", "Ёлка"), ("b.wav", "Два")]
    assert [(one.file, one.message.code) for one in problems] == [
        ("c.wav", MessageCode.TEXT_WITHOUT_WORDS),
        ("d.wav", MessageCode.FILE_NOT_FOUND),
    ]


@pytest.mark.parametrize(
    "table",
    [
        "a.wav\tраз\nsub/b.wav\tдва\tеще\n",
        "file\ttranscript\na.wav\tраз\nsub/b.wav\tдва\n",
        "Путь\tТекст\r\na.wav\tраз\r\n\r\nsub/b.wav\tдва\r\n",
        "id\tsentence\tpath\n1\tраз\ta.wav\n2\tдва\tsub/b.wav\n",
        "звук\tслова\na.wav\tраз\nsub/b.wav\tдва\n",
    ],
    ids=["no header", "header", "Russian header", "other order", "unknown header"],
)
def test_a_table_has_a_header_or_none(tmp_path: Path, table: str) -> None:
    (tmp_path / "list.tsv").write_text(table, encoding="utf-8", newline="")
    found, problems = find_recordings(tmp_path / "list.tsv")
    assert [(one.sound, one.text) for one in found] == [
        (tmp_path / "a.wav", "раз"),
        (tmp_path / "sub" / "b.wav", "два"),
    ]
    assert problems == []


def test_broken_lines_are_told_and_the_rest_is_kept(tmp_path: Path) -> None:
    (tmp_path / "list.tsv").write_text("a.wav\tраз\nb.wav\n\tтри\nc.wav\t—\nd.wav\tпять", encoding="utf-8")
    found, problems = find_recordings(tmp_path / "list.tsv")
    assert [one.sound.name for one in found] == ["a.wav", "d.wav"]
    assert [(one.message.code, one.message.params.get("line")) for one in problems] == [
        (MessageCode.TABLE_LINE_BROKEN, "2"),
        (MessageCode.TABLE_LINE_BROKEN, "3"),
        (MessageCode.TEXT_WITHOUT_WORDS, None),
    ]


def test_a_source_without_recordings_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty.tsv").write_text("", encoding="utf-8")
    for source, code in (
        (tmp_path, MessageCode.NO_RECORDINGS),
        (tmp_path / "empty.tsv", MessageCode.NO_RECORDINGS),
        (tmp_path / "none", MessageCode.FILE_NOT_FOUND),
    ):
        with pytest.raises(EvaluationError) as told:
            find_recordings(source)
        assert told.value.message.code is code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
def test_texts_are_read_in_the_encodings_of_this_country(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.txt").write_text("Съешь ещё этих «булок» — да?", encoding=encoding)
    assert read_text(tmp_path / "a.txt") == "Съешь ещё этих «булок» — да?"


@pytest.mark.parametrize(
    "content", [b"\x00\x01", b"\xff\x98", b"\xff\xfe\x00"], ids=["NUL", "no cp1251", "half a letter"]
)
def test_what_is_no_text_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.txt").write_bytes(content)
    with pytest.raises(EvaluationError) as told:
        read_text(tmp_path / "a.txt")
    assert told.value.message.code is MessageCode.TEXT_UNREADABLE
    with pytest.raises(EvaluationError):
        read_text(tmp_path)


def test_a_text_is_given_without_its_marks_so_many_sentences_at_a_time(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Да, нет. Раз? Два!\nТри.", encoding="utf-8")
    model, told = Shouter(), []
    result = measure_text(tmp_path / "a.txt", lambda: model, 3, lambda done, total: told.append((done, total)))
    assert model.given == ["да нет раз два", "три"]
    assert told == [(1, 2), (2, 2)]
    assert (result.calls, result.score.words) == (2, 5)


def test_a_text_without_words_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("…\n", encoding="utf-8")
    with pytest.raises(EvaluationError) as told:
        measure_text(tmp_path / "a.txt", Shouter, 3)
    assert told.value.message.code is MessageCode.TEXT_WITHOUT_WORDS


def test_a_dead_engine_is_loaded_anew_and_the_last_one_freed() -> None:
    models = [Shouter(), Shouter()]
    waiting = list(models)
    engine: Engine[Shouter]
    with Engine(lambda request: waiting.pop(0), 1.0) as engine:
        assert engine.model() is engine.model() is models[0]
        models[0].alive = False
        assert engine.model() is models[1]
        assert [model.closed for model in models] == [1, 0]
    assert [model.closed for model in models] == [1, 1]


def test_an_engine_that_does_not_load_leaves_nothing_to_free() -> None:
    def fail(request: object) -> Shouter:
        raise ModelError(MessageCode.MODEL_MISSING, path="x")

    engine: Engine[Shouter]
    with pytest.raises(ModelError), Engine(fail, 1.0) as engine:
        engine.model()


def test_a_punctuation_model_is_measured_also_where_the_settings_switch_it_off() -> None:
    off = Config(
        models=ModelsConfig(punctuation="own", punctuation_backend="disabled"),
        recognition=RecognitionConfig(punctuation_enabled=False),
    )
    config = eval_cli._with_punctuation(off, "")
    assert (config.models.punctuation, config.models.punctuation_backend) == ("own", "onnx")
    assert config.recognition.punctuation_enabled
    assert eval_cli._with_punctuation(off, "silero-te").models.punctuation_backend == "silero"
    silero = Config(models=ModelsConfig(punctuation_backend="silero"))
    assert eval_cli._with_punctuation(silero, "").models.punctuation_backend == "silero"
    assert eval_cli._with_punctuation(silero, "rupunct-tiny").models.punctuation_backend == "onnx"


def test_a_model_is_a_name_or_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "rupunct-tiny").mkdir()
    monkeypatch.chdir(tmp_path)
    assert eval_cli._wanted("mine") == str(tmp_path / "mine")
    assert eval_cli._wanted(str(tmp_path / "mine")) == str(tmp_path / "mine")
    assert eval_cli._wanted("rupunct-tiny") == "rupunct-tiny"
    assert eval_cli._wanted("gone") == "gone"


def test_the_recordings_of_the_tests_are_a_table() -> None:
    found, problems = find_recordings(SPEECH / "transcripts.tsv")
    assert (len(found), problems) == (12, [])
