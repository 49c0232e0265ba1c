"""Typing into the focused X11 window, exactly. Insertion thread; may import Xlib (lazily), `core`.

A character that no key has is typed by giving it to a spare keycode. Doing that per character and taking it back is
what makes other programs type wrong letters: a target reads the map when it gets to the event, and by then the map has
changed again. So each character gets a keycode of its own (in every group and level, so that neither layout nor Shift
matters), and keeps it for some seconds after the typing. A target that reads the map late still reads the right one.
Free keycodes are few, so those of media keys (play, brightness and the like) are borrowed and given back.

Each change of the map makes every program of the desktop read it again (window managers take 50 ms for it), so
neighbouring keycodes are changed by one request, and the longest rows of spare keycodes are used first.

Keys go to the window that has the focus when the server gets them. So that they cannot go anywhere but where they
should, the server serves nobody else from the look at the focus until they are sent, some 40 keys at a time.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from voicetype.core.messages import InsertionError, Level, MessageCode, TypingInterrupted
from voicetype.system.x11_windows import X11Focus

_RELEASE_WAIT_S = 1.5
"""How long a person holds a hotkey at most."""
_POLL_S = 0.01
_REUSE_PAUSE_S = 2.0
"""Before a keycode gets another character, targets must have read all events of the old one."""
_GIVE_BACK_AFTER_S = 5.0
"""Quiet time after which targets have surely read what was typed."""
_CLOSE_PAUSE_S = 1.5
"""As much of it as the end of the program waits for."""
_MEDIA_KEYSYMS = range(0x1008_0000, 0x1009_0000)
"""Keysyms of XFree86's vendor range: the media keys."""
_UNICODE_KEYSYM = 0x0100_0000
_LATIN_1 = 0x100
_SYMBOLS_PER_KEY = 4
"""Two groups of two levels; further groups wrap around to these."""
_BATCH = 40
"""Keys between two looks at the server's answer: bounds its queue and shows a lost connection."""


class _Keys:
    """The keyboard as fingers have it, by XTest. Methods raise Xlib's errors and OSError."""

    def __init__(self, display: Any) -> None:
        self._display = display
        self._focus = X11Focus(display)
        self.aim = 0
        """The window that has to have the focus; 0 for any."""

    def named(self, name: str) -> int:
        """Keycode of an X name, 0 when the keyboard has no such key."""
        from Xlib import XK

        return int(self._display.keysym_to_keycode(XK.string_to_keysym(name)))

    @contextlib.contextmanager
    def untouched(self) -> Iterator[None]:
        """No key is held and Caps Lock is off inside; the lock is put back."""
        self.wait_for_released()
        caps = self._caps_lock_on()
        if caps:
            self.tap(self.named("Caps_Lock"))
        try:
            yield
        finally:
            if caps:
                self.tap(self.named("Caps_Lock"))
            self._display.sync()

    def wait_for_released(self) -> None:
        """A held hotkey would turn what is typed into commands, and its grab would take it from the window."""
        end = time.monotonic() + _RELEASE_WAIT_S
        while (held := self._held()) and time.monotonic() < end:
            time.sleep(_POLL_S)
        for keycode in held:
            self.press(keycode, False)
        self._display.sync()

    def tap_all(self, keycodes: Sequence[int]) -> int:
        """Press and release each key while the aim has the focus; returns how many, when the server has done it."""
        for start in range(0, len(keycodes), _BATCH):
            with self._aimed() as there:
                if not there:
                    return start
                for keycode in keycodes[start : start + _BATCH]:
                    self.tap(keycode)
        return len(keycodes)

    def chord(self, *modifiers: int, key: int) -> bool:
        """Press a key with modifiers if the aim has the focus, and tell whether it has."""
        with self._aimed() as there:
            if there:
                for modifier in modifiers:
                    self.press(modifier, True)
                self.tap(key)
                for modifier in reversed(modifiers):
                    self.press(modifier, False)
            return there

    def is_free(self) -> bool:
        """Whether keys go to the focus: a password prompt, a menu or a locked screen may take them all."""
        from Xlib import X

        if not self.aim:
            return True
        root = self._display.screen().root
        if root.grab_keyboard(True, X.GrabModeAsync, X.GrabModeAsync, X.CurrentTime) != X.GrabSuccess:
            return False
        self._display.ungrab_keyboard(X.CurrentTime)
        self._display.sync()
        return True

    @contextlib.contextmanager
    def _aimed(self) -> Iterator[bool]:
        """Nobody can move the focus inside; whether it is where it should be."""
        if self.aim:
            self._display.grab_server()
        try:
            yield not self.aim or self._focus.holds_focus(self.aim)
            self._display.sync()
        finally:
            if self.aim:
                self._display.ungrab_server()
                self._display.flush()

    def tap(self, keycode: int) -> None:
        """Press and release a key."""
        self.press(keycode, True)
        self.press(keycode, False)

    def press(self, keycode: int, down: bool) -> None:
        """Move a key down or up."""
        from Xlib import X
        from Xlib.ext import xtest

        xtest.fake_input(self._display, X.KeyPress if down else X.KeyRelease, keycode)

    def _held(self) -> list[int]:
        keys = self._display.query_keymap()
        return [8 * index + bit for index, byte in enumerate(keys) for bit in range(8) if byte >> bit & 1]

    def _caps_lock_on(self) -> bool:
        from Xlib import X

        return bool(self._display.screen().root.query_pointer().mask & X.LockMask)


class X11Typer:
    """Types text and presses the paste chord by XTest on a connection of its own.

    All methods raise InsertionError when the server is gone.
    """

    def __init__(self) -> None:
        from Xlib import display

        self._display = display.Display()
        self._keys = _Keys(self._display)
        self._keycode_of: dict[str, int] = {}
        self._lock = threading.Lock()  # the typing thread's and the timer's
        self._originals: dict[int, tuple[int, ...]] = {}
        self._give_back_timer: threading.Timer | None = None
        self._typed_at = 0.0

    @property
    def client(self) -> int:
        """What X ids of this connection begin with: by it the server's record tells whose a key press is."""
        return int(self._display.display.info.resource_id_base)

    def aim(self, window: int) -> None:
        """See `Typer.aim`."""
        self._keys.aim = window

    def type_text(self, text: str) -> None:
        """Type `text` into the window that has the focus."""
        self._cancel_timer()
        with self._lock:
            self._type_locked(text)
            self._typed_at = time.monotonic()
            self._give_back_timer = threading.Timer(_GIVE_BACK_AFTER_S, self._give_back)
            self._give_back_timer.daemon = True
            self._give_back_timer.start()

    def _type_locked(self, text: str) -> None:
        try:
            if not self._originals:
                self._originals = self._spare_keycodes()
            with self._free_keyboard():
                typed = 0
                for chunk in self._chunks(text):
                    self._assign(chunk)
                    sent = self._keys.tap_all([self._keycode_for(char) for char in chunk])
                    typed += sent
                    if sent < len(chunk):
                        raise TypingInterrupted(typed, text[typed:])
        except InsertionError:
            raise
        except Exception as error:
            raise self._lost(error) from error

    def erase(self, count: int, allowed: Callable[[], bool] = lambda: True) -> None:
        """Press BackSpace `count` times if `allowed`; see `Typer.erase`."""
        with self._lock:
            try:
                backspace = self._keys.named("BackSpace")
                if not backspace:
                    raise LookupError("this keyboard has no BackSpace")
                with self._free_keyboard():
                    if not allowed():
                        raise InsertionError(MessageCode.INSERTION_FAILED, detail="the text was touched meanwhile")
                    if (erased := self._keys.tap_all([backspace] * count)) < count:
                        raise TypingInterrupted(erased - count)
            except InsertionError:
                raise
            except Exception as error:
                raise self._lost(error) from error

    def press_paste(self, chord: str = "") -> None:
        """Press Shift+Insert, which pastes in fields and terminals, whatever the layout; or `chord`."""
        try:
            self._keys.wait_for_released()
            self._check_keyboard()
            # A layout without Latin letters has no V.
            usual = tuple(map(self._keys.named, ("Shift_L", "Insert")))
            wished = tuple(self._keys.named(_CHORD_KEYS.get(name, name)) for name in chord.split("+")) if chord else ()
            *modifiers, key = wished if wished and all(wished) else usual
            if not self._keys.chord(*modifiers, key=key):
                raise TypingInterrupted(0)
        except InsertionError:
            raise
        except Exception as error:
            raise self._lost(error) from error

    def close(self) -> None:
        """Take the characters back from the borrowed keys and disconnect."""
        from Xlib.error import ConnectionClosedError

        self._cancel_timer()
        if self._keycode_of:
            time.sleep(max(0.0, self._typed_at + _CLOSE_PAUSE_S - time.monotonic()))
        self._give_back()
        with contextlib.suppress(ConnectionClosedError, OSError):
            self._display.close()

    @contextlib.contextmanager
    def _free_keyboard(self) -> Iterator[None]:
        with self._keys.untouched():
            self._check_keyboard()
            yield

    def _check_keyboard(self) -> None:
        if not self._keys.is_free():
            raise InsertionError(MessageCode.KEYBOARD_TAKEN, Level.WARNING)

    def _cancel_timer(self) -> None:
        timer, self._give_back_timer = self._give_back_timer, None
        if timer is not None:
            timer.cancel()
            timer.join()

    def _give_back(self) -> None:
        from Xlib.error import ConnectionClosedError, DisplayError

        # The server may be gone, and its keyboard with it.
        with self._lock, contextlib.suppress(ConnectionClosedError, DisplayError, OSError):
            self._change_map({keycode: self._originals[keycode] for keycode in self._keycode_of.values()})
            self._keycode_of.clear()
            self._originals.clear()

    def _chunks(self, text: str) -> list[str]:
        """Parts of `text` with no more different characters than there are spare keys."""
        chunks, start, seen = [], 0, set[str]()
        room = len(self._originals)
        for index, char in enumerate(text):
            if char not in seen and len(seen) == room:
                chunks.append(text[start:index])
                start, seen = index, set()
            seen.add(char)
        return [*chunks, text[start:]]

    def _assign(self, chunk: str) -> None:
        """Give each character of `chunk` a key."""
        wanted = dict.fromkeys(char for char in chunk if char not in _NAMED_KEYS)
        missing = [char for char in wanted if char not in self._keycode_of]
        if len(missing) > len(self._free()):
            time.sleep(_REUSE_PAUSE_S)
            for char in [char for char in self._keycode_of if char not in wanted]:
                del self._keycode_of[char]
        assigned = dict(zip(missing, self._free(), strict=False))
        self._keycode_of |= assigned
        self._change_map({keycode: (_keysym(char),) * _SYMBOLS_PER_KEY for char, keycode in assigned.items()})

    def _free(self) -> list[int]:
        used = set(self._keycode_of.values())
        return [keycode for keycode in self._originals if keycode not in used]

    def _change_map(self, symbols: Mapping[int, tuple[int, ...]]) -> None:
        for row in _rows(symbols):
            self._display.change_keyboard_mapping(row[0], [symbols[keycode] for keycode in row])
        self._display.sync()

    def _keycode_for(self, char: str) -> int:
        name = _NAMED_KEYS.get(char)
        return self._keys.named(name) if name else self._keycode_of[char]

    def _spare_keycodes(self) -> dict[int, tuple[int, ...]]:
        """Keycodes that may be borrowed with the symbols to give back, the longest rows of neighbours first."""
        first, last = self._display.display.info.min_keycode, self._display.display.info.max_keycode
        mapping = self._display.get_keyboard_mapping(first, last - first + 1)
        modifiers = {code for codes in self._display.get_modifier_mapping() for code in codes}
        spare = {
            code: tuple(symbols)
            for code, symbols in zip(range(first, last + 1), mapping, strict=True)
            if code not in modifiers and all(symbol == 0 or symbol in _MEDIA_KEYSYMS for symbol in symbols)
        }
        return {code: spare[code] for row in sorted(_rows(spare), key=len, reverse=True) for code in row}

    def _lost(self, error: Exception) -> InsertionError:
        return InsertionError(MessageCode.INSERTION_FAILED, detail=type(error).__name__)


_CHORD_KEYS = {"ctrl": "Control_L", "shift": "Shift_L", "insert": "Insert"}
_NAMED_KEYS = {"\n": "Return", "\t": "Tab"}


def _keysym(char: str) -> int:
    code = ord(char)
    return code if code < _LATIN_1 else _UNICODE_KEYSYM | code


def _rows(keycodes: Iterable[int]) -> list[list[int]]:
    """`keycodes` in rows of neighbours."""
    rows: list[list[int]] = []
    for code in sorted(keycodes):
        if rows and rows[-1][-1] == code - 1:
            rows[-1].append(code)
        else:
            rows.append([code])
    return rows
