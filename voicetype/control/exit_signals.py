"""SIGINT and SIGTERM as a Qt signal. Main thread; may import `qt`.

Python runs its signal handlers only between bytecodes, and Qt's event loop may run none for minutes. A wake-up socket
turns the signal into an event at once; where Qt cannot watch it (Windows), a slow timer gives Python its turn.
"""

from __future__ import annotations

import signal
import socket
import sys
from types import FrameType

from voicetype.qt import QtCore, Signal, Slot

_WINDOWS_POLL_MS = 200


class ExitSignals(QtCore.QObject):
    """Watches for the signals from its construction until `restore`.

    Signals:
        exit_requested(): the program is asked to end; told in the event loop.
    """

    exit_requested = Signal()

    def __init__(self, parent: QtCore.QObject | None = None) -> None:
        super().__init__(parent)
        numbers = (signal.SIGINT, signal.SIGTERM)
        self._previous = {number: signal.signal(number, self._on_signal) for number in numbers}
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self._previous_fd = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        if sys.platform == "win32":
            self._timer = QtCore.QTimer(self)
            self._timer.timeout.connect(self._let_python_run)
            self._timer.start(_WINDOWS_POLL_MS)
        else:
            self._notifier = QtCore.QSocketNotifier(self._reader.fileno(), QtCore.QSocketNotifier.Type.Read, self)
            self._notifier.activated.connect(self._let_python_run)

    def restore(self) -> None:
        """Put the previous handlers back."""
        if sys.platform != "win32":
            self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._previous_fd)
        for number, handler in self._previous.items():
            signal.signal(number, handler)
        self._reader.close()
        self._writer.close()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        # In the event loop, since one that comes before the loop has begun would end nothing.
        QtCore.QTimer.singleShot(0, self.exit_requested.emit)

    @Slot()
    def _let_python_run(self) -> None:
        """Being called is the purpose: the interpreter runs pending signal handlers on the way."""
        if sys.platform != "win32":
            self._reader.recv(64)
