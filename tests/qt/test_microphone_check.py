"""Trying the microphone: who listens, and what is said of it in both languages."""

import pytest

from tests import sounds
from tests.fakes_ui import spoken
from voicetype.control import microphone_check
from voicetype.control.microphone_check import MicrophoneCheck
from voicetype.core.microphone_check import CheckResult, Hearing
from voicetype.qt import QtWidgets
from voicetype.system.voice_activity import make_speech_spans
from voicetype.ui.microphone_test import MicrophoneTest


@pytest.fixture
def check(qtbot, monkeypatch):
    monkeypatch.setattr(microphone_check, "CHECK_MS", 30)
    return MicrophoneCheck(make_speech_spans)


def test_only_what_is_heard_after_the_start_is_judged(check, qtbot):
    check.write(sounds.white(0.1, -10))
    with qtbot.waitSignal(check.ended) as ended:
        check.start()
        check.write(sounds.silence(0.5))
        check.close()
    assert ended.args[0].hearing is Hearing.NO_SIGNAL
    with qtbot.waitSignal(check.ended) as ended:
        check.start()
        check.write(sounds.pink(0.5, -50))
    assert ended.args[0].hearing is Hearing.ONLY_NOISE
    assert ended.args[0].noise_dbfs == pytest.approx(-50, abs=3)


def test_who_leaves_the_page_gets_no_verdict(check, qtbot):
    with qtbot.assertNotEmitted(check.ended, wait=60):
        check.start()
        check.write(sounds.pink(0.5, -50))
        check.cancel()
        check.cancel()


@pytest.fixture
def box(qtbot):
    box = MicrophoneTest()
    qtbot.addWidget(box)
    return box


def test_the_button_asks_for_words_and_the_verdict_follows(box, qtbot):
    button = box.findChild(QtWidgets.QPushButton)
    with qtbot.waitSignal(box.requested):
        button.click()
    assert not button.isEnabled() and box.text().startswith("Speak now")
    box.show_result(CheckResult(Hearing.GOOD, -27.4, -61.2, -9.5))
    assert box.text() == "Good: the speech is clear.\nSpeech −27 dBFS, noise −61 dBFS, peak −10 dBFS"
    assert button.isEnabled()
    box.reset()
    assert box.text() == ""


@pytest.mark.parametrize("hearing", Hearing)
def test_each_verdict_is_a_sentence_in_both_languages(qapp, box, hearing):
    texts = []
    for language in ("en", "ru"):
        with spoken(qapp, language):
            box.show_result(CheckResult(hearing, -20, -50, -3))
            texts.append(box.text())
    english, russian = texts
    assert english != russian
    assert ("dBFS" in english) == (hearing is not Hearing.NO_SIGNAL)
    assert ("Speech" in english) == (hearing not in {Hearing.NO_SIGNAL, Hearing.ONLY_NOISE})
