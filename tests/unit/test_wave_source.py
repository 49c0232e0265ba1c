"""A file in the microphone's place."""

import threading
import wave

import pytest

from voicetype.core.messages import AudioError
from voicetype.system.wave_source import WaveSource, read_pcm


def write(path, rate=16_000, frames=4_000):
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(bytes(range(200)) * (frames // 100))
    return path


def test_every_sample_arrives_in_order_and_the_end_is_told(tmp_path):
    path = write(tmp_path / "a.wav")
    ended = threading.Event()
    blocks: list[bytes] = []
    source = WaveSource(path, speed=50, on_end=ended.set)
    source.start(blocks.append, lambda error: None)
    assert ended.wait(10)
    source.stop()
    assert b"".join(blocks) == read_pcm(path)
    assert max(map(len, blocks)) == 1_024


def test_stop_ends_the_playing(tmp_path):
    source = WaveSource(write(tmp_path / "a.wav", frames=160_000))
    first = threading.Event()
    source.start(lambda block: first.set(), lambda error: None)
    assert first.wait(10)
    source.stop()
    assert not [thread for thread in threading.enumerate() if thread.name == "wave-source"]


def test_other_formats_are_refused(tmp_path):
    with pytest.raises(AudioError):
        WaveSource(write(tmp_path / "a.wav", rate=8_000)).start(print, print)
    (tmp_path / "b.wav").write_bytes(b"no sound")
    for name in ("b.wav", "absent.wav"):
        with pytest.raises(AudioError):
            read_pcm(tmp_path / name)
