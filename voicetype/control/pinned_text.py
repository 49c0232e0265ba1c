"""Texts go to the window in which their dictation began. Insertion thread, but `pin`; may import `core`, `control`."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from voicetype.control.window_text import WindowText
from voicetype.core.messages import InsertionError, Level, MessageCode, TypingInterrupted, UserMessage
from voicetype.core.ports import TargetWindow, TargetWindows
from voicetype.core.targets import TargetRules
from voicetype.core.text.grammar import Deed

_MOST_PINS = 32
"""Dictations that were dropped never ask for their window."""

_PASSING = frozenset({MessageCode.TYPING_INTERRUPTED, MessageCode.KEYBOARD_TAKEN})
"""Nothing is wrong with the window itself."""
_UNFINISHED = frozenset({MessageCode.TYPING_INTERRUPTED, MessageCode.TEXT_HELD})
"""A part of the text may stand in the window."""

Aim = Callable[[int], None]
"""Lets keys go only to the window of this id (`TargetWindow.id`), 0 = to any."""
Copy = Callable[[str], object]
"""Puts a text into the clipboard for good."""


@dataclass(frozen=True)
class TargetChoices:
    """What the user wants.

    Attributes:
        refocus: go back to a window that lost the focus; False = keep the text until it is asked for.
        keys: whether texts are sent to windows at all, and not only copied.
    """

    refocus: bool = True
    keys: bool = True


@dataclass(frozen=True)
class _Job:
    """A text for a window: that of a dictation, or one that is inserted again."""

    session: int | None
    window: TargetWindow | None
    text: str


class PinnedText:
    """Implements `TextTarget` around the one that writes into whatever window has the focus.

    Nothing is typed into prompts for passwords, into this program's own windows or into those of programs with more
    rights; such a text is in the clipboard.
    """

    def __init__(self, inner: WindowText, windows: TargetWindows, aim: Aim, copy: Copy) -> None:
        self._inner = inner
        self._windows = windows
        self._aim = aim
        self._copy = copy
        self._lock = threading.Lock()
        self._pins: OrderedDict[int, TargetWindow | None] = OrderedDict()
        self._rules = TargetRules()
        self._choices = TargetChoices()
        self._away: TargetWindow | None = None
        """Where the user is while another window has the focus for a moment."""
        self._hinted: set[str] = set()
        self._waiting: _Job | None = None

    def configure(self, rules: TargetRules, choices: TargetChoices) -> None:
        """Insert so from the next text on; any thread."""
        self._rules, self._choices = rules, choices

    def pin(self, session: int) -> None:
        """See `TextTarget`."""
        with self._lock:
            away = self._away
        window = away or self._windows.current()
        with self._lock:
            self._pins[session] = window
            while len(self._pins) > _MOST_PINS:
                self._pins.popitem(last=False)

    def window(self, session: int) -> TargetWindow | None:
        """See `TextTarget`."""
        with self._lock:
            return self._pins.get(session)

    def remember(self, text: str) -> None:
        """See `TextTarget`."""
        self._inner.remember(text)

    def copy(self, text: str) -> UserMessage:
        """See `TextTarget`."""
        return self._inner.copy(text)

    def continues(self) -> bool:
        """See `TextTarget`."""
        return self._inner.continues()

    def write(self, session: int, text: str, *, final: bool) -> UserMessage | None:
        """See `TextTarget`."""
        if final and text:
            self._inner.remember(text)
        window = self._pinned(session)
        if not self._choices.keys or (window is not None and not window.id):
            return self._inner.write(session, text, final=final)
        if not final:
            return self._grow(session, window, text)
        if not text and (window is None or self._refusal(window) or not self._windows.focused(window)):
            return None  # nothing to say, and what is to be taken back stands somewhere else
        return self._put(_Job(session, window, text), lambda: self._inner.write(session, text, final=True))

    def obey(self, deed: Deed, session: int | None = None) -> UserMessage | None:
        """See `TextTarget`."""
        window = self._windows.current() if session is None else self._pinned(session)
        if not self._choices.keys or (window is not None and not window.id):
            return self._inner.obey(deed)
        if deed is Deed.REPEAT and self._inner.last:
            return self._repeat(window)
        with self._aimed(window):
            return self._inner.obey(deed)

    def _pinned(self, session: int) -> TargetWindow | None:
        """The window of a dictation; where none had the focus at its beginning, the one that has it now."""
        window = self.window(session)
        if window is None and (window := self._windows.current()) is not None:
            with self._lock:
                self._pins[session] = window
        return window

    def _grow(self, session: int, window: TargetWindow | None, text: str) -> UserMessage | None:
        if window is None or self._refusal(window) or not self._windows.focused(window):
            return None  # the final text comes, and tells what is wrong
        if not self._rules.may_grow(window):
            if window.app in self._hinted:
                return None
            self._hinted.add(window.app)
            return UserMessage(MessageCode.LIVE_NOT_HERE, Level.INFO, {"app": window.app})
        if self._waiting is not None and self._waiting.session != session:
            self._waiting = None  # what stands of it is not known any more
        try:
            with self._aimed(window):
                return self._inner.write(session, text, final=False)
        except InsertionError as error:
            if error.message.code in _PASSING:
                return None  # likewise
            raise

    def _repeat(self, window: TargetWindow | None) -> UserMessage | None:
        waiting, text = self._waiting, self._inner.last
        session = waiting.session if waiting is not None and _is_for(waiting, window, text) else None
        if session is None:
            return self._put(_Job(None, window, text), lambda: self._inner.obey(Deed.REPEAT))
        # Its beginning may stand there already.
        message = self._put(_Job(session, window, text), lambda: self._inner.write(session, text, final=True))
        return None if message is not None and message.code is MessageCode.TEXT_TOUCHED else message

    def _put(self, job: _Job, work: Callable[[], UserMessage | None]) -> UserMessage | None:
        """Do `work`, which inserts the text of `job`, while its window has the focus. Raises InsertionError."""
        self._waiting = None
        window = self._permitted(job)
        try:
            if self._windows.focused(window):
                with self._aimed(window):
                    return work()
            return self._put_from_elsewhere(job.text, window, work)
        except InsertionError as error:
            if job.session is not None and error.message.code in _UNFINISHED:
                self._waiting = job
            if error.message.code in _PASSING:
                self._copy((isinstance(error, TypingInterrupted) and error.rest) or job.text)
            raise

    def _permitted(self, job: _Job) -> TargetWindow:
        """The window of `job`, if texts may go there. Raises InsertionError; the text is in the clipboard then."""
        window = job.window
        refusal = self._refusal(window) if window is not None else MessageCode.NO_TARGET
        if window is not None and refusal is None:
            return window
        self._copy(job.text)
        raise InsertionError(refusal or MessageCode.NO_TARGET, Level.WARNING, **({"app": window.app} if window else {}))

    def _put_from_elsewhere(
        self, text: str, window: TargetWindow, work: Callable[[], UserMessage | None]
    ) -> UserMessage | None:
        here = self._windows.current()
        # Somebody who types a password must not be led elsewhere.
        if not self._choices.refocus or (here is not None and self._rules.asks_password(here)):
            raise InsertionError(MessageCode.TEXT_HELD, Level.WARNING, app=window.app)
        with self._lock:
            self._away = here
        try:
            if not self._windows.focus(window):
                self._copy(text)
                detail = "its window does not come to the front"
                raise InsertionError(MessageCode.INSERTION_FAILED, detail=detail)
            with self._aimed(window):
                return work()
        finally:
            # Who has gone somewhere else meanwhile stays there.
            if here is not None and self._windows.focused(window):
                self._windows.focus(here)
            with self._lock:
                self._away = None

    def _refusal(self, window: TargetWindow) -> MessageCode | None:
        if window.own:
            return MessageCode.TARGET_OWN
        if self._rules.asks_password(window):
            return MessageCode.TARGET_FORBIDDEN
        if window.elevated:
            return MessageCode.TARGET_ELEVATED
        return None if self._windows.alive(window) else MessageCode.TARGET_CLOSED

    @contextmanager
    def _aimed(self, window: TargetWindow | None) -> Iterator[None]:
        self._aim(window.id if window is not None else 0)
        try:
            yield
        finally:
            self._aim(0)


def _is_for(waiting: _Job, window: TargetWindow | None, text: str) -> bool:
    there = waiting.window is not None and window is not None and waiting.window.id == window.id
    return there and waiting.text == text
