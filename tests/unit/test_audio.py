"""The buffer against a model, levels of known signals, the converter against tones."""

import math
import random
import threading
from array import array
from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from voicetype.core.audio import FLOOR_DBFS, PcmConverter, RingBuffer, level_dbfs, pcm_of, samples_of

CAPACITY = 20
blocks = st.binary(max_size=2 * CAPACITY).map(lambda block: block[: len(block) // 2 * 2])


class RingBufferMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.buffer = RingBuffer(CAPACITY)
        self.model: deque[int] = deque()
        self.dropped = 0
        self.closed = False

    @rule(block=blocks)
    def write(self, block: bytes) -> None:
        self.buffer.write(block)
        if not self.closed:
            self.model.extend(block)
            while len(self.model) > CAPACITY:
                self.model.popleft()
                self.dropped += 1

    @rule(max_bytes=st.integers(0, 2 * CAPACITY))
    def read(self, max_bytes: int) -> None:
        wanted = max(2, max_bytes // 2 * 2)
        got = self.buffer.read(0, max_bytes)
        if self.model:
            assert got == bytes(self.model.popleft() for _ in range(min(wanted, len(self.model))))
        else:
            assert got == (None if self.closed else b"")

    @precondition(lambda self: not self.closed)
    @rule()
    def close(self) -> None:
        self.buffer.close()
        self.closed = True

    @invariant()
    def counts_are_right(self) -> None:
        assert self.buffer.size_bytes == len(self.model)
        assert self.buffer.dropped_bytes == self.dropped


TestRingBuffer = RingBufferMachine.TestCase


def test_two_threads_lose_and_double_nothing():
    stream = random.Random(1).randbytes(400_000)
    buffer = RingBuffer(len(stream))

    def write() -> None:
        sizes = random.Random(2)
        at = 0
        while at < len(stream):
            size = 2 * sizes.randint(1, 800)
            buffer.write(stream[at : at + size])
            at += size
        buffer.close()

    writer = threading.Thread(target=write)
    writer.start()
    got = bytearray()
    while (block := buffer.read(5, 1_000)) is not None:
        assert block, "the writer stalled"
        got += block
    writer.join()
    assert bytes(got) == stream
    assert buffer.dropped_bytes == 0


@pytest.mark.parametrize(("end", "expected"), [("write", b"ab"), ("close", None)])
def test_a_waiting_reader_wakes(end, expected):
    buffer = RingBuffer(CAPACITY)
    got: list[bytes | None] = []
    reader = threading.Thread(target=lambda: got.append(buffer.read(30, 100)))
    reader.start()
    if end == "write":
        buffer.write(b"ab")
    else:
        buffer.close()
    reader.join(5)
    assert got == [expected]


def test_overflow_keeps_the_newest_whole_samples():
    buffer = RingBuffer(5)  # room for two samples
    buffer.write(b"aabbccdd")
    assert buffer.read(0, 100) == b"ccdd"
    assert buffer.dropped_bytes == 4


def test_half_a_sample_is_refused():
    with pytest.raises(ValueError, match="whole samples"):
        RingBuffer(CAPACITY).write(b"abc")
    with pytest.raises(ValueError, match="no sample"):
        RingBuffer(1)


def tone(frequency_hz: float, rate_hz: int, seconds: float = 0.5, amplitude: float = 0.5, channels: int = 1) -> bytes:
    step = 2 * math.pi * frequency_hz / rate_hz
    samples = (round(32767 * amplitude * math.sin(step * index)) for index in range(int(rate_hz * seconds)))
    return pcm_of(array("h", [sample for sample in samples for _ in range(channels)]))


@pytest.mark.parametrize("pcm", [b"", bytes(1024)])
def test_silence_is_the_floor(pcm):
    assert level_dbfs(pcm) == FLOOR_DBFS


def test_levels_of_a_sine():
    pcm = tone(1000, 16_000)
    assert level_dbfs(pcm) == pytest.approx(-9.03, abs=0.05)


@given(st.lists(st.integers(-32768, 32767), min_size=1, max_size=50))
def test_levels_stay_in_their_range(samples):
    pcm = pcm_of(array("h", samples))
    assert samples_of(pcm).tolist() == samples
    assert FLOOR_DBFS <= level_dbfs(pcm) <= 1e-9


@pytest.mark.parametrize("rate_hz", [8_000, 22_050, 44_100, 48_000, 96_000])
def test_converting_keeps_speech_and_duration(rate_hz):
    converted = PcmConverter(rate_hz, 1).convert(tone(1000, rate_hz))
    samples = samples_of(converted)
    assert len(samples) == pytest.approx(8_000, abs=15)
    middle = samples[1000:7000]
    assert level_dbfs(pcm_of(middle)) == pytest.approx(-9.03, abs=0.1)
    rising = [index for index in range(1, len(middle)) if middle[index - 1] < 0 <= middle[index]]
    assert len(rising) == pytest.approx(375, abs=1), "the pitch is another"


@pytest.mark.parametrize("frequency_hz", [9_500, 12_000, 15_000])
@pytest.mark.parametrize("rate_hz", [44_100, 48_000])
def test_what_would_alias_is_filtered_out(rate_hz, frequency_hz):
    samples = samples_of(PcmConverter(rate_hz, 1).convert(tone(frequency_hz, rate_hz)))
    assert level_dbfs(pcm_of(samples[500:7000])) < -9 - 50


@given(st.lists(st.integers(1, 700), min_size=1, max_size=8), st.sampled_from([8_000, 44_100, 48_000]))
def test_conversion_does_not_depend_on_the_blocks(sizes, rate_hz):
    stream = random.Random(3).randbytes(4 * sum(sizes))
    converter = PcmConverter(rate_hz, 2)
    pieces = b""
    at = 0
    for size in sizes:
        pieces += converter.convert(stream[at : at + 4 * size])
        at += 4 * size
    assert pieces == PcmConverter(rate_hz, 2).convert(stream)


def test_channels_are_averaged():
    assert samples_of(PcmConverter(16_000, 2).convert(pcm_of(array("h", [100, 300, -32768, -32768])))).tolist() == [
        200,
        -32768,
    ]


def test_a_loud_signal_is_clipped_not_wrapped():
    square = array("h", ([32767] * 24 + [-32768] * 24) * 50)
    samples = samples_of(PcmConverter(48_000, 1).convert(pcm_of(square)))
    assert max(samples) == 32767
    assert min(samples) == -32768


@pytest.mark.parametrize(("rate_hz", "channels"), [(0, 1), (16_000, 0)])
def test_impossible_audio_is_refused(rate_hz, channels):
    with pytest.raises(ValueError, match="no such audio"):
        PcmConverter(rate_hz, channels)
