"""Inserts texts into the focused window as VoiceType does. Usage: insert.py METHOD TIMES FILE_WITH_TEXT"""

import sys
import threading
from pathlib import Path

from voicetype.control.paste import Inserter
from voicetype.qt import QtCore, QtWidgets
from voicetype.system.clipboard_x11 import X11Clipboard
from voicetype.system.insertion import make_typer

method, times, text = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]).read_text(encoding="utf-8")
application = QtWidgets.QApplication([])
typer = make_typer()
clipboard = X11Clipboard()
inserter = Inserter(typer, clipboard, method)
problems: list[Exception] = []


def work() -> None:
    try:
        for _ in range(times):
            inserter.insert(text)
    except Exception as error:  # noqa: BLE001  raised again below
        problems.append(error)
    QtCore.QMetaObject.invokeMethod(application, "quit", QtCore.Qt.ConnectionType.QueuedConnection)


thread = threading.Thread(target=work)
QtCore.QTimer.singleShot(0, thread.start)
application.exec()
thread.join()
clipboard.close()
typer.close()
if problems:
    raise problems[0]
