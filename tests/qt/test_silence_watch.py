"""The watch over silence, with speech that a test tells."""

import pytest

from voicetype.control import silence_watch
from voicetype.control.silence_watch import FIRST_WORD_MS, SilenceWatch


class Speech:
    def __init__(self, *, heard, silence_ms):
        self.heard, self.silence_ms = heard, silence_ms


@pytest.fixture
def watch(qtbot, monkeypatch):
    monkeypatch.setattr(silence_watch, "_INTERVAL_MS", 1)
    watch = SilenceWatch()
    yield watch
    watch.stop()


@pytest.mark.parametrize(("heard", "limit_ms"), [(True, 2_000), (False, FIRST_WORD_MS)])
def test_silence_is_told_once_when_it_has_lasted(watch, qtbot, heard, limit_ms):
    speech = Speech(heard=heard, silence_ms=limit_ms - 20)
    with qtbot.assertNotEmitted(watch.silent, wait=30):
        watch.start(7, speech, 2)
    with qtbot.waitSignal(watch.silent) as told:
        speech.silence_ms = limit_ms
    assert told.args == [7]
    with qtbot.assertNotEmitted(watch.silent, wait=30):
        speech.silence_ms += 1_000


def test_never_means_never_and_the_newest_session_counts(watch, qtbot):
    silent = Speech(heard=True, silence_ms=60_000)
    with qtbot.assertNotEmitted(watch.silent, wait=30):
        watch.start(1, silent, 0)
        watch.start(2, silent, 1)
        watch.start(3, Speech(heard=True, silence_ms=0), 1)
    watch.stop()
    watch.stop()
