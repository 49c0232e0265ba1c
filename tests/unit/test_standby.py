"""The microphone that stays open between dictations."""

import threading
import time

import pytest

from voicetype.control import standby as module
from voicetype.control.standby import Standby
from voicetype.core.messages import AudioError, Level, MessageCode

LOST = AudioError(MessageCode.MICROPHONE_LOST, device="usb")
MS = bytes(32)


def sound(number: int, ms: int = 100) -> bytes:
    return bytes([number, 0]) * 16 * ms


class Microphone:
    def __init__(self, room, replacement):
        self.room = room
        self.replacement = replacement
        self.say = self.lose = None
        self.stopped = threading.Event()
        self.name = "usb"

    def start(self, sink, on_lost):
        if error := self.room.errors and self.room.errors.pop(0):
            raise error
        self.say, self.lose = sink, on_lost
        self.room.opened.append(self)

    def stop(self):
        self.stopped.set()


class Room:
    """A standby, and the microphones that it opened."""

    def __init__(self, pre_roll_ms, *errors):
        self.errors = list(errors)
        self.opened: list[Microphone] = []
        self.standby = Standby(lambda *, replacement=False: Microphone(self, replacement))
        self.standby.configure(pre_roll_ms)

    def open(self, count=1):
        wait_for(lambda: len(self.opened) == count)
        return self.opened[-1]


def wait_for(condition):
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.001)


class Dictation:
    def __init__(self, room, *, replacement=False):
        self.pcm = b""
        self.errors: list[AudioError] = []
        self.source = room.standby(replacement=replacement)
        self.source.start(self.take, self.errors.append)

    def take(self, block):
        self.pcm += block

    def stop(self):
        self.source.stop()


@pytest.fixture
def room():
    rooms = []

    def make(*arguments):
        rooms.append(Room(*arguments))
        return rooms[-1]

    yield make
    for one in rooms:
        one.standby.shutdown()
        assert all(microphone.stopped.is_set() for microphone in one.opened)


def test_without_a_pre_roll_nothing_is_open_and_sources_are_plain(room):
    desk = room(0)
    assert isinstance(desk.standby(), Microphone)
    assert desk.standby(replacement=True).replacement
    assert desk.opened == []


def test_a_dictation_begins_with_the_last_of_the_past(room):
    desk = room(250)
    microphone = desk.open()
    for number in range(5):
        microphone.say(sound(number))
    dictation = Dictation(desk)
    assert dictation.source.name == "usb"
    microphone.say(sound(5))
    dictation.stop()
    microphone.say(sound(6))
    assert dictation.pcm == sound(2, 50) + sound(3) + sound(4) + sound(5)
    assert not microphone.stopped.is_set()
    assert len(desk.opened) == 1


def test_what_one_dictation_heard_is_not_the_past_of_the_next(room):
    desk = room(1000)
    microphone = desk.open()
    microphone.say(sound(1))
    first = Dictation(desk)
    microphone.say(sound(2))
    first.stop()
    microphone.say(sound(3))
    assert Dictation(desk).pcm == sound(3)


def test_two_share_the_microphone(room):
    desk = room(100)
    microphone = desk.open()
    meter, dictation = Dictation(desk), Dictation(desk)
    microphone.say(sound(1))
    meter.stop()
    microphone.say(sound(2))
    assert (meter.pcm, dictation.pcm) == (sound(1), sound(1) + sound(2))


def test_switched_off_in_the_settings_it_closes_when_nobody_listens(room):
    desk = room(100)
    microphone = desk.open()
    dictation = Dictation(desk)
    desk.standby.configure(0)
    microphone.say(sound(1))
    assert dictation.pcm == sound(1)
    dictation.stop()
    assert microphone.stopped.wait(20)


def test_another_microphone_in_the_settings_is_taken_after_the_dictation(room):
    desk = room(100)
    first = desk.open()
    dictation = Dictation(desk)
    desk.standby.renew()
    first.say(sound(1))
    assert dictation.pcm == sound(1)
    dictation.stop()
    second = desk.open(2)
    assert first.stopped.is_set()
    second.say(sound(2))
    assert Dictation(desk).pcm == sound(2)


def test_an_absent_microphone_is_waited_for_and_told_by_the_press(room, monkeypatch):
    monkeypatch.setattr(module, "RETRY_S", 1000.0)
    absent = AudioError(MessageCode.MICROPHONE_NOT_FOUND, device="usb")
    desk = room(100, absent, absent)
    wait_for(lambda: len(desk.errors) == 1)
    with pytest.raises(AudioError):
        Dictation(desk)
    Dictation(desk)
    assert len(desk.opened) == 1


def test_an_absent_microphone_is_opened_when_it_comes(room, monkeypatch):
    monkeypatch.setattr(module, "RETRY_S", 0.001)
    desk = room(100, AudioError(MessageCode.NO_MICROPHONE), ValueError("a driver's surprise"))
    assert not desk.open().replacement


def test_between_dictations_a_lost_microphone_is_opened_again_and_its_past_forgotten(room):
    desk = room(1000)
    first = desk.open()
    first.say(sound(1))
    first.lose(AudioError(MessageCode.MICROPHONE_LOST, Level.INFO, device="usb"))
    second = desk.open(2)
    assert first.stopped.is_set()
    second.say(sound(2))
    assert Dictation(desk).pcm == sound(2)


def test_in_mid_dictation_the_dictation_itself_looks_for_another(room, monkeypatch):
    monkeypatch.setattr(module, "RETRY_S", 1000.0)
    desk = room(100)
    first = desk.open()
    dictation = Dictation(desk)
    desk.errors.append(AudioError(MessageCode.NO_MICROPHONE))
    first.lose(LOST)
    wait_for(lambda: dictation.errors == [LOST] and not desk.errors)
    assert dictation.source.name == "usb"
    dictation.stop()
    following = Dictation(desk, replacement=True)
    second = desk.open(2)
    assert second.replacement
    second.say(sound(1))
    assert following.pcm == sound(1)
    following.stop()
    assert not desk.open(3).replacement  # the one of the settings, if it is back
    assert second.stopped.is_set()


def test_devices_are_listed_with_the_microphone_closed(room):
    desk = room(100)
    first = desk.open()
    assert desk.standby.list_devices(lambda: (first.stopped.is_set(),)) == (True,)
    second = desk.open(2)
    dictation = Dictation(desk)
    assert desk.standby.list_devices(lambda: (second.stopped.is_set(),)) == (False,)
    dictation.stop()


def test_the_end_is_the_end(room):
    desk = room(100)
    microphone = desk.open()
    dictation = Dictation(desk)
    desk.standby.shutdown()
    desk.standby.shutdown()
    dictation.stop()
    desk.standby.configure(500)
    desk.standby.renew()
    assert microphone.stopped.wait(20)
