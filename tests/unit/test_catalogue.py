"""The catalogue as shipped, and what a broken one leads to."""

from pathlib import Path

import pytest
import yaml

from voicetype.core.messages import InstallError, MessageCode
from voicetype.core.status import PUNCTUATION, SPEECH
from voicetype.install import catalogue
from voicetype.install.catalogue import load_catalogue

MODEL = {"name": "m", "engine": "vosk", "licence": "MIT", "language": "ru", "homepage": "https://example.org"}
PART = {"archive": True, "urls": ["https://example.org/m.zip"], "bytes": 5}


def write(path: Path, *models: object, version: object = 1) -> Path:
    path.write_text(yaml.safe_dump({"catalogue_version": version, "models": list(models)}), encoding="utf-8")
    return path


def test_the_shipped_catalogue_has_the_models() -> None:
    models = {model.name: model for model in load_catalogue().models}
    assert {name: model.engine for name, model in models.items()} == {
        "vosk-model-small-ru-0.22": SPEECH,
        "vosk-model-ru-0.42": SPEECH,
        "vosk-model-small-en-us-0.15": SPEECH,
        "rupunct-small": PUNCTUATION,
        "rupunct-medium": PUNCTUATION,
    }
    assert [name for name, model in models.items() if not model.parts] == ["rupunct-medium"]


def test_every_shipped_download_is_checked_and_encrypted() -> None:
    for model in load_catalogue().models:
        assert model.licence and model.homepage.startswith("https://") and model.size > 0
        assert bool(model.wer) == bool(model.wer_source), model.name
        assert bool(model.ram_mb) == bool(model.ram_source), model.name
        for part in model.parts:
            assert all(url.startswith("https://") for url in part.urls)
            assert part.size > 0
            assert part.sha256 or (part.md5 and part.bytes), model.name
            # A mirror of somebody else's is only as good as the hash that it is held against.
            assert part.sha256 or len(part.urls) == 1, model.name


def test_sizes_are_added_up() -> None:
    model = load_catalogue().find("rupunct-small")
    assert model.size == model.unpacked_size == 29_000_000 + 2_413_439 + 2_527
    assert load_catalogue().find("vosk-model-small-ru-0.22").unpacked_size == 2 * 46_236_750


def test_an_unknown_model_is_told_with_those_that_are_known() -> None:
    with pytest.raises(InstallError) as caught:
        load_catalogue().find("vosk-model-xx")
    assert caught.value.message.code is MessageCode.MODEL_UNKNOWN
    assert "rupunct-small" in caught.value.message.params["known"]


def test_another_catalogue_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICETYPE_CATALOGUE", str(write(tmp_path / "свой.yaml", {**MODEL, "parts": [PART]})))
    (model,) = load_catalogue().models
    assert (model.name, model.size, model.parts[0].download_name) == ("m", 5, "m.zip")


@pytest.mark.parametrize(
    ("models", "word"),
    [
        ([{**MODEL, "sha265": "x"}], "sha265"),
        ([{**MODEL, "engine": "whisper"}], "whisper"),
        ([{**MODEL, "parts": [{**PART, "sha256": "12"}]}], "sha256"),
        ([{**MODEL, "parts": [{**PART, "urls": []}]}], "http"),
        ([{**MODEL, "parts": [{**PART, "urls": ["file:///etc/passwd"]}]}], "http"),
        ([{**MODEL, "parts": [{**PART, "bytes": None}]}], "check"),
        ([{**MODEL, "parts": [{**PART, "file": "a"}]}], "archive"),
        ([{**MODEL, "parts": [PART, PART]}], "whole"),
        ([MODEL, {**MODEL, "name": "M"}], "same name"),
        ([{"name": "m"}], "missing"),
        ([{**MODEL, "name": 42}], "name"),
        ([{**MODEL, "version": 0.22}], "version"),
        ([{**MODEL, "ram_mb": True}], "ram_mb"),
        ([{**MODEL, "wer": [{"percent": "a", "test_set": "b"}]}], "percent"),
        ([{**MODEL, "parts": [{**PART, "bytes": "5"}]}], "bytes"),
        ([{**MODEL, "name": "../m"}], "folder"),
        ([{**MODEL, "name": ".voicetype"}], "folder"),
        ([{**MODEL, "parts": [{**PART, "archive": False, "file": "../../m"}]}], "file"),
        (["m"], ""),
    ],
)
def test_what_is_not_understood_is_refused(tmp_path: Path, models: list[object], word: str) -> None:
    path = write(tmp_path / "c.yaml", *models)
    with pytest.raises(InstallError) as caught:
        load_catalogue(path)
    assert caught.value.message.code is MessageCode.CATALOGUE_BROKEN
    assert word in caught.value.message.params["detail"]


@pytest.mark.parametrize("text", ["[", "- a", "catalogue_version: 2\nmodels: []", "", "\x00"])
def test_what_is_no_catalogue_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "c.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InstallError, match="catalogue_broken"):
        load_catalogue(path)
    with pytest.raises(InstallError, match="catalogue_broken"):
        load_catalogue(tmp_path / "none.yaml")


def test_the_constants_are_those_of_the_core() -> None:
    assert catalogue.ENGINES == (SPEECH, PUNCTUATION)


@pytest.mark.parametrize(
    "address", ["https://example.org/m.zip?key=1", "https://example.org/..", "https://example.org/"]
)
def test_an_address_that_ends_in_no_file_name_gives_the_download_another(tmp_path: Path, address: str) -> None:
    file = write(tmp_path / "c.yaml", {**MODEL, "parts": [{**PART, "urls": [address]}]})
    assert load_catalogue(file).models[0].parts[0].download_name == "model.zip"
