"""The loudspeaker's thread against a scripted PortAudio."""

import sys
import threading

import pytest

from voicetype.core.audio import pcm_of, samples_of
from voicetype.core.cues import Cue
from voicetype.system.cue_player import SoundDeviceCuePlayer
from voicetype.system.portaudio import PortAudio

TIMEOUT_S = 10.0


class FakePortAudioError(Exception):
    pass


class FakeSoundDevice:
    """Stands in for the module `sounddevice`: one loudspeaker, which fails at `fails_at` and waits for `gate`."""

    PortAudioError = FakePortAudioError

    def __init__(self):
        self.fails_at = ""
        self.gate = threading.Event()
        self.gate.set()
        self.plays = threading.Event()
        self.did = []
        self.written = b""
        self.options = {}

    def query_hostapis(self, index=None):
        apis = [{"name": "Windows WASAPI", "devices": [0], "default_output_device": 0}]
        return apis if index is None else apis[index]

    def query_devices(self, index, kind=None):
        self.do("query")
        return {"index": 0, "hostapi": 0, "default_samplerate": 44_100.0, "max_output_channels": 6}

    def WasapiSettings(self, auto_convert):
        return "converted" if auto_convert else None

    def RawOutputStream(self, **options):
        self.do("open")
        self.options = options
        return self

    def start(self):
        self.do("start")

    def write(self, pcm):
        self.plays.set()
        assert self.gate.wait(TIMEOUT_S)
        self.do("write")
        assert PortAudio._open_streams == 1
        self.written = pcm

    def stop(self):
        self.do("stop")

    def abort(self, ignore_errors):
        pass

    def close(self, ignore_errors):
        self.do("close")

    def do(self, what):
        if what == self.fails_at:
            raise FakePortAudioError(what)
        self.did.append(what)


@pytest.fixture
def sounddevice(monkeypatch):
    fake = FakeSoundDevice()
    monkeypatch.setitem(sys.modules, "sounddevice", fake)
    monkeypatch.setattr(PortAudio, "_open_streams", 0)
    return fake


@pytest.fixture
def player():
    player = SoundDeviceCuePlayer()
    yield player
    player.close()
    player.close()


def play(player, cue=Cue.READY):
    """Ask for a cue; returns what tells its end."""
    ended = threading.Event()
    player.play(cue, 40, ended.set)
    return ended


def test_a_cue_is_played_to_its_end_in_the_loudspeakers_own_format(sounddevice, player):
    assert play(player).wait(TIMEOUT_S)
    assert sounddevice.did[-5:] == ["open", "start", "write", "stop", "close"]
    assert (sounddevice.options["samplerate"], sounddevice.options["channels"]) == (44_100, 2)
    assert sounddevice.options["extra_settings"] == "converted"
    left, right = (samples_of(sounddevice.written)[channel::2] for channel in (0, 1))
    assert left == right
    assert Cue.READY.render(40, 44_100) in pcm_of(left)
    assert not any(left[:500]) and not any(left[-4_410:])
    assert PortAudio._open_streams == 0


@pytest.mark.parametrize("fails_at", ["query", "open", "start", "write", "stop"])
def test_a_loudspeaker_that_fails_costs_one_sound_and_nothing_else(sounddevice, player, fails_at):
    sounddevice.fails_at = fails_at
    assert play(player).wait(TIMEOUT_S)
    assert PortAudio._open_streams == 0
    sounddevice.fails_at = ""
    assert play(player).wait(TIMEOUT_S)
    assert sounddevice.written


def test_without_the_sound_library_it_is_silent(monkeypatch, player):
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    assert play(player).wait(TIMEOUT_S)


def test_a_loudspeaker_that_hangs_keeps_nobody_waiting(sounddevice, player):
    sounddevice.gate.clear()
    playing = play(player)
    assert sounddevice.plays.wait(TIMEOUT_S)
    waiting = [play(player), play(player)]
    assert play(player).is_set(), "one too many is left out at once"
    assert not any(end.is_set() for end in (playing, *waiting))
    sounddevice.gate.set()
    assert all(end.wait(TIMEOUT_S) for end in (playing, *waiting))
