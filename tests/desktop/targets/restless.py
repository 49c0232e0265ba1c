"""A user interface that waits for the X server all the time while a text is typed. Usage: restless.py TEXT ROUNDS"""

import sys
import threading

from voicetype.control.stillness import Stillness
from voicetype.qt import QtCore, QtGui, QtWidgets
from voicetype.system.insertion import make_typer

app = QtWidgets.QApplication([])
typer = make_typer(Stillness())


def ask() -> None:
    for _ in range(20):
        QtGui.QCursor.pos()


def work() -> None:
    for _ in range(int(sys.argv[2])):
        typer.type_text(sys.argv[1])
    QtCore.QMetaObject.invokeMethod(app, "quit", QtCore.Qt.ConnectionType.QueuedConnection)


timer = QtCore.QTimer()
timer.timeout.connect(ask)
timer.start(0)
threading.Thread(target=work, daemon=True).start()
app.exec()
timer.stop()
typer.close()
