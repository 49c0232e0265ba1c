"""Recognition of silence and noise with the bundled model, through the thread that dictations use."""

import pytest

from tests import sounds
from tests.fakes_engines import SPEECH_MODEL, read_wav, spoken_sentences
from voicetype.control.recognition_worker import MAX_BLOCK_BYTES, RecognitionWorker, RecognizedText
from voicetype.core.audio import RingBuffer, level_dbfs
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
