"""Models leave a machine that runs short of memory, but never a dictation."""

from __future__ import annotations

import pytest
from fakes_models import FakeLoader, FakePunctuator
from pytestqt.qtbot import QtBot

from voicetype.control.memory_guard import MemoryGuard
from voicetype.control.model_manager import LazyModelManager
from voicetype.core.status import PUNCTUATION, SPEECH, ModelState


class Machine:
    """The used share of its memory."""

    share = 0.5

    def used(self) -> float:
        return self.share


@pytest.fixture
def manager(qtbot: QtBot):  # type: ignore[no-untyped-def]
    loaders = {SPEECH: FakeLoader(), PUNCTUATION: FakeLoader(FakePunctuator)}
    manager = LazyModelManager(loaders, unload_timeout_s=0, load_timeout_s=10)
    yield manager
    manager.shutdown(10)


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def guard(manager: LazyModelManager, machine: Machine) -> MemoryGuard:
    guard = MemoryGuard(manager, machine.used)
    manager.state_changed.connect(guard.on_model_state)
    guard.configure(0.8)
    return guard


def load(qtbot: QtBot, manager: LazyModelManager) -> None:
    manager.load_models()
    qtbot.waitUntil(manager.is_loaded)


def test_it_looks_only_while_something_is_loaded(qtbot: QtBot, manager: LazyModelManager, guard: MemoryGuard) -> None:
    assert not guard.watching
    load(qtbot, manager)
    assert guard.watching
    with qtbot.waitSignals([manager.model_unloaded] * 2):
        manager.unload_models()
    assert not guard.watching


def test_models_are_freed_above_the_threshold(
    qtbot: QtBot, manager: LazyModelManager, guard: MemoryGuard, machine: Machine
) -> None:
    load(qtbot, manager)
    machine.share = 0.79
    guard.look()
    assert manager.status(SPEECH).state is ModelState.READY
    machine.share = 0.8
    with qtbot.waitSignals([manager.model_unloaded] * 2):
        guard.look()


def test_a_dictation_keeps_its_models(
    qtbot: QtBot, manager: LazyModelManager, guard: MemoryGuard, machine: Machine
) -> None:
    lease = manager.lease()
    qtbot.waitUntil(manager.is_loaded)
    machine.share = 0.99
    guard.look()
    assert manager.is_loaded()
    with qtbot.waitSignals([manager.model_unloaded] * 2):
        lease.release()


def test_it_can_be_switched_off(qtbot: QtBot, manager: LazyModelManager, guard: MemoryGuard, machine: Machine) -> None:
    load(qtbot, manager)
    guard.configure(None)
    assert not guard.watching
    machine.share = 0.99
    guard.look()
    assert manager.is_loaded()
    guard.configure(0.9)
    assert guard.watching
