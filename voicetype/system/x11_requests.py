"""Requests of the X server that Xlib for Python has no words for. Any one thread at a time; imports Xlib, so only where
there is an X server.

XKB tells which locks are on and sets them without a key, since a key named Caps Lock may do something else: switch
layouts, for example. The input extension tells which keys are down on each keyboard, where the core protocol knows only
the sum of all keyboards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from Xlib.protocol import rq

_CORE_KEYBOARD = 0x100
_XKB_VERSION = (1, 0)
_KEY_CLASS = 0
_KEY_CLASS_BYTES = 36
_SLAVE_KEYBOARD = 4
_ALL_DEVICES = 0
_HEAD = (rq.ReplyCode(), rq.Card8("first"), rq.Card16("sequence_number"), rq.ReplyLength())


class _UseExtension(rq.ReplyRequest):  # type: ignore[misc]
    _request = rq.Struct(rq.Card8("opcode"), rq.Opcode(0), rq.RequestLength(), rq.Card16("major"), rq.Card16("minor"))
    _reply = rq.Struct(*_HEAD, rq.Pad(24))


class _GetState(rq.ReplyRequest):  # type: ignore[misc]
    _request = rq.Struct(rq.Card8("opcode"), rq.Opcode(4), rq.RequestLength(), rq.Card16("device"), rq.Pad(2))
    _reply = rq.Struct(
        *_HEAD,
        *(rq.Card8(name) for name in ("mods", "base_mods", "latched_mods", "locked_mods", "group", "locked_group")),
        rq.Pad(18),
    )


class _LatchLockState(rq.Request):  # type: ignore[misc]
    _request = rq.Struct(
        *(rq.Card8("opcode"), rq.Opcode(5), rq.RequestLength(), rq.Card16("device")),
        *(rq.Card8(name) for name in ("affect", "mods", "lock_group", "group")),
        rq.Pad(6),
    )


class _QueryDeviceState(rq.ReplyRequest):  # type: ignore[misc]
    _request = rq.Struct(rq.Card8("opcode"), rq.Opcode(30), rq.RequestLength(), rq.Card8("device"), rq.Pad(3))
    _reply = rq.Struct(*_HEAD, rq.Card8("count"), rq.Pad(23), rq.Binary("classes"))


@dataclass(frozen=True)
class Locks:
    """What stays in force without a key: mask of locked modifiers, number of the locked layout."""

    modifiers: int
    group: int


class KeyboardState:
    """Locks, layouts and held keys as the server has them. Methods raise Xlib's errors and OSError."""

    def __init__(self, display: Any) -> None:
        """Raises OSError when the server lacks XKB or the input extension."""
        self._display = display
        self._xkb = self._opcode("XKEYBOARD")
        self._xinput = self._opcode("XInputExtension")
        major, minor = _XKB_VERSION
        if not _UseExtension(display=display.display, opcode=self._xkb, major=major, minor=minor).first:
            raise OSError("the X server speaks another XKB")

    def _opcode(self, extension: str) -> int:
        found = self._display.query_extension(extension)
        if not found:
            raise OSError(f"the X server has no {extension}")
        return int(found.major_opcode)

    def locks(self) -> Locks:
        """What is locked at present."""
        state = _GetState(display=self._display.display, opcode=self._xkb, device=_CORE_KEYBOARD)
        return Locks(state.locked_mods, state.locked_group)

    def lock_modifiers(self, mask: int, *, on: bool) -> None:
        """Lock or unlock modifiers."""
        self._latch_lock(mask, mask if on else 0, 0, 0)

    def lock_group(self, group: int) -> None:
        """Make a layout (from 0) the one in force."""
        self._latch_lock(0, 0, 1, group)

    def _latch_lock(self, affect: int, mods: int, lock_group: int, group: int) -> None:
        _LatchLockState(
            display=self._display.display,
            opcode=self._xkb,
            device=_CORE_KEYBOARD,
            affect=affect,
            mods=mods,
            lock_group=lock_group,
            group=group,
        )

    def held(self) -> set[int]:
        """Keycodes that are down as far as programs know: the sum of all keyboards, less what was released for them."""
        return _pressed(self._display.query_keymap())

    def held_by_hand(self) -> set[int]:
        """Keycodes that are down on keyboards of people; XTEST's, which stands for programs, is left out."""
        devices = self._display.xinput_query_device(_ALL_DEVICES).devices
        keyboards = [
            device.deviceid
            for device in devices
            if device.use == _SLAVE_KEYBOARD and device.enabled and "XTEST" not in str(device.name)
        ]
        return set[int]().union(*map(self._held_on, keyboards))

    def _held_on(self, keyboard: int) -> set[int]:
        answer = _QueryDeviceState(display=self._display.display, opcode=self._xinput, device=keyboard)
        data, start = bytes(answer.classes), 0
        down: set[int] = set()
        while start + 1 < len(data):
            kind, size = data[start], data[start + 1]
            if kind == _KEY_CLASS:
                down |= _pressed(data[start + 4 : start + _KEY_CLASS_BYTES])
            start += max(size, 1)
        return down


def _pressed(keys: Sequence[int]) -> set[int]:
    return {8 * index + bit for index, byte in enumerate(keys) for bit in range(8) if byte >> bit & 1}
