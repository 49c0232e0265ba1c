"""Which way a text takes: lent clipboard and chord, keys, or the clipboard alone; and where it is when that fails."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from voicetype.control import clipboard as clipboard_module
from voicetype.control.clipboard import QtClipboard
from voicetype.control.paste import Inserter
from voicetype.core.messages import InsertionError, Level, MessageCode, UserMessage
from voicetype.qt import QtGui

TEXT = "Привет, «ёлка» 😀\nвторая строка"
LIMIT_MS = 20_000  # only bounds a test that has failed already
OLD = "то, что было"


def failure(detail: str) -> InsertionError:
    return InsertionError(MessageCode.INSERTION_FAILED, detail=detail)


class Board:
    """A clipboard. `done` keeps what was asked of it; `lends` and `takes` say whether it can be lent and is read."""

    def __init__(self, done: list[str | int], *, lends: bool = True, takes: bool = True) -> None:
        self.text = OLD
        self.lends = lends
        self.takes = takes
        self.focus = True
        self.done = done

    def copy(self, text: str) -> None:
        self.done.append("copy")
        self.text = text

    def lend(self, text: str) -> Board | None:
        if not self.lends:
            return None
        self.done.append("lend")
        self.text = text
        return self

    def arm(self) -> None:
        if not self.focus:
            raise failure("no window has the focus")
        self.done.append("arm")

    def wait_taken(self) -> None:
        self.done.append("wait")
        if not self.takes:
            raise failure("it did not ask for the text")
        self.text = OLD

    def close(self) -> None:
        self.done.append("close")


class Keyboard:
    """Writes down in `done` what is pressed, and where the program's own typing begins and ends."""

    def __init__(self, done: list[str | int]) -> None:
        self.done = done
        self.error: InsertionError | None = None

    def type_text(self, text: str) -> None:
        self._press(text)

    def erase(self, count: int, allowed: Callable[[], bool] = lambda: True) -> None:
        if not allowed():
            raise failure("touched")
        self.done.append(count)

    def press_paste(self, chord: str = "") -> None:
        self._press(chord or "paste")

    @contextlib.contextmanager
    def own_typing(self) -> Iterator[None]:
        self.done.append("<")
        yield
        self.done.append(">")

    def _press(self, keys: str) -> None:
        if self.error:
            raise self.error
        self.done.append(keys)


@pytest.fixture
def done() -> list[str | int]:
    return []


@pytest.fixture
def board(done: list[str | int]) -> Board:
    return Board(done)


@pytest.fixture
def keyboard(done: list[str | int]) -> Keyboard:
    return Keyboard(done)


def inserter(board: Board, keyboard: Keyboard, method: str) -> Inserter:
    return Inserter(keyboard, board, method, own_typing=keyboard.own_typing)


def test_a_paste_is_lent_armed_pressed_and_waited_for(board: Board, keyboard: Keyboard, done: list[str | int]) -> None:
    assert inserter(board, keyboard, "paste").insert(TEXT) is None
    assert done == ["lend", "arm", "<", "paste", ">", "wait"]
    assert board.text == OLD


def test_a_window_with_a_chord_of_its_own_gets_that(board: Board, keyboard: Keyboard, done: list[str | int]) -> None:
    Inserter(keyboard, board, "paste", chord=lambda: "ctrl+shift+v").insert(TEXT)
    assert done == ["lend", "arm", "ctrl+shift+v", "wait"]


def test_contents_that_cannot_be_kept_stay_and_the_text_is_typed(
    board: Board, keyboard: Keyboard, done: list[str | int]
) -> None:
    board.lends = False
    assert inserter(board, keyboard, "paste").insert(TEXT) is None
    assert done == ["<", TEXT, ">"]
    assert board.text == OLD


def test_a_paste_that_nobody_takes_leaves_the_text_where_it_is(
    board: Board, keyboard: Keyboard, done: list[str | int]
) -> None:
    board.takes = False
    with pytest.raises(InsertionError):
        inserter(board, keyboard, "paste").insert(TEXT)
    assert done[-1] == "wait"  # and it is not copied anew: the window may be about to read it
    assert board.text == TEXT


def test_without_a_window_no_chord_is_pressed(board: Board, keyboard: Keyboard, done: list[str | int]) -> None:
    board.focus = False
    with pytest.raises(InsertionError):
        inserter(board, keyboard, "paste").insert(TEXT)
    assert done == ["lend", "copy"]
    assert board.text == TEXT


@pytest.mark.parametrize("method", ["type", "paste"])
def test_a_keyboard_that_fails_leaves_the_text_in_the_clipboard(board: Board, keyboard: Keyboard, method: str) -> None:
    keyboard.error = failure("no keyboard")
    with pytest.raises(InsertionError) as error:
        inserter(board, keyboard, method).insert(TEXT)
    assert error.value is keyboard.error
    assert board.text == TEXT


def test_the_clipboard_method_copies_and_presses_nothing(
    board: Board, keyboard: Keyboard, done: list[str | int]
) -> None:
    told = inserter(board, keyboard, "clipboard").insert(TEXT)
    assert told == UserMessage(MessageCode.TEXT_COPIED, Level.INFO)
    assert done == ["copy"]


def test_typing_leaves_the_clipboard_alone_and_the_method_can_be_changed(
    board: Board, keyboard: Keyboard, done: list[str | int]
) -> None:
    changing = inserter(board, keyboard, "type")
    changing.insert(TEXT)
    assert done == ["<", TEXT, ">"]
    changing.set_method("clipboard")
    changing.insert(TEXT)
    assert board.text == TEXT


def test_typed_text_is_replaced_in_one_piece_of_own_typing(
    board: Board, keyboard: Keyboard, done: list[str | int]
) -> None:
    typing = inserter(board, keyboard, "type")
    typing.insert("стало")
    typing.replace_tail(2, "ло быть")
    typing.replace_tail(0, "!")
    assert done == ["<", "стало", ">", "<", 2, "ло быть", ">", "<", "!", ">"]
    assert board.text == OLD


def test_text_that_may_not_be_replaced_any_more_stays(board: Board, keyboard: Keyboard) -> None:
    with pytest.raises(InsertionError):
        inserter(board, keyboard, "type").replace_tail(3, TEXT, lambda: False)
    assert board.text == TEXT


@pytest.mark.parametrize("method", ["type", "paste", "clipboard"])
def test_text_that_replaces_nothing_is_kept(
    board: Board, keyboard: Keyboard, done: list[str | int], method: str
) -> None:
    keyboard.error = failure("the window went away")
    with pytest.raises(InsertionError):
        inserter(board, keyboard, method).replace_tail(3, TEXT)
    assert board.text == TEXT
    assert done == (["<", 3, "copy"] if method == "type" else ["copy"])


def test_where_the_clipboard_cannot_be_lent_qt_copies(qtbot: Any, qapp: Any) -> None:
    board = QtClipboard()
    assert board.lend(TEXT) is None
    with ThreadPoolExecutor(1) as pool:
        copied = pool.submit(board.copy, TEXT)
        qtbot.waitUntil(copied.done, timeout=LIMIT_MS)
        copied.result()
    assert QtGui.QGuiApplication.clipboard().text() == TEXT
    QtGui.QGuiApplication.clipboard().clear()
    board.close()


def test_a_user_interface_that_hangs_is_told_and_not_waited_for(
    qapp: Any, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clipboard_module, "_ANSWER_TIMEOUT_S", 0.01)
    board = QtClipboard()
    with ThreadPoolExecutor(1) as pool, pytest.raises(InsertionError):
        pool.submit(board.copy, TEXT).result()  # this thread, the GUI's, serves nothing meanwhile
