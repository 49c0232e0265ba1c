"""A file in the microphone's place."""

import itertools
import math
import threading
import wave
from array import array

import pytest

from voicetype.core.messages import AudioError, MessageCode
from voicetype.system.wave_source import WaveSource, read_converted_pcm, read_pcm


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


def write_tone(path, rate, channels, width, seconds=1.0):
    """A tone of 400 Hz at half of full scale, on the first channel alone."""
    tone = [
        round(0.5 * (2 ** (8 * width - 1) - 1) * math.sin(2 * math.pi * 400 * n / rate))
        for n in range(round(rate * seconds))
    ]
    frames = bytearray()
    for value in tone:
        for channel in range(channels):
            sample = value if channel == 0 else 0
            frames += bytes([sample + 128]) if width == 1 else sample.to_bytes(width, "little", signed=True)
    with wave.open(str(path), "wb") as file:
        file.setparams((channels, width, rate, 0, "NONE", ""))
        file.writeframes(bytes(frames))
    return path


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 44_100, 48_000])
@pytest.mark.parametrize(("channels", "width"), [(1, 2), (2, 2), (1, 1), (2, 3), (1, 4)])
def test_any_rate_and_width_becomes_what_the_recogniser_takes(tmp_path, rate, channels, width):
    samples = array("h", read_converted_pcm(write_tone(tmp_path / "a.wav", rate, channels, width, 0.2)))
    assert abs(len(samples) - 3_200) < 40
    crossings = sum(before < 0 <= after for before, after in itertools.pairwise(samples[160:]))
    assert 75 <= crossings <= 77  # 400 Hz over 0.19 s; the filter rings at the start
    assert max(samples) == pytest.approx(16_384, rel=0.03)  # the empty channel does not halve it


def test_sound_of_the_programs_own_kind_stays_as_it_is(tmp_path):
    path = write(tmp_path / "a.wav")
    assert read_converted_pcm(path) == read_pcm(path)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (None, MessageCode.FILE_NOT_FOUND),
        (b"", MessageCode.SOUND_UNREADABLE),
        (b"RIFF\x00\x00\x00\x00WAVE", MessageCode.SOUND_UNREADABLE),
        (b"no sound at all", MessageCode.SOUND_UNREADABLE),
    ],
)
def test_what_is_no_sound_is_told_with_its_path(tmp_path, content, code):
    path = tmp_path / "a.wav"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(AudioError) as told:
        read_converted_pcm(path)
    assert (told.value.message.code, told.value.message.params["path"]) == (code, str(path))


def test_a_file_that_was_cut_off_or_is_empty_is_told(tmp_path):
    path = write(tmp_path / "a.wav")
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(AudioError):
        read_converted_pcm(path)
    with pytest.raises(AudioError):
        read_converted_pcm(write(tmp_path / "b.wav", frames=0))


def test_a_file_from_a_pipe_has_no_length(tmp_path):
    path = write(tmp_path / "a.wav")
    content = bytearray(path.read_bytes())
    content[40:44] = b"\xff\xff\xff\xff"
    path.write_bytes(content)
    assert len(read_converted_pcm(path)) == 8_000
