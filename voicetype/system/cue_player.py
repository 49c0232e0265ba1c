"""Plays cues by the system's own player, on a thread of its own. May import: winsound (Windows), `core`, loguru.

Not through PortAudio: its ALSA part, asked to play while it records, corrupts the memory of the process now and then. A
program that plays a sound can do no more harm than to play none.
"""

from __future__ import annotations

import contextlib
import io
import os
import queue
import shutil
import subprocess
import sys
import threading
import wave
from collections.abc import Callable
from dataclasses import dataclass

from loguru import logger

from voicetype.core.cues import Cue
from voicetype.core.ports import BYTES_PER_SAMPLE

RATE_HZ = 48_000
_MOST_WAITING = 2
"""A loudspeaker that answers late gets no more of them: a sound that comes too late tells something wrong."""
_CLOSE_TIMEOUT_S = 1.0
_PLAY_TIMEOUT_S = 5.0
"""Twenty times as long as a cue: then the sound server hangs."""
_SILENCE_BEFORE_S, _SILENCE_AFTER_S = 0.02, 0.15
"""A device that begins fades in, and one that stops may lose its last period: a cue that is cut off clicks."""
_PLAYERS = (
    ("pacat", "--playback", "--raw", "--format=s16le", f"--rate={RATE_HZ}", "--channels=1", "--latency-msec=60"),
    ("pw-play", "-"),
    ("aplay", "-q", "-"),
)
"""Of PulseAudio, PipeWire and ALSA. The first one takes bare PCM, the others a WAV file."""


@dataclass(frozen=True)
class _Request:
    cue: Cue
    volume: int
    on_end: Callable[[], None]


class SystemCuePlayer:
    """`core.cues.CuePlayer` on the default loudspeaker. Without one, or without a player, it is silent."""

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
            except (OSError, subprocess.SubprocessError, RuntimeError) as error:  # the last one is winsound's
                logger.info("no sound for {}: {}", request.cue.name, error)
            except Exception:  # noqa: BLE001  a sound is never worth more than the dictation
                logger.exception("no sound for {}", request.cue.name)
            finally:
                request.on_end()


def _sound(cue: Cue, volume: int) -> None:
    pcm = _silence(_SILENCE_BEFORE_S) + cue.render(volume, RATE_HZ) + _silence(_SILENCE_AFTER_S)
    if sys.platform == "win32":
        import winsound

        winsound.PlaySound(_wav(pcm), winsound.SND_MEMORY | winsound.SND_NODEFAULT)
        return
    command = next((player for player in _PLAYERS if shutil.which(player[0])), None)
    if command is None:
        raise FileNotFoundError(f"none of {', '.join(player[0] for player in _PLAYERS)} is installed")
    subprocess.run(
        command,
        input=pcm if command[0] == "pacat" else _wav(pcm),
        env={**os.environ, "LC_ALL": "C"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        timeout=_PLAY_TIMEOUT_S,
        check=True,
    )


def _silence(seconds: float) -> bytes:
    return bytes(round(seconds * RATE_HZ) * BYTES_PER_SAMPLE)


def _wav(pcm: bytes) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(BYTES_PER_SAMPLE)
        out.setframerate(RATE_HZ)
        out.writeframes(pcm)
    return file.getvalue()
