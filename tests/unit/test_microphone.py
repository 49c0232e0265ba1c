"""The microphone against a scripted PortAudio, the sound server's listing against texts."""

import os
import sys
import threading
from array import array
from types import SimpleNamespace

import pytest
from loguru import logger

from voicetype.core.audio import pcm_of, samples_of
from voicetype.core.messages import AudioError, Level, MessageCode
from voicetype.core.ports import AudioDevice
from voicetype.system import microphone, portaudio, pulse, windows_audio
from voicetype.system.microphone import SoundDeviceMicrophone, list_devices
from voicetype.system.notices import NoNotices

BLOCK = pcm_of(array("h", [100, 200, 300, 400]))
STEREO = pcm_of(array("h", [100, 100, 200, 200, 300, 300, 400, 400]))


class FakePortAudioError(Exception):
    pass


class FakeStream:
    def __init__(self, module, **options):
        self.module = module
        self.options = options
        self.source = os.environ.get(pulse.SOURCE_VARIABLE, "")
        self.closed = threading.Event()
        self.hang = threading.Event()

    def start(self):
        pass

    def say(self, block=STEREO, overflow=False):
        self.options["callback"](block, len(block) // 2, None, SimpleNamespace(input_overflow=overflow))

    def abort(self, ignore_errors=True):
        if self.module.hangs:
            self.hang.wait(30)

    def close(self, ignore_errors=True):
        self.options["finished_callback"]()
        self.closed.set()


class FakeSoundDevice:
    """Stands in for the module `sounddevice`."""

    PortAudioError = FakePortAudioError

    def __init__(self, *names, plugged_later=(), error=None, accepts=None, host="ALSA", last_host_error=0):
        self.names = list(names)
        self.plugged_later = list(plugged_later)
        self.errors = [error] if error else []
        self.accepts = accepts
        self.host = host
        self.last_host_error = last_host_error
        self.rate_hz = float(max(accepts)[0]) if accepts and max(accepts)[0] > 8_000 else 48_000.0
        self.hangs = False
        self.streams = []
        self.scans = 0

    def _terminate(self):
        pass

    def _initialize(self):
        self.scans += 1
        self.names += self.plugged_later
        self.plugged_later = []

    def query_hostapis(self, index=None):
        api = {
            "name": self.host,
            "devices": list(range(len(self.names))),
            "default_input_device": 0 if self.names else -1,
        }
        return (api,) if index is None else api

    def query_devices(self, index):
        inputs = 0 if "loudspeaker" in self.names[index] else 2
        return {
            "name": self.names[index],
            "max_input_channels": inputs,
            "default_samplerate": self.rate_hz,
            "hostapi": 0,
        }

    @property
    def _lib(self):
        return SimpleNamespace(Pa_GetLastHostErrorInfo=lambda: SimpleNamespace(errorCode=self.last_host_error))

    def WasapiSettings(self, auto_convert):
        return SimpleNamespace(auto_convert=auto_convert)

    def RawInputStream(self, **options):
        if self.errors:
            raise self.errors[0]
        if self.accepts and (options["samplerate"], options["channels"]) not in self.accepts:
            raise FakePortAudioError("Invalid sample rate", portaudio.INVALID_RATE)
        self.streams.append(FakeStream(self, **options))
        return self.streams[-1]


@pytest.fixture
def install(monkeypatch):
    """Installs a fake library and a fake sound server's list of microphones."""
    microphones = []

    def put(library, sources=None):
        monkeypatch.setitem(sys.modules, "sounddevice", library)
        monkeypatch.setattr(pulse, "microphones", lambda: sources)
        return library

    def make(*arguments, **options):
        microphones.append(SoundDeviceMicrophone(*arguments, **options))
        return microphones[-1]

    monkeypatch.delenv(pulse.SOURCE_VARIABLE, raising=False)
    yield SimpleNamespace(sounddevice=put, microphone=make)
    for one in microphones:
        one.stop()


def code_of(microphone_):
    with pytest.raises(AudioError) as caught:
        microphone_.start(lambda block: None, lambda error: None)
    return caught.value.message.code


def test_blocks_reach_the_sink_until_stop(install):
    library = install.sounddevice(FakeSoundDevice("headset"))
    heard = []
    source = install.microphone()
    source.start(heard.append, pytest.fail)
    stream = library.streams[0]
    stream.say()
    source.stop()
    stream.say()
    assert heard == [BLOCK]
    assert stream.closed.is_set()
    options = stream.options
    assert (options["samplerate"], options["channels"], options["dtype"], options["blocksize"]) == (
        *(16_000, 2, "int16"),
        microphone.BLOCK_FRAMES,
    )


def test_stop_is_idempotent_and_start_works_again(install):
    library = install.sounddevice(FakeSoundDevice("headset"))
    source = install.microphone()
    source.stop()
    for _ in range(2):
        source.start(lambda block: None, pytest.fail)
        source.stop()
        source.stop()
    assert len(library.streams) == 2


def test_a_second_start_is_a_mistake(install):
    install.sounddevice(FakeSoundDevice("headset"))
    source = install.microphone()
    source.start(lambda block: None, pytest.fail)
    with pytest.raises(RuntimeError, match="open already"):
        source.start(lambda block: None, pytest.fail)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (FakePortAudioError("Device unavailable", -9985), MessageCode.MICROPHONE_BUSY),
        (FakePortAudioError("host", -9999, (0, -16, "busy")), MessageCode.MICROPHONE_BUSY),
        (FakePortAudioError("host", -9999, (13, -2004287478, "in use")), MessageCode.MICROPHONE_BUSY),
        (FakePortAudioError("Invalid device", -9996), MessageCode.NO_MICROPHONE),
        (FakePortAudioError("host", -9999, (0, -5, "I/O")), MessageCode.MICROPHONE_FAILED),
        (FakePortAudioError("strange"), MessageCode.MICROPHONE_FAILED),
    ],
)
def test_errors_of_the_driver_have_their_sentence(install, error, code):
    library = install.sounddevice(FakeSoundDevice("headset", error=error))
    assert code_of(install.microphone()) is code
    assert library.scans == 1


@pytest.mark.parametrize(
    ("host_error", "code"),
    [
        (0x8889000A - 2**32, MessageCode.MICROPHONE_BUSY),
        (0x88890004 - 2**32, MessageCode.MICROPHONE_NOT_FOUND),
        (0x80070005 - 2**32, MessageCode.MICROPHONE_FAILED),  # access denied
    ],
)
def test_windows_calls_every_error_an_invalid_device(install, host_error, code):
    error = FakePortAudioError("Invalid device", portaudio.INVALID_DEVICE)
    install.sounddevice(FakeSoundDevice("headset", error=error, host="Windows WASAPI", last_host_error=host_error))
    assert code_of(install.microphone("headset")) is code


def test_one_dead_channel_does_not_halve_the_level(install):
    library = install.sounddevice(FakeSoundDevice("headset"))
    heard = []
    install.microphone().start(heard.append, pytest.fail)
    library.streams[0].say(pcm_of(array("h", [0, 100, 0, 200, 0, 300, 0, 400])))
    assert heard == [BLOCK]


def test_no_device_at_all(install):
    install.sounddevice(FakeSoundDevice("loudspeaker"))
    assert code_of(install.microphone()) is MessageCode.NO_MICROPHONE
    assert list_devices() == ()


def test_no_sound_library(install, monkeypatch):
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    assert code_of(install.microphone()) is MessageCode.MICROPHONE_FAILED
    assert list_devices() == ()
    microphone.warm_up()


def test_a_named_device_that_is_absent(install):
    install.sounddevice(FakeSoundDevice("headset"))
    assert code_of(install.microphone("webcam")) is MessageCode.MICROPHONE_NOT_FOUND


def test_what_was_plugged_in_after_the_last_scan_is_found(install):
    library = install.sounddevice(FakeSoundDevice("headset", plugged_later=["webcam"]))
    install.microphone("webcam").start(lambda block: None, pytest.fail)
    assert library.streams[0].options["device"] == 1


def test_devices_are_not_scanned_while_one_is_open(install):
    library = install.sounddevice(FakeSoundDevice("headset"))
    source = install.microphone()
    source.start(lambda block: None, pytest.fail)
    list_devices()
    assert library.scans == 0
    source.stop()
    list_devices()
    assert library.scans == 1


def test_listing_hides_converters_and_loudspeakers_and_tells_namesakes_apart(install):
    install.sounddevice(FakeSoundDevice("USB", "USB", "sysdefault", "surround51", "loudspeaker"))
    assert list_devices() == (AudioDevice("USB", True), AudioDevice("USB (2)"))


def test_windows_converts_itself(install):
    library = install.sounddevice(FakeSoundDevice("headset", host="Windows WASAPI"))
    install.microphone().start(lambda block: None, pytest.fail)
    assert library.streams[0].options["extra_settings"].auto_convert


@pytest.mark.parametrize(("rate_hz", "channels"), [(16_000, 1), (48_000, 1), (48_000, 2), (44_100, 2)])
def test_a_device_that_refuses_the_format_is_converted(install, rate_hz, channels):
    library = install.sounddevice(FakeSoundDevice("headset", accepts={(rate_hz, channels)}))
    heard = []
    source = install.microphone()
    source.start(heard.append, pytest.fail)
    frames = rate_hz // 10
    library.streams[0].say(pcm_of(array("h", [1000] * frames * channels)))
    source.stop()  # brings what the converter held back
    samples = samples_of(b"".join(heard))
    assert len(samples) == 1_600
    assert samples[800] == pytest.approx(1000, abs=10)


def test_a_device_that_takes_no_format(install):
    install.sounddevice(FakeSoundDevice("headset", accepts={(8_000, 3)}))
    assert code_of(install.microphone()) is MessageCode.MICROPHONE_FAILED


class Loss:
    """Collects `on_lost`; `wait` returns the code."""

    def __init__(self):
        self.errors = []
        self.happened = threading.Event()

    def __call__(self, error):
        self.errors.append(error)
        self.happened.set()

    def wait(self):
        assert self.happened.wait(20)
        return self.errors[0].message.code


def test_a_stream_that_ends_is_a_lost_microphone_told_once(install):
    library = install.sounddevice(FakeSoundDevice("headset"))
    loss = Loss()
    heard = []
    source = install.microphone("headset")
    source.start(heard.append, loss)
    library.streams[0].options["finished_callback"]()
    assert loss.wait() is MessageCode.MICROPHONE_LOST
    library.streams[0].say()
    source.stop()
    assert [dict(error.message.params) for error in loss.errors] == [{"device": "headset"}]
    assert heard == []


def test_sound_that_the_system_dropped_is_counted_in_the_log(install):
    lines = []
    keep = logger.add(lines.append, format="{message}", level="WARNING")
    library = install.sounddevice(FakeSoundDevice("headset"))
    source = install.microphone()
    source.start(lambda block: None, Loss())
    for overflow in (False, True, True):
        library.streams[0].say(overflow=overflow)
    source.stop()
    source.stop()
    logger.remove(keep)
    assert lines == ["the computer was too busy: the sound system dropped sound 2 times\n"]


def test_a_stream_that_stalls_is_a_lost_microphone(install, monkeypatch):
    monkeypatch.setattr(microphone, "STALL_TIMEOUT_S", 0.05)
    library = install.sounddevice(FakeSoundDevice("headset"))
    loss = Loss()
    install.microphone().start(lambda block: None, loss)
    library.streams[0].say()
    assert loss.wait() is MessageCode.MICROPHONE_LOST


def test_a_driver_that_hangs_does_not_hang_stop(install, monkeypatch):
    monkeypatch.setattr(portaudio, "CLOSE_TIMEOUT_S", 0.05)
    library = install.sounddevice(FakeSoundDevice("headset"))
    library.hangs = True
    source = install.microphone()
    source.start(lambda block: None, pytest.fail)
    source.stop()
    stream = library.streams[0]
    assert not stream.closed.is_set()
    monkeypatch.setattr(portaudio, "_LOCK_TIMEOUT_S", 0.05)
    assert code_of(install.microphone()) is MessageCode.MICROPHONE_FAILED
    stream.hang.set()
    assert stream.closed.wait(20)


MIC = pulse.PulseSource("alsa_input.usb", "Camera", True, number="1")
CABLE = pulse.PulseSource("sink.monitor", "Cable", True, is_virtual=True, number="2")


def test_a_microphone_of_the_server_is_chosen_by_name(install):
    library = install.sounddevice(FakeSoundDevice("pulse", "default"), (MIC,))
    assert list_devices() == (AudioDevice("Camera", True),)
    install.microphone("Camera").start(lambda block: None, pytest.fail)
    assert library.streams[0].source == "alsa_input.usb"
    assert pulse.SOURCE_VARIABLE not in os.environ


def test_a_choice_made_for_the_whole_program_is_put_back(install, monkeypatch):
    monkeypatch.setenv(pulse.SOURCE_VARIABLE, "other")
    library = install.sounddevice(FakeSoundDevice("pulse"), (MIC,))
    install.microphone("Camera").start(lambda block: None, pytest.fail)
    assert library.streams[0].source == "alsa_input.usb"
    assert os.environ[pulse.SOURCE_VARIABLE] == "other"


def test_a_server_without_microphones_records_nothing(install):
    library = install.sounddevice(FakeSoundDevice("pulse", "default"), ())
    assert code_of(install.microphone()) is MessageCode.NO_MICROPHONE
    assert library.streams[0].closed.is_set()


def test_a_server_that_moved_the_stream_to_a_loudspeaker_lost_the_microphone(install, monkeypatch):
    monkeypatch.setattr(microphone, "_LOOK_INTERVAL_S", 0.05)
    install.sounddevice(FakeSoundDevice("pulse", "default"), (MIC,))
    loss = Loss()
    install.microphone().start(lambda block: None, loss)
    monkeypatch.setattr(pulse, "microphones", lambda: (CABLE,))
    assert loss.wait() is MessageCode.MICROPHONE_LOST


def test_after_a_sleep_it_is_to_be_opened_anew(install, monkeypatch):
    slept = threading.Event()
    monkeypatch.setattr(microphone.SleepWatch, "slept", lambda self: slept.is_set())
    install.sounddevice(FakeSoundDevice("headset"))
    loss = Loss()
    install.microphone().start(lambda block: None, loss)
    slept.set()
    assert loss.wait() is MessageCode.MICROPHONE_LOST
    assert loss.errors[0].message.level is Level.INFO


class Told(NoNotices):
    """A system that tells once that it woke up, or that devices changed."""

    def __init__(self, **events):
        self.events = events
        self.stopped = threading.Event()

    def woke(self):
        return self.take("woke")

    def devices_changed(self):
        return self.take("devices")

    def take(self, name):
        was_set = self.events.get(name, threading.Event()).is_set()
        if was_set:
            self.events[name].clear()
        return was_set

    def stop(self):
        self.stopped.set()


def test_a_sleep_that_the_system_tells_of_is_one(install, monkeypatch):
    woke = threading.Event()
    notices = Told(woke=woke)
    monkeypatch.setattr(microphone, "make_notices", lambda: notices)
    install.sounddevice(FakeSoundDevice("headset"))
    loss = Loss()
    source = install.microphone()
    source.start(lambda block: None, loss)
    woke.set()
    assert loss.wait() is MessageCode.MICROPHONE_LOST
    assert loss.errors[0].message.level is Level.INFO
    source.stop()
    assert notices.stopped.is_set()


def test_when_devices_change_the_microphone_is_looked_at_at_once(install, monkeypatch):
    changed = threading.Event()
    monkeypatch.setattr(microphone, "_LOOK_INTERVAL_S", 1e6)
    monkeypatch.setattr(microphone, "make_notices", lambda: Told(devices=changed))
    install.sounddevice(FakeSoundDevice("pulse", "default"), (MIC,))
    loss = Loss()
    install.microphone().start(lambda block: None, loss)
    monkeypatch.setattr(pulse, "microphones", lambda: (CABLE,))
    changed.set()
    assert loss.wait() is MessageCode.MICROPHONE_LOST


def test_a_default_that_changed_since_the_last_scan_is_looked_for(install, monkeypatch):
    library = install.sounddevice(FakeSoundDevice("headset", plugged_later=["webcam"]))
    monkeypatch.setattr(windows_audio, "default_endpoint", lambda: "{webcam}")
    monkeypatch.setattr(portaudio.PortAudio, "_default", "{headset}")
    for _ in range(2):
        source = install.microphone("webcam")
        source.start(lambda block: None, pytest.fail)
        source.stop()
    assert library.scans == 1


OTHER = pulse.PulseSource("alsa_input.pci", "Built-in")


@pytest.mark.parametrize(
    ("device", "sources", "source", "name"),
    [
        ("Camera", (MIC, OTHER), "alsa_input.usb", "Camera"),
        ("Headset", (MIC, OTHER), "", "Camera"),  # absent: the default
        ("", (MIC, OTHER), "", "Camera"),
        ("", (OTHER, CABLE), "alsa_input.pci", "Built-in"),  # the default is no microphone
    ],
)
def test_a_replacement_takes_what_is_there(install, device, sources, source, name):
    library = install.sounddevice(FakeSoundDevice("pulse", "default"), sources)
    one = install.microphone(device, replacement=True)
    one.start(lambda block: None, pytest.fail)
    assert library.streams[0].source == source
    assert one.name == name


def test_a_loudspeaker_is_no_replacement(install):
    install.sounddevice(FakeSoundDevice("pulse", "default"), (CABLE,))
    assert code_of(install.microphone(replacement=True)) is MessageCode.NO_MICROPHONE


def test_a_replacement_without_a_sound_server(install):
    library = install.sounddevice(FakeSoundDevice("headset", "webcam"))
    one = install.microphone("absent", replacement=True)
    one.start(lambda block: None, pytest.fail)
    assert (library.streams[0].options["device"], one.name) == (0, "headset")


LISTING = """Source #0
\tName: speaker.monitor
\tDescription: Monitor of Speakers
\tDriver: {driver}
\tMonitor of Sink: speaker

Source #1
\tName: usb.1
\tDescription: Camera: front
\tMonitor of Sink: n/a
\tProperties:
\t\tdevice.description = "Camera"

Source #2
\tName: usb.2
\tDescription: Camera: front
\tMonitor of Sink: n/a
"""


def test_reading_the_servers_listing():
    assert pulse.parse_sources(LISTING, "usb.2") == (
        pulse.PulseSource("usb.1", "Camera: front"),
        pulse.PulseSource("usb.2", "Camera: front (2)", True),
    )
    assert pulse.parse_sources("", "usb.2") == ()


@pytest.mark.parametrize(
    ("driver", "name", "counts"),
    [
        ("module-null-sink.c", "speaker", True),
        ("module-alsa-card.c", "speaker", False),
        ("module-null-sink.c", "auto_null", False),
    ],
)
def test_only_a_virtual_cable_is_worth_recording_among_monitors(driver, name, counts):
    listing = LISTING.format(driver=driver).replace("speaker", name)
    found = pulse.parse_sources(listing, f"{name}.monitor")
    assert [source.is_virtual for source in found] == ([True] if counts else []) + [False, False]


def test_a_machine_without_the_servers_tool(monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert pulse.microphones() is None
