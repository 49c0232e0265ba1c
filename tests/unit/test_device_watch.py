"""What becomes of an open microphone: unplugged, no longer the default, the computer asleep."""

import ctypes
import sys
import threading
from types import SimpleNamespace

import pytest

from voicetype.system import pulse, windows_audio
from voicetype.system.device_watch import Fate, ServerWatch, WindowsDefaultWatch, watch_for
from voicetype.system.pulse import PulseSource
from voicetype.system.suspend import SleepWatch, suspended_s

USB = PulseSource("usb", "Camera", True, number="1")
BUILT_IN = PulseSource("pci", "Built-in", number="2")
CABLE = PulseSource("sink.monitor", "Cable", is_virtual=True, number="3")


def default(source: PulseSource) -> PulseSource:
    return PulseSource(source.name, source.label, True, source.is_virtual, source.number)


USB_LATER = PulseSource("usb", "Camera", number="1")
BUILT_IN_NOW, CABLE_NOW = default(BUILT_IN), default(CABLE)


@pytest.fixture
def server(monkeypatch):
    """The sound server's answers: its microphones, and which of them this program records."""
    answers = SimpleNamespace(sources=(USB, BUILT_IN), recorded=frozenset({"usb"}))
    monkeypatch.setattr(pulse, "microphones", lambda: answers.sources)
    monkeypatch.setattr(pulse, "recorded_here", lambda sources: answers.recorded)
    return answers


@pytest.mark.parametrize(
    ("sources", "recorded", "fate"),
    [
        ((USB, BUILT_IN), "usb", Fate.STAYS),
        (None, "usb", Fate.STAYS),
        ((BUILT_IN_NOW,), "pci", Fate.GONE),
        ((), "", Fate.GONE),
        ((PulseSource("usb", "Camera", True, number="7"),), "usb", Fate.GONE),  # unplugged and back
        ((USB_LATER, BUILT_IN_NOW), "pci", Fate.STAYS),  # the server moved the stream
        ((USB_LATER, BUILT_IN_NOW), "usb", Fate.OUTDATED),  # it did not
        ((USB_LATER, BUILT_IN, CABLE_NOW), "usb", Fate.STAYS),  # a loudspeaker is not followed
    ],
)
def test_a_stream_on_the_servers_default(server, sources, recorded, fate):
    watch = watch_for("", "", (USB, BUILT_IN))
    assert watch is not None and watch.name == "Camera"
    server.sources, server.recorded = sources, frozenset({recorded})
    assert watch.look() is fate


def test_where_the_server_moved_the_stream_the_watch_goes_along(server):
    watch = ServerWatch(USB, follow=True)
    server.sources, server.recorded = (USB_LATER, BUILT_IN_NOW), frozenset({"pci"})
    assert watch.look() is Fate.STAYS
    assert watch.name == "Built-in"
    server.sources = (USB,)
    assert watch.look() is Fate.GONE


def test_a_microphone_that_was_chosen_stays_chosen(server):
    watch = watch_for("Camera", "usb", (USB, BUILT_IN))
    assert watch is not None
    server.sources = (USB_LATER, BUILT_IN_NOW)
    assert watch.look() is Fate.STAYS


def test_a_cable_is_listed_only_while_it_is_the_default(server):
    watch = watch_for("", "", (BUILT_IN, CABLE_NOW))
    server.sources, server.recorded = (BUILT_IN_NOW,), frozenset({"pci"})
    assert watch is not None and watch.look() is Fate.STAYS


def test_what_nobody_can_watch():
    assert watch_for("", "", (BUILT_IN,)) is None  # the default is a loudspeaker's monitor
    if sys.platform != "win32":
        assert watch_for("", "", None) is None


SOURCE_OUTPUTS = """Source Output #3
\tDriver: protocol-native.c
\tSource: {source}
\tProperties:
\t\tapplication.process.id = "{process}"

Source Output #4
\tSource: 9
\tProperties:
\t\tapplication.process.id = "4321"
"""


def test_reading_who_records_what():
    listing = SOURCE_OUTPUTS.format(source=2, process=1234)
    assert pulse.recorded_by("1234", listing) == {"2"}
    assert pulse.recorded_by("12", listing) == frozenset()
    assert pulse.recorded_by("1234", "") == frozenset()


@pytest.mark.parametrize(("then", "slept"), [(100.0, False), (100.4, False), (101.5, True), (4000.0, True)])
def test_a_jump_between_the_clocks_is_a_sleep_told_once(then, slept):
    readings = iter([100.0, then, then])
    watch = SleepWatch(lambda: next(readings))
    assert watch.slept() is slept
    assert watch.slept() is False


def test_this_machine_is_awake():
    assert suspended_s() >= -0.1
    assert SleepWatch().slept() is False


class Winmm:
    """Windows' wave functions with two microphones; the default is number `default`."""

    def __init__(self):
        self.default = 0
        self.names = ["{0.0.1.00000000}.{first}", "{0.0.1.00000000}.{second}"]
        self.waveInMessage = self

    def __call__(self, device, message, first, second):
        if message == 0x2015:
            ctypes.c_uint32.from_address(first).value = self.default
            return 0
        name = ctypes.create_unicode_buffer(self.names[device])
        if message == 0x0812:
            ctypes.c_size_t.from_address(first).value = ctypes.sizeof(name)
        else:
            assert second == ctypes.sizeof(name)
            ctypes.memmove(first, name, second)
        return 0


def test_each_thread_enters_com_once(monkeypatch):
    entered = []
    ole32 = SimpleNamespace(CoInitializeEx=lambda reserved, kind: entered.append((threading.get_ident(), kind)))
    monkeypatch.setattr(windows_audio.sys, "platform", "win32")
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(ole32=ole32), raising=False)

    def twice():
        windows_audio.enter_com()
        windows_audio.enter_com()

    for _ in range(2):
        thread = threading.Thread(target=twice)
        thread.start()
        thread.join()
    assert [kind for _, kind in entered] == [0, 0]


@pytest.fixture
def winmm(monkeypatch):
    library = Winmm()
    monkeypatch.setattr(windows_audio.sys, "platform", "win32")
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(winmm=library), raising=False)
    return library


def test_windows_default_is_read_and_followed(winmm):
    assert windows_audio.default_endpoint() == "{0.0.1.00000000}.{first}"
    watch = watch_for("", "", None)
    assert isinstance(watch, WindowsDefaultWatch)
    assert watch.look() is Fate.STAYS
    winmm.default = 1
    assert watch.look() is Fate.OUTDATED
    winmm.default = 0xFFFFFFFF  # none at all: the stream tells by itself
    assert windows_audio.default_endpoint() == ""
    assert watch.look() is Fate.STAYS
    assert watch_for("headset", "", None) is None
