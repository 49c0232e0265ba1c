"""The way of a finished text into the window, built from its parts: a part of the composition root. GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from importlib import resources

import yaml

from voicetype.control.clipboard import QtClipboard
from voicetype.control.insertion_queue import InsertionQueue
from voicetype.control.paste import Inserter
from voicetype.control.pinned_text import PinnedText, TargetChoices
from voicetype.control.stillness import Stillness
from voicetype.control.window_text import WindowText
from voicetype.core.config import Config
from voicetype.core.hotkeys import Action
from voicetype.core.messages import UserMessage
from voicetype.core.targets import TargetRules, parse_rules
from voicetype.qt import QtCore
from voicetype.system.clipboard import make_clipboard
from voicetype.system.insertion import make_typer
from voicetype.system.targets import make_target_windows
from voicetype.system.typing_wayland import missing_helpers
from voicetype.system.user_activity import make_activity_watch

TARGETS_FILE = "targets.yaml"


def target_rules() -> TargetRules:
    """What the program knows of particular targets."""
    file = resources.files("voicetype") / "data" / TARGETS_FILE
    return parse_rules(yaml.safe_load(file.read_text(encoding="utf-8")))


class Insertion:
    """Keyboard, clipboard and the watch over both.

    Attributes:
        queue: where the texts of dictations go.
    """

    def __init__(
        self,
        config: Config,
        unheard: Callable[[], AbstractContextManager[None]],
        wait_for_hands: Callable[[], None],
        parent: QtCore.QObject,
    ) -> None:
        """`unheard` keeps the hotkeys deaf while the program types; `wait_for_hands` is the `InsertionQueue`'s."""
        self._typer = make_typer(Stillness(parent))
        self._watch = make_activity_watch(self._typer)
        self._windows = make_target_windows(self._typer)
        self._rules = target_rules()
        self._clipboard = make_clipboard() or QtClipboard(parent)
        self._inserter = Inserter(
            *(self._typer, self._clipboard, config.output.method, unheard, self._watch.own_typing),
            chord=lambda: self._rules.paste_chord(self._windows.current()),
        )
        self._pinned = PinnedText(
            WindowText(self._inserter, self._watch), self._windows, self._typer.aim, self._inserter.copy
        )
        self.queue = InsertionQueue(self._pinned, parent, wait_for_hands)
        self._hotkeys: Mapping[str, str] = {}
        self._listening = False
        self.configure(config)

    def configure(self, config: Config) -> None:
        """Insert as these settings say from the next text on."""
        self._hotkeys = config.hotkeys.by_action
        self._tell_hotkeys()
        self._method = config.output.method
        self._inserter.set_method(config.output.method)
        self._pinned.configure(
            self._rules.without_live(config.output.no_live_in),
            TargetChoices(
                refocus=config.output.when_focus_moved == "refocus", keys=config.output.method != "clipboard"
            ),
        )

    def set_listening(self, listening: bool) -> None:
        """Somebody dictates, or nobody any more: the cancel key reaches no window meanwhile."""
        if listening != self._listening:
            self._listening = listening
            self._tell_hotkeys()

    def excuse(self, key: bool, time_ms: int) -> None:
        """See `ActivityWatch`."""
        self._watch.excuse(key, time_ms)

    def problems(self) -> tuple[UserMessage, ...]:
        """What this desktop lacks for inserting as the settings say."""
        return missing_helpers(self._typer, self._method)

    def close(self) -> None:
        """Let go of keyboard and clipboard, after the last text; idempotent."""
        self._clipboard.close()
        self._watch.close()
        self._windows.close()
        self._typer.close()

    def _tell_hotkeys(self) -> None:
        alive = (text for name, text in self._hotkeys.items() if self._listening or name != Action.CANCEL)
        self._watch.set_hotkeys([text for text in alive if text])
