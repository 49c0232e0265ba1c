"""The global hotkeys. Methods from one thread of the caller; keys are told from the threads of source and watch.

Windows: registered with the system, or caught by a hook where a release counts. X11: the server's own grabs, since
pynput can only listen there: the focused window would get the hotkeys too, every key of the user would pass through
this program, and letters would depend on the layout.
May import: `core`, loguru, the two sources beside it (lazily).
"""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Protocol

from loguru import logger

from voicetype.core.gestures import CLOCK_MODULUS
from voicetype.core.hotkeys import MOUSE_BUTTONS, Hotkey, of_action, parse_for
from voicetype.core.messages import HotkeyError, MessageCode
from voicetype.core.ports import HotkeyEvent
from voicetype.system import linux

if TYPE_CHECKING:
    from voicetype.system.portal_shortcuts import Surroundings

DEBOUNCE_MS = 30
"""A worn key opens and closes again within it; nobody presses twice as fast. Also tells auto-repeat under X11."""
MISSED_RELEASE_MS = 1_500
"""A held key repeats more often than that, so a press after such a pause is a new one whose release got lost."""
_REST_S = DEBOUNCE_MS / 1000
_CHECK_S = 0.5
"""How often the system is asked whether a held key is still down."""
_JOIN_TIMEOUT_S = 5.0
_LONGEST_HOLD_S = 600.0
"""A key that is down for longer is stuck, or something lies on it."""
_PROBE = "probe"

OnKey = Callable[[HotkeyEvent], None]


class PressFilter:
    """Reduces downs and ups of one key to physical presses and releases. Pure: the time of each event is given, in ms.

    Attributes:
        down: the key is down as far as told, or has just gone up.
        releasing: it has just gone up, and may come down again as a key that repeats or bounces does.
        last_ms: time of the last event.
    """

    def __init__(self) -> None:
        self.down = False
        self.releasing = False
        self.last_ms = 0
        self._seen = False

    def pressed(self, now_ms: int) -> tuple[bool, ...]:
        """The key went down. Returns what that tells: nothing, a press (True), or a late release and a press."""
        since = (now_ms - self.last_ms) % CLOCK_MODULUS
        was_down, was_releasing, is_first = self.down, self.releasing, not self._seen
        self.down, self.releasing, self._seen, self.last_ms = True, False, True, now_ms
        limit = MISSED_RELEASE_MS if was_down and not was_releasing else DEBOUNCE_MS
        if since < limit and not is_first:
            return ()
        return (False, True) if was_down else (True,)

    def released(self, now_ms: int) -> None:
        """The key went up, maybe for a moment only."""
        self.releasing = self.down
        self.last_ms = now_ms

    def settle(self) -> bool:
        """It has stayed up for DEBOUNCE_MS; True when that is a release."""
        is_release = self.releasing
        if is_release:
            self.down = self.releasing = False
        return is_release


class KeySource(Protocol):
    """What catches combinations on one platform. It tells of downs and ups as they come, repeats included."""

    def start(self) -> None:
        """Begin. Raises HotkeyError."""

    def set_hotkeys(self, hotkeys: Mapping[str, Hotkey]) -> Mapping[str, HotkeyError]:
        """Catch these in place of those before. Returns those that cannot be caught. Raises HotkeyError: none can."""

    def held(self) -> frozenset[str]:
        """Which of them are down by the system's word. Raises HotkeyError."""

    def settle(self) -> None:
        """Return when the events that have happened are told. Raises HotkeyError."""

    def stop(self) -> None:
        """End; idempotent, bounded."""


def make_key_source(on_key: OnKey, surroundings: Surroundings | None = None) -> KeySource:
    """The platform's way to catch combinations; `surroundings` is for desktops that ask their user."""
    if sys.platform == "win32":
        from voicetype.system.windows_hotkeys import WindowsHotkeys

        return WindowsHotkeys(on_key)
    # Also where X programs run in the session: their grabs see no key of the others.
    if linux.session_type() == "wayland":
        from voicetype.system.portal_shortcuts import PortalShortcuts

        return PortalShortcuts(on_key, surroundings)
    from voicetype.system.x11_grab import X11KeyGrab

    return X11KeyGrab(on_key)


class PynputHotkeyListener:
    """`HotkeyListener`: one press and one release for each physical one, whatever the layout and the locks.

    Errors: HOTKEY_INVALID or HOTKEY_NEEDS_MODIFIER (not a hotkey), HOTKEY_TAKEN (another program has it),
    HOTKEY_UNAVAILABLE (no display, no such key). After a source that could not start the next call tries again.
    """

    def __init__(self, make_source: Callable[[OnKey], KeySource] = make_key_source) -> None:
        self._make_source = make_source
        self._source: KeySource | None = None
        self._watch: threading.Thread | None = None
        self._on_key: OnKey | None = None
        self._hotkeys: dict[str, Hotkey] = {}
        self._inactive: set[str] = set()
        self._filters: dict[str, PressFilter] = {}
        self._seen_at: dict[str, float] = {}
        self._checked_at = 0.0
        self._told_down: set[str] = set()
        self._news = threading.Condition(threading.RLock())
        self._suspensions = 0

    def start(self, on_key: OnKey) -> None:
        """See `HotkeyListener`; `on_key` must be quick."""
        self._on_key = on_key

    def set_hotkeys(self, hotkeys: Mapping[str, str]) -> Mapping[str, HotkeyError]:
        """See `HotkeyListener`."""
        if self._on_key is None:
            raise RuntimeError("the listener was not started")
        parsed: dict[str, Hotkey] = {}
        errors: dict[str, HotkeyError] = {}
        for name, text in hotkeys.items():
            if text:
                try:
                    parsed[name] = parse_for(name, text)
                except HotkeyError as error:
                    errors[name] = error
        errors.update(self._take(parsed))
        self._hotkeys = {name: hotkey for name, hotkey in parsed.items() if name not in errors}
        if self._inactive & self._hotkeys.keys():
            self._take(self._active())
        return errors

    def set_active(self, name: str, active: bool) -> HotkeyError | None:
        """See `HotkeyListener`."""
        if active == (name not in self._inactive):
            return None
        self._inactive ^= {name}
        return self._take(self._active()).get(name) if name in self._hotkeys else None

    def probe(self, name: str, hotkey: str) -> HotkeyError | None:
        """See `HotkeyListener`."""
        try:
            wanted = parse_for(name, hotkey)
        except HotkeyError as error:
            return error
        refusal = self._take({**self._active(), _PROBE: wanted}).get(_PROBE)
        self._take(self._active())
        return None if refusal is None else of_action(refusal, name)

    def stop(self) -> None:
        """See `HotkeyListener`; bounded."""
        with self._news:
            source, self._source = self._source, None
            watch, self._watch = self._watch, None
            self._on_key = None
            self._news.notify_all()
        if source is not None:
            source.stop()
        if watch is not None:
            watch.join(_JOIN_TIMEOUT_S)

    @contextlib.contextmanager
    def suspended(self) -> Iterator[None]:
        """Ignore presses inside: for the program's own typing. Any thread; may be nested.

        What counts at the end is which hotkeys are held then.
        """
        self._settle()
        with self._news:
            self._suspensions += 1
        try:
            yield
        finally:
            self._settle()
            with self._news:
                self._suspensions -= 1
                self._checked_at = 0.0
                self._news.notify_all()

    def wait_until_let_go(self) -> None:
        """Return when no hotkey is held that keys typed meanwhile would end up with; bounded. Any other thread.

        A held key keeps the whole keyboard for this program under X11, and its modifiers make commands of what is
        typed. To let it go for the user would end the dictation that lasts as long as it is held.
        """
        with self._news:
            self._news.wait_for(lambda: self._source is None or not self._key_held(), _LONGEST_HOLD_S)

    def _key_held(self) -> bool:
        held = (self._hotkeys.get(name) for name, press_filter in self._filters.items() if press_filter.down)
        return any(hotkey is not None and hotkey.key not in MOUSE_BUTTONS for hotkey in held)

    def _active(self) -> dict[str, Hotkey]:
        return {name: hotkey for name, hotkey in self._hotkeys.items() if name not in self._inactive}

    def _take(self, hotkeys: Mapping[str, Hotkey]) -> Mapping[str, HotkeyError]:
        """Have the source catch `hotkeys`; returns what is wrong by name."""
        try:
            if self._source is None:
                self._source = self._started_source()
                self._watch = threading.Thread(target=self._watch_held, name="held-hotkeys", daemon=True)
                self._watch.start()
            errors = self._source.set_hotkeys(hotkeys)
        except HotkeyError as error:
            return dict.fromkeys(hotkeys, error)
        tellable = {MessageCode.HOTKEY_TAKEN}
        return {
            name: of_action(error, name) if error.message.code in tellable else error for name, error in errors.items()
        }

    def _started_source(self) -> KeySource:
        source = self._make_source(self._on_raw)
        try:
            source.start()
        except HotkeyError:
            source.stop()
            raise
        return source

    def _settle(self) -> None:
        """X11 does not tell typed keys from pressed ones, and reports both when it likes."""
        source = self._source
        if source is not None:
            with contextlib.suppress(HotkeyError):
                source.settle()

    # The source's thread

    def _on_raw(self, event: HotkeyEvent) -> None:
        if event.name == _PROBE:
            return
        with self._news:
            press_filter = self._filters.setdefault(event.name, PressFilter())
            self._seen_at[event.name] = time.monotonic()
            if event.pressed:
                self._tell(event.name, press_filter.pressed(event.time_ms), event.time_ms)
            else:
                press_filter.released(event.time_ms)
            self._news.notify_all()

    def _tell(self, name: str, presses: tuple[bool, ...], time_ms: int) -> None:
        """Under the lock, so that the order of two threads stays and nothing is told after the end."""
        if self._suspensions or self._on_key is None:
            return
        for pressed in presses:
            if pressed == (name in self._told_down):
                continue
            self._told_down ^= {name}
            try:
                self._on_key(HotkeyEvent(name, pressed, time_ms))
            except Exception:  # noqa: BLE001  the threads must outlive whoever listens
                logger.exception("the hotkeys' receiver failed")

    # The thread that watches over held keys

    def _watch_held(self) -> None:
        """Tell of releases when the key has stayed up, and find those that nobody told: a locked screen takes them."""
        while (source := self._awaited_source()) is not None:
            asked_at = time.monotonic()
            held: frozenset[str] | None = None
            with contextlib.suppress(HotkeyError):
                source.settle()
                held = source.held()
            with self._news:
                for name in self._filters:
                    if self._seen_at[name] <= asked_at and not self._suspensions:
                        self._look_at(name, held)
                self._checked_at = time.monotonic()
                self._news.notify_all()

    def _awaited_source(self) -> KeySource | None:
        """The source, when something is to be looked at; None at the end."""
        with self._news:
            while self._source is not None:
                pause = self._pause_s(time.monotonic())
                if pause is not None and pause <= 0:
                    break
                self._news.wait(pause)
            return self._source

    def _pause_s(self, now: float) -> float | None:
        """How long there is nothing to look at; None until something happens."""
        if self._suspensions:
            return None
        pauses = []
        for name, press_filter in self._filters.items():
            if press_filter.down:
                due = self._seen_at[name] + _REST_S
                pauses.append((due if press_filter.releasing else max(due, self._checked_at + _CHECK_S)) - now)
        return min(pauses, default=None)

    def _look_at(self, name: str, held: frozenset[str] | None) -> None:
        """Compare with what is `held`, None when that is not known."""
        press_filter, since_s = self._filters[name], time.monotonic() - self._seen_at[name]
        if press_filter.releasing:
            if since_s >= _REST_S and press_filter.settle():
                self._tell(name, (False,), press_filter.last_ms)
        elif press_filter.down and held is not None:
            now_ms = (press_filter.last_ms + round(since_s * 1000)) % CLOCK_MODULUS
            if name in held:
                self._tell(name, (True,), now_ms)  # pressed while the program typed, and still held
            else:
                logger.info("the release of a hotkey was not told")
                press_filter.released(now_ms)
                self._seen_at[name] = time.monotonic()
