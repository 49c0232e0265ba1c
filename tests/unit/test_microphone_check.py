"""Verdicts on recordings: speech loud, quiet, noisy and clipped; noise; nothing."""

import pytest

from tests import sounds
from tests.fakes_engines import read_wav, spoken_sentences
from voicetype.core.audio import level_dbfs
from voicetype.core.microphone_check import Hearing, check
from voicetype.system.voice_activity import make_speech_spans

SPEECH = read_wav(spoken_sentences()[0][0])[:128_000]
LOUDNESS = level_dbfs(SPEECH)
SECONDS = len(SPEECH) / 32_000


def judged(pcm):
    spans = make_speech_spans()
    spans.write(pcm)
    return check(pcm, spans)


def spoken(dbfs, noise_dbfs):
    return sounds.mixed(sounds.quieter(SPEECH, LOUDNESS - dbfs), sounds.pink(SECONDS, noise_dbfs))


@pytest.mark.parametrize(
    ("pcm", "hearing"),
    [
        (b"", Hearing.NO_SIGNAL),
        (sounds.silence(4), Hearing.NO_SIGNAL),
        (sounds.pink(4, -60), Hearing.ONLY_NOISE),
        (sounds.hum(4, -30), Hearing.ONLY_NOISE),
        (spoken(-52, -75), Hearing.TOO_QUIET),
        (spoken(-30, -36), Hearing.NOISY),
        (spoken(-26, -60), Hearing.GOOD),
        (spoken(-40, -65), Hearing.GOOD),
        (sounds.mixed(SPEECH, SPEECH), Hearing.TOO_LOUD),
    ],
)
def test_the_verdict(pcm, hearing):
    assert judged(pcm).hearing is hearing


def test_the_figures_are_those_of_speech_and_noise():
    result = judged(spoken(-26, -60))
    assert result.noise_dbfs == pytest.approx(-60, abs=2)
    assert -26 < result.speech_dbfs < -20, "pauses do not count"
    assert result.peak_dbfs > result.speech_dbfs
