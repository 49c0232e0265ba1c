"""The sounds themselves, and the filter that keeps them out of a dictation."""

import itertools
from array import array

import pytest

from tests import sounds
from tests.fakes_engines import read_wav, spoken_sentences
from voicetype.core.audio import level_dbfs, pcm_of, samples_of
from voicetype.core.cues import Cue, CueGuard, Sounding, ToneFilter
from voicetype.system.voice_activity import make_speech_spans

BLOCK = 512
FRAME = 640


class Sink:
    def __init__(self):
        self.blocks, self.ended = [], 0

    def write(self, block):
        self.blocks.append(block)

    def close(self):
        self.ended += 1


def loudest(pcm):
    return max(level_dbfs(pcm[start : start + FRAME]) for start in range(0, len(pcm), FRAME))


def through(cues, pcm):
    """What a guard hands on while these cues sound."""
    sounding, sink = Sounding(), Sink()
    for cue in cues:
        sounding.begin(cue)
    guard = CueGuard(sink, sounding)
    for start in range(0, len(pcm), BLOCK):
        guard.write(pcm[start : start + BLOCK])
    return b"".join(sink.blocks)


@pytest.mark.parametrize("cue", Cue)
def test_a_cue_is_short_and_begins_and_ends_softly(cue):
    samples = samples_of(cue.render(100, 48_000))
    assert len(samples) <= 0.12 * 48_000
    assert max(map(abs, samples)) == pytest.approx(16_384, rel=0.01)
    assert max(map(abs, samples[:48])) < 100 > max(map(abs, samples[-48:]))
    half = samples_of(cue.render(50, 48_000))
    assert max(map(abs, half)) == pytest.approx(8_192, rel=0.01)
    assert not any(samples_of(cue.render(0, 48_000)))


def test_the_cues_sound_different():
    assert len({each.render(40, 16_000) for each in Cue}) == len(Cue)


@pytest.mark.parametrize("lead", [0, 1_000, 7_777])
@pytest.mark.parametrize("cue", Cue)
def test_the_loudest_cue_is_gone_and_is_no_speech(cue, lead):
    heard = through([cue], bytes(2 * lead) + cue.render(100, 16_000) + bytes(8_000))
    assert loudest(heard) < (-60 if lead else -45)
    spans = make_speech_spans()
    spans.write(heard)
    assert not spans.heard


def test_two_cues_at_once_are_gone():
    both = bytes(2_000) + sounds.mixed(Cue.READY.render(40, 16_000), Cue.STOP.render(40, 16_000)) + bytes(8_000)
    assert loudest(both) > -30
    assert loudest(through([Cue.READY, Cue.STOP], both)) < -60


def test_speech_goes_through_without_a_cue_as_it_is_and_with_one_nearly_so():
    speech = read_wav(spoken_sentences()[0][0])
    assert through([], speech) == speech
    filtered = through([Cue.READY], speech)
    assert len(filtered) == len(speech)
    assert level_dbfs(filtered) == pytest.approx(level_dbfs(speech), abs=1)
    starts = range(0, len(speech), BLOCK)
    touched = sum(speech[start : start + BLOCK] != filtered[start : start + BLOCK] for start in starts)
    assert touched < 0.25 * len(starts), "the filter leaves alone what has no tone"


@pytest.mark.parametrize("size", [2, 322, 1_000, 64_000])
def test_blocks_of_any_length_lose_the_tone(size):
    stream = bytes(2_000) + Cue.READY.render(40, 16_000) + bytes(8_000)
    tone = ToneFilter(Cue.READY)
    heard = [tone.filtered(stream[start : start + size]) for start in range(0, len(stream), size)]
    assert tone.filtered(b"") == b""
    assert len(b"".join(heard)) == len(stream)
    assert loudest(b"".join(heard)) < -60


def test_speech_is_not_wrapped_where_the_filter_makes_it_louder():
    square = pcm_of(array("h", ([32_767] * 80 + [-32_768] * 80) * 20))
    samples = samples_of(through([Cue.READY], sounds.mixed(square, sounds.sine(988, 0.2, -6))))
    assert all(later * sample > 0 for later, sample in itertools.pairwise(samples[40:70]))


def test_the_filter_works_only_while_the_cue_may_be_heard():
    sounding, sink = Sounding(), Sink()
    guard = CueGuard(sink, sounding)
    tone = sounds.sine(Cue.STOP.value.hertz, 0.3, -20)
    first_part, second_part, third_part = tone[:3_200], tone[3_200:6_400], tone[6_400:]
    first, second = sounding.begin(Cue.STOP), sounding.begin(Cue.STOP)
    guard.write(first_part)
    sounding.end(first)
    guard.write(second_part)
    sounding.end(second)
    sounding.end(second)
    guard.write(third_part)
    guard.close()
    assert level_dbfs(sink.blocks[0]) < -60
    assert level_dbfs(sink.blocks[1]) < -60
    assert (sink.blocks[2], sink.ended) == (third_part, 1)


@pytest.mark.parametrize("begin_ms", [10, 35, 60, 85, 110])
@pytest.mark.parametrize("cue", [Cue.READY, Cue.STOP])
def test_a_dictation_may_begin_in_the_middle_of_a_cue(cue, begin_ms):
    heard = through([cue], (cue.render(40, 16_000) + bytes(8_000))[32 * begin_ms :])
    assert loudest(heard) < -45
    spans = make_speech_spans()
    spans.write(heard)
    assert not spans.heard


def test_a_cue_in_the_pre_roll_is_gone_though_it_has_ended():
    sounding, sink = Sounding(), Sink()
    number = sounding.begin(Cue.STOP)
    sounding.end(number)
    past = bytes(2_000) + Cue.STOP.render(40, 16_000) + bytes(16_000)
    guard = CueGuard(sink, sounding)
    guard.write(past)
    guard.write(past)
    assert loudest(sink.blocks[0]) < -60
    assert sink.blocks[1] == past
    sounding.forget(number)
    CueGuard(sink, sounding).write(past)
    assert sink.blocks[2] == past
