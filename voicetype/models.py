"""Which models the settings mean, and how the model manager loads them. Any thread."""

from __future__ import annotations

from pathlib import Path

from voicetype import store
from voicetype.control.model_manager import Loader, LoadRequest
from voicetype.core.config import Config
from voicetype.core.messages import MessageCode, ModelError
from voicetype.core.ports import Closable
from voicetype.core.status import PUNCTUATION, SPEECH
from voicetype.engines import catalog, remote

ONNX = "onnx"


def folders() -> tuple[Path, ...]:
    """Where models are looked for: the user's folder first, then what came with the program."""
    return (store.models_dir(), catalog.bundled_models_dir())


def make_loaders(config: Config) -> dict[str, Loader | None]:
    """Loaders for the model manager; None for a model that the settings switch off."""
    return {SPEECH: _speech_loader(config), PUNCTUATION: _punctuation_loader(config)}


def is_demonstration(config: Config) -> bool:
    """Whether the speech model in use is the bundled one, which understands synthetic voices only."""
    try:
        return catalog.is_demonstration(catalog.find_speech_model(folders(), config.models.speech))
    except ModelError:
        return False


def _speech_loader(config: Config) -> Loader:
    def load(request: LoadRequest) -> Closable:
        path = catalog.find_speech_model(folders(), config.models.speech)
        return remote.load_speech(
            path, timeout_s=request.timeout_s, on_progress=request.on_progress, cancelled=request.cancelled
        )

    return load


def _punctuation_loader(config: Config) -> Loader | None:
    if not config.recognition.punctuation_enabled or config.models.punctuation_backend == "disabled":
        return None

    def load(request: LoadRequest) -> Closable:
        if config.models.punctuation_backend != ONNX:
            raise ModelError(MessageCode.PUNCTUATION_BACKEND_MISSING, backend=config.models.punctuation_backend)
        path = catalog.find_punctuation_model(folders(), config.models.punctuation)
        return remote.load_punctuation(
            path, timeout_s=request.timeout_s, on_progress=request.on_progress, cancelled=request.cancelled
        )

    return load
