"""The level meter of the settings."""

from voicetype.control.level_monitor import LevelMonitor
from voicetype.core.messages import AudioError, MessageCode


class Loud:
    def __init__(self):
        self.stopped = False

    def start(self, sink, on_lost):
        sink(b"\x00\x40" * 512)  # half of full scale: -6 dBFS

    def stop(self):
        self.stopped = True


class Broken(Loud):
    def start(self, sink, on_lost):
        raise AudioError(MessageCode.NO_MICROPHONE)


def test_the_level_is_shown_while_wanted(qtbot):
    source = Loud()
    monitor = LevelMonitor(lambda: source)
    with qtbot.waitSignal(monitor.level_changed, check_params_cb=lambda level: -7 < level < -5):
        monitor.start()
    assert monitor.running
    monitor.shutdown()
    assert source.stopped
    assert not monitor.running


def test_a_microphone_that_does_not_open_is_told_once(qtbot):
    monitor = LevelMonitor(Broken)
    with qtbot.waitSignal(monitor.failed) as told:
        monitor.start()
    assert told.args[0].code is MessageCode.NO_MICROPHONE
    assert not monitor.running
    monitor.shutdown()
