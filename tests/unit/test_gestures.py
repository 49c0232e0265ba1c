"""What presses and releases mean: toggle, push-to-talk, hold or tap."""

import pytest

from voicetype.core.gestures import Gesture, Intent, step_gesture
from voicetype.core.ports import HotkeyEvent

HOLD_MS = 400
BEGIN, STOP = Intent.BEGIN, Intent.STOP


class Hands:
    """Fingers on hotkeys, and a dictation that does as it is told."""

    def __init__(self, listening=False):
        self.gesture = Gesture()
        self.listening = listening
        self.now = 2**32 - 1000  # the clock runs over in the middle of things

    def move(self, name, pressed, after_ms=0):
        self.now += after_ms
        event = HotkeyEvent(name, pressed, self.now % 2**32)
        self.gesture, intent = step_gesture(self.gesture, event, listening=self.listening, hold_ms=HOLD_MS)
        if intent is not None:
            self.listening = intent is BEGIN
        return intent

    def hold(self, name, held_ms):
        """What pressing and letting go mean."""
        return self.move(name, True, 500), self.move(name, False, held_ms)


def test_a_toggle_begins_and_stops_by_presses_alone():
    hands = Hands()
    assert hands.hold("toggle", 2000) == (BEGIN, None)
    assert hands.hold("toggle", 10) == (STOP, None)


@pytest.mark.parametrize("held_ms", [1, HOLD_MS, 60_000])
def test_push_to_talk_lasts_as_long_as_it_is_held(held_ms):
    hands = Hands()
    assert hands.hold("push_to_talk", held_ms) == (BEGIN, STOP)
    assert hands.hold("push_to_talk", held_ms) == (BEGIN, STOP)


def test_push_to_talk_takes_over_a_dictation_that_was_begun_otherwise():
    hands = Hands(listening=True)
    assert hands.hold("push_to_talk", 1000) == (None, STOP)


def test_a_hold_talks_while_it_is_held_and_a_tap_is_a_toggle():
    hands = Hands()
    assert hands.hold("hold_or_tap", HOLD_MS) == (BEGIN, STOP)
    assert hands.hold("hold_or_tap", HOLD_MS - 1) == (BEGIN, None)
    assert hands.hold("hold_or_tap", HOLD_MS - 1) == (STOP, None)
    assert hands.hold("hold_or_tap", 1) == (BEGIN, None)
    assert hands.hold("hold_or_tap", 3000) == (STOP, None), "the press has stopped it already"


@pytest.mark.parametrize("name", ["push_to_talk", "hold_or_tap"])
def test_letting_go_of_a_dictation_that_has_ended_by_itself_means_nothing(name):
    hands = Hands()
    assert hands.move(name, True) is BEGIN
    hands.listening = False
    assert hands.move(name, False, 2000) is None
    assert hands.hold(name, 2000) == (BEGIN, STOP)


def test_another_key_that_stops_a_held_dictation_stops_it_for_good():
    hands = Hands()
    assert hands.move("push_to_talk", True) is BEGIN
    assert hands.move("toggle", True) is STOP
    assert hands.move("toggle", True) is BEGIN
    assert hands.move("push_to_talk", False) is None
    assert hands.listening


@pytest.mark.parametrize("name", ["cancel", "insert_again", "undo_last", "copy_last"])
def test_other_hotkeys_neither_begin_nor_stop(name):
    hands = Hands()
    assert hands.move("push_to_talk", True) is BEGIN
    assert hands.hold(name, 2000) == (None, None)
    assert hands.move("push_to_talk", False) is STOP
