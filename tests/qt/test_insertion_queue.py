"""Texts and commands reach the window in the order in which they were said."""

from __future__ import annotations

import threading

import pytest

from voicetype.control.insertion_queue import InsertionQueue
from voicetype.core.messages import InsertionError, Level, MessageCode, UserMessage
from voicetype.core.ports import TargetWindow
from voicetype.core.records import TextState
from voicetype.core.text.grammar import Deed


class SlowTarget:
    """Notes what reaches it; the first text waits until `go`."""

    def __init__(self):
        self.go = threading.Event()
        self.seen: list[object] = []

    def write(self, session, text, *, final):
        assert self.go.wait(10)
        self.seen.append((session, text, final))

    def obey(self, deed, session=None):
        self.seen.append(deed)

    def continues(self):
        return False


def test_a_growing_text_that_waits_is_replaced_but_not_across_a_command(qapp):
    target = SlowTarget()
    queue = InsertionQueue(target)
    queue.put(1, "Раз.")
    queue.grow(2, "М")
    queue.grow(2, "Мама")
    queue.obey(Deed.REPEAT)
    queue.grow(2, "Мама па")
    queue.grow(2, "Мама папа")
    queue.obey(Deed.UNDO)
    queue.grow(2, "Мама папа и")
    queue.put(2, "Мама папа и я.")
    target.go.set()
    queue.shutdown()
    assert target.seen == [
        (1, "Раз.", True),
        (2, "Мама", False),
        Deed.REPEAT,
        (2, "Мама папа", False),
        Deed.UNDO,
        (2, "Мама папа и я.", True),
    ]


def test_everything_that_takes_keys_waits_for_the_users_hands(qapp):
    target, hands = SlowTarget(), threading.Semaphore(0)
    target.go.set()
    queue = InsertionQueue(target, wait_for_hands=hands.acquire)
    queue.grow(1, "Раз")
    queue.grow(1, "Раз, два")
    queue.put(2, "Три.")
    assert target.seen == []
    queue.obey(Deed.UNDO)
    for _ in range(3):
        hands.release()
    queue.shutdown()
    assert target.seen == [(1, "Раз, два", False), (2, "Три.", True), Deed.UNDO]


class PinnedTarget(SlowTarget):
    """Notes what is pinned; answers with `answer` or raises it."""

    def __init__(self, answer=None):
        super().__init__()
        self.go.set()
        self.answer = answer
        self.pins: dict[int, TargetWindow] = {}

    def pin(self, session):
        self.pins[session] = TargetWindow(len(self.pins) + 1, app="Editor")

    def window(self, session):
        return self.pins.get(session)

    def remember(self, text):
        self.seen.append(text)

    def write(self, session, text, *, final):
        super().write(session, text, final=final)
        return self._reply()

    def obey(self, deed, session=None):
        self.seen.append((deed, session))
        return self._reply()

    def _reply(self):
        if isinstance(self.answer, InsertionError):
            raise self.answer
        return self.answer


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (None, TextState.INSERTED),
        (UserMessage(MessageCode.TEXT_TOUCHED), TextState.INSERTED),
        (UserMessage(MessageCode.TEXT_COPIED), TextState.COPIED),
        (InsertionError(MessageCode.TEXT_HELD), TextState.HELD),
        (InsertionError(MessageCode.TYPING_INTERRUPTED), TextState.PARTLY),
        (InsertionError(MessageCode.TARGET_CLOSED), TextState.FAILED),
    ],
)
def test_it_is_told_what_became_of_a_text_and_where(qapp, answer, state):
    queue = InsertionQueue(PinnedTarget(answer))
    told = []
    queue.ended.connect(told.append)
    queue.pin(1)
    queue.put(1, "Раз.")
    queue.shutdown()
    qapp.processEvents()
    assert [(each.session, each.state, each.window.app) for each in told] == [(1, state, "Editor")]


def test_the_last_text_is_inserted_where_the_focus_was_when_it_was_asked_for(qapp):
    target = PinnedTarget()
    queue = InsertionQueue(target)
    told = []
    queue.again.connect(told.append)
    queue.remember("Раз.")
    queue.insert_again()
    queue.insert_again()
    queue.undo_last()
    queue.shutdown()
    qapp.processEvents()
    assert target.seen == ["Раз.", (Deed.REPEAT, -1), (Deed.REPEAT, -2), (Deed.UNDO, None)]
    assert [(each.state, each.window.id) for each in told] == [(TextState.INSERTED, 1), (TextState.INSERTED, 2)]


def test_what_a_growing_text_has_to_tell_is_told(qapp):
    hint = UserMessage(MessageCode.LIVE_NOT_HERE, Level.INFO)
    queue = InsertionQueue(PinnedTarget(hint))
    told = []
    queue.told.connect(told.append)
    queue.grow(1, "Р")
    queue.shutdown()
    qapp.processEvents()
    assert told == [hint]
