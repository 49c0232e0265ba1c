"""`voicetype.models`: which models the settings mean, found in real folders."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tests.fakes_install import SPEECH_MODEL, written
from voicetype import models, store
from voicetype.control.model_manager import LoadRequest
from voicetype.core.config import Config, parse, with_value
from voicetype.core.messages import MessageCode, ModelError
from voicetype.core.ports import Closable
from voicetype.core.status import PUNCTUATION, SPEECH
from voicetype.engines import catalog, remote
from voicetype.library import make_installer
from voicetype.models import (
    ChosenModels,
    PunctuationLoader,
    SileroLoader,
    SpeechLoader,
    chosen_models,
    installed_models,
    make_loaders,
    unload_timeout_s,
)
from voicetype.ui.messages import text_of


def make_speech_model(folder: Path) -> Path:
    for name in ("am/final.mdl", "conf/model.conf"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")
    return folder


def make_punctuation_model(folder: Path) -> Path:
    folder.mkdir(parents=True)
    for name in ("config.json", "tokenizer.json", "model.onnx"):
        (folder / name).write_text("x")
    return folder


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder of models, empty."""
    folder = tmp_path / "мои модели"
    monkeypatch.setenv("VOICETYPE_MODELS_DIR", str(folder))
    return folder


@pytest.fixture
def bundled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What came with the program: a demonstration of each kind."""
    folder = tmp_path / "bundled"
    make_speech_model(folder / "vosk-tiny-ru")
    make_punctuation_model(folder / "rupunct-tiny")
    monkeypatch.setattr(catalog, "bundled_models_dir", lambda: folder)
    return folder


class Engine:
    device = "cpu"
    fallbacks = ()

    def close(self) -> None:
        pass


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Path, float]]:
    """What the loaders had loaded, in place of engine processes."""
    calls: list[tuple[str, Path, float]] = []

    def load_speech(path: Path, *, timeout_s: float, on_progress: object, cancelled: object) -> Closable:
        calls.append((SPEECH, path, timeout_s))
        return Engine()

    def load_punctuation(
        path: Path, *, timeout_s: float, on_progress: object, cancelled: object, device: str, on_fallback: object
    ) -> Closable:
        calls.append((PUNCTUATION, path, timeout_s))
        return Engine()

    monkeypatch.setattr(remote, "load_speech", load_speech)
    monkeypatch.setattr(remote, "load_punctuation", load_punctuation)
    return calls


def request() -> LoadRequest:
    return LoadRequest(on_progress=lambda percent: None, cancelled=threading.Event(), timeout_s=7.0)


def load(config: Config, engine: str) -> Closable:
    loader = make_loaders(config)[engine]
    assert loader is not None
    return loader(request())


def settings(**values: str) -> Config:
    config = Config()
    for name, value in values.items():
        config = with_value(config, f"models.{name}", value)
    return config


def test_the_users_folder_comes_before_the_bundled_one(own: Path, bundled: Path) -> None:
    assert models.folders() == (own, bundled)


def test_without_the_variable_the_folder_is_among_the_programs_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VOICETYPE_MODELS_DIR", raising=False)
    assert models.folders() == (store.data_dir() / "models", catalog.bundled_models_dir())


def test_the_loaders_of_the_defaults() -> None:
    assert make_loaders(Config()) == {SPEECH: SpeechLoader(""), PUNCTUATION: PunctuationLoader("")}


def test_the_loaders_of_chosen_models() -> None:
    chosen = settings(speech="большая", punctuation="rupunct-big", device="cpu")
    assert make_loaders(chosen) == {
        SPEECH: SpeechLoader("большая"),
        PUNCTUATION: PunctuationLoader("rupunct-big", "cpu"),
    }
    assert make_loaders(settings(punctuation_backend="silero"))[PUNCTUATION] == SileroLoader()


@pytest.mark.parametrize(
    ("machine_mb", "minutes"), [(3_900, 2), (8_200, 10), (16_500, 30), (33_000, 120), (64_000, 120)]
)
def test_the_time_until_the_models_go_can_follow_the_machines_memory(machine_mb: int, minutes: int) -> None:
    fixed = with_value(Config(), "models.unload_timeout_minutes", 3.0)
    assert unload_timeout_s(fixed, machine_mb) == 180
    assert unload_timeout_s(with_value(fixed, "models.unload_by_memory", True), machine_mb) == minutes * 60


def test_a_model_that_was_changed_after_its_installation_is_not_loaded(
    own: Path, bundled: Path, loaded: list[tuple[str, Path, float]], tmp_path: Path
) -> None:
    source = written(SPEECH_MODEL, tmp_path / "vosk-from-a-stick")
    make_installer().import_model(source)
    load(Config(), SPEECH)
    assert [path for _engine, path, _timeout in loaded] == [own / "vosk-from-a-stick"]
    damaged = own / "vosk-from-a-stick" / "am" / "final.mdl"
    damaged.write_bytes(bytes(len(damaged.read_bytes())))
    with pytest.raises(ModelError) as error:
        load(Config(), SPEECH)
    assert error.value.message.code is MessageCode.MODEL_CHECKSUM
    assert error.value.message.params["path"] == str(damaged)
    assert "install it again" in text_of(error.value.message)
    assert len(loaded) == 1


@pytest.mark.parametrize(
    "config",
    [with_value(Config(), "recognition.punctuation_enabled", False), settings(punctuation_backend="disabled")],
    ids=["checkbox", "backend"],
)
def test_punctuation_can_be_switched_off_in_two_places(config: Config) -> None:
    assert make_loaders(config) == {SPEECH: SpeechLoader(""), PUNCTUATION: None}


def test_the_loaders_load_what_is_on_the_disk_at_that_moment(
    own: Path, bundled: Path, loaded: list[tuple[str, Path, float]]
) -> None:
    loaders = make_loaders(Config())
    for loader in loaders.values():
        assert loader is not None
        loader(request())
    make_speech_model(own / "vosk-model-ru-0.42")
    make_punctuation_model(own / "rupunct-big")
    for loader in loaders.values():
        assert loader is not None
        loader(request())
    assert loaded == [
        (SPEECH, bundled / "vosk-tiny-ru", 7.0),
        (PUNCTUATION, bundled / "rupunct-tiny", 7.0),
        (SPEECH, own / "vosk-model-ru-0.42", 7.0),
        (PUNCTUATION, own / "rupunct-big", 7.0),
    ]


def test_the_models_can_be_chosen_by_name_and_by_path(
    own: Path, bundled: Path, tmp_path: Path, loaded: list[tuple[str, Path, float]]
) -> None:
    make_speech_model(own / "large")
    elsewhere = make_punctuation_model(tmp_path / "elsewhere")
    config = settings(speech="vosk-tiny-ru", punctuation=str(elsewhere))
    load(config, SPEECH)
    load(config, PUNCTUATION)
    assert [path for _, path, _ in loaded] == [bundled / "vosk-tiny-ru", elsewhere]
    assert chosen_models(config) == ChosenModels("vosk-tiny-ru", "elsewhere", demonstration=True)


@pytest.mark.parametrize("engine", [SPEECH, PUNCTUATION])
def test_a_model_that_is_gone_is_told_with_the_folder_where_it_should_be(
    own: Path, bundled: Path, engine: str, loaded: list[tuple[str, Path, float]]
) -> None:
    config = settings(speech="gone", punctuation="gone")
    with pytest.raises(ModelError) as error:
        load(config, engine)
    assert error.value.message.code is MessageCode.MODEL_MISSING
    assert error.value.message.params == {"path": str(own / "gone")}
    assert loaded == []
    assert chosen_models(config) == ChosenModels("", "", demonstration=False)


def test_silero_without_its_extra_says_how_to_get_it_and_speech_is_not_affected(
    own: Path, bundled: Path, loaded: list[tuple[str, Path, float]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    config = settings(punctuation_backend="silero")
    with pytest.raises(ModelError) as error:
        load(config, PUNCTUATION)
    assert error.value.message.code is MessageCode.SILERO_NOT_INSTALLED
    assert error.value.message.params == {"path": str(own / "silero-te" / "v2_4lang_q.pt")}
    assert "pip install voicetype[silero]" in text_of(error.value.message)
    load(config, SPEECH)
    assert [engine for engine, *_ in loaded] == [SPEECH]


def test_a_backend_that_no_version_has_is_told_and_the_default_is_used(own: Path, bundled: Path) -> None:
    config, problems = parse({"models": {"punctuation_backend": "gpt"}})
    assert [problem.code for problem in problems] == [MessageCode.CONFIG_VALUE_INVALID]
    assert make_loaders(config) == make_loaders(Config())


def test_no_models_at_all(own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalog, "bundled_models_dir", lambda: tmp_path / "nowhere")
    assert chosen_models(Config()) == ChosenModels("", "", demonstration=False)
    assert installed_models(SPEECH) == installed_models(PUNCTUATION) == ()
    with pytest.raises(ModelError) as error:
        load(Config(), SPEECH)
    assert error.value.message.params == {"path": str(own)}


def test_a_model_of_the_users_own_is_no_demonstration(own: Path, bundled: Path) -> None:
    assert chosen_models(Config()) == ChosenModels("vosk-tiny-ru", "rupunct-tiny", demonstration=True)
    make_speech_model(own / "vosk-model-ru-0.42")
    assert chosen_models(Config()) == ChosenModels("vosk-model-ru-0.42", "rupunct-tiny", demonstration=False)


def test_installed_models_are_whole_ones_of_both_folders_once_each(own: Path, bundled: Path) -> None:
    make_speech_model(own / "б")
    make_speech_model(own / "vosk-tiny-ru")
    make_punctuation_model(own / "rupunct-big")
    (own / "halfway" / "am").mkdir(parents=True)
    (own / "readme.txt").write_text("no folder")
    assert installed_models(SPEECH) == ("vosk-tiny-ru", "б")
    assert installed_models(PUNCTUATION) == ("rupunct-big", "rupunct-tiny")


def test_equal_settings_make_equal_loaders_so_that_nothing_is_loaded_anew() -> None:
    assert make_loaders(Config()) == make_loaders(with_value(Config(), "audio.tail_ms", 100))
    assert make_loaders(Config())[SPEECH] != make_loaders(settings(speech="a"))[SPEECH]


def test_models_that_do_not_fit_the_memory_are_told(own: Path, bundled: Path) -> None:
    model = make_speech_model(own / "large")
    with (model / "am" / "final.mdl").open("r+b") as file:
        file.truncate(1_000_000_000)  # a hole: it takes no room on the disk
    problem = models.memory_shortage(Config(), 2200)
    assert problem is not None and problem.code is MessageCode.MEMORY_SHORT
    assert problem.params == {"need": "2210", "free": "2200"}
    assert models.memory_shortage(Config(), 2211) is None
    without = with_value(Config(), "recognition.punctuation_enabled", False)
    assert models.memory_shortage(without, 2200) is None
    assert models.memory_shortage(settings(speech="nowhere"), 100) is None
