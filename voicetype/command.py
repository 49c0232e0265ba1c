"""How the commands on a terminal begin and fail: log, settings, language; one sentence and a code. Main thread."""

from __future__ import annotations

from voicetype import i18n, log, store
from voicetype.core.config import Config
from voicetype.core.messages import UserMessage
from voicetype.qt import QtCore
from voicetype.terminal import complain, print_json
from voicetype.ui.messages import text_of


def begin() -> tuple[Config, tuple[UserMessage, ...]]:
    """Log to the file alone and speak the user's language. Returns the settings and what is wrong with them."""
    log.configure("INFO", store.log_dir(), terminal=False)
    config, problems = store.load_config()
    application = QtCore.QCoreApplication.instance() or QtCore.QCoreApplication([])
    i18n.install(application, i18n.resolve_language(config.ui.language))
    return config, problems


def tell(message: UserMessage) -> None:
    """Say it on standard error."""
    complain(text_of(message))


def failed(message: UserMessage, *, as_json: bool) -> int:
    """Say why, also in JSON if that was asked for. Returns the exit code."""
    tell(message)
    if as_json:
        print_json({"error": error_as_data(message)})
    return 1


def error_as_data(message: UserMessage) -> dict[str, str]:
    """A message for programs: code, sentence and values."""
    return {"code": message.code.value, "text": text_of(message), **message.params}
