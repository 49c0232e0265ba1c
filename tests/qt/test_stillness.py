"""While another thread needs it, the GUI thread does nothing; a busy one is not waited for."""

import threading

from voicetype.control import stillness
from voicetype.control.stillness import Stillness
from voicetype.qt import QtCore


def ask(still, inside=lambda: None):
    answers = []

    def work():
        with still() as answer:
            answers.append(answer)
            inside()

    thread = threading.Thread(target=work)
    thread.start()
    return thread, answers


def test_the_gui_thread_waits_until_the_other_one_is_done(qtbot, monkeypatch):
    monkeypatch.setattr(stillness, "_PATIENCE_S", 60.0)
    still, inside, moved = Stillness(), threading.Event(), []

    def stay():
        inside.set()
        threading.Event().wait(0.05)  # long enough for a thread that does not wait
        inside.clear()

    timer = QtCore.QTimer()
    timer.timeout.connect(lambda: moved.append(inside.is_set()))
    timer.start(0)
    thread, answers = ask(still, stay)
    qtbot.waitUntil(lambda: not thread.is_alive())
    assert answers == [True]
    assert moved and not any(moved)


def test_a_busy_gui_thread_is_not_waited_for_twice(qtbot, monkeypatch):
    monkeypatch.setattr(stillness, "_PATIENCE_S", 0.05)
    still = Stillness()
    thread, answers = ask(still)
    thread.join()
    monkeypatch.setattr(stillness, "_PATIENCE_S", 60.0)
    again, later = ask(still)
    again.join()
    assert (answers, later) == ([False], [False])
    qtbot.wait(1)
    last, free = ask(still)
    qtbot.waitUntil(lambda: not last.is_alive())
    assert free == [True]


def test_in_the_gui_thread_nothing_is_to_wait_for(qapp):
    with Stillness()() as answer:
        assert answer
