"""The threads' side of a model slot: where a model lies, and the thread that loads and frees it. May import `core`.

The model never travels in a signal: a queued signal that nobody takes would keep it alive.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from loguru import logger

from voicetype.core.messages import Level, MessageCode, ModelError, UserMessage
from voicetype.core.ports import Closable, Trim
from voicetype.core.states import (
    ModelEffect,
    ModelEffectKind,
    ModelEvent,
    ModelEventKind,
    ModelMachine,
    step_model,
)
from voicetype.core.status import ModelState


@dataclass(frozen=True)
class LoadRequest:
    """What a loader is told.

    Attributes:
        on_progress: takes 0 to 100; any thread.
        cancelled: once set, the loader should raise ModelError as soon as it can.
        timeout_s: after so many seconds nobody waits for the model any more.
    """

    on_progress: Callable[[int], None]
    cancelled: threading.Event
    timeout_s: float


Loader = Callable[[LoadRequest], Closable]
"""Loads one model; blocks, on a thread of its own. Raises ModelError. Compared by `==` to see a changed one."""


class ModelShelf:
    """Holds the state machine of a model and the model itself, for its slot, its loader thread and those who wait.

    Thread-safe; `step` and `close` belong to the slot.
    """

    def __init__(self, name: str, *, enabled: bool) -> None:
        self._name = name
        self._changed = threading.Condition()
        self._machine = ModelMachine(_resting(enabled), enabled=enabled)
        self._model: Closable | None = None
        # Results of the loader thread by generation, until the slot has made the step that they cause.
        self._arrived: dict[int, Closable] = {}
        self._failures: dict[int, UserMessage] = {}
        self._leaving: list[Closable] = []
        self._error: UserMessage | None = None
        self._closed = False

    @property
    def machine(self) -> ModelMachine:
        """The state machine as it is now."""
        return self._machine

    @property
    def error(self) -> UserMessage | None:
        """Why the last load failed."""
        return self._error

    @property
    def is_closed(self) -> bool:
        """Whether `close` was called."""
        return self._closed

    @property
    def model(self) -> Closable | None:
        """The model if it is ready."""
        with self._changed:
            return self._model if self._machine.state is ModelState.READY else None

    def step(self, event: ModelEvent) -> tuple[ModelEffect, ...]:
        """Step the machine, put model and error where the new state has them, wake who waits.

        Raises IllegalTransition.
        """
        with self._changed:
            machine, effects = step_model(self._machine, event)
            self._take_over(event, {effect.kind for effect in effects})
            self._machine = machine
            self._changed.notify_all()
        return effects

    def wait(self, timeout_s: float | None, is_released: Callable[[], bool]) -> Closable | None:
        """Block until the model is ready and return it; None when there is none by the settings.

        Does not need the slot's event loop once the load runs. Raises ModelError when the load failed, `timeout_s`
        passed or `is_released` turned true.
        """
        with self._changed:
            settled = self._changed.wait_for(lambda: is_released() or not self._is_pending(), timeout_s)
            if not settled:
                raise ModelError(MessageCode.MODEL_TIMEOUT, name=self._name, seconds=f"{timeout_s:g}")
            if self._closed or is_released():
                raise ModelError(MessageCode.ENGINE_DIED, Level.INFO, name=self._name, detail="released")
            if (model := self._usable()) is not None:
                return model
            if self._machine.state is ModelState.DISABLED:
                return None
            error = self._failures.get(self._machine.generation) or self._error
        if error is None:
            raise ModelError(MessageCode.ENGINE_DIED, name=self._name, detail="unloaded")
        # A new exception for each waiter: a shared one would collect their frames and keep what these hold.
        raise ModelError(error.code, error.level, **error.params)

    def wake(self) -> None:
        """Let those who wait look again."""
        with self._changed:
            self._changed.notify_all()

    def put(self, generation: int, model: Closable) -> None:
        """Lay down what a load has brought; who waits may use it at once."""
        with self._changed:
            self._arrived[generation] = model
            self._changed.notify_all()

    def put_failure(self, generation: int, message: UserMessage) -> None:
        """Lay down why a load has brought nothing."""
        with self._changed:
            self._failures[generation] = message
            self._changed.notify_all()

    def expire(self, generation: int, message: UserMessage) -> bool:
        """As `put_failure` unless the load has a result by now; tells whether it had none."""
        with self._changed:
            if generation in self._arrived or generation in self._failures:
                return False
            self._failures[generation] = message
            self._changed.notify_all()
            return True

    def take_leaving(self) -> list[Closable]:
        """Hand over the models that are to be closed."""
        with self._changed:
            leaving, self._leaving = self._leaving, []
            if self._closed:
                leaving += self._arrived.values()
                self._arrived.clear()
        return leaving

    def close(self) -> None:
        """Hold nothing any more, and wake who waits."""
        with self._changed:
            self._closed = True
            enabled = self._machine.state is not ModelState.DISABLED
            self._machine = ModelMachine(_resting(enabled), generation=self._machine.generation + 1)
            self._give_up_model()
            self._changed.notify_all()

    def _is_pending(self) -> bool:
        """With the lock: whether waiting can still bring a model. A cancelled load is followed by another one."""
        if self._closed or self._usable() is not None:
            return False
        failed = self._machine.generation in self._failures and not self._machine.cancelled
        return self._machine.state in {ModelState.LOADING, ModelState.UNLOADING} and not failed

    def _usable(self) -> Closable | None:
        """With the lock: the model that a holder may use. One that has just arrived need not wait for the slot."""
        if self._machine.state is ModelState.LOADING and not self._machine.cancelled:
            return self._arrived.get(self._machine.generation)
        return self._model if self._machine.state is ModelState.READY else None

    def _take_over(self, event: ModelEvent, kinds: set[ModelEffectKind]) -> None:
        """With the lock: move model and error as the effects have it."""
        if event.kind is ModelEventKind.LOADED:
            model = self._arrived.pop(event.generation, None)
            if ModelEffectKind.DISCARD not in kinds:
                self._model = model
            elif model is not None:
                self._leaving.append(model)
        failed = event.kind in {ModelEventKind.LOAD_FAILED, ModelEventKind.LOAD_TIMEOUT}
        failure = self._failures.pop(event.generation, None) if failed else None
        if ModelEffectKind.REPORT_FAILED in kinds:
            self._error = failure
        if ModelEffectKind.START_LOAD in kinds:
            self._error = None
        if ModelEffectKind.FREE in kinds:
            self._give_up_model()

    def _give_up_model(self) -> None:
        if self._model is not None:
            self._leaving.append(self._model)
            self._model = None


def _resting(enabled: bool) -> ModelState:
    return ModelState.UNLOADED if enabled else ModelState.DISABLED


class LoaderThread:
    """Loads and frees one model on a thread of its own, one after the other. Used by the slot's thread.

    `report` is called on the loader thread with what happened, until the shelf is closed.
    """

    def __init__(self, name: str, shelf: ModelShelf, trim: Trim, report: Callable[[ModelEvent], None]) -> None:
        self._name = name
        self._shelf = shelf
        self._trim = trim
        self._report = report
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="model-loader")
        self._last_job: Future[None] | None = None

    def load(self, loader: Loader, request: LoadRequest, generation: int) -> None:
        """Begin a load; it ends with LOADED or LOAD_FAILED."""
        self._executor.submit(self._load, loader, request, generation)

    def free(self, generation: int | None = None) -> None:
        """Close the models that are leaving and give memory back; ends with FREED when there is a generation."""
        self._executor.submit(self._free, generation)

    def stop(self) -> None:
        """Let the thread end, after it has closed what there is; `join` waits for it."""
        if self._last_job is None:
            self._last_job = self._executor.submit(self._free, None)
            self._executor.shutdown(wait=False)

    def join(self, deadline: float) -> None:
        """Wait for the thread's end until `deadline` (time.monotonic)."""
        if self._last_job is None:
            return
        if wait([self._last_job], timeout=max(0.0, deadline - time.monotonic())).not_done:
            logger.warning("{} does not stop loading; its thread is left to end by itself", self._name)
        else:
            self._executor.shutdown(wait=True)

    def _load(self, loader: Loader, request: LoadRequest, generation: int) -> None:
        event = ModelEvent(ModelEventKind.LOAD_FAILED, generation)
        try:
            if request.cancelled.is_set():  # while it waited for its turn
                raise ModelError(MessageCode.ENGINE_DIED, Level.INFO, name=self._name, detail="cancelled")
            self._shelf.put(generation, loader(request))
            event = ModelEvent(ModelEventKind.LOADED, generation)
        except ModelError as error:
            self._shelf.put_failure(generation, error.message)
        except Exception as error:  # noqa: BLE001  a library's surprise must not leave the state at "loading"
            logger.exception("loading {} failed", self._name)
            params = {"path": self._name, "detail": type(error).__name__}
            self._shelf.put_failure(generation, UserMessage(MessageCode.MODEL_BROKEN, params=params))
        if not self._shelf.is_closed:
            self._report(event)

    def _free(self, generation: int | None) -> None:
        # A model as an argument would be kept alive while memory is given back.
        leaving = self._shelf.take_leaving()
        while leaving:
            self._close_one(leaving)
        self._trim()
        if generation is not None and not self._shelf.is_closed:
            self._report(ModelEvent(ModelEventKind.FREED, generation))

    def _close_one(self, leaving: list[Closable]) -> None:
        try:
            leaving.pop().close()
        except Exception:  # noqa: BLE001  an engine that fails to end must not block the next load
            logger.exception("closing {} failed", self._name)
