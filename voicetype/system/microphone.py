"""The microphone, through PortAudio. `start` and `stop` belong to one thread of the caller, blocks come on PortAudio's.

Opening takes 2 to 100 ms and closing a dead device up to two seconds, so the caller's thread should not be the
GUI's. May import: `core`, loguru and what lies beside it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from loguru import logger

from voicetype.core.messages import AudioError, Level, MessageCode
from voicetype.core.ports import SAMPLE_RATE_HZ, AudioDevice
from voicetype.system import portaudio, pulse
from voicetype.system.device_watch import DeviceWatch, Fate, watch_for
from voicetype.system.notices import Notices, make_notices
from voicetype.system.portaudio import PortAudio, Route
from voicetype.system.resampling import PcmConverter
from voicetype.system.suspend import SleepWatch

BLOCK_FRAMES = 256
"""16 ms. With PulseAudio the first block comes after 58 ms; 512 frames make that 88, 160 frames gain nothing more."""
STALL_TIMEOUT_S = 1.5
"""No block for so long means that the device is gone; the slowest servers work in blocks of a second."""
FIRST_BLOCK_TIMEOUT_S = 5.0
"""A Bluetooth headset changes its profile before it sends the first block."""
_WATCH_INTERVAL_S = 0.2
_LOOK_INTERVAL_S = 1.0
"""Asking the sound server costs about 10 ms of another core."""
_LEVELS = {Fate.STAYS: None, Fate.GONE: Level.ERROR, Fate.OUTDATED: Level.INFO}
"""How a lost microphone is told; see `AudioSource.start`."""

Sink = Callable[[bytes], None]
OnLost = Callable[[AudioError], None]


class SoundDeviceMicrophone:
    """`AudioSource` over PortAudio: 16 kHz mono, converted by the sound system or else here.

    `device` is a name out of `list_devices`; "" follows the system's default, and so does a `replacement` where that
    name is absent. `start` raises AudioError with NO_MICROPHONE, MICROPHONE_NOT_FOUND (the named one is absent),
    MICROPHONE_BUSY or MICROPHONE_FAILED. `on_lost` comes from a thread of this object, and `stop` is still to be
    called after it.
    """

    def __init__(self, device: str = "", block_frames: int = BLOCK_FRAMES, *, replacement: bool = False) -> None:
        self._device = self._name = device
        self._replacement = replacement
        self._block_frames = block_frames
        self._gate = threading.Lock()  # held while a callback runs, so that none runs after `stop`
        self._sink: Sink | None = None
        self._stream: Any = None
        self._converter: PcmConverter | None = None
        self._watcher: threading.Thread | None = None
        self._route: Route | None = None
        self._device_watch: DeviceWatch | None = None
        self._sleep_watch = SleepWatch()
        self._notices: Notices | None = None
        self._stopped = threading.Event()
        self._finished = threading.Event()
        self._deadline = 0.0  # monotonic time by which the next block must come
        self._dropped = 0  # times that the sound system threw sound away because nobody took it in time

    @property
    def name(self) -> str:
        """What people call it; "" before `start` where the default is meant."""
        return (self._device_watch and self._device_watch.name) or self._name

    def start(self, sink: Sink, on_lost: OnLost) -> None:
        """Open the microphone and push blocks into `sink`; see the class and `AudioSource`."""
        if self._stream is not None:
            raise RuntimeError("the microphone is open already")
        self._stopped.clear()
        self._finished.clear()
        self._sink = sink
        self._deadline = time.monotonic() + FIRST_BLOCK_TIMEOUT_S
        try:
            self._open()
        except AudioError:
            self._sink = None
            raise
        # Only now, since it takes longer than opening: a server without a microphone records a loudspeaker instead.
        route = self._route
        sources = pulse.microphones() if route is not None and route.through_server else None
        if sources == ():
            self.stop()
            raise AudioError(MessageCode.NO_MICROPHONE)
        self._device_watch = watch_for(self._device, route.source if route else "", sources)
        self._sleep_watch = SleepWatch()
        self._notices = make_notices()
        self._notices.start()
        args = on_lost, self._notices
        self._watcher = threading.Thread(target=self._watch, args=args, name="microphone-watch", daemon=True)
        self._watcher.start()

    def stop(self) -> None:
        """Close the microphone; idempotent, bounded by a few seconds. No callback runs after it returned."""
        self._stopped.set()
        with self._gate:
            if self._sink is not None and self._converter is not None and (rest := self._converter.finish()):
                self._sink(rest)
            self._sink = self._converter = None
        watcher, self._watcher = self._watcher, None
        if watcher is not None and watcher is not threading.current_thread():
            watcher.join()
        notices, self._notices = self._notices, None
        if notices is not None:
            notices.stop()
        stream, self._stream = self._stream, None
        if stream is not None:
            PortAudio.close(stream)
        if self._dropped:
            logger.warning("the computer was too busy: the sound system dropped sound {} times", self._dropped)
            self._dropped = 0

    def _open(self) -> None:
        with PortAudio.in_use() as sounddevice:
            PortAudio.refresh(sounddevice)
            try:
                self._open_once(sounddevice)
            except (AudioError, sounddevice.PortAudioError) as error:
                # What was plugged in after the last scan is found by the next one.
                logger.debug("opening the microphone failed, looking again: {}", error)
                PortAudio.rescan(sounddevice)
                try:
                    self._open_once(sounddevice)
                except sounddevice.PortAudioError as final:
                    raise portaudio.explained(sounddevice, final, self._device) from final

    def _open_once(self, sounddevice: Any) -> None:
        route = portaudio.find_route(sounddevice, self._device, replacement=self._replacement)
        self._name = portaudio.name_of(sounddevice, route)
        formats = portaudio.formats(sounddevice, route)
        for attempt, (rate_hz, channels) in enumerate(formats, 1):
            try:
                self._open_as(sounddevice, route, rate_hz, channels)
                return
            except sounddevice.PortAudioError as error:
                if portaudio.error_code(error) not in portaudio.WORTH_ANOTHER_FORMAT or attempt == len(formats):
                    raise

    def _open_as(self, sounddevice: Any, route: Route, rate_hz: int, channels: int) -> None:
        self._converter = None if (rate_hz, channels) == (SAMPLE_RATE_HZ, 1) else PcmConverter(rate_hz, channels)
        with portaudio.chosen_source(route.source):
            stream = sounddevice.RawInputStream(
                device=route.index,
                samplerate=rate_hz,
                channels=channels,
                dtype="int16",
                blocksize=round(self._block_frames * rate_hz / SAMPLE_RATE_HZ),
                latency="low",
                extra_settings=portaudio.extra_settings(sounddevice, route),
                callback=self._on_block,
                finished_callback=self._finished.set,
            )
        try:
            stream.start()
        except sounddevice.PortAudioError:
            stream.close(ignore_errors=True)
            raise
        self._stream = stream
        self._route = route
        PortAudio.opened()

    def _on_block(self, data: Any, frames: int, when: Any, status: Any) -> None:
        block = bytes(data)
        with self._gate:
            if self._sink is None:
                return
            self._deadline = time.monotonic() + STALL_TIMEOUT_S
            self._dropped += bool(status and status.input_overflow)
            if self._converter is not None:
                block = self._converter.convert(block)
            if block:
                self._sink(block)

    def _watch(self, on_lost: OnLost, notices: Notices) -> None:
        next_look = time.monotonic() + _LOOK_INTERVAL_S
        while not self._stopped.wait(_WATCH_INTERVAL_S):
            level = None
            if notices.devices_changed():
                next_look = 0.0
            if self._sleep_watch.slept() or notices.woke():  # first: the pause in the stream is its doing
                level = Level.INFO
            elif self._finished.is_set() or time.monotonic() > self._deadline:
                level = Level.ERROR
            elif self._device_watch is not None and time.monotonic() > next_look:
                level = _LEVELS[self._device_watch.look()]
                next_look = time.monotonic() + _LOOK_INTERVAL_S
            if level is not None and not self._stopped.is_set():
                with self._gate:
                    self._sink = None
                on_lost(AudioError(MessageCode.MICROPHONE_LOST, level, device=self.name))
                return


def list_devices() -> tuple[AudioDevice, ...]:
    """The microphones of this moment, by unique names; () when there are none or sound does not work at all.

    Takes about 50 ms. While a microphone is open, a newly plugged one may be missing.
    """
    try:
        with PortAudio.in_use() as sounddevice:
            PortAudio.rescan(sounddevice)
            return portaudio.devices(sounddevice)
    except AudioError as error:
        logger.warning("cannot list microphones: {}", error.message.params.get("detail", ""))
        return ()


def warm_up() -> None:
    """Load the sound library ahead of the first press, which it would delay by 0.1 s. Any thread; never raises."""
    try:
        with PortAudio.in_use():
            logger.debug("the sound library is loaded")
    except AudioError as error:
        logger.warning("no sound: {}", error.message.params.get("detail", ""))
