"""What SendInput is given under Windows, as far as any system can tell: sizes, key events, order."""

from __future__ import annotations

import ctypes
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicetype.core.messages import InsertionError, MessageCode, TypingInterrupted
from voicetype.system import typing_windows
from voicetype.system.typing_windows import OWN_KEYS, Input, WindowsTyper, batches, key_events

UNICODE_DOWN, UNICODE_UP, DOWN, UP = 0x0004, 0x0006, 0x0000, 0x0002
INSERT = 0x2D
EXTENDED = 0x0001
BACK, RETURN, TAB, SHIFT, CONTROL, V, UNASSIGNED = 0x08, 0x0D, 0x09, 0x10, 0x11, 0x56, 0xE8
LEFT_SHIFT, LEFT_CONTROL, RIGHT_CONTROL, LEFT_ALT, LEFT_WINDOWS = 0xA0, 0xA2, 0xA3, 0xA4, 0x5B
Event = tuple[int, int, int]


def units(*codes: int) -> list[Event]:
    """Press and release of each UTF-16 unit, as a packet that no layout translates."""
    return [(0, code, flags) for code in codes for flags in (UNICODE_DOWN, UNICODE_UP)]


def pressed(key: int) -> list[Event]:
    return [(key, 0, DOWN), (key, 0, UP)]


@pytest.mark.skipif(ctypes.sizeof(ctypes.c_void_p) != 8, reason="sizes of a 64-bit process")
def test_the_structures_are_those_of_win32() -> None:
    assert ctypes.sizeof(Input) == 40  # SendInput refuses every other size
    assert Input.union.offset == 8
    keyboard = typing_windows._KeyboardInput
    assert [getattr(keyboard, name).offset for name, *_ in keyboard._fields_] == [0, 2, 4, 8, 16]
    assert ctypes.sizeof(keyboard) == 24
    assert ctypes.sizeof(typing_windows._MouseInput) == 32


@pytest.mark.parametrize(
    ("text", "events"),
    [
        ("", []),
        ("ё", units(0x451)),
        ("Äß", units(0xC4, 0xDF)),
        ("«№»", units(0xAB, 0x2116, 0xBB)),
        ("😀", units(0xD83D, 0xDE00)),
        ("\u0438\u0306", units(0x438, 0x306)),  # a letter of two code points
        ("a\nb", [*units(0x61), *pressed(RETURN), *units(0x62)]),
        ("a\r\nb", [*units(0x61), *pressed(RETURN), *units(0x62)]),
        ("\n\n\t", [*pressed(RETURN), *pressed(RETURN), *pressed(TAB)]),
    ],
)
def test_a_text_becomes_these_events(text: str, events: list[Event]) -> None:
    assert key_events(text) == events


@given(st.text(alphabet=st.characters(exclude_characters="\r", exclude_categories=["Cs"])))
def test_the_events_spell_the_text_and_each_key_is_let_go(text: str) -> None:
    events = key_events(text)
    assert [(vk, unit, flags | UP) for vk, unit, flags in events[::2]] == events[1::2]
    names = {RETURN: "\n", TAB: "\t"}
    spelled = b"".join(
        names[vk].encode("utf-16-le") if vk else unit.to_bytes(2, "little") for vk, unit, _ in events[::2]
    )
    assert spelled.decode("utf-16-le") == text


class Windows:
    """user32: keys that are held, and what it was sent. `takes` limits how many events it accepts."""

    def __init__(self, *held: int, takes: int = 1_000) -> None:
        self.held = set(held)
        self.takes = takes
        self.sent: list[Event] = []
        self.size = 0
        self.user32 = self
        self.fronts = [7]
        """Handles of the window in front, one for each question, the last one for all that follow."""

    def SendInput(self, count: int, inputs: ctypes.Array[Input], size: int) -> int:
        self.size = size
        for entry in list(inputs)[: min(count, self.takes)]:
            assert entry.kind == 1
            keyboard = entry.union.keyboard
            assert keyboard.extra == OWN_KEYS
            self.sent.append((keyboard.vk, keyboard.scan, keyboard.flags))
            if keyboard.flags & UP:
                self.held.discard(keyboard.vk)
        return min(count, self.takes)

    def GetAsyncKeyState(self, vk: int) -> int:
        return -0x8000 if vk in self.held else 1  # a SHORT; the low bit says "pressed since the last call"


def install(monkeypatch: pytest.MonkeyPatch, windows: Windows) -> Windows:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(ctypes, "windll", windows, raising=False)
    return windows


def test_text_and_chord_reach_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    windows = install(monkeypatch, Windows())
    typer = WindowsTyper()
    typer.type_text("ё😀\n")
    assert windows.sent == key_events("ё😀\n")
    assert windows.size == ctypes.sizeof(Input)
    windows.sent.clear()
    typer.press_paste()
    assert windows.sent == [(CONTROL, 0, DOWN), *pressed(V), (CONTROL, 0, UP)]
    windows.sent.clear()
    typer.press_paste("shift+insert")
    assert windows.sent == [(SHIFT, 0, DOWN), (INSERT, 0, 1), (INSERT, 0, 1 | UP), (SHIFT, 0, UP)]
    windows.sent.clear()
    typer.type_text("")
    assert windows.sent == []


def test_backspace_is_pressed_as_often_as_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    windows = install(monkeypatch, Windows())
    WindowsTyper().erase(3)
    assert windows.sent == pressed(BACK) * 3
    windows.sent.clear()
    WindowsTyper().erase(0)
    with pytest.raises(InsertionError):
        WindowsTyper().erase(3, lambda: False)
    assert windows.sent == []


def test_an_elevated_window_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, Windows(takes=0))
    with pytest.raises(InsertionError) as error:
        WindowsTyper().type_text("а")
    assert error.value.message.code is MessageCode.INSERTION_FAILED
    with pytest.raises(InsertionError):
        WindowsTyper().press_paste()


def test_a_hotkey_that_is_let_go_in_time_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    windows = install(monkeypatch, Windows(LEFT_CONTROL, LEFT_ALT))
    polls: list[float] = []

    def sleep(seconds: float) -> None:
        polls.append(seconds)
        if len(polls) == 3:
            windows.held.clear()

    monkeypatch.setattr(time, "sleep", sleep)
    WindowsTyper().type_text("а")
    assert len(polls) == 3
    assert windows.sent == key_events("а")


@pytest.mark.parametrize(
    ("key", "released", "restored"),
    [
        (LEFT_SHIFT, [(LEFT_SHIFT, 0, UP)], [(LEFT_SHIFT, 0, DOWN)]),
        (RIGHT_CONTROL, [(RIGHT_CONTROL, 0, UP | EXTENDED)], [(RIGHT_CONTROL, 0, EXTENDED)]),
        (LEFT_ALT, [*pressed(UNASSIGNED), (LEFT_ALT, 0, UP)], [(LEFT_ALT, 0, DOWN)]),
        (LEFT_WINDOWS, [*pressed(UNASSIGNED), (LEFT_WINDOWS, 0, UP | EXTENDED)], []),
    ],
)
def test_a_modifier_that_stays_down_is_let_go_and_pressed_again(
    monkeypatch: pytest.MonkeyPatch, key: int, released: list[Event], restored: list[Event]
) -> None:
    windows = install(monkeypatch, Windows(key))
    monkeypatch.setattr(typing_windows, "_RELEASE_WAIT_S", 0.0)
    monkeypatch.setattr(typing_windows, "_RESTORE_WITHIN_S", 60.0)
    WindowsTyper().type_text("а")
    assert windows.sent == [*released, *key_events("а"), *restored]


def test_a_modifier_stays_up_when_its_finger_may_have_left(monkeypatch: pytest.MonkeyPatch) -> None:
    windows = install(monkeypatch, Windows(LEFT_SHIFT))
    monkeypatch.setattr(typing_windows, "_RELEASE_WAIT_S", 0.0)
    monkeypatch.setattr(typing_windows, "_RESTORE_WITHIN_S", 0.0)
    WindowsTyper().type_text("а")
    assert windows.sent == [(LEFT_SHIFT, 0, UP), *key_events("а")]


def test_a_long_text_gives_the_window_time(monkeypatch: pytest.MonkeyPatch) -> None:
    windows = install(monkeypatch, Windows())
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    text = "Съёмка №1\n" * 100
    WindowsTyper().type_text(text)
    assert windows.sent == key_events(text)
    assert len(pauses) == (len(text) - 1) // typing_windows._BATCH


def test_before_an_emoji_the_window_gets_time_to_take_what_was_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    windows = install(monkeypatch, Windows())
    sent_before: list[int] = []
    monkeypatch.setattr(time, "sleep", lambda seconds: sent_before.append(len(windows.sent) // 2))
    text = "да 😀😀 и 🎉\n"
    WindowsTyper().type_text(text)
    assert windows.sent == key_events(text)
    assert sent_before == [3, 3 + 4 + 3], "UTF-16 units, each pressed and let go"


@given(st.text(alphabet="аб 😀🎉\n", max_size=200))
def test_emoji_stand_at_the_beginning_of_what_is_sent_at_once(text: str) -> None:
    pieces = list(batches(text))
    assert "".join(pieces) == text
    for piece in pieces:
        assert 0 < len(piece) <= typing_windows._BATCH
        assert not any(char > "\uffff" for char in piece.lstrip("😀🎉"))


def test_how_much_was_accepted_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    windows = install(monkeypatch, Windows(takes=7))
    with pytest.raises(InsertionError) as error:
        WindowsTyper().type_text("восемь")
    assert error.value.message.params["detail"] == "Windows accepted 7 of 12 key events after 0 of 6 characters"
    assert windows.sent == key_events("восемь")[:7]


def test_keys_go_only_to_the_window_that_they_are_for(monkeypatch: pytest.MonkeyPatch) -> None:
    windows = install(monkeypatch, Windows())
    monkeypatch.setattr(windows, "GetForegroundWindow", Front(windows), raising=False)
    typer, text = WindowsTyper(), "ё" * 100
    typer.aim(7)
    typer.type_text(text)
    assert windows.sent == key_events(text)
    windows.sent.clear()
    windows.fronts = [7, 7, 8]
    with pytest.raises(TypingInterrupted) as interrupted:
        typer.type_text(text)
    error = interrupted.value
    assert windows.sent == key_events(text[: error.typed]) and error.rest == text[error.typed :] and error.typed == 80
    windows.sent.clear()
    with pytest.raises(TypingInterrupted) as interrupted:
        typer.erase(3)
    assert interrupted.value.typed == -3
    with pytest.raises(TypingInterrupted):
        typer.press_paste()
    assert windows.sent == []
    typer.aim(0)
    typer.erase(3)
    assert windows.sent == pressed(BACK) * 3


class Front:
    """GetForegroundWindow, which takes a type for its answer."""

    def __init__(self, windows: Windows) -> None:
        self._windows = windows

    def __call__(self) -> int | None:
        fronts = self._windows.fronts
        return fronts.pop(0) if len(fronts) > 1 else fronts[0]
