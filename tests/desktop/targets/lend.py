"""Offers every kind of contents in both selections, or inserts a text and stays.

Usage: lend.py own | lend.py paste TEXT [CHORD] | lend.py clipboard TEXT
Says on standard output what it has done, line by line; ends with its standard input.
"""

import sys
import threading

from voicetype.control.paste import Inserter
from voicetype.core.messages import InsertionError
from voicetype.qt import QtCore, QtGui, QtWidgets
from voicetype.system.clipboard_x11 import X11Clipboard
from voicetype.system.insertion import make_typer

PICTURE_SIZE = (64, 48)
PATIENCE_S = 3.0
BIG = 4_000  # repeated so often it is larger than what the X server hands over in one piece


def tell(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def contents() -> QtCore.QMimeData:
    image = QtGui.QImage(*PICTURE_SIZE, QtGui.QImage.Format.Format_RGB32)
    image.fill(QtGui.QColor("teal"))
    image.setPixelColor(1, 2, QtGui.QColor("gold"))
    data = QtCore.QMimeData()
    data.setText("то, что было")
    data.setHtml("<b>то, что было</b>")
    data.setImageData(image)
    data.setUrls([QtCore.QUrl.fromLocalFile("/tmp/отчёт 1.txt")])
    data.setData("application/x-own", bytes(range(256)) * BIG)
    return data


def insert(method: str, text: str) -> None:
    typer = make_typer()
    try:
        Inserter(typer, service, method, chord=lambda: "".join(sys.argv[3:])).insert(text)
        tell("inserted")
    except InsertionError as error:
        tell(error.message.params["detail"])
    typer.close()


application = QtWidgets.QApplication([])
board = QtGui.QGuiApplication.clipboard()
service = X11Clipboard(receipt_timeout_s=PATIENCE_S)
work = None
if sys.argv[1] == "own":
    for mode in (QtGui.QClipboard.Mode.Clipboard, QtGui.QClipboard.Mode.Selection):
        board.setMimeData(contents(), mode)
    QtCore.QTimer.singleShot(0, lambda: tell("owned"))
else:
    work = threading.Thread(target=insert, args=(sys.argv[1], sys.argv[2]))
    QtCore.QTimer.singleShot(0, work.start)


def wait_for_the_end() -> None:
    sys.stdin.read()
    QtCore.QMetaObject.invokeMethod(application, "quit", QtCore.Qt.ConnectionType.QueuedConnection)


threading.Thread(target=wait_for_the_end).start()
application.exec()
if work is not None:
    work.join()
service.close()
