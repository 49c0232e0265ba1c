"""Typing into the focused X11 window, exactly. Insertion thread; may import Xlib (lazily), `core`, `system.x11_*`.

Characters are typed by borrowed keys (`x11_borrowed_keys`), pressed by `x11_fingers`. Between a look at the map and the
presses that rely on it nobody may change it, so the server is grabbed for both, some milliseconds at a time. Targets
get the news of a map and the keys in one order; only one that reads the map while another program has just put its own
there, and this one has not yet repaired it, can take a wrong character. After a repair they are given time to read.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator

from voicetype.core.messages import InsertionError, Level, MessageCode, TypingInterrupted
from voicetype.system.x11_borrowed_keys import REUSE_PAUSE_S, BorrowedKeys
from voicetype.system.x11_fingers import BATCH, Fingers, Stillness

_GIVE_BACK_AFTER_S = 5.0
"""Quiet time after which targets have surely read what was typed."""
_CLOSE_PAUSE_S = 1.5
"""As much of it as the end of the program waits for."""
_RESTORED_POLL_S = 0.1
"""How often is looked whether a finger has left a key that was pressed again for it."""
_GUARDED_S = 1.5
"""For so long after the typing a map that another program has put in place gets the characters again."""
_GUARD_POLL_S = 0.02
_REREAD_S = 0.03
"""How long programs take to read a changed map: another change before that would be read in its place."""
_UNREST_S = 3.0
"""For so long of one text a map that others keep changing is waited for; from then on it is only repaired."""
_CHORD_KEYS = {"ctrl": "Control_L", "shift": "Shift_L", "insert": "Insert"}
_NAMED_KEYS = {"\n": "Return", "\t": "Tab"}


class X11Typer:
    """Types text and presses the paste chord by XTest on a connection of its own.

    All methods raise InsertionError when the server is gone.
    """

    def __init__(self, stillness: Stillness = lambda: contextlib.nullcontext(True)) -> None:
        """`stillness` is what `Fingers` needs where Qt has windows."""
        from Xlib import display

        self._display = display.Display()
        self._fingers = Fingers(self._display, stillness)
        self._keys = BorrowedKeys(self._display)
        self._lock = threading.Lock()  # the typing thread's and the aftercare's
        self._aftercare: threading.Thread | None = None
        self._recalled = threading.Event()
        self._recent: list[str] = []  # characters that a target may not have read yet
        self._used_at = 0.0

    @property
    def client(self) -> int:
        """What X ids of this connection begin with: by it the server's record tells whose a key press is."""
        return int(self._display.display.info.resource_id_base)

    def aim(self, window: int) -> None:
        """See `Typer.aim`."""
        self._fingers.aim = window

    def type_text(self, text: str) -> None:
        """Type `text` into the window that has the focus."""
        with self._at_work(), self._free_keyboard():
            unrest, typed = _Unrest(), 0
            for chunk in self._chunks(text):
                sent = self._type(chunk, unrest)
                typed += sent
                if sent < len(chunk):
                    raise TypingInterrupted(typed, text[typed:])

    def erase(self, count: int, allowed: Callable[[], bool] = lambda: True) -> None:
        """Press BackSpace `count` times if `allowed`; see `Typer.erase`."""
        with self._at_work():
            backspace = self._needed("BackSpace")
            with self._free_keyboard():
                if not allowed():
                    raise InsertionError(MessageCode.INSERTION_FAILED, detail="the text was touched meanwhile")
                if (erased := self._fingers.tap_all([backspace] * count)) < count:
                    raise TypingInterrupted(erased - count)

    def press_paste(self, chord: str = "") -> None:
        """Press Shift+Insert, which pastes in fields and terminals, whatever the layout; or `chord`."""
        with self._at_work():
            usual = tuple(map(self._needed, ("Shift_L", "Insert")))
            # A layout without Latin letters has no V.
            wished = tuple(self._keys.named(_CHORD_KEYS.get(name, name)) for name in chord.split("+")) if chord else ()
            *modifiers, key = wished if wished and all(wished) else usual
            with self._free_keyboard():
                if not self._fingers.chord(*modifiers, key=key):
                    raise TypingInterrupted(0)

    def close(self) -> None:
        """Take the characters back from the borrowed keys and disconnect."""
        from Xlib.error import ConnectionClosedError

        self._end_aftercare()
        if self._keys:
            time.sleep(max(0.0, self._used_at + _CLOSE_PAUSE_S - time.monotonic()))
        self._tidy(_GIVE_BACK_AFTER_S, last=True)
        with contextlib.suppress(ConnectionClosedError, OSError):
            self._display.close()

    @contextlib.contextmanager
    def _at_work(self) -> Iterator[None]:
        """The keyboard is this thread's, its map freshly read; errors are told as InsertionError."""
        self._end_aftercare()
        with self._lock:
            try:
                self._keys.look()
                yield
            except InsertionError:
                raise
            except Exception as error:
                raise InsertionError(MessageCode.INSERTION_FAILED, detail=type(error).__name__) from error
            finally:
                self._used_at = time.monotonic()
                self._begin_aftercare()

    @contextlib.contextmanager
    def _free_keyboard(self) -> Iterator[None]:
        """No key is held inside, and nobody else has taken the keyboard."""
        with self._fingers.untouched():
            if not self._fingers.are_free():
                raise InsertionError(MessageCode.KEYBOARD_TAKEN, Level.WARNING)
            yield

    def _type(self, chunk: str, unrest: _Unrest) -> int:
        """Type a part of the text with no more different characters than there are spare keys; how much was typed.

        It ends early when the focus leaves the aim.
        """
        chars = [char for char in dict.fromkeys(chunk) if char not in _NAMED_KEYS]
        self._recent = chars
        if self._keys.assign(chars):
            time.sleep(_REREAD_S)
        for start in range(0, len(chunk), BATCH):
            batch = chunk[start : start + BATCH]
            while (sent := self._type_batch(batch, chars, repair=unrest.over)) is None:
                self._repair(chars)
                unrest.wait()
            if not sent:
                return start
        return len(chunk)

    def _type_batch(self, batch: str, chars: list[str], *, repair: bool) -> bool | None:
        """Type at the aim, False elsewhere; None when the map is wrong and `repair` does not say to mend it at once."""
        with self._fingers.at_aim() as there:
            if there and not self._keys.are_there(chars):
                if not repair:
                    return None
                self._repair(chars, reuse_pause_s=0.0)
            if there:
                self._fingers.tap_here(map(self._keycode_for, batch))
            return there

    def _repair(self, chars: list[str], reuse_pause_s: float = REUSE_PAUSE_S) -> None:
        self._keys.look()
        self._keys.assign(chars, reuse_pause_s)

    def _chunks(self, text: str) -> list[str]:
        """Parts of `text` with no more different characters than there are spare keys."""
        chunks, start, seen = [], 0, set[str]()
        for index, char in enumerate(text):
            if char not in seen and len(seen) == self._keys.room:
                chunks.append(text[start:index])
                start, seen = index, set()
            seen.add(char)
        return [*chunks, text[start:]]

    def _keycode_for(self, char: str) -> int:
        name = _NAMED_KEYS.get(char)
        return self._needed(name) if name else self._keys.keycode_of(char)

    def _needed(self, name: str) -> int:
        if keycode := self._keys.named(name):
            return keycode
        raise LookupError(f"this keyboard has no {name}")

    def _begin_aftercare(self) -> None:
        if self._keys or self._fingers.has_restored:
            self._recalled = threading.Event()
            self._aftercare = threading.Thread(target=self._care, name="aftercare", daemon=True)
            self._aftercare.start()

    def _end_aftercare(self) -> None:
        if self._aftercare is not None:
            self._recalled.set()
            self._aftercare.join()
            self._aftercare = None

    def _care(self) -> None:
        """After the typing: keep the map for targets that lag behind, then let go of what was borrowed and restored."""
        while self._keys or self._fingers.has_restored:
            quiet_s = time.monotonic() - self._used_at
            if quiet_s < _GUARDED_S:
                pause_s = _GUARD_POLL_S
            else:
                left_s = _GIVE_BACK_AFTER_S - quiet_s
                pause_s = _RESTORED_POLL_S if self._fingers.has_restored else max(0.0, left_s)
            if self._recalled.wait(pause_s) or not self._tidy(quiet_s):
                return

    def _tidy(self, quiet_s: float, *, last: bool = False) -> bool:
        """What is due after so long without typing; False without a server."""
        from Xlib.error import ConnectionClosedError, DisplayError

        with self._lock:
            try:
                self._fingers.let_go(held_too=last)
                if quiet_s < _GUARDED_S:
                    if not self._keys.are_there(self._recent):
                        self._repair(self._recent, reuse_pause_s=0.0)
                elif quiet_s >= _GIVE_BACK_AFTER_S:
                    self._keys.give_back()
            except (ConnectionClosedError, DisplayError, OSError):
                return False
            return True


class _Unrest:
    """How long others have kept changing the map while one text was typed."""

    def __init__(self) -> None:
        self._waited = 0.0

    @property
    def over(self) -> bool:
        """Whether it has been waited for long enough."""
        return self._waited >= _UNREST_S

    def wait(self) -> None:
        """Let programs read the repaired map."""
        time.sleep(_REREAD_S)
        self._waited += _REREAD_S
