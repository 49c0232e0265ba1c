"""Keys as fingers have them under X11, by XTest. Insertion thread or the typer's aftercare, not both; imports no Xlib
before the first use; may import `system.x11_*`.

XTest presses keys on a keyboard of its own. What a person holds down on another one can be released for all programs,
and pressed again for them, while the server keeps knowing that the finger has never moved.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from voicetype.system.x11_windows import X11Focus

_RELEASE_WAIT_S = 1.5
"""How long a person holds a hotkey at most."""
_POLL_S = 0.01
_RESTORE_TRIES = 3
"""A finger may move while its key is being restored; it does not do so several times within milliseconds."""
BATCH = 40
"""Keys for which the server serves nobody else at a time."""
_CAPS_LOCK = 2
"""Mask of the modifier that makes capitals."""
_RESTORED_KEYSYMS = frozenset({*range(0xFFE1, 0xFFE5), 0xFFE9, 0xFFEA, 0xFE03})
"""Shift, Control, Alt and the third level. Not Super: its release alone opens the desktop's menu."""


Stillness = Callable[[], contextlib.AbstractContextManager[bool]]
"""See `control.stillness`."""


class Fingers:
    """Presses keys. Methods raise Xlib's errors and OSError.

    Attributes:
        aim: the window that has to have the focus; 0 for any.
    """

    def __init__(self, display: Any, stillness: Stillness) -> None:
        """`stillness` keeps all threads still that could wait for the server with the interpreter's lock."""
        from voicetype.system.x11_requests import KeyboardState

        self._display = display
        self._stillness = stillness
        self._state = KeyboardState(display)
        self._focus = X11Focus(display)
        self.aim = 0
        self._restored = set[int]()  # pressed for a person who still held them

    @property
    def has_restored(self) -> bool:
        """Whether there are keys for `let_go`."""
        return bool(self._restored)

    @contextlib.contextmanager
    def untouched(self) -> Iterator[None]:
        """No key is held and Caps Lock is off inside; then the lock and what a person still holds are put back."""
        released = self.release_all()
        caps = self._state.locks().modifiers & _CAPS_LOCK
        if caps:
            self._state.lock_modifiers(caps, on=False)
        try:
            yield
        finally:
            if caps:
                self._state.lock_modifiers(caps, on=True)
            self._restore(released)
            self._display.sync()

    def release_all(self) -> set[int]:
        """Wait for keys to be let go, then let go of them for programs; returns those that are worth restoring.

        A held hotkey would turn what is typed into commands, and its grab would take it from the window.
        """
        end = time.monotonic() + _RELEASE_WAIT_S
        while (held := self._state.held()) and time.monotonic() < end:
            time.sleep(_POLL_S)
        for keycode in held:
            self.press(keycode, False)
        self._display.sync()
        return {keycode for keycode in held if self._display.keycode_to_keysym(keycode, 0) in _RESTORED_KEYSYMS}

    def let_go(self, *, held_too: bool = False) -> None:
        """Release the restored keys that no finger is on any more, or all of them.

        The server has let go of the former by itself, but not on XTest's keyboard, where the next press of the same
        key, by any program, would count as none.
        """
        if held_too:
            for keycode in set(self._restored):
                self.press(keycode, False)
            self._display.sync()
        elif self._restored:
            self._restore(set(self._restored))

    def _restore(self, keycodes: set[int]) -> None:
        for _ in range(_RESTORE_TRIES if keycodes else 0):
            held = keycodes & self._state.held_by_hand()
            if held == keycodes & self._restored:
                return
            group = self._state.locks().group
            for keycode in held - self._restored:
                self.press(keycode, True)
            for keycode in keycodes & (self._restored - held):
                self.press(keycode, False)
            self._restored = (self._restored - keycodes) | held
            if self._state.locks().group != group:
                self._state.lock_group(group)  # for some, Alt and Shift together switch the layout

    def tap_all(self, keycodes: Sequence[int]) -> int:
        """Press and release each key while the aim has the focus; returns how many, when the server has done it."""
        for start in range(0, len(keycodes), BATCH):
            with self.at_aim() as there:
                if not there:
                    return start
                self.tap_here(keycodes[start : start + BATCH])
        return len(keycodes)

    def tap_here(self, keycodes: Iterable[int]) -> None:
        """Press and release each key, inside `at_aim`."""
        for keycode in keycodes:
            self.tap(keycode)

    def chord(self, *modifiers: int, key: int) -> bool:
        """Press a key with modifiers if the aim has the focus, and tell whether it has."""
        with self.at_aim() as there:
            if there:
                for modifier in modifiers:
                    # It may be down on XTest's keyboard only, and pressing it again would do nothing.
                    self.press(modifier, False)
                    self.press(modifier, True)
                self.tap(key)
                for modifier in reversed(modifiers):
                    self.press(modifier, False)
            return there

    def are_free(self) -> bool:
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
    def at_aim(self) -> Iterator[bool]:
        """Nobody can move the focus or change the map inside; whether the focus is where it should be.

        While this program's own windows are too busy to be kept still, both are looked at right before the keys.
        """
        with self._stillness() as still:
            if still:
                self._display.grab_server()
            try:
                yield not self.aim or self._focus.holds_focus(self.aim)
                self._display.sync()
            finally:
                if still:
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

        if not down:
            self._restored.discard(keycode)
        xtest.fake_input(self._display, X.KeyPress if down else X.KeyRelease, keycode)
