"""What earlier runs left is had again: real journal, history and notice; scripted models and window."""

import pytest

from tests.qt.test_session_controller import Models, Window
from voicetype import store
from voicetype.control.dictation import SessionSettings
from voicetype.control.insertion_queue import Delivery, InsertionQueue
from voicetype.control.recognition_worker import RecognizedText
from voicetype.control.session_controller import SessionController, SessionParts
from voicetype.control.window_text import PlainTarget
from voicetype.core.config import HistoryConfig
from voicetype.core.messages import MessageCode
from voicetype.core.records import TextState
from voicetype.core.text.composition import Composition, Rules
from voicetype.core.text.settings import TextSettings
from voicetype.dictation_records import DictationRecords
from voicetype.records.records import Records
from voicetype.texts_desk import TextsDesk

SECOND = 32_000


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("VOICETYPE_CONFIG_DIR", str(tmp_path))


class Desk:
    """A program after its start."""

    def __init__(self, history=HistoryConfig()):  # noqa: B008  frozen
        self.window, self.messages = Window(), []
        insertions = InsertionQueue(PlainTarget(self.window))
        self.texts = TextsDesk(history, insertions)
        begin = lambda continues: Composition(TextSettings(), Rules(), continues=continues)  # noqa: E731
        parts = SessionParts(Models(), lambda **_: None, insertions, begin, self.texts.records)
        self.session = SessionController(parts, SessionSettings(tail_ms=0, trailing_space=False))
        self.texts.message_raised.connect(lambda message: self.messages.append(message.code))
        self.texts.attend(self.session)
        self.texts.records.look()

    def close(self):
        self.session.shutdown(20.0)
        self.texts.shutdown(20.0)


@pytest.fixture
def start(qtbot):
    desks = []

    def make():
        desks.append(Desk())
        qtbot.waitUntil(lambda: desks[-1].messages != [])
        return desks[-1]

    yield make
    for each in desks:
        each.close()


def leave(*words, finished=""):
    """A run that ends in mid-dictation, or with a finished text that had not arrived."""
    records = Records(store.data_dir(), HistoryConfig(), lambda message: None)
    entry = records.begin()
    sound = "".join(f"{word} " for word in words).encode("utf-16-le")
    entry.write(sound + " ".encode("utf-16-le") * (SECOND // 2))
    entry.close()
    if finished:
        records.remember(entry, "", finished).result(10)
    records.close(10)


def test_all_that_was_left_comes_together(qtbot, start):
    leave(finished="Раз.")
    leave(finished="Два.")
    leave("три")
    desk = start()
    assert (desk.messages, desk.texts.kept_count) == ([MessageCode.SOUND_LEFT], 3)
    desk.texts.recover()
    assert desk.texts.kept_count == 0
    qtbot.waitUntil(lambda: not desk.session.busy)
    assert desk.window.texts == ["Раз.\n\nДва.", "Раз.\n\nДва.\n\nТри."]
    desk.texts._last.copy()
    qtbot.waitUntil(lambda: len(desk.window.texts) == 3)
    assert desk.window.texts[2] == "Раз.\n\nДва.\n\nТри."
    desk.close()
    later = Records(store.data_dir(), HistoryConfig(), print)
    assert later.left_over().result(10) == ()
    later.close(10)


def test_what_is_not_recognised_before_the_end_is_offered_again(start):
    leave("раз")
    leave("два")
    desk = start()
    desk.texts.recover()
    desk.close()
    assert desk.window.texts == []
    later = Records(store.data_dir(), HistoryConfig(), print)
    assert [left.record for left in later.left_over().result(10)] == [None, None]
    later.close(10)


@pytest.mark.parametrize(
    ("fetched", "left"), [(None, 1), (Delivery(-1, TextState.INSERTED), 0), (Delivery(0, TextState.COPIED), 0)]
)
def test_without_a_history_a_held_text_is_offered_again_unless_it_was_fetched(qapp, fetched, left):
    records = DictationRecords(HistoryConfig(enabled=False))
    records.open(1).write(bytes(SECOND))
    records.recognised(1, RecognizedText(1, "Да."), "", complete=True, is_last=True)
    records.settled(1, TextState.HELD)
    records.on_fetched(Delivery(1, TextState.HELD))
    if fetched is not None:
        records.on_fetched(fetched)
    records.close(10)
    later = Records(store.data_dir(), HistoryConfig(), print)
    assert len(later.left_over().result(10)) == left
    later.close(10)


def test_recovered_beside_it_a_held_text_can_still_be_fetched(qtbot, qapp):
    leave("раньше")
    records = DictationRecords(HistoryConfig(enabled=False))
    records.look()
    qtbot.waitUntil(lambda: bool(records.left_over))
    records.adopt(1, records.left_over[0])
    records.open(2).write(bytes(SECOND))
    records.recognised(2, RecognizedText(2, "Да."), "", complete=True, is_last=True)
    records.settled(2, TextState.HELD)
    records.recognised(1, RecognizedText(1, "Раньше."), "", complete=True, is_last=False)
    records.settled(1, TextState.COPIED)
    records.on_fetched(Delivery(-1, TextState.INSERTED))
    records.close(10)
    later = Records(store.data_dir(), HistoryConfig(), print)
    assert later.left_over().result(10) == ()
    later.close(10)
