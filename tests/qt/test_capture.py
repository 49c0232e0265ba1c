"""The sound of a dictation on its way from microphones that come and go into its sinks."""

import threading
from array import array

import pytest

from voicetype.control import recording
from voicetype.control.capture import Capture
from voicetype.core.audio import pcm_of
from voicetype.core.messages import AudioError, Level, MessageCode
from voicetype.qt import QtCore

SECOND = bytes(32_000)
SEAM = bytes(6_400)
SOUND = pcm_of(array("h", [500] * 160))
LOST = AudioError(MessageCode.MICROPHONE_LOST, device="usb")
OUTDATED = AudioError(MessageCode.MICROPHONE_LOST, Level.INFO, device="usb")
ABSENT = AudioError(MessageCode.NO_MICROPHONE)


class Microphone:
    def __init__(self, name, error=None):
        self.name = name
        self.error = error
        self.say = self.lose = None
        self.stopped = threading.Event()

    def start(self, sink, on_lost):
        if self.error:
            raise self.error
        self.say, self.lose = sink, on_lost

    def stop(self):
        self.stopped.set()


class Sink:
    def __init__(self, error=None):
        self.error = error
        self.pcm = b""
        self.writes = 0
        self.closed = threading.Event()

    def write(self, block):
        self.writes += 1
        if self.error:
            raise self.error
        self.pcm += block

    def close(self):
        self.closed.set()
        if self.error:
            raise self.error


class Room:
    """A capture, the microphones that it finds one after another, and what it says."""

    def __init__(self, qtbot, *microphones):
        self.qtbot = qtbot
        self.microphones = list(microphones)
        self.opened: list[Microphone] = []
        self.asked: list[bool] = []
        self.told: list[tuple[MessageCode, dict[str, str]]] = []
        self.problems: list[tuple[MessageCode, bool]] = []
        self.threads: set[QtCore.QThread] = set()
        self.sink = Sink()
        self.capture = Capture()
        self.capture.noticed.connect(self.on_notice)
        self.capture.failed.connect(lambda problem: self.problems.append((problem.message.code, problem.lost)))

    def on_notice(self, message):
        assert message.level is Level.WARNING
        self.told.append((message.code, dict(message.params)))

    def make(self, *, replacement=False):
        self.asked.append(replacement)
        next_one = self.microphones.pop(0) if self.microphones else Microphone("", ABSENT)
        self.opened.append(next_one)
        return next_one

    def open(self, *sinks):
        self.capture.open(1, self.make, sinks or [self.sink])
        microphone = self.opened[0]
        self.qtbot.waitUntil(lambda: microphone.say is not None)
        return microphone


@pytest.fixture
def room(qtbot):
    rooms = []

    def make(*microphones):
        rooms.append(Room(qtbot, *microphones))
        return rooms[-1]

    yield make
    for one in rooms:
        one.capture.shutdown()


def test_the_next_microphone_goes_on_where_the_first_was_pulled_out(qtbot, room):
    second = Microphone("built-in")
    desk = room(Microphone("usb"), Microphone("", ABSENT), second)
    first = desk.open()
    first.say(SOUND)
    first.lose(LOST)
    qtbot.waitUntil(lambda: second.say is not None)
    assert first.stopped.is_set()
    assert desk.told == []  # it is told when there is sound again
    second.say(SOUND)
    second.say(SOUND)
    qtbot.waitUntil(lambda: bool(desk.told))
    desk.capture.close(1)
    qtbot.waitUntil(desk.sink.closed.is_set)
    assert desk.sink.pcm == SOUND + SEAM + SOUND + SOUND
    assert desk.told == [(MessageCode.MICROPHONE_SWITCHED, {"device": "usb", "next": "built-in"})]
    assert desk.problems == []
    assert desk.asked == [False, True, True]
    assert second.stopped.is_set()


def test_a_microphone_that_comes_back_is_not_called_another_one(qtbot, room):
    again = Microphone("usb")
    desk = room(Microphone("usb"), Microphone("", ABSENT), again)
    desk.open().lose(LOST)
    qtbot.waitUntil(lambda: again.say is not None)
    again.say(SOUND)
    qtbot.waitUntil(lambda: bool(desk.told))
    assert desk.told == [(MessageCode.MICROPHONE_BACK, {"device": "usb"})]


def test_a_new_default_is_followed_without_a_word(qtbot, room):
    second = Microphone("built-in")
    desk = room(Microphone("usb"), second)
    desk.open().say(SOUND)
    desk.opened[0].lose(OUTDATED)
    qtbot.waitUntil(lambda: second.say is not None)
    second.say(SOUND)
    desk.capture.shutdown()
    assert desk.sink.pcm == SOUND + SEAM + SOUND
    assert desk.told == []


def test_when_none_comes_in_time_it_is_lost_and_what_was_said_is_kept(qtbot, room, monkeypatch):
    monkeypatch.setattr(recording, "PATIENCE_S", 1.0)
    monkeypatch.setattr(recording, "RETRY_S", 0.01)
    desk = room(Microphone("usb"))
    desk.open().say(SOUND)
    desk.opened[0].lose(OUTDATED)
    qtbot.waitUntil(lambda: desk.problems == [(MessageCode.MICROPHONE_LOST, True)])
    assert len(desk.asked) > 2
    assert desk.sink.pcm == SOUND
    assert not desk.sink.closed.is_set()
    desk.capture.close(1)
    qtbot.waitUntil(desk.sink.closed.is_set)


def test_one_that_opens_but_delivers_nothing_does_not_renew_the_patience(qtbot, room, monkeypatch):
    monkeypatch.setattr(recording, "PATIENCE_S", 0.1)
    monkeypatch.setattr(recording, "RETRY_S", 0.01)

    class Mute(Microphone):
        def start(self, sink, on_lost):
            on_lost(LOST)

    desk = room(Microphone("usb"), *(Mute("mute") for _ in range(3)))
    desk.open().say(SOUND)
    desk.opened[0].lose(LOST)
    qtbot.waitUntil(lambda: desk.problems == [(MessageCode.MICROPHONE_LOST, True)])
    assert desk.told == []


@pytest.mark.parametrize("end", ["close", "shutdown", "open"])
def test_the_end_comes_at_once_while_a_microphone_is_waited_for(qtbot, room, monkeypatch, end):
    monkeypatch.setattr(recording, "RETRY_S", 1000.0)
    desk = room(Microphone("usb"))
    desk.open().say(SOUND)
    desk.opened[0].lose(LOST)
    qtbot.waitUntil(lambda: len(desk.asked) == 2)
    {
        "close": lambda: desk.capture.close(1),
        "shutdown": desk.capture.shutdown,
        "open": lambda: desk.capture.open(2, desk.make, [Sink()]),
    }[end]()
    qtbot.waitUntil(desk.sink.closed.is_set)
    assert (MessageCode.MICROPHONE_LOST, True) not in desk.problems


def test_each_block_goes_to_all_sinks_and_a_broken_one_stops_nobody(qtbot, room):
    broken, last = Sink(OSError("the disk is full")), Sink()
    desk = room(Microphone("usb"))
    microphone = desk.open(desk.sink, broken, last)
    microphone.say(SOUND)
    microphone.say(SOUND)
    desk.capture.shutdown()
    assert desk.sink.pcm == last.pcm == SOUND + SOUND
    assert broken.writes == 1
    assert desk.sink.closed.is_set() and broken.closed.is_set() and last.closed.is_set()


def test_digital_silence_is_told_once_a_dictation_and_recording_goes_on(qtbot, room):
    second = Microphone("also silent")
    desk = room(Microphone("null"), second)
    microphone = desk.open()
    microphone.say(SECOND)
    microphone.say(SECOND[:-2])
    assert desk.told == []
    microphone.say(bytes(2))
    qtbot.waitUntil(lambda: desk.told == [(MessageCode.NO_SIGNAL, {"device": "null"})])
    microphone.say(SECOND * 3)
    microphone.lose(OUTDATED)
    qtbot.waitUntil(lambda: second.say is not None)
    second.say(SECOND * 3)
    desk.capture.shutdown()
    assert len(desk.told) == 1
    assert len(desk.sink.pcm) == 8 * 32_000 + len(SEAM)


def test_a_first_word_and_then_silence_is_a_signal(room):
    desk = room(Microphone("usb"))
    microphone = desk.open()
    microphone.say(SECOND)
    microphone.say(SOUND)
    microphone.say(SECOND * 5)
    desk.capture.shutdown()
    QtCore.QCoreApplication.processEvents()
    assert desk.told == []


def test_a_stop_before_the_first_block_ends_cleanly(qtbot, room):
    desk = room(Microphone("bluetooth"))
    microphone = desk.open()
    desk.capture.close(1)
    qtbot.waitUntil(desk.sink.closed.is_set)
    assert microphone.stopped.is_set()
    assert (desk.told, desk.problems, desk.sink.pcm) == ([], [], b"")


def test_a_driver_that_raises_something_else_is_told(qtbot, room):
    desk = room(Microphone("usb", ValueError("?")))
    desk.capture.open(1, desk.make, [desk.sink])
    qtbot.waitUntil(desk.sink.closed.is_set)
    qtbot.waitUntil(lambda: desk.problems == [(MessageCode.MICROPHONE_FAILED, False)])
