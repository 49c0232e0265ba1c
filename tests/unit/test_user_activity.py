"""Whose press it was, out of what X11's record or Windows' hooks tell; no system is needed."""

from __future__ import annotations

import ctypes
import struct
import sys
import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from voicetype.system import activity_windows, activity_x11
from voicetype.system.activity_windows import WindowsActivityWatch
from voicetype.system.activity_x11 import PressCounter
from voicetype.system.typing_windows import OWN_KEYS, UNASSIGNED

TYPIST, ASKER, OTHER = 0x200000, 0x400000, 0x600000
XTEST = 132
A, B, SHIFT, SPACE = 38, 56, 50, 65
CTRL_ALT = 0x0C
LAYOUT_2 = 0x2000  # the group, which the state has above the modifiers and buttons
KEY, KEY_RELEASE, BUTTON, BUTTON_RELEASE = 2, 3, 4, 5

# X11: the record's stream


def event(kind: int, detail: int, state: int = 0, time: int = 1) -> bytes:
    return struct.pack("=BBHI20xHBx", kind, detail, 0, time, state, 1)


def fake_input(kind: int, keycode: int) -> bytes:
    return struct.pack("=BBHBB2x28x", XTEST, 2, 9, kind, keycode)


NOTHING = struct.pack("=BBH", 127, 0, 1)


class Record:
    """What the server tells about one program's requests and all devices."""

    def __init__(self) -> None:
        self.counter = PressCounter(TYPIST, ASKER, XTEST)
        self.counter.modifiers = frozenset({SHIFT})
        self.counter.hotkeys = frozenset({(SPACE, CTRL_ALT)})
        self.tell(4)
        self.answers = 1

    def tell(self, category: int, data: bytes = b"", client: int = 0) -> None:
        self.counter.take(SimpleNamespace(category=category, id_base=client, data=data))

    def devices(self, *events: bytes) -> None:
        self.tell(0, b"".join(events))

    def typist(self, *requests: bytes, client: int = TYPIST) -> None:
        self.tell(1, b"".join(requests), client)

    def presses(self) -> int | None:
        self.typist(NOTHING, client=ASKER)
        self.answers += 1
        return self.counter.presses_after(self.answers)


@pytest.fixture
def record() -> Record:
    return Record()


def test_presses_that_the_programs_own_windows_got_are_excused_one_by_one(record: Record) -> None:
    record.devices(event(BUTTON, 1, time=7), event(BUTTON_RELEASE, 1, time=8))
    record.counter.excuse(False, 7)
    record.counter.excuse(True, 9)  # also one of which the stream tells later
    record.counter.excuse(False, 8 + 2**32)
    assert record.counter.all_excused(0, record.presses() or 0)
    record.devices(event(KEY, A, time=9))
    assert record.counter.all_excused(0, record.presses() or 0)
    record.devices(event(KEY, A, time=10))
    assert not record.counter.all_excused(0, record.presses() or 0)
    assert record.counter.all_excused(4, record.presses() or 0)


def test_presses_that_are_forgotten_count(record: Record) -> None:
    for time in range(100):
        record.devices(event(KEY, A, time=time))
        record.counter.excuse(True, time)
    assert not record.counter.all_excused(0, record.presses() or 0)
    assert record.counter.all_excused(90, record.presses() or 0)


def test_presses_of_keys_and_all_of_buttons_count(record: Record) -> None:
    record.devices(event(KEY, A), event(KEY_RELEASE, A), event(BUTTON, 1), event(BUTTON_RELEASE, 1))
    assert record.presses() == 3


def test_modifiers_and_the_hotkey_do_not_count(record: Record) -> None:
    record.devices(event(KEY, SHIFT), event(KEY, SPACE, CTRL_ALT), event(KEY, SPACE, CTRL_ALT | LAYOUT_2))
    assert record.presses() == 0
    record.devices(event(KEY, SPACE), event(KEY, SPACE, CTRL_ALT | 1), event(KEY, A, CTRL_ALT))
    assert record.presses() == 3


def test_a_button_that_is_a_hotkey_does_not_count_nor_does_letting_it_go(record: Record) -> None:
    record.counter.buttons = frozenset({(8, CTRL_ALT), (A, 0)})
    record.devices(event(BUTTON, 8, CTRL_ALT), event(BUTTON_RELEASE, 8))
    assert record.presses() == 0
    record.devices(event(BUTTON, 8), event(BUTTON_RELEASE, 8, CTRL_ALT), event(KEY, A))
    assert record.presses() == 3


def type_own(record: Record, keycode: int) -> None:
    record.typist(fake_input(KEY, keycode))
    record.devices(event(KEY, keycode))
    record.typist(fake_input(KEY_RELEASE, keycode))
    record.devices(event(KEY_RELEASE, keycode))


def test_own_presses_do_not_count_and_the_users_between_them_do(record: Record) -> None:
    record.counter.own = True
    type_own(record, A)
    record.devices(event(KEY, A), event(KEY, B))
    type_own(record, B)
    assert record.presses() == 2


def test_own_presses_count_where_nobody_says_so(record: Record) -> None:
    type_own(record, A)
    assert record.presses() == 1


def test_presses_that_another_program_sends_are_the_users(record: Record) -> None:
    record.counter.own = True
    record.typist(fake_input(KEY, A), client=OTHER)
    record.devices(event(KEY, A))
    assert record.presses() == 1


def test_an_own_press_that_never_came_excuses_none_of_the_users(record: Record) -> None:
    record.counter.own = True
    record.typist(fake_input(KEY, A), fake_input(KEY_RELEASE, A))
    record.devices(event(KEY, A))
    assert record.presses() == 1


def test_a_key_that_repeats_because_the_program_hung_counts(record: Record) -> None:
    record.counter.own = True
    record.typist(fake_input(KEY, A))
    record.devices(event(KEY, A), event(KEY_RELEASE, A), event(KEY, A))
    assert record.presses() == 1


def test_requests_of_any_length_come_in_one_piece(record: Record) -> None:
    record.counter.own = True
    record.typist(NOTHING, fake_input(KEY_RELEASE, A), fake_input(KEY, B))
    record.devices(event(KEY, B))
    assert record.presses() == 0


def test_an_answer_is_waited_for_and_the_end_is_none(record: Record) -> None:
    found: list[int | None] = []
    waiting = threading.Thread(target=lambda: found.append(record.counter.presses_after(2)))
    waiting.start()
    record.devices(event(KEY, A))
    record.counter.add(1)
    assert record.presses() == 2
    waiting.join()
    assert found == [2]
    record.counter.end()
    assert record.presses() is None


def test_a_server_that_does_not_answer_is_not_waited_for(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(activity_x11, "_ANSWER_TIMEOUT_S", 0.01)
    assert record.counter.presses_after(5) is None


# Windows: the hooks

KEYDOWN, KEYUP, SYSKEYDOWN, MOVE, LEFT_DOWN, LEFT_UP, WHEEL = 0x100, 0x101, 0x104, 0x200, 0x201, 0x202, 0x20A
VK_A, VK_CAPS, VK_SPACE, VK_LCTRL, VK_LALT, VK_LSHIFT = 0x41, 0x14, 0x20, 0xA2, 0xA4, 0xA0
X_DOWN, X_UP, VK_ESCAPE = 0x20B, 0x20C, 0x1B


class FakeListener:
    def __init__(self, win32_event_filter: Any) -> None:
        self.filter = win32_event_filter
        self.running = False

    def start(self) -> None:
        self.running = True

    def wait(self) -> None:
        assert self.running

    def stop(self) -> None:
        self.running = False

    def join(self, timeout: float) -> None:
        assert timeout > 0


class Windows:
    """user32 and pynput: what is focused, held and pressed."""

    def __init__(self) -> None:
        self.user32 = self
        self.listeners: list[FakeListener] = []
        self.GetForegroundWindow: Any = Answer(77)
        self.focus = 78
        self.held: set[int] = set()
        self.now = 2**32 - 50  # the clock starts anew during the test

    def listener(self, **options: Any) -> FakeListener:
        self.listeners.append(FakeListener(**options))
        return self.listeners[-1]

    def GetGUIThreadInfo(self, thread: int, info: Any) -> int:
        assert thread == 0 and info._obj.size == ctypes.sizeof(info._obj) == 72
        info._obj.focus = self.focus
        return 1

    def GetLastInputInfo(self, info: Any) -> int:
        info._obj.time = self.now
        return 1

    def GetAsyncKeyState(self, vk: int) -> int:
        return -0x8000 if vk in self.held else 0

    def key(self, vk: int, message: int = KEYDOWN, extra: int | None = None, flags: int = 0) -> None:
        self.pass_time(1_000)
        (self.held.add if message != KEYUP else self.held.discard)(vk)
        data = SimpleNamespace(vkCode=vk, scanCode=0, flags=flags, time=self.now, dwExtraInfo=extra)
        self._tell(-2, message, data)

    def mouse(self, message: int, told_late: bool = False, button: int = 0) -> None:
        """With `told_late` the system's last input is still the one before when the hook is called."""
        before = self.now
        self.pass_time(1_000)
        event, self.now = self.now, before if told_late else self.now
        self._tell(-1, message, SimpleNamespace(time=event, mouseData=button << 16, flags=0))
        self.now = event

    def _tell(self, hook: int, message: int, data: object) -> None:
        if self.listeners[hook].running:
            assert self.listeners[hook].filter(message, data) is False

    def pass_time(self, ms: int) -> None:
        self.now = (self.now + ms) % 2**32


class Answer:
    """A function of a Windows library with one answer."""

    def __init__(self, answer: int | None) -> None:
        self.answer = answer
        self.restype: object = None

    def __call__(self) -> int | None:
        return self.answer


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> Windows:
    windows = Windows()
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(ctypes, "windll", windows, raising=False)
    library = SimpleNamespace(Listener=windows.listener)
    monkeypatch.setitem(sys.modules, "pynput", SimpleNamespace(keyboard=library, mouse=library))
    return windows


@pytest.fixture
def watch(windows: Windows) -> Iterator[WindowsActivityWatch]:
    watch = WindowsActivityWatch()
    watch.set_hotkeys(["ctrl+alt+space", "nonsense"])
    yield watch
    watch.close()


def test_hooks_are_there_from_a_mark_to_the_first_press(windows: Windows, watch: WindowsActivityWatch) -> None:
    assert not watch.unchanged(object())
    with watch.own_typing():
        assert not windows.listeners
    moment = watch.mark()
    assert watch.unchanged(moment)
    assert watch.unchanged(watch.mark())
    assert len(windows.listeners) == 2
    windows.key(VK_A)
    assert not any(listener.running for listener in windows.listeners), "no key and no move waits for them any more"
    assert not watch.unchanged(moment)
    windows.key(VK_A)
    windows.mouse(MOVE)
    moment = watch.mark()
    assert watch.unchanged(moment)
    assert len(windows.listeners) == 4
    watch.close()
    watch.close()
    assert not any(listener.running for listener in windows.listeners)
    assert not watch.unchanged(moment)
    assert not watch.unchanged(watch.mark())
    assert len(windows.listeners) == 4


@pytest.mark.parametrize("message", [LEFT_DOWN, LEFT_UP, WHEEL])
def test_buttons_count_and_moves_do_not(windows: Windows, watch: WindowsActivityWatch, message: int) -> None:
    moment = watch.mark()
    windows.mouse(MOVE)
    assert watch.unchanged(moment)
    windows.mouse(message)
    assert not watch.unchanged(moment)


def test_keys_count_modifiers_and_the_hotkey_do_not(windows: Windows, watch: WindowsActivityWatch) -> None:
    moment = watch.mark()
    for vk in (VK_LCTRL, VK_LALT, VK_SPACE):
        windows.key(vk, SYSKEYDOWN)
    for vk in (VK_SPACE, VK_LALT, VK_LCTRL):
        windows.key(vk, KEYUP)
    for vk in (VK_LSHIFT, VK_CAPS, UNASSIGNED):
        windows.key(vk)
        windows.key(vk, KEYUP)
    assert watch.unchanged(moment)
    windows.key(VK_SPACE)
    assert not watch.unchanged(moment)


def test_a_hotkey_that_went_up_while_nobody_watched_is_not_held(windows: Windows, watch: WindowsActivityWatch) -> None:
    watch.mark()
    for vk in (VK_LCTRL, VK_LALT, VK_SPACE):
        windows.key(vk, SYSKEYDOWN)
    windows.key(VK_A)
    for vk in (VK_SPACE, VK_LALT, VK_LCTRL):
        windows.key(vk, KEYUP)
    moment = watch.mark()
    assert watch.unchanged(moment)
    windows.key(VK_SPACE)
    assert not watch.unchanged(moment), "a space, and no repetition of the hotkey"


def test_a_button_that_is_a_hotkey_and_a_bare_key_do_not_count_under_windows(
    windows: Windows, watch: WindowsActivityWatch
) -> None:
    watch.set_hotkeys(["mouse4", "esc"])
    moment = watch.mark()
    for message in (X_DOWN, X_UP):
        windows.mouse(message, button=1)
    windows.key(VK_ESCAPE)
    assert watch.unchanged(moment)
    windows.mouse(X_DOWN, button=2)
    assert not watch.unchanged(moment)


def test_own_keys_do_not_count_and_other_sent_ones_do(windows: Windows, watch: WindowsActivityWatch) -> None:
    moment = watch.mark()
    with watch.own_typing():
        windows.key(VK_A, extra=OWN_KEYS, flags=0x10)
        assert watch.unchanged(moment)
        windows.key(VK_A, extra=None, flags=0x10)
    assert not watch.unchanged(moment)
    moment = watch.mark()
    windows.key(VK_A, extra=OWN_KEYS, flags=0x10)
    assert not watch.unchanged(moment), "typed without a word"


def test_another_window_or_control_is_seen(windows: Windows, watch: WindowsActivityWatch) -> None:
    moment = watch.mark()
    windows.focus = 79
    assert not watch.unchanged(moment)
    windows.focus = 78
    assert watch.unchanged(moment)
    windows.GetForegroundWindow.answer = 76
    assert not watch.unchanged(moment)
    windows.GetForegroundWindow.answer = None
    assert watch.mark() is None


def test_input_that_the_hooks_do_not_see_leaves_nothing_known(windows: Windows, watch: WindowsActivityWatch) -> None:
    moment = watch.mark()
    windows.mouse(MOVE, told_late=True)
    assert watch.unchanged(moment)
    windows.pass_time(1_000)
    assert not watch.unchanged(moment)
    assert not watch.unchanged(watch.mark())
    windows.mouse(MOVE, told_late=True)
    assert not watch.unchanged(moment), "the hooks work again, but something came between"
    assert watch.unchanged(watch.mark())


def test_a_held_button_and_a_hook_that_ended_leave_nothing_known(windows: Windows, watch: WindowsActivityWatch) -> None:
    moment = watch.mark()
    windows.held.add(0x01)
    assert not watch.unchanged(moment)
    windows.held.clear()
    assert watch.unchanged(moment)
    windows.listeners[1].running = False
    assert not watch.unchanged(moment)


def test_without_pynput_nothing_is_known(windows: Windows, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pynput", None)
    watch = WindowsActivityWatch()
    assert not watch.unchanged(watch.mark())
    watch.close()


def test_elsewhere_there_is_no_window() -> None:
    if sys.platform != "win32":
        assert activity_windows._focused() is None
        assert activity_windows._last_input_ms() is None
