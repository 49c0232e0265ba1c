"""The bundled models are the files that were measured, all of them, and nothing else is taken for a model."""

import hashlib
import json
import tomllib
from pathlib import Path

from tests.unit.sources import ROOT
from voicetype.core.messages import ModelError
from voicetype.engines.catalog import DEMONSTRATION_MODELS, folders_in, punctuation_files, speech_files

MODELS = ROOT / "models"
NOT_SHIPPED = {"README.md", "manifest.json"}  # and build/
MANIFEST = json.loads((MODELS / "manifest.json").read_text(encoding="utf-8"))


def shipped_files() -> dict[str, Path]:
    files = (file for file in MODELS.rglob("*") if file.is_file())
    names = {file.relative_to(MODELS).as_posix(): file for file in files}
    return {name: file for name, file in names.items() if name not in NOT_SHIPPED and not name.startswith("build/")}


def is_model(folder: Path) -> bool:
    for files in (speech_files, punctuation_files):
        try:
            files(folder)
        except ModelError:
            continue
        return True
    return False


def test_no_file_is_missing_and_none_is_extra() -> None:
    assert sorted(shipped_files()) == sorted(MANIFEST)


def test_every_file_is_the_one_that_was_measured() -> None:
    found = {
        name: {"size": file.stat().st_size, "sha256": hashlib.sha256(file.read_bytes()).hexdigest()}
        for name, file in shipped_files().items()
    }
    assert found == MANIFEST


def test_the_manifest_names_whole_models() -> None:
    assert {name.split("/")[0] for name in MANIFEST} == {*DEMONSTRATION_MODELS, "sample-ru.wav"}


def test_what_makes_the_models_is_not_taken_for_one() -> None:
    assert (MODELS / "build").is_dir()
    assert {folder.name for folder in folders_in(MODELS) if is_model(folder)} == DEMONSTRATION_MODELS


def test_the_wheel_gets_the_files_of_the_manifest_and_no_others() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    packed = {
        file.relative_to(MODELS).as_posix()
        for patterns in settings["data-files"].values()
        for pattern in patterns
        for file in ROOT.glob(pattern)
    }
    assert packed == set(MANIFEST)
