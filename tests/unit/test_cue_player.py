"""The loudspeaker's thread, with players that are scripts."""

import io
import os
import sys
import threading
import types
import wave

import pytest

from voicetype.core.cues import Cue
from voicetype.system.cue_player import RATE_HZ, SystemCuePlayer

TIMEOUT_S = 10.0
ENDS = "cat > $(dirname $0)/played"
HANGS = "touch $(dirname $0)/begun; while [ ! -e $(dirname $0)/go ]; do sleep 0.01; done; cat > $(dirname $0)/played"


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Where players are found, and what they have played."""
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/usr/bin{os.pathsep}/bin")
    return tmp_path


@pytest.fixture
def player():
    player = SystemCuePlayer()
    yield player
    player.close()
    player.close()


def install(place, name, script):
    (place / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    (place / name).chmod(0o755)


def play(player, cue=Cue.READY):
    """Ask for a cue; returns what tells its end."""
    ended = threading.Event()
    player.play(cue, 40, ended.set)
    return ended


def frames_of(wav: bytes) -> bytes:
    with wave.open(io.BytesIO(wav)) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (RATE_HZ, 1, 2)
        return sound.readframes(sound.getnframes())


pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="players of other systems")


def test_a_cue_is_played_whole_with_silence_around(place, player):
    install(place, "pacat", ENDS)
    assert play(player).wait(TIMEOUT_S)
    played = (place / "played").read_bytes()
    assert Cue.READY.render(40, RATE_HZ) in played
    assert not any(played[:500]) and not any(played[-4_410:])


def test_others_than_the_first_get_a_wav_file(place, player, monkeypatch):
    monkeypatch.setenv("PATH", str(place))
    install(place, "aplay", f"export PATH=/usr/bin:/bin\n{ENDS}")
    assert play(player).wait(TIMEOUT_S)
    assert Cue.READY.render(40, RATE_HZ) in frames_of((place / "played").read_bytes())


def test_windows_plays_it_from_memory(player, monkeypatch):
    played = []
    fake = types.SimpleNamespace(SND_MEMORY=4, SND_NODEFAULT=2, PlaySound=lambda *args: played.append(args))
    monkeypatch.setitem(sys.modules, "winsound", fake)
    monkeypatch.setattr("voicetype.system.cue_player.sys", types.SimpleNamespace(platform="win32"))
    assert play(player).wait(TIMEOUT_S)
    assert Cue.READY.render(40, RATE_HZ) in frames_of(played[0][0])
    assert played[0][1] == 6


def test_a_player_that_fails_costs_one_sound_and_nothing_else(place, player):
    install(place, "pacat", "cat > /dev/null; exit 1")
    assert play(player).wait(TIMEOUT_S)
    install(place, "pacat", "exit 0")
    assert play(player).wait(TIMEOUT_S)
    install(place, "pacat", ENDS)
    assert play(player).wait(TIMEOUT_S)
    assert (place / "played").exists()


def test_without_a_player_it_is_silent(place, player, monkeypatch):
    monkeypatch.setenv("PATH", str(place))
    assert play(player).wait(TIMEOUT_S)


def test_a_loudspeaker_that_hangs_keeps_nobody_waiting(place, player):
    install(place, "pacat", HANGS)
    playing = play(player)
    begun = threading.Event()
    while not (place / "begun").exists():
        assert not begun.wait(0.01)
    waiting = [play(player), play(player)]
    assert play(player).is_set(), "one too many is left out at once"
    assert not any(end.is_set() for end in (playing, *waiting))
    (place / "go").touch()
    assert all(end.wait(TIMEOUT_S) for end in (playing, *waiting))
