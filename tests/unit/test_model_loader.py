"""Models are checked before they are loaded, tried again, and their health is known. Real files."""

from __future__ import annotations

import gc
import hashlib
import os
import threading
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest

from voicetype.core.messages import MessageCode, ModelError
from voicetype.engines import model_loader
from voicetype.engines.catalog import speech_files
from voicetype.engines.model_files import digest
from voicetype.engines.model_loader import Health, LoadStatus, ModelConfig, ModelLoader
from voicetype.ui.messages import text_of

CONTENT = b"weights" * 1000


class Model:
    """What a loader function returns."""

    def __init__(self, path: Path, **options: object) -> None:
        self.path = path
        self.options = options


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_loader, "_BACKOFF_S", 0.001)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "модель с пробелом.bin"
    path.write_bytes(CONTENT)
    return path


@pytest.fixture
def loader(tmp_path: Path) -> ModelLoader:
    return ModelLoader(tmp_path)


def failing(times: int, error: Exception) -> Callable[..., Model]:
    calls = []

    def load(path: Path) -> Model:
        calls.append(path)
        if len(calls) <= times:
            raise error
        return Model(path)

    return load


def problem(loader: ModelLoader, config: ModelConfig) -> str:
    """The sentence that a user reads about this model."""
    loader.register_model(config)
    with pytest.raises(ModelError) as caught:
        loader.load_model(config.name)
    return text_of(caught.value.message)


def test_a_model_is_loaded_with_its_arguments(loader: ModelLoader, file: Path) -> None:
    loader.register_model(ModelConfig("speech", file.name, Model, loader_kwargs={"threads": 2}))
    model = loader.load_model("speech")
    assert (model.path, model.options) == (file, {"threads": 2})
    assert loader.get_model("speech") is model
    health = loader.get_health_status().models["speech"]
    assert (health.status, health.attempts, health.error) == (LoadStatus.LOADED, 1, None)
    assert health.load_time_s > 0


def test_what_is_missing_empty_or_closed_is_said(loader: ModelLoader, file: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty.bin"
    empty.touch()
    (tmp_path / "folder").mkdir()
    assert problem(loader, ModelConfig("x", "nowhere.bin", Model)).startswith("Model file not found: ")
    assert problem(loader, ModelConfig("x", empty, Model)).startswith(f"Model file is empty (0 bytes): {empty}")
    assert problem(loader, ModelConfig("x", tmp_path / "folder", Model)).startswith("Model file is empty")
    folder = ModelConfig("x", tmp_path / "folder", Model, needed_files=speech_files)
    assert "final.mdl" in problem(loader, folder)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root and Windows read everything")
def test_a_file_that_may_not_be_read_is_said(loader: ModelLoader, file: Path) -> None:
    file.chmod(0)
    told = problem(loader, ModelConfig("x", file, Model))
    assert told.startswith(f"Model file is not readable (permission denied): {file}")


def test_a_refused_read_is_said(loader: ModelLoader, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    told = problem(loader, ModelConfig("x", file, Model))
    assert told.startswith(f"Model file is not readable (permission denied): {file}")


@pytest.mark.parametrize("algorithm", ["sha256", "md5", "sha1"])
def test_checksums(loader: ModelLoader, file: Path, algorithm: str) -> None:
    right = hashlib.new(algorithm, CONTENT).hexdigest()
    assert digest(file, algorithm) == right
    loader.register_model(ModelConfig("x", file, Model, expected_checksum=right.upper(), checksum_algorithm=algorithm))
    assert loader.load_model("x").path == file
    wrong = "0" * len(right)
    told = problem(loader, ModelConfig("x", file, Model, expected_checksum=wrong, checksum_algorithm=algorithm))
    assert told.startswith(f"Checksum mismatch! Expected: {wrong}, Got: {right}")


def test_checksums_can_be_left_out(tmp_path: Path, file: Path) -> None:
    loader = ModelLoader(tmp_path, validate_checksums=False)
    loader.register_model(ModelConfig("x", file, Model, expected_checksum="0"))
    assert loader.load_model("x").path == file


def test_a_file_is_hashed_again_only_when_it_has_changed(
    loader: ModelLoader, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed = []
    monkeypatch.setattr(model_loader, "check_digest", lambda files, *rest: hashed.append(files))
    loader.register_model(ModelConfig("x", file, Model, expected_checksum="1"))
    loader.load_model("x")
    loader.load_model("x")
    assert len(hashed) == 1
    file.write_bytes(CONTENT + b"!")
    loader.load_model("x")
    assert len(hashed) == 2


def test_a_damaged_file_is_never_given_to_the_engine(loader: ModelLoader, file: Path) -> None:
    calls = []
    config = ModelConfig("x", file, calls.append, expected_checksum="0" * 64, retry_count=3)
    problem(loader, config)
    assert calls == []
    assert loader.get_health_status().models["x"].attempts == 1


def test_retries(loader: ModelLoader, file: Path) -> None:
    loader.register_model(ModelConfig("x", file, failing(2, OSError("busy")), retry_count=3))
    assert loader.load_model("x").path == file
    assert loader.get_health_status().models["x"].attempts == 3


def test_pauses_between_retries_double(loader: ModelLoader, file: Path) -> None:
    class Clock(threading.Event):
        waits: list[float]

        def wait(self, timeout: float | None = None) -> bool:
            self.waits.append(timeout or 0)
            return False

    clock = Clock()
    clock.waits = []
    loader.register_model(ModelConfig("x", file, failing(3, OSError("busy")), retry_count=3))
    loader.load_model("x", clock)
    assert clock.waits == [0.001, 0.002, 0.004]


def test_the_last_failure_is_told(loader: ModelLoader, file: Path) -> None:
    told = problem(loader, ModelConfig("x", file, failing(9, ZeroDivisionError("secret")), retry_count=2))
    assert "ZeroDivisionError" in told and "secret" not in told
    assert loader.get_health_status().models["x"].attempts == 3
    with pytest.raises(ModelError) as caught:
        loader.get_model("x")
    sentence = text_of(caught.value.message)
    assert sentence.startswith("Model 'x' is not available (status: failed). Loading failed with: model_broken")


def test_cancelling_ends_the_retries(loader: ModelLoader, file: Path) -> None:
    cancelled = threading.Event()

    def load(path: Path) -> Model:
        cancelled.set()
        raise OSError("busy")

    loader.register_model(ModelConfig("x", file, load, retry_count=5))
    with pytest.raises(ModelError):
        loader.load_model("x", cancelled)
    assert loader.get_health_status().models["x"].attempts == 1


@pytest.mark.parametrize("parallel", [True, False])
def test_one_failure_never_stops_the_others(loader: ModelLoader, file: Path, parallel: bool) -> None:
    loader.register_model(ModelConfig("a", "nowhere", Model))
    loader.register_model(ModelConfig("b", file, Model))
    loader.register_model(ModelConfig("c", file, failing(9, OSError("no")), required=False))
    status = loader.load_all_models(parallel=parallel, max_workers=2)
    assert (status.loaded, status.failed, status.health) == (1, 2, Health.UNHEALTHY)
    assert {name: error.code for name, error in status.errors.items()} == {
        "a": MessageCode.MODEL_MISSING,
        "c": MessageCode.MODEL_BROKEN,
    }
    assert loader.get_model("b").path == file


def test_models_load_side_by_side(loader: ModelLoader, file: Path) -> None:
    both = threading.Barrier(2, timeout=10)

    def load(path: Path) -> Model:
        both.wait()
        return Model(path)

    for name in ("a", "b"):
        loader.register_model(ModelConfig(name, file, load))
    assert loader.load_all_models().loaded == 2


def test_health(loader: ModelLoader, file: Path) -> None:
    assert loader.get_health_status().health is Health.HEALTHY
    loader.register_model(ModelConfig("marks", "nowhere", Model, required=False))
    loader.register_model(ModelConfig("speech", file, Model))
    assert loader.load_all_models().health is Health.DEGRADED
    loader.register_model(ModelConfig("speech", "nowhere", Model))
    assert loader.load_all_models().health is Health.UNHEALTHY
    loader.register_model(ModelConfig("speech", file, Model))
    loader.register_model(ModelConfig("marks", file, Model, required=False))
    assert loader.load_all_models().health is Health.HEALTHY


def test_a_model_that_was_taken_belongs_to_its_taker_alone(loader: ModelLoader, file: Path) -> None:
    loader.register_model(ModelConfig("x", file, Model))
    loader.load_model("x")
    model = loader.take_model("x")
    alive = weakref.ref(model)
    assert loader.get_health_status().models["x"].status is LoadStatus.LOADED
    del model
    gc.collect()
    assert alive() is None


def test_an_unknown_name_is_an_error_of_the_caller(loader: ModelLoader) -> None:
    with pytest.raises(KeyError):
        loader.load_model("x")
    with pytest.raises(ModelError):
        loader.get_model("x")
