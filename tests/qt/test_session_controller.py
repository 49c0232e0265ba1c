"""Dictations from press to inserted text, with scripted microphone, models and window."""

import threading

import pytest

from voicetype.control import recording
from voicetype.control.dictation import SessionSettings
from voicetype.control.insertion_queue import InsertionQueue
from voicetype.control.recognition_worker import RecognitionWorker
from voicetype.control.session_controller import SessionController, SessionParts
from voicetype.control.window_text import PlainTarget
from voicetype.core.audio import RingBuffer
from voicetype.core.messages import AudioError, InsertionError, Level, MessageCode, ModelError, UserMessage
from voicetype.core.ports import FinalResult, PartialResult
from voicetype.core.records import TextState
from voicetype.core.status import SessionState
from voicetype.core.text.composition import Composition, Rules
from voicetype.core.text.settings import TextSettings


class Source:
    """A microphone that the test speaks into."""

    def __init__(self, error=None):
        self.error = error
        self.sink = self.on_lost = None
        self.opened = threading.Event()
        self.stopped = threading.Event()

    def start(self, sink, on_lost):
        if self.error:
            raise self.error
        self.sink, self.on_lost = sink, on_lost
        self.opened.set()

    def stop(self):
        self.stopped.set()

    @property
    def name(self):
        return "usb"

    def say(self, *words: str) -> None:
        assert self.opened.wait(20)
        for word in words:
            self.sink(f"{word} ".encode("utf-16-le"))


class EchoSpeech:
    """Recognises each block as the word it is made of; what is not yet final is tentative."""

    def create_recognizer(self):
        return EchoRecognizer()

    def close(self):
        pass


class EchoRecognizer:
    def __init__(self):
        self.pending = ""

    def accept(self, pcm: bytes):
        self.pending += pcm.decode("utf-16-le")
        return PartialResult(self.pending)

    def finish(self):
        return FinalResult(self.pending)

    def close(self):
        pass


class Models:
    """Leases that become ready when the test says so."""

    def __init__(self, error=None):
        self.ready = threading.Event()
        self.ready.set()
        self.error = error
        self.held = 0

    def lease(self):
        self.held += 1
        return Lease(self)


class Lease:
    def __init__(self, models):
        self.models = models
        self.released = False

    def wait_speech(self, timeout_s=None):
        assert self.models.ready.wait(10)
        if self.models.error:
            raise self.models.error
        return EchoSpeech()

    def wait_punctuation(self, timeout_s=None):
        return None

    def release(self):
        if not self.released:
            self.released = True
            self.models.held -= 1


class Window:
    def __init__(self, error=None, notice=None):
        self.texts: list[str] = []
        self.notice = notice
        self.error = error

    def insert(self, text):
        if self.error:
            raise self.error
        self.texts.append(text)
        return self.notice


class Log:
    """Notes what it is told, and keeps the sound."""

    def __init__(self):
        self.notes: list[tuple] = []
        self.last: list[str] = []

    def open(self, session):
        self.notes.append(("open", session))

    def recognised(self, session, result, target, *, complete, is_last):
        if is_last:
            self.last.append(result.text)
        self.notes.append(("text" if complete else "part", session, result.text))

    def settled(self, session, state):
        self.notes.append((state, session))


class Bench:
    """A controller on fakes, and what it said."""

    def __init__(self, models, window, **settings):
        self.models, self.window = models, window
        self.log = Log()
        self.sources: list[Source] = []
        self.errors: list[AudioError | None] = []
        self.messages: list[MessageCode] = []
        self.states: list[SessionState] = []
        options = {"tail_ms": 0, "trailing_space": False, **settings}
        self.controller = SessionController(
            SessionParts(
                models,
                self.make_source,
                InsertionQueue(PlainTarget(window)),
                lambda continues: Composition(TextSettings(), Rules(), continues=continues),
                self.log,
            ),
            SessionSettings(**options),
        )
        self.controller.message_raised.connect(lambda message: self.messages.append(message.code))
        self.controller.state_changed.connect(self.states.append)

    def workers(self) -> list[RecognitionWorker]:
        return self.controller._recognitions._workers

    def make_source(self, *, replacement=False):
        self.sources.append(Source(self.errors.pop(0) if self.errors else None))
        return self.sources[-1]


@pytest.fixture
def bench(qtbot):
    benches = []

    def make(models=None, window=None, **settings):
        benches.append(Bench(models or Models(), window or Window(), **settings))
        return benches[-1]

    yield make
    for each in benches:
        each.models.ready.set()
        each.controller.shutdown(20.0)
        assert each.models.held == 0


def idle(bench):
    return lambda: bench.controller.state is SessionState.IDLE


def test_from_press_to_text(qtbot, bench):
    desk = bench()
    desk.controller.toggle()
    assert desk.controller.state is SessionState.STARTING
    desk.sources[0].say("да")
    qtbot.waitUntil(lambda: desk.controller.state is SessionState.LISTENING)
    desk.sources[0].say("нет")
    desk.controller.toggle()
    qtbot.waitUntil(idle(desk))
    assert desk.window.texts == ["Да нет."]
    assert desk.states == [
        SessionState.STARTING,
        SessionState.LISTENING,
        SessionState.FINALIZING,
        SessionState.IDLE,
    ]
    assert desk.sources[0].stopped.is_set()


def test_speech_during_a_cold_load_and_a_stop_before_its_end_are_not_lost(qtbot, bench):
    desk = bench()
    desk.models.ready.clear()
    desk.controller.toggle()
    desk.sources[0].say("первое", "слово")
    desk.controller.toggle()
    qtbot.waitUntil(desk.sources[0].stopped.is_set)
    assert desk.controller.state is SessionState.FINALIZING
    desk.models.ready.set()
    qtbot.waitUntil(idle(desk))
    assert desk.window.texts == ["Первое слово."]


def test_a_press_while_finalizing_begins_the_next_dictation_at_once(qtbot, bench):
    desk = bench()
    desk.models.ready.clear()
    for number, word in enumerate(("раз", "два", "три")):
        desk.controller.toggle()
        desk.sources[number].say(word)
        desk.controller.toggle()
    qtbot.waitUntil(lambda: desk.sources[2].stopped.is_set())
    desk.models.ready.set()
    qtbot.waitUntil(idle(desk))
    assert desk.window.texts == ["Раз.", "Два.", "Три."]


def test_a_press_within_the_tail_ends_the_tail(qtbot, bench):
    desk = bench(tail_ms=60_000)
    desk.controller.toggle()
    desk.sources[0].say("раз")
    desk.controller.toggle()
    desk.controller.toggle()
    desk.sources[1].say("два")
    qtbot.waitUntil(lambda: desk.window.texts == ["Раз."])
    assert desk.sources[0].stopped.is_set()
    desk.controller.cancel()


def test_the_tail_is_still_heard(qtbot, bench):
    desk = bench(tail_ms=100)
    desk.controller.toggle()
    desk.sources[0].say("почти")
    desk.controller.toggle()
    desk.sources[0].say("всё")
    qtbot.waitUntil(idle(desk))
    assert desk.window.texts == ["Почти всё."]


def test_a_microphone_that_does_not_open_is_told(qtbot, bench):
    desk = bench()
    desk.errors = [AudioError(MessageCode.NO_MICROPHONE)]
    desk.controller.toggle()
    qtbot.waitUntil(lambda: desk.messages == [MessageCode.NO_MICROPHONE])
    assert desk.controller.state is SessionState.IDLE
    desk.controller.toggle()
    desk.sources[1].say("да")
    desk.controller.toggle()
    qtbot.waitUntil(lambda: desk.window.texts == ["Да."])


def test_a_microphone_pulled_out_keeps_what_was_said(qtbot, bench, monkeypatch):
    monkeypatch.setattr(recording, "PATIENCE_S", 0)
    desk = bench()
    desk.errors += [None, AudioError(MessageCode.NO_MICROPHONE)]
    desk.controller.toggle()
    desk.sources[0].say("начало")
    desk.sources[0].on_lost(AudioError(MessageCode.MICROPHONE_LOST, device="usb"))
    qtbot.waitUntil(idle(desk))
    qtbot.waitUntil(lambda: desk.window.texts == ["Начало."])
    assert desk.messages == [MessageCode.MICROPHONE_LOST]


def test_a_model_that_fails_is_told_and_the_next_try_works(qtbot, bench):
    desk = bench(models=Models(ModelError(MessageCode.MODEL_MISSING, path="x")))
    desk.controller.toggle()
    qtbot.waitUntil(lambda: desk.messages == [MessageCode.MODEL_MISSING])
    qtbot.waitUntil(idle(desk))
    desk.models.error = None
    desk.controller.toggle()
    desk.sources[1].say("да")
    desk.controller.toggle()
    qtbot.waitUntil(lambda: desk.window.texts == ["Да."])


def test_overflow_is_counted_and_told(qtbot, bench):
    desk = bench(buffer_seconds=1)
    desk.models.ready.clear()
    desk.controller.toggle()
    desk.sources[0].say(*["а" * 16_000] * 3)
    desk.controller.toggle()
    qtbot.waitUntil(desk.sources[0].stopped.is_set)
    desk.models.ready.set()
    qtbot.waitUntil(idle(desk))
    assert MessageCode.AUDIO_OVERFLOW in desk.messages


def test_cancel_inserts_nothing(qtbot, bench):
    desk = bench()
    desk.controller.toggle()
    desk.sources[0].say("нет")
    desk.controller.cancel()
    assert desk.controller.state is SessionState.IDLE
    desk.controller.toggle()
    desk.sources[1].say("да")
    desk.controller.toggle()
    qtbot.waitUntil(lambda: desk.window.texts != [])
    assert desk.window.texts == ["Да."]


def test_a_cancelled_text_is_kept(qtbot, bench):
    desk = bench()
    desk.models.ready.clear()
    desk.controller.toggle()
    desk.sources[0].say("нет")
    desk.controller.cancel()
    assert desk.controller.busy
    with qtbot.waitSignal(desk.controller.settled):
        desk.models.ready.set()
    assert desk.log.notes == [("open", 1), ("text", 1, "Нет."), (TextState.CANCELLED, 1)]
    assert desk.window.texts == []
    assert desk.messages == [MessageCode.DICTATION_CANCELLED]


def test_what_has_grown_goes_away_at_a_cancel(qtbot, bench):
    desk = bench(insert="live")
    desk.controller.toggle()
    desk.sources[0].say("нет")
    qtbot.waitUntil(lambda: desk.controller.state is SessionState.LISTENING)
    desk.controller.cancel()
    qtbot.waitUntil(lambda: not desk.controller.busy)
    assert desk.log.notes[-1] == (TextState.CANCELLED, 1)


def test_the_log_hears_of_every_dictation_in_order(qtbot, bench):
    desk = bench(models=Models(ModelError(MessageCode.MODEL_MISSING, path="x")))
    desk.controller.toggle()
    qtbot.waitUntil(lambda: not desk.controller.busy)
    assert desk.log.notes == [("open", 1), ("part", 1, ""), (None, 1)]
    desk.models.error = None
    desk.controller.toggle()
    desk.sources[1].say("да")
    desk.controller.toggle()
    qtbot.waitUntil(lambda: not desk.controller.busy)
    assert desk.log.notes[3:] == [("open", 2), ("text", 2, "Да."), (TextState.INSERTED, 2)]


def test_the_sound_of_an_earlier_run_becomes_text_in_the_clipboard(qtbot, bench):
    desk = bench()
    audio = RingBuffer(1_000)
    audio.write("раньше ".encode("utf-16-le"))
    audio.close()
    number = desk.controller.recover(audio)
    qtbot.waitUntil(lambda: not desk.controller.busy)
    assert desk.window.texts == ["Раньше."]
    assert desk.messages == [MessageCode.TEXT_COPIED]
    assert desk.log.notes == [("text", number, "Раньше."), (TextState.COPIED, number)]
    assert desk.sources == []


def kept_sound(*words):
    audio = RingBuffer(1_000)
    for word in words:
        audio.write(f"{word} ".encode("utf-16-le"))
    audio.close()
    return audio


def test_the_hotkeys_are_about_the_dictation_while_kept_sound_is_recognised(qtbot, bench):
    desk = bench()
    desk.controller.toggle()
    desk.sources[0].say("да")
    qtbot.waitUntil(lambda: desk.controller.state is SessionState.LISTENING)
    desk.controller.recover(kept_sound("раньше"))
    assert desk.controller.capturing
    desk.controller.toggle()
    qtbot.waitUntil(lambda: not desk.controller.busy)
    assert (len(desk.sources), desk.sources[0].stopped.is_set()) == (1, True)
    assert desk.window.texts == ["Да.", "Раньше."]
    assert desk.states == [SessionState.STARTING, SessionState.LISTENING, SessionState.FINALIZING, SessionState.IDLE]


def test_a_new_dictation_does_not_wait_for_what_was_kept(qtbot, bench):
    desk = bench()
    desk.models.ready.clear()
    for word in ("раз", "два", "три"):
        desk.controller.recover(kept_sound(word))
    desk.controller.toggle()
    desk.sources[0].say("да")
    desk.controller.toggle()
    desk.models.ready.set()
    qtbot.waitUntil(lambda: not desk.controller.busy)
    assert desk.window.texts == ["Да.", "Раз.", "Раз.\n\nДва.", "Раз.\n\nДва.\n\nТри."]


def test_kept_sound_waits_in_the_middle_while_somebody_dictates(qtbot, bench):
    desk, known = bench(), []
    desk.controller.text_known.connect(known.append)
    kept = RingBuffer(1_000)
    kept.write("давно ".encode("utf-16-le"))
    with qtbot.waitSignal(desk.controller.transcript_ready):
        desk.controller.recover(kept)
    desk.controller.toggle()
    kept.write("сказано ".encode("utf-16-le"))
    kept.close()
    for source, word in enumerate(("да", "нет")):
        if source:
            desk.controller.toggle()
        desk.sources[source].say(word)
        desk.controller.toggle()
    qtbot.waitUntil(lambda: not desk.controller.busy)
    assert desk.window.texts == ["Да.", "Нет.", "Давно сказано."]
    assert known == desk.log.last == ["Да.", "Нет."]  # who wants the last text again means what was just said


def test_the_last_dictation_leaves_kept_sound_to_the_next_run(qtbot, bench):
    desk = bench()
    endless = RingBuffer(1_000)
    endless.write("давно ".encode("utf-16-le"))
    with qtbot.waitSignal(desk.controller.transcript_ready):
        desk.controller.recover(endless)
    desk.controller.recover(kept_sound("раньше"))
    desk.controller.toggle()
    desk.sources[0].say("да")
    with qtbot.waitSignal(desk.controller.settled):
        desk.controller.finish(for_good=True)
        assert desk.controller.busy
    assert desk.window.texts == ["Да."]
    number = desk.log.notes[0][1]
    assert desk.log.notes == [("open", number), ("text", number, "Да."), (TextState.INSERTED, number)]
    assert desk.models.held == 0


def test_kept_sound_holds_no_model_after_the_last_dictation_though_it_still_waits_for_one(qtbot, bench):
    desk = bench()
    desk.models.ready.clear()
    for word in ("раз", "два"):
        desk.controller.recover(kept_sound(word))
    with qtbot.waitSignal(desk.controller.settled):
        desk.controller.finish(for_good=True)
        desk.controller.recover(kept_sound("три"))  # the tray is still there
        assert desk.models.held == 0
        desk.models.ready.set()
    assert (desk.window.texts, desk.log.notes) == ([], [])


def test_kept_sound_does_not_go_on_in_the_sentence_of_a_dictation(qtbot, bench):
    desk = bench()
    desk.controller._parts.insertions.continues = lambda: True
    desk.controller.toggle()
    desk.sources[0].say("да")
    desk.controller.recover(kept_sound("раньше"))
    desk.controller.toggle()
    qtbot.waitUntil(lambda: not desk.controller.busy)
    assert desk.window.texts == ["да.", "Раньше."]


def test_the_words_of_kept_sound_are_shown_until_somebody_dictates(qtbot, bench):
    desk = bench()
    shown = []
    desk.controller.transcript_ready.connect(lambda transcript: shown.append(transcript.tentative.strip()))
    kept = RingBuffer(1_000)
    kept.write("давно ".encode("utf-16-le"))
    desk.controller.recover(kept)
    desk.controller.recover(kept_sound("потом"))
    qtbot.waitUntil(lambda: shown == ["давно"])
    desk.controller.toggle()
    assert shown == ["давно", ""]
    desk.sources[0].say("да")
    qtbot.waitUntil(lambda: shown == ["давно", "", "да"])
    kept.close()
    desk.controller.toggle()
    qtbot.waitUntil(lambda: not desk.controller.busy)


def test_what_is_shown_of_a_dictation_stays_when_kept_sound_comes_behind_it(qtbot, bench):
    desk, shown = bench(), []
    desk.controller.transcript_ready.connect(shown.append)
    desk.models.ready.clear()
    for word in ("да", "нет"):
        desk.controller.toggle()
        desk.sources[-1].say(word)
        desk.controller.toggle()
        desk.controller.recover(kept_sound("раньше"))
    assert shown == []
    desk.models.ready.set()
    qtbot.waitUntil(lambda: not desk.controller.busy)
    assert desk.window.texts == ["Да.", "Нет.", "Раньше.", "Раньше.\n\nРаньше."]


def test_a_window_that_refuses_is_told(qtbot, bench):
    desk = bench(window=Window(InsertionError(MessageCode.INSERTION_FAILED, detail="closed")))
    desk.controller.toggle()
    desk.sources[0].say("да")
    desk.controller.toggle()
    qtbot.waitUntil(lambda: desk.messages == [MessageCode.INSERTION_FAILED])
    assert desk.controller.state is SessionState.IDLE


def test_text_that_waits_in_the_clipboard_is_told(qtbot, bench):
    desk = bench(window=Window(notice=UserMessage(MessageCode.TEXT_COPIED, Level.INFO)))
    desk.controller.toggle()
    desk.sources[0].say("да")
    with qtbot.waitSignal(desk.controller.delivered):
        desk.controller.toggle()
    qtbot.waitUntil(lambda: desk.messages == [MessageCode.TEXT_COPIED])
    assert desk.window.texts == ["Да."]


def test_a_stop_before_a_slow_microphone_delivers_is_nothing_to_tell(qtbot, bench):
    desk = bench()
    desk.controller.toggle()
    assert desk.sources[0].opened.wait(20)
    desk.controller.toggle()
    qtbot.waitUntil(idle(desk))
    assert desk.messages == []
    assert desk.window.texts == []


def test_silence_is_told(qtbot, bench):
    desk = bench()
    desk.controller.toggle()
    desk.sources[0].say("")
    desk.controller.toggle()
    qtbot.waitUntil(lambda: desk.messages == [MessageCode.NOTHING_RECOGNIZED])
    assert desk.window.texts == []


def test_live_text_comes_in_batches(qtbot, bench):
    desk = bench()
    batches = []
    desk.controller.transcript_ready.connect(batches.append)
    desk.controller.toggle()
    desk.sources[0].say(*["раз"] * 200)
    desk.controller.toggle()
    qtbot.waitUntil(idle(desk))
    assert batches[-1].committed.split() == ["раз"] * 200
    assert len(batches) < 50


def test_after_a_stop_for_good_no_press_begins_another_dictation(qtbot, bench):
    desk = bench()
    desk.controller.toggle()
    desk.sources[0].say("да")
    desk.controller.finish(for_good=True)
    desk.controller.toggle()
    qtbot.waitUntil(idle(desk))
    assert desk.window.texts == ["Да."]
    assert len(desk.sources) == 1


def test_shutdown_in_mid_dictation_keeps_what_was_said_and_leaves_no_thread(qtbot, bench):
    desk = bench()
    desk.controller.toggle()
    desk.sources[0].say("да")
    desk.controller.shutdown(20.0)
    assert desk.window.texts == ["Да."]
    assert desk.sources[0].stopped.is_set()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith(("audio", "inserter"))]


def test_shutdown_while_another_dictation_waits_its_turn_leaves_no_thread(qtbot, bench):
    """Its sound is in the journal; the next start offers it."""
    desk = bench()
    desk.models.ready.clear()
    for number in range(2):
        desk.controller.toggle()
        desk.sources[number].say(("да", "нет")[number])
        desk.controller.toggle()
    threading.Timer(0.2, desk.models.ready.set).start()
    desk.controller.shutdown(20.0)
    assert desk.window.texts == ["Да."]
    assert desk.log.notes[2:] == [("text", 1, "Да."), (TextState.INSERTED, 1)]
    assert all(worker.isFinished() for worker in desk.workers())
