"""A person at the desktop's own keyboard, whom the server tells apart from programs that press keys."""

from __future__ import annotations

from typing import Any

from Xlib import XK, display
from Xlib.protocol import rq

DEVICE_KEY_PRESS, DEVICE_KEY_RELEASE = 1, 2
"""The input extension's events, counted from its first."""


class _FakeDeviceInput(rq.Request):  # type: ignore[misc]
    """XTEST's request for a key of a certain device."""

    _request = rq.Struct(
        *(rq.Card8("opcode"), rq.Opcode(2), rq.RequestLength(), rq.Card8("type"), rq.Card8("detail"), rq.Pad(2)),
        *(rq.Card32("time"), rq.Pad(23), rq.Card8("device")),
    )


class Person:
    """Holds keys and lets go of them."""

    def __init__(self, display_name: str) -> None:
        self._display: Any = display.Display(display_name)
        devices = self._display.xinput_query_device(0).devices
        self._keyboard = next(device.deviceid for device in devices if device.name == "Xvfb keyboard")
        self._xtest = self._display.query_extension("XTEST").major_opcode
        self._events = self._display.query_extension("XInputExtension").first_event
        self._held = set[int]()

    def hold(self, name: str) -> None:
        """Press the key of this X name and keep it down."""
        keycode = self._display.keysym_to_keycode(XK.string_to_keysym(name))
        self._held.add(keycode)
        self._move(keycode, DEVICE_KEY_PRESS)

    def let_go(self) -> None:
        """Release all keys."""
        for keycode in self._held:
            self._move(keycode, DEVICE_KEY_RELEASE)
        self._held.clear()

    def seen_down(self) -> int:
        """Mask of the modifiers that programs see as held."""
        return int(self._display.screen().root.query_pointer().mask) & 0xFF

    def leave(self) -> None:
        """Let go and disconnect."""
        self.let_go()
        self._display.close()

    def _move(self, keycode: int, event: int) -> None:
        _FakeDeviceInput(
            display=self._display.display,
            opcode=self._xtest,
            type=self._events + event,
            detail=keycode,
            time=0,
            device=self._keyboard,
        )
        self._display.sync()
