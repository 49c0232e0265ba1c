"""Hotkeys by the desktop's portal: a real D-Bus daemon, a portal that is not."""

from __future__ import annotations

import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytest.importorskip("jeepney", reason="Linux")

from tests.fakes_portal import FakePortal, PrivateBus
from voicetype.core.hotkeys import Action, parse_hotkey
from voicetype.core.messages import HotkeyError, MessageCode, UserMessage
from voicetype.core.ports import HotkeyEvent
from voicetype.system import desktop_entry
from voicetype.system.hotkey import PynputHotkeyListener, make_key_source
from voicetype.system.portal_shortcuts import PortalShortcuts, Surroundings, trigger

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="D-Bus"),
    pytest.mark.skipif(shutil.which("dbus-daemon") is None, reason="needs: apt-get install dbus-daemon"),
]

TOGGLE, TALK, CANCEL = parse_hotkey("ctrl+alt+space"), parse_hotkey("win+f9"), parse_hotkey("esc", bare=True)
SOON_S = 10.0
MakePortal = Callable[..., FakePortal]


class Heard:
    """What the program was told, from another thread."""

    def __init__(self) -> None:
        self.keys: list[tuple[str, bool]] = []
        self.messages: list[UserMessage] = []
        self._changed = threading.Condition()

    def on_key(self, event: HotkeyEvent) -> None:
        with self._changed:
            self.keys.append((event.name, event.pressed))
            self._changed.notify_all()

    def tell(self, message: UserMessage) -> None:
        with self._changed:
            self.messages.append(message)
            self._changed.notify_all()

    def wait(self, *, keys: int = 0, messages: int = 0) -> None:
        with self._changed:
            enough = self._changed.wait_for(lambda: len(self.keys) >= keys and len(self.messages) >= messages, SOON_S)
        assert enough, (self.keys, self.messages)


@pytest.fixture(autouse=True)
def _bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    bus = PrivateBus(tmp_path)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_SESSION_TYPE", "wayland")
    monkeypatch.setattr("voicetype.system.portal_shortcuts._START_TIMEOUT_S", SOON_S)
    yield
    bus.close()


@pytest.fixture
def portal(_bus: None) -> Iterator[MakePortal]:
    made: list[FakePortal] = []

    def make(**options: object) -> FakePortal:
        made.append(FakePortal(**options))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for one in made:
        one.end()


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def source(_bus: None, heard: Heard) -> Iterator[PortalShortcuts]:
    source = PortalShortcuts(heard.on_key, Surroundings(lambda name: f"about {name}", heard.tell))
    yield source
    source.stop()


@pytest.mark.parametrize(
    ("hotkey", "text"),
    [
        ("ctrl+alt+space", "CTRL+ALT+space"),
        ("win+shift+ф", "SHIFT+LOGO+a"),
        ("f9", "F9"),
        ("ctrl++", "CTRL+equal"),
        ("alt+`", "ALT+grave"),
        ("ctrl+page down", "CTRL+Next"),
    ],
)
def test_a_hotkey_is_written_as_the_portal_wants_it(hotkey: str, text: str) -> None:
    assert trigger(parse_hotkey(hotkey)) == text


def test_press_and_release_of_each_hotkey_are_told(portal: MakePortal, source: PortalShortcuts, heard: Heard) -> None:
    desktop = portal()
    source.start()
    assert source.set_hotkeys({Action.TOGGLE: TOGGLE, Action.PUSH_TO_TALK: TALK}) == {}
    desktop.wait_for("BindShortcuts")
    assert desktop.bound == {
        "toggle": {"description": "about toggle", "preferred_trigger": "CTRL+ALT+space"},
        "push_to_talk": {"description": "about push_to_talk", "preferred_trigger": "LOGO+F9"},
    }
    desktop.press("push_to_talk")
    heard.wait(keys=1)
    assert source.held() == {"push_to_talk"}
    desktop.release("push_to_talk")
    desktop.press("toggle")
    heard.wait(keys=3)
    assert heard.keys == [("push_to_talk", True), ("push_to_talk", False), ("toggle", True)]
    desktop.press("toggle", session="/org/freedesktop/portal/desktop/session/1_9999/other")
    desktop.release("toggle")
    heard.wait(keys=4)
    assert heard.keys[3:] == [("toggle", False)]
    assert heard.messages == []


def test_the_program_has_a_name_before_it_asks(portal: MakePortal, source: PortalShortcuts, tmp_path: Path) -> None:
    desktop = portal()
    source.start()
    desktop.wait_for("Get")
    assert desktop.members() == ["Register", "Get"]
    assert desktop.app_id == desktop_entry.APP_ID
    entry = (tmp_path / "data" / "applications" / f"{desktop.app_id}.desktop").read_text(encoding="utf-8")
    assert f"Exec={desktop_entry.exec_value(desktop_entry.own_words())}\n" in entry


def test_an_older_portal_needs_no_name(portal: MakePortal, source: PortalShortcuts, heard: Heard) -> None:
    desktop = portal(needs_app_id=False)
    source.start()
    source.set_hotkeys({Action.TOGGLE: TOGGLE})
    desktop.wait_for("BindShortcuts")
    desktop.press("toggle")
    heard.wait(keys=1)


@pytest.mark.parametrize("there", [True, False])
def test_a_desktop_without_shortcuts_is_told_with_the_command_for_a_key(
    portal: MakePortal, source: PortalShortcuts, there: bool
) -> None:
    if there:
        portal(shortcuts=False)
    with pytest.raises(HotkeyError) as failure:
        source.start()
    assert failure.value.message.code is MessageCode.WAYLAND_NO_HOTKEY
    assert failure.value.message.params["command"] == f"{desktop_entry.own_command()} --toggle"


@pytest.mark.parametrize("shortcuts", [True, False])
def test_a_portal_that_takes_its_time_is_not_waited_for(
    portal: MakePortal, source: PortalShortcuts, heard: Heard, monkeypatch: pytest.MonkeyPatch, shortcuts: bool
) -> None:
    monkeypatch.setattr("voicetype.system.portal_shortcuts._START_TIMEOUT_S", 0)
    desktop = portal(shortcuts=shortcuts)
    with desktop.asleep():
        source.start()
        source.set_hotkeys({Action.TOGGLE: TOGGLE})
    if shortcuts:
        desktop.wait_for("BindShortcuts")
        assert heard.messages == []
    else:
        heard.wait(messages=1)
        assert heard.messages[0].code is MessageCode.WAYLAND_NO_HOTKEY


def test_without_a_bus_there_is_no_portal(source: PortalShortcuts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    with pytest.raises(HotkeyError):
        source.start()


def test_a_user_who_says_no_is_not_asked_again(portal: MakePortal, source: PortalShortcuts, heard: Heard) -> None:
    desktop = portal(answer=1)
    source.start()
    source.set_hotkeys({Action.TOGGLE: TOGGLE})
    heard.wait(messages=1)
    assert heard.messages[0].code is MessageCode.WAYLAND_NO_HOTKEY
    source.set_hotkeys({Action.TOGGLE: TOGGLE})
    source.set_hotkeys({})
    source.set_hotkeys({Action.TOGGLE: TOGGLE})
    source.stop()
    desktop.wait_for("Close")
    assert desktop.members().count("BindShortcuts") == 1


def test_a_hotkey_that_rests_is_ignored_without_a_new_question(
    portal: MakePortal, source: PortalShortcuts, heard: Heard
) -> None:
    desktop = portal()
    cancel = parse_hotkey("ctrl+esc")
    source.start()
    source.set_hotkeys({Action.TOGGLE: TOGGLE, Action.CANCEL: cancel})
    source.set_hotkeys({Action.TOGGLE: TOGGLE})
    desktop.wait_for("BindShortcuts")
    desktop.press("cancel")
    desktop.release("cancel")
    desktop.press("toggle")
    heard.wait(keys=1)
    assert heard.keys == [("toggle", True)]
    source.set_hotkeys({Action.TOGGLE: TOGGLE, Action.CANCEL: cancel})
    desktop.press("cancel")
    heard.wait(keys=2)
    assert desktop.members().count("BindShortcuts") == 1


def test_escape_and_the_mouse_are_left_to_others(portal: MakePortal, source: PortalShortcuts) -> None:
    desktop = portal()
    source.start()
    hotkeys = {Action.TOGGLE: TOGGLE, Action.CANCEL: CANCEL, Action.HOLD_OR_TAP: parse_hotkey("mouse4"), "probe": TALK}
    errors = source.set_hotkeys(hotkeys)
    assert [(name, error.message.code) for name, error in errors.items()] == [
        (Action.HOLD_OR_TAP, MessageCode.HOTKEY_UNAVAILABLE)
    ]
    desktop.wait_for("BindShortcuts")
    assert set(desktop.bound) == {"toggle"}


def test_another_combination_is_asked_for_anew(portal: MakePortal, source: PortalShortcuts) -> None:
    desktop = portal()
    source.start()
    source.set_hotkeys({Action.TOGGLE: TOGGLE})
    desktop.wait_for("BindShortcuts")
    source.set_hotkeys({Action.TOGGLE: TALK})
    desktop.wait_for("BindShortcuts", 2)
    assert desktop.bound["toggle"]["preferred_trigger"] == "LOGO+F9"
    assert desktop.members().count("Close") == 1


def test_hotkeys_come_back_with_a_portal_that_crashed(
    portal: MakePortal, source: PortalShortcuts, heard: Heard
) -> None:
    first = FakePortal()
    source.start()
    source.set_hotkeys({Action.TOGGLE: TOGGLE})
    first.wait_for("BindShortcuts")
    first.press("toggle")
    heard.wait(keys=1)
    first.end()
    second = portal()
    second.wait_for("BindShortcuts")
    assert source.held() == frozenset()
    second.press("toggle")
    heard.wait(keys=2)
    assert second.app_id == desktop_entry.APP_ID


def test_a_session_that_the_desktop_ends_is_told(portal: MakePortal, source: PortalShortcuts, heard: Heard) -> None:
    desktop = portal()
    source.start()
    source.set_hotkeys({Action.TOGGLE: TOGGLE})
    desktop.wait_for("BindShortcuts")
    desktop.press("toggle")
    heard.wait(keys=1)
    desktop.close_session()
    heard.wait(messages=1)


def test_the_listener_of_a_wayland_session_asks_the_portal(portal: MakePortal, heard: Heard) -> None:
    desktop = portal()
    surroundings = Surroundings(str, heard.tell)
    listener = PynputHotkeyListener(lambda on_key: make_key_source(on_key, surroundings))
    listener.start(heard.on_key)
    listener.set_active(Action.CANCEL, False)
    assert listener.set_hotkeys({"toggle": "", "push_to_talk": "ctrl+f9", "cancel": "esc"}) == {}
    desktop.wait_for("BindShortcuts")
    desktop.press("push_to_talk")
    heard.wait(keys=1)
    desktop.release("push_to_talk")
    heard.wait(keys=2)
    listener.stop()
    assert heard.keys == [("push_to_talk", True), ("push_to_talk", False)]
    desktop.wait_for("Close")
