"""Hotkeys of a Wayland session by the desktop's portal, org.freedesktop.portal.GlobalShortcuts.

The desktop asks its user which keys are to be used; what the settings say is a proposal for its first question. It
tells of press and release, so that push-to-talk works. KDE, Hyprland and GNOME (from 48 on) have the portal, sway has
not. Qt's D-Bus is of no use here: from Python it does not send structs, which BindShortcuts wants.

Methods from one thread of the caller; keys are told from the portal's own thread. May import: `core`, loguru, what is
beside it.
"""

from __future__ import annotations

import contextlib
import itertools
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any

from loguru import logger

from voicetype.core.gestures import CLOCK_MODULUS
from voicetype.core.hotkeys import MODIFIERS, MOUSE_BUTTONS, Action, Hotkey, for_people
from voicetype.core.messages import HotkeyError, Level, MessageCode, UserMessage
from voicetype.core.ports import HotkeyEvent
from voicetype.system import desktop_entry
from voicetype.system.portal_bus import Body, Bus, Call, PortalError, PortalRefusal, Signal
from voicetype.system.x11_keys import KEYSYM_NAMES

_SHORTCUTS = "org.freedesktop.portal.GlobalShortcuts"
_START_TIMEOUT_S = 0.5
"""A portal that runs answers within milliseconds; the window must not wait for one that is being started."""
_STOP_TIMEOUT_S = 1.0
_MODIFIERS = {"ctrl": "CTRL", "alt": "ALT", "shift": "SHIFT", "win": "LOGO"}
_CHARACTERS = {
    **{"-": "minus", "=": "equal", "[": "bracketleft", "]": "bracketright", ";": "semicolon", "'": "apostrophe"},
    **{"\\": "backslash", ",": "comma", ".": "period", "/": "slash", "`": "grave"},
}
_GRANTED, _CANCELLED = 0, 1
"""Answers to a request; any other number is a failure."""
_Take = Callable[[Mapping[str, Any]], None]


def trigger(hotkey: Hotkey) -> str:
    """As the portal wants it: "CTRL+ALT+space", with the names of xkbcommon."""
    key = KEYSYM_NAMES.get(hotkey.key) or _CHARACTERS.get(hotkey.key, hotkey.key)
    return "+".join([*(_MODIFIERS[name] for name in MODIFIERS if name in hotkey.modifiers), key])


@dataclass(frozen=True)
class Surroundings:
    """What the portal needs of the rest of the program.

    Attributes:
        describe: what an action is called, by its name; the desktop shows it.
        tell: takes what went wrong later; any thread.
    """

    describe: Callable[[str], str] = str
    tell: Callable[[UserMessage], None] = lambda _message: None


class PortalShortcuts:
    """Implements `system.hotkey.KeySource`.

    Esc and the like cannot be taken for moments only, so that a cancel key without modifiers is left to the others.
    """

    def __init__(self, on_key: Callable[[HotkeyEvent], None], surroundings: Surroundings | None = None) -> None:
        self._on_key = on_key
        self._surroundings = surroundings or Surroundings()
        self._orders: SimpleQueue[Mapping[str, Hotkey] | None] = SimpleQueue()
        self._bus: Bus | None = None
        self._thread: threading.Thread | None = None
        self._news = threading.Condition()
        self._there: bool | None = None
        """Whether there is such a portal; None while nobody knows."""
        self._late = False
        self._active: frozenset[str] = frozenset()
        self._wanted: dict[str, Hotkey] = {}
        self._down: frozenset[str] = frozenset()

    def start(self) -> None:
        """See `KeySource`. Raises HotkeyError (WAYLAND_NO_HOTKEY) where the desktop has no such portal.

        A portal that needs its time is waited for in the background, and what it lacks is told then.
        """
        self._thread = threading.Thread(target=self._run, name="portal-shortcuts", daemon=True)
        self._thread.start()
        with self._news:
            self._news.wait_for(lambda: self._there is not None, _START_TIMEOUT_S)
            self._late = self._there is None
            if self._there is False:
                raise no_hotkey()

    def set_hotkeys(self, hotkeys: Mapping[str, Hotkey]) -> Mapping[str, HotkeyError]:
        """See `KeySource`. The desktop asks its user at leisure, so a refusal is told later.

        What is not among `hotkeys` any more is only ignored: to give it back and take it again would ask the user anew.
        """
        errors: dict[str, HotkeyError] = {}
        bound: dict[str, Hotkey] = {}
        for name, hotkey in hotkeys.items():
            if hotkey.key in MOUSE_BUTTONS:
                detail = f"Wayland desktops give programs no mouse buttons ({for_people(hotkey)})"
                errors[name] = HotkeyError(MessageCode.HOTKEY_UNAVAILABLE, detail=detail)
            elif name in set(Action) and (name != Action.CANCEL or hotkey.modifiers):
                bound[name] = hotkey
        self._active = frozenset(bound)
        if wanted := {name: hotkey for name, hotkey in bound.items() if self._wanted.get(name) != hotkey}:
            self._wanted = {**self._wanted, **wanted}
            self._order(self._wanted)
        return errors

    def held(self) -> frozenset[str]:
        """See `KeySource`."""
        return self._down

    def settle(self) -> None:
        """See `KeySource`. Nothing to wait for: keys that a program types are no shortcuts here."""

    def stop(self) -> None:
        """See `KeySource`."""
        thread, self._thread = self._thread, None
        self._order(None)
        if thread is not None:
            thread.join(_STOP_TIMEOUT_S)

    def _order(self, order: Mapping[str, Hotkey] | None) -> None:
        """Let the portal's thread ask for these hotkeys; None = end."""
        self._orders.put(order)
        if (bus := self._bus) is not None:
            bus.wake()

    # The portal's thread

    def _run(self) -> None:
        try:
            self._bus = bus = Bus()
        except PortalError as error:
            self._note(there=False, why=error)
            return
        try:
            session = _Session(bus, self._surroundings.describe)
            self._note(there=True)
            self._serve(bus, session)
            session.close()
        except PortalError as error:
            self._note(there=False, why=error)
        finally:
            self._bus = None
            bus.close()

    def _note(self, *, there: bool, why: PortalError | None = None) -> None:
        """Let `start` know, or the user if `start` did not wait so long. Later on the session has ended."""
        if why is not None:
            logger.info("no shortcuts by the desktop's portal: {}", why)
        with self._news:
            late = self._late and self._there is None
            self._there = there
            self._news.notify_all()
        if late and not there:
            self._surroundings.tell(no_hotkey().message)

    def _serve(self, bus: Bus, session: _Session) -> None:
        while True:
            try:
                while not self._orders.empty():
                    if (hotkeys := self._orders.get()) is None:
                        return
                    self._bind(session, hotkeys)
                if (signal := bus.next_signal()) is not None:
                    self._follow(session, signal)
            except PortalRefusal as error:
                logger.warning("the desktop's portal refuses the hotkeys: {}", error)
                self._surroundings.tell(no_hotkey().message)

    def _follow(self, session: _Session, signal: Signal) -> None:
        if signal.member in {"Activated", "Deactivated"}:
            if signal.body[:1] == (session.handle,):
                self._tell_key(str(signal.body[1]), pressed=signal.member == "Activated")
        elif session.came_back(signal):
            self._bind(session, self._wanted)
        else:
            session.answer(signal)

    def _bind(self, session: _Session, hotkeys: Mapping[str, Hotkey]) -> None:
        self._down = frozenset()
        session.bind(hotkeys)

    def _tell_key(self, name: str, *, pressed: bool) -> None:
        self._down = self._down | {name} if pressed else self._down - {name}
        if name in self._active:
            # The portal's own time has no defined beginning, and some desktops leave it out.
            self._on_key(HotkeyEvent(name, pressed, round(time.monotonic() * 1000) % CLOCK_MODULUS))


class _Session:
    """The shortcuts as the portal has them. Used by the portal's thread. All methods raise PortalRefusal, PortalError.

    Attributes:
        handle: the portal's name of the session; "" while there is none.
    """

    def __init__(self, bus: Bus, describe: Callable[[str], str]) -> None:
        self.handle = ""
        self._bus = bus
        self._describe = describe
        self._tokens = itertools.count(1)
        self._hotkeys: Mapping[str, Hotkey] = {}
        self._expected: dict[str, _Take] = {}
        """Who takes the answer to a request, by its path."""
        self._gone = False
        self._enter()

    def bind(self, hotkeys: Mapping[str, Hotkey]) -> None:
        """Ask for these in place of those before. A session can ask once only, so it is a new one."""
        self.close()
        self._hotkeys = dict(hotkeys)
        options = {"session_handle_token": ("s", self._token())}
        self._ask(Call(_SHORTCUTS, "CreateSession"), "a{sv}", (options,), self._on_created)

    def answer(self, signal: Signal) -> None:
        """Go on after the answer to a request, or the end of the session by the portal's will."""
        if signal.member == "Closed" and signal.path == self.handle:
            self.handle = ""
            raise PortalRefusal("the session was closed")
        if take := self._expected.pop(signal.path, None):
            code, results = int(signal.body[0]), {key: value for key, (_, value) in signal.body[1].items()}
            if code != _GRANTED:
                raise PortalRefusal("cancelled" if code == _CANCELLED else f"answer {code}")
            take(results)

    def came_back(self, signal: Signal) -> bool:
        """Whether the portal has ended and is there again: it has forgotten everything."""
        if signal.member != "NameOwnerChanged":
            return False
        _, before, now = signal.body
        if before:
            self.handle = ""
            self._expected.clear()
            self._gone = True
        if not now or not self._gone:
            return False
        self._gone = False
        self._enter()
        return bool(self._hotkeys)

    def close(self) -> None:
        """Give all shortcuts back; idempotent."""
        handle, self.handle = self.handle, ""
        self._expected.clear()
        if handle:
            with contextlib.suppress(PortalRefusal):
                self._bus.call(Call("org.freedesktop.portal.Session", "Close", handle))

    def _enter(self) -> None:
        """Say who this is, as newer portals demand and older ones do not know, and look whether there are shortcuts."""
        desktop_entry.write()
        try:
            self._bus.call(
                Call("org.freedesktop.host.portal.Registry", "Register"), "sa{sv}", (desktop_entry.APP_ID, {})
            )
        except PortalRefusal as error:
            logger.info("the desktop's portal does not take the program's name: {}", error)
        self._bus.call(Call("org.freedesktop.DBus.Properties", "Get"), "ss", (_SHORTCUTS, "version"))

    def _ask(self, call: Call, signature: str, body: Body, take: _Take) -> None:
        """Call a method whose answer comes later, from an object that is named beforehand, lest it come too early."""
        token = self._token()
        self._expected[f"/org/freedesktop/portal/desktop/request/{self._bus.sender}/{token}"] = take
        *first, options = body
        self._bus.call(call, signature, (*first, {**options, "handle_token": ("s", token)}))

    def _on_created(self, results: Mapping[str, Any]) -> None:
        self.handle = str(results.get("session_handle", ""))
        shortcuts = [
            (name, {"description": ("s", self._describe(name)), "preferred_trigger": ("s", trigger(hotkey))})
            for name, hotkey in self._hotkeys.items()
        ]
        body: Body = (self.handle, shortcuts, "", {})
        self._ask(Call(_SHORTCUTS, "BindShortcuts"), "oa(sa{sv})sa{sv}", body, self._on_bound)

    def _on_bound(self, results: Mapping[str, Any]) -> None:
        logger.info("shortcuts by the desktop's portal: {}", len(results.get("shortcuts", ())))

    def _token(self) -> str:
        return f"voicetype{next(self._tokens)}"


def no_hotkey() -> HotkeyError:
    """Says which command people can give to a key themselves."""
    command = f"{desktop_entry.own_command()} --toggle"
    return HotkeyError(MessageCode.WAYLAND_NO_HOTKEY, Level.WARNING, command=command)
