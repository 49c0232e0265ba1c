"""One model's life: runs its state machine, its loader thread and its timers. GUI thread; may import `qt` and `core`.

What another thread may call says so in its docstring. The model itself never travels in a signal: a queued signal
that nobody takes would keep it alive.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace

from loguru import logger

from voicetype.core.messages import Level, MessageCode, ModelError, UserMessage
from voicetype.core.ports import Closable, Trim
from voicetype.core.states import (
    IllegalTransition,
    ModelEffect,
    ModelEffectKind,
    ModelEvent,
    ModelEventKind,
    ModelMachine,
    step_model,
)
from voicetype.core.status import ModelState, ModelStatus
from voicetype.qt import QtCore, Signal, Slot

_MS_PER_SECOND = 1000
_PROGRESS_DONE = 100


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


class ModelSlot(QtCore.QObject):
    """Holds one model, or none. Loading and freeing share one thread, so they never overlap.

    Signals:
        loading_started(str): the model of this name begins to load.
        loading_progress(str, int): percent.
        loading_finished(str, bool): the load ended; true = the model is ready.
        loading_failed(str, str): the value of the message code that tells why; before `loading_finished`.
        model_unloaded(str): its memory is free.
        state_changed(ModelStatus): after each change.
    """

    loading_started = Signal(str)
    loading_progress = Signal(str, int)
    loading_finished = Signal(str, bool)
    loading_failed = Signal(str, str)
    model_unloaded = Signal(str)
    state_changed = Signal(object)
    # From other threads into this object's: kind of event and generation; percent; a release; a use.
    _reported = Signal(object)
    _progressed = Signal(int, int)
    _used = Signal()

    def __init__(
        self,
        name: str,
        loader: Loader | None,
        *,
        unload_timeout_s: float,
        load_timeout_s: float,
        trim: Trim,
        parent: QtCore.QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._name = name
        self._loader = loader
        self._unload_timeout_s = unload_timeout_s
        self._load_timeout_s = load_timeout_s
        self._trim = trim
        # Guards what follows, for those who wait for the model on their own threads.
        self._changed = threading.Condition()
        state = ModelState.UNLOADED if loader else ModelState.DISABLED
        self._machine = ModelMachine(state, enabled=loader is not None)
        self._model: Closable | None = None
        self._arrived: dict[int, Closable] = {}
        self._failures: dict[int, UserMessage] = {}
        self._leaving: list[Closable] = []
        self._error: UserMessage | None = None
        self._closed = False
        # Used by this object's thread alone.
        self._status = ModelStatus(name, state)
        self._cancelled = threading.Event()
        self._last_job: Future[None] | None = None
        self._tellings: deque[Callable[[], None]] = deque()
        self._telling = False
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="model-loader")
        self._idle_timer = self._make_timer(self._on_idle)
        self._load_timer = self._make_timer(self._on_load_timeout)
        self._reported.connect(self._on_reported)
        self._progressed.connect(self._on_progressed)
        self._used.connect(self.touch)

    @property
    def status(self) -> ModelStatus:
        """What is known of the model; any thread."""
        return self._status

    @property
    def model(self) -> Closable | None:
        """The loaded model, or None; any thread. Counts as a use."""
        with self._changed:
            model = self._model if self._machine.state is ModelState.READY else None
        if model is not None:
            self._used.emit()
        return model

    def load(self) -> None:
        """Load the model unless it is there or on its way."""
        self._step(ModelEvent(ModelEventKind.LOAD))

    def acquire(self) -> None:
        """Hold the model, loading it when needed; `release` ends the hold. A model whose engine died is replaced."""
        if getattr(self._model, "alive", True) is False:
            logger.warning("the engine of {} is dead; it will be started again", self._name)
            self._step(ModelEvent(ModelEventKind.BROKEN))
        self._step(ModelEvent(ModelEventKind.ACQUIRE))

    def release(self) -> None:
        """End one hold; any thread."""
        with self._changed:
            self._changed.notify_all()
            if self._closed:
                return
        self._reported.emit(ModelEvent(ModelEventKind.RELEASE))

    def unload(self) -> None:
        """Free the model as soon as nobody holds it."""
        self._step(ModelEvent(ModelEventKind.UNLOAD))

    def start_idle_timer(self) -> None:
        """Count idleness from now on, if the model is loaded and nobody holds it."""
        if self._machine.state is ModelState.READY and self._machine.leases == 0:
            self._perform(ModelEffect(ModelEffectKind.START_IDLE_TIMER))

    @Slot()
    def touch(self) -> None:
        """Count idleness anew, if it is counted."""
        if self._idle_timer.isActive():
            self.start_idle_timer()

    def configure(self, loader: Loader | None, *, unload_timeout_s: float, load_timeout_s: float) -> None:
        """Use these settings; a changed loader replaces or frees the model as soon as nobody holds it."""
        timeout_changed = unload_timeout_s != self._unload_timeout_s
        self._unload_timeout_s = unload_timeout_s
        self._load_timeout_s = load_timeout_s
        if loader != self._loader:
            self._loader = loader
            self._step(ModelEvent(ModelEventKind.CONFIG_CHANGED, enabled=loader is not None))
        if timeout_changed:
            self.start_idle_timer()

    def wait(self, timeout_s: float | None, is_released: Callable[[], bool]) -> Closable | None:
        """Block until the model is ready and return it; None when there is none by the settings. Other threads.

        Does not need this object's event loop once the load runs. Raises ModelError when the load failed, `timeout_s`
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

    def begin_shutdown(self) -> None:
        """Stop everything: cancel a load, wake who waits, close the model. `end_shutdown` waits for it."""
        if self._closed:
            return
        self._idle_timer.stop()
        self._load_timer.stop()
        self._cancelled.set()
        with self._changed:
            self._closed = True
            state = ModelState.UNLOADED if self._loader else ModelState.DISABLED
            self._machine = ModelMachine(state, generation=self._machine.generation + 1)
            self._changed.notify_all()
        self._status = ModelStatus(self._name, state)
        self._last_job = self._executor.submit(self._close_everything)
        self._executor.shutdown(wait=False)

    def end_shutdown(self, deadline: float) -> None:
        """Wait for the loader thread until `deadline` (time.monotonic)."""
        if self._last_job is None:
            return
        if wait([self._last_job], timeout=max(0.0, deadline - time.monotonic())).not_done:
            logger.warning("{} does not stop loading; its thread is left to end by itself", self._name)
        else:
            self._executor.shutdown(wait=True)

    def _make_timer(self, slot: Callable[[], None]) -> QtCore.QTimer:
        timer = QtCore.QTimer(self)
        timer.setSingleShot(True)
        timer.timeout.connect(slot)
        return timer

    def _is_pending(self) -> bool:
        """With the lock: whether waiting can still bring a model. A cancelled load is followed by another one."""
        if self._closed or self._usable() is not None:
            return False
        failed = self._machine.generation in self._failures and not self._machine.cancelled
        return self._machine.state in {ModelState.LOADING, ModelState.UNLOADING} and not failed

    def _usable(self) -> Closable | None:
        """With the lock: the model that a holder may use. One that has just arrived need not wait for this thread."""
        if self._machine.state is ModelState.LOADING and not self._machine.cancelled:
            return self._arrived.get(self._machine.generation)
        return self._model if self._machine.state is ModelState.READY else None

    def _step(self, event: ModelEvent) -> None:
        if self._closed:
            return
        with self._changed:
            try:
                machine, effects = step_model(self._machine, event)
            except IllegalTransition:
                logger.exception("{}: {} in {}", self._name, event.kind.value, self._machine)
                return
            self._take_over(event, effects)
            self._machine = machine
            self._changed.notify_all()
        for effect in effects:
            self._perform(effect)
        if machine.state is not self._status.state:
            error = self._error if machine.state is ModelState.FAILED else None
            done = _PROGRESS_DONE if machine.state is ModelState.READY else 0
            self._publish(ModelStatus(self._name, machine.state, done, error))
        self._tell()

    def _take_over(self, event: ModelEvent, effects: tuple[ModelEffect, ...]) -> None:
        """With the lock: put model and error where the next state has them."""
        kinds = {effect.kind for effect in effects}
        if event.kind is ModelEventKind.LOADED:
            model = self._arrived.pop(event.generation, None)
            if ModelEffectKind.DISCARD not in kinds:
                self._model = model
            elif model is not None:
                self._leaving.append(model)
        failure = self._failures.pop(event.generation, None) if event.kind is ModelEventKind.LOAD_FAILED else None
        if ModelEffectKind.REPORT_FAILED in kinds:
            seconds = f"{self._load_timeout_s:g}"
            self._error = failure or UserMessage(
                MessageCode.MODEL_TIMEOUT, params={"name": self._name, "seconds": seconds}
            )
        if ModelEffectKind.START_LOAD in kinds:
            self._error = None
        if ModelEffectKind.FREE in kinds and self._model is not None:
            self._leaving.append(self._model)
            self._model = None

    def _perform(self, effect: ModelEffect) -> None:
        match effect.kind:
            case ModelEffectKind.START_LOAD:
                self._start_load(effect.generation)
            case ModelEffectKind.CANCEL_LOAD:
                self._cancelled.set()
            case ModelEffectKind.FREE:
                self._executor.submit(self._free, effect.generation)
            case ModelEffectKind.DISCARD:
                logger.info("{} came too late; it is freed", self._name)
                self._executor.submit(self._free, None)
            case ModelEffectKind.START_IDLE_TIMER:
                self._start_timer(self._idle_timer, self._unload_timeout_s)
            case ModelEffectKind.STOP_IDLE_TIMER:
                self._idle_timer.stop()
            case _:
                self._report(effect.kind)

    def _report(self, kind: ModelEffectKind) -> None:
        name = self._name
        if kind is ModelEffectKind.REPORT_UNLOADED:
            self._tellings.append(lambda: self.model_unloaded.emit(name))
            return
        self._load_timer.stop()
        if kind is ModelEffectKind.REPORT_FAILED and self._error is not None:
            code = self._error.code.value
            logger.warning("loading {} failed: {} {}", name, code, dict(self._error.params))
            self._tellings.append(lambda: self.loading_failed.emit(name, code))
        success = kind is ModelEffectKind.REPORT_LOADED
        self._tellings.append(lambda: self.loading_finished.emit(name, success))

    def _start_load(self, generation: int) -> None:
        loader = self._loader
        if loader is None:  # the machine loads enabled models only
            return
        self._cancelled = threading.Event()

        def on_progress(percent: int) -> None:
            if not self._closed:
                self._progressed.emit(generation, percent)

        request = LoadRequest(on_progress, self._cancelled, self._load_timeout_s)
        self._start_timer(self._load_timer, self._load_timeout_s)
        name = self._name
        self._tellings.append(lambda: self.loading_started.emit(name))
        self._executor.submit(self._load, loader, request, generation)

    def _start_timer(self, timer: QtCore.QTimer, seconds: float) -> None:
        if seconds > 0:
            timer.start(int(seconds * _MS_PER_SECOND))
        else:
            timer.stop()

    def _publish(self, status: ModelStatus) -> None:
        self._status = status
        self._tellings.append(lambda: self.state_changed.emit(status))

    def _tell(self) -> None:
        """Emit what is due, in order, also when a receiver makes the next step."""
        if self._telling:
            return
        self._telling = True
        try:
            while self._tellings:
                self._tellings.popleft()()
        finally:
            self._telling = False

    @Slot(object)
    def _on_reported(self, event: ModelEvent) -> None:
        self._step(event)

    @Slot(int, int)
    def _on_progressed(self, generation: int, percent: int) -> None:
        current = self._machine.state is ModelState.LOADING and generation == self._machine.generation
        if current and percent > self._status.progress and not self._closed:
            percent = min(percent, _PROGRESS_DONE)
            self._publish(replace(self._status, progress=percent))
            self._tellings.append(lambda: self.loading_progress.emit(self._name, percent))
            self._tell()

    @Slot()
    def _on_idle(self) -> None:
        self._step(ModelEvent(ModelEventKind.IDLE_TIMEOUT))

    @Slot()
    def _on_load_timeout(self) -> None:
        generation = self._machine.generation
        with self._changed:
            arrived = generation in self._arrived or generation in self._failures
        if not arrived:  # else its result is in the queue, and somebody may already use the model
            self._step(ModelEvent(ModelEventKind.LOAD_TIMEOUT, generation))

    def _load(self, loader: Loader, request: LoadRequest, generation: int) -> None:
        """Loader thread."""
        event = ModelEvent(ModelEventKind.LOADED, generation)
        try:
            if request.cancelled.is_set():  # while it waited for its turn
                raise ModelError(MessageCode.ENGINE_DIED, Level.INFO, name=self._name, detail="cancelled")
            model = loader(request)
            with self._changed:
                self._arrived[generation] = model
        except ModelError as error:
            event = self._fail(generation, error.message)
        except Exception as error:  # noqa: BLE001  a library's surprise must not leave the state at "loading"
            logger.exception("loading {} failed", self._name)
            params = {"path": self._name, "detail": type(error).__name__}
            event = self._fail(generation, UserMessage(MessageCode.MODEL_BROKEN, params=params))
        with self._changed:
            self._changed.notify_all()
            if self._closed:
                return
        self._reported.emit(event)

    def _fail(self, generation: int, message: UserMessage) -> ModelEvent:
        with self._changed:
            self._failures[generation] = message
        return ModelEvent(ModelEventKind.LOAD_FAILED, generation)

    def _free(self, generation: int | None) -> None:
        """Loader thread. The model waits in a list: an argument would keep it alive while memory is given back."""
        with self._changed:
            leaving, self._leaving = self._leaving, []
        while leaving:
            self._close_model(leaving)
        self._trim()
        with self._changed:
            if self._closed:
                return
        if generation is not None:
            self._reported.emit(ModelEvent(ModelEventKind.FREED, generation))

    def _close_everything(self) -> None:
        """Loader thread, its last job."""
        with self._changed:
            if self._model is not None:
                self._leaving.append(self._model)
            self._leaving += self._arrived.values()
            self._model = None
            self._arrived.clear()
        self._free(None)

    def _close_model(self, leaving: list[Closable]) -> None:
        try:
            leaving.pop().close()
        except Exception:  # noqa: BLE001  an engine that fails to end must not block the next load
            logger.exception("closing {} failed", self._name)
