"""The level meter of the settings."""

from voicetype.control.level_monitor import LevelMonitor
from voicetype.core.messages import AudioError, MessageCode


class Ears:
    def __init__(self):
        self.heard = b""

    def write(self, block):
        self.heard += block

    def close(self):
        pass


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


def is_loud(level):
    """Not the silence that is shown until the microphone is open."""
    return level.rms_dbfs > -7


def test_the_level_is_shown_while_wanted(qtbot):
    source = Loud()
    ears = Ears()
    monitor = LevelMonitor(lambda: source, ears)
    with qtbot.waitSignal(monitor.level_changed, check_params_cb=lambda level: -7 < level.rms_dbfs < -5):
        monitor.set_wanted(True)
    assert monitor.running
    monitor.shutdown()
    assert source.stopped
    assert not monitor.running
    assert ears.heard == b"\x00\x40" * 512


def test_after_a_failure_another_microphone_is_tried(qtbot):
    sources = [Broken(), Loud()]
    monitor = LevelMonitor(lambda: sources.pop(0), Ears())
    with qtbot.waitSignal(monitor.failed):
        monitor.set_wanted(True)
    with qtbot.waitSignal(monitor.level_changed):
        monitor.restart()
    assert monitor.running
    monitor.shutdown()


def test_a_microphone_that_does_not_open_is_told_once(qtbot):
    monitor = LevelMonitor(Broken, Ears())
    with qtbot.waitSignal(monitor.failed) as told:
        monitor.set_wanted(True)
    assert told.args[0].code is MessageCode.NO_MICROPHONE
    assert not monitor.running
    monitor.shutdown()


def test_a_dictation_interrupts_the_meter(qtbot):
    sources = []

    def make_source():
        sources.append(Loud())
        return sources[-1]

    monitor = LevelMonitor(make_source, Ears())
    monitor.set_paused(True)
    monitor.set_wanted(True)
    assert not monitor.running
    with qtbot.waitSignal(monitor.level_changed, check_params_cb=is_loud):
        monitor.set_paused(False)
    monitor.set_paused(True)
    qtbot.waitUntil(lambda: sources[0].stopped)
    with qtbot.waitSignal(monitor.level_changed, check_params_cb=is_loud):
        monitor.set_paused(False)
    with qtbot.waitSignal(monitor.level_changed, check_params_cb=is_loud):
        monitor.restart()
    qtbot.waitUntil(lambda: sources[1].stopped)
    assert len(sources) == 3 and monitor.running
    monitor.shutdown()
    assert sources[2].stopped
