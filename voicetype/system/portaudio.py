"""PortAudio's manners: one library per process, its list of devices, its errors. Any thread.

May import: sounddevice (lazily, since it opens the PortAudio library), `core`, loguru, what lies beside it.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from loguru import logger

from voicetype.core.messages import AudioError, MessageCode
from voicetype.core.ports import SAMPLE_RATE_HZ, AudioDevice
from voicetype.system import pulse, windows_audio

CLOSE_TIMEOUT_S = 2.0
"""A driver that has lost its device may never come back from closing it."""
_LOCK_TIMEOUT_S = 3.0
"""Longer than anything PortAudio does in health."""
INVALID_DEVICE, INVALID_RATE, INVALID_CHANNELS, DEVICE_UNAVAILABLE = -9996, -9997, -9998, -9985
"""PortAudio's error codes that are told apart."""
WORTH_ANOTHER_FORMAT = frozenset({INVALID_RATE, INVALID_CHANNELS, INVALID_DEVICE})
"""The last one too, since WASAPI's refusal of a format may be called so."""
_BUSY_HOST_ERRORS = frozenset({-16, 4, 0x8889000A, 0x8889000A - 2**32})
"""EBUSY (ALSA), MMSYSERR_ALLOCATED (MME), AUDCLNT_E_DEVICE_IN_USE (WASAPI, without and with a sign)."""
_GONE_HOST_ERRORS = frozenset({0, 0x88890004, 0x88890004 - 2**32})
"""None told, AUDCLNT_E_DEVICE_INVALIDATED (WASAPI)."""
_SERVER_DEVICE = "pulse"
"""ALSA's name for the sound server."""
_ALSA_PLUGINS = (
    *("center_lfe", "dmix", "dsnoop", "front", "hdmi", "iec958", "jack", "lavrate", "modem", "null", "oss", "rear"),
    *("samplerate", "side", "spdif", "speex", "speexrate", "surround", "sysdefault", "upmix", "usbstream", "vdownmix"),
)
"""First words of ALSA's converters, which PortAudio lists beside real devices."""


class PortAudio:
    """The one PortAudio library of the process: who may use it when. Any thread.

    It keeps the list of devices as it was when it was initialised, is not made for threads, and must not be
    initialised anew while a stream is open.
    """

    _lock: ClassVar[threading.RLock] = threading.RLock()
    _open_streams: ClassVar[int] = 0
    _default: ClassVar[str] = ""  # of the last scan, by Windows' id

    @classmethod
    @contextlib.contextmanager
    def in_use(cls) -> Iterator[Any]:
        """Hold the library; yields the `sounddevice` module. Raises AudioError."""
        # A driver that hangs in another thread keeps the lock for ever: better say so than hang as well.
        if not cls._lock.acquire(timeout=_LOCK_TIMEOUT_S):
            raise AudioError(MessageCode.MICROPHONE_FAILED, device="", detail="the sound system does not answer")
        try:
            windows_audio.enter_com()
            try:
                import sounddevice
            except (ImportError, OSError) as error:  # OSError: the package is there, the library is not
                raise AudioError(MessageCode.MICROPHONE_FAILED, device="", detail=error) from error
            yield sounddevice
        finally:
            cls._lock.release()

    @classmethod
    def rescan(cls, sounddevice: Any) -> None:
        """Look for devices anew (about 40 ms), unless a stream is open. Call inside `in_use`."""
        if cls._open_streams == 0:
            # WORKAROUND: https://github.com/spatialaudio/python-sounddevice/issues/16  there is no public call for it
            sounddevice._terminate()
            sounddevice._initialize()
            cls._default = windows_audio.default_endpoint()

    @classmethod
    def refresh(cls, sounddevice: Any) -> None:
        """Look for devices anew where the default is another one than at the last scan. Call inside `in_use`."""
        if windows_audio.default_endpoint() != cls._default:
            cls.rescan(sounddevice)

    @classmethod
    def opened(cls) -> None:
        """Count a stream. Call inside `in_use`."""
        cls._open_streams += 1

    @classmethod
    def close(cls, stream: Any) -> None:
        """End and forget a stream, within CLOSE_TIMEOUT_S even when the driver hangs."""

        def close() -> None:
            # AudioError: another driver hangs inside the library; this stream stays open and is counted as such.
            with contextlib.suppress(AudioError), cls.in_use() as sounddevice:
                try:
                    stream.abort(ignore_errors=True)
                    stream.close(ignore_errors=True)
                finally:
                    cls._open_streams -= 1
                if sys.platform == "win32":
                    # Without a sound server the default device is the one of the last scan; scan while nobody waits.
                    cls.rescan(sounddevice)

        closer = threading.Thread(target=close, name="microphone-close", daemon=True)
        closer.start()
        closer.join(CLOSE_TIMEOUT_S)
        if closer.is_alive():
            logger.warning("the microphone's driver does not answer; leaving it behind")


@dataclass(frozen=True)
class Route:
    """How to reach a microphone.

    Attributes:
        index: PortAudio's number of the device.
        through_server: PulseAudio stands between, so that it can be asked what became of the microphone.
        source: the server's name of the microphone; "" leaves the choice to the server.
    """

    index: int
    through_server: bool = False
    source: str = ""


def find_route(sounddevice: Any, device: str, *, replacement: bool = False) -> Route:
    """The way to the microphone called `device` ("" = the system's default). Raises AudioError when there is none.

    As a `replacement` the default serves where that one is absent, and any other where there is no default.
    """
    inputs = _inputs(sounddevice)
    through_server = _SERVER_DEVICE in inputs
    if not inputs:
        raise AudioError(MessageCode.NO_MICROPHONE)
    if replacement:
        return _replacement(sounddevice, inputs, device)
    if not device:
        default = _default_index(sounddevice)
        return Route(next(iter(inputs.values())) if default is None else default, through_server)
    if through_server:
        for source in pulse.microphones() or ():
            if source.label == device:
                return Route(inputs[_SERVER_DEVICE], through_server, source.name)
    if device in inputs:
        return Route(inputs[device])
    raise AudioError(MessageCode.MICROPHONE_NOT_FOUND, device=device)


def _replacement(sounddevice: Any, inputs: Mapping[str, int], device: str) -> Route:
    if device:
        with contextlib.suppress(AudioError):
            return find_route(sounddevice, device)
    sources = pulse.microphones() if _SERVER_DEVICE in inputs else None
    if sources is None:
        return find_route(sounddevice, "")
    # The server may have made what is played into a null sink the default, and the environment may name an absent one.
    real = [source for source in sources if not source.is_virtual]
    if not real:
        raise AudioError(MessageCode.NO_MICROPHONE)
    if any(source.is_default for source in real):
        return find_route(sounddevice, "")
    return Route(inputs[_SERVER_DEVICE], True, real[0].name)


def devices(sounddevice: Any) -> tuple[AudioDevice, ...]:
    """The microphones that PortAudio, or the sound server behind it, has on its list. Call inside `in_use`."""
    inputs = _inputs(sounddevice)
    sources = pulse.microphones() if _SERVER_DEVICE in inputs else None
    if sources is not None:
        return tuple(AudioDevice(source.label, source.is_default) for source in sources)
    default = _default_index(sounddevice)
    return tuple(AudioDevice(name, index == default) for name, index in inputs.items())


def name_of(sounddevice: Any, route: Route) -> str:
    """What people call the microphone of this route; "" where only the sound server knows."""
    return "" if route.through_server else str(sounddevice.query_devices(route.index)["name"])


def formats(sounddevice: Any, route: Route) -> list[tuple[int, int]]:
    """(rate in Hz, channels) to try in turn: the program's own rate, then what the device says of itself.

    Two channels come first: asked for one, sound systems take the left one alone or halve it when the right is dead.
    """
    about = sounddevice.query_devices(route.index)
    own_rate = round(about["default_samplerate"])
    most = int(about["max_input_channels"])
    wanted = [(rate, channels) for rate in (SAMPLE_RATE_HZ, own_rate) for channels in (min(2, most), 1, most)]
    return list(dict.fromkeys(wanted))


def extra_settings(sounddevice: Any, route: Route) -> Any:
    """What the host API of this device needs to convert rate and channels itself."""
    host = sounddevice.query_hostapis(sounddevice.query_devices(route.index)["hostapi"])["name"]
    return sounddevice.WasapiSettings(auto_convert=True) if "WASAPI" in host else None


@contextlib.contextmanager
def chosen_source(name: str) -> Iterator[None]:
    """Have the streams that are opened inside record this source of the server. Call inside `in_use`."""
    before = os.environ.get(pulse.SOURCE_VARIABLE)
    if name:
        os.environ[pulse.SOURCE_VARIABLE] = name
    try:
        yield
    finally:
        if name and before is None:
            del os.environ[pulse.SOURCE_VARIABLE]
        elif before is not None:
            os.environ[pulse.SOURCE_VARIABLE] = before


def error_code(error: Exception) -> int:
    """PortAudio's code in a PortAudioError; 0 when it has none."""
    return int(error.args[1]) if len(error.args) > 1 else 0


def explained(sounddevice: Any, error: Exception, device: str) -> AudioError:
    """The sentence for an open that failed just now. Call inside `in_use`."""
    host_error = _host_error(sounddevice, error)
    if error_code(error) == DEVICE_UNAVAILABLE or host_error in _BUSY_HOST_ERRORS:
        return AudioError(MessageCode.MICROPHONE_BUSY, device=device)
    if error_code(error) == INVALID_DEVICE and host_error in _GONE_HOST_ERRORS:
        if device:
            return AudioError(MessageCode.MICROPHONE_NOT_FOUND, device=device)
        return AudioError(MessageCode.NO_MICROPHONE)
    if pulse.microphones() == ():
        return AudioError(MessageCode.NO_MICROPHONE)
    detail = error.args[0] if error.args else ""
    if host_error:
        detail = f"{detail} ({host_error & 0xFFFFFFFF:#x})"
    return AudioError(MessageCode.MICROPHONE_FAILED, device=device, detail=detail)


def _host_error(sounddevice: Any, error: Exception) -> int:
    if len(error.args) > 2:
        return int(error.args[2][1])
    if error_code(error) == INVALID_DEVICE and "WASAPI" in _host_api(sounddevice)["name"]:
        # WORKAROUND: https://github.com/PortAudio/portaudio/issues/314  whatever fails is called an invalid device
        return int(sounddevice._lib.Pa_GetLastHostErrorInfo().errorCode)
    return 0


def _inputs(sounddevice: Any) -> dict[str, int]:
    """Numbers of the host API's microphones by unique name."""
    host = _host_api(sounddevice)
    found: dict[str, int] = {}
    for index in host["devices"]:
        about = sounddevice.query_devices(index)
        name = base = about["name"]
        if about["max_input_channels"] < 1 or name.startswith(_ALSA_PLUGINS):
            continue
        number = 1
        while name in found:
            number += 1
            name = f"{base} ({number})"
        found[name] = index
    return found


def _default_index(sounddevice: Any) -> int | None:
    index = int(_host_api(sounddevice)["default_input_device"])
    return index if index >= 0 else None


def _host_api(sounddevice: Any) -> Any:
    """WASAPI where there is one: it has whole names, low latency and conversion. Else PortAudio's own choice."""
    apis = sounddevice.query_hostapis()
    wasapi = next((api for api in apis if "WASAPI" in api["name"]), None)
    if wasapi is not None:
        return wasapi
    holders = [api for api in apis if api["devices"]]
    return holders[0] if holders else {"name": "", "devices": [], "default_input_device": -1}
