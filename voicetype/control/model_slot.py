"""One model's life: runs its state machine and its timers. GUI thread; may import `qt`, `control` and `core`.

What another thread may call says so in its docstring.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import replace

from loguru import logger

from voicetype.control.model_loading import Loader, LoaderThread, LoadRequest, ModelShelf
from voicetype.core.messages import MessageCode, UserMessage
from voicetype.core.ports import Closable, Trim
from voicetype.core.states import IllegalTransition, ModelEffect, ModelEffectKind, ModelEvent, ModelEventKind
from voicetype.core.status import ModelState, ModelStatus
from voicetype.qt import QtCore, Signal, Slot

_MS_PER_SECOND = 1000
_PROGRESS_DONE = 100


class _Countdown(QtCore.QTimer):
    """A timer that fires once, after so many seconds; after 0 never."""

    def __init__(self, parent: QtCore.QObject, on_end: Callable[[], None]) -> None:
        super().__init__(parent)
        self.setSingleShot(True)
        self.timeout.connect(on_end)

    def begin(self, seconds: float) -> None:
        """Count from now on."""
        if seconds > 0:
            self.start(int(seconds * _MS_PER_SECOND))
        else:
            self.stop()


class _Tellings:
    """Signals that are due. They go out in order, also when a receiver causes further ones."""

    def __init__(self) -> None:
        self._due: deque[tuple[QtCore.SignalInstance, tuple[object, ...]]] = deque()
        self._telling = False

    def add(self, signal: QtCore.SignalInstance, *args: object) -> None:
        """Tell this after what is due already."""
        self._due.append((signal, args))

    def tell(self) -> None:
        """Emit what is due."""
        if self._telling:
            return
        self._telling = True
        try:
            while self._due:
                signal, args = self._due.popleft()
                signal.emit(*args)
        finally:
            self._telling = False


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
        self._shelf = ModelShelf(name, enabled=loader is not None)
        self._thread = LoaderThread(name, self._shelf, trim, self._reported.emit)
        self._status = ModelStatus(name, self._shelf.machine.state)
        self._cancelled = threading.Event()
        self._tellings = _Tellings()
        self._idle_timer = _Countdown(self, self._on_idle)
        self._load_timer = _Countdown(self, self._on_load_timeout)
        self._reported.connect(self._step)
        self._progressed.connect(self._on_progressed)
        self._used.connect(self.touch)

    @property
    def status(self) -> ModelStatus:
        """What is known of the model; any thread."""
        return self._status

    @property
    def model(self) -> Closable | None:
        """The loaded model, or None; any thread. Counts as a use."""
        model = self._shelf.model
        if model is not None:
            self._used.emit()
        return model

    def load(self) -> None:
        """Load the model unless it is there or on its way."""
        self._step(ModelEvent(ModelEventKind.LOAD))

    def acquire(self) -> None:
        """Hold the model, loading it when needed; `release` ends the hold. A model whose engine died is replaced."""
        if getattr(self._shelf.model, "alive", True) is False:
            logger.warning("the engine of {} is dead; it will be started again", self._name)
            self._step(ModelEvent(ModelEventKind.BROKEN))
        self._step(ModelEvent(ModelEventKind.ACQUIRE))

    def release(self) -> None:
        """End one hold; any thread."""
        self._shelf.wake()
        if not self._shelf.is_closed:
            self._reported.emit(ModelEvent(ModelEventKind.RELEASE))

    def unload(self) -> None:
        """Free the model as soon as nobody holds it."""
        self._step(ModelEvent(ModelEventKind.UNLOAD))

    def start_idle_timer(self) -> None:
        """Count idleness from now on, if the model is loaded and nobody holds it."""
        if self._shelf.machine.state is ModelState.READY and self._shelf.machine.leases == 0:
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
        """Block until the model is ready; other threads. See `ModelShelf.wait`."""
        return self._shelf.wait(timeout_s, is_released)

    def begin_shutdown(self) -> None:
        """Stop everything: cancel a load, wake who waits, close the model. `end_shutdown` waits for it."""
        if self._shelf.is_closed:
            return
        self._idle_timer.stop()
        self._load_timer.stop()
        self._cancelled.set()
        self._shelf.close()
        self._status = ModelStatus(self._name, self._shelf.machine.state)
        self._thread.stop()

    def end_shutdown(self, deadline: float) -> None:
        """Wait for the loader thread until `deadline` (time.monotonic)."""
        self._thread.join(deadline)

    @Slot(object)
    def _step(self, event: ModelEvent) -> None:
        if self._shelf.is_closed:
            return
        try:
            effects = self._shelf.step(event)
        except IllegalTransition:
            logger.exception("{}: {} in {}", self._name, event.kind.value, self._shelf.machine)
            return
        for effect in effects:
            self._perform(effect)
        state = self._shelf.machine.state
        if state is not self._status.state:
            error = self._shelf.error if state is ModelState.FAILED else None
            done = _PROGRESS_DONE if state is ModelState.READY else 0
            model = self._shelf.model
            fallbacks = tuple((each.device, each.reason) for each in getattr(model, "fallbacks", ()))
            device = getattr(model, "device", "")
            self._status = ModelStatus(self._name, state, done, error, device=device, fallbacks=fallbacks)
            self._tellings.add(self.state_changed, self._status)
        self._tellings.tell()

    def _perform(self, effect: ModelEffect) -> None:
        match effect.kind:
            case ModelEffectKind.START_LOAD:
                self._start_load(effect.generation)
            case ModelEffectKind.CANCEL_LOAD:
                self._cancelled.set()
            case ModelEffectKind.FREE:
                self._thread.free(effect.generation)
            case ModelEffectKind.DISCARD:
                logger.info("{} came too late; it is freed", self._name)
                self._thread.free()
            case ModelEffectKind.START_IDLE_TIMER:
                self._idle_timer.begin(self._unload_timeout_s)
            case ModelEffectKind.STOP_IDLE_TIMER:
                self._idle_timer.stop()
            case _:
                self._report(effect.kind)

    def _report(self, kind: ModelEffectKind) -> None:
        name = self._name
        if kind is ModelEffectKind.REPORT_UNLOADED:
            self._tellings.add(self.model_unloaded, name)
            return
        self._load_timer.stop()
        if kind is ModelEffectKind.REPORT_FAILED and (error := self._shelf.error) is not None:
            code = error.code.value
            logger.warning("loading {} failed: {} {}", name, code, dict(error.params))
            self._tellings.add(self.loading_failed, name, code)
        success = kind is ModelEffectKind.REPORT_LOADED
        self._tellings.add(self.loading_finished, name, success)

    def _start_load(self, generation: int) -> None:
        loader = self._loader
        if loader is None:  # the machine loads enabled models only
            return
        self._cancelled = threading.Event()

        def on_progress(percent: int) -> None:
            if not self._shelf.is_closed:
                self._progressed.emit(generation, percent)

        request = LoadRequest(on_progress, self._cancelled, self._load_timeout_s)
        self._load_timer.begin(self._load_timeout_s)
        name = self._name
        self._tellings.add(self.loading_started, name)
        self._thread.load(loader, request, generation)

    @Slot(int, int)
    def _on_progressed(self, generation: int, percent: int) -> None:
        machine = self._shelf.machine
        current = machine.state is ModelState.LOADING and generation == machine.generation
        if current and percent > self._status.progress and not self._shelf.is_closed:
            percent = min(percent, _PROGRESS_DONE)
            self._status = replace(self._status, progress=percent)
            self._tellings.add(self.state_changed, self._status)
            self._tellings.add(self.loading_progress, self._name, percent)
            self._tellings.tell()

    @Slot()
    def _on_idle(self) -> None:
        self._step(ModelEvent(ModelEventKind.IDLE_TIMEOUT))

    @Slot()
    def _on_load_timeout(self) -> None:
        generation = self._shelf.machine.generation
        params = {"name": self._name, "seconds": f"{self._load_timeout_s:g}"}
        # Else its result is in the queue, and somebody may already use the model.
        if self._shelf.expire(generation, UserMessage(MessageCode.MODEL_TIMEOUT, params=params)):
            self._step(ModelEvent(ModelEventKind.LOAD_TIMEOUT, generation))
