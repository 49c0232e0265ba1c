"""The keeper of the hotkeys over a listener that does as it is told."""

import pytest

from voicetype.control import hotkey_keeper
from voicetype.control.hotkey_keeper import HotkeyKeeper
from voicetype.core.config import HotkeysConfig
from voicetype.core.hotkeys import Action, canonical, parse_for
from voicetype.core.messages import HotkeyError, MessageCode
from voicetype.core.ports import HotkeyEvent

SIGNALS = ("begin", "stop", "cancel", "insert_again", "undo", "copy")
TALKING = HotkeysConfig(push_to_talk="f9", hold_or_tap="mouse4", hold_ms=500)


class FakeListener:
    """Attributes: `taken` are the combinations that another program has."""

    def __init__(self):
        self.hotkeys = {}
        self.taken = set()
        self.inactive = set()
        self.unavailable = False
        self.calls = 0

    def start(self, on_key):
        self.on_key = on_key

    def set_hotkeys(self, hotkeys):
        self.calls += 1
        errors = {name: error for name, text in hotkeys.items() if text and (error := self.probe(name, text))}
        self.hotkeys = {name: text for name, text in hotkeys.items() if text and name not in errors}
        return errors

    def set_active(self, name, active):
        (self.inactive.discard if active else self.inactive.add)(name)
        return self.probe(name, self.hotkeys[name]) if active and name in self.hotkeys else None

    def probe(self, name, hotkey):
        if self.unavailable:
            return HotkeyError(MessageCode.HOTKEY_UNAVAILABLE, detail="no display")
        if canonical(parse_for(name, hotkey)) in self.taken:
            return HotkeyError(MessageCode.HOTKEY_TAKEN, hotkey=hotkey, action=name)
        return None

    def stop(self):
        self.on_key = None


class Rig:
    """A keeper, its listener, and what it has asked for so far."""

    def __init__(self):
        self.listener = FakeListener()
        self.keeper = HotkeyKeeper(self.listener)
        self.asked = []
        for name in SIGNALS:
            getattr(self.keeper, f"{name}_requested").connect(lambda name=name: self.asked.append(name))
        self.keeper.refused.connect(lambda message: self.asked.append(message.code))
        self.keeper.regained.connect(lambda: self.asked.append("regained"))
        self.now = 0

    def start(self, hotkeys=TALKING):
        return codes(self.keeper.start(hotkeys))

    def key(self, name, pressed, after_ms=0):
        self.now += after_ms
        self.listener.on_key(HotkeyEvent(name, pressed, self.now))


def codes(messages):
    return [(message.code, message.params.get("action")) for message in messages]


@pytest.fixture
def rig(qapp):
    rig = Rig()
    yield rig
    rig.keeper.stop()


def test_gestures_become_intents(rig):
    assert rig.start() == []
    rig.key("push_to_talk", True)
    rig.keeper.set_listening(True)
    rig.key("push_to_talk", False, 50)
    rig.keeper.set_listening(False)
    rig.key("hold_or_tap", True)
    rig.keeper.set_listening(True)
    rig.key("hold_or_tap", False, 499)
    assert rig.asked == ["begin", "stop", "begin"]
    rig.key("toggle", True)
    assert rig.asked[3:] == ["stop"]


def test_a_dictation_that_ended_by_itself_is_not_stopped_once_more(rig):
    rig.start()
    rig.key("push_to_talk", True)
    rig.keeper.set_listening(True)
    rig.keeper.set_listening(False)
    rig.keeper.set_listening(True)
    rig.key("push_to_talk", False, 1000)
    assert rig.asked == ["begin"]


@pytest.mark.parametrize(
    ("name", "signal"), [("insert_again", "insert_again"), ("undo_last", "undo"), ("copy_last", "copy")]
)
def test_other_hotkeys_ask_once_a_press(rig, name, signal):
    rig.start()
    rig.key(name, True)
    rig.key(name, False, 2000)
    assert rig.asked == [signal]


def test_the_cancel_key_is_alive_while_somebody_dictates(rig):
    rig.start()
    assert rig.listener.inactive == {"cancel"}
    rig.key("cancel", True)
    assert rig.asked == []
    rig.keeper.set_listening(True)
    assert rig.listener.inactive == set()
    rig.key("cancel", True)
    assert rig.asked == ["cancel"]
    rig.keeper.set_listening(False)
    assert rig.listener.inactive == {"cancel"}


def test_a_cancel_key_that_was_taken_meanwhile_is_told_once(rig):
    rig.start()
    rig.listener.taken = {"esc"}
    for listening in (True, False, True):
        rig.keeper.set_listening(listening)
    assert rig.asked == [MessageCode.HOTKEY_TAKEN]


def test_a_field_that_waits_for_a_combination_gets_those_in_force(rig):
    rig.start()
    rig.keeper.set_capturing(True)
    assert rig.listener.inactive == set(Action)
    rig.keeper.set_listening(True)
    assert rig.listener.inactive == set(Action)
    rig.keeper.set_capturing(False)
    assert rig.listener.inactive == set()


def test_what_another_program_has_is_told_by_action_and_tried_again(rig, qtbot, monkeypatch):
    monkeypatch.setattr(hotkey_keeper, "_RETRY_MS", 1)
    rig = Rig()
    rig.listener.taken = {"f9", "esc"}
    taken = MessageCode.HOTKEY_TAKEN
    assert rig.start() == [(taken, "push_to_talk"), (taken, "cancel")]
    qtbot.waitUntil(lambda: rig.listener.calls > 2)
    assert rig.asked == []
    rig.listener.taken = set()
    qtbot.waitUntil(lambda: rig.asked == ["regained"])
    assert set(rig.listener.hotkeys) == {"toggle", "push_to_talk", "hold_or_tap", "cancel"}
    rig.keeper.stop()


def test_the_same_reason_is_told_once(rig):
    rig.listener.unavailable = True
    assert rig.start() == [(MessageCode.HOTKEY_UNAVAILABLE, None)]
    assert rig.keeper.shown() == ""


def test_a_change_is_refused_for_what_is_new_and_the_old_hotkeys_stay(rig):
    rig.listener.taken = {"mouse4", "f10"}
    rig.start()
    before = dict(rig.listener.hotkeys)
    assert codes(rig.keeper.change(HotkeysConfig(toggle="f8", push_to_talk="f10", hold_or_tap="mouse4"))) == [
        (MessageCode.HOTKEY_TAKEN, "push_to_talk")
    ]
    assert rig.listener.hotkeys == before
    assert rig.keeper.change(HotkeysConfig(toggle="f8", push_to_talk="f7", hold_or_tap="mouse4")) == ()
    assert rig.listener.hotkeys == {"toggle": "f8", "push_to_talk": "f7", "cancel": "esc"}
    assert codes(rig.keeper.change(HotkeysConfig(toggle="f8", undo_last="f8"))) == [
        (MessageCode.HOTKEY_TWICE, "undo_last")
    ]
    assert rig.keeper.change(HotkeysConfig(toggle="F6")) == ()
    assert rig.keeper.shown() == "F6"


def test_what_holds_is_changed_without_touching_the_keys(rig):
    rig.start()
    calls = rig.listener.calls
    assert rig.keeper.change(HotkeysConfig(push_to_talk="f9", hold_or_tap="mouse4", hold_ms=300)) == ()
    assert rig.listener.calls == calls
    rig.key("hold_or_tap", True)
    rig.keeper.set_listening(True)
    rig.key("hold_or_tap", False, 300)
    assert rig.asked == ["begin", "stop"]


def test_a_combination_is_checked_before_it_is_used(rig):
    rig.start()
    rig.listener.taken = {"f10", "f9"}
    rig.keeper.check("copy_last", "f11")
    rig.keeper.check("copy_last", "f9")  # the program's own
    with pytest.raises(HotkeyError):
        rig.keeper.check("copy_last", "f10")
    with pytest.raises(HotkeyError):
        rig.keeper.check("copy_last", "x")


@pytest.mark.parametrize(
    ("hotkeys", "shown", "is_held"),
    [
        (TALKING, "Ctrl+Alt+Space", False),
        (HotkeysConfig(toggle="", push_to_talk="f9", hold_or_tap="f10"), "F9", True),
        (HotkeysConfig(toggle="", hold_or_tap="f10"), "F10", False),
    ],
)
def test_one_hotkey_that_begins_is_shown(rig, hotkeys, shown, is_held):
    rig.start(hotkeys)
    assert (rig.keeper.shown(), rig.keeper.shown_is_held()) == (shown, is_held)
