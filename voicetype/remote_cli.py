"""`voicetype --toggle`, `--start`, `--stop`, `--cancel`, `--quit`: one word to the program that runs. Main thread.

People bind these to keys where a desktop gives programs no hotkeys of their own, so little is imported and no display
is needed: each press waits for this process.
"""

from __future__ import annotations

import sys

from voicetype import i18n, store
from voicetype.control.single_instance import QUIT, SingleInstance
from voicetype.core.messages import MessageCode, UserMessage
from voicetype.qt import QtCore

_EXIT_S = 60.0
"""A dictation is finished for 15 s at most, and the parts of the program have 5 s each, and an installer waits."""


def send_command(command: str) -> int:
    """Let the running program do `command`, one of `single_instance.COMMANDS`. Returns the exit code.

    QUIT also waits for its end.
    """
    console = QtCore.QCoreApplication.instance() or QtCore.QCoreApplication(sys.argv[:1])
    instance = SingleInstance(store.runtime_name())
    if instance.send(command) and (command != QUIT or instance.wait_until_free(_EXIT_S)):
        return 0
    code = MessageCode.INSTANCE_STUCK
    if instance.acquire():
        instance.release()
        code = MessageCode.NOT_RUNNING
    from voicetype.ui.messages import text_of

    i18n.install(console, i18n.resolve_language(store.load_config()[0].ui.language))
    sys.stderr.write(text_of(UserMessage(code)) + "\n")
    return 1
