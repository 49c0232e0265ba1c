"""A window with one text field that writes what stands in it to a file. Usage: qt_field.py FILE"""

import sys
from pathlib import Path

from voicetype.qt import QtWidgets

file = Path(sys.argv[1])
application = QtWidgets.QApplication([])
field = QtWidgets.QPlainTextEdit()
field.setWindowTitle("target field")
field.textChanged.connect(lambda: file.write_text(field.toPlainText(), encoding="utf-8"))
field.show()
field.setFocus()
sys.exit(application.exec())
