"""The composition root: builds every part of the program, connects them, and takes them down in reverse.

No model and no microphone is touched before the first dictation; of the engines' libraries only Windows loads
onnxruntime, in the Qt gate, because of the order of DLLs. GUI thread.
"""

from __future__ import annotations

import sys
import threading
import time
from dataclasses import replace

from loguru import logger

from voicetype import i18n, store
from voicetype.control.cues import Cues
from voicetype.control.dictation import SessionSettings
from voicetype.control.hotkey_keeper import HotkeyKeeper
from voicetype.control.memory_guard import MemoryGuard
from voicetype.control.model_manager import LazyModelManager
from voicetype.control.session_controller import SessionController, SessionParts
from voicetype.control.single_instance import CANCEL, QUIT, START, STOP, TOGGLE
from voicetype.control.standby import Standby
from voicetype.core.config import Config
from voicetype.core.messages import Level, MessageCode, UserMessage, VoiceTypeError
from voicetype.core.ports import AudioSource
from voicetype.core.status import (
    CAPTURING,
    PUNCTUATION,
    SPEECH,
    AppStatus,
    ModelState,
    ModelStatus,
    SessionState,
    missing_punctuation,
)
from voicetype.insertion import Insertion
from voicetype.models import (
    chosen_models,
    make_loaders,
    make_model_loader,
    memory_shortage,
    unload_timeout_s,
)
from voicetype.qt import QtCore, QtWidgets, Signal, Slot
from voicetype.settings_desk import SettingsDesk
from voicetype.system import linux, windows
from voicetype.system.cue_player import SystemCuePlayer
from voicetype.system.hotkey import PynputHotkeyListener, make_key_source
from voicetype.system.metrics import machine_memory_mb, memory_free_mb, memory_used
from voicetype.system.microphone import SoundDeviceMicrophone, warm_up
from voicetype.system.portal_shortcuts import Surroundings
from voicetype.system.voice_activity import make_speech_spans
from voicetype.text_stage import TextStage
from voicetype.texts_desk import TextsDesk
from voicetype.ui.messages import action_names
from voicetype.ui.overlay import Overlay
from voicetype.ui.tray import Tray

_EXIT_GRACE_MS = 15_000
"""How long an exit waits for a dictation that is being finished, models still loading included."""
_WORKER_GRACE_S = 5.0
_ERROR_PAUSE_S = 10.0


class Application(QtCore.QObject):
    """One running VoiceType.

    Signals:
        unexpected_error(): from any thread, by the exception hooks.
        problem_found(UserMessage): from any thread.
    """

    unexpected_error = Signal()
    problem_found = Signal(object)

    def __init__(self, qt_app: QtWidgets.QApplication, config: Config) -> None:
        super().__init__()
        self._qt_app = qt_app
        self._config = config
        self._chosen = chosen_models(config)
        self._problem: UserMessage | None = None
        self._model_loader = make_model_loader()
        self._exiting = False
        self._quiet_until = 0.0
        trim = windows.trim_memory if sys.platform == "win32" else linux.trim_memory
        self.models = LazyModelManager(
            make_loaders(config, self._model_loader),
            unload_timeout_s=unload_timeout_s(config, machine_memory_mb()),
            load_timeout_s=config.models.load_timeout_seconds,
            trim=trim,
            parent=self,
        )
        self._memory_guard = MemoryGuard(self.models, memory_used, self)
        self._memory_guard.configure(_pressure(config))
        portal = Surroundings(lambda name: action_names().get(name, name), self.problem_found.emit)
        listener = PynputHotkeyListener(lambda on_key: make_key_source(on_key, portal))
        self._hotkey = HotkeyKeeper(listener, self)
        self._insertion = Insertion(config, listener.suspended, listener.wait_until_let_go, self)
        self._text_stage = TextStage(config, self.problem_found.emit)
        self._standby = Standby(self._make_source)
        self._texts = TextsDesk(config.history, self._insertion.queue, self)
        self._cues = Cues(SystemCuePlayer(), config.audio, self)
        self.session = SessionController(
            SessionParts(
                self.models,
                self._standby,
                self._insertion.queue,
                self._text_stage.begin,
                self._texts.records,
                make_speech_spans,
                self._cues.guard,
            ),
            SessionSettings.from_config(config),
            self,
        )
        self.tray = Tray(self)
        self._overlay = Overlay()
        self._settings = SettingsDesk(config, self.models, self._text_stage, self._standby, self._hotkey.check, self)
        # The sound library would delay the first press by a tenth of a second.
        self._warm_up = threading.Thread(target=warm_up, name="sound-warm-up", daemon=True)
        self._connect()

    def start(self, problems: tuple[UserMessage, ...]) -> None:
        """Show the tray, begin to listen for the hotkey and tell `problems`, which the start found."""
        self.tray.show()
        if not QtWidgets.QSystemTrayIcon.isSystemTrayAvailable():
            self.open_settings()  # before anything is told: there is no other place for it
            self._tell(UserMessage(MessageCode.NO_TRAY, Level.WARNING))
        for found in (*problems, *self._insertion.problems()):
            self._tell(found)
        for problem in self._hotkey.start(self._config.hotkeys):
            self._tell(problem)
        self._render()
        logger.info("ready for the hotkey")
        self._warm_up.start()
        self._standby.configure(self._config.audio.pre_roll_ms)
        self._texts.records.look()
        if not self._config.models.lazy_loading:
            wanted = (SPEECH,) if self._config.models.preload == "speech" else (SPEECH, PUNCTUATION)
            QtCore.QTimer.singleShot(0, lambda: self.models.load_models(wanted))

    def shutdown(self) -> None:
        """Take everything down in reverse order; each step is bounded."""
        self._hotkey.stop()
        self.session.shutdown(_WORKER_GRACE_S)
        self._insertion.close()
        self.models.shutdown(_WORKER_GRACE_S)
        self._settings.shutdown(_WORKER_GRACE_S)
        self._standby.shutdown()
        self.tray.hide()
        self._overlay.close()
        self._texts.shutdown(_WORKER_GRACE_S)
        self._cues.close()
        if self._warm_up.is_alive():
            # The interpreter unmaps the sound library at its end, also from under a thread that is still in it.
            self._warm_up.join(_WORKER_GRACE_S)

    @Slot()
    def exit_when_done(self) -> None:
        """Quit; a dictation in progress is finished and inserted first, within a bound."""
        if self._exiting:
            return
        self._exiting = True
        if not self.session.busy:
            self._qt_app.quit()
            return
        self.session.settled.connect(self._qt_app.quit)
        self.session.finish(for_good=True)
        QtCore.QTimer.singleShot(_EXIT_GRACE_MS, self._qt_app.quit)

    @Slot(str)
    def on_command(self, command: str) -> None:
        """A later start of the program asks for `command`."""
        session = self.session
        {
            TOGGLE: session.toggle,
            START: session.begin,
            STOP: session.finish,
            CANCEL: session.cancel,
            QUIT: self.exit_when_done,
        }[command]()

    @Slot()
    def open_settings(self) -> None:
        """Show the settings window."""
        self._chosen = chosen_models(self._config)
        self._settings.open(self._config, self._status())

    def _connect(self) -> None:
        self._hotkey.begin_requested.connect(self.session.begin)
        self._hotkey.stop_requested.connect(self.session.finish)
        self._hotkey.cancel_requested.connect(self.session.cancel)
        self._hotkey.refused.connect(self._tell)
        for source in (self._hotkey, self.tray):
            self._texts.obey(source)
        for presses in (self.tray.presses, self._texts.presses):
            presses.pressed.connect(self._insertion.excuse)
        self.tray.recover_requested.connect(self._texts.recover)
        self._texts.attend(self.session)
        self._texts.message_raised.connect(self._tell)
        self._texts.changed.connect(self._render)
        self._hotkey.regained.connect(self._on_solved)
        self.unexpected_error.connect(self._on_unexpected_error)
        self.problem_found.connect(self._tell)
        self.tray.toggle_requested.connect(self.session.toggle)
        self.tray.settings_requested.connect(self.open_settings)
        self.tray.quit_requested.connect(self.exit_when_done)
        self.models.state_changed.connect(self._on_model_state_changed)
        self.models.state_changed.connect(self._memory_guard.on_model_state)
        self.session.state_changed.connect(self._on_session_state_changed)
        self.session.message_raised.connect(self._tell)
        self.session.delivered.connect(self._on_solved)
        self.session.closed.connect(self._on_microphone_closed)
        self.session.transcript_ready.connect(self._overlay.set_transcript)
        self.session.level_changed.connect(self._overlay.set_level)
        self.session.level_changed.connect(self._settings.host.set_level)
        self._settings.capturing.connect(self._hotkey.set_capturing)
        self._settings.config_submitted.connect(self._on_config_submitted)
        self._settings.message_raised.connect(self._tell)
        self._settings.models_changed.connect(self._on_models_changed)

    def _make_source(self, *, replacement: bool = False) -> AudioSource:
        return SoundDeviceMicrophone(self._config.audio.device, replacement=replacement)

    def _status(self) -> AppStatus:
        chosen = self._chosen
        return AppStatus(
            session=self.session.state,
            speech=replace(self.models.status(SPEECH), model=chosen.speech),
            punctuation=replace(
                self.models.status(PUNCTUATION), model=chosen.punctuation, engine=chosen.punctuation_engine
            ),
            problem=self._problem,
            hotkey=self._hotkey.shown(),
            hotkey_is_held=self._hotkey.shown_is_held(),
            demonstration=chosen.demonstration,
            last_text=self._texts.has_last,
            recordings=self._texts.kept_count,
        )

    def _render(self) -> None:
        status = self._status()
        self.tray.render(status)
        if self._config.ui.overlay:
            self._overlay.show_status(status)
        self._settings.host.show_status(status)

    @Slot(object)
    def _tell(self, message: UserMessage) -> None:
        logger.info("message {} {}", message.code.value, dict(message.params))
        if message.code is MessageCode.UNEXPECTED_ERROR:
            message = replace(message, params={"log": str(store.log_dir())})
        if message.level is Level.ERROR:
            self._problem = message
            self._cues.fail(listening=self.session.capturing)
        if not self._texts.tell(message):
            self.tray.show_message(message)
        self._settings.host.show_problem(message)
        self._render()

    @Slot(object)
    def _on_model_state_changed(self, status: ModelStatus) -> None:
        logger.debug("model {} {}", status.name, status.state.value)
        if status.state is ModelState.LOADING:
            self._chosen = chosen_models(self._config)
            if status.progress == 0 and status.name == SPEECH:
                self._tell_if_short_of_memory()
        if problem := missing_punctuation(status):
            self._tell(problem)
        self._render()

    def _tell_if_short_of_memory(self) -> None:
        if problem := memory_shortage(self._config, memory_free_mb()):
            self._tell(problem)

    @Slot(object)
    def _on_session_state_changed(self, state: SessionState) -> None:
        logger.debug("session {}", state.value)
        if state is SessionState.STARTING:
            self._problem = None
        if state is SessionState.LISTENING:
            self._cues.begin()
        self._hotkey.set_listening(state in CAPTURING)
        self._insertion.set_listening(state in CAPTURING)
        self._settings.monitor.set_paused(state is not SessionState.IDLE)
        self._render()

    @Slot(int)
    def _on_microphone_closed(self, _session: int) -> None:
        if not self.session.capturing:
            self._cues.end()

    @Slot()
    def _on_models_changed(self) -> None:
        """Let the next dictation use what is there now."""
        self.models.unload_models()
        self._chosen = chosen_models(self._config)
        self._render()

    @Slot()
    def _on_solved(self) -> None:
        """A text stands where it belongs, or the hotkey works again."""
        self._problem = None
        self._render()

    @Slot()
    def _on_unexpected_error(self) -> None:
        if time.monotonic() < self._quiet_until:
            return  # telling an error may be what fails
        self._quiet_until = time.monotonic() + _ERROR_PAUSE_S
        self._tell(UserMessage(MessageCode.UNEXPECTED_ERROR))

    @Slot(object)
    def _on_config_submitted(self, config: Config) -> None:
        """Put new settings into force: the hotkey first, since it can refuse; then save; then the rest."""
        old = self._config
        if refusals := self._hotkey.change(config.hotkeys):
            for refusal in refusals:
                self._tell(refusal)
            return
        try:
            store.save_config(config)
        except VoiceTypeError as error:
            self._tell(error.message)
        self._config = config
        self._chosen = chosen_models(config)
        self._memory_guard.configure(_pressure(config))
        self.session.configure(SessionSettings.from_config(config))
        self._text_stage.configure(config)
        self._insertion.configure(config)
        self._texts.records.configure(config.history)
        self._cues.configure(config.audio)
        self._standby.configure(config.audio.pre_roll_ms)
        if old.audio.device != config.audio.device:
            self._standby.renew()
        self.models.configure(
            loaders=make_loaders(config, self._model_loader),
            unload_timeout_s=unload_timeout_s(config, machine_memory_mb()),
            load_timeout_s=config.models.load_timeout_seconds,
        )
        if old.ui.language != config.ui.language:
            i18n.install(self._qt_app, i18n.resolve_language(config.ui.language))
        if not config.ui.overlay:
            self._overlay.hide()
        self._settings.set_config(config)
        self._render()


def _pressure(config: Config) -> float | None:
    return config.models.pressure_percent / 100 if config.models.unload_under_pressure else None
