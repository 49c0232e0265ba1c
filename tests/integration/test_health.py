"""`voicetype health` with real engines, also where models lie in places that programs trip over."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.unit.sources import ROOT
from voicetype.models import installed_checksums

BUNDLED = ("vosk-tiny-ru", "rupunct-tiny")


@pytest.fixture
def places(tmp_path: Path) -> Path:
    """A folder for settings and models."""
    return tmp_path


def environment(places: Path, models: Path, settings: Mapping[str, object], **more: str) -> dict[str, str]:
    (places / "config.yaml").write_text(yaml.safe_dump({"models": dict(settings)}), encoding="utf-8")
    own = {"VOICETYPE_MODELS_DIR": str(models), "VOICETYPE_CONFIG_DIR": str(places), "PYTHONWARNINGS": "error"}
    return {**os.environ, "XDG_DATA_HOME": str(places / "data"), "LANG": "en_US.UTF-8", "LC_ALL": "", **own, **more}


def health(
    places: Path, models: Path, settings: Mapping[str, object] | None = None, *, code: int = 0, **more: str
) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "voicetype", "health", "--json"],
        env=environment(places, models, settings or {}, **more),
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return json.loads(done.stdout)


def copied(folder: Path) -> Path:
    for name in BUNDLED:
        shutil.copytree(ROOT / "models" / name, folder / f"{name} копия")
    return folder


def test_all_is_well_with_the_bundled_models(places: Path) -> None:
    found = health(places, places / "none")
    assert (found["health"], found["loaded"], found["failed"]) == ("healthy", 2, 0)
    assert [model["model"] for model in found["models"].values()] == list(BUNDLED)
    assert all(model["load_time_s"] > 0 and model["error"] is None for model in found["models"].values())


def test_a_device_that_is_not_there_is_named_with_its_reason_and_the_processor_does_the_work(places: Path) -> None:
    punctuation = health(places, places / "none", VOICETYPE_DEVICE="dml")["models"]["rupunct"]
    if sys.platform != "win32":
        assert punctuation["device"] == "cpu"
        assert [each["device"] for each in punctuation["fallbacks"]] == ["dml"]
        assert "DmlExecutionProvider" in punctuation["fallbacks"][0]["reason"]


def test_without_punctuation_it_is_degraded(places: Path) -> None:
    found = health(places, places / "none", {"punctuation": "gone"}, code=1)
    assert (found["health"], found["loaded"], found["failed"]) == ("degraded", 1, 1)
    assert found["models"]["rupunct"]["error"]["code"] == "model_missing"


def test_without_speech_it_is_unhealthy_and_the_other_model_still_loads(places: Path) -> None:
    found = health(places, places / "none", {"speech": "gone"}, code=2)
    assert (found["health"], found["models"]["rupunct"]["status"]) == ("unhealthy", "loaded")
    assert str(places / "none" / "gone") in found["models"]["vosk"]["error"]["text"]


@pytest.mark.parametrize(
    "place",
    [
        Path("Иван Петрович", "Мои документы (2)", "модели №1"),
        Path(*[f"очень длинное имя папки номер {number}" for number in range(12)]),
    ],
    ids=["Cyrillic with spaces", "very long"],
)
def test_models_load_from_places_that_programs_trip_over(places: Path, place: Path) -> None:
    models = copied(places / place)
    found = health(places, models)
    assert [model["model"] for model in found["models"].values()] == [f"{name} копия" for name in BUNDLED]


def test_a_drive_that_vanished_is_named(places: Path) -> None:
    models = copied(places / "drive")
    settings = {"speech": "vosk-tiny-ru копия"}
    health(places, models, settings)
    shutil.rmtree(models)
    found = health(places, models, settings, code=2)
    assert str(models) in found["models"]["vosk"]["error"]["text"]


def test_a_console_of_the_nineties_gets_its_letters(places: Path) -> None:
    models = copied(places / "модели")
    done = subprocess.run(
        [sys.executable, "-m", "voicetype", "health"],
        env=environment(places, models, {}, PYTHONIOENCODING="cp1251", LANG="ru_RU.CP1251", LANGUAGE="ru"),
        capture_output=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert "vosk-tiny-ru копия" in done.stdout.decode("cp1251")


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="a folder in which not even root can write")
def test_a_folder_that_cannot_be_written_is_told(places: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "voicetype", "models", "import", str(ROOT / "models" / "vosk-tiny-ru")],
        env=environment(places, Path("/proc/voicetype"), {}),
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert done.returncode == 1
    assert "/proc/voicetype" in done.stderr and "Traceback" not in done.stderr


def test_an_imported_model_loads_and_a_changed_one_does_not(places: Path) -> None:
    models = places / "models"
    command = [sys.executable, "-m", "voicetype", "models", "import", str(ROOT / "models" / "vosk-tiny-ru")]
    command += ["--name", "моя"]
    subprocess.run(command, env=environment(places, models, {}), check=True, capture_output=True, timeout=60)
    assert len(installed_checksums(models / "моя")) > 5
    assert health(places, models)["models"]["vosk"]["model"] == "моя"
    words = models / "моя" / "graph" / "words.txt"
    words.write_bytes(words.read_bytes().replace(b"0", b"1", 1))
    error = health(places, models, code=2)["models"]["vosk"]["error"]
    assert (error["code"], error["path"]) == ("model_checksum", str(words))
