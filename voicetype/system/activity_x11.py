"""The user's key and button presses under X11, counted. Any thread; may import: Xlib (lazily), `core`, loguru.

The server's RECORD extension tells of all presses, whichever window gets them. In the same stream, in the order in
which the server deals with them, it tells two things more:

- the requests by which this program's typer sends keys. The server makes the press while it carries out such a request,
  so a press that follows one is the program's own, and any other is the user's, also between two of the program's;
- a request that does nothing, which the watch sends in order to know that it has been told everything up to there.

Presses are counted as they come, so that nowhere is kept what somebody types. The stream needs a connection of its own,
and a thread that only reads it; all questions go over another connection.
"""

from __future__ import annotations

import contextlib
import struct
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from loguru import logger

from voicetype.core.hotkeys import MOUSE_BUTTONS, Hotkey, parse_hotkey
from voicetype.core.messages import HotkeyError
from voicetype.system.x11_keys import X11Keyboard

T = TypeVar("T")

_ANSWER_TIMEOUT_S = 2.0
"""The server answers within milliseconds; what it does not tell by then is not known."""
_FROM_SERVER, _FROM_CLIENT, _START = 0, 1, 4
"""Categories of what RECORD tells."""
_KEY_PRESS, _BUTTON_PRESS, _BUTTON_RELEASE = 2, 4, 5
_EVENT_BYTES = 32
_TIME_AT = 4
_STATE_AT = 28
"""Where a core event has the modifiers and buttons that were down before it."""
_TIME_MODULUS = 2**32
_REMEMBERED = 64
"""Presses that can still be excused: far more than anybody makes in a menu."""
_MODIFIERS = 0xFF
_BUTTONS = 0x1F00
_NO_OPERATION = 127
_FAKE_INPUT = 2
"""XTEST's request that presses a key; its event's type and keycode follow the four bytes of the header."""
_POINTER_ROOT = 1
"""In place of a window: the focus is wherever the pointer is."""
_GENERIC_EVENT, _RAW_TOUCH_BEGIN, _RAW_TOUCH_END = 35, 22, 24
_ALL_MASTER_DEVICES = 1


@dataclass(frozen=True)
class _Moment:
    window: int
    presses: int


class PressCounter:
    """Counts the user's presses in RECORD's stream. `take` in the thread that reads it, the others in any.

    Attributes:
        own: whether presses by the client `typist` are to be left out at present.
        modifiers: keycodes that count for nothing alone.
        hotkeys: pairs of keycode and modifiers that do not count.
        buttons: pairs of button and modifiers that do not count.
    """

    def __init__(self, typist: int, asker: int, xtest_opcode: int) -> None:
        self.own = False
        self.modifiers: frozenset[int] = frozenset()
        self.hotkeys: frozenset[tuple[int, int]] = frozenset()
        self.buttons: frozenset[tuple[int, int]] = frozenset()
        self._held_buttons: set[int] = set()
        self._typist = typist
        self._asker = asker
        self._xtest_opcode = xtest_opcode
        self._own_key = 0
        self._presses = 0
        self._recent: deque[tuple[int, bool, int]] = deque(maxlen=_REMEMBERED)
        """The last presses: the number of each, whether it is a key, its time."""
        self._excused: deque[tuple[bool, int]] = deque(maxlen=_REMEMBERED)
        self._answers = 0
        self._ended = False
        self._news = threading.Condition()

    def take(self, told: Any) -> None:
        """A part of the stream; its start counts as the first answer."""
        with self._news:
            if told.category == _START:
                self._answers += 1
            elif told.category == _FROM_CLIENT:
                self._take_requests(told.id_base, told.data)
            elif told.category == _FROM_SERVER:
                for start in range(0, len(told.data), _EVENT_BYTES):
                    self._take_event(told.data[start : start + _EVENT_BYTES])
            self._news.notify_all()

    def end(self) -> None:
        """The stream is over."""
        with self._news:
            self._ended = True
            self._news.notify_all()

    def add(self, presses: int) -> None:
        """Count presses that the stream does not tell."""
        with self._news:
            self._presses += presses

    def excuse(self, key: bool, time_ms: int) -> None:
        """See `ActivityWatch`; the stream may tell of the press later."""
        with self._news:
            self._excused.append((key, time_ms % _TIME_MODULUS))

    def all_excused(self, since: int, until: int) -> bool:
        """Whether none of the presses with these numbers, `since` not included, counts."""
        with self._news:
            excused = Counter(self._excused)
            excused.subtract((key, time) for number, key, time in self._recent if since < number <= until)
            known = sum(since < number <= until for number, _, _ in self._recent)
        return known == until - since and min(excused.values(), default=0) >= 0

    def presses_after(self, answers: int) -> int | None:
        """How many presses there were when the answer of this number came; None when none comes."""
        with self._news:
            self._news.wait_for(lambda: self._ended or self._answers >= answers, _ANSWER_TIMEOUT_S)
            return None if self._ended or self._answers < answers else self._presses

    def _take_requests(self, client: int, data: bytes) -> None:
        while len(data) >= 4:
            opcode, minor, words = struct.unpack_from("=BBH", data)
            if (client, opcode) == (self._asker, _NO_OPERATION):
                self._answers += 1
            elif (client, opcode, minor) == (self._typist, self._xtest_opcode, _FAKE_INPUT):
                # One that the server refuses must not excuse a later press, so each request takes its place.
                self._own_key = data[5] if self.own and data[4] == _KEY_PRESS else 0
            data = data[max(words, 1) * 4 :]

    def _take_event(self, event: bytes) -> None:
        kind, detail = event[0], event[1]
        (state,) = struct.unpack_from("=H", event, _STATE_AT)
        if kind == _BUTTON_PRESS and (detail, state & _MODIFIERS) in self.buttons:
            self._held_buttons.add(detail)
        elif kind == _BUTTON_RELEASE and detail in self._held_buttons:
            self._held_buttons.remove(detail)
        elif kind in {_BUTTON_PRESS, _BUTTON_RELEASE}:
            self._count(event)  # a release ends the selection that the mouse draws
        elif kind == _KEY_PRESS:
            own, self._own_key = detail == self._own_key, 0
            if not own and detail not in self.modifiers and (detail, state & _MODIFIERS) not in self.hotkeys:
                self._count(event)

    def _count(self, event: bytes) -> None:
        self._presses += 1
        (time,) = struct.unpack_from("=I", event, _TIME_AT)
        self._recent.append((self._presses, event[0] == _KEY_PRESS, time))


class _Recording:
    """The stream and the connection beside it. Used under the watch's lock; methods raise Xlib's errors and OSError."""

    def __init__(self, typist: int) -> None:
        from Xlib import display

        self._display = display.Display()
        try:
            self._stream = display.Display()
        except BaseException:
            self._display.close()
            raise
        try:
            self._begin(typist)
        except BaseException:
            self._stream.close()
            self._display.close()
            raise

    def _begin(self, typist: int) -> None:
        from Xlib.ext import record

        xtest = self._display.query_extension("XTEST")
        if not xtest or not self._display.has_extension(record.extname):
            raise OSError("the X server records nothing")
        asker = int(self._display.display.info.resource_id_base)
        self.counter = PressCounter(typist, asker, xtest.major_opcode)
        nothing = {name: (0, 0) for name in ("core_replies", "delivered_events", "errors")}
        wanted = {
            **nothing,
            "core_requests": (_NO_OPERATION, _NO_OPERATION),
            "ext_requests": (xtest.major_opcode, xtest.major_opcode, _FAKE_INPUT, _FAKE_INPUT),
            "ext_replies": (0, 0, 0, 0),
            "device_events": (_KEY_PRESS, _BUTTON_RELEASE),
            "client_started": False,
            "client_died": False,
        }
        self._context = self._display.record_create_context(0, [asker, typist], [wanted])
        self._watch_touches()
        self._display.sync()
        self._thread = threading.Thread(target=self._read, name="activity", daemon=True)
        self._thread.start()
        self._questions = 1
        if self.counter.presses_after(self._questions) is None:
            raise OSError("the X server does not begin to record")

    def _watch_touches(self) -> None:
        """Touches are no button presses to RECORD; the asking connection gets them, before its next answer."""
        from Xlib.ext import xinput

        opcode = self._display.query_extension(xinput.extname)
        if not opcode:
            return
        request = {"display": self._display.display, "opcode": opcode.major_opcode}
        version = xinput.XIQueryVersion(**request, major_version=2, minor_version=2)
        if (version.major_version, version.minor_version) >= (2, 2):
            touches = 1 << _RAW_TOUCH_BEGIN | 1 << _RAW_TOUCH_END
            self._display.screen().root.xinput_select_events([(_ALL_MASTER_DEVICES, touches)])

    def look(self, hotkeys: Sequence[Hotkey]) -> _Moment | None:
        """The present moment; None when it is not known."""
        self._display.no_operation()
        self._questions += 1
        window = self._display.get_input_focus().focus
        buttons = self._display.screen().root.query_pointer().mask & _BUTTONS
        self._take_events(hotkeys)
        presses = self.counter.presses_after(self._questions)
        if presses is None:
            raise OSError("the X server does not tell what is pressed")
        # While a button is held, the mouse may be selecting text.
        known = not buttons and not isinstance(window, int)
        return _Moment(window.id, presses) if known else None

    def follow_keyboard(self, hotkeys: Sequence[Hotkey]) -> bool:
        """Find the keys that do not count; whether they are others than before."""
        keyboard, counter = X11Keyboard(self._display), self.counter
        before = counter.modifiers, counter.hotkeys, counter.buttons
        keys: set[tuple[int, int]] = set()
        buttons: set[tuple[int, int]] = set()
        for hotkey in hotkeys:
            with contextlib.suppress(HotkeyError):  # this keyboard has no such key, so nobody presses it
                found = keyboard.combinations(hotkey)
                (buttons if hotkey.key in MOUSE_BUTTONS else keys).update(found)
        now = keyboard.modifier_keys(), frozenset(keys), frozenset(buttons)
        counter.modifiers, counter.hotkeys, counter.buttons = now
        return before != now

    def close(self) -> None:
        """End the stream and its thread; bounded."""
        with contextlib.suppress(*_lost()):
            self._display.record_disable_context(self._context)
            self._display.flush()  # and no wait for a server that may not answer
        self._thread.join(_ANSWER_TIMEOUT_S)
        with contextlib.suppress(*_lost()):
            self._display.close()

    def _take_events(self, hotkeys: Sequence[Hotkey]) -> None:
        from Xlib import X

        remapped = False
        while self._display.pending_events():
            event = self._display.next_event()
            if event.type == X.MappingNotify:
                self._display.refresh_keyboard_mapping(event)
                remapped = True
            elif event.type == _GENERIC_EVENT and event.evtype in {_RAW_TOUCH_BEGIN, _RAW_TOUCH_END}:
                self.counter.add(1)
        if remapped and self.follow_keyboard(hotkeys):
            self.counter.add(1)  # some press was judged by keys that were no longer those

    def _read(self) -> None:
        try:
            self._stream.record_enable_context(self._context, self.counter.take)
            self._stream.close()
        except _lost() as error:
            logger.warning("the X server tells no longer what is pressed: {}", error)
        finally:
            self.counter.end()


class X11ActivityWatch:
    """`ActivityWatch` under X11. Once the server is lost, nothing is known any more."""

    def __init__(self, typist: int) -> None:
        """`typist` is the client that sends this program's keys: `X11Typer.client`."""
        self._typist = typist
        self._lock = threading.RLock()
        self._recording: _Recording | None = None
        self._ended = False
        self._hotkeys: tuple[Hotkey, ...] = ()
        self._own_depth = 0

    def mark(self) -> object:
        """See `ActivityWatch`."""
        with self._lock:
            if self._recording is None and not self._ended:
                self._begin()
            return self._look()

    def unchanged(self, since: object) -> bool:
        """See `ActivityWatch`."""
        with self._lock:
            now = self._look()
            if now is None or not isinstance(since, _Moment) or self._recording is None:
                return False
            return now.window == since.window and self._recording.counter.all_excused(since.presses, now.presses)

    def set_hotkeys(self, hotkeys: Sequence[str]) -> None:
        """See `ActivityWatch`; what is no hotkey is left out."""
        parsed = []
        for hotkey in hotkeys:
            with contextlib.suppress(HotkeyError):
                parsed.append(parse_hotkey(hotkey, bare=True))
        with self._lock:
            self._look()  # what was pressed so far is judged by the old ones
            self._hotkeys = tuple(parsed)
            if self._recording is not None:
                self._attempt(self._recording.follow_keyboard)

    def excuse(self, key: bool, time_ms: int) -> None:
        """See `ActivityWatch`."""
        recording = self._recording  # without the lock, whose holder may wait for the server
        if recording is not None:
            recording.counter.excuse(key, time_ms)

    @contextlib.contextmanager
    def own_typing(self) -> Iterator[None]:
        """See `ActivityWatch`; may be nested."""
        self._change_depth(1)
        try:
            yield
        finally:
            self._change_depth(-1)

    def close(self) -> None:
        """See `ActivityWatch`."""
        # Whoever holds the lock longer than that waits for a server that does not answer.
        locked = self._lock.acquire(timeout=_ANSWER_TIMEOUT_S)
        self._ended = True
        recording, self._recording = self._recording, None
        if locked:
            self._lock.release()
        if recording is not None:
            recording.close()

    def _begin(self) -> None:
        try:
            self._recording = _Recording(self._typist)
            self._recording.counter.own = self._own_depth > 0
            self._recording.follow_keyboard(self._hotkeys)
        except _lost() as error:
            logger.warning("what the user presses cannot be watched: {}", error)
            self.close()

    def _look(self) -> _Moment | None:
        return None if self._recording is None else self._attempt(self._recording.look)

    def _attempt(self, work: Callable[[Sequence[Hotkey]], T]) -> T | None:
        try:
            return work(self._hotkeys)
        except _lost() as error:
            logger.warning("what the user presses is no longer known: {}", error)
            self.close()
            return None

    def _change_depth(self, by: int) -> None:
        with self._lock:
            self._look()  # what was pressed so far is judged as before
            self._own_depth += by
            if self._recording is not None:
                self._recording.counter.own = self._own_depth > 0


def _lost() -> tuple[type[Exception], ...]:
    """What Xlib raises when the server cannot be reached, has gone or refuses."""
    from Xlib.error import ConnectionClosedError, DisplayError, XError

    return ConnectionClosedError, DisplayError, XError, OSError
