"""`voicetype.engines.catalog`: which model the settings mean."""

from pathlib import Path

import pytest

from voicetype.core.messages import MessageCode, ModelError
from voicetype.engines import catalog


def make_speech_model(folder: Path, size: int = 1, *, old_layout: bool = False) -> Path:
    names = ("final.mdl", "mfcc.conf") if old_layout else ("am/final.mdl", "conf/model.conf")
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x" * size)
    return folder


def make_punctuation_model(folder: Path, *onnx: str) -> Path:
    folder.mkdir(parents=True)
    for name in ("config.json", "tokenizer.json", *onnx):
        (folder / name).write_text("x")
    return folder


def missing(error: pytest.ExceptionInfo[ModelError]) -> str:
    assert error.value.message.code is MessageCode.MODEL_MISSING
    return error.value.message.params["path"]


def test_the_bundled_models_are_found_and_are_demonstrations() -> None:
    folder = catalog.bundled_models_dir()
    speech = catalog.find_speech_model([folder], "")
    punctuation = catalog.find_punctuation_model([folder], "")
    assert (speech.name, punctuation.name) == ("vosk-tiny-ru", "rupunct-tiny")
    assert catalog.is_demonstration(speech) and catalog.is_demonstration(punctuation)


def test_an_installed_model_wins_over_a_larger_demonstration(tmp_path: Path) -> None:
    own = make_speech_model(tmp_path / "own" / "vosk-model-small-ru-0.22")
    make_speech_model(tmp_path / "bundled" / "vosk-tiny-ru", 1_000)
    assert catalog.find_speech_model([tmp_path / "own", tmp_path / "bundled"], "") == own
    assert not catalog.is_demonstration(own)


def test_the_larger_model_wins_whatever_its_folder_and_layout(tmp_path: Path) -> None:
    make_speech_model(tmp_path / "one" / "a", 10)
    large = make_speech_model(tmp_path / "two" / "b", 20, old_layout=True)
    assert catalog.find_speech_model([tmp_path / "one", tmp_path / "two"], "") == large


def test_a_copy_of_the_demonstration_in_the_first_folder_wins(tmp_path: Path) -> None:
    first = make_speech_model(tmp_path / "one" / "vosk-tiny-ru")
    make_speech_model(tmp_path / "two" / "vosk-tiny-ru")
    assert catalog.find_speech_model([tmp_path / "one", tmp_path / "two"], "") == first


def test_a_name_and_a_path_are_taken_at_their_word(tmp_path: Path) -> None:
    make_speech_model(tmp_path / "two" / "large", 50)
    named = make_speech_model(tmp_path / "two" / "малая модель")
    dirs = [tmp_path / "one", tmp_path / "two"]
    assert catalog.find_speech_model(dirs, "малая модель") == named
    assert catalog.find_speech_model([], str(named)) == named


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    for wanted, path in (("", tmp_path), ("other", tmp_path / "other"), (str(tmp_path / "no"), tmp_path / "no")):
        with pytest.raises(ModelError) as error:
            catalog.find_speech_model([tmp_path], wanted)
        assert missing(error) == str(path)


def test_half_a_model_is_not_chosen_and_its_gap_is_named(tmp_path: Path) -> None:
    half = make_speech_model(tmp_path / "half", 100)
    (half / "am" / "final.mdl").write_bytes(b"")
    whole = make_speech_model(tmp_path / "whole")
    assert catalog.find_speech_model([tmp_path], "") == whole
    with pytest.raises(ModelError) as error:
        catalog.speech_files(half)
    assert missing(error) == str(half / "am" / "final.mdl")


@pytest.mark.parametrize(
    ("onnx", "chosen"),
    [
        (("model.onnx",), "model.onnx"),
        (("model.onnx", "model_int8.onnx"), "model_int8.onnx"),
        (("rupunct_medium.onnx",), "rupunct_medium.onnx"),
        (("model.onnx", "old.onnx"), "model.onnx"),
    ],
)
def test_the_graph_is_chosen(tmp_path: Path, onnx: tuple[str, ...], chosen: str) -> None:
    folder = make_punctuation_model(tmp_path / "model", *onnx)
    assert [file.name for file in catalog.punctuation_files(folder)] == [chosen, "config.json", "tokenizer.json"]
    assert catalog.find_punctuation_model([tmp_path], "") == folder


@pytest.mark.parametrize("onnx", [(), ("a.onnx", "b.onnx")])
def test_no_graph_or_a_choice_of_graphs_is_none(tmp_path: Path, onnx: tuple[str, ...]) -> None:
    with pytest.raises(ModelError) as error:
        catalog.punctuation_files(make_punctuation_model(tmp_path / "model", *onnx))
    assert missing(error) == str(tmp_path / "model" / "model.onnx")


def test_in_the_frozen_program_models_are_in_its_bundle(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sys._MEIPASS", str(tmp_path), raising=False)
    assert catalog.bundled_models_dir() == tmp_path / "models"


def test_a_folder_that_may_not_be_read_does_not_hide_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_speech_model(tmp_path / "locked", size=9)
    mine = make_speech_model(tmp_path / "mine")
    exists, is_dir = Path.exists, Path.is_dir

    def looked_at(path: Path) -> None:
        if path.name == "gone" or "locked" in path.parent.parts:
            raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "exists", lambda path: looked_at(path) or exists(path))
    monkeypatch.setattr(Path, "is_file", lambda path: looked_at(path) or exists(path))
    monkeypatch.setattr(Path, "is_dir", lambda path: looked_at(path) or is_dir(path))
    assert catalog.find_speech_model([tmp_path], "") == mine
    with pytest.raises(ModelError) as error:
        catalog.find_speech_model([tmp_path], "gone")
    assert missing(error) == str(tmp_path / "gone")
    (tmp_path / "gone").mkdir()
    assert [path.name for path in catalog.folders_in(tmp_path)] == ["locked", "mine"]
