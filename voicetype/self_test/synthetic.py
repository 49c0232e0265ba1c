"""The checks of the hotkeys, with keys that the program presses itself. Main thread."""

from __future__ import annotations

import contextlib
import functools
import sys
from collections.abc import Iterator

from voicetype.core.hotkeys import HELD, Action, Hotkey, parse_for
from voicetype.core.messages import HotkeyError, MessageCode
from voicetype.core.ports import HotkeyEvent
from voicetype.qt import QtCore, QtGui, QtWidgets
from voicetype.self_test.desktop import give_focus, shown
from voicetype.self_test.harness import Failed, Skipped, in_thread, need_desktop, told, wait_until
from voicetype.system import linux
from voicetype.system.hotkey import KeySource, OnKey, PynputHotkeyListener, make_key_source

_CANDIDATES = ("ctrl+shift+f9", "ctrl+shift+f10", "ctrl+shift+f8")
"""Another program may have the first ones. Not with Alt: a Linux console would be switched to."""
_TRIES, _TRY_S = 4, 1.5
_X_NAMES = {"ctrl": "Control_L", "shift": "Shift_L"}
_MODIFIERS = frozenset({QtCore.Qt.Key.Key_Control, QtCore.Qt.Key.Key_Shift})


class _Field(QtWidgets.QPlainTextEdit):
    """Counts the keys that it gets, other than modifiers."""

    def __init__(self) -> None:
        super().__init__()
        self.keys = 0

    def keyPressEvent(self, event: QtGui.QKeyEvent) -> None:
        self.keys += event.key() not in _MODIFIERS
        super().keyPressEvent(event)


def hotkey() -> str:
    """A hotkey whose press is enough. It keeps its key from the focused field and from who else wants it."""
    return _check(Action.TOGGLE)


def held_hotkey() -> str:
    """Likewise one whose release counts, for which Windows needs a hook."""
    return _check(Action.PUSH_TO_TALK)


def _check(action: Action) -> str:
    need_desktop()
    if sys.platform != "win32" and linux.session_type() == "wayland":
        raise Skipped("under Wayland the desktop asks the user for each hotkey")
    field = _Field()
    with shown(field), _listening() as (listener, events):
        give_focus(field)
        wanted = _take_one(listener, action)
        _press_until_told(action, wanted, events)
        events.clear()
        field.keys = 0
        _press(action, wanted)
        wait_until(lambda: len(events) > 1, f"press and release; told were {len(events)} events")
        if [(event.name, event.pressed) for event in events] != [(action, True), (action, False)]:
            raise Failed(f"told were {[event.pressed for event in events]}")
        if not (sys.platform == "win32" and action in HELD):  # a hook holds nothing in the system's eyes
            _is_refused_to_others(wanted)
        if field.keys:
            raise Failed("the window with the focus got the key too")
        listener.set_hotkeys({})
        _press(action, wanted)
        wait_until(lambda: bool(field.keys), "the key, given back, in the window with the focus")
    if len(events) > 2:
        raise Failed("it was told after it had been given back")
    return wanted


def _press_until_told(action: Action, wanted: str, events: list[HotkeyEvent]) -> None:
    """pynput says that its hook is there a moment before it is."""
    for _ in range(_TRIES):
        _press(action, wanted)
        with contextlib.suppress(Failed):
            wait_until(lambda: len(events) > 1, "press and release", _TRY_S)
            return
    raise Failed(f"none of {_TRIES} presses was told")


@contextlib.contextmanager
def _listening() -> Iterator[tuple[PynputHotkeyListener, list[HotkeyEvent]]]:
    """A listener and what it tells."""
    events: list[HotkeyEvent] = []
    listener = PynputHotkeyListener(_source)
    listener.start(events.append)
    try:
        yield listener, events
    finally:
        listener.stop()


def _source(on_key: OnKey) -> KeySource:
    if sys.platform == "win32":
        from voicetype.system.pynput_hook import PynputHook
        from voicetype.system.windows_hotkeys import WindowsHotkeys

        return WindowsHotkeys(on_key, functools.partial(PynputHook, heeds_sent_keys=True))
    return make_key_source(on_key)


def _take_one(listener: PynputHotkeyListener, action: Action) -> str:
    refusal: HotkeyError | None = None
    for wanted in _CANDIDATES:
        refusal = listener.set_hotkeys({action: wanted}).get(action)
        if refusal is None:
            return wanted
    raise Failed(told(refusal) if refusal else "no hotkey")


def _is_refused_to_others(wanted: str) -> None:
    with _listening() as (other, _events):
        refusal = other.set_hotkeys({Action.TOGGLE: wanted}).get(Action.TOGGLE)
    if refusal is None or refusal.message.code is not MessageCode.HOTKEY_TAKEN:
        raise Failed("another listener was given the same hotkey")


def _press(action: Action, wanted: str) -> None:
    keys = parse_for(action, wanted)
    in_thread(lambda: _press_windows(keys) if sys.platform == "win32" else _press_x11(keys), "the keys")


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
