"""Where somebody speaks: with a scripted detector, then with the library on noises and on speech."""

import pytest

from tests import sounds
from tests.fakes_engines import SPEECH_MODEL, read_wav, spoken_sentences
from voicetype.core import speech
from voicetype.core.audio import level_dbfs
from voicetype.core.ports import FinalResult, PartialResult
from voicetype.core.speech import FRAME_BYTES, FRAME_MS, SPOKEN_MS, PhraseGate, SpeechSpans
from voicetype.system.voice_activity import make_speech_spans

SENTENCES = spoken_sentences()
SAMPLE = SPEECH_MODEL.parent / "sample-ru.wav"
ROOM = sounds.pink(1, -60)
VOICE = sounds.sine(500, 1, -20)


def told(first: int, end: int) -> SpeechSpans:
    """A quiet room with a voice in these frames, which is all that the detector claims."""
    frames = iter(range(10**6))
    spans = SpeechSpans(lambda _frame: first <= next(frames) < end)
    spans.write(ROOM[: first * FRAME_BYTES] + VOICE[: (end - first) * FRAME_BYTES] + ROOM[end * FRAME_BYTES :])
    return spans


def heard_by(*parts: bytes, block: int = 1_024) -> SpeechSpans:
    """What the library makes of a sound."""
    spans = make_speech_spans()
    stream = b"".join(parts)
    for start in range(0, len(stream), block):
        spans.write(stream[start : start + block])
    return spans


def test_speech_is_known_by_its_place():
    spans = told(20, 30)
    assert spans.position_ms == 1_000
    assert spans.speech_ms(0, 1_000) == 200
    assert (spans.speech_ms(0, 400), spans.speech_ms(400, 600), spans.speech_ms(600, 5_000)) == (0, 200, 0)
    assert spans.speech_ms(500, 540) == 40
    assert (spans.heard, spans.silence_ms) == (True, 400)


@pytest.mark.parametrize("frames", [1, 2])
def test_a_click_is_no_speech(frames):
    spans = told(20, 20 + frames)
    assert spans.speech_ms(0, 1_000) == 0
    assert (spans.heard, spans.silence_ms) == (False, 1_000)


def test_what_does_not_stand_out_is_no_speech():
    spans = SpeechSpans(lambda _frame: True)
    spans.write(sounds.white(3, -20))
    assert spans.speech_ms(0, 3_000) == 0


def test_blocks_of_any_length_make_the_same_frames():
    sound = read_wav(SAMPLE)
    whole, pieces = heard_by(sound, block=10**9), heard_by(sound, block=322)
    assert whole.position_ms == pieces.position_ms == len(sound) // FRAME_BYTES * FRAME_MS
    assert whole.speech_ms(0, 10**6) == pieces.speech_ms(0, 10**6) > 3_000


def test_after_its_end_a_stream_stays_as_it_was():
    spans = told(20, 30)
    spans.close()
    spans.close()
    spans.write(ROOM)
    assert spans.position_ms == 1_000
    assert spans.speech_ms(0, 1_000) == 200


def test_hours_take_bounded_memory_and_what_is_forgotten_counts_as_speech(monkeypatch):
    monkeypatch.setattr(speech, "_KEPT_BLOCKS", 10)
    spans = SpeechSpans(lambda _frame: False)
    spans.write(bytes(50 * 60 * FRAME_BYTES))
    assert spans.position_ms == spans.silence_ms == 60_000
    assert len(spans._levels) == len(spans._claims) <= 2 * 10 * 25
    assert spans.speech_ms(0, 20_000) == 20_000
    assert spans.speech_ms(55_000, 60_000) == 0


NOISES = {
    "nothing": sounds.silence(6),
    **{f"white {level}": sounds.white(6, level) for level in (-60, -40, -20)},
    **{f"pink {level}": sounds.pink(6, level) for level in (-60, -40, -20)},
    **{f"hum {level}": sounds.hum(6, level) for level in (-60, -30)},
}


@pytest.mark.parametrize("noise", NOISES.values(), ids=NOISES)
def test_silence_and_steady_noise_are_no_speech(noise):
    spans = heard_by(noise)
    assert spans.speech_ms(0, 6_000) == 0
    assert not spans.heard


def test_a_driver_that_wakes_up_with_noise_says_nothing():
    assert not heard_by(sounds.silence(0.5), sounds.pink(4, -25)).heard


@pytest.mark.parametrize("dbfs", [-23, -45])
def test_every_sentence_is_heard_loud_and_quiet(dbfs):
    for path, _ in SENTENCES:
        sound = read_wav(path)
        spans = heard_by(sounds.quieter(sound, level_dbfs(sound) - dbfs), sounds.silence(0.5))
        length_ms = len(sound) // 32
        assert spans.speech_ms(0, length_ms) > 0.3 * length_ms, path.name
        assert 300 <= spans.silence_ms < 1_600, path.name


def test_speech_in_a_noisy_room_is_heard():
    sound = read_wav(SENTENCES[0][0])
    noisy = sounds.mixed(sounds.pink(len(sound) / 32_000, -40), sounds.quieter(sound, level_dbfs(sound) + 30))
    assert heard_by(noisy).speech_ms(0, 10_000) > 500


def test_phrases_without_speech_are_dropped_and_counted():
    gate = PhraseGate(told(20, 30))
    assert gate.admit(PartialResult("да"), 300) == PartialResult("")
    assert gate.admit(FinalResult("да"), 400) == FinalResult("")
    assert gate.admit(PartialResult("нет"), 400 + SPOKEN_MS - 20) == PartialResult("")
    assert gate.admit(PartialResult("нет"), 400 + SPOKEN_MS) == PartialResult("нет")
    assert gate.admit(FinalResult("нет"), 700) == FinalResult("нет")
    assert gate.admit(FinalResult(""), 800) == FinalResult("")
    assert gate.admit(FinalResult("нет"), 1_000) == FinalResult("")
    assert gate.dropped == 2
