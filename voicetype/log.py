"""The log: a rotating file, and the terminal when there is one. Main thread; hooks run on any.

Neither holds dictated text: messages carry codes and states, tracebacks come without the values of variables.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from loguru import logger

_LEVELS = frozenset({"TRACE", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"})
_FORMAT = "{time:YYYY-MM-DD HH:mm:ss.SSS} {level: <7} {thread.name} {name}: {message}"
_ROTATION = "1 MB"
_KEPT_FILES = 3


def configure(level: str | None, folder: Path, *, terminal: bool = True) -> None:
    """Log to `folder`, and from WARNING on to the terminal unless that is for something else.

    `VOICETYPE_LOG_LEVEL` overrides `level` (default INFO).
    """
    wanted = (os.environ.get("VOICETYPE_LOG_LEVEL") or level or "INFO").upper()
    known = wanted in _LEVELS
    logger.remove()
    # `diagnose` would write the values of local variables, dictated text among them.
    if terminal and sys.stderr is not None:
        logger.add(sys.stderr, level="WARNING", format="{level}: {message}", backtrace=False, diagnose=False)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        logger.add(
            folder / "voicetype.log",
            level=wanted if known else "INFO",
            format=_FORMAT,
            rotation=_ROTATION,
            retention=_KEPT_FILES,
            encoding="utf-8",
            opener=_open_private,
            backtrace=False,
            diagnose=False,
        )
    except OSError as error:
        logger.warning("no log file: {}", error)
    if not known:
        logger.warning("VOICETYPE_LOG_LEVEL is none of {}: INFO is used", ", ".join(sorted(_LEVELS)))


def install_hooks(on_unexpected: Callable[[], None]) -> None:
    """Log exceptions that nobody caught, on any thread, then call `on_unexpected` on that thread."""

    def handle(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return
        logger.opt(exception=(kind, error, trace)).error("unexpected error")
        on_unexpected()

    sys.excepthook = handle
    threading.excepthook = lambda args: handle(args.exc_type, args.exc_value, args.exc_traceback)
    sys.unraisablehook = lambda args: handle(args.exc_type, args.exc_value, args.exc_traceback)


def install_qt_handler() -> None:
    """Bring Qt's own messages into the log."""
    from voicetype.qt import QtCore

    levels = {
        QtCore.QtMsgType.QtDebugMsg: "DEBUG",
        QtCore.QtMsgType.QtInfoMsg: "INFO",
        QtCore.QtMsgType.QtWarningMsg: "WARNING",
        QtCore.QtMsgType.QtCriticalMsg: "ERROR",
        QtCore.QtMsgType.QtFatalMsg: "CRITICAL",
    }

    def handle(kind: QtCore.QtMsgType, _context: QtCore.QMessageLogContext, text: str) -> None:
        logger.log(levels.get(kind, "WARNING"), "Qt: {}", text)

    QtCore.qInstallMessageHandler(handle)


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
