"""Texts and commands reach the window in the order in which they were said."""

from __future__ import annotations

import threading

from voicetype.control.insertion_queue import InsertionQueue
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
