"""A window with one text field that writes what stands in it to a file. Usage: qt_field.py FILE [TITLE CLASS [KIND]]

Kinds: plain, rich, line.
"""

import sys
from pathlib import Path

from voicetype.qt import QtWidgets

file = Path(sys.argv[1])
usual = ["target field", "qt_field", "plain"]
title, app, kind = sys.argv[2:] + usual[len(sys.argv) - 2 :]
application = QtWidgets.QApplication([app])
field = {"plain": QtWidgets.QPlainTextEdit, "rich": QtWidgets.QTextEdit, "line": QtWidgets.QLineEdit}[kind]()


def text() -> str:
    if isinstance(field, QtWidgets.QLineEdit):
        return field.text()
    # Not toPlainText(), which makes plain spaces of those that do not break.
    return field.document().toRawText().replace("\u2029", "\n")


field.setWindowTitle(title)
field.textChanged.connect(lambda: file.write_text(text(), encoding="utf-8"))
field.resize(600, 300)
field.show()
field.setFocus()
sys.exit(application.exec())
