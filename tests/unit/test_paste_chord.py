"""The keys that paste, by program."""

from __future__ import annotations

import pytest

from voicetype.core.ports import TargetWindow
from voicetype.core.targets import parse_rules
from voicetype.insertion import target_rules


@pytest.mark.parametrize(
    ("name", "chord"), [("putty", "shift+insert"), ("mintty", "shift+insert"), ("notepad", ""), ("windowsterminal", "")]
)
def test_some_programs_paste_by_other_keys(name: str, chord: str) -> None:
    assert target_rules().paste_chord(TargetWindow(1, names=(name,))) == chord


def test_without_a_window_the_keys_are_the_usual_ones() -> None:
    assert target_rules().paste_chord(None) == ""


def test_a_chord_that_does_not_paste_is_refused() -> None:
    with pytest.raises(ValueError, match=r"alt\+f4"):
        parse_rules([{"apps": ["a"], "paste": "alt+f4"}])
