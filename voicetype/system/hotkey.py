"""The global hotkey. Methods from one thread of the caller; `on_press` comes from the listener's thread.

Windows: pynput's hook. X11: the server's own grab, since pynput can only listen there: the focused window would get
the hotkey too, every key of the user would pass through this program, and letters would depend on the layout.
May import: `core`, loguru, the two listeners beside it (lazily).
"""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Protocol

from loguru import logger

from voicetype.core.hotkeys import Hotkey, parse_hotkey
from voicetype.core.messages import HotkeyError

DEBOUNCE_MS = 30
"""A worn key opens and closes again within it; nobody presses twice as fast. Also tells auto-repeat under X11."""
MISSED_RELEASE_MS = 1_500
"""A held key repeats more often than that, so a press after such a pause is a new one whose release got lost."""
_CLOCK_MODULUS = 2**32
"""X11 and Windows count milliseconds in 32 bits."""

KeyEvent = Callable[[bool, int], None]


class PressFilter:
    """Reduces downs and ups of one key to physical presses. Pure: the time of each event is given, in ms."""

    def __init__(self) -> None:
        self._down = False
        self._last_ms: int | None = None

    def pressed(self, now_ms: int) -> bool:
        """The key went down; True when somebody pressed it, False for auto-repeat and bouncing."""
        since = None if self._last_ms is None else (now_ms - self._last_ms) % _CLOCK_MODULUS
        limit = MISSED_RELEASE_MS if self._down else DEBOUNCE_MS
        self._down = True
        self._last_ms = now_ms
        return since is None or since >= limit

    def released(self, now_ms: int) -> None:
        """The key went up."""
        self._down = False
        self._last_ms = now_ms


class KeySource(Protocol):
    """What catches the combination on one platform."""

    def start(self) -> None:
        """Begin. Raises HotkeyError."""

    def set_hotkey(self, hotkey: Hotkey) -> None:
        """Replace the combination. Raises HotkeyError."""

    def settle(self) -> None:
        """Return when the events that have happened are told."""

    def stop(self) -> None:
        """End; idempotent, bounded."""


def make_key_source(on_key: KeyEvent) -> KeySource:
    """The platform's way to catch a combination."""
    if sys.platform == "win32":
        from voicetype.system.pynput_hook import PynputHook

        return PynputHook(on_key)
    from voicetype.system.x11_grab import X11KeyGrab

    return X11KeyGrab(on_key)


class PynputHotkeyListener:
    """`HotkeyListener`: one call of `on_press` for each physical press, whatever the layout and the locks.

    Raises HotkeyError: HOTKEY_INVALID or HOTKEY_NEEDS_MODIFIER (not a hotkey), HOTKEY_TAKEN (another program has it),
    HOTKEY_UNAVAILABLE (no display, no such key). After `start` has failed `set_hotkey` tries again.
    """

    def __init__(self, make_source: Callable[[KeyEvent], KeySource] = make_key_source) -> None:
        self._make_source = make_source
        self._source: KeySource | None = None
        self._on_press: Callable[[], None] | None = None
        self._filter = PressFilter()
        self._lock = threading.Lock()
        self._suspensions = 0

    def start(self, hotkey: str, on_press: Callable[[], None]) -> None:
        """Begin to listen; `on_press` must be quick."""
        self._on_press = on_press
        self.set_hotkey(hotkey)

    def set_hotkey(self, hotkey: str) -> None:
        """Put another hotkey into force at once; on HotkeyError the old one stays."""
        if self._on_press is None:
            raise RuntimeError("the listener was not started")
        parsed = parse_hotkey(hotkey)
        if self._source is None:
            source = self._make_source(self._on_key)
            try:
                source.start()
            except HotkeyError:
                source.stop()
                raise
            self._source = source
        self._source.set_hotkey(parsed)

    def stop(self) -> None:
        """End; idempotent, bounded. No call of `on_press` begins after it returned."""
        source, self._source = self._source, None
        self._on_press = None
        if source is not None:
            source.stop()

    @contextlib.contextmanager
    def suspended(self) -> Iterator[None]:
        """Ignore presses inside: for the program's own typing. Any thread; may be nested."""
        self._settle()
        with self._lock:
            self._suspensions += 1
        try:
            yield
        finally:
            self._settle()
            with self._lock:
                self._suspensions -= 1

    def _settle(self) -> None:
        """X11 does not tell typed keys from pressed ones, and reports both when it likes."""
        source = self._source
        if source is not None:
            with contextlib.suppress(HotkeyError):
                source.settle()

    def _on_key(self, pressed: bool, time_ms: int) -> None:
        if not pressed:
            self._filter.released(time_ms)
            return
        fresh = self._filter.pressed(time_ms)
        with self._lock:
            on_press = None if self._suspensions else self._on_press
        if fresh and on_press is not None:
            try:
                on_press()
            except Exception:  # noqa: BLE001  the listener's thread must outlive whoever listens
                logger.exception("the hotkey's receiver failed")
