"""The buffer against a model, levels of known signals, the mix of channels."""

import math
import random
import threading
from array import array
from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from voicetype.core.audio import FLOOR_DBFS, ChannelMixer, RingBuffer, has_signal, level_dbfs, pcm_of, samples_of

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
    reader.join(20)
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


def mixed(mixer: ChannelMixer, *frames: tuple[int, ...]) -> list[int]:
    return samples_of(mixer.mix(pcm_of(array("h", [sample for frame in frames for sample in frame])))).tolist()


def test_channels_are_averaged():
    assert mixed(ChannelMixer(2, 100), (100, 300), (-32768, -32768)) == [200, -32768]
    assert mixed(ChannelMixer(1, 100), (100,), (300,)) == [100, 300]


def test_a_dead_channel_does_not_halve_the_level():
    mixer = ChannelMixer(3, hold_frames=2)
    assert mixed(mixer, (0, 0, 0)) == [0]
    assert mixed(mixer, (1, 1000, -1), (0, 500, 0)) == [1000, 500]
    assert mixed(mixer, (400, 0, 0), (400, 0, 0)) == [400, 400]  # the second one has been still for too long


def test_a_pause_in_one_channel_is_not_its_death():
    mixer = ChannelMixer(2, hold_frames=3)
    assert mixed(mixer, (100, 300)) == [200]
    assert mixed(mixer, (100, 0), (100, 0)) == [50, 50]
    assert mixed(mixer, (100, 0)) == [100]


@pytest.mark.parametrize(("samples", "heard"), [([], False), ([0, 1, -1], False), ([0, 2], True), ([-2], True)])
def test_what_counts_as_a_signal(samples, heard):
    assert has_signal(array("h", samples)) is heard


def test_no_channel_is_no_audio():
    with pytest.raises(ValueError, match="no such audio"):
        ChannelMixer(0, 1)
