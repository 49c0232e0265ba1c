"""The clipboard under Windows, lent by delayed rendering. May import `core`, the calls beside it.

Only the promise of a text is put on the clipboard. Windows asks for the text itself when the first program reads it,
and tells which one has the clipboard open; that the reader is the program that had the focus at the chord is the
receipt. When another one was first, the promise is made anew, since Windows asks only once for each. Documented formats
keep the text out of the clipboard history, of the cloud and of clipboard managers.

Some programs do not say who they are when they open the clipboard, and others read by a process of their own (the
clipboard of a remote desktop or a virtual machine). Who watches the clipboard reads every new promise; who pastes reads
because of the chord. So when somebody else has read after the chord, nobody of that name had before it, and the promise
that was made anew then lies unread for a while, that was the paste.

While a loan is made or put back the clipboard is held open, so nobody can copy something in between. When the program
crashes, its promise goes with its window and the clipboard is empty. Not proven on a real Windows yet.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Protocol

from loguru import logger

from voicetype.system.clipboard_lending import (
    RECEIPT_TIMEOUT_S,
    SETTLE_S,
    ClipboardLoan,
    LendingClipboard,
    SlowOwner,
)
from voicetype.system.win32_clipboard import (
    CF_UNICODETEXT,
    WM_DESTROYCLIPBOARD,
    WM_RENDERALLFORMATS,
    WM_RENDERFORMAT,
    Win32Clipboard,
)

Contents = Mapping[int, bytes]

MARKS = {
    "ExcludeClipboardContentFromMonitorProcessing": b"\1\0\0\0",
    "CanIncludeInClipboardHistory": b"\0\0\0\0",
    "CanUploadToCloudClipboard": b"\0\0\0\0",
    "Clipboard Viewer Ignore": b"\1\0\0\0",
}
"""What Windows and clipboard managers heed: keep this out of every history."""
_MADE_BY_WINDOWS = frozenset({1, 2, 3, 7, 9, 16})
"""CF_TEXT, CF_BITMAP, CF_METAFILEPICT, CF_OEMTEXT, CF_PALETTE and CF_LOCALE, which Windows makes of others."""
_HANDLES = (range(0x80, 0x90), range(0x200, 0x400))
"""Formats that are drawn by their owner or hold handles of its own: nobody else could keep them."""
_MOST_PROMISES = 20
"""Two clipboard managers might else read for ever what is promised for ever."""
QUIET_S = 1.5
"""Clipboard managers look at what is new within a second."""


class Calls(Protocol):
    """`Win32Clipboard`, or a test's."""

    def wake(self) -> None:
        """Let `wait` return."""

    def wait(self, seconds: float | None) -> None:
        """Deal with messages."""

    def open(self) -> bool:
        """Hold the clipboard."""

    def close(self) -> None:
        """Let go of it."""

    def is_own(self) -> bool:
        """Whether this program changed it last."""

    def empty(self) -> None:
        """Own it. Raises OSError."""

    def formats(self) -> list[int]:
        """All formats."""

    def get(self, number: int) -> bytes | None:
        """Contents."""

    def put(self, number: int, data: bytes) -> bool:
        """Set contents."""

    def promise(self, number: int) -> None:
        """Offer a format."""

    def register(self, name: str) -> int:
        """Number of a format."""

    def reader(self) -> int:
        """Who has it open."""

    def focused(self) -> frozenset[int]:
        """Who has the focus."""

    def leave(self) -> None:
        """Take the window away."""


class WindowsClipboard(LendingClipboard[Contents]):
    """`Clipboard` under Windows."""

    def __init__(
        self,
        receipt_timeout_s: float = RECEIPT_TIMEOUT_S,
        settle_s: float = SETTLE_S,
        make_calls: Callable[[Callable[[int, int], None]], Calls] = Win32Clipboard,
        quiet_s: float = QUIET_S,
    ) -> None:
        super().__init__(WindowsBoard(make_calls, quiet_s), receipt_timeout_s, settle_s)


class WindowsBoard:
    """`Board` under Windows."""

    def __init__(self, make_calls: Callable[[Callable[[int, int], None]], Calls], quiet_s: float = QUIET_S) -> None:
        self.errors: tuple[type[Exception], ...] = (OSError,)
        self._make_calls = make_calls
        self._own_calls: Calls | None = None
        self._focused: frozenset[int] = frozenset()
        self._loan: ClipboardLoan[Contents] | None = None
        self._text = ""
        self._promises = 0
        self._used_up = False
        self._quiet_s = quiet_s
        self._watchers: set[int] = set()
        self._quiet_at: float | None = None

    def wake(self) -> None:
        """See `Board`."""
        if self._own_calls is not None:
            self._own_calls.wake()

    def begin(self) -> None:
        """Make the window, in the thread that its messages come to."""
        self._own_calls = self._make_calls(self._on_message)

    def wait(self, done: Callable[[], bool], deadline: float | None) -> bool:
        """See `Board`."""
        while not done():
            now, quiet_at = time.monotonic(), self._quiet_at
            if deadline is not None and deadline <= now:
                return False
            if quiet_at is not None and quiet_at <= now:
                self._take_for_the_window()
                continue
            self._calls.wait(min((at - now for at in (deadline, quiet_at) if at is not None), default=None))
            if self._used_up:
                self._promise_again()
        return True

    def note_focus(self) -> bool:
        """See `Board`."""
        self._focused = self._calls.focused()
        return bool(self._focused)

    def save(self, deadline: float) -> Contents:
        """See `Board`; the clipboard stays open for `take`."""
        if not self._calls.open():
            raise SlowOwner
        kept: dict[int, bytes] = {}
        offered = [number for number in self._calls.formats() if not any(number in numbers for numbers in _HANDLES)]
        for number in offered:
            if number not in _MADE_BY_WINDOWS and (data := self._calls.get(number)) is not None:
                kept[number] = data
            if time.monotonic() > deadline:
                break
        else:
            if kept or not offered:
                return kept
        self._calls.close()
        raise SlowOwner

    def take(self, loan: ClipboardLoan[Contents]) -> bool:
        """See `Board`."""
        self._loan, self._text = loan, loan.text
        self._promises, self._watchers, self._quiet_at = 0, set(), None
        self._offer()
        return True

    def restore(self, saved: Contents) -> bool:
        """See `Board`."""
        return self._change(saved)

    def keep(self, text: str) -> bool:
        """See `Board`."""
        return self._calls.is_own() and self._change({CF_UNICODETEXT: _unicode(text)}) and self._calls.is_own()

    def put(self, text: str) -> bool:
        """See `Board`."""
        if not self._calls.open():
            return False
        self._fill({CF_UNICODETEXT: _unicode(text)})
        return True

    def leave(self) -> None:
        """See `Board`."""
        if self._own_calls is not None:
            self._own_calls.leave()

    @property
    def _calls(self) -> Calls:
        if self._own_calls is None:
            raise OSError("there is no clipboard")
        return self._own_calls

    def _change(self, contents: Contents) -> bool:
        """Set contents if nobody else has since; False when the clipboard cannot be had at present."""
        if not self._calls.open():
            return False
        if self._calls.is_own():
            self._fill(contents)
        else:
            self._calls.close()
        return True

    def _fill(self, contents: Contents) -> None:
        """Set contents for good, and let go of the clipboard."""
        self._loan, self._used_up, self._quiet_at = None, False, None
        try:
            self._calls.empty()
            refused = [number for number, data in contents.items() if not self._calls.put(number, data)]
        finally:
            self._calls.close()
        if refused:
            logger.warning("the clipboard refuses the formats {}", refused)

    def _offer(self) -> None:
        """Promise the text, and let go of the clipboard."""
        self._used_up = False
        self._promises += 1
        try:
            self._calls.empty()
            for name, data in MARKS.items():
                self._calls.put(self._calls.register(name), data)
            self._calls.promise(CF_UNICODETEXT)
        finally:
            self._calls.close()

    def _promise_again(self) -> None:
        """After somebody else than the window has read: only of a new promise it is told who reads."""
        loan = self._loan
        if loan is None or loan.taken_at is not None or self._promises >= _MOST_PROMISES:
            self._used_up, self._quiet_at = False, None  # from now on nobody is seen to read
        elif self._calls.open():
            if self._calls.is_own():
                self._offer()
            else:
                self._used_up = False
                self._calls.close()

    def _on_message(self, kind: int, number: int) -> None:
        loan = self._loan
        if kind == WM_DESTROYCLIPBOARD:
            # Also comes when this program itself empties it.
            if loan is not None and not self._calls.is_own():
                loan.over.set()
        elif kind == WM_RENDERALLFORMATS:
            if self._calls.open():
                # Somebody may have copied something since the message was sent.
                if self._calls.is_own():
                    self._calls.put(CF_UNICODETEXT, _unicode(self._text))
                self._calls.close()
        elif kind == WM_RENDERFORMAT and number == CF_UNICODETEXT:
            reader = self._calls.reader()
            self._calls.put(number, _unicode(self._text))
            if loan is not None and loan.armed and reader in self._focused:
                loan.was_read()
            else:
                self._used_up = True
                self._note_other(reader, armed=loan is not None and loan.armed)

    def _note_other(self, reader: int, *, armed: bool) -> None:
        if not armed:
            self._watchers.add(reader)
        elif reader not in self._watchers:
            self._quiet_at = time.monotonic() + self._quiet_s

    def _take_for_the_window(self) -> None:
        self._quiet_at = None
        if self._loan is not None and self._loan.taken_at is None:
            logger.info("the clipboard was read by a process that has no window in front; taken for the paste")
            self._loan.was_read()


def _unicode(text: str) -> bytes:
    """As CF_UNICODETEXT has it: line ends of Windows, and a zero at the end."""
    lines = text.replace("\r\n", "\n").replace("\n", "\r\n")
    return (lines + "\0").encode("utf-16-le", "surrogatepass")
