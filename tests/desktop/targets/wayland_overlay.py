"""Shows the overlay as in a dictation and prints whether it can be seen. Ends by a signal."""

import sys

from voicetype.core.status import AppStatus, SessionState
from voicetype.qt import QtCore, QtWidgets
from voicetype.ui.overlay import Overlay

SHOWN_MS = 500


def tell() -> None:
    sys.stdout.write(f"{overlay.isVisible()}\n")
    sys.stdout.flush()


application = QtWidgets.QApplication([])
overlay = Overlay()
overlay.show_status(AppStatus(session=SessionState.LISTENING))
QtCore.QTimer.singleShot(SHOWN_MS, tell)
sys.exit(application.exec())
