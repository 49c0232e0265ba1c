"""Typing into the focused window under Windows, by SendInput. Insertion thread; may import `core`.

Characters go as Unicode packets, so neither the layout nor dead keys nor an input method matters. Ctrl+V pastes in
Windows Terminal and in the console window of Windows 10 and later as it does in fields. Not proven on a real Windows
yet.
"""

from __future__ import annotations

import contextlib
import ctypes
import sys
import time
from collections.abc import Callable, Iterator, Sequence

from voicetype.core.messages import InsertionError, MessageCode, TypingInterrupted

_INPUT_KEYBOARD = 1
_KEYUP = 0x0002
_UNICODE = 0x0004
_VK_BACK, _VK_RETURN, _VK_TAB, _VK_CONTROL, _VK_V = 0x08, 0x0D, 0x09, 0x11, 0x56
UNASSIGNED = 0xE8
"""A key that does nothing; pressed before Alt or Win is let go, it keeps that from opening a menu."""
_SHIFT_CTRL_ALT = (0xA0, 0xA1, 0xA2, 0xA3, 0xA4, 0xA5)
"""Left and right of each."""
_WINDOWS_KEYS = (0x5B, 0x5C)
"""Not pressed again for a person: letting go of one alone opens the start menu."""
_OPEN_MENUS = frozenset({0xA4, 0xA5, *_WINDOWS_KEYS})
_RIGHT_CTRL, _RIGHT_ALT = 0xA3, 0xA5
OWN_KEYS = 0x564F5459
"""Goes with each key that is sent, so that a keyboard hook knows whose it is."""
_VK_INSERT = 0x2D
_CHORD_KEYS = {"ctrl": _VK_CONTROL, "shift": 0x10, "insert": _VK_INSERT, "v": _VK_V}
_EXTENDED = 0x0001
"""Of the two keys with this code it is the one outside the number pad, or the one on the right."""
_EXTENDED_KEYS = frozenset({_VK_INSERT, _RIGHT_CTRL, _RIGHT_ALT, *_WINDOWS_KEYS})
_RELEASE_WAIT_S = 1.5
"""How long a person holds a hotkey at most."""
_POLL_S = 0.01
_BATCH = 40
"""Characters between two looks at the focus."""
_BATCH_PAUSE_S = 0.005
"""After so many a slow window gets time to follow: its queue is limited."""
_PAIR_PAUSE_S, _CHARACTER_S, _MOST_PAIR_PAUSE_S = 0.05, 0.005, 0.5
"""Before a character that takes two units of UTF-16, and for each one that was sent before it. Qt gives such a one to
its field at once and other keys only when no more messages wait, so that it would stand before them. Seen with Qt 6.11
in wine, which takes some 2 ms for a character; an edit control keeps the order."""
_RESTORE_WITHIN_S = 0.05
"""Windows does not tell whether a finger is still on a key that was let go for it. None leaves in so short a time."""


class _KeyboardInput(ctypes.Structure):
    _fields_ = (
        ("vk", ctypes.c_uint16),
        ("scan", ctypes.c_uint16),
        ("flags", ctypes.c_uint32),
        ("time", ctypes.c_uint32),
        ("extra", ctypes.c_size_t),
    )


class _MouseInput(ctypes.Structure):
    """The largest member of the union, which decides its size."""

    _fields_ = (
        ("dx", ctypes.c_int32),
        ("dy", ctypes.c_int32),
        ("data", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
        ("time", ctypes.c_uint32),
        ("extra", ctypes.c_size_t),
    )


class _Union(ctypes.Union):
    _fields_ = (("keyboard", _KeyboardInput), ("mouse", _MouseInput))


class Input(ctypes.Structure):
    """Win32's INPUT: 40 bytes in a 64-bit process."""

    _fields_ = (("kind", ctypes.c_uint32), ("union", _Union))


def key_events(text: str) -> list[tuple[int, int, int]]:
    """(virtual key, UTF-16 unit, flags) of each event that types `text`. Pure."""
    events: list[tuple[int, int, int]] = []
    for char in text.replace("\r\n", "\n"):
        if char in "\n\t":
            key = _VK_RETURN if char == "\n" else _VK_TAB
            events += [(key, 0, 0), (key, 0, _KEYUP)]
            continue
        data = char.encode("utf-16-le")
        for index in range(0, len(data), 2):
            unit = int.from_bytes(data[index : index + 2], "little")
            events += [(0, unit, _UNICODE), (0, unit, _UNICODE | _KEYUP)]
    return events


def batches(text: str) -> Iterator[str]:
    """`text` in pieces that may be sent at once: characters that are pairs in UTF-16 stand at their beginning. Pure."""
    start = 0
    for place in range(1, len(text) + 1):
        begins_pairs = place < len(text) and _is_pair(text[place]) and not _is_pair(text[place - 1])
        if place == len(text) or place - start == _BATCH or begins_pairs:
            yield text[start:place]
            start = place


class WindowsTyper:
    """Types text and presses Ctrl+V. Methods raise InsertionError when Windows refuses (an elevated window does)."""

    def __init__(self) -> None:
        self._aim = 0

    def aim(self, window: int) -> None:
        """See `Typer.aim`."""
        self._aim = window

    def type_text(self, text: str) -> None:
        """Type `text` into the window that has the focus."""
        with self._untouched():
            start = settled = 0
            for batch in batches(text):
                if start and _is_pair(batch[0]):
                    time.sleep(min(_PAIR_PAUSE_S + _CHARACTER_S * (start - settled), _MOST_PAIR_PAUSE_S))
                    settled = start
                elif start:
                    time.sleep(_BATCH_PAUSE_S)
                if not self._is_there():
                    raise TypingInterrupted(start, text[start:])
                self._send(key_events(batch), start, len(text))
                start += len(batch)

    def erase(self, count: int, allowed: Callable[[], bool] = lambda: True) -> None:
        """Press Backspace `count` times if `allowed`; see `Typer.erase`."""
        with self._untouched():
            if not allowed():
                raise InsertionError(MessageCode.INSERTION_FAILED, detail="the text was touched meanwhile")
            if not self._is_there():
                raise TypingInterrupted(-count)
            self._send([(_VK_BACK, 0, 0), (_VK_BACK, 0, _KEYUP)] * count)

    def press_paste(self, chord: str = "") -> None:
        """Press Ctrl+V, or `chord`, by virtual keys, which a Russian layout does not change."""
        with self._untouched():
            if not self._is_there():
                raise TypingInterrupted(0)
            self.press_keys([_CHORD_KEYS[name] for name in (chord or "ctrl+v").split("+")])

    def press_keys(self, keys: Sequence[int]) -> None:
        """Press virtual keys in this order and release them in the reverse one."""
        downs, ups = [(vk, 0, _extended(vk)) for vk in keys], [(vk, 0, _extended(vk) | _KEYUP) for vk in keys[::-1]]
        self._send(downs + ups)

    def close(self) -> None:
        """Nothing to let go of."""

    @contextlib.contextmanager
    def _untouched(self) -> Iterator[None]:
        """No modifier is down inside; what was let go for a person is pressed again if that took no time."""
        end = time.monotonic() + _RELEASE_WAIT_S
        while (held := [vk for vk in (*_SHIFT_CTRL_ALT, *_WINDOWS_KEYS) if _is_down(vk)]) and time.monotonic() < end:
            time.sleep(_POLL_S)
        released_at = time.monotonic()
        if _OPEN_MENUS.intersection(held):
            self._send([(UNASSIGNED, 0, 0), (UNASSIGNED, 0, _KEYUP)])
        self._send([(vk, 0, _KEYUP | _extended(vk)) for vk in held])
        yield
        if time.monotonic() - released_at < _RESTORE_WITHIN_S:
            self._send([(vk, 0, _extended(vk)) for vk in held if vk in _SHIFT_CTRL_ALT])

    def _is_there(self) -> bool:
        return not self._aim or foreground() == self._aim

    def _send(self, events: list[tuple[int, int, int]], done: int = 0, total: int = 0) -> None:
        """`done` of `total` characters were typed before these events."""
        if sys.platform != "win32" or not events:
            return
        inputs = (Input * len(events))()
        for entry, (vk, unit, flags) in zip(inputs, events, strict=True):
            entry.kind = _INPUT_KEYBOARD
            entry.union.keyboard = _KeyboardInput(vk, unit, flags, 0, OWN_KEYS)
        sent = ctypes.windll.user32.SendInput(len(events), inputs, ctypes.sizeof(Input))
        if sent != len(events):
            detail = f"Windows accepted {sent} of {len(events)} key events"
            if total:
                detail += f" after {done} of {total} characters"
            raise InsertionError(MessageCode.INSERTION_FAILED, detail=detail)


def _is_pair(char: str) -> bool:
    return char > "\uffff"


def press_nothing() -> None:
    """Press the key that does nothing; where Windows refuses, nothing is lost."""
    with contextlib.suppress(InsertionError):
        WindowsTyper().press_keys((UNASSIGNED,))


def foreground() -> int:
    """Handle of the window in front; 0 when there is none, as while Windows asks for a password."""
    if sys.platform != "win32":
        return 0
    user32 = ctypes.windll.user32
    user32.GetForegroundWindow.restype = ctypes.c_void_p
    return int(user32.GetForegroundWindow() or 0)


def _extended(vk: int) -> int:
    return _EXTENDED if vk in _EXTENDED_KEYS else 0


def _is_down(vk: int) -> bool:
    return sys.platform == "win32" and bool(ctypes.windll.user32.GetAsyncKeyState(vk) & 0x8000)
