"""Hotkeys as people write them."""

import pytest

from voicetype.core.hotkeys import canonical, for_people, parse_hotkey
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


@pytest.mark.parametrize("written", ["a", "space", "shift+a", "5", "enter", "ё"])
def test_a_key_that_types_needs_a_modifier(written):
    with pytest.raises(HotkeyError) as refused:
        parse_hotkey(written)
    assert refused.value.message.code is MessageCode.HOTKEY_NEEDS_MODIFIER
