"""A text goes to the window of its press, and to no window that may not have it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace

import pytest

from voicetype.control.pinned_text import PinnedText, TargetChoices
from voicetype.control.window_text import WindowText
from voicetype.core.messages import InsertionError, MessageCode, TypingInterrupted, UserMessage
from voicetype.core.ports import TargetWindow
from voicetype.core.targets import TargetRule, TargetRules
from voicetype.core.text.grammar import Deed
from voicetype.system.targets import UnknownWindows

A, B = TargetWindow(1, app="A", names=("a",)), TargetWindow(2, app="B", names=("b",))
RULES = TargetRules([TargetRule(("prompt",), password=True), TargetRule(("remote",), live=False)])


class Desk:
    """Windows with texts, a keyboard, a clipboard; the user is in one of them."""

    def __init__(self) -> None:
        self.texts = {A.id: "", B.id: ""}
        self.here: TargetWindow | None = A
        self.gone: set[int] = set()
        self.stubborn = False
        self.aim = 0
        self.copied: list[str] = []
        self.typing: Callable[[], None] = lambda: None

    # TargetWindows

    def current(self) -> TargetWindow | None:
        return self.here

    def alive(self, window: TargetWindow) -> bool:
        return window.id not in self.gone

    def focused(self, window: TargetWindow) -> bool:
        return self.here is not None and self.here.id == window.id

    def focus(self, window: TargetWindow) -> bool:
        if not self.stubborn:
            self.here = window
        return not self.stubborn

    def close(self) -> None: ...

    # Editor

    def insert(self, text: str) -> UserMessage | None:
        self.replace_tail(0, text, lambda: True)
        return None

    def replace_tail(self, erase: int, text: str, allowed: Callable[[], bool]) -> None:
        assert allowed() and self.here is not None
        old = self.texts.setdefault(self.here.id, "")
        self.texts[self.here.id] = old[: len(old) - erase]
        for typed, character in enumerate(text):
            self.typing()
            if self.aim and self.aim != self.here.id:
                raise TypingInterrupted(typed)
            self.texts[self.here.id] += character

    def copy(self, text: str) -> UserMessage:
        self.copied.append(text)
        return UserMessage(MessageCode.TEXT_COPIED)

    # ActivityWatch: the user presses nothing

    def mark(self) -> object:
        return self.here

    def unchanged(self, since: object) -> bool:
        return since is not None and since == self.here

    def set_hotkeys(self, hotkeys: object) -> None: ...

    def own_typing(self) -> nullcontext[None]:
        return nullcontext()


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def text(desk: Desk) -> PinnedText:
    return pinned(desk)


def pinned(desk: Desk, **choices: bool) -> PinnedText:
    def aim(window: int) -> None:
        desk.aim = window

    text = PinnedText(WindowText(desk, desk), desk, aim, desk.copy)
    text.configure(RULES, TargetChoices(**choices))
    return text


def refused(work: Callable[[], object]) -> MessageCode:
    with pytest.raises(InsertionError) as error:
        work()
    return error.value.message.code


def test_the_text_goes_to_the_window_of_the_press(desk: Desk, text: PinnedText) -> None:
    text.pin(1)
    desk.here = B
    text.write(1, "Раз.", final=True)
    assert desk.texts == {1: "Раз.", 2: ""} and desk.here is B and desk.aim == 0


def test_who_goes_elsewhere_meanwhile_is_not_called_back(desk: Desk, text: PinnedText) -> None:
    third = TargetWindow(3)
    text.pin(1)
    desk.here = B

    def leave() -> None:
        if desk.texts[1] == "Ра":
            desk.here = third

    desk.typing = leave
    assert refused(lambda: text.write(1, "Раз.", final=True)) is MessageCode.TYPING_INTERRUPTED
    assert desk.texts == {1: "Ра", 2: ""} and desk.here is third and desk.copied == ["з."]


def test_a_press_in_that_moment_means_the_window_of_the_user(desk: Desk, text: PinnedText) -> None:
    text.pin(1)
    desk.here = B
    desk.typing = lambda: text.pin(2)
    text.write(1, "Раз.", final=True)
    assert text.window(2) is B


def test_where_nothing_had_the_focus_at_the_press_the_window_is_found_later(desk: Desk, text: PinnedText) -> None:
    desk.here = None
    text.pin(1)
    assert text.write(1, "Ра", final=False) is None
    desk.here = B
    text.write(1, "Раз", final=False)
    desk.here = A
    text.write(1, "Раз.", final=True)
    assert desk.texts == {1: "", 2: "Раз."}


@pytest.mark.parametrize(
    ("window", "code"),
    [
        (replace(A, own=True), MessageCode.TARGET_OWN),
        (replace(A, names=("x", "prompt")), MessageCode.TARGET_FORBIDDEN),
        (replace(A, elevated=True), MessageCode.TARGET_ELEVATED),
        (None, MessageCode.NO_TARGET),
    ],
)
def test_some_windows_get_nothing(desk: Desk, text: PinnedText, window: TargetWindow | None, code: MessageCode) -> None:
    desk.here = window
    text.pin(1)
    assert text.write(1, "Ра", final=False) is None
    assert refused(lambda: text.write(1, "Раз.", final=True)) is code
    assert refused(lambda: text.obey(Deed.REPEAT)) is code
    assert desk.texts[1] == "" and desk.copied == ["Раз.", "Раз."]
    assert text.write(1, "", final=True) is None


def test_a_closed_window(desk: Desk, text: PinnedText) -> None:
    text.pin(1)
    desk.here, desk.gone = B, {A.id}
    assert refused(lambda: text.write(1, "Раз.", final=True)) is MessageCode.TARGET_CLOSED
    assert desk.texts == {1: "", 2: ""} and desk.copied == ["Раз."]
    text.obey(Deed.REPEAT)
    assert desk.texts[2] == "Раз."


def test_a_window_that_does_not_come_to_the_front(desk: Desk, text: PinnedText) -> None:
    text.pin(1)
    desk.here, desk.stubborn = B, True
    assert refused(lambda: text.write(1, "Раз.", final=True)) is MessageCode.INSERTION_FAILED
    assert desk.texts == {1: "", 2: ""} and desk.copied == ["Раз."] and desk.here is B


def test_who_types_a_password_is_not_led_away(desk: Desk, text: PinnedText) -> None:
    text.pin(1)
    desk.here = replace(B, names=("prompt",))
    assert refused(lambda: text.write(1, "Раз.", final=True)) is MessageCode.TEXT_HELD
    assert desk.texts == {1: "", 2: ""} and desk.copied == []


def test_a_held_text_is_completed_in_its_window_and_whole_in_another(desk: Desk) -> None:
    text = pinned(desk, refocus=False)
    for session, window, expected in ((1, A, "Раз и два."), (2, B, "Раз и два.")):
        desk.texts, desk.here = {1: "", 2: ""}, A
        text.pin(session)
        text.write(session, "Раз", final=False)
        desk.here = B
        assert refused(lambda now=session: text.write(now, "Раз и два.", final=True)) is MessageCode.TEXT_HELD
        desk.here = window
        text.pin(-session)
        assert text.obey(Deed.REPEAT, -session) is None
        assert desk.texts[window.id] == expected
    assert desk.copied == []


def test_an_interrupted_correction_is_known_to_the_character(desk: Desk, text: PinnedText) -> None:
    text.pin(1)
    text.write(1, "Мама мыла", final=False)

    def leave() -> None:
        if desk.texts[1] == "Мама ши":
            desk.here = B

    desk.typing = leave
    assert text.write(1, "Мама шила", final=False) is None
    desk.typing = lambda: None
    assert desk.texts == {1: "Мама ши", 2: ""}
    message = text.write(1, "Мама шила платье.", final=True)
    assert message is not None and message.code is MessageCode.TEXT_TOUCHED
    assert desk.texts[1] == "Мама шила платье."


def test_a_keyboard_that_is_taken_for_a_moment_loses_nothing(desk: Desk, text: PinnedText) -> None:
    def take() -> None:
        raise InsertionError(MessageCode.KEYBOARD_TAKEN)

    text.pin(1)
    text.write(1, "Мама", final=False)
    desk.typing = take
    assert text.write(1, "Мама мыла", final=False) is None
    assert desk.copied == []
    assert refused(lambda: text.write(1, "Мама мыла раму.", final=True)) is MessageCode.KEYBOARD_TAKEN
    assert desk.copied == ["Мама мыла раму."]
    desk.typing = lambda: None
    assert text.write(1, "Мама мыла раму.", final=True) is None
    assert desk.texts[1] == "Мама мыла раму."


def test_a_text_does_not_grow_in_some_programs_and_that_is_told_once(desk: Desk, text: PinnedText) -> None:
    desk.here = replace(A, names=("remote",))
    for session in (1, 2):
        text.pin(session)
        told = [text.write(session, grown, final=False) for grown in ("Р", "Ра")]
        assert [bool(message) for message in told] == [session == 1, False]
        text.write(session, "Раз. ", final=True)
    assert desk.texts[1] == "Раз. Раз. "


def test_any_text_can_be_remembered(desk: Desk, text: PinnedText) -> None:
    assert refused(lambda: text.obey(Deed.REPEAT)) is MessageCode.NOTHING_TO_REPEAT
    text.remember("Из истории.")
    text.obey(Deed.REPEAT)
    assert desk.texts[1] == "Из истории."
    text.obey(Deed.UNDO)
    assert desk.texts[1] == ""


def test_a_dictation_that_was_dropped_takes_nothing_back_elsewhere(desk: Desk, text: PinnedText) -> None:
    text.pin(1)
    text.write(1, "Раз", final=False)
    desk.here = B
    assert text.write(1, "", final=True) is None
    assert desk.texts == {1: "Раз", 2: ""} and desk.here is B


def test_where_texts_are_only_copied_no_window_matters(desk: Desk) -> None:
    text = pinned(desk, keys=False)
    text.pin(1)
    desk.here, desk.gone = B, {A.id}
    text.write(1, "Раз.", final=True)
    assert desk.texts[2] == "Раз."  # the inserter does what its method says


def test_where_windows_are_not_known_the_focus_decides(desk: Desk) -> None:
    text = PinnedText(WindowText(desk, desk), UnknownWindows(), lambda window: None, desk.copy)
    text.pin(1)
    desk.here = B
    text.write(1, "Раз.", final=True)
    assert desk.texts == {1: "", 2: "Раз."}


def test_old_pins_are_forgotten(desk: Desk, text: PinnedText) -> None:
    for session in range(100):
        text.pin(session)
    assert text.window(0) is None and text.window(99) is A
