"""The conversion of a device's own rate and channels."""

import math
import random
import subprocess
import sys
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicetype.core.audio import has_signal, level_dbfs, pcm_of, samples_of
from voicetype.system.resampling import PcmConverter


def tone(frequency_hz: float, rate_hz: int, seconds: float = 0.5, amplitude: float = 0.5) -> bytes:
    step = 2 * math.pi * frequency_hz / rate_hz
    samples = (round(32767 * amplitude * math.sin(step * index)) for index in range(int(rate_hz * seconds)))
    return pcm_of(array("h", samples))


def converted(converter: PcmConverter, *blocks: bytes) -> bytes:
    return b"".join([*map(converter.convert, blocks), converter.finish()])


@pytest.mark.parametrize("rate_hz", [8_000, 22_050, 44_100, 48_000, 96_000])
def test_converting_keeps_speech_and_duration(rate_hz):
    samples = samples_of(converted(PcmConverter(rate_hz, 1), tone(1000, rate_hz)))
    assert len(samples) == pytest.approx(8_000, abs=1)
    middle = samples[1000:7000]
    assert level_dbfs(pcm_of(middle)) == pytest.approx(-9.03, abs=0.1)
    rising = [index for index in range(1, len(middle)) if middle[index - 1] < 0 <= middle[index]]
    assert len(rising) == pytest.approx(375, abs=1), "the pitch is another"


@pytest.mark.parametrize("frequency_hz", [9_000, 10_000, 11_000, 15_000])
@pytest.mark.parametrize("rate_hz", [44_100, 48_000])
def test_what_would_alias_is_filtered_out(rate_hz, frequency_hz):
    samples = samples_of(converted(PcmConverter(rate_hz, 1), tone(frequency_hz, rate_hz)))
    assert level_dbfs(pcm_of(samples[500:7000])) < -9 - 75


@given(st.lists(st.integers(1, 700), min_size=1, max_size=8), st.sampled_from([8_000, 44_100, 48_000]))
def test_conversion_does_not_depend_on_the_blocks(sizes, rate_hz):
    stream = random.Random(3).randbytes(2 * sum(sizes))
    ends = [2 * sum(sizes[: number + 1]) for number in range(len(sizes))]
    blocks = [stream[end - 2 * size : end] for end, size in zip(ends, sizes, strict=True)]
    pieces = samples_of(converted(PcmConverter(rate_hz, 1), *blocks))
    whole = samples_of(converted(PcmConverter(rate_hz, 1), stream))
    assert len(pieces) == len(whole)
    assert all(abs(one - other) <= 2 for one, other in zip(pieces, whole, strict=True))  # the library dithers


def test_speech_of_one_of_two_channels_keeps_its_level():
    left = samples_of(tone(1000, 48_000))
    stereo = pcm_of(array("h", [sample for value in left for sample in (value, 0)]))
    samples = samples_of(converted(PcmConverter(48_000, 2), stereo))
    assert level_dbfs(pcm_of(samples[1000:7000])) == pytest.approx(-9.03, abs=0.1)


def test_digital_silence_stays_one_for_the_ear():
    assert not has_signal(samples_of(converted(PcmConverter(48_000, 2), bytes(48_000))))


def test_the_right_rate_needs_no_library():
    code = (
        "import sys; from voicetype.system.resampling import PcmConverter; c = PcmConverter(16000, 2)\n"
        "assert c.convert(bytes(4)) + c.finish() == bytes(2)\n"
        "assert not {'numpy', 'soxr'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_a_loud_signal_is_clipped_not_wrapped():
    square = array("h", ([32767] * 24 + [-32768] * 24) * 50)
    samples = samples_of(converted(PcmConverter(48_000, 1), pcm_of(square)))
    assert max(samples) == 32767
    assert min(samples) == -32768


@pytest.mark.parametrize(("rate_hz", "channels"), [(0, 1), (16_000, 0)])
def test_impossible_audio_is_refused(rate_hz, channels):
    with pytest.raises(ValueError, match="no such audio"):
        PcmConverter(rate_hz, channels)
