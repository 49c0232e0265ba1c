"""Dictation of the bundled sample on a terminal: where there is no display or no microphone. Main thread.

The pipeline is the real one (buffer, models in their processes, recognition thread, punctuation); only its two ends
differ: a WAV file speaks, and standard output is the window.
"""

from __future__ import annotations

import sys
import threading

from voicetype.control.dictation import NoLog, SessionSettings
from voicetype.control.exit_signals import ExitSignals
from voicetype.control.insertion_queue import InsertionQueue
from voicetype.control.model_manager import LazyModelManager
from voicetype.control.session_controller import SessionController, SessionParts
from voicetype.control.window_text import PlainTarget
from voicetype.core.config import Config
from voicetype.core.messages import Level, MessageCode, UserMessage
from voicetype.core.ports import Transcript
from voicetype.core.status import ModelStatus, SessionState, missing_punctuation
from voicetype.engines import catalog
from voicetype.models import make_loaders
from voicetype.qt import QtCore, Slot
from voicetype.system.wave_source import WaveSource
from voicetype.text_stage import TextStage
from voicetype.ui.messages import text_of

SAMPLE_NAME = "sample-ru.wav"


class _Terminal(QtCore.QObject):
    """Plays the sample through a session and prints what comes. Its `code` is the exit code."""

    def __init__(self, application: QtCore.QCoreApplication, config: Config) -> None:
        super().__init__()
        self.code = 1
        self._shown = ""
        self._application = application
        self._ended = threading.Event()
        self._models = LazyModelManager(
            make_loaders(config), unload_timeout_s=0, load_timeout_s=config.models.load_timeout_seconds
        )
        sample = catalog.bundled_models_dir() / SAMPLE_NAME
        self._controller = SessionController(
            SessionParts(
                self._models,
                lambda *, replacement=False: WaveSource(sample, on_end=self._ended.set),
                InsertionQueue(PlainTarget(self), self),
                TextStage(config, _complain).begin,
                NoLog(),
            ),
            SessionSettings.from_config(config),
        )
        self._models.state_changed.connect(self._on_model_state)
        self._controller.transcript_ready.connect(self._on_transcript)
        self._controller.message_raised.connect(self._on_message)
        self._controller.state_changed.connect(self._on_state)
        # The end of the file is seen on the source's thread; a slow look at a flag keeps threads and slots apart.
        self._poll = QtCore.QTimer(self)
        self._poll.setInterval(50)
        self._poll.timeout.connect(self._stop_at_end)

    def start(self) -> None:
        """Press the hotkey, so to say."""
        self._poll.start()
        self._controller.toggle()

    def shutdown(self) -> None:
        """Take down what was built."""
        self._controller.shutdown(5.0)
        self._models.shutdown(5.0)

    def insert(self, text: str) -> UserMessage | None:
        """Standard output is the window. Implements `core.ports.TextInserter`; the insertion thread."""
        _print(f"= {text.strip()}")
        self.code = 0
        return None

    @Slot()
    def _stop_at_end(self) -> None:
        if self._ended.is_set():
            self._poll.stop()
            self._controller.toggle()

    @Slot(object)
    def _on_transcript(self, transcript: Transcript) -> None:
        text = " ".join(part for part in (transcript.committed, transcript.tentative) if part)
        if text != self._shown:
            self._shown = text
            _print(f"… {text}")

    @Slot(object)
    def _on_message(self, message: UserMessage) -> None:
        _complain(message)

    @Slot(object)
    def _on_model_state(self, status: ModelStatus) -> None:
        if problem := missing_punctuation(status):
            _complain(problem)

    @Slot(object)
    def _on_state(self, state: SessionState) -> None:
        if state is SessionState.IDLE:
            self._application.quit()


def dictate_sample(
    application: QtCore.QCoreApplication, config: Config, reason: MessageCode, problems: tuple[UserMessage, ...]
) -> int:
    """Say `reason` in one line, dictate the sample, print partials and the final text. Returns the exit code.

    `problems` are what the start found in the settings.
    """
    for problem in problems:
        _complain(problem)
    _print(text_of(UserMessage(reason, Level.INFO)))
    _print(text_of(UserMessage(MessageCode.SAMPLE_DICTATION, Level.INFO)))
    terminal = _Terminal(application, config)
    signals = ExitSignals()
    signals.exit_requested.connect(application.quit)
    QtCore.QTimer.singleShot(0, terminal.start)
    application.exec()
    terminal.shutdown()
    signals.restore()
    return terminal.code


def _complain(message: UserMessage) -> None:
    sys.stderr.write(f"{text_of(message)}\n")


def _print(text: str) -> None:
    encoding = sys.stdout.encoding or "utf-8"
    # A cp1251 or C console lacks some of the marks; a replaced mark is better than a traceback.
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding) + "\n")
    sys.stdout.flush()
