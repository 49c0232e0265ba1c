"""Debouncing, the listener over a scripted source, the matching of Windows' key strokes, the search for X keycodes."""

import sys
import threading
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicetype.core.hotkeys import parse_hotkey
from voicetype.core.messages import HotkeyError, MessageCode
from voicetype.system.hotkey import DEBOUNCE_MS, MISSED_RELEASE_MS, PressFilter, PynputHotkeyListener
from voicetype.system.pynput_hook import HotkeyMatcher, KeyStroke, PynputHook
from voicetype.system.x11_grab import X11KeyGrab
from voicetype.system.x11_keys import X11Keyboard, keysym

HOTKEY = "ctrl+alt+space"


def presses(events):
    """How many physical presses a filter sees in (pressed, time) events."""
    press_filter = PressFilter()
    count = 0
    for pressed, now in events:
        if pressed:
            count += press_filter.pressed(now)
        else:
            press_filter.released(now)
    return count


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


class FakeSource:
    def __init__(self, on_key):
        self.on_key = on_key
        self.hotkeys = []
        self.calls = []
        self.refuse_start = False
        self.taken = set()
        self.late_events = 0
        self.now = 0

    def start(self):
        if self.refuse_start:
            raise HotkeyError(MessageCode.HOTKEY_UNAVAILABLE, detail="")
        self.calls.append("start")

    def set_hotkey(self, hotkey):
        if hotkey in self.taken:
            raise HotkeyError(MessageCode.HOTKEY_TAKEN, hotkey="")
        self.hotkeys.append(hotkey)

    def settle(self):
        for _ in range(self.late_events):
            self.press()
        self.late_events = 0

    def stop(self):
        self.calls.append("stop")

    def press(self):
        self.now += 1000
        self.on_key(True, self.now)
        self.on_key(False, self.now + 100)


class Rig:
    """A listener over fake sources."""

    def __init__(self):
        self.sources = []
        self.pressed = []
        self.refuse_start = False
        self.listener = PynputHotkeyListener(self._make)

    def _make(self, on_key):
        self.sources.append(FakeSource(on_key))
        self.sources[-1].refuse_start = self.refuse_start
        return self.sources[-1]

    def start(self, hotkey=HOTKEY):
        self.listener.start(hotkey, lambda: self.pressed.append(1))


@pytest.fixture
def rig():
    return Rig()


def code_of(call, *arguments):
    with pytest.raises(HotkeyError) as caught:
        call(*arguments)
    return caught.value.message.code


def test_presses_are_told(rig):
    rig.start()
    rig.sources[0].press()
    rig.sources[0].press()
    assert len(rig.pressed) == 2


def test_a_new_hotkey_goes_to_the_source(rig):
    rig.start()
    rig.listener.set_hotkey("Ctrl+Shift+F9")
    assert rig.sources[0].hotkeys == [parse_hotkey(HOTKEY), parse_hotkey("ctrl+shift+f9")]


def test_what_is_no_hotkey_changes_nothing(rig):
    rig.start()
    assert code_of(rig.listener.set_hotkey, "nonsense") is MessageCode.HOTKEY_INVALID
    assert rig.sources[0].hotkeys == [parse_hotkey(HOTKEY)]


def test_a_taken_hotkey_at_the_start_can_be_replaced(rig):
    rig.start("ctrl+alt+d")
    rig.sources[0].taken = {parse_hotkey(HOTKEY)}
    assert code_of(rig.start) is MessageCode.HOTKEY_TAKEN
    rig.listener.set_hotkey("ctrl+shift+f9")
    rig.sources[0].press()
    assert rig.pressed == [1]


def test_after_a_failed_start_the_next_hotkey_tries_again(rig):
    rig.refuse_start = True
    assert code_of(rig.start) is MessageCode.HOTKEY_UNAVAILABLE
    assert rig.sources[0].calls == ["stop"]
    rig.refuse_start = False
    rig.listener.set_hotkey(HOTKEY)
    assert rig.sources[1].calls == ["start"]


def test_before_the_start_there_is_no_hotkey_to_replace(rig):
    with pytest.raises(RuntimeError, match="not started"):
        rig.listener.set_hotkey(HOTKEY)


def test_after_the_end_nothing_is_told(rig):
    rig.start()
    rig.listener.stop()
    rig.listener.stop()
    rig.sources[0].press()
    assert rig.sources[0].calls == ["start", "stop"]
    assert rig.pressed == []


def test_typing_is_not_pressing_even_when_it_is_told_late(rig):
    rig.start()
    source = rig.sources[0]
    with rig.listener.suspended(), rig.listener.suspended():
        source.press()
        source.late_events = 2
    assert rig.pressed == []
    source.press()
    assert rig.pressed == [1]


def test_a_press_before_the_typing_counts_though_it_is_told_late(rig):
    rig.start()
    rig.sources[0].late_events = 1
    with rig.listener.suspended():
        pass
    assert rig.pressed == [1]


def test_suspending_a_listener_that_does_not_listen_is_harmless(rig):
    with rig.listener.suspended():
        pass


def test_a_receiver_that_fails_does_not_end_the_listener(rig):
    def fail():
        rig.pressed.append(1)
        raise ValueError("receiver")

    rig.listener.start(HOTKEY, fail)
    rig.sources[0].press()
    rig.sources[0].press()
    assert len(rig.pressed) == 2


# Windows

SPACE, D, L_CTRL, R_CTRL, L_ALT, R_ALT, L_SHIFT = 0x20, 0x44, 0xA2, 0xA3, 0xA4, 0xA5, 0xA0
INVENTED_CTRL = 0x21D


def down(*vks):
    return [KeyStroke(vk, 0, True) for vk in vks]


def up(*vks):
    return [KeyStroke(vk, 0, False) for vk in vks]


def caught(strokes, hotkey=HOTKEY, is_down=lambda vk: True):
    """For each stroke, whether the hotkey took it."""
    matcher = HotkeyMatcher(parse_hotkey(hotkey), is_down)
    return [matcher.belongs(stroke) for stroke in strokes]


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
        try:
            self.filter(message, SimpleNamespace(vkCode=vk, scanCode=0, flags=flags, time=time))
        except SuppressError:
            return False
        return True


@pytest.fixture
def pynput_listener(monkeypatch):
    """The pynput listener that the hook under test makes."""
    made = []

    def make(**options):
        made.append(FakePynputListener(**options))
        return made[-1]

    monkeypatch.setitem(sys.modules, "pynput", SimpleNamespace(keyboard=SimpleNamespace(Listener=make)))
    return made


def test_the_hook_tells_the_hotkey_and_keeps_it_from_the_window(pynput_listener):
    told = []
    hook = PynputHook(lambda pressed, now: told.append((pressed, now)))
    hook.start()
    (listener,) = pynput_listener
    assert listener.stroke(0x0104, SPACE, 1), "there is no hotkey yet"
    hook.set_hotkey(parse_hotkey(HOTKEY))
    keydown, keyup = 0x0104, 0x0105
    passed = [listener.stroke(keydown, vk, 10) for vk in (L_CTRL, L_ALT, SPACE)]
    passed.append(listener.stroke(keydown, SPACE, 15, flags=0x10))
    passed += [listener.stroke(keyup, vk, 20) for vk in (SPACE, L_ALT, L_CTRL)]
    assert passed == [True, True, False, True, False, True, True]
    assert told == [(True, 10), (False, 20)]
    hook.settle()
    hook.stop()
    hook.stop()
    assert not listener.running.is_set()


def test_without_pynput_there_is_no_hotkey(monkeypatch):
    monkeypatch.setitem(sys.modules, "pynput", None)
    assert code_of(PynputHook(lambda pressed, now: None).start) is MessageCode.HOTKEY_UNAVAILABLE


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
    grab = X11KeyGrab(lambda pressed, now: None)
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
    HotkeyMatcher(hotkey, lambda vk: True)
    assert keysym(key) > 0
