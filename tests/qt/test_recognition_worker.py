"""The recognition thread, with scripted models."""

import queue
import threading

import pytest

from voicetype.control.recognition_worker import RecognitionWorker, RecognizedText, SpokenCommand, TextSoFar
from voicetype.core.messages import MessageCode, ModelError
from voicetype.core.ports import FinalResult, PartialResult, Transcript
from voicetype.core.text.composition import Composition, Rules
from voicetype.core.text.grammar import Deed, Grammar, parse_grammar
from voicetype.core.text.settings import TextSettings


class Audio:
    """An audio queue that a test fills."""

    def __init__(self, *blocks: bytes) -> None:
        self.queue: queue.Queue[bytes | None] = queue.Queue()
        for block in blocks:
            self.queue.put(block)

    def end(self) -> "Audio":
        self.queue.put(None)
        return self

    dropped_bytes = 0

    def read(self, timeout_s: float, max_bytes: int) -> bytes | None:
        try:
            return self.queue.get(timeout=timeout_s)
        except queue.Empty:
            return b""


class Speech:
    """Answers each block with the next scripted result; raises scripted errors."""

    def __init__(self, *script, last=""):
        self.script = list(script)
        self.last = last
        self.closed = False
        self.blocks: list[bytes] = []

    def create_recognizer(self):
        return self

    def accept(self, pcm: bytes):
        self.blocks.append(pcm)
        result = self.script.pop(0)
        if isinstance(result, Exception):
            raise result
        return result

    def finish(self):
        return FinalResult(self.last)

    def close(self):
        self.closed = True


class Marks:
    """Punctuates by adding an exclamation mark, or fails."""

    def __init__(self, error: Exception | None = None):
        self.error = error
        self.seen: list[str] = []

    def enhance(self, text: str) -> str:
        self.seen.append(text)
        if self.error:
            raise self.error
        return text.capitalize() + "!"

    def close(self):
        pass


class Lease:
    """Hands out the models once `ready` is set."""

    def __init__(self, speech, marks=None, error=None):
        self.speech, self.marks, self.error = speech, marks, error
        self.ready = threading.Event()
        self.ready.set()
        self.released = 0

    def wait_speech(self, timeout_s=None):
        assert self.ready.wait(10)
        if self.error:
            raise self.error
        return self.speech

    def wait_punctuation(self, timeout_s=None):
        return self.marks

    def release(self):
        self.released += 1


@pytest.fixture
def start(qtbot):
    """Start a worker; returns it with the list of texts and transcripts it sends."""
    workers = []

    def begin(audio, lease, punctuate=True, grow=False, live=False, grammar=None, speech=None):
        rules = Rules(grammar=grammar or Grammar())
        worker = RecognitionWorker(
            7,
            audio,
            lease,
            lambda: Composition(TextSettings(), rules),
            punctuate=punctuate,
            grow=grow,
            live=live,
            speech=speech,
        )
        worker.texts, worker.transcripts, worker.grown, worker.commands = [], [], [], []
        worker.text_grew.connect(worker.grown.append)
        worker.commanded.connect(worker.commands.append)
        worker.text_ready.connect(worker.texts.append)
        worker.transcript_changed.connect(lambda update: worker.transcripts.append(update.transcript))
        workers.append(worker)
        with qtbot.waitSignal(worker.finished, timeout=10_000):
            worker.start()
        qtbot.waitUntil(lambda: bool(worker.texts))
        return worker

    yield begin
    for worker in workers:
        assert worker.wait(5_000)


def test_streams_partials_joins_finals_and_closes_with_the_last_words(start):
    speech = Speech(PartialResult("да"), FinalResult("да да"), PartialResult("нет"), last="нет нет")
    lease = Lease(speech, Marks())
    worker = start(Audio(b"1", b"2", b"3").end(), lease)
    assert worker.texts == [RecognizedText(7, "Да да нет нет!", raw="да да нет нет")]
    assert worker.transcripts == [
        Transcript("", "да"),
        Transcript("да да", ""),
        Transcript("да да", "нет"),
        Transcript("да да нет нет", ""),
    ]
    assert speech.closed
    assert lease.released == 1


def test_audio_from_before_the_model_is_ready_is_decoded(qtbot, start):
    speech = Speech(PartialResult("раз"), PartialResult("раз два"), last="раз два")
    lease = Lease(speech)
    lease.ready.clear()
    threading.Timer(0.05, lease.ready.set).start()
    worker = start(Audio(b"1", b"2").end(), lease)
    assert speech.blocks == [b"1", b"2"]
    assert worker.texts[0].text == "Раз два."


def test_without_punctuation_the_text_still_gets_a_capital_and_a_stop(start):
    marks = Marks()
    worker = start(Audio(b"1").end(), Lease(Speech(PartialResult("да"), last="да"), marks), punctuate=False)
    assert worker.texts == [RecognizedText(7, "Да.", raw="да")]
    assert marks.seen == []


def test_a_failing_punctuator_is_told_and_costs_no_word(start):
    error = ModelError(MessageCode.ENGINE_DIED, name="rupunct", detail="9")
    worker = start(Audio(b"1").end(), Lease(Speech(PartialResult("да"), last="да"), Marks(error)))
    assert worker.texts[0].text == "Да."
    assert worker.texts[0].problem.code is MessageCode.PUNCTUATION_FAILED


def test_a_failing_punctuator_costs_no_command_and_no_growing_text(start):
    grammar = parse_grammar([{"say": ["стоп машина"], "do": "stop"}])
    error = ModelError(MessageCode.ENGINE_DIED, name="rupunct", detail="9")
    speech = Speech(FinalResult("раз"), FinalResult("стоп машина"))
    worker = start(Audio(b"1", b"2").end(), Lease(speech, Marks(error)), grow=True, grammar=grammar)
    assert worker.commands == [SpokenCommand(7, Deed.STOP)]
    assert worker.grown[-1].text == "Раз"


def test_an_engine_that_dies_in_mid_speech_keeps_what_was_recognized(start):
    speech = Speech(FinalResult("начало"), PartialResult("ещё"), ModelError(MessageCode.ENGINE_DIED, name="vosk"))
    lease = Lease(speech)
    worker = start(Audio(b"1", b"2", b"3", b"4").end(), lease)
    assert worker.texts[0].text == "Начало ещё."
    assert worker.texts[0].problem.code is MessageCode.ENGINE_DIED
    assert lease.released == 1


def test_a_model_that_does_not_load_is_told(start):
    lease = Lease(None, error=ModelError(MessageCode.MODEL_MISSING, path="x"))
    worker = start(Audio(b"1").end(), lease)
    assert worker.texts == [RecognizedText(7, "", lease.error.message, heard=False)]
    assert lease.released == 1


def test_an_unforeseen_error_ends_the_thread_with_the_words_kept(start):
    lease = Lease(Speech(FinalResult("начало"), RuntimeError("bug")))
    worker = start(Audio(b"1", b"2").end(), lease)
    assert worker.texts[0].text == "Начало."
    assert worker.texts[0].problem.code is MessageCode.UNEXPECTED_ERROR
    assert lease.released == 1


def test_silence_gives_no_text(start):
    worker = start(Audio(b"1").end(), Lease(Speech(PartialResult("")), Marks()))
    assert worker.texts == [RecognizedText(7, "", heard=False)]


def test_the_text_is_told_phrase_by_phrase_with_its_end_held_back(start):
    speech = Speech(FinalResult("раз"), PartialResult("два"), FinalResult("два"))
    worker = start(Audio(b"1", b"2", b"3").end(), Lease(speech, Marks()), grow=True)
    assert worker.grown == [TextSoFar(7, "Раз"), TextSoFar(7, "Раз два")]
    assert worker.texts == [RecognizedText(7, "Раз два!", raw="раз два")]


def test_live_text_has_the_words_that_may_still_change(start):
    speech = Speech(FinalResult("раз"), PartialResult("два"), FinalResult("три"))
    worker = start(Audio(b"1", b"2", b"3").end(), Lease(speech, Marks()), live=True)
    assert [each.text for each in worker.grown] == ["Раз", "Раз два", "Раз три"]


def test_a_command_for_the_program_is_told_and_is_no_text(start):
    grammar = parse_grammar([{"say": ["стоп машина"], "do": "stop"}, {"say": ["отмени"], "do": "undo"}])
    speech = Speech(FinalResult("отмени"), FinalResult("раз"), FinalResult("стоп машина"))
    worker = start(Audio(b"1", b"2", b"3").end(), Lease(speech, Marks()), grammar=grammar)
    assert worker.commands == [SpokenCommand(7, Deed.UNDO), SpokenCommand(7, Deed.STOP)]
    assert worker.texts == [RecognizedText(7, "Раз!", raw="отмени раз стоп машина")]


def test_phrases_wait_for_a_punctuation_model_that_still_loads(start):
    class Late(Lease):
        def wait_punctuation(self, timeout_s=None):
            return None if timeout_s == 0 else self.marks

    marks = Marks()
    worker = start(Audio(b"1", b"2").end(), Late(Speech(FinalResult("раз"), FinalResult("два")), marks))
    assert worker.texts == [RecognizedText(7, "Раз два!", raw="раз два")]
    assert marks.seen == ["раз", "раз два"]


class Spoken:
    """Speech from the millisecond `begin` on."""

    def __init__(self, begin):
        self.begin = begin

    def speech_ms(self, from_ms, to_ms):
        return max(0, to_ms - max(from_ms, self.begin))


SECOND = bytes(32_000)


def test_words_that_nobody_said_are_neither_shown_nor_kept(start):
    speech = Speech(PartialResult("июнь"), FinalResult("июнь"), PartialResult("в"), last="в")
    worker = start(Audio(SECOND, SECOND, SECOND).end(), Lease(speech, Marks()), live=True, speech=Spoken(60_000))
    assert worker.texts == [RecognizedText(7, "", heard=False, unspoken=2)]
    assert worker.transcripts == worker.grown == []


def test_a_phrase_that_somebody_said_is_kept_among_the_others(start):
    speech = Speech(FinalResult("июнь"), PartialResult("да"), FinalResult("да"))
    worker = start(Audio(SECOND, SECOND, SECOND).end(), Lease(speech, Marks()), speech=Spoken(1_000))
    assert worker.texts == [RecognizedText(7, "Да!", unspoken=1, raw="да")]
    assert worker.transcripts == [Transcript("", "да"), Transcript("да", "")]


def test_what_the_buffer_lost_is_counted_where_speech_is_looked_for(start):
    audio = Audio(SECOND).end()
    audio.dropped_bytes = 2 * len(SECOND)
    worker = start(audio, Lease(Speech(FinalResult("да")), Marks()), speech=Spoken(2_000))
    assert worker.texts == [RecognizedText(7, "Да!", raw="да")]
