"""The tick for the start at sign-in, which is the system's setting and none of the file. GUI thread.

May import `qt`, `i18n`, `core` and `ui`.
"""

from __future__ import annotations

from collections.abc import Callable

from voicetype.core.autostart import AutostartState
from voicetype.i18n import translate
from voicetype.qt import QtWidgets, Signal
from voicetype.ui.status_panel import faint_label


class AutostartBox(QtWidgets.QWidget):
    """Shows what the system says, and what the user wants instead.

    Signals:
        edited(): the tick changed.
    """

    edited = Signal()

    def __init__(self, read_state: Callable[[], AutostartState]) -> None:
        super().__init__()
        self._read_state = read_state
        self._shown = False
        self.tick = QtWidgets.QCheckBox(translate("Settings", "Start at sign-in"))
        self._note = faint_label(
            translate("Settings", "It is switched off in the system's list of startup programs. A tick switches it on.")
        )
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addWidget(self.tick)
        layout.addWidget(self._note)
        self.reload()
        self.tick.toggled.connect(self.edited)

    def reload(self) -> None:
        """Show what the system says now; an edit is forgotten."""
        state = self._read_state()
        self._shown = state is AutostartState.ON
        self._note.setVisible(state is AutostartState.REFUSED)
        self.tick.setChecked(self._shown)

    def wanted(self) -> bool | None:
        """What is to be set; None when nothing is to change."""
        return None if self.tick.isChecked() == self._shown else self.tick.isChecked()
