"""Debouncing, the listener over a scripted source, the matching of Windows' key strokes, the search for X keycodes."""

import contextlib
import ctypes
import itertools
import queue
import sys
import threading
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicetype.core.hotkeys import parse_hotkey
from voicetype.core.messages import HotkeyError, MessageCode
from voicetype.core.ports import HotkeyEvent
from voicetype.system import hotkey as hotkey_module
from voicetype.system import pynput_hook
from voicetype.system.hotkey import DEBOUNCE_MS, MISSED_RELEASE_MS, PressFilter, PynputHotkeyListener
from voicetype.system.pynput_hook import HotkeyMatcher, KeyStroke, PynputHook
from voicetype.system.x11_grab import X11KeyGrab
from voicetype.system.x11_keys import X11Keyboard, keysym

HOTKEY = "ctrl+alt+space"
WAIT_S = 20.0


def told(events):
    """What a filter tells of (pressed, time) events; it rests before an event that comes late enough."""
    press_filter, all_told = PressFilter(), []
    for pressed, now in events:
        if pressed:
            all_told += press_filter.pressed(now)
        else:
            press_filter.released(now)
    return all_told + [False] * press_filter.settle()


def presses(events):
    """How many physical presses a filter sees in (pressed, time) events."""
    all_told = told(events)
    assert all(one != following for one, following in itertools.pairwise(all_told)), "press after press"
    return sum(all_told)


def test_repeats_of_windows_are_one_press():
    repeats = [(True, 1000 + delay) for delay in (0, 500, 530, 560, 590)]
    assert presses([*repeats, (False, 600), (True, 2000)]) == 2


def test_repeats_of_x11_are_one_press():
    repeats = [(pressed, 1660 + 40 * index) for index in range(20) for pressed in (False, True)]
    assert presses([(True, 1000), *repeats, (False, 2500), (True, 2600)]) == 2


def test_bouncing_is_one_press():
    bouncing = [(True, 1000), (False, 1003), (True, 1008), (False, 1100), (True, 1100 + DEBOUNCE_MS - 1)]
    assert presses(bouncing) == 1
    assert presses([(True, 1000), (False, 1003), (True, 1003 + DEBOUNCE_MS)]) == 2


def test_a_lost_release_costs_no_press():
    assert presses([(True, 1000), (True, 1000 + MISSED_RELEASE_MS)]) == 2


def test_the_clocks_overflow_does_not_matter():
    end = 2**32 - 5
    assert presses([(True, end - 100), (False, end), (True, 10)]) == 1
    assert presses([(True, end - 100), (False, end), (True, 60)]) == 2


@given(st.lists(st.tuples(st.integers(DEBOUNCE_MS, 5000), st.integers(1, 5000)), max_size=20))
def test_every_unhurried_press_counts(rests_and_holds):
    now, events = 0, []
    for rest, hold in rests_and_holds:
        events += [(True, now + rest), (False, now + rest + hold)]
        now += rest + hold
    assert presses(events) == len(rests_and_holds)


def test_a_release_is_told_when_the_key_has_stayed_up():
    press_filter = PressFilter()
    assert not press_filter.settle()
    assert press_filter.pressed(1000) == (True,)
    assert not press_filter.settle()
    press_filter.released(1300)
    assert press_filter.pressed(1300) == ()
    assert not press_filter.settle(), "it repeats"
    press_filter.released(1400)
    assert press_filter.settle()
    assert not press_filter.settle()
    press_filter.released(1401)
    assert not press_filter.settle(), "nobody pressed it"


class FakeSource:
    def __init__(self, on_key):
        self.on_key = on_key
        self.hotkeys = []
        self.calls = []
        self.refuse_start = False
        self.taken = set()
        self.late_events = 0
        self.now = 0
        self.down = set()
        self.asked = threading.Event()

    def start(self):
        if self.refuse_start:
            raise HotkeyError(MessageCode.HOTKEY_UNAVAILABLE, detail="")
        self.calls.append("start")

    def set_hotkeys(self, hotkeys):
        errors = {name: hotkey for name, hotkey in hotkeys.items() if hotkey in self.taken}
        self.hotkeys.append({name: hotkey for name, hotkey in hotkeys.items() if name not in errors})
        return {name: HotkeyError(MessageCode.HOTKEY_TAKEN, hotkey="") for name in errors}

    def held(self):
        self.asked.set()
        return frozenset(self.down)

    def settle(self):
        for _ in range(self.late_events):
            self.press()
        self.late_events = 0

    def stop(self):
        self.calls.append("stop")

    def key(self, pressed, name="toggle", after_ms=1000):
        self.now += after_ms
        (self.down.add if pressed else self.down.discard)(name)
        self.on_key(HotkeyEvent(name, pressed, self.now))

    def press(self):
        self.key(True)
        self.key(False, after_ms=100)


class Rig:
    """A listener over fake sources."""

    def __init__(self):
        self.sources = []
        self.told = queue.SimpleQueue()
        self.refuse_start = False
        self.listener = PynputHotkeyListener(self._make)

    def _make(self, on_key):
        self.sources.append(FakeSource(on_key))
        self.sources[-1].refuse_start = self.refuse_start
        return self.sources[-1]

    @property
    def source(self):
        return self.sources[-1]

    def start(self, **hotkeys):
        self.listener.start(self.told.put)
        return self.set(**(hotkeys or {"toggle": HOTKEY}))

    def set(self, **hotkeys):
        """Codes of what is wrong, by name."""
        errors = self.listener.set_hotkeys(hotkeys)
        assert all(error.message.params.get("action", name) == name for name, error in errors.items())
        return {name: error.message.code for name, error in errors.items()}

    def next(self):
        event = self.told.get(timeout=WAIT_S)
        return event.name, event.pressed

    def presses(self, count):
        """The next ones told, each with its release."""
        return [self.next() for _ in range(2 * count)] == [("toggle", True), ("toggle", False)] * count


@pytest.fixture
def rig(monkeypatch):
    monkeypatch.setattr(hotkey_module, "_CHECK_S", 0.05)
    rig = Rig()
    yield rig
    rig.listener.stop()


def code_of(call, *arguments):
    with pytest.raises(HotkeyError) as caught:
        call(*arguments)
    return caught.value.message.code


def test_presses_and_releases_are_told(rig):
    rig.start()
    rig.source.press()
    assert rig.presses(1)
    rig.source.press()
    assert rig.presses(1)
    assert rig.told.empty()


def test_a_key_that_repeats_is_held_until_it_goes_up(rig, monkeypatch):
    monkeypatch.setattr(hotkey_module, "_REST_S", 1.0)  # this thread may stand still between up and down
    rig.start(push_to_talk="f9")
    rig.source.key(True, "push_to_talk")
    for _ in range(20):
        rig.source.key(False, "push_to_talk", after_ms=40)
        rig.source.key(True, "push_to_talk", after_ms=0)
    assert rig.next() == ("push_to_talk", True)
    rig.source.asked.clear()
    assert rig.source.asked.wait(WAIT_S) and rig.told.empty()
    rig.source.key(False, "push_to_talk", after_ms=40)
    event = rig.told.get(timeout=WAIT_S)
    assert (event.pressed, event.time_ms) == (False, rig.source.now)


def test_a_release_that_nobody_tells_is_found(rig):
    rig.start(push_to_talk="f9", toggle=HOTKEY)
    rig.source.key(True, "push_to_talk")
    assert rig.next() == ("push_to_talk", True)
    rig.source.down.clear()
    event = rig.told.get(timeout=WAIT_S)
    assert (event.name, event.pressed) == ("push_to_talk", False)
    assert event.time_ms >= rig.source.now + DEBOUNCE_MS


def test_a_source_that_does_not_know_what_is_held_ends_nothing(rig, monkeypatch):
    rig.start(push_to_talk="f9")
    asked = threading.Semaphore(0)

    def held():
        asked.release()
        raise HotkeyError(MessageCode.HOTKEY_UNAVAILABLE, detail="")

    monkeypatch.setattr(rig.source, "held", held)
    rig.source.key(True, "push_to_talk")
    assert rig.next() == ("push_to_talk", True)
    assert asked.acquire(timeout=WAIT_S) and asked.acquire(timeout=WAIT_S)
    assert rig.told.empty()
    rig.source.key(False, "push_to_talk")
    assert rig.next() == ("push_to_talk", False)


def test_new_hotkeys_go_to_the_source(rig):
    rig.start()
    assert rig.set(toggle="Ctrl+Shift+F9", push_to_talk="", cancel="Esc") == {}
    other = {"toggle": parse_hotkey("ctrl+shift+f9"), "cancel": parse_hotkey("esc", bare=True)}
    assert rig.source.hotkeys == [{"toggle": parse_hotkey(HOTKEY)}, other]


def test_what_is_no_hotkey_is_told_and_the_others_work(rig):
    assert rig.start(toggle="nonsense", copy_last="c", undo_last="f9") == {
        "toggle": MessageCode.HOTKEY_INVALID,
        "copy_last": MessageCode.HOTKEY_NEEDS_MODIFIER,
    }
    assert rig.source.hotkeys == [{"undo_last": parse_hotkey("f9")}]


def test_what_another_program_holds_is_told_by_name_and_the_others_work(rig):
    rig.start()
    rig.source.taken = {parse_hotkey("f9")}
    assert rig.set(toggle=HOTKEY, push_to_talk="f9") == {"push_to_talk": MessageCode.HOTKEY_TAKEN}
    rig.source.press()
    assert rig.presses(1)
    rig.source.taken.clear()
    assert rig.set(toggle=HOTKEY, push_to_talk="f9") == {}


def test_an_inactive_hotkey_is_tried_and_left_to_others(rig):
    rig.listener.start(rig.told.put)
    assert rig.listener.set_active("cancel", False) is None
    both = {"toggle": parse_hotkey(HOTKEY), "cancel": parse_hotkey("esc", bare=True)}
    assert rig.set(toggle=HOTKEY, cancel="esc") == {}
    alone = {"toggle": both["toggle"]}
    assert rig.source.hotkeys == [both, alone]
    assert rig.listener.set_active("cancel", False) is None
    assert rig.listener.set_active("cancel", True) is None
    assert rig.source.hotkeys == [both, alone, both]
    assert rig.listener.set_active("cancel", False) is None
    rig.source.taken = {both["cancel"]}
    assert rig.listener.set_active("cancel", True).message.params["action"] == "cancel"
    assert rig.source.hotkeys[-1] == alone


def test_a_probe_changes_nothing(rig):
    rig.start()
    rig.source.taken = {parse_hotkey("f9")}
    assert rig.listener.probe("copy_last", "f10") is None
    refused = rig.listener.probe("copy_last", "f9").message
    assert (refused.code, refused.params["action"]) == (MessageCode.HOTKEY_TAKEN, "copy_last")
    assert rig.listener.probe("copy_last", "x").message.code is MessageCode.HOTKEY_NEEDS_MODIFIER
    assert rig.source.hotkeys[-1] == {"toggle": parse_hotkey(HOTKEY)}
    rig.source.on_key(HotkeyEvent("probe", True, 1))
    assert rig.told.empty()


def test_after_a_failed_start_the_next_try_may_work(rig):
    rig.refuse_start = True
    assert rig.start(toggle=HOTKEY, cancel="esc") == dict.fromkeys(("toggle", "cancel"), MessageCode.HOTKEY_UNAVAILABLE)
    assert rig.sources[0].calls == ["stop"]
    rig.refuse_start = False
    assert rig.set(toggle=HOTKEY) == {}
    assert rig.sources[1].calls == ["start"]


def test_before_the_start_there_is_nobody_to_tell(rig):
    with pytest.raises(RuntimeError, match="not started"):
        rig.listener.set_hotkeys({"toggle": HOTKEY})


def test_after_the_end_nothing_is_told(rig):
    rig.start()
    rig.listener.stop()
    rig.listener.stop()
    rig.source.press()
    assert rig.source.calls == ["start", "stop"]
    assert rig.told.empty()


def test_typing_is_not_pressing_even_when_it_is_told_late(rig):
    rig.start()
    source = rig.source
    with rig.listener.suspended(), rig.listener.suspended():
        source.press()
        source.late_events = 2
    source.asked.clear()
    source.press()
    assert rig.presses(1)
    assert rig.told.empty()


def test_a_press_before_the_typing_counts_though_it_is_told_late(rig):
    rig.start()
    rig.source.late_events = 1
    with rig.listener.suspended():
        pass
    assert rig.presses(1)


def test_what_is_held_when_the_typing_ends_counts(rig):
    rig.start(push_to_talk="f9")
    with rig.listener.suspended():
        rig.source.key(True, "push_to_talk")
    assert rig.next() == ("push_to_talk", True)
    with rig.listener.suspended():  # the typer lets keys go and presses them again
        rig.source.key(False, "push_to_talk")
        rig.source.key(True, "push_to_talk")
    rig.source.asked.clear()
    assert rig.source.asked.wait(WAIT_S) and rig.told.empty()
    with rig.listener.suspended():
        rig.source.key(False, "push_to_talk")
    assert rig.next() == ("push_to_talk", False)


@contextlib.contextmanager
def waiting(rig):
    """A thread that waits until hands are off; an event for its end."""
    through = threading.Event()
    thread = threading.Thread(target=lambda: (rig.listener.wait_until_let_go(), through.set()))
    thread.start()
    yield through
    assert through.wait(WAIT_S)
    thread.join()


def test_who_types_can_wait_until_a_held_key_is_let_go(rig, monkeypatch):
    monkeypatch.setattr(hotkey_module, "_REST_S", 1.0)  # as above
    rig.listener.wait_until_let_go()
    rig.start(push_to_talk="f9", hold_or_tap="mouse4")
    rig.source.key(True, "hold_or_tap")
    rig.listener.wait_until_let_go()  # a button does not get in the way of keys
    rig.source.key(True, "push_to_talk")
    with waiting(rig) as through:
        rig.source.key(False, "push_to_talk")
        rig.source.key(True, "push_to_talk", after_ms=0)
        rig.source.asked.clear()
        assert rig.source.asked.wait(WAIT_S) and not through.is_set()
        rig.source.key(False, "push_to_talk")
    rig.source.key(True, "push_to_talk")
    with waiting(rig):
        rig.listener.stop()


def test_suspending_a_listener_that_does_not_listen_is_harmless(rig):
    with rig.listener.suspended():
        pass


def test_a_receiver_that_fails_does_not_end_the_listener(rig):
    def fail(event):
        rig.told.put(event)
        raise ValueError("receiver")

    rig.listener.start(fail)
    rig.set(toggle=HOTKEY)
    rig.source.press()
    assert rig.presses(1)


# Windows

SPACE, ESC, D, L_CTRL, R_CTRL, L_ALT, R_ALT, L_SHIFT = 0x20, 0x1B, 0x44, 0xA2, 0xA3, 0xA4, 0xA5, 0xA0
INVENTED_CTRL = 0x21D


def down(*vks):
    return [KeyStroke(vk, 0, True) for vk in vks]


def up(*vks):
    return [KeyStroke(vk, 0, False) for vk in vks]


def caught(strokes, hotkey=HOTKEY, is_down=lambda vk: True):
    """For each stroke, whether the hotkey took it."""
    matcher = HotkeyMatcher({"it": parse_hotkey(hotkey)}, is_down)
    return [bool(matcher.name_of(stroke)) for stroke in strokes]


def test_several_hotkeys_are_told_apart():
    hotkeys = {"a": parse_hotkey("ctrl+alt+space"), "b": parse_hotkey("ctrl+space"), "c": parse_hotkey("mouse5")}
    matcher = HotkeyMatcher(hotkeys, lambda vk: True)
    strokes = [*down(L_CTRL, SPACE), *up(SPACE), *down(L_ALT, SPACE), *up(L_CTRL, L_ALT), *down(SPACE), *up(SPACE)]
    assert [matcher.name_of(stroke) for stroke in strokes] == ["", "b", "b", "", "a", "", "", "a", "a"]
    assert [matcher.name_of(stroke) for stroke in [*down(0x06, 0x05), *up(0x06)]] == ["c", "", "c"]


def test_while_one_is_held_another_needs_not_let_go_of_its_modifiers():
    hotkeys = {"talk": parse_hotkey("ctrl+alt+space"), "cancel": parse_hotkey("esc", bare=True)}
    matcher = HotkeyMatcher(hotkeys, lambda vk: True)
    strokes = [*down(L_CTRL, L_ALT, ESC, SPACE, ESC), *up(ESC, SPACE), *down(ESC)]
    assert [matcher.name_of(stroke) for stroke in strokes] == ["", "", "", "talk", "cancel", "cancel", "talk", ""]


def test_what_is_held_stays_known_to_new_hotkeys():
    matcher = HotkeyMatcher({}, lambda vk: True)
    assert not any(matcher.name_of(stroke) for stroke in down(L_CTRL))
    matcher.set_hotkeys({"it": parse_hotkey("ctrl+space")})
    assert matcher.name_of(*down(SPACE)) == "it"
    matcher.set_hotkeys({})
    assert matcher.name_of(*up(SPACE)) == "it", "its window has not got the press"


@pytest.mark.parametrize("modifiers", [(L_CTRL, L_ALT), (R_CTRL, L_ALT), (L_ALT, R_CTRL), (R_CTRL, R_ALT)])
def test_either_sides_modifiers_match(modifiers):
    strokes = [*down(*modifiers), *down(SPACE, SPACE), *up(SPACE, *modifiers)]
    assert caught(strokes) == [False, False, True, True, True, False, False]


def test_the_release_belongs_to_it_after_its_modifiers_went_up():
    assert caught([*down(L_CTRL, L_ALT, SPACE), *up(L_CTRL, L_ALT, SPACE)])[-1]


@pytest.mark.parametrize(
    "modifiers", [(), (L_CTRL,), (L_ALT,), (L_CTRL, L_ALT, L_SHIFT), (L_CTRL, L_ALT, 0x5B), (L_CTRL, L_SHIFT)]
)
def test_other_modifiers_do_not_match(modifiers):
    assert not any(caught([*down(*modifiers, SPACE), *up(SPACE)]))


def test_modifiers_that_came_late_do_not_match():
    assert caught([*down(L_CTRL, SPACE), *up(SPACE), *down(L_ALT), *down(SPACE)]) == [False, False, False, False, True]


def test_other_keys_do_not_match():
    assert not any(caught([*down(L_CTRL, L_ALT, D), *up(D)]))


def test_letters_are_known_by_their_virtual_key():
    assert caught(down(L_CTRL, L_ALT, D), "ctrl+alt+d")[-1]


def test_altgr_is_not_ctrl_and_alt():
    altgr = [KeyStroke(L_CTRL, INVENTED_CTRL, True), KeyStroke(R_ALT, 0, True)]
    ungr = [KeyStroke(L_CTRL, INVENTED_CTRL, False), KeyStroke(R_ALT, 0, False)]
    assert not any(caught([*altgr, *down(SPACE), *up(SPACE)]))
    assert caught([*altgr, *ungr, *down(L_CTRL, R_ALT, SPACE)])[-1]


def test_injected_strokes_are_nobodys_press():
    injected = [KeyStroke(vk, 0, True, injected=True) for vk in (L_CTRL, L_ALT, SPACE)]
    assert not any(caught(injected))
    assert not any(caught([*down(L_CTRL, L_ALT), injected[-1]]))


def test_a_modifier_whose_release_was_not_seen_does_not_block():
    strokes = down(0x5B, L_CTRL, L_ALT, SPACE)  # Win+L: the lock screen got the release
    assert not caught(strokes)[-1]
    assert caught(strokes, is_down=lambda vk: vk != 0x5B)[-1]


class SuppressError(Exception):
    pass


class FakePynputListener:
    def __init__(self, win32_event_filter):
        self.filter = win32_event_filter
        self.running = threading.Event()

    def start(self):
        self.running.set()

    def wait(self):
        assert self.running.is_set()

    def stop(self):
        self.running.clear()

    def join(self, timeout):
        assert timeout > 0

    def suppress_event(self):
        raise SuppressError

    def stroke(self, message, vk, time, flags=0):
        """Whether the focused window would get it."""
        return self._passes(message, SimpleNamespace(vkCode=vk, scanCode=0, flags=flags, time=time))

    def button(self, message, number=0, flags=0):
        """Whether the window under the mouse would get it."""
        return self._passes(message, SimpleNamespace(mouseData=number << 16, flags=flags, time=1))

    def _passes(self, message, data):
        with contextlib.suppress(SuppressError):
            self.filter(message, data)
            return True
        return False


class Hooked:
    """A hook with the pynput listeners that it makes."""

    def __init__(self):
        self.listeners = {"keyboard": [], "mouse": []}
        self.told = []
        self.hook = PynputHook(lambda event: self.told.append((event.name, event.pressed, event.time_ms)))

    def module(self, kind):
        def make(**options):
            self.listeners[kind].append(FakePynputListener(**options))
            return self.listeners[kind][-1]

        return SimpleNamespace(Listener=make)

    @property
    def keyboard(self):
        return self.listeners["keyboard"][-1]

    @property
    def mouse(self):
        return self.listeners["mouse"][-1]


@pytest.fixture
def hooked(monkeypatch):
    hooked = Hooked()
    fake = SimpleNamespace(keyboard=hooked.module("keyboard"), mouse=hooked.module("mouse"))
    monkeypatch.setitem(sys.modules, "pynput", fake)
    hooked.hook.start()
    return hooked


def test_the_hook_tells_the_hotkeys_and_keeps_them_from_the_window(hooked):
    keydown, keyup = 0x0104, 0x0105
    assert hooked.keyboard.stroke(keydown, SPACE, 1), "there is no hotkey yet"
    hooked.hook.set_hotkeys({"toggle": parse_hotkey(HOTKEY), "copy_last": parse_hotkey("f9")})
    passed = [hooked.keyboard.stroke(keydown, vk, 10) for vk in (L_CTRL, L_ALT, SPACE)]
    passed.append(hooked.keyboard.stroke(keydown, SPACE, 15, flags=0x10))
    passed += [hooked.keyboard.stroke(keyup, vk, 20) for vk in (SPACE, L_ALT, L_CTRL)]
    passed.append(hooked.keyboard.stroke(0x0100, 0x78, 30))
    assert passed == [True, True, False, True, False, True, True, False]
    assert hooked.told == [("toggle", True, 10), ("toggle", False, 20), ("copy_last", True, 30)]
    hooked.hook.settle()
    hooked.hook.stop()
    hooked.hook.stop()
    assert not hooked.keyboard.running.is_set()
    assert hooked.listeners["mouse"] == []


def test_the_mouse_has_a_hook_while_a_button_is_a_hotkey(hooked):
    hooked.hook.set_hotkeys({"push_to_talk": parse_hotkey("mouse4"), "toggle": parse_hotkey("ctrl+mouse_middle")})
    button = hooked.mouse.button
    assert [button(0x020B, 1), button(0x020C, 1)] == [False, False]
    assert [button(0x020B, 2), button(0x020C, 2), button(0x0200), button(0x0201)] == [True] * 4
    assert button(0x020B, 1, flags=1), "injected"
    assert button(0x0207)
    assert hooked.keyboard.stroke(0x0100, L_CTRL, 1)
    assert [button(0x0207), button(0x0208)] == [False, False]
    expected = [("push_to_talk", True), ("push_to_talk", False), ("toggle", True), ("toggle", False)]
    assert [(name, pressed) for name, pressed, _now in hooked.told] == expected
    hooked.hook.set_hotkeys({"push_to_talk": parse_hotkey("f9")})
    assert not hooked.mouse.running.is_set() and len(hooked.listeners["mouse"]) == 1


def test_a_key_that_repeats_while_the_hooks_end_harms_nobody(hooked):
    hooked.hook.set_hotkeys({"push_to_talk": parse_hotkey("f9"), "toggle": parse_hotkey("mouse4")})
    passed = []
    hooked.keyboard.stop = lambda: passed.append(hooked.keyboard.stroke(0x0100, 0x78, 2))
    hooked.mouse.stop = lambda: passed.append(hooked.mouse.button(0x020B, 1))
    hooked.hook.set_hotkeys({"push_to_talk": parse_hotkey("f9"), "toggle": parse_hotkey("f8")})
    hooked.hook.stop()
    hooked.hook.stop()
    assert passed == [True, False], "a button that is no hotkey any more, and the key"


def test_what_is_held_under_windows_is_known_by_the_desktop_and_by_repeats(hooked, monkeypatch):
    hook, stroke = hooked.hook, hooked.keyboard.stroke
    hook.set_hotkeys({"push_to_talk": parse_hotkey("f9")})
    assert hook.held() == frozenset()
    stroke(0x0100, 0x78, 1)
    monkeypatch.setattr(pynput_hook, "_REPEATS_STOP_S", -1.0)
    assert hook.held() == {"push_to_talk"}, "it has not begun to repeat, so that it does not says nothing"
    stroke(0x0100, 0x78, 500)
    assert hook.held() == frozenset(), "it repeated, and does so no longer"
    stroke(0x0100, D, 510)
    assert hook.held() == {"push_to_talk"}, "another key has taken over the repeating"
    user32 = SimpleNamespace(OpenInputDesktop=Answer(0), CloseDesktop=Answer(1))
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(user32=user32), raising=False)
    assert hook.held() == frozenset(), "the screen is locked"
    user32.OpenInputDesktop.answer = 8
    assert hook.held() == {"push_to_talk"}
    stroke(0x0101, 0x78, 600)
    assert hook.held() == frozenset()


def test_no_menu_opens_when_alt_or_the_windows_key_goes_up(hooked):
    sent = []
    hook = PynputHook(lambda event: None, press_nothing=lambda: sent.append(stroke(0x0100, 0xE8, 2, flags=0x10)))
    hook.start()
    hook.set_hotkeys({"push_to_talk": parse_hotkey("alt+f9"), "hold_or_tap": parse_hotkey("ctrl+f9")})
    stroke = hooked.keyboard.stroke
    for modifier, expected in ((L_ALT, [True]), (L_CTRL, [])):
        sent.clear()
        stroke(0x0100, modifier, 1)
        for message in (0x0100, 0x0100, 0x0101):
            assert not stroke(message, 0x78, 2)
        stroke(0x0101, modifier, 3)
        assert sent == expected, "once, and this hook lets it pass"
    hook.stop()


def test_sent_keys_count_for_the_self_test_alone(hooked):
    keys = pynput_hook.virtual_keys(parse_hotkey("ctrl+shift+f9"))
    assert keys == (0x11, 0x10, 0x78), "in this order, by the codes that mean either side"
    told = []
    hook = PynputHook(lambda event: told.append(event.pressed), heeds_sent_keys=True)
    hook.start()
    hook.set_hotkeys({"toggle": parse_hotkey("ctrl+shift+f9")})
    stroke = hooked.keyboard.stroke
    assert [stroke(0x0100, vk, 1, flags=0x10) for vk in keys] == [True, True, False]
    assert [stroke(0x0101, vk, 2, flags=0x10) for vk in reversed(keys)] == [False, True, True]
    assert told == [True, False]
    hook.stop()


class Answer:
    """A function of Windows that always gives the same answer."""

    def __init__(self, answer):
        self.answer = answer
        self.restype = None

    def __call__(self, *arguments):
        return self.answer


def test_without_pynput_there_is_no_hotkey(monkeypatch):
    monkeypatch.setitem(sys.modules, "pynput", None)
    assert code_of(PynputHook(lambda event: None).start) is MessageCode.HOTKEY_UNAVAILABLE


# X11, without a server


class FakeDisplay:
    """A keyboard: keysym by keycode."""

    def __init__(self, keys):
        self.keys = keys

    def keysym_to_keycodes(self, keysym):
        return [(code, 0) for code, symbol in self.keys.items() if symbol == keysym]


@pytest.mark.parametrize(
    ("key", "keys", "expected"),
    [
        ("d", {40: ord("d")}, 40),
        ("d", {40: 0x06D7}, 40),  # a Russian layout alone: Cyrillic_ve
        ("d", {40: 0x06D7, 200: ord("d")}, 40),  # and somebody types Latin letters by a spare keycode
        ("d", {44: ord("d"), 40: 0x06D7}, 44),  # Dvorak before Russian
        ("`", {49: 0x06A3}, 49),
        ("space", {65: 0x20, 9: 0xFF1B, 210: 0x20}, 65),
        ("f9", {75: 0xFFC6}, 75),
        ("insert", {118: 0xFF63}, 118),
        ("d", {}, 0),
    ],
)
def test_keys_are_found_on_the_keyboard_in_use(key, keys, expected):
    assert X11Keyboard(FakeDisplay(keys)).keycode(key) == expected


def test_without_a_display_there_is_no_grab(monkeypatch):
    monkeypatch.setenv("DISPLAY", ":nowhere")
    grab = X11KeyGrab(lambda event: None)
    assert code_of(grab.start) is MessageCode.HOTKEY_UNAVAILABLE
    assert code_of(grab.settle) is MessageCode.HOTKEY_UNAVAILABLE
    grab.stop()


NAMED = (
    *("space", "insert", "pause", "scroll_lock", "home", "end", "page_up", "page_down", "delete", "esc", "tab"),
    *("enter", "backspace", "print_screen", "menu", "caps_lock", "num_lock", "left", "right", "up", "down"),
    *(f"f{number}" for number in range(1, 25)),
)


@pytest.mark.parametrize("key", [*"abcdefghijklmnopqrstuvwxyz0123456789-=[]\\;',./`", *NAMED])
def test_every_key_that_can_be_configured_exists_on_both_platforms(key):
    hotkey = parse_hotkey(f"ctrl+alt+{key}")
    assert hotkey.key == key
    HotkeyMatcher({"it": hotkey}, lambda vk: True).name_of(KeyStroke(0x41, 0, True))
    assert keysym(key) > 0
