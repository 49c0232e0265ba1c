"""Plays cues through PortAudio, on a thread of its own. May import: `core`, `system.portaudio`, loguru."""

from __future__ import annotations

import contextlib
import queue
import threading
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from loguru import logger

from voicetype.core.audio import pcm_of, samples_of
from voicetype.core.cues import Cue
from voicetype.core.messages import AudioError
from voicetype.core.ports import BYTES_PER_SAMPLE
from voicetype.system import portaudio
from voicetype.system.portaudio import PortAudio

_MOST_WAITING = 2
"""A loudspeaker that answers late gets no more of them: a sound that comes too late tells something wrong."""
_CLOSE_TIMEOUT_S = 1.0
_SILENCE_BEFORE_S, _SILENCE_AFTER_S = 0.02, 0.15
"""A device that begins fades in, and one that stops may lose its last period: a cue that is cut off clicks."""


@dataclass(frozen=True)
class _Request:
    cue: Cue
    volume: int
    on_end: Callable[[], None]


class SoundDeviceCuePlayer:
    """`core.cues.CuePlayer` over PortAudio: the default loudspeaker, opened for each cue. Without one it is silent."""

    def __init__(self) -> None:
        self._waiting: queue.Queue[_Request | None] = queue.Queue(_MOST_WAITING)
        self._thread: threading.Thread | None = None

    def play(self, cue: Cue, volume: int, on_end: Callable[[], None]) -> None:
        """Sound soon; `on_end` is called once, from any thread, when it has sounded or cannot. Never waits."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="cues", daemon=True)
            self._thread.start()
        try:
            self._waiting.put_nowait(_Request(cue, volume, on_end))
        except queue.Full:
            logger.info("the loudspeaker does not answer; no sound for {}", cue.name)
            on_end()

    def close(self) -> None:
        """End the thread, after the cue that sounds; idempotent, bounded."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        with contextlib.suppress(queue.Full):
            self._waiting.put(None, timeout=_CLOSE_TIMEOUT_S)
            thread.join(_CLOSE_TIMEOUT_S)

    def _run(self) -> None:
        while (request := self._waiting.get()) is not None:
            try:
                _sound(request.cue, request.volume)
            except AudioError as error:
                logger.info("no sound for {}: {}", request.cue.name, error.message.params.get("detail", ""))
            except Exception:  # noqa: BLE001  a sound is never worth more than the dictation
                logger.exception("no sound for {}", request.cue.name)
            finally:
                request.on_end()


def _sound(cue: Cue, volume: int) -> None:
    with PortAudio.in_use() as sounddevice:
        try:
            stream, rate_hz, channels = _open(sounddevice)
        except sounddevice.PortAudioError as error:
            logger.info("no sound for {}: {}", cue.name, error)
            return
        PortAudio.opened()
    try:
        frames = cue.render(volume, rate_hz)
        frames = _silence(_SILENCE_BEFORE_S, rate_hz) + frames + _silence(_SILENCE_AFTER_S, rate_hz)
        stream.start()
        stream.write(pcm_of(array("h", [sample for sample in samples_of(frames) for _ in range(channels)])))
        stream.stop()  # at the end of the sound; closing alone would cut it off
    except sounddevice.PortAudioError as error:
        logger.info("no sound for {}: {}", cue.name, error)
    finally:
        PortAudio.close(stream)


def _silence(seconds: float, rate_hz: int) -> bytes:
    return bytes(round(seconds * rate_hz) * BYTES_PER_SAMPLE)


def _open(sounddevice: Any) -> tuple[Any, int, int]:
    index = portaudio.default_output(sounddevice)
    about = sounddevice.query_devices(index, "output")
    rate_hz, channels = round(about["default_samplerate"]), min(2, int(about["max_output_channels"]))
    stream = sounddevice.RawOutputStream(
        device=index,
        samplerate=rate_hz,
        channels=channels,
        dtype="int16",
        latency="high",  # some ms later, but whole: a gap in a tone is a click
        extra_settings=portaudio.extra_settings(sounddevice, portaudio.Route(about["index"])),
    )
    return stream, rate_hz, channels
