"""Loads models that have been checked first, and knows how each of them fares. Any thread; no Qt.

This is the one way to a loaded model: the model manager calls `ModelLoader.load_model` on its loader threads and takes
the model over; tools and tests load everything at once.
"""

from __future__ import annotations

import enum
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from loguru import logger

from voicetype.core.messages import MessageCode, ModelError, UserMessage
from voicetype.engines.model_files import NeededFiles, check_digest, check_files
from voicetype.engines.verified_files import VerifiedFiles

_BACKOFF_S = 0.5
"""Before the first retry; each further one waits twice as long."""
_FINAL = frozenset(
    {
        MessageCode.MODEL_FILE_EMPTY,
        MessageCode.MODEL_FILE_UNREADABLE,
        MessageCode.MODEL_PATH_NOT_LATIN,
        MessageCode.MODEL_CHECKSUM,
        MessageCode.MODEL_MISSING,
        MessageCode.MODEL_TIMEOUT,
        MessageCode.SILERO_NOT_INSTALLED,
    }
)
"""Failures that a second attempt a moment later does not mend, or that have used up the user's patience."""


class LoadStatus(enum.Enum):
    """Where a model stands."""

    NOT_LOADED = "not loaded"
    LOADING = "loading"
    LOADED = "loaded"
    FAILED = "failed"


class Health(enum.Enum):
    """How well dictation goes with the models that there are."""

    HEALTHY = "healthy"
    """No model has failed."""
    DEGRADED = "degraded"
    """An optional model has failed; dictation goes on without it."""
    UNHEALTHY = "unhealthy"
    """A model has failed without which there is no dictation."""


@dataclass(frozen=True)
class ModelConfig:
    """What is known of a model before it is loaded.

    Attributes:
        name: by which it is asked for.
        path: its file or folder, or what finds it; a relative one is looked up in the loader's `model_dir`.
        loader_func: takes the path and `loader_kwargs`, returns the model; may raise anything.
        required: whether dictation needs it.
        expected_checksum: hexadecimal; None: not checked. See `model_files.check_digest` for folders.
        checksum_algorithm: "sha256", "md5" or "sha1".
        retry_count: further attempts after the first one failed.
        loader_kwargs: keyword arguments for `loader_func`.
        needed_files: what a folder must hold; None: any file.
        file_checksums: gives the SHA-256 that files in the folder must have; None: not checked.
    """

    name: str
    path: str | Path | Callable[[], Path]
    loader_func: Callable[..., Any]
    required: bool = True
    expected_checksum: str | None = None
    checksum_algorithm: str = "sha256"
    retry_count: int = 1
    loader_kwargs: Mapping[str, Any] | None = None
    needed_files: NeededFiles | None = None
    file_checksums: Callable[[Path], Mapping[Path, str]] | None = None


@dataclass(frozen=True)
class ModelHealth:
    """How one model fares.

    Attributes:
        load_time_s: duration of the last attempt that succeeded, checks included.
        attempts: of the last load.
        error: why the last load failed.
        device: what the model runs on, "" where there is no choice.
        fallbacks: devices that do not run it, each with the reason.
    """

    status: LoadStatus = LoadStatus.NOT_LOADED
    required: bool = True
    load_time_s: float = 0.0
    attempts: int = 0
    error: UserMessage | None = None
    device: str = ""
    fallbacks: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class HealthStatus:
    """How all models fare together."""

    health: Health
    models: Mapping[str, ModelHealth] = field(default_factory=dict)

    @property
    def loaded(self) -> int:
        """How many are loaded."""
        return sum(model.status is LoadStatus.LOADED for model in self.models.values())

    @property
    def failed(self) -> int:
        """How many could not be loaded."""
        return sum(model.status is LoadStatus.FAILED for model in self.models.values())

    @property
    def errors(self) -> dict[str, UserMessage]:
        """Why, by name."""
        return {name: model.error for name, model in self.models.items() if model.error is not None}


class ModelLoader:
    """Registers models, checks and loads them; thread-safe. One model's failure never stops the others.

    Args:
        model_dir: where relative paths begin.
        validate_checksums: whether files are compared with the checksums that are known of them.
        verified: which files need not be read again.
    """

    def __init__(
        self, model_dir: str | Path, validate_checksums: bool = True, verified: VerifiedFiles | None = None
    ) -> None:
        self._model_dir = Path(model_dir)
        self._validate_checksums = validate_checksums
        self._lock = threading.Lock()
        self._configs: dict[str, ModelConfig] = {}
        self._health: dict[str, ModelHealth] = {}
        self._models: dict[str, Any] = {}
        self._verified: set[tuple[object, ...]] = set()
        self._verified_files = verified or VerifiedFiles()

    def register_model(self, config: ModelConfig) -> None:
        """Make a model known; one of the same name is replaced, and forgotten if it was loaded."""
        with self._lock:
            self._configs[config.name] = config
            self._health[config.name] = ModelHealth(required=config.required)
            self._models.pop(config.name, None)

    def load_all_models(self, parallel: bool = True, max_workers: int | None = None) -> HealthStatus:
        """Load every registered model; blocks. Failures are in the result, they are not raised.

        Args:
            parallel: all at once, on `max_workers` threads (None: one a model); otherwise one after the other.
            max_workers: at most so many at once.
        """
        with self._lock:
            names = list(self._configs)
        if names:
            with ThreadPoolExecutor(max_workers if parallel else 1) as executor:
                list(executor.map(self._load_quietly, names))
        return self.get_health_status()

    def load_model(self, name: str, cancelled: threading.Event | None = None) -> Any:
        """Check and load one model, again if it failed before; blocks, waiting between attempts. Returns the model.

        Args:
            name: of a registered model.
            cancelled: set by another thread, it ends the waiting and prevents further attempts.

        Raises ModelError when the last attempt failed; KeyError for a name that is not registered.
        """
        with self._lock:
            config = self._configs[name]
            self._health[name] = ModelHealth(LoadStatus.LOADING, config.required)
        cancelled = cancelled or threading.Event()
        attempt = 0
        while True:
            attempt += 1
            begin = time.monotonic()
            try:
                model = self._attempt(config, cancelled)
            except ModelError as error:
                self._note(name, LoadStatus.FAILED, attempt, error=error.message)
                if attempt > config.retry_count or error.message.code in _FINAL or cancelled.is_set():
                    raise
                delay_s = _BACKOFF_S * 2 ** (attempt - 1)
                logger.warning("loading {} failed ({}); again in {} s", name, error.message.code.value, delay_s)
                if cancelled.wait(delay_s):
                    raise
                continue
            self._note(name, LoadStatus.LOADED, attempt, load_time_s=time.monotonic() - begin, model=model)
            return model

    def get_model(self, name: str) -> Any:
        """Return a loaded model. Raises ModelError (MODEL_NOT_AVAILABLE), which tells why there is none."""
        with self._lock:
            if name in self._models:
                return self._models[name]
            health = self._health.get(name, ModelHealth())
        reason = f"{health.error.code.value} {dict(health.error.params)}" if health.error else "-"
        raise ModelError(MessageCode.MODEL_NOT_AVAILABLE, name=name, status=health.status.value, reason=reason)

    def take_model(self, name: str) -> Any:
        """As `get_model`, and keep no reference: the caller owns the model from now on."""
        model = self.get_model(name)
        with self._lock:
            self._models.pop(name, None)
        return model

    def get_health_status(self) -> HealthStatus:
        """Tell how all models fare."""
        with self._lock:
            models = dict(self._health)
        failed = [model for model in models.values() if model.status is LoadStatus.FAILED]
        if any(model.required for model in failed):
            health = Health.UNHEALTHY
        else:
            health = Health.DEGRADED if failed else Health.HEALTHY
        return HealthStatus(health, models)

    def _load_quietly(self, name: str) -> None:
        try:
            self.load_model(name)
        except ModelError as error:
            logger.warning("loading {} failed: {}", name, error.message.code.value)

    def _attempt(self, config: ModelConfig, cancelled: threading.Event) -> Any:
        path = Path()
        try:
            path = self._model_dir / (config.path() if callable(config.path) else config.path)
            files = check_files(path, config.needed_files)
            if config.expected_checksum and self._validate_checksums:
                self._verify(config, files, cancelled)
            if config.file_checksums and self._validate_checksums:
                self._verified_files.check(config.file_checksums(path), cancelled)
            return config.loader_func(path, **(config.loader_kwargs or {}))
        except ModelError:
            raise
        except Exception as error:
            # A library's surprise; its text may hold anything, so the log gets it and the user the kind.
            logger.opt(exception=error).warning("loading {} failed", config.name)
            raise ModelError(MessageCode.MODEL_BROKEN, path=path, detail=type(error).__name__) from error

    def _verify(self, config: ModelConfig, files: tuple[Path, ...], cancelled: threading.Event) -> None:
        """Hash the files unless these very ones have been hashed before: large models take seconds."""
        stats = [file.stat() for file in files]
        seen = (config.expected_checksum, *((stat.st_ino, stat.st_size, stat.st_mtime_ns) for stat in stats))
        if seen not in self._verified:
            check_digest(files, config.expected_checksum or "", config.checksum_algorithm, cancelled)
            self._verified.add(seen)

    def _note(
        self,
        name: str,
        status: LoadStatus,
        attempts: int,
        *,
        load_time_s: float = 0.0,
        error: UserMessage | None = None,
        model: Any = None,
    ) -> None:
        with self._lock:
            self._health[name] = replace(
                self._health[name],
                status=status,
                attempts=attempts,
                load_time_s=load_time_s,
                error=error,
                device=getattr(model, "device", ""),
                fallbacks=tuple((each.device, each.reason) for each in getattr(model, "fallbacks", ())),
            )
            if status is LoadStatus.LOADED:
                self._models[name] = model
