"""`voicetype.control.model_manager` with models that a test steers."""

import threading
import time
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from fakes_models import FakeLoader, FakePunctuator, FakeSpeechModel
from pytestqt.qtbot import QtBot

from voicetype.control.model_manager import LazyModelManager, LoadRequest
from voicetype.core.messages import MessageCode, ModelError, UserMessage
from voicetype.core.ports import FinalResult
from voicetype.core.status import PUNCTUATION, SPEECH, ModelState, ModelStatus
from voicetype.qt import QtCore

WAIT_S = 10.0
SHORT_S = 0.05


class Bench:
    """A manager, its loaders, and everything that it told, in order."""

    def __init__(self, **settings: float) -> None:
        self.made: list[FakeSpeechModel] = []
        self.trims: list[str] = []
        self.speech = FakeLoader(self._make_speech, progress=(10, 90, 100))
        self.punctuation = FakeLoader(FakePunctuator)
        self.manager = LazyModelManager(
            {SPEECH: self.speech, PUNCTUATION: self.punctuation},
            unload_timeout_s=settings.get("unload_timeout_s", 0),
            load_timeout_s=settings.get("load_timeout_s", WAIT_S),
            trim=lambda: self.trims.append(threading.current_thread().name),
        )
        self.told: list[tuple[object, ...]] = []
        self.states: list[ModelState] = []
        manager = self.manager
        manager.loading_started.connect(lambda name: self.told.append(("started", name)))
        manager.loading_finished.connect(lambda name, ok: self.told.append(("finished", name, ok)))
        manager.loading_failed.connect(lambda name, code: self.told.append(("failed", name, code)))
        manager.model_unloaded.connect(lambda name: self.told.append(("unloaded", name)))
        manager.loading_progress.connect(lambda name, percent: self.told.append(("progress", name, percent)))
        manager.state_changed.connect(self._on_state)

    def _make_speech(self) -> FakeSpeechModel:
        self.made.append(FakeSpeechModel(last="раз"))
        return self.made[-1]

    def _on_state(self, status: ModelStatus) -> None:
        if status.name == SPEECH and self.states[-1:] != [status.state]:
            self.states.append(status.state)

    def of_speech(self) -> list[tuple[object, ...]]:
        """What was told of the speech model, without progress."""
        return [(kind, *rest) for kind, name, *rest in self.told if name == SPEECH and kind != "progress"]

    def state(self, name: str = SPEECH) -> ModelState:
        return self.manager.status(name).state


@pytest.fixture
def make(qtbot: QtBot) -> Iterator[Callable[..., Bench]]:
    benches: list[Bench] = []

    def make_bench(**settings: float) -> Bench:
        benches.append(Bench(**settings))
        return benches[-1]

    yield make_bench
    for bench in benches:
        bench.speech.gate.set()
        bench.punctuation.gate.set()
        bench.manager.shutdown(WAIT_S)


@pytest.fixture
def bench(make: Callable[..., Bench]) -> Bench:
    return make()


@pytest.fixture
def elsewhere() -> Iterator[ThreadPoolExecutor]:
    """Another thread, as the recognition's."""
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="user") as executor:
        yield executor


def until(qtbot: QtBot, state: ModelState, bench: Bench, name: str = SPEECH) -> None:
    qtbot.waitUntil(lambda: bench.state(name) is state, timeout=int(WAIT_S * 1000))


def result(qtbot: QtBot, future: "Future[object]") -> object:
    """Outcome of a job on another thread, while this one's event loop goes on."""
    qtbot.waitUntil(future.done, timeout=int(WAIT_S * 1000))
    return future.result()


def ready(qtbot: QtBot, bench: Bench) -> None:
    qtbot.waitUntil(bench.manager.is_loaded, timeout=int(WAIT_S * 1000))


def test_nothing_is_loaded_at_the_start(bench: Bench) -> None:
    assert bench.state() is ModelState.UNLOADED
    assert not bench.manager.is_loaded()
    assert bench.manager.get_recognizer() is None
    assert bench.manager.get_punctuation() is None
    assert bench.speech.calls == bench.punctuation.calls == 0


def test_load_emits_started_and_finished(qtbot: QtBot, bench: Bench) -> None:
    with qtbot.waitSignals([bench.manager.loading_started] * 2 + [bench.manager.loading_finished] * 2):
        bench.manager.load_models()
    assert bench.of_speech() == [("started",), ("finished", True)]
    assert [rest for kind, name, *rest in bench.told if (kind, name) == ("progress", SPEECH)] == [[10], [90], [100]]
    assert bench.states == [ModelState.LOADING, ModelState.READY]
    assert bench.manager.status(SPEECH) == ModelStatus(SPEECH, ModelState.READY, 100)
    assert bench.manager.is_loaded() and bench.manager.is_loaded(SPEECH) and bench.manager.is_loaded(PUNCTUATION)


def test_models_load_side_by_side(qtbot: QtBot, bench: Bench) -> None:
    bench.speech.gate.clear()
    bench.punctuation.gate.clear()
    bench.manager.load_models()
    qtbot.waitUntil(lambda: bench.speech.entered.is_set() and bench.punctuation.entered.is_set())


def test_concurrent_load_is_prevented(qtbot: QtBot, bench: Bench) -> None:
    bench.speech.gate.clear()
    leases = [bench.manager.lease(), bench.manager.lease()]
    bench.manager.load_models()
    bench.manager.load_models()
    bench.speech.gate.set()
    ready(qtbot, bench)
    assert bench.speech.calls == 1
    assert bench.speech.most_running == 1
    assert bench.of_speech() == [("started",), ("finished", True)]
    for lease in leases:
        lease.release()


def test_unload_releases_memory(qtbot: QtBot, bench: Bench) -> None:
    bench.manager.load_models()
    ready(qtbot, bench)
    with qtbot.waitSignals([bench.manager.model_unloaded] * 2):
        bench.manager.unload_models()
    assert bench.made[0].closed.is_set()
    assert bench.state() is ModelState.UNLOADED
    assert not bench.manager.is_loaded(SPEECH)
    assert len(bench.trims) == 2
    assert all(name.startswith("model-loader") for name in bench.trims)


def test_nothing_keeps_an_unloaded_model_alive(qtbot: QtBot, make: Callable[..., Bench]) -> None:
    bench = make()
    lease = bench.manager.lease()
    ready(qtbot, bench)
    recognizer = bench.manager.get_recognizer()
    models = [weakref.ref(lease.wait_speech()), weakref.ref(lease.wait_punctuation())]
    assert recognizer is not None and all(model() is not None for model in models)
    bench.made.clear()
    with qtbot.waitSignals([bench.manager.model_unloaded] * 2):
        bench.manager.unload_models()
        lease.release()
    assert [model() for model in models] == [None, None]


def test_idle_timer_triggers_unload(qtbot: QtBot, make: Callable[..., Bench]) -> None:
    bench = make(unload_timeout_s=SHORT_S)
    with qtbot.waitSignals([bench.manager.model_unloaded] * 2):
        bench.manager.load_models()
    assert bench.made[0].closed.is_set()
    assert bench.of_speech() == [("started",), ("finished", True), ("unloaded",)]


def test_activity_resets_the_idle_timer(qtbot: QtBot, make: Callable[..., Bench]) -> None:
    idle_s = 0.4
    bench = make(unload_timeout_s=idle_s)
    bench.manager.load_models()
    ready(qtbot, bench)
    last = 0.0

    def use() -> None:
        nonlocal last
        bench.manager.reset_idle_timer()
        last = time.monotonic()

    activity = QtCore.QTimer()
    activity.timeout.connect(use)
    activity.start(20)
    # Four idle times of activity, counted in uses, so that a slow machine only makes the test longer.
    started = time.monotonic()
    qtbot.waitUntil(lambda: time.monotonic() - started > 4 * idle_s or not bench.manager.is_loaded(), timeout=20_000)
    assert bench.manager.is_loaded()
    activity.stop()
    with qtbot.waitSignal(bench.manager.model_unloaded):
        pass
    assert time.monotonic() - last > 0.9 * idle_s


def test_asking_for_a_model_is_activity(
    qtbot: QtBot, make: Callable[..., Bench], elsewhere: ThreadPoolExecutor
) -> None:
    bench = make(unload_timeout_s=1000)
    bench.manager.load_models()
    ready(qtbot, bench)
    timers = [timer for timer in bench.manager.findChildren(QtCore.QTimer) if timer.isActive()]
    assert len(timers) == 2
    for timer in timers:
        timer.setTimerType(QtCore.Qt.TimerType.PreciseTimer)  # long ones count in whole seconds otherwise
        timer.start(500_000)
    assert result(qtbot, elsewhere.submit(bench.manager.get_recognizer)) is not None
    assert bench.manager.get_punctuation() is not None
    qtbot.waitUntil(lambda: all(timer.remainingTime() > 900_000 for timer in timers))


def test_idle_time_of_zero_means_never(qtbot: QtBot, bench: Bench) -> None:
    bench.manager.load_models()
    ready(qtbot, bench)
    bench.manager.start_idle_timer()
    assert not [timer for timer in bench.manager.findChildren(QtCore.QTimer) if timer.isActive()]


def test_leases_hold_off_the_idle_unload(qtbot: QtBot, make: Callable[..., Bench]) -> None:
    bench = make(unload_timeout_s=SHORT_S)
    lease, other = bench.manager.lease(), bench.manager.lease()
    ready(qtbot, bench)
    lease.release()
    lease.release()
    bench.manager.start_idle_timer()
    assert not [timer for timer in bench.manager.findChildren(QtCore.QTimer) if timer.isActive()]
    assert bench.manager.is_loaded()
    with qtbot.waitSignals([bench.manager.model_unloaded] * 2):
        other.release()


def test_load_on_demand(qtbot: QtBot, bench: Bench, elsewhere: ThreadPoolExecutor) -> None:
    """The first lease loads; who waits for it gets the model."""
    bench.speech.gate.clear()
    lease = bench.manager.lease()
    waiting = elsewhere.submit(lease.wait_speech)
    qtbot.waitUntil(bench.speech.entered.is_set)
    assert not waiting.done()
    bench.speech.gate.set()
    model = result(qtbot, waiting)
    assert isinstance(model, FakeSpeechModel)
    assert model.create_recognizer().finish() == FinalResult("раз")
    punctuator = result(qtbot, elsewhere.submit(lease.wait_punctuation))
    assert isinstance(punctuator, FakePunctuator)
    lease.release()


def test_who_waits_needs_no_event_loop(bench: Bench) -> None:
    """At the program's end the GUI thread waits for the recognition, which may still wait for the model."""
    lease = bench.manager.lease()
    assert lease.wait_speech(WAIT_S) is bench.made[0]
    assert isinstance(lease.wait_punctuation(WAIT_S), FakePunctuator)
    bench.speech.error = ModelError(MessageCode.MODEL_MISSING, path="nowhere")
    lease.release()


def test_waiting_ends_after_its_own_time(bench: Bench) -> None:
    bench.speech.gate.clear()
    bench.punctuation.gate.clear()
    lease = bench.manager.lease()
    with pytest.raises(ModelError) as caught:
        lease.wait_speech(SHORT_S)
    assert caught.value.message.code is MessageCode.MODEL_TIMEOUT
    assert lease.wait_punctuation(SHORT_S) is None


def test_load_failure_does_not_crash(qtbot: QtBot, bench: Bench, elsewhere: ThreadPoolExecutor) -> None:
    bench.speech.error = ModelError(MessageCode.MODEL_MISSING, path="nowhere")
    lease = bench.manager.lease()
    waiting = elsewhere.submit(lease.wait_speech)
    until(qtbot, ModelState.READY, bench, PUNCTUATION)
    until(qtbot, ModelState.FAILED, bench)
    with pytest.raises(ModelError) as caught:
        result(qtbot, waiting)
    assert caught.value.message == UserMessage(MessageCode.MODEL_MISSING, params={"path": "nowhere"})
    assert bench.of_speech() == [("started",), ("failed", "model_missing"), ("finished", False)]
    assert bench.manager.status(SPEECH).error == caught.value.message
    assert bench.manager.is_loaded(PUNCTUATION) and not bench.manager.is_loaded()
    lease.release()


def test_an_unforeseen_failure_is_told_too(qtbot: QtBot, bench: Bench) -> None:
    bench.speech.error = ZeroDivisionError("surprise")
    bench.manager.load_models()
    until(qtbot, ModelState.FAILED, bench)
    params = {"path": SPEECH, "detail": "ZeroDivisionError"}
    assert bench.manager.status(SPEECH).error == UserMessage(MessageCode.MODEL_BROKEN, params=params)


def test_dictation_goes_on_without_punctuation(qtbot: QtBot, bench: Bench, elsewhere: ThreadPoolExecutor) -> None:
    bench.punctuation.error = ModelError(MessageCode.MODEL_MISSING, path="nowhere")
    lease = bench.manager.lease()
    assert result(qtbot, elsewhere.submit(lease.wait_punctuation)) is None
    assert result(qtbot, elsewhere.submit(lease.wait_speech)) is bench.made[0]
    lease.release()


def test_failure_then_retry(qtbot: QtBot, bench: Bench, elsewhere: ThreadPoolExecutor) -> None:
    bench.speech.error = ModelError(MessageCode.MODEL_MISSING, path="nowhere")
    bench.manager.lease().release()
    until(qtbot, ModelState.FAILED, bench)
    bench.speech.error = None
    lease = bench.manager.lease()
    assert result(qtbot, elsewhere.submit(lease.wait_speech)) is bench.made[0]
    until(qtbot, ModelState.READY, bench)
    assert bench.manager.status(SPEECH).error is None
    lease.release()


def test_a_receiver_of_the_failure_may_retry_at_once(qtbot: QtBot, bench: Bench) -> None:
    bench.speech.error = ModelError(MessageCode.MODEL_MISSING, path="nowhere")

    def retry(name: str, _code: str) -> None:
        bench.speech.error = None
        bench.manager.load_models()

    bench.manager.loading_failed.connect(retry)
    bench.manager.load_models()
    ready(qtbot, bench)
    qtbot.waitUntil(lambda: len(bench.of_speech()) == 5)
    assert bench.of_speech() == [
        ("started",),
        ("failed", "model_missing"),
        ("finished", False),
        ("started",),
        ("finished", True),
    ]


def test_time_out_frees_the_late_model(qtbot: QtBot, make: Callable[..., Bench], elsewhere: ThreadPoolExecutor) -> None:
    bench = make(load_timeout_s=SHORT_S)
    bench.speech.gate.clear()
    bench.speech.heeds_cancel = False
    lease = bench.manager.lease()
    waiting = elsewhere.submit(lease.wait_speech)
    until(qtbot, ModelState.FAILED, bench)
    with pytest.raises(ModelError) as caught:
        result(qtbot, waiting)
    assert caught.value.message.code is MessageCode.MODEL_TIMEOUT
    assert bench.of_speech() == [("started",), ("failed", "model_timeout"), ("finished", False)]
    assert bench.speech.requests[0].cancelled.is_set()
    assert bench.made == []
    bench.speech.gate.set()
    qtbot.waitUntil(lambda: bool(bench.made) and bench.made[0].closed.is_set())
    assert bench.state() is ModelState.FAILED
    lease.release()
    # The program stays usable: the next use loads afresh.
    bench.manager.configure(load_timeout_s=WAIT_S)
    again = bench.manager.lease()
    assert result(qtbot, elsewhere.submit(again.wait_speech)) is bench.made[1]
    assert bench.speech.most_running == 1
    again.release()


def test_unload_while_loading(qtbot: QtBot, bench: Bench) -> None:
    bench.speech.gate.clear()
    bench.manager.load_models()
    qtbot.waitUntil(bench.speech.entered.is_set)
    bench.manager.unload_models()
    until(qtbot, ModelState.UNLOADED, bench)
    assert bench.speech.requests[0].cancelled.is_set()
    assert bench.made == []
    assert bench.of_speech() == [("started",), ("finished", False), ("unloaded",)]


def test_unload_while_loading_what_cannot_be_cancelled(qtbot: QtBot, bench: Bench) -> None:
    bench.speech.gate.clear()
    bench.speech.heeds_cancel = False
    bench.manager.load_models()
    qtbot.waitUntil(bench.speech.entered.is_set)
    bench.manager.unload_models()
    bench.speech.gate.set()
    until(qtbot, ModelState.UNLOADED, bench)
    assert bench.made[0].closed.is_set()
    assert bench.of_speech() == [("started",), ("finished", False), ("unloaded",)]


def test_a_press_after_unload_while_loading_still_gets_a_model(
    qtbot: QtBot, bench: Bench, elsewhere: ThreadPoolExecutor
) -> None:
    bench.speech.gate.clear()
    bench.manager.load_models()
    qtbot.waitUntil(bench.speech.entered.is_set)
    bench.manager.unload_models()
    lease = bench.manager.lease()
    bench.speech.gate.set()
    model = result(qtbot, elsewhere.submit(lease.wait_speech))
    assert isinstance(model, FakeSpeechModel) and not model.closed.is_set()
    lease.release()


def test_unload_waits_for_the_dictation(qtbot: QtBot, bench: Bench) -> None:
    lease = bench.manager.lease()
    ready(qtbot, bench)
    bench.manager.unload_models()
    assert bench.manager.is_loaded()
    with qtbot.waitSignals([bench.manager.model_unloaded] * 2):
        lease.release()


def test_full_cycle(qtbot: QtBot, bench: Bench, elsewhere: ThreadPoolExecutor) -> None:
    """Load, use, unload, load again, use again."""
    for cycle in range(3):
        lease = bench.manager.lease()
        model = result(qtbot, elsewhere.submit(lease.wait_speech))
        assert model is bench.made[cycle]
        ready(qtbot, bench)
        recognizer = bench.manager.get_recognizer()
        assert recognizer is not None and recognizer.finish() == FinalResult("раз")
        punctuator = bench.manager.get_punctuation()
        assert punctuator is not None and punctuator.enhance("раз") == "Раз."
        result(qtbot, elsewhere.submit(lease.release))
        with qtbot.waitSignals([bench.manager.model_unloaded] * 2):
            bench.manager.unload_models()
        assert bench.made[cycle].closed.is_set()
    assert bench.of_speech() == [("started",), ("finished", True), ("unloaded",)] * 3
    assert bench.speech.calls == 3


def test_an_engine_that_died_is_started_again(qtbot: QtBot, bench: Bench, elsewhere: ThreadPoolExecutor) -> None:
    bench.manager.load_models()
    ready(qtbot, bench)
    bench.made[0].alive = False
    lease = bench.manager.lease()
    assert result(qtbot, elsewhere.submit(lease.wait_speech)) is bench.made[1]
    assert bench.made[0].closed.is_set()
    lease.release()


def test_configure_swaps_models(qtbot: QtBot, bench: Bench) -> None:
    bench.manager.load_models()
    ready(qtbot, bench)
    other = FakeLoader()
    bench.manager.configure(loaders={SPEECH: other, PUNCTUATION: bench.punctuation})
    qtbot.waitUntil(lambda: other.calls == 1 and bench.manager.is_loaded())
    assert bench.made[0].closed.is_set()
    assert bench.punctuation.calls == 1


def test_configure_swaps_after_the_dictation(qtbot: QtBot, bench: Bench) -> None:
    lease = bench.manager.lease()
    ready(qtbot, bench)
    other = FakeLoader()
    bench.manager.configure(loaders={SPEECH: other})
    assert bench.manager.is_loaded() and other.calls == 0
    assert lease.wait_speech() is bench.made[0]
    lease.release()
    qtbot.waitUntil(lambda: other.calls == 1 and bench.manager.is_loaded())


def test_configure_while_loading_loads_the_new_model(qtbot: QtBot, bench: Bench, elsewhere: ThreadPoolExecutor) -> None:
    bench.speech.gate.clear()
    lease = bench.manager.lease()
    waiting = elsewhere.submit(lease.wait_speech)
    qtbot.waitUntil(bench.speech.entered.is_set)
    new = FakeSpeechModel()
    bench.manager.configure(loaders={SPEECH: FakeLoader(lambda: new)})
    assert result(qtbot, waiting) is new
    lease.release()


def test_configure_switches_a_model_off_and_on(qtbot: QtBot, bench: Bench, elsewhere: ThreadPoolExecutor) -> None:
    bench.manager.load_models()
    ready(qtbot, bench)
    bench.manager.configure(loaders={PUNCTUATION: None})
    until(qtbot, ModelState.DISABLED, bench, PUNCTUATION)
    assert bench.manager.is_loaded() and not bench.manager.is_loaded(PUNCTUATION)
    lease = bench.manager.lease()
    assert result(qtbot, elsewhere.submit(lease.wait_punctuation)) is None
    lease.release()
    bench.manager.configure(loaders={PUNCTUATION: bench.punctuation})
    assert bench.state(PUNCTUATION) is ModelState.UNLOADED
    bench.manager.load_models()
    ready(qtbot, bench)


def test_a_new_idle_time_counts_at_once(qtbot: QtBot, make: Callable[..., Bench]) -> None:
    bench = make(unload_timeout_s=1000)
    bench.manager.load_models()
    ready(qtbot, bench)
    with qtbot.waitSignals([bench.manager.model_unloaded] * 2):
        bench.manager.configure(unload_timeout_s=SHORT_S)


def test_release_wakes_who_waits(bench: Bench, elsewhere: ThreadPoolExecutor, qtbot: QtBot) -> None:
    bench.speech.gate.clear()
    lease = bench.manager.lease()
    waiting = elsewhere.submit(lease.wait_speech)
    qtbot.waitUntil(bench.speech.entered.is_set)
    lease.release()
    with pytest.raises(ModelError):
        result(qtbot, waiting)


def test_shutdown_cancels_a_load_and_wakes_who_waits(qtbot: QtBot, bench: Bench, elsewhere: ThreadPoolExecutor) -> None:
    bench.speech.gate.clear()
    lease = bench.manager.lease()
    waiting = elsewhere.submit(lease.wait_speech)
    qtbot.waitUntil(bench.speech.entered.is_set)
    bench.manager.shutdown(WAIT_S)
    with pytest.raises(ModelError):
        waiting.result(WAIT_S)
    assert bench.state() is ModelState.UNLOADED
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("model-loader")]
    lease.release()
    bench.manager.load_models()
    bench.manager.shutdown(WAIT_S)
    assert bench.speech.calls == 1


def test_shutdown_closes_loaded_models(qtbot: QtBot, bench: Bench) -> None:
    bench.manager.load_models()
    ready(qtbot, bench)
    bench.manager.shutdown(WAIT_S)
    assert bench.made[0].closed.is_set()


def test_shutdown_is_bounded_and_a_late_model_is_closed(qtbot: QtBot, bench: Bench) -> None:
    bench.speech.gate.clear()
    bench.speech.heeds_cancel = False
    bench.manager.load_models()
    qtbot.waitUntil(bench.speech.entered.is_set)
    started = time.monotonic()
    bench.manager.shutdown(SHORT_S)
    assert time.monotonic() - started < 10.0
    bench.speech.gate.set()
    qtbot.waitUntil(lambda: bool(bench.made) and bench.made[0].closed.is_set())


def test_signals_come_in_the_manager_thread(qtbot: QtBot, bench: Bench, elsewhere: ThreadPoolExecutor) -> None:
    threads: set[int] = set()
    bench.manager.state_changed.connect(lambda _status: threads.add(threading.get_ident()))
    lease = bench.manager.lease()
    ready(qtbot, bench)
    result(qtbot, elsewhere.submit(lease.release))
    bench.manager.unload_models()
    until(qtbot, ModelState.UNLOADED, bench)
    assert threads == {threading.get_ident()}


def test_a_model_that_fails_to_close_does_not_block_the_next(qtbot: QtBot, bench: Bench) -> None:
    class Stubborn(FakeSpeechModel):
        def close(self) -> None:
            raise OSError("it will not end")

    def load(_request: LoadRequest) -> FakeSpeechModel:
        return Stubborn()

    bench.manager.configure(loaders={SPEECH: load})
    bench.manager.load_models()
    ready(qtbot, bench)
    bench.manager.unload_models()
    until(qtbot, ModelState.UNLOADED, bench)
    bench.manager.load_models()
    ready(qtbot, bench)
