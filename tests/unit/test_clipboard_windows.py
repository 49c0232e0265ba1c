"""The clipboard under Windows, against a clipboard that keeps to Win32's rules."""

from __future__ import annotations

import ctypes
import queue
import threading
from collections.abc import Callable, Iterator

import pytest

from voicetype.core.messages import InsertionError, MessageCode
from voicetype.system import clipboard_lending, clipboard_windows
from voicetype.system.clipboard_windows import MARKS, WindowsClipboard
from voicetype.system.win32_clipboard import (
    CF_UNICODETEXT,
    WM_DESTROYCLIPBOARD,
    WM_RENDERALLFORMATS,
    WM_RENDERFORMAT,
)
from voicetype.system.win32_window import GuiThread, Message

TEXT = "Привет, «ёлка» 😀\nвторая строка"
OURS = (TEXT.replace("\n", "\r\n") + "\0").encode("utf-16-le")
HTML, FILES, DRAWN_BY_OWNER, BITMAP, DIB = 0xC001, 15, 0x80, 2, 8
OLD = {HTML: b"<b>old</b>", FILES: b"files\0\0", DIB: bytes(range(256)) * 100}
EDITOR, MANAGER = 41, 42
LIMIT_S = 20.0


class Board:
    """Windows' clipboard and its programs. What a test does with it counts as done by another program.

    Attributes:
        contents: None for what is promised.
        front: process that has the focus.
        held: whether some program does not let go of the clipboard.
        slow: seconds that the owner takes for a format.
    """

    def __init__(self) -> None:
        self.contents: dict[int, bytes | None] = dict(OLD)
        self.names: list[str] = []
        self.own = False
        self.front = EDITOR
        self.held = False
        self.slow = 0.0
        self.promised = threading.Semaphore(0)
        self.changed = threading.Semaphore(0)
        self._reader = 0
        self._on_message: Callable[[int, int], None]
        self._messages: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()

    def make(self, on_message: Callable[[int, int], None]) -> Board:
        self._on_message = on_message
        return self

    def read(self, process: int, number: int = CF_UNICODETEXT) -> bytes | None:
        """Another program reads: what is promised is rendered in the owner's thread meanwhile."""
        given: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()

        def render() -> None:
            if number in self.contents and self.contents[number] is None:
                self._reader = process
                self._on_message(WM_RENDERFORMAT, number)
                self._reader = 0
            given.put(self.contents.get(number))

        self._messages.put(render)
        return given.get(timeout=LIMIT_S)

    def copy(self, contents: dict[int, bytes]) -> None:
        """Another program copies."""
        done = threading.Event()

        def change() -> None:
            was_own, self.own = self.own, False
            self.contents = dict(contents)
            if was_own:
                self._on_message(WM_DESTROYCLIPBOARD, 0)
            done.set()

        self._messages.put(change)
        assert done.wait(LIMIT_S)

    def end(self) -> None:
        """Windows asks for what is promised, since the window is taken away."""
        done = threading.Event()

        def ask() -> None:
            self._on_message(WM_RENDERALLFORMATS, 0)
            done.set()

        self._messages.put(ask)
        assert done.wait(LIMIT_S)

    # What the program calls

    def wake(self) -> None:
        self._messages.put(lambda: None)

    def wait(self, seconds: float | None) -> None:
        try:
            self._messages.get(timeout=seconds)()
        except queue.Empty:
            return

    def open(self) -> bool:
        return not self.held

    def close(self) -> None:
        (self.promised if None in self.contents.values() else self.changed).release()

    def is_own(self) -> bool:
        return self.own

    def empty(self) -> None:
        was_own, self.own = self.own, True
        self.contents = {}
        if was_own:
            self._on_message(WM_DESTROYCLIPBOARD, 0)

    def formats(self) -> list[int]:
        return list(self.contents)

    def get(self, number: int) -> bytes | None:
        threading.Event().wait(self.slow)
        assert number != DRAWN_BY_OWNER
        return self.contents[number]

    def put(self, number: int, data: bytes) -> bool:
        self.contents[number] = data
        return True

    def promise(self, number: int) -> None:
        self.contents[number] = None

    def register(self, name: str) -> int:
        if name not in self.names:
            self.names.append(name)
        return 0xC100 + self.names.index(name)

    def reader(self) -> int:
        return self._reader

    def focused(self) -> frozenset[int]:
        return frozenset({self.front} - {0})

    def leave(self) -> None:
        pass


@pytest.fixture
def board() -> Board:
    return Board()


@pytest.fixture
def clipboard(board: Board) -> Iterator[WindowsClipboard]:
    made = WindowsClipboard(receipt_timeout_s=LIMIT_S, settle_s=0.02, make_calls=board.make)
    yield made
    made.close()


def lent(board: Board, clipboard: WindowsClipboard) -> clipboard_lending.ClipboardLoan[object]:
    loan = clipboard.lend(TEXT)
    assert loan is not None and board.promised.acquire(timeout=LIMIT_S)
    return loan  # type: ignore[return-value]


def put_back(board: Board) -> None:
    assert board.changed.acquire(timeout=LIMIT_S)


@pytest.mark.skipif(ctypes.sizeof(ctypes.c_void_p) != 8, reason="sizes of a 64-bit process")
def test_the_structures_are_those_of_win32() -> None:
    assert (ctypes.sizeof(GuiThread), ctypes.sizeof(Message)) == (72, 48)


def test_a_text_is_only_promised_and_marked(board: Board, clipboard: WindowsClipboard) -> None:
    lent(board, clipboard)
    assert board.contents[CF_UNICODETEXT] is None
    marks = {name: board.contents[board.register(name)] for name in board.names}
    assert marks == MARKS
    assert {marks["CanIncludeInClipboardHistory"], marks["CanUploadToCloudClipboard"]} == {bytes(4)}


def test_all_formats_are_back_when_the_window_has_read(board: Board, clipboard: WindowsClipboard) -> None:
    loan = lent(board, clipboard)
    loan.arm()
    assert board.read(EDITOR) == OURS
    loan.wait_taken()
    put_back(board)
    assert board.contents == OLD


def test_an_empty_clipboard_is_empty_again(board: Board, clipboard: WindowsClipboard) -> None:
    board.contents = {}
    loan = lent(board, clipboard)
    loan.arm()
    board.read(EDITOR)
    loan.wait_taken()
    put_back(board)
    assert board.contents == {}


def test_what_windows_makes_itself_is_not_copied(board: Board, clipboard: WindowsClipboard) -> None:
    board.contents = {**OLD, BITMAP: b"a handle", DRAWN_BY_OWNER: b"nothing"}
    loan = lent(board, clipboard)
    loan.arm()
    board.read(EDITOR)
    loan.wait_taken()
    put_back(board)
    assert board.contents == OLD


@pytest.mark.parametrize("armed", [False, True])
def test_a_clipboard_manager_is_no_receipt_and_uses_none_up(
    board: Board, clipboard: WindowsClipboard, armed: bool
) -> None:
    loan = lent(board, clipboard)
    if armed:
        loan.arm()
    assert board.read(MANAGER) == OURS
    assert board.promised.acquire(timeout=LIMIT_S)  # again, so that the next reader is told of too
    if not armed:
        loan.arm()
    assert not loan.over.is_set()
    assert board.read(EDITOR) == OURS
    loan.wait_taken()
    put_back(board)
    assert board.contents == OLD


def test_the_window_itself_before_the_chord_is_no_receipt(board: Board, clipboard: WindowsClipboard) -> None:
    loan = lent(board, clipboard)
    board.read(EDITOR)
    assert board.promised.acquire(timeout=LIMIT_S)
    loan.arm()
    assert not loan.over.is_set()
    board.read(EDITOR)
    loan.wait_taken()


NOBODY = 0


@pytest.mark.parametrize("reader", [NOBODY, MANAGER])
def test_who_reads_because_of_the_chord_is_the_window_whatever_it_says(board: Board, reader: int) -> None:
    clipboard = WindowsClipboard(receipt_timeout_s=LIMIT_S, settle_s=0.02, make_calls=board.make, quiet_s=0.02)
    loan = lent(board, clipboard)
    loan.arm()
    assert board.read(reader) == OURS
    loan.wait_taken()
    put_back(board)
    assert board.contents == OLD
    clipboard.close()


def test_who_watches_the_clipboard_is_never_taken_for_the_window(board: Board) -> None:
    clipboard = WindowsClipboard(receipt_timeout_s=1.5, settle_s=0.02, make_calls=board.make, quiet_s=1.0)
    loan = lent(board, clipboard)
    assert board.read(NOBODY) == OURS
    assert board.promised.acquire(timeout=LIMIT_S)
    loan.arm()
    assert board.read(NOBODY) == OURS  # it has read before the chord too
    for _ in range(clipboard_windows._MOST_PROMISES - 2):  # and this one reads whatever is new
        assert board.promised.acquire(timeout=LIMIT_S)
        assert board.read(MANAGER) == OURS
    with pytest.raises(InsertionError):
        loan.wait_taken()
    assert board.contents == {CF_UNICODETEXT: OURS}, "the old contents would be pasted in its place"
    clipboard.close()


def test_a_window_that_does_not_read_leaves_the_text_for_good(board: Board) -> None:
    clipboard = WindowsClipboard(receipt_timeout_s=0.02, settle_s=0.02, make_calls=board.make)
    loan = lent(board, clipboard)
    loan.arm()
    with pytest.raises(InsertionError) as error:
        loan.wait_taken()
    assert error.value.message.code is MessageCode.INSERTION_FAILED
    assert board.contents == {CF_UNICODETEXT: OURS}  # an ordinary copy, without marks
    assert board.read(EDITOR) == OURS
    clipboard.close()
    assert board.contents == {CF_UNICODETEXT: OURS}


def test_what_somebody_copies_meanwhile_stays(board: Board, clipboard: WindowsClipboard) -> None:
    loan = lent(board, clipboard)
    loan.arm()
    board.copy({HTML: b"newer"})
    with pytest.raises(InsertionError) as error:
        loan.wait_taken()
    assert error.value.message.code is MessageCode.CLIPBOARD_TAKEN
    assert board.contents == {HTML: b"newer"}


def test_the_end_of_the_window_adds_nothing_to_what_somebody_has_copied(
    board: Board, clipboard: WindowsClipboard
) -> None:
    lent(board, clipboard)
    board.end()
    assert board.contents[CF_UNICODETEXT] == OURS
    board.copy({HTML: b"newer"})
    board.end()
    assert board.contents == {HTML: b"newer"}


def test_what_somebody_copies_after_the_reading_stays(board: Board, clipboard: WindowsClipboard) -> None:
    loan = lent(board, clipboard)
    loan.arm()
    board.read(EDITOR)
    board.copy({HTML: b"newer"})
    loan.wait_taken()
    put_back(board)
    assert board.contents == {HTML: b"newer"}


def test_a_slow_owner_is_not_waited_for_and_keeps_what_it_has(
    board: Board, clipboard: WindowsClipboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clipboard_lending, "_SAVE_TIMEOUT_S", 0.01)
    board.slow = 0.03
    assert clipboard.lend(TEXT) is None
    assert board.contents == OLD
    board.held = True
    assert clipboard.lend(TEXT) is None


def test_a_clipboard_that_nobody_can_keep_is_not_lent(board: Board, clipboard: WindowsClipboard) -> None:
    board.contents = {BITMAP: b"a handle"}
    assert clipboard.lend(TEXT) is None
    assert board.contents == {BITMAP: b"a handle"}


def test_no_window_no_chord(board: Board, clipboard: WindowsClipboard) -> None:
    loan = lent(board, clipboard)
    board.front = 0
    with pytest.raises(InsertionError):
        loan.arm()
    clipboard.copy(TEXT)
    assert board.contents == {CF_UNICODETEXT: OURS}


def test_the_end_of_the_program_puts_back_what_was_read(board: Board, clipboard: WindowsClipboard) -> None:
    loan = lent(board, clipboard)
    loan.arm()
    board.read(EDITOR)
    loan.wait_taken()
    clipboard.close()
    assert board.contents == OLD


def test_two_pastes_in_a_row_wait_for_each_other(board: Board, clipboard: WindowsClipboard) -> None:
    for _ in range(2):
        loan = lent(board, clipboard)
        loan.arm()
        assert board.read(EDITOR) == OURS
        loan.wait_taken()
    put_back(board)
    put_back(board)
    assert board.contents == OLD


def test_a_clipboard_that_fails_is_told(board: Board, clipboard: WindowsClipboard) -> None:
    board.held = True
    with pytest.raises(InsertionError):
        clipboard.copy(TEXT)
