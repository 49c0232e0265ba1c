"""A microphone that stays open between dictations, so that what was said just before the press is heard too.

Any thread outside: opening and closing happen on a thread of this object, or on that of a dictation that finds the
microphone closed. May import `core`, loguru.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from loguru import logger

from voicetype.core.audio import RingBuffer
from voicetype.core.messages import AudioError
from voicetype.core.ports import (
    BYTES_PER_SECOND,
    AudioDevice,
    AudioSource,
    MakeSource,
)

RETRY_S, LONGEST_RETRY_S = 2.0, 30.0
"""Doubled each time. Nobody waits for it: the press opens the microphone itself and tells what is wrong."""
_BYTES_PER_MS = BYTES_PER_SECOND // 1000


class Standby:
    """Makes sources (`core.ports.MakeSource`) that begin with the last `pre_roll_ms` before their start.

    With 0 they are the plain ones, and no microphone is open outside of dictations. Else all sources share one open
    device, which outlives them: a dictation is handed the past and then the live sound without a gap. What one has
    heard is no other's past.
    """

    def __init__(self, make_source: MakeSource) -> None:
        self._make_source = make_source
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="standby")
        self._changed = threading.Event()  # whoever waits for a microphone looks again
        self._device = threading.Lock()  # held while it is opened or closed
        self._gate = threading.Lock()  # held while a block is handed on
        self._source: AudioSource | None = None
        self._outdated = False  # not the one of the settings: it is opened anew when nobody uses it
        self._taps: list[_Tap] = []
        self._past: RingBuffer | None = None  # None: no pre-roll is wanted
        self._pre_roll_ms = 0
        self._ended = False

    def configure(self, pre_roll_ms: int) -> None:
        """Keep so much of the past; returns at once."""
        if pre_roll_ms == self._pre_roll_ms or self._ended:
            return
        self._pre_roll_ms = pre_roll_ms
        with self._gate:
            self._past = RingBuffer(pre_roll_ms * _BYTES_PER_MS) if pre_roll_ms else None
        self._look_again()

    def renew(self) -> None:
        """The settings name another microphone: open that one, as soon as nobody uses the one of now."""
        if self._pre_roll_ms:
            self._outdated = True
            self._look_again()

    def list_devices(self, listing: Callable[[], tuple[AudioDevice, ...]]) -> tuple[AudioDevice, ...]:
        """The result of `listing`, with the microphone closed meanwhile unless it is in use.

        PortAudio finds no new devices while a stream is open.
        """
        with self._device:
            if not self._taps:
                self._close()
            found = listing()
        if self._pre_roll_ms:
            self._look_again()
        return found

    def shutdown(self) -> None:
        """Close the microphone and end the thread; idempotent. Blocks until then."""
        if self._ended:
            return
        self._ended = True
        self._pre_roll_ms = 0
        with self._gate:
            self._taps.clear()
        self._look_again()
        self._executor.shutdown(wait=True)

    def __call__(self, *, replacement: bool = False) -> AudioSource:
        """A source for one dictation, see `MakeSource`."""
        if not self._pre_roll_ms:
            return self._make_source(replacement=replacement)
        return _Tap(self, replacement=replacement)

    def attach(self, tap: _Tap, *, replacement: bool) -> None:
        """Give `tap` the past and from now on each block. Raises AudioError."""
        with self._device:
            if self._source is None:
                self._open(replacement=replacement)
            with self._gate:
                self._taps.append(tap)
                if self._past is not None and (past := self._past.read(0.0, self._past.size_bytes)):
                    tap.sink(past)

    def detach(self, tap: _Tap) -> None:
        """Give `tap` no more."""
        with self._gate:
            if tap in self._taps:
                self._taps.remove(tap)
            in_use = bool(self._taps)
        if not in_use and (self._outdated or not self._pre_roll_ms):
            self._look_again()

    @property
    def device_name(self) -> str:
        """What people call the microphone that is open."""
        source = self._source
        return source.name if source is not None else ""

    def _look_again(self) -> None:
        self._changed.set()
        self._submit(self._settle)

    def _submit(self, do: Callable[[], None]) -> None:
        with contextlib.suppress(RuntimeError):  # after the end
            self._executor.submit(do)

    def _settle(self) -> None:
        """Have the microphone open or closed as it should be; waits for one that is absent."""
        self._changed.clear()
        pause_s = RETRY_S
        while True:
            with self._device:
                if not self._taps and (self._outdated or not self._pre_roll_ms):
                    self._close()
                if self._source is not None or not self._pre_roll_ms:
                    return
                try:
                    self._open(replacement=False)
                    return
                except AudioError as error:
                    logger.debug("no microphone to keep open: {}", error.message.code.value)
                except Exception:  # noqa: BLE001  a driver's surprise: the next press tells it
                    logger.exception("opening the microphone failed")
            if self._changed.wait(pause_s):
                return  # what changed is looked at next
            pause_s = min(2 * pause_s, LONGEST_RETRY_S)

    def _open(self, *, replacement: bool) -> None:
        source = self._make_source(replacement=replacement)
        source.start(self._take, lambda error: self._on_lost(source, error))
        self._source = source
        self._outdated = replacement

    def _close(self) -> None:
        source, self._source = self._source, None
        self._outdated = False
        if source is not None:
            try:
                source.stop()
            except Exception:  # noqa: BLE001  a device that is gone may fail to close
                logger.exception("closing the microphone failed")
        with self._gate:
            if self._past is not None:
                self._past.read(0.0, self._past.size_bytes)

    def _take(self, block: bytes) -> None:
        with self._gate:
            for tap in self._taps:
                tap.sink(block)
            if not self._taps and self._past is not None:
                self._past.write(block)

    def _on_lost(self, source: AudioSource, error: AudioError) -> None:
        self._submit(lambda: self._replace(source, error))

    def _replace(self, source: AudioSource, error: AudioError) -> None:
        with self._device:
            if source is not self._source:
                return
            with self._gate:
                taps, self._taps = self._taps, []
            for tap in taps:
                tap.name = source.name
            self._close()
        for tap in taps:
            tap.on_lost(error)  # a dictation looks for another microphone by itself
        self._settle()


class _Tap:
    """One dictation's share in the microphone that stays open. Implements `core.ports.AudioSource`."""

    def __init__(self, standby: Standby, *, replacement: bool) -> None:
        self._standby = standby
        self._replacement = replacement
        self.sink: Callable[[bytes], None] = _nobody
        self.on_lost: Callable[[AudioError], None] = _nobody
        self.name = ""

    def start(self, sink: Callable[[bytes], None], on_lost: Callable[[AudioError], None]) -> None:
        self.sink, self.on_lost = sink, on_lost
        self._standby.attach(self, replacement=self._replacement)
        self.name = self._standby.device_name

    def stop(self) -> None:
        self._standby.detach(self)


def _nobody(_: object) -> None:
    """Before the start."""
