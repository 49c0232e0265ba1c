"""What stands in the window follows the dictation, and foreign text is never touched."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicetype.control.window_text import PlainTarget, WindowText
from voicetype.core.messages import InsertionError, Level, MessageCode, UserMessage
from voicetype.core.text.grammar import Deed


class Window:
    """An editor with a cursor at its end, whose user may type, and the watch over it."""

    def __init__(self, text: str = "") -> None:
        self.text = text
        self.presses = 0
        self.method = "type"

    def insert(self, text: str) -> UserMessage | None:
        if self.method == "clipboard":
            return UserMessage(MessageCode.TEXT_COPIED, Level.INFO)
        self.text += text
        return None

    def replace_tail(self, erase: int, text: str, allowed: Callable[[], bool]) -> None:
        assert allowed()
        if self.method != "type":
            raise InsertionError(MessageCode.INSERTION_FAILED, detail="method")
        assert erase <= len(self.text)
        self.text = self.text[: len(self.text) - erase] + text

    def user_types(self, text: str) -> None:
        self.text += text
        self.presses += 1

    def mark(self) -> object:
        return self.presses

    def unchanged(self, since: object) -> bool:
        return since == self.presses

    def set_hotkeys(self, hotkeys: Sequence[str]) -> None: ...

    def own_typing(self) -> AbstractContextManager[None]:
        return nullcontext()

    def close(self) -> None: ...


@pytest.fixture
def window() -> Window:
    return Window("Чужое. ")


@pytest.fixture
def text(window: Window) -> WindowText:
    return WindowText(window, window)


def test_a_growing_text_is_corrected_in_place(window: Window, text: WindowText) -> None:
    text.write(1, "Мама мыла", final=False)
    text.write(1, "Мама. Мыла раму", final=False)
    assert text.write(1, "Мама. Мыла раму. ", final=True) is None
    assert window.text == "Чужое. Мама. Мыла раму. "


def test_the_next_text_stands_apart_and_goes_on_in_the_sentence(window: Window, text: WindowText) -> None:
    text.write(1, "Мама,", final=True)
    assert text.continues()
    text.write(2, "папа.", final=True)
    assert window.text == "Чужое. Мама, папа."
    assert not text.continues()
    window.user_types("!")
    text.write(3, "Да.", final=True)
    assert window.text == "Чужое. Мама, папа.!Да."


def test_a_new_line_begins_with_a_capital(window: Window, text: WindowText) -> None:
    text.write(1, "Мама\n", final=True)
    assert not text.continues()


def test_what_the_user_touched_stays_and_what_is_missing_comes_at_the_end(window: Window, text: WindowText) -> None:
    text.write(1, "Мама мыла", final=False)
    window.user_types("<я>")
    text.write(1, "Мама. Мыла раму", final=False)
    assert window.text == "Чужое. Мама мыла<я>"
    message = text.write(1, "Мама. Мыла раму.", final=True)
    assert message is not None and message.code is MessageCode.TEXT_TOUCHED
    assert window.text == "Чужое. Мама мыла<я> раму."


def test_undo_takes_back_one_text_after_the_other_and_nothing_else(window: Window, text: WindowText) -> None:
    text.write(1, "Раз. ", final=True)
    text.write(2, "Два. ", final=True)
    text.obey(Deed.UNDO)
    assert window.text == "Чужое. Раз. "
    text.obey(Deed.UNDO)
    assert window.text == "Чужое. "
    with pytest.raises(InsertionError) as refused:
        text.obey(Deed.UNDO)
    assert refused.value.message.code is MessageCode.UNDO_REFUSED
    assert window.text == "Чужое. "


@pytest.mark.parametrize("grown", ["", "Два."])
def test_what_the_user_types_before_a_text_grows_is_behind_no_earlier_text(
    window: Window, text: WindowText, grown: str
) -> None:
    text.write(1, "Раз. ", final=True)
    text.write(2, "", final=False)
    window.user_types("я")
    text.write(2, grown, final=False)
    if grown:
        text.obey(Deed.UNDO)
    with pytest.raises(InsertionError):
        text.obey(Deed.UNDO)
    assert window.text == "Чужое. Раз. я"


@pytest.mark.parametrize("deed", [Deed.UNDO, Deed.DELETE_WORD, Deed.DELETE_SENTENCE, Deed.DELETE_ALL])
def test_nothing_is_taken_back_once_the_user_has_typed(window: Window, text: WindowText, deed: Deed) -> None:
    text.write(1, "Раз. ", final=True)
    window.user_types("я")
    with pytest.raises(InsertionError):
        text.obey(deed)
    assert window.text == "Чужое. Раз. я"


def test_a_word_is_deleted_and_the_next_dictation_goes_on(window: Window, text: WindowText) -> None:
    text.write(1, "Мама мыла раму. ", final=True)
    text.obey(Deed.DELETE_WORD)
    assert window.text == "Чужое. Мама мыла"
    assert text.continues()
    text.write(2, "окно.", final=True)
    assert window.text == "Чужое. Мама мыла окно."


def test_the_last_text_can_be_repeated(window: Window, text: WindowText) -> None:
    with pytest.raises(InsertionError) as nothing:
        text.obey(Deed.REPEAT)
    assert nothing.value.message.code is MessageCode.NOTHING_TO_REPEAT
    text.write(1, "Раз.", final=True)
    window.user_types("\n")
    text.obey(Deed.REPEAT)
    assert window.text == "Чужое. Раз.\nРаз."
    text.obey(Deed.UNDO)
    assert window.text == "Чужое. Раз.\n"


def test_a_dictation_goes_on_behind_what_was_inserted_again(window: Window, text: WindowText) -> None:
    text.write(1, "Раз. ", final=True)
    text.write(2, "Мама", final=False)
    text.obey(Deed.REPEAT)
    text.write(2, "Мама, папа", final=False)
    text.obey(Deed.REPEAT)
    text.write(2, "Мама, папа и я.", final=True)
    assert window.text == "Чужое. Раз. Мама Раз. папа Раз. и я."


def test_a_repetition_that_fails_doubles_nothing(window: Window, text: WindowText) -> None:
    def fail(new: str) -> UserMessage | None:
        raise InsertionError(MessageCode.INSERTION_FAILED, detail="x")

    text.write(1, "Раз. ", final=True)
    text.write(2, "Мама", final=False)
    insert, window.insert = window.insert, fail  # type: ignore[method-assign]
    with pytest.raises(InsertionError):
        text.obey(Deed.REPEAT)
    window.insert = insert  # type: ignore[method-assign]
    text.write(2, "Мама мыла.", final=True)
    assert window.text == "Чужое. Раз. Мама мыла."


def test_nothing_is_written_twice_when_a_text_was_inserted_again_last(window: Window, text: WindowText) -> None:
    text.write(1, "Раз. ", final=True)
    text.write(2, "Мама", final=False)
    text.obey(Deed.REPEAT)
    assert text.write(2, "Мама.", final=True) is None
    assert window.text == "Чужое. Раз. Мама Раз. "
    text.obey(Deed.UNDO)
    assert window.text == "Чужое. Раз. Мама"


def test_a_dictation_that_was_dropped_takes_its_text_along(window: Window, text: WindowText) -> None:
    text.write(1, "Раз", final=False)
    text.write(1, "", final=True)
    assert window.text == "Чужое. "


def test_nothing_more_is_erased_after_keys_that_were_sent_in_part(window: Window, text: WindowText) -> None:
    text.write(1, "Мама мыла", final=False)

    def erase_and_fail(erase: int, new: str, allowed: Callable[[], bool]) -> None:
        window.text = window.text[: len(window.text) - erase]
        raise InsertionError(MessageCode.INSERTION_FAILED, detail="x")

    window.replace_tail = erase_and_fail  # type: ignore[method-assign]
    with pytest.raises(InsertionError):
        text.write(1, "Мама шила", final=False)
    text.write(1, "Папа шил", final=False)
    text.write(1, "Мама шила.", final=True)
    assert window.text == "Чужое. Мама шила."
    with pytest.raises(InsertionError):
        text.obey(Deed.UNDO)


def test_a_text_in_the_clipboard_is_nothing_to_change(window: Window, text: WindowText) -> None:
    window.method = "clipboard"
    message = text.write(1, "Раз.", final=True)
    assert message is not None and message.code is MessageCode.TEXT_COPIED
    with pytest.raises(InsertionError):
        text.obey(Deed.UNDO)
    assert not text.continues()


def test_a_plain_target_inserts_final_texts_only() -> None:
    window = Window()
    target = PlainTarget(window)
    target.write(1, "Ра", final=False)
    target.write(1, "Раз.", final=True)
    target.write(2, "", final=True)
    assert window.text == "Раз." and not target.continues()
    with pytest.raises(InsertionError):
        target.obey(Deed.UNDO)


WORD = st.sampled_from(["раз", "Два.", "три,", "«да»", "\n", "😀", "25"])
STEP = st.one_of(
    st.tuples(st.just("write"), st.integers(1, 3), st.lists(WORD, max_size=4), st.booleans()),
    st.tuples(st.just("obey"), st.sampled_from([Deed.UNDO, Deed.DELETE_WORD, Deed.DELETE_SENTENCE, Deed.REPEAT])),
    st.just(("user",)),
)


@given(st.lists(STEP, max_size=25))
def test_whatever_happens_the_users_own_text_stays(steps: list[tuple[object, ...]]) -> None:
    window = Window("Ч")
    text = WindowText(window, window)
    typed = 0
    session = 1
    for step in steps:
        if step[0] == "write":
            text.write(session, " ".join(step[2]), final=bool(step[3]))  # type: ignore[arg-type]
            session += bool(step[3])
        elif step[0] == "user":
            window.user_types("Я")
            typed += 1
        else:
            try:
                text.obey(step[1])  # type: ignore[arg-type]
            except InsertionError:
                continue
    assert window.text.startswith("Ч") and window.text.count("Я") == typed
