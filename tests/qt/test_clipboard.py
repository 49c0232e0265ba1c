"""The clipboard is lent for a paste and comes back whole; when a paste or typing fails, the text is in it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest

from voicetype.control import clipboard as clipboard_module
from voicetype.control.clipboard import ClipboardService
from voicetype.control.paste import Inserter
from voicetype.core.messages import InsertionError, Level, MessageCode, UserMessage
from voicetype.qt import QtCore, QtGui, Signal, Slot

T = TypeVar("T")
TEXT = "Привет, «ёлка» 😀\nвторая строка"
LIMIT_MS = 20_000  # only bounds a test that has failed already
SOON_MS = 30


class Target(QtCore.QObject):
    """The focused window and its keyboard: on the paste chord it does, in the GUI thread, what a test says.

    Attributes:
        on_paste: what the window does.
        given: what `read` found.
        keys: what was typed and erased, and where the program's own typing began and ended.
        error: raised in place of key events.
    """

    _pasted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.given: list[str] = []
        self.keys: list[str | int] = []
        self.on_paste: Callable[[], object] = self.read
        self.error: InsertionError | None = None
        self._pasted.connect(self._on_pasted, QtCore.Qt.ConnectionType.QueuedConnection)

    def read(self) -> None:
        self.given.append(QtGui.QGuiApplication.clipboard().text())

    def type_text(self, text: str) -> None:
        if self.error:
            raise self.error
        self.keys.append(text)

    def erase(self, count: int, allowed: Callable[[], bool] = lambda: True) -> None:
        if not allowed():
            raise InsertionError(MessageCode.INSERTION_FAILED, detail="touched")
        self.keys.append(count)

    @contextlib.contextmanager
    def own_typing(self) -> Iterator[None]:
        self.keys.append("<")
        yield
        self.keys.append(">")

    def press_paste(self) -> None:
        if self.error:
            raise self.error
        self.keys.append("paste")
        self._pasted.emit()

    @Slot()
    def _on_pasted(self) -> None:
        self.on_paste()


@pytest.fixture
def board(qapp: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[QtGui.QClipboard]:
    """The clipboard, empty before and after."""
    monkeypatch.setattr(clipboard_module, "_QUIET_MS", SOON_MS)
    board = QtGui.QGuiApplication.clipboard()
    board.clear()
    yield board
    board.clear()


@pytest.fixture
def service(board: QtGui.QClipboard) -> ClipboardService:
    return ClipboardService()


@pytest.fixture
def target(qapp: Any) -> Target:
    return Target()


def blocking(qtbot: Any, call: Callable[[], T]) -> T:
    """Run `call` as the insertion thread does, while the GUI thread serves it; returns or raises what it does."""
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(call)
        qtbot.waitUntil(done.done, timeout=LIMIT_MS)
        return done.result()


def insert(qtbot: Any, target: Target, service: ClipboardService, method: str) -> UserMessage | None:
    return blocking(qtbot, lambda: Inserter(target, service, method).insert(TEXT))


def assert_kept(board: QtGui.QClipboard, error: pytest.ExceptionInfo[InsertionError]) -> None:
    assert error.value.message.code is MessageCode.INSERTION_FAILED
    assert board.text() == TEXT


def plain() -> QtCore.QMimeData:
    data = QtCore.QMimeData()
    data.setText("то, что было — 10 %")
    return data


def formatted() -> QtCore.QMimeData:
    data = plain()
    data.setHtml("<p>то, <b>что было</b></p>")
    return data


def picture() -> QtCore.QMimeData:
    image = QtGui.QImage(3, 2, QtGui.QImage.Format.Format_RGB32)
    image.fill(QtGui.QColor("teal"))
    image.setPixelColor(1, 1, QtGui.QColor("gold"))
    data = QtCore.QMimeData()
    data.setImageData(image)
    return data


def files() -> QtCore.QMimeData:
    data = QtCore.QMimeData()
    data.setUrls([QtCore.QUrl.fromLocalFile("/tmp/отчёт 1.txt"), QtCore.QUrl("https://example.org/a?b=c")])
    data.setData("x-special/gnome-copied-files", b"cut\nfile:///tmp/a")
    return data


def custom() -> QtCore.QMimeData:
    data = QtCore.QMimeData()
    data.setData("application/x-own", bytes(range(256)))
    data.setData("application/x-empty", b"")
    return data


def contents(data: QtCore.QMimeData) -> dict[str, object]:
    """Everything in `data` that a program could ask for."""
    found: dict[str, object] = {name: bytes(data.data(name).data()) for name in data.formats()}
    return {**found, "urls": data.urls(), "image": data.imageData() if data.hasImage() else None}


@pytest.mark.parametrize("make", [plain, formatted, picture, files, custom])
def test_a_paste_gives_all_formats_back(
    qtbot: Any, board: QtGui.QClipboard, service: ClipboardService, target: Target, make: Callable[[], QtCore.QMimeData]
) -> None:
    before = contents(make())
    board.setMimeData(make())
    assert insert(qtbot, target, service, "paste") is None
    assert target.given == [TEXT]
    assert contents(board.mimeData()) == before


def test_a_paste_leaves_an_empty_clipboard_empty(
    qtbot: Any, board: QtGui.QClipboard, service: ClipboardService, target: Target
) -> None:
    insert(qtbot, target, service, "paste")
    assert target.given == [TEXT]
    left = board.mimeData()  # None: this platform's way to say empty
    assert left is None or left.formats() == []


def test_a_target_that_does_not_take_the_paste_leaves_the_text_in_the_clipboard(
    qtbot: Any,
    board: QtGui.QClipboard,
    service: ClipboardService,
    target: Target,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(clipboard_module, "_RECEIPT_TIMEOUT_MS", SOON_MS)
    board.setMimeData(plain())
    target.on_paste = list
    with pytest.raises(InsertionError) as error:
        insert(qtbot, target, service, "paste")
    assert_kept(board, error)


def test_a_clipboard_manager_that_reads_before_the_chord_is_no_receipt(
    qtbot: Any,
    board: QtGui.QClipboard,
    service: ClipboardService,
    target: Target,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(clipboard_module, "_RECEIPT_TIMEOUT_MS", SOON_MS)
    board.dataChanged.connect(target.read)
    tickets: list[object] = []
    try:
        blocking(qtbot, lambda: tickets.append(service.offer(TEXT)))
    finally:
        board.dataChanged.disconnect(target.read)
    assert target.given == [TEXT]
    QtCore.QCoreApplication.processEvents()  # its reading is known before the chord

    def paste() -> None:
        service.arm(tickets[0])
        service.wait_taken(tickets[0])

    with pytest.raises(InsertionError) as error:
        blocking(qtbot, paste)
    assert_kept(board, error)


def test_what_somebody_copies_during_a_paste_stays(
    qtbot: Any, board: QtGui.QClipboard, service: ClipboardService, target: Target
) -> None:
    def read_and_copy() -> None:
        target.read()
        board.setText("скопировано только что")

    board.setMimeData(plain())
    target.on_paste = read_and_copy
    insert(qtbot, target, service, "paste")
    assert target.given == [TEXT]
    assert board.text() == "скопировано только что"


def test_a_failed_chord_leaves_the_text_although_somebody_read_it(
    qtbot: Any, board: QtGui.QClipboard, service: ClipboardService, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As under X11 and Windows, where the text that `copy` leaves belongs to the program as the lent one did."""
    monkeypatch.setattr(QtGui.QClipboard, "ownsClipboard", lambda board: True)

    def refuse() -> None:
        QtCore.QMetaObject.invokeMethod(target, "_on_pasted", QtCore.Qt.ConnectionType.BlockingQueuedConnection)
        raise InsertionError(MessageCode.INSERTION_FAILED, detail="no keyboard")

    board.setMimeData(plain())
    monkeypatch.setattr(target, "press_paste", refuse)
    with pytest.raises(InsertionError) as error:
        insert(qtbot, target, service, "paste")
    qtbot.wait(2 * SOON_MS)  # the old contents would be back by then
    assert target.given == [TEXT]
    assert_kept(board, error)


def test_a_failed_chord_does_not_disturb_the_next_paste(
    qtbot: Any,
    board: QtGui.QClipboard,
    service: ClipboardService,
    target: Target,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(clipboard_module, "_RECEIPT_TIMEOUT_MS", SOON_MS)
    target.error = InsertionError(MessageCode.INSERTION_FAILED, detail="no keyboard")
    with pytest.raises(InsertionError):
        insert(qtbot, target, service, "paste")
    board.setMimeData(plain())
    target.error = None
    tickets: list[object] = []
    blocking(qtbot, lambda: tickets.append(service.offer(TEXT)))
    qtbot.wait(2 * SOON_MS)  # the first paste's time would be up, before the second one's chord

    def paste() -> None:
        service.arm(tickets[0])
        target.press_paste()
        service.wait_taken(tickets[0])

    blocking(qtbot, paste)
    assert target.given == [TEXT]
    assert contents(board.mimeData()) == contents(plain())


@pytest.mark.parametrize("method", ["type", "paste"])
def test_a_keyboard_that_fails_leaves_the_text_in_the_clipboard(
    qtbot: Any, board: QtGui.QClipboard, service: ClipboardService, target: Target, method: str
) -> None:
    board.setMimeData(formatted())
    target.error = InsertionError(MessageCode.INSERTION_FAILED, detail="no keyboard")
    with pytest.raises(InsertionError) as error:
        insert(qtbot, target, service, method)
    assert error.value is target.error
    assert_kept(board, error)
    assert board.mimeData().formats() == ["text/plain"]


def test_the_clipboard_method_copies_and_presses_nothing(
    qtbot: Any, board: QtGui.QClipboard, service: ClipboardService, target: Target
) -> None:
    board.setMimeData(formatted())
    target.error = InsertionError(MessageCode.INSERTION_FAILED, detail="a key was pressed")
    told = insert(qtbot, target, service, "clipboard")
    assert told == UserMessage(MessageCode.TEXT_COPIED, Level.INFO)
    assert board.text() == TEXT
    assert board.mimeData().formats() == ["text/plain"]


def test_typing_leaves_the_clipboard_alone_and_the_method_can_be_changed(
    qtbot: Any, board: QtGui.QClipboard, service: ClipboardService, target: Target
) -> None:
    board.setMimeData(formatted())
    inserter = Inserter(target, service, "type")
    inserter.insert(TEXT)
    assert contents(board.mimeData()) == contents(formatted())
    inserter.set_method("clipboard")
    blocking(qtbot, lambda: inserter.insert(TEXT))
    assert board.text() == TEXT


def test_typed_text_is_replaced_in_one_piece_of_own_typing(
    qtbot: Any, board: QtGui.QClipboard, service: ClipboardService, target: Target
) -> None:
    inserter = Inserter(target, service, "type", own_typing=target.own_typing)
    inserter.insert("стало")
    inserter.replace_tail(2, "ло быть")
    inserter.replace_tail(0, "!")
    assert target.keys == ["<", "стало", ">", "<", 2, "ло быть", ">", "<", "!", ">"]
    assert board.text() == ""


def test_the_paste_chord_is_own_typing(
    qtbot: Any, board: QtGui.QClipboard, service: ClipboardService, target: Target
) -> None:
    inserter = Inserter(target, service, "paste", own_typing=target.own_typing)
    blocking(qtbot, lambda: inserter.insert(TEXT))
    assert target.keys == ["<", "paste", ">"]


def test_text_that_may_not_be_replaced_any_more_stays(
    qtbot: Any, board: QtGui.QClipboard, service: ClipboardService, target: Target
) -> None:
    inserter = Inserter(target, service, "type")
    with pytest.raises(InsertionError) as error:
        blocking(qtbot, lambda: inserter.replace_tail(3, TEXT, lambda: False))
    assert_kept(board, error)
    assert target.keys == []


@pytest.mark.parametrize("method", ["type", "paste", "clipboard"])
def test_text_that_replaces_nothing_is_kept(
    qtbot: Any, board: QtGui.QClipboard, service: ClipboardService, target: Target, method: str
) -> None:
    target.error = InsertionError(MessageCode.INSERTION_FAILED, detail="the window went away")
    inserter = Inserter(target, service, method)
    with pytest.raises(InsertionError) as error:
        blocking(qtbot, lambda: inserter.replace_tail(3, TEXT))
    assert_kept(board, error)
    assert target.keys == ([3] if method == "type" else [])


def test_a_user_interface_that_hangs_is_told_and_not_waited_for(
    service: ClipboardService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clipboard_module, "_ANSWER_TIMEOUT_S", 0.01)
    for call in (service.copy, service.offer, lambda text: service.arm(clipboard_module._Job(text))):
        with ThreadPoolExecutor(1) as pool, pytest.raises(InsertionError):
            pool.submit(call, TEXT).result()  # this thread, the GUI's, serves nothing meanwhile
    QtCore.QCoreApplication.processEvents()
