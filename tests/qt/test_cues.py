"""Who plays which cue when, with a loudspeaker that a test steers."""

import threading

import pytest

from voicetype.control import cues as module
from voicetype.control.cues import Cues
from voicetype.core.config import AudioConfig
from voicetype.core.cues import Cue


class Loudspeaker:
    def __init__(self):
        self.played, self.ends, self.closed = [], [], False

    def play(self, cue, volume, on_end):
        self.played.append((cue, volume))
        self.ends.append(on_end)

    def close(self):
        self.closed = True


class Sink:
    def __init__(self):
        self.blocks, self.ended = [], False

    def write(self, block):
        self.blocks.append(block)

    def close(self):
        self.ended = True


TONE = Cue.READY.render(40, 16_000)


@pytest.fixture
def loudspeaker():
    return Loudspeaker()


@pytest.fixture
def cues(qtbot, loudspeaker, monkeypatch):
    monkeypatch.setattr(module, "AFTERMATH_MS", 1)
    return Cues(loudspeaker, AudioConfig())


def passes(cues):
    """Whether the tone gets through at present."""
    sink = Sink()
    guard = cues.guard(sink)
    guard.write(TONE)
    guard.close()
    assert sink.ended
    return sink.blocks == [TONE]


def test_a_cue_is_kept_out_until_it_has_died_away(cues, loudspeaker, qtbot):
    assert passes(cues)
    cues.play(Cue.READY)
    assert loudspeaker.played == [(Cue.READY, 40)]
    assert not passes(cues)
    ended = threading.Thread(target=loudspeaker.ends[0])
    ended.start()
    ended.join()
    qtbot.waitUntil(lambda: passes(cues))
    cues.close()
    assert loudspeaker.closed


def test_a_loudspeaker_that_never_ends_does_not_keep_the_filter(cues, qtbot, monkeypatch):
    monkeypatch.setattr(module, "_LONGEST_MS", 1)
    cues.play(Cue.READY)
    qtbot.waitUntil(lambda: passes(cues))


@pytest.mark.parametrize("config", [AudioConfig(sounds=False), AudioConfig(sound_volume=0)])
def test_who_wants_no_sounds_hears_none(cues, loudspeaker, config):
    cues.configure(config)
    cues.play(Cue.STOP)
    assert loudspeaker.played == []
    assert passes(cues)
    cues.configure(AudioConfig(sound_volume=100))
    cues.play(Cue.ERROR)
    assert loudspeaker.played == [(Cue.ERROR, 100)]
