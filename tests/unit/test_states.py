"""`voicetype.core.states`: every pair of state and event, and what must never happen in any order of events."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicetype.core.states import (
    IllegalTransition,
    ModelEffect,
    ModelEventKind,
    ModelMachine,
    SessionEffect,
    SessionEvent,
    step_model,
    step_session,
)
from voicetype.core.states import ModelEffectKind as Do
from voicetype.core.states import ModelEvent as Event
from voicetype.core.states import ModelEventKind as Kind
from voicetype.core.status import ModelState as S
from voicetype.core.status import SessionState

G = 7  # the present generation
STALE = 6


def machine(state: S, **fields: object) -> ModelMachine:
    """A plausible machine: wanted where a model is there or on its way."""
    base = {"wanted": state in {S.LOADING, S.READY}, "generation": G, "enabled": state is not S.DISABLED}
    return ModelMachine(state, **(base | fields))  # type: ignore[arg-type]


UNLOADED, LOADING, READY = machine(S.UNLOADED), machine(S.LOADING), machine(S.READY)
UNLOADING, FAILED, DISABLED = machine(S.UNLOADING), machine(S.FAILED), machine(S.DISABLED)
LOAD, ACQUIRE, RELEASE, UNLOAD = (Event(kind) for kind in (Kind.LOAD, Kind.ACQUIRE, Kind.RELEASE, Kind.UNLOAD))
LOADED, BROKE, TIMEOUT = Event(Kind.LOADED, G), Event(Kind.LOAD_FAILED, G), Event(Kind.LOAD_TIMEOUT, G)
IDLE, FREED, DEAD = Event(Kind.IDLE_TIMEOUT), Event(Kind.FREED), Event(Kind.BROKEN)
CHANGED, OFF = Event(Kind.CONFIG_CHANGED), Event(Kind.CONFIG_CHANGED, enabled=False)
NEXT = {"generation": G + 1, "wanted": True}
LATE_LOADED, LATE_BROKE = Event(Kind.LOADED, STALE), Event(Kind.LOAD_FAILED, STALE)

MODEL_TABLE = [
    # before, event, after, effects
    (UNLOADED, LOAD, machine(S.LOADING, **NEXT), [Do.START_LOAD]),
    (UNLOADED, ACQUIRE, machine(S.LOADING, leases=1, **NEXT), [Do.START_LOAD]),
    (replace(UNLOADED, leases=1), RELEASE, UNLOADED, []),
    (UNLOADED, LOADED, UNLOADED, [Do.DISCARD]),
    (UNLOADED, BROKE, UNLOADED, []),
    (UNLOADED, TIMEOUT, UNLOADED, []),
    (UNLOADED, IDLE, UNLOADED, []),
    (UNLOADED, UNLOAD, UNLOADED, []),
    (UNLOADED, CHANGED, UNLOADED, []),
    (UNLOADED, OFF, DISABLED, []),
    (UNLOADED, DEAD, UNLOADED, []),
    (LOADING, LOAD, LOADING, []),
    (LOADING, ACQUIRE, replace(LOADING, leases=1), []),
    (replace(LOADING, wanted=False, cancelled=True), LOAD, replace(LOADING, cancelled=True), []),
    (replace(LOADING, leases=2), RELEASE, replace(LOADING, leases=1), []),
    (replace(LOADING, leases=1), RELEASE, LOADING, []),
    (
        replace(LOADING, leases=1, wanted=False),
        RELEASE,
        replace(LOADING, wanted=False, cancelled=True),
        [Do.CANCEL_LOAD],
    ),
    (LOADING, LOADED, READY, [Do.START_IDLE_TIMER, Do.REPORT_LOADED]),
    (replace(LOADING, leases=1), LOADED, replace(READY, leases=1), [Do.REPORT_LOADED]),
    (
        replace(LOADING, wanted=False, cancelled=True),
        LOADED,
        UNLOADING,
        [Do.STOP_IDLE_TIMER, Do.FREE, Do.REPORT_CANCELLED],
    ),
    (
        replace(LOADING, reload=True, cancelled=True),
        LOADED,
        replace(UNLOADING, wanted=True),
        [Do.STOP_IDLE_TIMER, Do.FREE, Do.REPORT_CANCELLED],
    ),
    (
        replace(LOADING, reload=True, cancelled=True, leases=1),
        LOADED,
        replace(READY, reload=True, leases=1),
        [Do.REPORT_LOADED],
    ),
    (LOADING, LATE_LOADED, LOADING, [Do.DISCARD]),
    (LOADING, BROKE, FAILED, [Do.REPORT_FAILED]),
    (replace(LOADING, leases=1), BROKE, replace(FAILED, leases=1), [Do.REPORT_FAILED]),
    (
        replace(LOADING, wanted=False, cancelled=True),
        BROKE,
        UNLOADED,
        [Do.REPORT_CANCELLED, Do.REPORT_UNLOADED],
    ),
    (replace(LOADING, cancelled=True), BROKE, machine(S.LOADING, **NEXT), [Do.REPORT_CANCELLED, Do.START_LOAD]),
    (
        replace(LOADING, cancelled=True, reload=True, enabled=False),
        BROKE,
        DISABLED,
        [Do.REPORT_CANCELLED, Do.REPORT_UNLOADED],
    ),
    (LOADING, LATE_BROKE, LOADING, []),
    (LOADING, TIMEOUT, machine(S.FAILED, generation=G + 1), [Do.CANCEL_LOAD, Do.REPORT_FAILED]),
    (replace(LOADING, cancelled=True), TIMEOUT, machine(S.FAILED, generation=G + 1), [Do.REPORT_FAILED]),
    (
        replace(LOADING, cancelled=True, wanted=False),
        TIMEOUT,
        machine(S.UNLOADED, generation=G + 1),
        [Do.REPORT_CANCELLED, Do.REPORT_UNLOADED],
    ),
    (LOADING, Event(Kind.LOAD_TIMEOUT, STALE), LOADING, []),
    (LOADING, IDLE, LOADING, []),
    (LOADING, UNLOAD, replace(LOADING, wanted=False, cancelled=True), [Do.CANCEL_LOAD]),
    (replace(LOADING, leases=1), UNLOAD, replace(LOADING, leases=1, wanted=False), []),
    (LOADING, CHANGED, replace(LOADING, reload=True, cancelled=True), [Do.CANCEL_LOAD]),
    (replace(LOADING, cancelled=True), CHANGED, replace(LOADING, reload=True, cancelled=True), []),
    (LOADING, DEAD, LOADING, []),
    (READY, LOAD, READY, [Do.START_IDLE_TIMER]),
    (replace(READY, leases=1, wanted=False), LOAD, replace(READY, leases=1), []),
    (READY, ACQUIRE, replace(READY, leases=1), [Do.STOP_IDLE_TIMER]),
    (replace(READY, leases=2), RELEASE, replace(READY, leases=1), []),
    (replace(READY, leases=1), RELEASE, READY, [Do.START_IDLE_TIMER]),
    (replace(READY, leases=1, wanted=False), RELEASE, UNLOADING, [Do.STOP_IDLE_TIMER, Do.FREE]),
    (replace(READY, leases=1, reload=True), RELEASE, replace(UNLOADING, wanted=True), [Do.STOP_IDLE_TIMER, Do.FREE]),
    (READY, LOADED, READY, [Do.DISCARD]),
    (READY, BROKE, READY, []),
    (READY, TIMEOUT, READY, []),
    (READY, IDLE, UNLOADING, [Do.STOP_IDLE_TIMER, Do.FREE]),
    (replace(READY, leases=1), IDLE, replace(READY, leases=1), []),
    (READY, UNLOAD, UNLOADING, [Do.STOP_IDLE_TIMER, Do.FREE]),
    (replace(READY, leases=1), UNLOAD, replace(READY, leases=1, wanted=False), []),
    (READY, CHANGED, replace(UNLOADING, wanted=True), [Do.STOP_IDLE_TIMER, Do.FREE]),
    (READY, OFF, replace(UNLOADING, wanted=True, enabled=False), [Do.STOP_IDLE_TIMER, Do.FREE]),
    (replace(READY, leases=1), CHANGED, replace(READY, leases=1, reload=True), []),
    (replace(READY, leases=1), DEAD, replace(UNLOADING, leases=1), [Do.STOP_IDLE_TIMER, Do.FREE]),
    (UNLOADING, LOAD, replace(UNLOADING, wanted=True), []),
    (UNLOADING, ACQUIRE, replace(UNLOADING, wanted=True, leases=1), []),
    (replace(UNLOADING, leases=1, wanted=True), RELEASE, replace(UNLOADING, wanted=True), []),
    (UNLOADING, LOADED, UNLOADING, [Do.DISCARD]),
    (UNLOADING, BROKE, UNLOADING, []),
    (UNLOADING, TIMEOUT, UNLOADING, []),
    (UNLOADING, IDLE, UNLOADING, []),
    (replace(UNLOADING, wanted=True), UNLOAD, UNLOADING, []),
    (UNLOADING, FREED, UNLOADED, [Do.REPORT_UNLOADED]),
    (replace(UNLOADING, wanted=True), FREED, machine(S.LOADING, **NEXT), [Do.REPORT_UNLOADED, Do.START_LOAD]),
    (replace(UNLOADING, wanted=True, enabled=False), FREED, DISABLED, [Do.REPORT_UNLOADED]),
    (UNLOADING, CHANGED, UNLOADING, []),
    (UNLOADING, DEAD, UNLOADING, []),
    (FAILED, LOAD, machine(S.LOADING, **NEXT), [Do.START_LOAD]),
    (FAILED, ACQUIRE, machine(S.LOADING, leases=1, **NEXT), [Do.START_LOAD]),
    (replace(FAILED, leases=1), RELEASE, FAILED, []),
    (FAILED, LOADED, FAILED, [Do.DISCARD]),
    (FAILED, BROKE, FAILED, []),
    (FAILED, TIMEOUT, FAILED, []),
    (FAILED, IDLE, FAILED, []),
    (FAILED, UNLOAD, UNLOADED, []),
    (FAILED, CHANGED, UNLOADED, []),
    (FAILED, OFF, DISABLED, []),
    (FAILED, DEAD, FAILED, []),
    (DISABLED, LOAD, DISABLED, []),
    (DISABLED, ACQUIRE, replace(DISABLED, leases=1), []),
    (replace(DISABLED, leases=1), RELEASE, DISABLED, []),
    (DISABLED, LOADED, DISABLED, [Do.DISCARD]),
    (DISABLED, BROKE, DISABLED, []),
    (DISABLED, TIMEOUT, DISABLED, []),
    (DISABLED, IDLE, DISABLED, []),
    (DISABLED, UNLOAD, DISABLED, []),
    (DISABLED, CHANGED, UNLOADED, []),
    (DISABLED, OFF, DISABLED, []),
    (DISABLED, DEAD, DISABLED, []),
]
ILLEGAL = {(state, Kind.FREED) for state in S if state is not S.UNLOADING}


@pytest.mark.parametrize(("before", "event", "after", "effects"), MODEL_TABLE)
def test_model_step(before: ModelMachine, event: Event, after: ModelMachine, effects: list[Do]) -> None:
    following, done = step_model(before, event)
    assert following == after
    assert [effect.kind for effect in done] == effects


def test_the_model_table_holds_every_pair() -> None:
    listed = {(before.state, event.kind) for before, event, _, _ in MODEL_TABLE}
    assert listed | ILLEGAL == {(state, kind) for state in S for kind in ModelEventKind}
    assert not listed & ILLEGAL


@pytest.mark.parametrize("state", sorted((state for state, _ in ILLEGAL), key=lambda state: state.value))
def test_freeing_what_is_not_leaving_is_a_fault(state: S) -> None:
    with pytest.raises(IllegalTransition):
        step_model(machine(state), FREED)


@pytest.mark.parametrize("state", list(S))
def test_releasing_without_a_lease_is_a_fault(state: S) -> None:
    with pytest.raises(IllegalTransition):
        step_model(machine(state), RELEASE)


def test_effects_name_the_load_that_they_are_about() -> None:
    assert step_model(LOADING, LATE_LOADED)[1] == (ModelEffect(Do.DISCARD, STALE),)
    assert step_model(LOADING, TIMEOUT)[1][0] == ModelEffect(Do.CANCEL_LOAD, G)
    assert step_model(UNLOADED, ACQUIRE)[1] == (ModelEffect(Do.START_LOAD, G + 1),)


class World:
    """Carries effects out on paper: which loads run, which models exist."""

    def __init__(self) -> None:
        self.status = ModelMachine()
        self.running: list[int] = []
        self.freeing = 0
        self.held = False

    def step(self, event: Event) -> None:
        self.status, effects = step_model(self.status, event)
        for effect in effects:
            if effect.kind is Do.START_LOAD:
                self.running.append(effect.generation)
            elif effect.kind is Do.FREE:
                self.freeing += 1
                self.held = False
            elif effect.kind is Do.REPORT_LOADED:
                self.held = True

    def end_load(self, kind: Kind) -> None:
        if self.running:
            self.step(Event(kind, self.running.pop(0)))

    def end_free(self) -> None:
        if self.freeing:
            self.freeing -= 1
            self.step(FREED)

    def do(self, action: str) -> None:
        """One thing that a user, an engine or a clock can do now."""
        current = self.status.generation
        match action:
            case "release" if self.status.leases:
                self.step(RELEASE)
            case "loaded":
                self.end_load(Kind.LOADED)
            case "failed":
                self.end_load(Kind.LOAD_FAILED)
            case "timeout":
                self.step(Event(Kind.LOAD_TIMEOUT, current))
            case "freed":
                self.end_free()
            case "load" | "acquire" | "unload" | "idle_timeout" | "config_changed" | "broken":
                self.step(Event(Kind(action)))
            case "off":
                self.step(OFF)

    def settle(self) -> None:
        """Let everything end that still runs."""
        while self.running or self.freeing:
            self.end_load(Kind.LOADED)
            self.end_free()


ACTIONS = [
    "load",
    "acquire",
    "release",
    "loaded",
    "failed",
    "timeout",
    "idle_timeout",
    "unload",
    "freed",
    "config_changed",
    "off",
    "broken",
]
histories = st.lists(st.sampled_from(ACTIONS), max_size=40)


@given(histories)
def test_never_two_loads_that_count_and_never_a_load_beside_a_model(actions: list[str]) -> None:
    world = World()
    for action in actions:
        world.do(action)
        # A load that timed out may still run, but its result is stale; of those that count there is one at most.
        counting = [generation for generation in world.running if generation == world.status.generation]
        assert len(counting) == (world.status.state is S.LOADING)
        assert world.held == (world.status.state is S.READY)
        assert world.freeing == (world.status.state is S.UNLOADING)


@given(histories)
def test_unload_leads_home_from_any_state(actions: list[str]) -> None:
    world = World()
    for action in actions:
        world.do(action)
    world.do("unload")
    while world.status.leases:
        world.do("release")
    world.settle()
    assert world.status.state in {S.UNLOADED, S.DISABLED}
    assert not world.held


@given(histories)
def test_a_lease_gets_a_model_or_an_error_but_never_waits_forever(actions: list[str]) -> None:
    world = World()
    for action in actions:
        world.do(action)
    world.do("config_changed")
    world.do("acquire")
    while world.status.state in {S.LOADING, S.UNLOADING}:
        assert world.running or world.freeing
        world.do("loaded")
        world.do("freed")
    assert world.status.state is S.READY


A, B, C, D = SessionState.IDLE, SessionState.STARTING, SessionState.LISTENING, SessionState.FINALIZING
E = SessionEvent
OPEN = [SessionEffect.OPEN_MICROPHONE, SessionEffect.START_WORKER]
CLOSE, KEEP = [SessionEffect.CLOSE_MICROPHONE], [SessionEffect.WITHHOLD_TEXT]
SESSION_TABLE = {
    A: {E.TOGGLE: (B, OPEN), E.RECOVER: (D, [SessionEffect.START_WORKER])},
    B: {
        E.TOGGLE: (D, CLOSE),
        E.FIRST_BLOCK: (C, []),
        E.START_FAILED: (D, CLOSE + KEEP),
        E.DEVICE_LOST: (D, CLOSE),
        E.TEXT_DELIVERED: (A, CLOSE),
        E.CANCEL: (D, CLOSE + KEEP),
    },
    C: {
        E.TOGGLE: (D, CLOSE),
        E.DEVICE_LOST: (D, CLOSE),
        E.TEXT_DELIVERED: (A, CLOSE),
        E.CANCEL: (D, CLOSE + KEEP),
    },
    D: {E.TEXT_DELIVERED: (A, [])},
}


@pytest.mark.parametrize("event", list(SessionEvent))
@pytest.mark.parametrize("state", list(SessionState))
def test_session_step(state: SessionState, event: SessionEvent) -> None:
    after, expected = SESSION_TABLE[state].get(event, (state, []))
    assert step_session(state, event) == (after, tuple(expected))


@given(st.lists(st.sampled_from(SessionEvent)))
def test_cancel_leads_home_with_the_microphone_closed(events: list[SessionEvent]) -> None:
    state, microphone = A, 0
    for event in [*events, SessionEvent.CANCEL, SessionEvent.TEXT_DELIVERED]:
        state, effects = step_session(state, event)
        microphone += effects.count(SessionEffect.OPEN_MICROPHONE) - effects.count(SessionEffect.CLOSE_MICROPHONE)
        assert microphone == (state in {B, C})
    assert state is A
