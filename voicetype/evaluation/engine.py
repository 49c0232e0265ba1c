"""A model in its engine process that is loaded when it is needed, and anew when its process has died. Any thread."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Generic, TypeVar, cast

from voicetype.control.model_loading import Loader, LoadRequest
from voicetype.core.ports import Closable

Model = TypeVar("Model", bound=Closable)


class Engine(Generic[Model]):
    """Holds one model. As a context manager it frees it at the end."""

    def __init__(self, loader: Loader, timeout_s: float) -> None:
        self._loader = loader
        self._timeout_s = timeout_s
        self._model: Model | None = None

    def model(self) -> Model:
        """The loaded model; blocks while it loads. Raises ModelError."""
        if self._model is not None and not getattr(self._model, "alive", True):
            self.close()
        if self._model is None:
            request = LoadRequest(lambda percent: None, threading.Event(), self._timeout_s)
            self._model = cast(Model, self._loader(request))
        return self._model

    def close(self) -> None:
        """Free the model; idempotent."""
        if self._model is not None:
            self._model.close()
            self._model = None

    def __enter__(self) -> Engine[Model]:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
