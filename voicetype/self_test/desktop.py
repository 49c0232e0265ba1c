"""Checks with a window of their own: it is shown, typed into and pasted into. Main thread.

Keys are aimed at this window, so that another one which takes the focus meanwhile gets none of them.
"""

from __future__ import annotations

import contextlib
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from voicetype.core.ports import Clipboard, TargetWindow
from voicetype.qt import QtCore, QtGui, QtWidgets
from voicetype.self_test.edit_control import show_edit_control
from voicetype.self_test.harness import (
    PATIENCE_S,
    Failed,
    Skipped,
    application,
    in_thread,
    need_desktop,
    pause,
    run_self,
    start_self,
    wait_until,
)
from voicetype.self_test.report import CHILD_ARGUMENT, CLIPBOARD_CONTENTS, PASTE_FIELD, Result, State
from voicetype.system.clipboard import make_clipboard
from voicetype.system.insertion import Typer, make_typer
from voicetype.system.targets import make_target_windows
from voicetype.ui.tray import Tray

_TEXT = "Привет, «ёлка» — test №5 😀!"
_PASTED = "Вставлено: «щётка»"
_BEFORE = "что было в буфере"
_OWN_FORMAT = "application/x-voicetype-self-test"
_PNG = "image/png"
_PICTURES = ("image/", "application/x-qt-image")
_PICTURE_PX = (24, 16)
_READY = "ready"
_FIELD_S = 60.0
"""Its end comes from outside; this is for when nobody is left to end it."""
_PLAIN_COLORS = 3
_SETTLED_S = 2.0
"""Half of it after the last reading the old contents come back."""


def window() -> str:
    """A window appears on the screen and has contents."""
    with shown(QtWidgets.QPlainTextEdit()) as field:
        field.insertPlainText(_TEXT)
        picture = field.grab().toImage()
        colors = {picture.pixel(x, y) for x in range(picture.width()) for y in range(picture.height())}
        if len(colors) <= _PLAIN_COLORS:
            raise Failed("the window is empty")
        return f"{QtGui.QGuiApplication.platformName()}, scale {field.devicePixelRatioF():g}, {len(colors)} colours"


def tray() -> str:
    """The icon appears in the tray."""
    need_desktop()
    if not QtWidgets.QSystemTrayIcon.isSystemTrayAvailable():
        raise Skipped("this desktop has no tray")
    icon = Tray()
    icon.show()
    try:
        wait_until(icon.visible, "the icon")
        return icon.tooltip()
    finally:
        icon.hide()


def typing() -> str:
    """Keys are sent, and what stands in the field is what was to be typed."""
    need_desktop()
    field = QtWidgets.QPlainTextEdit()
    with shown(field):
        give_focus(field)
        with _aimed(lambda target: target.own) as typer:
            in_thread(lambda: typer.type_text(_TEXT), "typing")
        wait_until(lambda: len(field.toPlainText()) >= len(_TEXT), f"the text, and not {field.toPlainText()!r},")
        if field.toPlainText() != _TEXT:
            raise Failed(f"in the field stands {field.toPlainText()!r}")
        return field.toPlainText()


def clipboard() -> str:
    """A text is pasted into another process, and what the clipboard held before is there again, in all its formats.

    What the user has in it is put back at the end.
    """
    need_desktop()
    board = make_clipboard()
    if board is None:
        raise Skipped("the clipboard of this desktop cannot be lent")
    with contextlib.closing(board), _users_clipboard(), _other_field() as (typer, text):
        QtGui.QGuiApplication.clipboard().setMimeData(_contents())
        before = _formats()
        in_thread(lambda: _paste(board, typer), "pasting", 2 * PATIENCE_S)
        wait_until(lambda: bool(text()), "the pasted text")
        if text() != _PASTED:
            raise Failed(f"in the field stands {text()!r}")
        pause(_SETTLED_S)
        # By a key: who asks with the time of the first press, late, is meant to get the dictated text.
        in_thread(typer.press_paste, "pasting again")
        wait_until(lambda: text() != _PASTED, "the old contents")
        if text() != _PASTED + _BEFORE:
            raise Failed(f"after pasting again in the field stands {text()!r}")
        if (after := _seen_by_another_program()) != before:
            changed = [name for name in before if after.get(name) != before[name]]
            raise Failed(f"not as before: {', '.join(changed)}")
        return f"pasted; {', '.join(before)} came back"


def pinned_window() -> str:
    """Another program's window is known again, is no elevated one, and comes back to the front from behind."""
    need_desktop()
    field = QtWidgets.QPlainTextEdit()
    with _other_field() as (typer, _text):
        windows = make_target_windows(typer)
        try:
            target = in_thread(windows.current, "the window with the focus")
            if target is None or not target.id:
                raise Skipped("windows cannot be told apart here")
            if target.own or target.elevated:
                raise Failed("it is taken for an own or an elevated one")
            with shown(field):
                give_focus(field)
                wait_until(lambda: not windows.focused(target), "the focus of the own window")
                if not in_thread(lambda: windows.focus(target), "the other window's focus"):
                    raise Failed("it does not get the focus back")
                return f"{target.app or 'a window'} came back"
        finally:
            windows.close()


def paste_field() -> str:
    """No check: a window whose text goes to standard output, a JSON string a line, until somebody ends the process."""
    if sys.platform == "win32":
        show_edit_control(lambda: _say(_READY), lambda text: _say(json.dumps(text)), _FIELD_S)
        return ""
    application()
    field = QtWidgets.QPlainTextEdit()
    field.textChanged.connect(lambda: _say(json.dumps(field.toPlainText())))
    with shown(field):
        give_focus(field)
        _say(_READY)
        pause(_FIELD_S)
    return ""


def clipboard_contents() -> str:
    """No check: what is in the clipboard, as JSON, seen by a process of its own."""
    application()
    return json.dumps(_formats())


@contextlib.contextmanager
def shown(field: QtWidgets.QPlainTextEdit) -> Iterator[QtWidgets.QPlainTextEdit]:
    """The field in a window on the screen."""
    application()
    field.setWindowTitle("VoiceType: проверка")
    field.setWindowFlag(QtCore.Qt.WindowType.WindowStaysOnTopHint)
    field.resize(480, 120)
    field.show()
    try:
        wait_until(lambda: (handle := field.windowHandle()) is not None and handle.isExposed(), "the window")
        yield field
    finally:
        field.close()
        field.deleteLater()


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


@contextlib.contextmanager
def _other_field() -> Iterator[tuple[Typer, Callable[[], str]]]:
    """`paste_field` with the focus; keys go to its window alone. Yields what sends them, and what tells its text."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        output = Path(folder) / "field.txt"
        with output.open("wb") as file:
            process = start_self(CHILD_ARGUMENT, str(Path(folder) / "results.jsonl"), PASTE_FIELD, stdout=file)

        def lines() -> list[str]:
            return output.read_text(encoding="utf-8").splitlines()

        try:
            wait_until(lambda: _READY in lines() or process.poll() is not None, "the other window", 2 * PATIENCE_S)
            with _aimed(lambda target: target.pid in {0, process.pid}) as typer:
                yield typer, lambda: str(json.loads(texts[-1])) if (texts := lines()[1:]) else ""
        finally:
            process.kill()
            process.wait()


def give_focus(field: QtWidgets.QPlainTextEdit) -> None:
    """Give the field the focus. Raises Failed when it does not get it."""
    field.activateWindow()
    field.raise_()
    field.setFocus()
    wait_until(lambda: field.hasFocus() and field.isActiveWindow(), "the focus of the window")


@contextlib.contextmanager
def _aimed(right: Callable[[TargetWindow], bool]) -> Iterator[Typer]:
    """Keys go to the window alone that has the focus. Raises Failed when that is not the `right` one."""
    typer = make_typer()
    windows = make_target_windows(typer)
    try:
        target = in_thread(windows.current, "the window with the focus")
        if target is None:
            raise Failed("no window has the focus")
        if target.id and not right(target):
            raise Failed("another window has the focus")
        typer.aim(target.id)
        yield typer
    finally:
        windows.close()
        typer.close()


def _paste(board: Clipboard, typer: Typer) -> None:
    loan = board.lend(_PASTED)
    if loan is None:
        raise Failed("the contents of the clipboard could not be kept")
    loan.arm()
    typer.press_paste()
    loan.wait_taken()


def _contents() -> QtCore.QMimeData:
    picture = QtGui.QImage(*_PICTURE_PX, QtGui.QImage.Format.Format_RGB32)
    picture.fill(QtGui.QColor("teal"))
    data = QtCore.QMimeData()
    data.setText(_BEFORE)
    data.setHtml(f"<b>{_BEFORE}</b>")
    encoded = QtCore.QBuffer()
    encoded.open(QtCore.QIODevice.OpenModeFlag.WriteOnly)
    picture.save(encoded, "PNG")  # type: ignore[call-overload]
    data.setData(_PNG, encoded.data())
    data.setData(_OWN_FORMAT, bytes(range(256)))
    return data


def _formats() -> dict[str, str]:
    """What of `_contents` is in the clipboard now."""
    data = QtGui.QGuiApplication.clipboard().mimeData()
    found: dict[str, str] = {}
    if data.hasText():
        found["text"] = data.text()
    if data.hasHtml() and _BEFORE in data.html():
        found["html"] = _BEFORE
    if data.hasFormat(_OWN_FORMAT):
        found["own format"] = bytes(data.data(_OWN_FORMAT).data()).hex()
    if data.hasFormat(_PNG):
        picture = QtGui.QImage.fromData(data.data(_PNG))
        found["picture"] = f"{picture.width()}x{picture.height()} {picture.pixelColor(1, 1).name()}"
    return found


def _seen_by_another_program() -> dict[str, str]:
    """`_formats` there: here Qt reads while it holds Python's lock, and the clipboard's own thread could not answer."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        file = Path(folder) / "contents.jsonl"
        run_self(CHILD_ARGUMENT, str(file), CLIPBOARD_CONTENTS)
        result = Result.from_data(json.loads(file.read_text(encoding="utf-8").splitlines()[-1]))
    if result.state is not State.OK:
        raise Failed(f"the clipboard cannot be read: {result.detail}")
    found: dict[str, str] = json.loads(result.detail)
    return found


@contextlib.contextmanager
def _users_clipboard() -> Iterator[None]:
    """Put back afterwards what the user has copied."""
    board = QtGui.QGuiApplication.clipboard()
    present = board.mimeData()
    kept = QtCore.QMimeData()
    for name in present.formats():
        if not name.startswith(_PICTURES):  # a score of encodings, each of which its owner would have to make
            kept.setData(name, present.data(name))
    if present.hasImage():
        kept.setImageData(present.imageData())
    try:
        yield
    finally:
        if kept.formats():
            board.setMimeData(kept)
        else:
            board.clear()
