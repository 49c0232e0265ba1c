"""Which models the settings mean, and how the model manager loads them. Any thread."""

from __future__ import annotations

import contextlib
import importlib.util
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, cast

from loguru import logger

from voicetype import store
from voicetype.control.model_manager import Loader, LoadRequest
from voicetype.core.config import Config
from voicetype.core.messages import Level, MessageCode, ModelError, UserMessage
from voicetype.core.ports import Closable
from voicetype.core.status import PUNCTUATION, SILERO, SPEECH
from voicetype.device_memory import DeviceMemory
from voicetype.engines import catalog, remote
from voicetype.engines.model_loader import ModelConfig, ModelLoader
from voicetype.engines.providers import AUTO, CPU, DEVICES, DML, Fallback
from voicetype.engines.verified_files import VerifiedFiles
from voicetype.install.manifest import read_manifest

ONNX = "onnx"
SILERO_TE = "silero"
DISABLED = "disabled"


def folders() -> tuple[Path, ...]:
    """Where models are looked for: the user's folder first, then what came with the program."""
    return (store.models_dir(), catalog.bundled_models_dir())


def make_model_loader() -> ModelLoader:
    """What checks and loads models, and knows how they fare."""
    return ModelLoader(store.models_dir(), verified=VerifiedFiles(store.data_dir() / "verified.json"))


def installed_checksums(path: Path) -> dict[Path, str]:
    """The SHA-256 of each file of the model at `path` when it was installed; {} for one that was put there by hand."""
    manifest = read_manifest(path)
    return {path / record.path: record.sha256 for record in manifest.files} if manifest else {}


def make_loaders(config: Config, loader: ModelLoader | None = None) -> dict[str, Loader | None]:
    """Loaders for the model manager; None for a model that the settings switch off.

    `loader` does the loading and knows how the models fare; None: a new one.
    """
    loader = loader or make_model_loader()
    models = config.models
    punctuate = config.recognition.punctuation_enabled and models.punctuation_backend != DISABLED
    punctuation: Loader = PunctuationLoader(models.punctuation, wanted_device(models.device), loader)
    if models.punctuation_backend == SILERO_TE:
        punctuation = SileroLoader(loader)
    return {
        SPEECH: SpeechLoader(models.speech, loader),
        PUNCTUATION: punctuation if punctuate else None,
    }


@dataclass(frozen=True)
class ChosenModels:
    """Folder names of the models that the settings mean, "" where there is none; whether the speech model is the
    bundled one, which understands synthetic voices only; and which engine punctuates, PUNCTUATION or SILERO."""

    speech: str
    punctuation: str
    demonstration: bool
    punctuation_engine: str = PUNCTUATION


def chosen_models(config: Config) -> ChosenModels:
    """Look up on the disk which models would be loaded now."""
    names = {}
    for engine, find, wanted in (
        (SPEECH, catalog.find_speech_model, config.models.speech),
        (PUNCTUATION, catalog.find_punctuation_model, config.models.punctuation),
    ):
        try:
            names[engine] = find(folders(), wanted)
        except ModelError:
            names[engine] = Path()
    engine = PUNCTUATION
    if config.models.punctuation_backend == SILERO_TE:
        engine, names[PUNCTUATION] = SILERO, Path(catalog.SILERO_MODEL)
    return ChosenModels(names[SPEECH].name, names[PUNCTUATION].name, catalog.is_demonstration(names[SPEECH]), engine)


def installed_models(engine: str) -> tuple[str, ...]:
    """Folder names of the installed models for `engine` (SPEECH or PUNCTUATION)."""
    check = catalog.speech_files if engine == SPEECH else catalog.punctuation_files
    names = set()
    for folder in folders():
        for path in catalog.folders_in(folder):
            with contextlib.suppress(ModelError, OSError):
                check(path)
                names.add(path.name)
    return tuple(sorted(names))


_UNLOAD_MINUTES = ((6_000, 2), (12_000, 10), (24_000, 30))
"""Below so many MB of memory in the machine, so many minutes. Machines report a little less than is built in."""
_UNLOAD_MINUTES_ABOVE = 120


def unload_timeout_s(config: Config, machine_mb: float) -> float:
    """Seconds without dictation after which the models are freed; 0 = never. `machine_mb`: its whole memory."""
    if not config.models.unload_by_memory:
        return config.models.unload_timeout_minutes * 60
    minutes = next((minutes for below, minutes in _UNLOAD_MINUTES if machine_mb < below), _UNLOAD_MINUTES_ABOVE)
    return minutes * 60.0


_NEED = {SPEECH: (2.1, 35), PUNCTUATION: (1.1, 75)}
"""Memory of a loaded model: its size on the disk times the first, plus the second in MB. Measured: 264 MB of Vosk take
567 MB, 340 MB of ONNX 428 MB, the bundled models 39 and 80 MB."""


def memory_need_mb(engine: str, size: int) -> float:
    """Memory that a model of `size` bytes on the disk takes when it is loaded, in MB."""
    factor, base_mb = _NEED[engine]
    return factor * size / 1_000_000 + base_mb


def memory_shortage(config: Config, free_mb: float) -> UserMessage | None:
    """What to tell before the models are loaded into a machine with so much free memory; None: they fit."""
    finders: list[tuple[str, Callable[[Sequence[Path], str], Path], str]] = [
        (SPEECH, catalog.find_speech_model, config.models.speech)
    ]
    if isinstance(make_loaders(config)[PUNCTUATION], PunctuationLoader):
        finders.append((PUNCTUATION, catalog.find_punctuation_model, config.models.punctuation))
    need_mb = 0.0
    for engine, find, wanted in finders:
        with contextlib.suppress(ModelError, OSError):  # the load will tell
            size = sum(file.stat().st_size for file in find(folders(), wanted).rglob("*") if file.is_file())
            need_mb += memory_need_mb(engine, size)
    if need_mb <= free_mb:
        return None
    return UserMessage(MessageCode.MEMORY_SHORT, Level.WARNING, {"need": f"{need_mb:.0f}", "free": f"{free_mb:.0f}"})


@dataclass(frozen=True)
class SpeechLoader:
    """Loads the speech model `wanted`. Equal loaders mean the same model, so that nothing is exchanged needlessly."""

    wanted: str
    loader: ModelLoader = field(default_factory=make_model_loader, compare=False, repr=False)

    def __call__(self, request: LoadRequest) -> Closable:
        """Check its files and start its engine process; blocks. Raises ModelError."""
        path = partial(catalog.find_speech_model, folders(), self.wanted)
        config = ModelConfig(SPEECH, path, remote.load_speech, needed_files=catalog.speech_files)
        return _load(self.loader, config, request)


@dataclass(frozen=True)
class PunctuationLoader:
    """Loads the RUPunct model `wanted` on `device`."""

    wanted: str
    device: str = AUTO
    loader: ModelLoader = field(default_factory=make_model_loader, compare=False, repr=False)

    def __call__(self, request: LoadRequest) -> Closable:
        """Check its files and start its engine process; blocks. Raises ModelError."""
        path = partial(catalog.find_punctuation_model, folders(), self.wanted)
        load = partial(load_on_a_device, self.device, DeviceMemory(store.data_dir() / "devices.yaml"))
        config = ModelConfig(PUNCTUATION, path, load, required=False, needed_files=catalog.punctuation_files)
        return _load(self.loader, config, request)


@dataclass(frozen=True)
class SileroLoader:
    """Loads Silero TE, which needs an extra that most users do not have."""

    loader: ModelLoader = field(default_factory=make_model_loader, compare=False, repr=False)

    def __call__(self, request: LoadRequest) -> Closable:
        """As `PunctuationLoader`."""
        config = ModelConfig(
            PUNCTUATION, _silero_model, remote.load_silero, required=False, needed_files=catalog.silero_files
        )
        return _load(self.loader, config, request)


def _silero_model() -> Path:
    path = store.models_dir() / catalog.SILERO_MODEL
    if importlib.util.find_spec("torch") is None:
        raise ModelError(MessageCode.SILERO_NOT_INSTALLED, path=path / catalog.SILERO_FILE)
    return path


def _load(loader: ModelLoader, config: ModelConfig, request: LoadRequest) -> Closable:
    arguments = {
        "timeout_s": request.timeout_s,
        "on_progress": request.on_progress,
        "cancelled": request.cancelled,
    }
    loader.register_model(replace(config, loader_kwargs=arguments, file_checksums=installed_checksums))
    loader.load_model(config.name, request.cancelled)
    return cast(Closable, loader.take_model(config.name))


def wanted_device(setting: str) -> str:
    """The device to begin with: VOICETYPE_DEVICE if it names one, else the setting."""
    override = os.environ.get("VOICETYPE_DEVICE", "").strip().lower()
    if override in DEVICES:
        return override
    if override:
        logger.warning("VOICETYPE_DEVICE={} is none of {}; the settings count", override, ", ".join(DEVICES))
    return setting


def load_on_a_device(device: str, memory: DeviceMemory, path: Path, **arguments: Any) -> remote.RemotePunctuator:
    """Load the punctuation model on `device`, on the processor if that crashes. Raises ModelError."""
    if device == AUTO and (reason := memory.reason(DML)):
        logger.info("{} is left out, since it failed before: {}", DML, reason)
        device = CPU

    def on_fallback(fallback: Fallback) -> None:
        memory.remember(fallback.device, fallback.reason)

    try:
        model = remote.load_punctuation(path, device=device, on_fallback=on_fallback, **arguments)
    except ModelError as error:
        crashed = error.message.code is MessageCode.ENGINE_DIED and not arguments["cancelled"].is_set()
        if device == CPU or not crashed:
            raise
        # A driver took the engine's process with it; the program's own is none the worse for it.
        memory.remember(DML, error.message.params.get("detail", ""))
        return remote.load_punctuation(path, device=CPU, **arguments)
    if model.device != CPU:
        memory.forget(model.device)
    return model
