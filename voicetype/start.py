"""The start and the end of the process: settings, language, display, single instance, application. Main thread."""

from __future__ import annotations

import sys
import time

import psutil

from voicetype import app, i18n, log, store
from voicetype.control.exit_signals import ExitSignals
from voicetype.control.single_instance import TOGGLE, SingleInstance
from voicetype.core.config import Config
from voicetype.core.messages import MessageCode, UserMessage
from voicetype.library import finish_installations
from voicetype.qt import QtCore, QtWidgets
from voicetype.system import linux, windows_identity
from voicetype.system.microphone import list_devices
from voicetype.ui.messages import text_of


def run(*, or_sample: bool) -> int:
    """Start the program and run it to its end. Returns the exit code."""
    from voicetype.headless import dictate_sample

    log.configure(None, store.log_dir())
    config, problems = store.load_config()
    language = i18n.resolve_language(config.ui.language)
    if sys.platform == "linux" and not linux.display_works():
        console = QtCore.QCoreApplication(sys.argv[:1])
        i18n.install(console, language)
        return dictate_sample(console, config, MessageCode.NO_DISPLAY, problems)
    if sys.platform == "linux":
        linux.choose_window_system()
    windows_identity.claim()
    qt_app = QtWidgets.QApplication(sys.argv[:1])
    qt_app.setApplicationName("VoiceType")
    qt_app.setDesktopFileName("voicetype")
    qt_app.setQuitOnLastWindowClosed(False)
    i18n.install(qt_app, language)
    if or_sample and not list_devices():
        return dictate_sample(qt_app, config, MessageCode.NO_MICROPHONE, problems)
    instance = SingleInstance(store.runtime_name())
    if not instance.acquire():
        heard = instance.send(TOGGLE)
        code = MessageCode.SECOND_INSTANCE if heard else MessageCode.INSTANCE_STUCK
        sys.stderr.write(text_of(UserMessage(code)) + "\n")
        return 0 if heard else 1
    return _run_tray(qt_app, config, problems, instance)


def _run_tray(
    qt_app: QtWidgets.QApplication, config: Config, problems: tuple[UserMessage, ...], instance: SingleInstance
) -> int:
    log.install_qt_handler()
    finish_installations()
    application = app.Application(qt_app, config)
    log.install_hooks(application.unexpected_error.emit)
    instance.command_received.connect(application.on_command)
    signals = ExitSignals()
    signals.exit_requested.connect(application.exit_when_done)
    application.start(problems)
    try:
        return qt_app.exec()
    finally:
        signals.restore()
        application.shutdown()
        instance.release()


def time_to_tray() -> float:
    """Milliseconds from the start of this process to a visible tray icon; for the benchmark."""
    qt_app = QtWidgets.QApplication([])
    application = app.Application(qt_app, store.load_config()[0])
    application.tray.show()
    while not application.tray.visible():
        qt_app.processEvents()
    elapsed_ms = (time.time() - psutil.Process().create_time()) * 1000
    application.shutdown()
    return elapsed_ms
