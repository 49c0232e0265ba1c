"""`voicetype.engines.vosk_engine` with the bundled model and real audio."""

import array
import shutil
import weakref
from pathlib import Path

import pytest
from fakes_engines import SPEECH_MODEL, decode_with, read_wav, spoken_sentences, words_of

from voicetype.core.messages import MessageCode, ModelError
from voicetype.engines.vosk_engine import VoskModel

AUDIBLE = 300


@pytest.fixture(scope="module")
def model() -> VoskModel:
    return VoskModel(SPEECH_MODEL)


def without_silence(pcm: bytes) -> bytes:
    """The speech from its first audible sample to its last."""
    samples = array.array("h", pcm)
    audible = [index for index, sample in enumerate(samples) if abs(sample) > AUDIBLE]
    return samples[audible[0] : audible[-1] + 1].tobytes()


@pytest.mark.parametrize(("path", "words"), spoken_sentences(), ids=lambda value: getattr(value, "name", ""))
def test_sentences_are_heard_word_for_word(model: VoskModel, path: Path, words: str) -> None:
    assert words_of(model, read_wav(path)) == words


@pytest.mark.parametrize("block", [511, 1_024, 8_000, 10**9])
def test_blocks_may_have_any_length(model: VoskModel, block: int) -> None:
    path, words = spoken_sentences()[0]
    assert words_of(model, read_wav(path), block) == words


def test_partials_grow_into_the_phrase(model: VoskModel) -> None:
    path, words = spoken_sentences()[0]
    recognizer = model.create_recognizer()
    _, partials = decode_with(recognizer, read_wav(path))
    recognizer.close()
    assert len(set(partials)) > 5
    assert words.startswith(partials[-1].split()[0])


def test_long_speech_without_a_pause_loses_no_word(model: VoskModel) -> None:
    # After 20 seconds Kaldi ends the phrase wherever the speaker is.
    speech = b"".join(without_silence(read_wav(path)) for path, _ in spoken_sentences())
    recognizer = model.create_recognizer()
    phrases, _ = decode_with(recognizer, speech)
    recognizer.close()
    assert len(phrases) >= 2
    assert " ".join(phrases) == " ".join(words for _, words in spoken_sentences())


@pytest.mark.parametrize("pcm", [b"", b"\0", bytes(32_000)])
def test_silence_is_no_text(model: VoskModel, pcm: bytes) -> None:
    assert words_of(model, pcm) == ""


def test_recognisers_do_not_mix(model: VoskModel) -> None:
    (one, words_one), (two, words_two) = spoken_sentences()[:2]
    first, second = model.create_recognizer(), model.create_recognizer()
    first.accept(read_wav(one))
    second.accept(read_wav(two))
    assert second.finish().text == words_two
    assert first.finish().text == words_one


def test_closing_frees_the_model() -> None:
    model = VoskModel(SPEECH_MODEL)
    recognizer = model.create_recognizer()
    recognizer.accept(bytes(3_200))
    native_model, native_recognizer = weakref.ref(model._model), weakref.ref(recognizer._recognizer)
    for _ in range(2):
        recognizer.close()
        model.close()
    assert native_model() is None and native_recognizer() is None
    for use in (model.create_recognizer, recognizer.finish, lambda: recognizer.accept(b"")):
        with pytest.raises(ModelError):
            use()


@pytest.mark.parametrize("name", ["Модель с пробелом", "ascii"])
def test_folders_may_have_any_name(tmp_path: Path, name: str) -> None:
    shutil.copytree(SPEECH_MODEL, tmp_path / name)
    path, words = spoken_sentences()[4]
    assert words_of(VoskModel(tmp_path / name), read_wav(path)) == words


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("am/final.mdl", None, MessageCode.MODEL_MISSING),
        ("am/final.mdl", b"", MessageCode.MODEL_MISSING),
        ("am/final.mdl", b"no model", MessageCode.MODEL_BROKEN),
        ("conf/model.conf", b"--no-such-option=1\n", MessageCode.MODEL_BROKEN),
        ("graph/Gr.fst", b"", MessageCode.MODEL_BROKEN),
    ],
)
def test_broken_models_are_told(tmp_path: Path, name: str, content: bytes | None, code: MessageCode) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(SPEECH_MODEL, broken)
    (broken / name).unlink()
    if content is not None:
        (broken / name).write_bytes(content)
    with pytest.raises(ModelError) as caught:
        VoskModel(broken).create_recognizer()
    assert caught.value.message.code is code
    assert str(broken) in caught.value.message.params["path"]


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        VoskModel(tmp_path / "nothing")
    assert caught.value.message.code is MessageCode.MODEL_MISSING
