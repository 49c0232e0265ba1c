"""Keeps the GUI thread still while another one has the X server for itself. Any thread; may import `qt`.

Qt's calls that wait for the X server (to show a window, to ask for the pointer) keep the interpreter's lock meanwhile.
If such a call waits for a server that serves only another connection of this process, the thread of that connection
never gets the lock to let the server go, and the whole desktop stands still for good.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from voicetype.qt import QtCore, Signal, Slot

_PATIENCE_S = 0.5
"""How long the GUI thread may be busy with something else before nobody waits for it any more."""
_LONGEST_S = 5.0
"""A thread that never comes back must not take the user interface with it."""


class _Hold:
    def __init__(self) -> None:
        self.still = threading.Event()
        self.over = threading.Event()


class Stillness(QtCore.QObject):
    """Made in the GUI thread. One thread at a time may ask for it."""

    _asked = Signal(object)

    def __init__(self, parent: QtCore.QObject | None = None) -> None:
        super().__init__(parent)
        self._gui = threading.get_ident()
        self._last: _Hold | None = None
        self._asked.connect(self._on_asked, QtCore.Qt.ConnectionType.QueuedConnection)

    @contextmanager
    def __call__(self) -> Iterator[bool]:
        """Inside, the GUI thread does nothing; False when it is busy and may do anything."""
        if threading.get_ident() == self._gui:
            yield True
            return
        if self._last is not None and not self._last.still.is_set():
            yield False  # busy since the last time
            return
        hold = self._last = _Hold()
        self._asked.emit(hold)
        try:
            yield hold.still.wait(_PATIENCE_S)
        finally:
            hold.over.set()

    @Slot(object)
    def _on_asked(self, hold: _Hold) -> None:
        hold.still.set()
        hold.over.wait(_LONGEST_S)
