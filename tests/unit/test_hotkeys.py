"""Hotkeys as people write them."""

import pytest

from voicetype.core.hotkeys import canonical, check_hotkeys, for_people, parse_hotkey
from voicetype.core.messages import HotkeyError, MessageCode


@pytest.mark.parametrize(
    ("written", "saved", "shown"),
    [
        ("ctrl+alt+space", "ctrl+alt+space", "Ctrl+Alt+Space"),
        (" Alt + CTRL+ Space ", "ctrl+alt+space", "Ctrl+Alt+Space"),
        ("<ctrl>+<alt>+<space>", "ctrl+alt+space", "Ctrl+Alt+Space"),
        ("Ctrl+Ж", "ctrl+;", "Ctrl+;"),
        ("super+d", "win+d", "Win+D"),
        ("F9", "f9", "F9"),
        ("Pause", "pause", "Pause"),
        ("Ctrl+Page Up", "ctrl+page_up", "Ctrl+Page Up"),
        ("Ctrl++", "ctrl+=", "Ctrl+="),
        ("Mouse 4", "mouse4", "Mouse4"),
        ("ctrl+mouse_forward", "ctrl+mouse5", "Ctrl+Mouse5"),
        ("Ctrl+Middle", "ctrl+mouse_middle", "Ctrl+Mouse Middle"),
    ],
)
def test_ways_to_write_a_hotkey(written, saved, shown):
    hotkey = parse_hotkey(written)
    assert (canonical(hotkey), for_people(hotkey)) == (saved, shown)
    assert parse_hotkey(saved) == parse_hotkey(shown) == hotkey


@pytest.mark.parametrize(
    "written", ["", "+", "ctrl", "ctrl+alt", "ctrl+foo", "ctrl+a+b", "ctrl+ctrl+a", "f25", "ctrl+😀"]
)
def test_what_is_no_hotkey_is_refused(written):
    with pytest.raises(HotkeyError) as refused:
        parse_hotkey(written)
    assert refused.value.message.code is MessageCode.HOTKEY_INVALID
    assert refused.value.message.params["hotkey"] == written


@pytest.mark.parametrize("written", ["a", "space", "shift+a", "5", "enter", "ё", "esc", "mouse3", "shift+middle"])
def test_a_key_that_types_needs_a_modifier(written):
    with pytest.raises(HotkeyError) as refused:
        parse_hotkey(written)
    assert refused.value.message.code is MessageCode.HOTKEY_NEEDS_MODIFIER


@pytest.mark.parametrize(("written", "works"), [("esc", True), ("Delete", True), ("a", False), ("space", False)])
def test_a_key_that_writes_nothing_may_cancel_alone(written, works):
    assert (check_hotkeys({"toggle": "f9", "cancel": written}) == {}) == works


def test_what_is_wrong_is_told_by_action():
    hotkeys = {"toggle": "ctrl+alt+space", "push_to_talk": "a", "copy_last": "Alt+Ctrl+Space", "undo_last": ""}
    problems = {action: error.message for action, error in check_hotkeys(hotkeys).items()}
    assert {action: message.code for action, message in problems.items()} == {
        "push_to_talk": MessageCode.HOTKEY_NEEDS_MODIFIER,
        "copy_last": MessageCode.HOTKEY_TWICE,
    }
    assert problems["push_to_talk"].params["action"] == "push_to_talk"
    assert problems["copy_last"].params == {"hotkey": "Ctrl+Alt+Space", "action": "copy_last", "other": "toggle"}


@pytest.mark.parametrize("action", ["toggle", "push_to_talk", "hold_or_tap"])
def test_one_way_to_begin_is_enough(action):
    none = {"toggle": "", "push_to_talk": "", "hold_or_tap": "", "copy_last": "f10"}
    assert [error.message.code for error in check_hotkeys(none).values()] == [MessageCode.HOTKEY_MISSING]
    assert check_hotkeys({**none, action: "f9"}) == {}
