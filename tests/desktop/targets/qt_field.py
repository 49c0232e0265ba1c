"""A window with one text field that writes what stands in it to a file. Usage: qt_field.py FILE [TITLE CLASS]"""

import sys
from pathlib import Path

from voicetype.qt import QtWidgets

file = Path(sys.argv[1])
title, app = sys.argv[2:] or ("target field", "qt_field")
application = QtWidgets.QApplication([app])
field = QtWidgets.QPlainTextEdit()
field.setWindowTitle(title)
field.textChanged.connect(lambda: file.write_text(field.toPlainText(), encoding="utf-8"))
field.show()
field.setFocus()
sys.exit(application.exec())
