"""Windows' hotkeys against a system that registers them by its rules, and which of them go through a hook."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping

import pytest

from tests.unit.win32_fakes import Windows
from voicetype.core.hotkeys import Hotkey, parse_hotkey
from voicetype.core.messages import HotkeyError, MessageCode
from voicetype.core.ports import HotkeyEvent
from voicetype.system.pynput_hook import virtual_keys
from voicetype.system.win32_window import MessageThread
from voicetype.system.windows_hotkeys import RegisteredKeys, WindowsHotkeys

WM_HOTKEY, WM_TIMER = 0x0312, 0x0113
PRESS, RELEASE = True, False


class System:
    """Windows' calls about hotkeys.

    Attributes:
        foreign: combinations of other programs.
        timer: whether WM_TIMER comes.
    """

    def __init__(self) -> None:
        self.registered: dict[int, Hotkey] = {}
        self.foreign: set[Hotkey] = set()
        self.down: set[int] = set()
        self.timer = False
        self.error = 1409
        self.altgr: set[str] = set()
        self.now = 0

    def register(self, window: int, number: int, hotkey: Hotkey) -> int:
        assert window == 7 and number not in self.registered
        if hotkey in self.foreign or hotkey in self.registered.values():
            return self.error
        self.registered[number] = hotkey
        return 0

    def unregister(self, window: int, number: int) -> None:
        del self.registered[number]

    def time_ms(self) -> int:
        self.now += 1
        return self.now

    def is_down(self, vk: int) -> bool:
        return vk in self.down

    def set_timer(self, window: int, milliseconds: int) -> None:
        self.timer = bool(milliseconds)

    def types_with_altgr(self, hotkey: Hotkey) -> bool:
        return hotkey.key in self.altgr


class FakeHook:
    def __init__(self, on_key: Callable[[HotkeyEvent], None]) -> None:
        self.on_key = on_key
        self.hotkeys: dict[str, Hotkey] = {}
        self.running = False
        self.fails: set[str] = set()

    def start(self) -> None:
        if "start" in self.fails:
            raise HotkeyError(MessageCode.HOTKEY_UNAVAILABLE)
        self.running = True

    def set_hotkeys(self, hotkeys: Mapping[str, Hotkey]) -> Mapping[str, HotkeyError]:
        self.hotkeys = dict(hotkeys)
        return {}

    def held(self) -> frozenset[str]:
        return frozenset(self.hotkeys)

    def stop(self) -> None:
        self.running = False


class Desk:
    """A source with all that it stands on."""

    def __init__(self) -> None:
        self.system = System()
        self.windows = Windows()
        self.told: list[tuple[str, bool]] = []
        self.hooks: list[FakeHook] = []
        self.hook_fails: set[str] = set()
        thread = functools.partial(MessageThread, make_window=self.windows.make)
        self.source = WindowsHotkeys(
            lambda event: self.told.append((event.name, event.pressed)),
            self._make_hook,
            lambda on_key: RegisteredKeys(on_key, lambda: self.system, thread),
        )
        self.source.start()

    def _make_hook(self, on_key: Callable[[HotkeyEvent], None]) -> FakeHook:
        self.hooks.append(FakeHook(on_key))
        self.hooks[-1].fails = self.hook_fails
        return self.hooks[-1]

    def set(self, **hotkeys: str) -> dict[str, MessageCode]:
        parsed = {name: parse_hotkey(text, bare=True) for name, text in hotkeys.items()}
        return {name: error.message.code for name, error in self.source.set_hotkeys(parsed).items()}

    def registered(self) -> set[Hotkey]:
        return set(self.system.registered.values())

    def hooked(self) -> set[str]:
        return set(self.hooks[-1].hotkeys) if self.hooks and self.hooks[-1].running else set()

    def press(self, text: str) -> int:
        hotkey = parse_hotkey(text, bare=True)
        self.system.down.add(virtual_keys(hotkey)[-1])
        number = next(number for number, known in self.system.registered.items() if known == hotkey)
        self.windows.window.post(WM_HOTKEY, number)
        self.source.settle()
        return number

    def let_go(self) -> None:
        self.system.down.clear()
        self.tick()

    def tick(self) -> None:
        assert self.system.timer
        self.windows.window.post(WM_TIMER, 1)
        self.source.settle()


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk()
    yield desk
    desk.source.stop()


def test_press_and_release_are_told_without_a_hook(desk: Desk) -> None:
    assert desk.set(toggle="ctrl+alt+space", undo_last="f9") == {}
    assert not desk.hooks, "no key of the user goes through the program"
    desk.press("ctrl+alt+space")
    desk.tick()
    desk.press("f9")
    assert desk.source.held() == {"toggle", "undo_last"}
    desk.let_go()
    assert desk.told == [("toggle", PRESS), ("undo_last", PRESS), ("toggle", RELEASE), ("undo_last", RELEASE)]
    assert desk.source.held() == frozenset()
    assert not desk.system.timer, "nothing is looked at while no key is down"


def test_what_another_program_holds_is_told_and_the_others_work(desk: Desk) -> None:
    desk.system.foreign.add(parse_hotkey("ctrl+alt+space"))
    errors = desk.set(toggle="ctrl+alt+space", copy_last="ctrl+alt+c")
    assert errors == {"toggle": MessageCode.HOTKEY_TAKEN}
    assert desk.registered() == {parse_hotkey("ctrl+alt+c")}
    desk.system.foreign.clear()
    assert desk.set(toggle="ctrl+alt+space", copy_last="ctrl+alt+c") == {}
    desk.system.error = 1408
    desk.system.foreign.add(parse_hotkey("f8"))
    assert desk.set(toggle="f8") == {"toggle": MessageCode.HOTKEY_UNAVAILABLE}


def test_a_hotkey_changes_its_meaning_and_its_combination(desk: Desk) -> None:
    desk.set(toggle="f8", undo_last="f9")
    first = desk.press("f8")
    assert desk.set(toggle="f9", undo_last="f8") == {}
    assert desk.told == [("toggle", PRESS), ("toggle", RELEASE)], "what is given back is up"
    desk.windows.window.post(WM_HOTKEY, first)
    desk.source.settle()
    assert len(desk.told) == 2, "a message from before means nothing"
    desk.press("f8")
    assert desk.told[-1] == ("undo_last", PRESS)
    desk.source.stop()
    desk.source.stop()
    assert desk.registered() == set() and desk.windows.window.destroyed


def test_a_key_whose_release_counts_is_hooked_and_tried(desk: Desk) -> None:
    assert desk.set(toggle="f8", push_to_talk="ctrl+f9", cancel="esc") == {}
    assert desk.hooked() == {"push_to_talk", "cancel"}, "Esc may be pressed while the other one is down"
    assert desk.registered() == {parse_hotkey("f8")}, "the others were held for a moment only"
    assert desk.source.held() == {"push_to_talk", "cancel"}
    desk.system.foreign.add(parse_hotkey("ctrl+f9"))
    assert desk.set(hold_or_tap="ctrl+f9", cancel="esc") == {"hold_or_tap": MessageCode.HOTKEY_TAKEN}
    assert desk.hooked() == {"cancel"}
    assert desk.set(toggle="f8", cancel="esc") == {}
    assert desk.registered() == {parse_hotkey("f8"), parse_hotkey("esc", bare=True)}
    assert not desk.hooks[-1].running, "nothing needs the hook any more"


@pytest.mark.parametrize(
    ("hotkey", "needs_hook"),
    [
        ("mouse4", True),
        ("ctrl+mouse_middle", True),
        ("f12", True),
        ("shift+f12", True),
        ("ctrl+f12", False),
        ("ctrl+alt+8", True),
        ("ctrl+alt+shift+8", True),
        ("ctrl+8", False),
        ("ctrl+alt+win+8", False),
        ("ctrl+alt+9", False),
        ("pause", False),
    ],
)
def test_what_windows_cannot_register_is_hooked(desk: Desk, hotkey: str, needs_hook: bool) -> None:
    desk.system.altgr.add("8")
    assert desk.set(toggle=hotkey) == {}
    assert (desk.hooked() == {"toggle"}, desk.registered() == set()) == (needs_hook, needs_hook)


def test_a_hook_that_cannot_be_had_costs_only_what_needs_it(desk: Desk) -> None:
    desk.hook_fails.add("start")
    assert desk.set(toggle="f8", push_to_talk="f9") == {"push_to_talk": MessageCode.HOTKEY_UNAVAILABLE}
    assert desk.registered() == {parse_hotkey("f8")}
    desk.hook_fails.clear()
    assert desk.set(toggle="f8", push_to_talk="f9") == {}


def test_without_a_window_there_is_no_hotkey() -> None:
    def fail() -> System:
        raise OSError("Windows makes no window")

    source = RegisteredKeys(lambda event: None, fail, lambda *_: MessageThread("hotkeys", lambda *message: None))
    with pytest.raises(HotkeyError) as caught:
        source.start()
    assert caught.value.message.code is MessageCode.HOTKEY_UNAVAILABLE
    with pytest.raises(HotkeyError):
        source.held()
    source.stop()
