"""Combinations under Windows: registered with the system where a press is enough, caught by a hook where it is not.

A registered one is kept from the focused window by Windows itself, also while that window has more rights than this
program, and one that another program holds is refused. No key of the user goes through this program for it. The hook
(`pynput_hook.py`) is there only while something needs it:

* a key whose release counts. Windows tells of no release, and while a hook keeps a key to itself its state is unknown;
* the cancel key beside such a one, since it may be pressed while that one and its modifiers are down;
* buttons of the mouse; F12, which Windows keeps for debuggers and registers for nobody;
* Ctrl+Alt with a key that types a character with AltGr in a layout of the user's: Windows takes AltGr for Ctrl+Alt.

Keys for the hook are registered too, for a moment, to find out who else has them. What the shell keeps (Win+L, Win+D)
is refused: a hook that swallowed it would leave the Windows key alone, which opens the start menu.

Methods from one thread; keys are told from the threads of window and hook. May import: `core`, what lies beside it. Not
proven on a real Windows yet.
"""

from __future__ import annotations

import contextlib
import ctypes
import itertools
from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

from voicetype.core.hotkeys import HELD, MOUSE_BUTTONS, Action, Hotkey, for_people
from voicetype.core.messages import HotkeyError, MessageCode
from voicetype.core.ports import HotkeyEvent
from voicetype.system.pynput_hook import PynputHook, virtual_keys
from voicetype.system.win32_window import Calls, MessageThread, load

_WM_HOTKEY, _WM_TIMER = 0x0312, 0x0113
_MODIFIERS = {"alt": 0x1, "ctrl": 0x2, "shift": 0x4, "win": 0x8}
_NO_REPEAT = 0x4000
_ALREADY_REGISTERED = 1409
_FIRST_ID, _LAST_ID = 1, 0xBFFF
"""Of a program's own hotkeys; those beyond belong to libraries."""
_LOOK_MS = 15
"""How often a pressed key is looked at until it is up. Windows' timers tick no faster."""
_KEPT_FOR_DEBUGGERS = frozenset({Hotkey(frozenset(), "f12"), Hotkey(frozenset({"shift"}), "f12")})
_ALTGR = frozenset({"ctrl", "alt"})
_ALTGR_KEYS = (0x11, 0x12, 0xA2, 0xA5)
_SHIFT_KEYS = (0x10, 0xA0)
_DOWN = 0x80
_KEEP_STATE = 0x4
"""For ToUnicodeEx: a dead key that somebody has pressed stays pressed."""
_MOST_LAYOUTS, _MOST_CHARACTERS = 64, 8

_P, _I, _U = ctypes.c_void_p, ctypes.c_int, ctypes.c_uint
_USER32: Calls = {
    "GetAsyncKeyState": (ctypes.c_short, (_I,)),
    "GetKeyboardLayoutList": (_I, (_I, _P)),
    "GetMessageTime": (ctypes.c_int32, ()),
    "KillTimer": (_I, (_P, ctypes.c_size_t)),
    "MapVirtualKeyW": (_U, (_U, _U)),
    "RegisterHotKey": (_I, (_P, _I, _U, _U)),
    "SetTimer": (ctypes.c_size_t, (_P, ctypes.c_size_t, _U, _P)),
    "ToUnicodeEx": (_I, (_U, _U, _P, _P, _I, _U, _P)),
    "UnregisterHotKey": (_I, (_P, _I)),
}

T = TypeVar("T")
OnKey = Callable[[HotkeyEvent], None]


class Hook(Protocol):
    """`PynputHook`, or a test's."""

    def start(self) -> None:
        """Install it."""

    def set_hotkeys(self, hotkeys: Mapping[str, Hotkey]) -> Mapping[str, HotkeyError]:
        """Catch these."""

    def held(self) -> frozenset[str]:
        """Which are down."""

    def stop(self) -> None:
        """Remove it."""


class Keys:
    """Windows' calls about hotkeys, no more. The thread of the window, which is made before."""

    def __init__(self) -> None:
        self._user = load("user32", _USER32)

    def register(self, window: int, number: int, hotkey: Hotkey) -> int:
        """Register a combination; 0, or Windows' error."""
        modifiers = sum(_MODIFIERS[name] for name in hotkey.modifiers) | _NO_REPEAT
        if self._user.RegisterHotKey(window, number, modifiers, virtual_keys(hotkey)[-1]):
            return 0
        libraries: Any = ctypes
        return int(libraries.get_last_error()) or -1

    def unregister(self, window: int, number: int) -> None:
        """Give a combination back."""
        self._user.UnregisterHotKey(window, number)

    def time_ms(self) -> int:
        """When the message came that is dealt with."""
        return int(self._user.GetMessageTime()) & 0xFFFFFFFF

    def is_down(self, vk: int) -> bool:
        """Whether a finger is on the key; never on the lock screen."""
        return bool(self._user.GetAsyncKeyState(vk) & 0x8000)

    def set_timer(self, window: int, milliseconds: int) -> None:
        """Have WM_TIMER come every so often, at 0 no longer."""
        if milliseconds:
            self._user.SetTimer(window, 1, milliseconds, None)
        else:
            self._user.KillTimer(window, 1)

    def types_with_altgr(self, hotkey: Hotkey) -> bool:
        """Whether key and AltGr type a character in one of the user's layouts."""
        layouts = (_P * _MOST_LAYOUTS)()
        count = self._user.GetKeyboardLayoutList(_MOST_LAYOUTS, layouts)
        state, characters = (ctypes.c_uint8 * 256)(), ctypes.create_unicode_buffer(_MOST_CHARACTERS)
        for key in (*_ALTGR_KEYS, *(_SHIFT_KEYS if "shift" in hotkey.modifiers else ())):
            state[key] = _DOWN
        vk = virtual_keys(hotkey)[-1]
        scan_code = self._user.MapVirtualKeyW(vk, 0)
        return any(
            self._user.ToUnicodeEx(vk, scan_code, state, characters, _MOST_CHARACTERS, _KEEP_STATE, layout)
            for layout in layouts[:count]
        )


class RegisteredKeys:
    """Combinations that Windows keeps for this program."""

    def __init__(
        self,
        on_key: OnKey,
        make_keys: Callable[[], Keys] = Keys,
        make_thread: Callable[..., MessageThread] = MessageThread,
    ) -> None:
        self._on_key = on_key
        self._make_keys = make_keys
        self._thread = make_thread("hotkeys", self._on_message)
        self._window = 0
        self._keys: Keys
        self._numbers = itertools.cycle(range(_FIRST_ID, _LAST_ID + 1))
        self._registered: dict[str, tuple[Hotkey, int]] = {}
        self._down: dict[str, int] = {}

    def start(self) -> None:
        """Make thread and window. Raises HotkeyError(HOTKEY_UNAVAILABLE)."""
        try:
            self._keys = self._make_keys()
            self._window = self._thread.start()
        except OSError as error:
            raise HotkeyError(MessageCode.HOTKEY_UNAVAILABLE, detail=error) from error

    def set_hotkeys(self, hotkeys: Mapping[str, Hotkey], tried: Mapping[str, Hotkey]) -> dict[str, HotkeyError]:
        """Hold `hotkeys` in place of those before. Returns those of them and of `tried` that cannot be had.

        Raises HotkeyError(HOTKEY_UNAVAILABLE).
        """
        return self._ask(lambda: self._replace(hotkeys, tried))

    def types_with_altgr(self, hotkey: Hotkey) -> bool:
        """See `Keys`."""
        return self._ask(lambda: self._keys.types_with_altgr(hotkey))

    def held(self) -> frozenset[str]:
        """Which of them are down."""
        return self._ask(lambda: frozenset(self._down))

    def settle(self) -> None:
        """Return when the messages that are there are dealt with."""
        self._ask(lambda: None)

    def stop(self) -> None:
        """Give all of them back; idempotent, bounded."""
        with contextlib.suppress(HotkeyError):
            self.set_hotkeys({}, {})
        self._thread.stop()

    def _ask(self, work: Callable[[], T]) -> T:
        try:
            return self._thread.run(work)
        except OSError as error:
            raise HotkeyError(MessageCode.HOTKEY_UNAVAILABLE, detail=error) from error

    # The thread of the window

    def _replace(self, hotkeys: Mapping[str, Hotkey], tried: Mapping[str, Hotkey]) -> dict[str, HotkeyError]:
        for name, (hotkey, number) in list(self._registered.items()):
            if hotkeys.get(name) != hotkey:
                self._keys.unregister(self._window, number)
                del self._registered[name]
                self._release(name)
        errors = {}
        for name, hotkey in {**hotkeys, **tried}.items():
            if name in self._registered:
                continue
            number = next(self._numbers)
            if error := self._keys.register(self._window, number, hotkey):
                errors[name] = _refusal(error, hotkey)
            elif name in hotkeys:
                self._registered[name] = hotkey, number
            else:
                self._keys.unregister(self._window, number)
        return errors

    def _on_message(self, kind: int, wide: int, _long: int) -> int | None:
        if kind == _WM_HOTKEY:
            self._press(wide)
        elif kind == _WM_TIMER:
            for name, vk in list(self._down.items()):
                if not self._keys.is_down(vk):
                    self._release(name)
        else:
            return None
        return 0

    def _press(self, number: int) -> None:
        # One that was given back meanwhile has another number.
        for name, (hotkey, known) in self._registered.items():
            if number == known:
                if not self._down:
                    self._keys.set_timer(self._window, _LOOK_MS)
                self._down[name] = virtual_keys(hotkey)[-1]
                self._on_key(HotkeyEvent(name, True, self._keys.time_ms()))

    def _release(self, name: str) -> None:
        if self._down.pop(name, None) is not None:
            if not self._down:
                self._keys.set_timer(self._window, 0)
            self._on_key(HotkeyEvent(name, False, self._keys.time_ms()))


class WindowsHotkeys:
    """`KeySource` under Windows."""

    def __init__(
        self,
        on_key: OnKey,
        make_hook: Callable[[OnKey], Hook] = PynputHook,
        make_registered: Callable[[OnKey], RegisteredKeys] = RegisteredKeys,
    ) -> None:
        self._on_key = on_key
        self._make_hook = make_hook
        self._registered = make_registered(on_key)
        self._hook: Hook | None = None

    def start(self) -> None:
        """Make the window. Raises HotkeyError(HOTKEY_UNAVAILABLE)."""
        self._registered.start()

    def set_hotkeys(self, hotkeys: Mapping[str, Hotkey]) -> Mapping[str, HotkeyError]:
        """Catch these in place of those before. Returns those that another program holds, or the hook cannot have.

        Raises HotkeyError(HOTKEY_UNAVAILABLE).
        """
        hooked = {name: hotkey for name, hotkey in hotkeys.items() if self._needs_hook(name, hotkey, hotkeys)}
        registered = {name: hotkey for name, hotkey in hotkeys.items() if name not in hooked}
        tried = {name: hotkey for name, hotkey in hooked.items() if _can_be_registered(hotkey)}
        if self._hook is not None and not hooked:
            hook, self._hook = self._hook, None
            hook.stop()
        errors = self._registered.set_hotkeys(registered, tried)
        return errors | self._set_hooked({name: hotkey for name, hotkey in hooked.items() if name not in errors})

    def held(self) -> frozenset[str]:
        """Which of them are down, as far as can be told. Raises HotkeyError."""
        registered = self._registered.held()
        hook = self._hook  # another thread may give it up meanwhile
        return registered | (hook.held() if hook is not None else frozenset())

    def settle(self) -> None:
        """Return when the events that have happened are told. Raises HotkeyError. The hook has nothing to wait for."""
        self._registered.settle()

    def stop(self) -> None:
        """Give all back; idempotent, bounded."""
        hook, self._hook = self._hook, None
        if hook is not None:
            hook.stop()
        self._registered.stop()

    def _set_hooked(self, hotkeys: Mapping[str, Hotkey]) -> dict[str, HotkeyError]:
        try:
            if self._hook is None and hotkeys:
                hook = self._make_hook(self._on_key)
                hook.start()
                self._hook = hook
            return dict(self._hook.set_hotkeys(hotkeys)) if self._hook is not None else {}
        except HotkeyError as error:
            return dict.fromkeys(hotkeys, error)

    def _needs_hook(self, name: str, hotkey: Hotkey, others: Mapping[str, Hotkey]) -> bool:
        beside_held = name == Action.CANCEL and not HELD.isdisjoint(others)
        if name in HELD or beside_held or not _can_be_registered(hotkey):
            return True
        return hotkey.modifiers - {"shift"} == _ALTGR and self._registered.types_with_altgr(hotkey)


def _can_be_registered(hotkey: Hotkey) -> bool:
    return hotkey.key not in MOUSE_BUTTONS and hotkey not in _KEPT_FOR_DEBUGGERS


def _refusal(error: int, hotkey: Hotkey) -> HotkeyError:
    if error == _ALREADY_REGISTERED:
        return HotkeyError(MessageCode.HOTKEY_TAKEN, hotkey=for_people(hotkey))
    return HotkeyError(MessageCode.HOTKEY_UNAVAILABLE, detail=f"Windows' error {error}")
