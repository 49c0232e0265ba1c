"""A signal ends the event loop at once, also when nothing else happens in it."""

import os
import signal
import sys

import pytest

from voicetype.control.exit_signals import ExitSignals

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="os.kill ends the process there")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_is_told_and_handlers_are_put_back(qtbot, number):
    before = signal.getsignal(number)
    signals = ExitSignals()
    with qtbot.waitSignal(signals.exit_requested):
        os.kill(os.getpid(), number)
    signals.restore()
    assert signal.getsignal(number) is before


def test_a_signal_before_the_event_loop_ends_it(qtbot):
    """`quit` before `exec` would be forgotten."""
    signals = ExitSignals()
    told = []
    signals.exit_requested.connect(lambda: told.append("exit"))
    os.kill(os.getpid(), signal.SIGTERM)
    assert told == []
    qtbot.waitUntil(lambda: told == ["exit"])
    signals.restore()
