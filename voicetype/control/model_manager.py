"""Models that are in memory only while they are needed. GUI thread; may import `qt` and `core`.

The manager owns a slot for each model. It hands models out through leases, never through signals.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Mapping
from typing import cast

from voicetype.control.model_loading import Loader, LoadRequest
from voicetype.control.model_slot import ModelSlot
from voicetype.core.messages import MessageCode, ModelError
from voicetype.core.ports import Punctuator, Recognizer, SpeechModel, Trim
from voicetype.core.status import PUNCTUATION, SPEECH, ModelState, ModelStatus
from voicetype.qt import QtCore, Signal, Slot

__all__ = ["LazyModelManager", "LoadRequest", "Loader", "ModelLease"]


def _keep_heap() -> None:
    """Give nothing back: the default of a manager without a memory trimmer."""


class ModelLease:
    """A hold on both models: while it lasts they are not unloaded. Thread-safe; made by `LazyModelManager.lease`."""

    def __init__(self, speech: ModelSlot, punctuation: ModelSlot) -> None:
        self._speech = speech
        self._punctuation = punctuation
        self._lock = threading.Lock()
        self._released = False

    def wait_speech(self, timeout_s: float | None = None) -> SpeechModel:
        """Block until the speech model is ready. Raises ModelError: failed, timed out or released meanwhile."""
        model = self._speech.wait(timeout_s, self._is_released)
        if model is None:
            raise ModelError(MessageCode.MODEL_MISSING, path=SPEECH)
        return cast(SpeechModel, model)

    def wait_punctuation(self, timeout_s: float | None = None) -> Punctuator | None:
        """Block until the punctuation model is ready; None when it is off, failed or does not come in time."""
        try:
            return cast("Punctuator | None", self._punctuation.wait(timeout_s, self._is_released))
        except ModelError:
            # The manager's signals have told why; dictation goes on without marks.
            return None

    def release(self) -> None:
        """Give the hold back and wake who still waits through it; idempotent."""
        with self._lock:
            if self._released:
                return
            self._released = True
        self._speech.release()
        self._punctuation.release()

    def _is_released(self) -> bool:
        return self._released


class LazyModelManager(QtCore.QObject):
    """Loads both models side by side at their first use and frees them when nobody dictates for long.

    Model names are `core.status.SPEECH` and `PUNCTUATION`. A loader of None means: switched off by the settings.
    A failed load is told and tried again at the next use; the other model is not affected. All methods belong to this
    object's thread except where the docstring says otherwise.

    Signals:
        loading_started(str): a model begins to load.
        loading_progress(str, int): percent.
        loading_finished(str, bool): the load ended; true = ready. Follows each `loading_started`.
        model_unloaded(str): the memory is free.
        loading_failed(str, str): the value of the `MessageCode` that tells why.
        state_changed(ModelStatus): of one model.
    """

    loading_started = Signal(str)
    loading_progress = Signal(str, int)
    loading_finished = Signal(str, bool)
    model_unloaded = Signal(str)
    loading_failed = Signal(str, str)
    state_changed = Signal(object)

    def __init__(
        self,
        loaders: Mapping[str, Loader | None],
        *,
        unload_timeout_s: float,
        load_timeout_s: float,
        trim: Trim = _keep_heap,
        parent: QtCore.QObject | None = None,
    ) -> None:
        """Take the loaders; `unload_timeout_s` = 0: never unload, `trim` runs on a loader thread after each unload."""
        super().__init__(parent)
        self._loaders = dict(loaders)
        self._unload_timeout_s = unload_timeout_s
        self._load_timeout_s = load_timeout_s
        self._slots = {name: self._make_slot(name, trim) for name in (SPEECH, PUNCTUATION)}

    @Slot()
    def load_models(self, names: Collection[str] = (SPEECH, PUNCTUATION)) -> None:
        """Load those of `names` that are not loaded yet; returns at once."""
        for name in names:
            self._slots[name].load()

    @Slot()
    def unload_models(self) -> None:
        """Free the models as soon as nobody holds them; a load without a holder is cancelled. Returns at once."""
        for slot in self._slots.values():
            slot.unload()

    def lease(self) -> ModelLease:
        """Hold both models and begin to load those that are not there; returns at once."""
        for slot in self._slots.values():
            slot.acquire()
        return ModelLease(self._slots[SPEECH], self._slots[PUNCTUATION])

    def get_recognizer(self) -> Recognizer | None:
        """Open a stream on the loaded speech model, None when it is not loaded; any thread.

        Asks the engine, so it may take milliseconds. Without a lease the model may be unloaded after the idle time.
        Raises ModelError.
        """
        model = cast("SpeechModel | None", self._slots[SPEECH].model)
        return model.create_recognizer() if model is not None else None

    def get_punctuation(self) -> Punctuator | None:
        """Return the loaded punctuation model, None when it is not loaded; any thread."""
        return cast("Punctuator | None", self._slots[PUNCTUATION].model)

    def is_loaded(self, name: str | None = None) -> bool:
        """Tell whether the model, or without a name every one that is switched on, can be used at once; any thread."""
        names = [name] if name is not None else list(self._slots)
        states = [self._slots[each].status.state for each in names]
        if name is None:
            states = [state for state in states if state is not ModelState.DISABLED]
        return bool(states) and all(state is ModelState.READY for state in states)

    def status(self, name: str) -> ModelStatus:
        """Return what is known of one model; any thread."""
        return self._slots[name].status

    @Slot()
    def start_idle_timer(self) -> None:
        """Count idleness from now on; when it reaches the time-out the models are freed."""
        for slot in self._slots.values():
            slot.start_idle_timer()

    @Slot()
    def reset_idle_timer(self) -> None:
        """Count idleness anew, where it is counted: somebody was active."""
        for slot in self._slots.values():
            slot.touch()

    def configure(
        self,
        *,
        loaders: Mapping[str, Loader | None] | None = None,
        unload_timeout_s: float | None = None,
        load_timeout_s: float | None = None,
    ) -> None:
        """Take new settings; None keeps the old value.

        A loader that is unequal to the old one replaces the loaded model, or frees it, as soon as nobody holds it.
        """
        self._loaders.update(loaders or {})
        if unload_timeout_s is not None:
            self._unload_timeout_s = unload_timeout_s
        if load_timeout_s is not None:
            self._load_timeout_s = load_timeout_s
        for name, slot in self._slots.items():
            slot.configure(
                self._loaders.get(name),
                unload_timeout_s=self._unload_timeout_s,
                load_timeout_s=self._load_timeout_s,
            )

    def shutdown(self, timeout_s: float) -> None:
        """Cancel loads, close models, end the loader threads; blocks at most `timeout_s`. Idempotent.

        Those who still wait through a lease get a ModelError.
        """
        deadline = time.monotonic() + timeout_s
        for slot in self._slots.values():
            slot.begin_shutdown()
        for slot in self._slots.values():
            slot.end_shutdown(deadline)

    def _make_slot(self, name: str, trim: Trim) -> ModelSlot:
        slot = ModelSlot(
            name,
            self._loaders.get(name),
            unload_timeout_s=self._unload_timeout_s,
            load_timeout_s=self._load_timeout_s,
            trim=trim,
            parent=self,
        )
        slot.loading_started.connect(self.loading_started)
        slot.loading_progress.connect(self.loading_progress)
        slot.loading_finished.connect(self.loading_finished)
        slot.model_unloaded.connect(self.model_unloaded)
        slot.loading_failed.connect(self.loading_failed)
        slot.state_changed.connect(self.state_changed)
        return slot
