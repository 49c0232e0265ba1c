"""Keeps the global hotkeys alive and makes intents of them. GUI thread.

What another program holds is tried again; what presses and holds mean is decided in `core.gestures`.
"""

from __future__ import annotations

from collections.abc import Mapping

from voicetype.core.config import HotkeysConfig
from voicetype.core.gestures import Gesture, Intent, step_gesture
from voicetype.core.hotkeys import BEGINNING, Action, check_hotkeys, for_people, parse_for
from voicetype.core.messages import HotkeyError, UserMessage
from voicetype.core.ports import HotkeyEvent, HotkeyListener
from voicetype.qt import QtCore, Signal, Slot

_RETRY_MS = 5_000


class HotkeyKeeper(QtCore.QObject):
    """Registers the hotkeys with `listener`, and those that fail again until they work.

    Signals:
        begin_requested(), stop_requested(): begin a dictation; stop the one that listens.
        cancel_requested(): end it without a text.
        insert_again_requested(), undo_requested(), copy_requested(): of the last text.
        refused(UserMessage): a hotkey that worked and was left to others for a while could not be had again.
        regained(): all hotkeys work now, after some did not.
    """

    begin_requested = Signal()
    stop_requested = Signal()
    cancel_requested = Signal()
    insert_again_requested = Signal()
    undo_requested = Signal()
    copy_requested = Signal()
    refused = Signal(object)
    regained = Signal()
    _key_told = Signal(object)  # from the listener's threads

    def __init__(self, listener: HotkeyListener, parent: QtCore.QObject | None = None) -> None:
        super().__init__(parent)
        self._listener = listener
        self._hotkeys = HotkeysConfig()
        self._failing: frozenset[str] = frozenset()
        self._listening = False
        self._capturing = False
        self._gesture = Gesture()
        self._key_told.connect(self._on_key)
        self._retry = QtCore.QTimer(self)
        self._retry.setInterval(_RETRY_MS)
        self._retry.timeout.connect(self._on_retry_due)

    def start(self, hotkeys: HotkeysConfig) -> tuple[UserMessage, ...]:
        """Listen for `hotkeys`. Returns what is wrong; those that fail are tried again now and then."""
        self._hotkeys = hotkeys
        self._listener.start(self._key_told.emit)
        self._update_active()
        return _messages(self._apply(hotkeys))

    def change(self, hotkeys: HotkeysConfig) -> tuple[UserMessage, ...]:
        """Listen for `hotkeys` from now on. Returns what is wrong with those that are new; then the old ones stay."""
        problems = dict(check_hotkeys(hotkeys.by_action))
        if not problems and hotkeys.by_action != self._hotkeys.by_action:
            errors = self._apply(hotkeys)
            old = self._hotkeys.by_action
            problems = {name: error for name, error in errors.items() if hotkeys.by_action[name] != old[name]}
            if problems:
                self._apply(self._hotkeys)
        if not problems:
            self._hotkeys = hotkeys
        return _messages(problems)

    def check(self, action: str, hotkey: str) -> None:
        """Raises HotkeyError when this combination cannot be had for that action, as far as known before it is used."""
        parsed = parse_for(action, hotkey)
        if any(text and parse_for(name, text) == parsed for name, text in self._working().items()):
            return
        if error := self._listener.probe(action, hotkey):
            raise error

    @Slot(bool)
    def set_listening(self, listening: bool) -> None:
        """A dictation is starting or listens, or none does any more. The cancel key is alive only meanwhile."""
        if listening == self._listening:
            return
        self._listening = listening
        if not listening:
            self._gesture = Gesture()
        self._update_active()

    @Slot(bool)
    def set_capturing(self, capturing: bool) -> None:
        """A field waits for a combination, also one that is in force: all belong to it, or no longer."""
        self._capturing = capturing
        self._update_active()

    def shown(self) -> str:
        """The hotkey that begins a dictation, as people read it; "" while there is none."""
        working = self._working()
        return next((for_people(parse_for(name, working[name])) for name in BEGINNING if working.get(name)), "")

    def shown_is_held(self) -> bool:
        """Whether that one is push-to-talk."""
        working = self._working()
        return next((name for name in BEGINNING if working.get(name)), None) is Action.PUSH_TO_TALK

    def stop(self) -> None:
        """Give the hotkeys back; idempotent."""
        self._retry.stop()
        self._listener.stop()

    def _working(self) -> Mapping[str, str]:
        return {name: text for name, text in self._hotkeys.by_action.items() if name not in self._failing}

    def _apply(self, hotkeys: HotkeysConfig) -> Mapping[str, HotkeyError]:
        errors = self._listener.set_hotkeys(hotkeys.by_action)
        self._note_failing(frozenset(errors))
        return errors

    def _update_active(self) -> None:
        for action in Action:
            active = not self._capturing and (self._listening or action is not Action.CANCEL)
            error = self._listener.set_active(action, active)
            if error is not None and action not in self._failing:
                self._note_failing(self._failing | {action})
                self.refused.emit(error.message)

    def _note_failing(self, failing: frozenset[str]) -> None:
        self._failing = failing
        if failing and not self._retry.isActive():
            self._retry.start()
        elif not failing:
            self._retry.stop()

    @Slot()
    def _on_retry_due(self) -> None:
        """The program that had it may have ended."""
        if not self._apply(self._hotkeys):
            self.regained.emit()

    @Slot(object)
    def _on_key(self, event: HotkeyEvent) -> None:
        if event.pressed:
            match event.name:
                case Action.CANCEL:
                    if self._listening:
                        self.cancel_requested.emit()
                case Action.INSERT_AGAIN:
                    self.insert_again_requested.emit()
                case Action.UNDO_LAST:
                    self.undo_requested.emit()
                case Action.COPY_LAST:
                    self.copy_requested.emit()
        self._gesture, intent = step_gesture(
            self._gesture, event, listening=self._listening, hold_ms=self._hotkeys.hold_ms
        )
        if intent is Intent.BEGIN:
            self.begin_requested.emit()
        elif intent is Intent.STOP:
            self.stop_requested.emit()


def _messages(errors: Mapping[str, HotkeyError]) -> tuple[UserMessage, ...]:
    """What to tell, each thing once."""
    messages: list[UserMessage] = []
    for error in errors.values():
        if error.message not in messages:
            messages.append(error.message)
    return tuple(messages)
