"""Inserts texts into the focused window as VoiceType does.

Usage: insert.py METHOD TIMES FILE_WITH_TEXT, or insert.py alone: then each line of standard input is such a triple,
separated by tabs, and each is answered by a line: how long the insertion took in seconds, or what was wrong.
"""

import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from voicetype.control.paste import Inserter
from voicetype.core.messages import InsertionError
from voicetype.qt import QtCore, QtWidgets
from voicetype.system.clipboard_x11 import X11Clipboard
from voicetype.system.insertion import make_typer

application = QtWidgets.QApplication([])
typer = make_typer()
clipboard = X11Clipboard()
inserter = Inserter(typer, clipboard, "type")
problems: list[Exception] = []


def insert(method: str, times: str, file: str) -> None:
    text = Path(file).read_text(encoding="utf-8")
    inserter.set_method(method)
    for _ in range(int(times)):
        inserter.insert(text)


def serve() -> None:
    for line in sys.stdin:
        start = time.monotonic()
        try:
            insert(*line.rstrip("\n").split("\t"))
            answer = f"{time.monotonic() - start:.3f}"
        except InsertionError as error:
            answer = str(error.message.params["detail"])
        sys.stdout.write(answer + "\n")
        sys.stdout.flush()


def once() -> None:
    insert(*sys.argv[1:])


def work(task: Callable[[], None]) -> None:
    try:
        task()
    except Exception as error:  # noqa: BLE001  raised again below
        problems.append(error)
    QtCore.QMetaObject.invokeMethod(application, "quit", QtCore.Qt.ConnectionType.QueuedConnection)


thread = threading.Thread(target=work, args=(once if len(sys.argv) > 1 else serve,))
QtCore.QTimer.singleShot(0, thread.start)
application.exec()
thread.join()
clipboard.close()
typer.close()
if problems:
    raise problems[0]
