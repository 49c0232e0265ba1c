"""Keeps the global hotkey alive: tries again when another program holds it. GUI thread."""

from __future__ import annotations

from voicetype.core.hotkeys import canonical, for_people, parse_hotkey
from voicetype.core.messages import HotkeyError, UserMessage
from voicetype.core.ports import HotkeyListener
from voicetype.qt import QtCore, Signal, Slot

_RETRY_MS = 5_000


class HotkeyKeeper(QtCore.QObject):
    """Registers one hotkey with `listener`, and again until that works.

    Signals:
        pressed(): somebody pressed it; from the listener's thread, so connect to methods of QObjects.
        regained(): it works now, after `start` could not register it.
    """

    pressed = Signal()
    regained = Signal()

    def __init__(self, listener: HotkeyListener, parent: QtCore.QObject | None = None) -> None:
        super().__init__(parent)
        self._listener = listener
        self._hotkey = ""
        self._works = False
        self._retry = QtCore.QTimer(self)
        self._retry.setInterval(_RETRY_MS)
        self._retry.timeout.connect(self._on_retry_due)

    def start(self, hotkey: str) -> UserMessage | None:
        """Listen for `hotkey`. Returns what is wrong; then it is tried again now and then."""
        self._hotkey = hotkey
        try:
            self._listener.start(hotkey, self.pressed.emit)
        except HotkeyError as error:
            self._retry.start()
            return error.message
        self._works = True
        return None

    def change(self, hotkey: str) -> None:
        """Listen for `hotkey` from now on. Raises HotkeyError; then the old one stays."""
        if self._works and canonical(parse_hotkey(hotkey)) == canonical(parse_hotkey(self._hotkey)):
            return
        self._listener.set_hotkey(hotkey)
        self._hotkey = hotkey
        self._works = True
        self._retry.stop()

    def shown(self) -> str:
        """The hotkey in force, as people read it; "" while there is none."""
        return for_people(parse_hotkey(self._hotkey)) if self._works else ""

    def stop(self) -> None:
        """Give the hotkey back; idempotent."""
        self._retry.stop()
        self._listener.stop()

    @Slot()
    def _on_retry_due(self) -> None:
        """The program that had it may have ended."""
        try:
            self._listener.set_hotkey(self._hotkey)
        except HotkeyError:
            return
        self._works = True
        self._retry.stop()
        self.regained.emit()
