"""The check of a hotkey, with keys that the program presses itself. Main thread."""

from __future__ import annotations

import sys

from voicetype.core.hotkeys import Action, Hotkey, parse_for
from voicetype.core.messages import HotkeyError
from voicetype.core.ports import HotkeyEvent
from voicetype.self_test.harness import Failed, Skipped, in_thread, need_desktop, told, wait_until
from voicetype.system import linux
from voicetype.system.hotkey import KeySource, OnKey, PynputHotkeyListener, make_key_source

_CANDIDATES = ("ctrl+shift+f9", "ctrl+shift+f10", "ctrl+shift+f8")
"""Another program may have the first ones. Not with Alt: a Linux console would be switched to."""
_NAME = Action.TOGGLE
_X_NAMES = {"ctrl": "Control_L", "shift": "Shift_L"}


def hotkey() -> str:
    """A hotkey is caught: its press and its release are told."""
    need_desktop()
    if sys.platform != "win32" and linux.session_type() == "wayland":
        raise Skipped("under Wayland the desktop asks the user for each hotkey")
    events: list[HotkeyEvent] = []
    listener = PynputHotkeyListener(_source)
    listener.start(events.append)
    try:
        wanted = _take_one(listener)
        in_thread(lambda: _press(parse_for(_NAME, wanted)), "the keys")
        wait_until(lambda: len(events) > 1, f"press and release; told were {len(events)} events")
    finally:
        listener.stop()
    if [(event.name, event.pressed) for event in events] != [(_NAME, True), (_NAME, False)]:
        raise Failed(f"told were {[event.pressed for event in events]}")
    return wanted


def _source(on_key: OnKey) -> KeySource:
    if sys.platform == "win32":
        from voicetype.system.pynput_hook import PynputHook

        return PynputHook(on_key, heeds_sent_keys=True)
    return make_key_source(on_key)


def _take_one(listener: PynputHotkeyListener) -> str:
    refusal: HotkeyError | None = None
    for wanted in _CANDIDATES:
        refusal = listener.set_hotkeys({_NAME: wanted}).get(_NAME)
        if refusal is None:
            return wanted
    raise Failed(told(refusal) if refusal else "no hotkey")


def _press(wanted: Hotkey) -> None:
    if sys.platform == "win32":
        _press_windows(wanted)
    else:
        _press_x11(wanted)


def _press_windows(wanted: Hotkey) -> None:
    from voicetype.system.pynput_hook import virtual_keys
    from voicetype.system.typing_windows import WindowsTyper

    WindowsTyper().press_keys(virtual_keys(wanted))


def _press_x11(wanted: Hotkey) -> None:
    from Xlib import XK, X, display
    from Xlib.ext import xtest

    from voicetype.system.x11_keys import X11Keyboard

    connection = display.Display()
    try:
        symbols = [XK.string_to_keysym(_X_NAMES[name]) for name in sorted(wanted.modifiers)]
        codes = [*map(connection.keysym_to_keycode, symbols), X11Keyboard(connection).keycode(wanted.key)]
        for code in codes:
            xtest.fake_input(connection, X.KeyPress, code)
        for code in reversed(codes):
            xtest.fake_input(connection, X.KeyRelease, code)
        connection.sync()
    finally:
        connection.close()
