"""The two state machines, of a model and of a dictation, as pure step functions. Any thread; imports the core only.

A step takes a status and an event and returns the next status and the effects that a controller has to carry out, in
that order. Nothing here knows a thread, a timer or a clock.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from voicetype.core.status import ModelState, SessionState


class IllegalTransition(ValueError):
    """An event that cannot happen in this state: a fault of the caller."""


class ModelEventKind(enum.Enum):
    """What can happen to a model."""

    LOAD = "load"
    """It should be in memory, though nobody uses it yet."""
    ACQUIRE = "acquire"
    """Somebody takes a lease and will use it."""
    RELEASE = "release"
    """A lease is given back."""
    LOADED = "loaded"
    """The load of a generation succeeded."""
    LOAD_FAILED = "load_failed"
    """The load of a generation raised."""
    LOAD_TIMEOUT = "load_timeout"
    """The load of a generation takes too long."""
    IDLE_TIMEOUT = "idle_timeout"
    """Nobody used it for long."""
    UNLOAD = "unload"
    """The user wants the memory back."""
    FREED = "freed"
    """Its memory is given back."""
    CONFIG_CHANGED = "config_changed"
    """Another model is wanted, or none."""
    BROKEN = "broken"
    """Its engine is dead; nobody can use it any more."""


@dataclass(frozen=True)
class ModelEvent:
    """One event. `generation` counts with the LOAD… results, `enabled` with CONFIG_CHANGED only."""

    kind: ModelEventKind
    generation: int = 0
    enabled: bool = True


class ModelEffectKind(enum.Enum):
    """What a controller has to do."""

    START_LOAD = "start_load"
    """Begin to load this generation."""
    CANCEL_LOAD = "cancel_load"
    """Tell the load of this generation to stop; it answers with a result all the same."""
    FREE = "free"
    """Give the model's memory back, then say FREED."""
    DISCARD = "discard"
    """Free the late model of this generation; no answer is wanted."""
    START_IDLE_TIMER = "start_idle_timer"
    """Begin to count idleness anew."""
    STOP_IDLE_TIMER = "stop_idle_timer"
    """The model is in use or leaving."""
    REPORT_LOADED = "report_loaded"
    """Tell the user interface: ready."""
    REPORT_FAILED = "report_failed"
    """Tell the user interface: the load failed."""
    REPORT_CANCELLED = "report_cancelled"
    """Tell the user interface: this load ended without a model, as wished."""
    REPORT_UNLOADED = "report_unloaded"
    """Tell the user interface: the memory is free."""


@dataclass(frozen=True)
class ModelEffect:
    """One effect. `generation` says which load it is about."""

    kind: ModelEffectKind
    generation: int = 0


@dataclass(frozen=True)
class ModelMachine:
    """All that decides a model's next step.

    Attributes:
        state: where it is.
        wanted: somebody wishes it in memory; false while loading or in use means "free it as soon as possible".
        leases: how many users hold it.
        generation: number of the newest load; results of older ones are stale.
        reload: what is loaded or loading has outdated settings.
        cancelled: the running load was told to stop, so its failure is no news.
        enabled: the settings want such a model at all.
    """

    state: ModelState = ModelState.UNLOADED
    wanted: bool = False
    leases: int = 0
    generation: int = 0
    reload: bool = False
    cancelled: bool = False
    enabled: bool = True


ModelStep = tuple[ModelMachine, tuple[ModelEffect, ...]]


def step_model(status: ModelMachine, event: ModelEvent) -> ModelStep:
    """Return the next status and the effects. Raises IllegalTransition."""
    return _MODEL_STEPS[event.kind](status, event)


def _effects(status: ModelMachine, *kinds: ModelEffectKind) -> tuple[ModelEffect, ...]:
    return tuple(ModelEffect(kind, status.generation) for kind in kinds)


def _begin_load(status: ModelMachine, *, wanted: bool = True) -> ModelStep:
    status = replace(
        status,
        state=ModelState.LOADING,
        wanted=wanted,
        generation=status.generation + 1,
        reload=False,
        cancelled=False,
    )
    return status, _effects(status, ModelEffectKind.START_LOAD)


def _cancel_load(status: ModelMachine) -> ModelStep:
    if status.cancelled:
        return status, ()
    return replace(status, cancelled=True), _effects(status, ModelEffectKind.CANCEL_LOAD)


def _begin_unload(status: ModelMachine) -> ModelStep:
    status = replace(status, state=ModelState.UNLOADING, reload=False, cancelled=False)
    return status, _effects(status, ModelEffectKind.STOP_IDLE_TIMER, ModelEffectKind.FREE)


def _rest(status: ModelMachine) -> ModelMachine:
    state = ModelState.UNLOADED if status.enabled else ModelState.DISABLED
    return replace(status, state=state, wanted=False, reload=False, cancelled=False)


def _on_load(status: ModelMachine, _event: ModelEvent) -> ModelStep:
    if status.state in {ModelState.UNLOADED, ModelState.FAILED}:
        return _begin_load(status)
    if status.state is ModelState.DISABLED:
        return status, ()
    status = replace(status, wanted=True)
    idle = status.state is ModelState.READY and status.leases == 0
    return status, _effects(status, ModelEffectKind.START_IDLE_TIMER) if idle else ()


def _on_acquire(status: ModelMachine, event: ModelEvent) -> ModelStep:
    status, effects = _on_load(replace(status, leases=status.leases + 1), event)
    if status.state is ModelState.READY:
        effects = _effects(status, ModelEffectKind.STOP_IDLE_TIMER)
    return status, effects


def _on_release(status: ModelMachine, _event: ModelEvent) -> ModelStep:
    if status.leases == 0:
        raise IllegalTransition("release without a lease")
    status = replace(status, leases=status.leases - 1)
    if status.leases:
        return status, ()
    if status.state is ModelState.LOADING and not status.wanted:
        return _cancel_load(status)
    if status.state is ModelState.READY:
        if status.reload or not status.wanted:
            return _begin_unload(status)
        return status, _effects(status, ModelEffectKind.START_IDLE_TIMER)
    return status, ()


def _on_loaded(status: ModelMachine, event: ModelEvent) -> ModelStep:
    if status.state is not ModelState.LOADING or event.generation != status.generation:
        return status, (ModelEffect(ModelEffectKind.DISCARD, event.generation),)
    if status.leases == 0 and (status.reload or not status.wanted):
        following, effects = _begin_unload(status)
        return following, (*effects, *_effects(status, ModelEffectKind.REPORT_CANCELLED))
    # A model with outdated settings still serves those who wait for one; it is exchanged when they are done.
    status = replace(status, state=ModelState.READY, cancelled=False)
    effects = _effects(status, ModelEffectKind.REPORT_LOADED)
    if status.leases == 0:
        effects = (*_effects(status, ModelEffectKind.START_IDLE_TIMER), *effects)
    return status, effects


def _on_load_failed(status: ModelMachine, event: ModelEvent) -> ModelStep:
    if status.state is not ModelState.LOADING or event.generation != status.generation:
        return status, ()
    if not status.cancelled:
        status = replace(status, state=ModelState.FAILED, wanted=False, reload=False)
        return status, _effects(status, ModelEffectKind.REPORT_FAILED)
    told = _effects(status, ModelEffectKind.REPORT_CANCELLED)
    if status.enabled and (status.wanted or status.leases):
        following, effects = _begin_load(status, wanted=status.wanted)
        return following, (*told, *effects)
    return _rest(status), (*told, *_effects(status, ModelEffectKind.REPORT_UNLOADED))


def _on_load_timeout(status: ModelMachine, event: ModelEvent) -> ModelStep:
    if status.state is not ModelState.LOADING or event.generation != status.generation:
        return status, ()
    _, cancel = _cancel_load(status)
    # The generation moves on, so that the late model is stale whenever it comes.
    late = replace(status, generation=status.generation + 1)
    if status.cancelled and not (status.enabled and (status.wanted or status.leases)):
        told = _effects(status, ModelEffectKind.REPORT_CANCELLED, ModelEffectKind.REPORT_UNLOADED)
        return _rest(late), told
    late = replace(late, state=ModelState.FAILED, wanted=False, reload=False, cancelled=False)
    return late, (*cancel, *_effects(status, ModelEffectKind.REPORT_FAILED))


def _on_idle_timeout(status: ModelMachine, _event: ModelEvent) -> ModelStep:
    if status.state is ModelState.READY and status.leases == 0:
        return _begin_unload(replace(status, wanted=False))
    return status, ()


def _on_unload(status: ModelMachine, _event: ModelEvent) -> ModelStep:
    if status.state is ModelState.FAILED:
        return _rest(status), ()
    status = replace(status, wanted=False)
    if status.leases == 0 and status.state is ModelState.LOADING:
        return _cancel_load(status)
    if status.leases == 0 and status.state is ModelState.READY:
        return _begin_unload(status)
    return status, ()


def _on_freed(status: ModelMachine, _event: ModelEvent) -> ModelStep:
    if status.state is not ModelState.UNLOADING:
        raise IllegalTransition(f"freed while {status.state.value}")
    told = _effects(status, ModelEffectKind.REPORT_UNLOADED)
    if status.enabled and (status.wanted or status.leases):
        following, effects = _begin_load(status, wanted=status.wanted)
        return following, (*told, *effects)
    return _rest(status), told


def _on_config_changed(status: ModelMachine, event: ModelEvent) -> ModelStep:
    status = replace(status, enabled=event.enabled)
    if status.state is ModelState.LOADING:
        return _cancel_load(replace(status, reload=True))
    if status.state is ModelState.READY:
        return _begin_unload(status) if status.leases == 0 else (replace(status, reload=True), ())
    if status.state is ModelState.UNLOADING:
        return status, ()
    return _rest(status), ()


def _on_broken(status: ModelMachine, _event: ModelEvent) -> ModelStep:
    if status.state is ModelState.READY:
        return _begin_unload(replace(status, wanted=False))
    return status, ()


_MODEL_STEPS: Mapping[ModelEventKind, Callable[[ModelMachine, ModelEvent], ModelStep]] = {
    ModelEventKind.LOAD: _on_load,
    ModelEventKind.ACQUIRE: _on_acquire,
    ModelEventKind.RELEASE: _on_release,
    ModelEventKind.LOADED: _on_loaded,
    ModelEventKind.LOAD_FAILED: _on_load_failed,
    ModelEventKind.LOAD_TIMEOUT: _on_load_timeout,
    ModelEventKind.IDLE_TIMEOUT: _on_idle_timeout,
    ModelEventKind.UNLOAD: _on_unload,
    ModelEventKind.FREED: _on_freed,
    ModelEventKind.CONFIG_CHANGED: _on_config_changed,
    ModelEventKind.BROKEN: _on_broken,
}


class SessionEvent(enum.Enum):
    """What can happen to a dictation."""

    TOGGLE = "toggle"
    """Hotkey, tray click or a second start of the program."""
    FIRST_BLOCK = "first_block"
    """The microphone delivers."""
    START_FAILED = "start_failed"
    """The microphone could not be opened."""
    DEVICE_LOST = "device_lost"
    """The microphone went away."""
    TEXT_DELIVERED = "text_delivered"
    """The recognition thread ended and its text, if any, is in the window, or kept."""
    CANCEL = "cancel"
    """The user wants nothing inserted."""
    RECOVER = "recover"
    """The sound of an earlier run is to be recognised."""


class SessionEffect(enum.Enum):
    """What a controller has to do, in the order given."""

    OPEN_MICROPHONE = "open_microphone"
    """Capture into the buffer of this dictation."""
    START_WORKER = "start_worker"
    """Lease the models and start the recognition thread on that buffer."""
    CLOSE_MICROPHONE = "close_microphone"
    """Stop the capture (with its tail) and end the buffer, so that the recognition thread finishes."""
    WITHHOLD_TEXT = "withhold_text"
    """Recognise what was said, but keep it instead of inserting it."""


SessionStep = tuple[SessionState, tuple[SessionEffect, ...]]

_OPEN = (SessionEffect.OPEN_MICROPHONE, SessionEffect.START_WORKER)
_CLOSE = (SessionEffect.CLOSE_MICROPHONE,)
_WITHHOLD = (SessionEffect.WITHHOLD_TEXT,)

_SESSION_TABLE: Mapping[tuple[SessionState, SessionEvent], SessionStep] = {
    (SessionState.IDLE, SessionEvent.TOGGLE): (SessionState.STARTING, _OPEN),
    (SessionState.IDLE, SessionEvent.RECOVER): (SessionState.FINALIZING, (SessionEffect.START_WORKER,)),
    (SessionState.STARTING, SessionEvent.TOGGLE): (SessionState.FINALIZING, _CLOSE),
    (SessionState.STARTING, SessionEvent.FIRST_BLOCK): (SessionState.LISTENING, ()),
    (SessionState.STARTING, SessionEvent.START_FAILED): (SessionState.FINALIZING, _CLOSE + _WITHHOLD),
    (SessionState.STARTING, SessionEvent.DEVICE_LOST): (SessionState.FINALIZING, _CLOSE),
    # The recognition thread ended before the user did: its engine died. What it understood is delivered.
    (SessionState.STARTING, SessionEvent.TEXT_DELIVERED): (SessionState.IDLE, _CLOSE),
    (SessionState.STARTING, SessionEvent.CANCEL): (SessionState.FINALIZING, _CLOSE + _WITHHOLD),
    (SessionState.LISTENING, SessionEvent.TOGGLE): (SessionState.FINALIZING, _CLOSE),
    (SessionState.LISTENING, SessionEvent.DEVICE_LOST): (SessionState.FINALIZING, _CLOSE),
    (SessionState.LISTENING, SessionEvent.TEXT_DELIVERED): (SessionState.IDLE, _CLOSE),
    (SessionState.LISTENING, SessionEvent.CANCEL): (SessionState.FINALIZING, _CLOSE + _WITHHOLD),
    (SessionState.FINALIZING, SessionEvent.TEXT_DELIVERED): (SessionState.IDLE, ()),
}


def step_session(state: SessionState, event: SessionEvent) -> SessionStep:
    """Return the next state of a dictation and the effects. Pairs outside the table are late news: nothing changes."""
    return _SESSION_TABLE.get((state, event), (state, ()))
