"""What stands behind the settings window: vocabulary, preview, library, level of the microphone. GUI thread.

A part of the composition root: it knows the concrete classes that only this window needs.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from voicetype import store
from voicetype.control.level_monitor import LevelMonitor
from voicetype.control.microphone_check import MicrophoneCheck
from voicetype.control.model_installation import ModelInstallation
from voicetype.control.model_manager import LazyModelManager
from voicetype.control.preview import Preview
from voicetype.control.standby import Standby
from voicetype.core.config import Config
from voicetype.core.messages import ConfigError, UserMessage
from voicetype.core.ports import AudioSource
from voicetype.core.status import AppStatus
from voicetype.library import installation_actions, library_models
from voicetype.models import installed_models
from voicetype.qt import QtCore, QtGui, Signal, Slot
from voicetype.records.files import recordings_dir
from voicetype.system.autostart import make_autostart
from voicetype.system.metrics import MetricsReader, machine_memory_mb
from voicetype.system.microphone import SoundDeviceMicrophone, list_devices
from voicetype.system.voice_activity import make_speech_spans
from voicetype.text_stage import TextStage
from voicetype.ui.settings_host import SettingsHost
from voicetype.vocabulary_desk import VocabularyDesk

if TYPE_CHECKING:
    from voicetype.ui.settings_window import SettingsWindow


class SettingsDesk(QtCore.QObject):
    """The settings window and those who do what it asks for.

    Signals:
        capturing(bool): a hotkey's field waits for what is pressed, or no longer.
        config_submitted(Config): the user wants these settings.
        message_raised(UserMessage): something to tell.
        models_changed(str): a model was installed or removed, or was to be; its name.
    """

    capturing = Signal(bool)
    config_submitted = Signal(object)
    message_raised = Signal(object)
    models_changed = Signal(str)

    def __init__(
        self,
        config: Config,
        models: LazyModelManager,
        text_stage: TextStage,
        standby: Standby,
        check_hotkey: Callable[[str, str], None],
        parent: QtCore.QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._config = config
        self._check_hotkey = check_hotkey
        self._standby = standby
        self._autostart = make_autostart()
        self._microphone = config.audio.device
        self._check = MicrophoneCheck(make_speech_spans, self)
        self.monitor = LevelMonitor(self._make_source, self._check, self)
        self.monitor.failed.connect(self.message_raised)
        self._vocabulary = VocabularyDesk(self.message_raised.emit, self)
        self._preview = Preview(models, text_stage.begin_with, self)
        self._installation = ModelInstallation(installation_actions(), self)
        self.host = SettingsHost(self._make_window, MetricsReader().read, self)
        self.monitor.level_changed.connect(self.host.set_level)
        self._check.ended.connect(self.host.show_microphone_check)
        models.state_changed.connect(self._preview.on_model_state)
        self._preview.ready.connect(self.host.show_preview)
        # Windows does not let go of the files of a loaded model.
        self._installation.started.connect(models.unload_models)
        self._installation.started.connect(self.host.show_installation)
        self._installation.progressed.connect(self.host.show_installation)
        self._installation.ended.connect(self._on_installation_ended)

    def open(self, config: Config, status: AppStatus) -> None:
        """Show the settings window."""
        self._config = config
        self.host.open(config, status)

    def set_config(self, config: Config) -> None:
        """These settings are in force from now on."""
        changed = self._config.audio.device != config.audio.device
        self._config = config
        if changed:
            self.monitor.restart()
        self.host.set_config(config)

    def shutdown(self, timeout_s: float) -> None:
        """Close the window and end what runs behind it; bounded."""
        self.monitor.shutdown()
        self._installation.shutdown(timeout_s)
        self._preview.shutdown()
        self.host.close()

    def _make_window(self) -> SettingsWindow:
        # Its modules are a tenth of what the program imports, and most runs never open it.
        from voicetype.ui.settings_window import SettingsWindow

        window = SettingsWindow(
            self._config,
            list_devices=lambda: self._standby.list_devices(list_devices),
            check_hotkey=self._check_hotkey,
            list_models=installed_models,
            list_library=lambda: library_models(machine_memory_mb()),
            read_autostart=self._autostart.state,
        )
        window.autostart_requested.connect(self._on_autostart_wanted)
        window.capturing.connect(self.capturing)
        window.config_submitted.connect(self.config_submitted)
        self._on_microphone_chosen(self._config.audio.device)
        window.level_monitor_requested.connect(self._on_level_wanted)
        window.microphone_chosen.connect(self._on_microphone_chosen)
        window.microphone_test_requested.connect(self._check.start)
        window.vocabulary_requested.connect(self._vocabulary.open)
        window.terms_import_requested.connect(self._vocabulary.take_in)
        window.preview_requested.connect(self._preview.ask)
        window.finished.connect(self._preview.forget)
        window.install_requested.connect(self._installation.install)
        window.import_requested.connect(self._installation.take_in)
        window.remove_requested.connect(self._installation.remove)
        window.cancel_requested.connect(self._installation.cancel)
        window.folder_requested.connect(partial(_show_folder, store.models_dir))
        window.recordings_requested.connect(partial(_show_folder, lambda: recordings_dir(store.data_dir())))
        if name := self._installation.busy_with:  # a download that stalls tells nothing, and can be cancelled
            window.tabs.library.show_started(name)
        return window

    def _make_source(self, *, replacement: bool = False) -> AudioSource:
        """The microphone that is chosen in the window, which the settings in force may not name yet."""
        if self._microphone == self._config.audio.device:
            return self._standby(replacement=replacement)
        return SoundDeviceMicrophone(self._microphone, replacement=replacement)

    @Slot(bool)
    def _on_autostart_wanted(self, on: bool) -> None:
        try:
            self._autostart.set(on)
        except ConfigError as error:
            self.message_raised.emit(error.message)

    @Slot(bool)
    def _on_level_wanted(self, wanted: bool) -> None:
        self._check.cancel()
        self.monitor.set_wanted(wanted)

    @Slot(str)
    def _on_microphone_chosen(self, name: str) -> None:
        if name != self._microphone:
            self._microphone = name
            self.monitor.restart()

    @Slot(str, object)
    def _on_installation_ended(self, name: str, message: UserMessage | None) -> None:
        self.models_changed.emit(name)
        self.host.show_installation_end(name)
        if message is not None:
            self.message_raised.emit(message)


def _show_folder(find: Callable[[], Path]) -> None:
    folder = find()
    with contextlib.suppress(OSError):  # where it cannot be made, the file manager says so
        folder.mkdir(parents=True, exist_ok=True)
    QtGui.QDesktopServices.openUrl(QtCore.QUrl.fromLocalFile(str(folder)))
