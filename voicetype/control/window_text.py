"""Keeps what stands in the window equal to what the dictation says. Insertion thread, but where it says otherwise."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol

from voicetype.core.messages import InsertionError, Level, MessageCode, TypingInterrupted, UserMessage
from voicetype.core.ports import ActivityWatch, TargetWindow, TextInserter
from voicetype.core.text.edits import Edit, rest, smallest_edit, without
from voicetype.core.text.grammar import Deed
from voicetype.core.text.marks import TERMINAL_MARKS

_NOT_FIRST = " .,;:!?…—-"
"""What belongs to a word before it, so it is left out where other text came between."""


class TextTarget(Protocol):
    """Where the texts of dictations go. Insertion thread where nothing else is said; these methods may block."""

    def pin(self, session: int) -> None:
        """Let the texts of `session` go to the window that has the focus now. Any thread, within milliseconds."""

    def window(self, session: int) -> TargetWindow | None:
        """Where the texts of `session` go, as far as that is known. Any thread, at once."""

    def remember(self, text: str) -> None:
        """Let `text` be what REPEAT inserts, though it may stand nowhere. Any thread, at once."""

    def write(self, session: int, text: str, *, final: bool) -> UserMessage | None:
        """Let the text of dictation `session` be `text`; a message says where it is if not in the window.

        Raises InsertionError.
        """

    def obey(self, deed: Deed, session: int | None = None) -> UserMessage | None:
        """Take something back from what was inserted last, or insert it again. Raises InsertionError.

        It is inserted where `session` was pinned; None stands for the window that has the focus.
        """

    def copy(self, text: str) -> UserMessage:
        """Put `text` into the clipboard for good. Returns what to tell."""

    def continues(self) -> bool:
        """Whether the next text goes on in the middle of a sentence; any thread, may block."""


class PlainTarget:
    """Texts are inserted once, when they are final, and never changed."""

    def __init__(self, inserter: TextInserter) -> None:
        self._inserter = inserter

    def pin(self, session: int) -> None:
        """There is one window only."""

    def window(self, session: int) -> TargetWindow | None:
        """None is known."""
        return None

    def remember(self, text: str) -> None:
        """Nothing can be repeated."""

    def write(self, session: int, text: str, *, final: bool) -> UserMessage | None:
        """Insert `text` when it is `final`."""
        return self._inserter.insert(text) if final and text else None

    def obey(self, deed: Deed, session: int | None = None) -> UserMessage | None:
        """Nothing can be taken back."""
        raise InsertionError(MessageCode.UNDO_REFUSED, Level.WARNING)

    def copy(self, text: str) -> UserMessage:
        """There is no clipboard; it is inserted."""
        return self._inserter.insert(text) or UserMessage(MessageCode.TEXT_COPIED, Level.INFO)

    def continues(self) -> bool:
        """Never."""
        return False


class Editor(TextInserter, Protocol):
    """An inserter that can also change what it typed, and copy."""

    def copy(self, text: str) -> UserMessage:
        """Put `text` into the clipboard for good. Raises InsertionError."""

    def replace_tail(self, erase: int, text: str, allowed: Callable[[], bool]) -> None:
        """Take away the last `erase` characters before the cursor and type `text`, if that is still `allowed`.

        Raises InsertionError.
        """


class WindowText:
    """The texts in the window that has the focus, the last one first to be changed.

    It erases only what it typed itself and only while `watch` is sure that nobody has touched the window since.
    """

    def __init__(self, inserter: Editor, watch: ActivityWatch) -> None:
        self._inserter = inserter
        self._watch = watch
        self._lock = threading.Lock()
        self._session: int | None = None
        self._texts = [""]
        """What was inserted without anything in between; the last one is that of the session."""
        self._mark: object = None
        self._joint = ""
        self._last = ""
        self._touched = False
        self._stands = ""
        """What of the session's text stands before something that was inserted again, and is not changed any more."""

    @property
    def last(self) -> str:
        """What REPEAT inserts; "" when there is nothing."""
        return self._last

    def remember(self, text: str) -> None:
        """See `TextTarget`."""
        self._last = text

    def write(self, session: int, text: str, *, final: bool) -> UserMessage | None:
        """Insert what is new of `text`, correct what is different.

        Where the user has touched the window, what stands there stays, and what is missing comes when it is final.
        """
        if session != self._session:
            self._begin(session)
        if final and text:
            self._last = text
        self._forget_what_was_touched()
        wanted = self._wanted(text)
        edit = smallest_edit(self._texts[-1], wanted)
        touched = bool(self._texts[-1]) and not self._watch.unchanged(self._mark)
        if self._touched or touched or edit is None:
            self._touched = True
            return self._write_rest(wanted) if final else None
        return self._apply(edit, wanted)

    def obey(self, deed: Deed) -> UserMessage | None:
        """Undo, delete, or insert again. Raises InsertionError (UNDO_REFUSED) where it might take foreign text."""
        if deed is Deed.REPEAT:
            if not self._last:
                raise InsertionError(MessageCode.NOTHING_TO_REPEAT, Level.INFO)
            return self._repeat()
        known = self._known()
        edit = smallest_edit(known, without(known, deed)) if known else None
        if edit is None:
            raise InsertionError(MessageCode.UNDO_REFUSED, Level.WARNING)
        with self._lock:
            self._texts = [text for text in self._texts if text]
        self._session = None
        return self._apply(edit, without(known, deed))

    def copy(self, text: str) -> UserMessage:
        """See `TextTarget`."""
        return self._inserter.copy(text)

    def continues(self) -> bool:
        """Whether the last text is ours, untouched, and ends in mid-sentence; any thread."""
        text = self._known().rstrip(" ")
        return bool(text) and text[-1] != "\n" and text.rstrip('»“")')[-1:] not in TERMINAL_MARKS

    def _begin(self, session: int | None) -> None:
        known = self._known()
        self._joint = " " if known and not known[-1].isspace() else ""
        with self._lock:
            self._session, self._touched, self._stands = session, False, ""
            self._texts = [*(text for text in self._texts if text), ""] if known else [""]

    def _forget_what_was_touched(self) -> None:
        """Earlier texts are behind what the user has typed since, so nothing may be taken from them any more."""
        if self._texts[-1] or len(self._texts) == 1 or self._watch.unchanged(self._mark):
            return
        with self._lock:
            self._texts = [""]
        if not self._stands:
            self._joint = ""

    def _wanted(self, text: str) -> str:
        missing = rest(self._stands, text)
        if self._stands:
            missing = missing.lstrip(_NOT_FIRST)
        return self._joint + missing if missing else ""

    def _repeat(self) -> UserMessage | None:
        """Insert the last text again; a dictation that is under way goes on behind it."""
        session, stands = self._session, f"{self._stands} {self._texts[-1]}".strip()
        self._begin(None)
        wanted = self._joint + self._last
        try:
            return self._apply(Edit(0, wanted), wanted)
        finally:
            if session is not None:
                self._begin(session)
                self._stands = stands
                self._joint = self._joint if self._known() else " "

    def _known(self) -> str:
        """The last text, if it stands untouched before the cursor."""
        with self._lock:
            text, mark = next((text for text in reversed(self._texts) if text), ""), self._mark
        return text if text and self._watch.unchanged(mark) else ""

    def _apply(self, edit: Edit, wanted: str) -> UserMessage | None:
        message = None
        try:
            if edit.erase:
                self._inserter.replace_tail(edit.erase, edit.text, lambda: self._watch.unchanged(self._mark))
            elif edit.text:
                message = self._inserter.insert(edit.text)
        except TypingInterrupted as error:
            self._interrupt(error, edit)
            raise
        except InsertionError as error:
            if (
                edit.erase or error.message.code is not MessageCode.KEYBOARD_TAKEN
            ):  # which is known before the first key
                self._lose_sight(edit)
            raise
        # A text that is not in the window, by the user's choice, is nothing that could be changed there.
        mark = self._watch.mark() if message is None else None
        with self._lock:
            self._texts[-1] = wanted
            self._mark = mark
        return message

    def _lose_sight(self, edit: Edit) -> None:
        """Some of the keys may have been sent, so nothing is erased any more, and no word is taken to stand there."""
        text = self._texts[-1]
        # What the user touched was refused before the first key.
        sent = self._watch.unchanged(self._mark)
        with self._lock:
            self._texts = [text[: len(text) - edit.erase] if sent else text]
            self._mark, self._touched = None, True

    def _interrupt(self, error: TypingInterrupted, edit: Edit) -> None:
        """What stands there is known to the character, and what is missing comes where the window is found again."""
        text, erased = self._texts[-1], edit.erase + min(error.typed, 0)
        typed = edit.text[: max(error.typed, 0)]
        error.rest = edit.text[len(typed) :]
        with self._lock:
            self._texts = [text[: len(text) - erased] + typed]
            self._mark, self._touched = None, True

    def _write_rest(self, wanted: str) -> UserMessage | None:
        missing = rest(self._texts[-1], wanted)
        if missing:
            try:
                self._inserter.insert(missing)
            except TypingInterrupted as error:
                self._interrupt(error, Edit(0, missing))
                raise
        with self._lock:
            self._texts, self._mark = [""], None
        return UserMessage(MessageCode.TEXT_TOUCHED, Level.WARNING)
