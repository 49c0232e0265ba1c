"""The life of the settings window: made anew at each opening, fed while it is in view. GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from voicetype.core.config import Config
from voicetype.core.levels import SoundLevel
from voicetype.core.messages import UserMessage
from voicetype.core.microphone_check import CheckResult
from voicetype.core.progress import Progress
from voicetype.core.status import AppStatus, Metrics
from voicetype.qt import QtCore, Slot

if TYPE_CHECKING:
    from voicetype.ui.settings_window import SettingsWindow

_METRICS_INTERVAL_MS = 2_000


class SettingsHost(QtCore.QObject):
    """Opens, feeds and closes the settings window; what it is told while there is none is forgotten.

    Args:
        make_window: a new window, connected to whoever wants its signals. Made at each opening, since microphones and
            models may have come meanwhile.
        read_metrics: the load of program and machine.
        parent: the Qt parent.
    """

    def __init__(
        self,
        make_window: Callable[[], SettingsWindow],
        read_metrics: Callable[[], Metrics],
        parent: QtCore.QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._make_window = make_window
        self._read_metrics = read_metrics
        self._window: SettingsWindow | None = None
        self._metrics_timer = QtCore.QTimer(self)
        self._metrics_timer.setInterval(_METRICS_INTERVAL_MS)
        self._metrics_timer.timeout.connect(self._on_metrics_due)

    def open(self, config: Config, status: AppStatus) -> None:
        """Show the window, in front of the others."""
        window = self._window
        if window is None or not window.isVisible():
            if window is not None:
                window.deleteLater()
            window = self._window = self._make_window()
        window.set_config(config)
        window.show_status(status)
        self._on_metrics_due()
        self._metrics_timer.start()
        window.show()
        window.raise_()
        window.activateWindow()

    def set_config(self, config: Config) -> None:
        """These are the settings in force."""
        if self._window is not None:
            self._window.set_config(config)

    def show_status(self, status: AppStatus) -> None:
        """Show the models' states and the unsolved problem."""
        if self._window is not None:
            self._window.show_status(status)

    def show_problem(self, message: UserMessage) -> None:
        """Say what is wrong, if somebody sees it."""
        if self._window is not None and self._window.isVisible():
            self._window.show_problem(message)

    @Slot(str)
    @Slot(str, object)
    def show_installation(self, name: str, progress: Progress | None = None) -> None:
        """Show how far a model's installation is; without progress: it begins."""
        if self._window is not None:
            library = self._window.tabs.library
            if progress is None:
                library.show_started(name)
            else:
                library.show_progress(name, progress)

    @Slot(str)
    def show_installation_end(self, name: str) -> None:
        """It is over: show what is there now."""
        if self._window is not None:
            self._window.tabs.library.show_ended(name)
            self._window.tabs.refresh_models()

    @Slot(str)
    def show_preview(self, text: str) -> None:
        """Show the finished text of the words that were typed to try the settings."""
        if self._window is not None:
            self._window.tabs.preview.show_text(text)

    @Slot(object)
    def set_level(self, level: SoundLevel) -> None:
        """Show the microphone's level."""
        if self._window is not None:
            self._window.tabs.level.set_level(level)

    @Slot(object)
    def show_microphone_check(self, result: CheckResult) -> None:
        """Say how the user was heard."""
        if self._window is not None:
            self._window.tabs.test.show_result(result)

    def close(self) -> None:
        """Close the window, if there is one."""
        if self._window is not None:
            self._window.close()

    @Slot()
    def _on_metrics_due(self) -> None:
        if self._window is None or (self._metrics_timer.isActive() and not self._window.isVisible()):
            self._metrics_timer.stop()
            return
        self._window.tabs.panel.set_metrics(self._read_metrics())
