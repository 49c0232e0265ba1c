"""Recognition of silence, noise and speech under a cue with the bundled model, through the thread of dictations."""

import pytest

from tests import sounds
from tests.fakes_engines import SPEECH_MODEL, read_wav, spoken_sentences
from voicetype.control.recognition_worker import MAX_BLOCK_BYTES, RecognitionWorker, RecognizedText
from voicetype.core.audio import RingBuffer, level_dbfs
from voicetype.core.cues import Cue, CueGuard, Sounding
from voicetype.core.ports import SpeechModel
from voicetype.core.text.composition import Composition, Rules
from voicetype.core.text.settings import TextSettings
from voicetype.engines.vosk_engine import VoskModel
from voicetype.system.voice_activity import make_speech_spans

NOISE_SECONDS = 30
NOISES = {
    "silence": lambda: sounds.silence(NOISE_SECONDS),
    "pink -30": lambda: sounds.pink(NOISE_SECONDS, -30),
    "white -50": lambda: sounds.white(NOISE_SECONDS, -50),
}


class Lease:
    def __init__(self, model: SpeechModel) -> None:
        self.model = model

    def wait_speech(self, timeout_s: float | None = None) -> SpeechModel:
        return self.model

    def wait_punctuation(self, timeout_s: float | None = None) -> None:
        return None

    def release(self) -> None:
        pass


@pytest.fixture(scope="module")
def model() -> VoskModel:
    return VoskModel(SPEECH_MODEL)


def recognized(model: VoskModel, pcm: bytes) -> RecognizedText:
    """What a dictation of this sound ends with."""
    buffer, speech = RingBuffer(len(pcm)), make_speech_spans()
    for start in range(0, len(pcm), MAX_BLOCK_BYTES):
        buffer.write(pcm[start : start + MAX_BLOCK_BYTES])
        speech.write(pcm[start : start + MAX_BLOCK_BYTES])
    buffer.close()
    results: list[RecognizedText] = []
    begin = lambda: Composition(TextSettings(), Rules())  # noqa: E731
    worker = RecognitionWorker(1, buffer, Lease(model), begin, punctuate=False, speech=speech)
    worker.text_ready.connect(results.append)
    worker.run()
    return results[0]


@pytest.mark.parametrize("noise", NOISES.values(), ids=NOISES)
def test_silence_and_noise_give_no_text(model: VoskModel, noise) -> None:
    result = recognized(model, noise())
    assert (result.text, result.heard, result.problem) == ("", False, None)


def test_the_words_that_the_model_makes_of_hum_are_dropped(model: VoskModel) -> None:
    result = recognized(model, sounds.hum(NOISE_SECONDS, -40))
    assert (result.text, result.heard) == ("", False)
    assert result.unspoken > 0, "the model has learned what hum is; another noise is needed here"


@pytest.mark.parametrize("dbfs", [-23, -45])
def test_no_word_of_speech_is_lost(model: VoskModel, dbfs: int) -> None:
    for path, words in spoken_sentences():
        speech = read_wav(path)
        result = recognized(model, sounds.quieter(speech, level_dbfs(speech) - dbfs))
        said = result.text.rstrip(". ").lower()
        assert (said, result.unspoken) == (words, 0)


class Captured:
    def __init__(self) -> None:
        self.pcm = b""

    def write(self, block: bytes) -> None:
        self.pcm += block

    def close(self) -> None:
        pass


@pytest.mark.parametrize("begin_ms", [0, 200])
def test_no_word_is_lost_or_made_under_a_cue(model: VoskModel, begin_ms: int) -> None:
    # The sentences begin after 300 ms, so the cue sounds in the silence before or together with the first word.
    cue = bytes(32 * begin_ms) + Cue.READY.render(40, 16_000)
    for path, words in spoken_sentences():
        speech = read_wav(path)
        sounding, captured = Sounding(), Captured()
        sounding.begin(Cue.READY)
        guard = CueGuard(captured, sounding)
        heard = sounds.mixed(speech, cue + bytes(len(speech) - len(cue)))
        for start in range(0, len(heard), 512):
            guard.write(heard[start : start + 512])
        result = recognized(model, captured.pcm)
        assert (result.text.rstrip(". ").lower(), result.unspoken) == (words, 0)
