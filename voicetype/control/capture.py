"""One dictation's way from the microphone into its sinks. GUI thread outside; may import `qt` and `core`.

Opening a device takes 20 to 100 ms and closing a dead one longer, so both run on an audio thread of this object, in
the order in which they were asked for.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from voicetype.control.recording import Recording, RecordingListener
from voicetype.core.levels import READING_MS, LevelMeter
from voicetype.core.messages import UserMessage
from voicetype.core.ports import AudioSink, MakeSource
from voicetype.qt import QtCore, Signal, Slot


@dataclass(frozen=True)
class CaptureProblem:
    """Why the capture of `session` did not begin, or ended early (`lost`)."""

    session: int
    message: UserMessage
    lost: bool = False


class Capture(QtCore.QObject):
    """Opens and closes the microphone for one dictation at a time.

    Signals:
        first_block(int): the first real samples of this session arrived.
        noticed(UserMessage): something to tell, while the capture goes on (MICROPHONE_SWITCHED, MICROPHONE_BACK,
            NO_SIGNAL).
        failed(CaptureProblem): the microphone could not be opened, or went away in mid-dictation and no other took
            its place (`lost`); the sinks stay open until `close` where it was lost, else they are closed.
        closed(int): the microphone of this session is closed, and its sinks are.
        level_changed(SoundLevel): since the last one, 20 times a second while a capture is open.
    """

    first_block = Signal(int)
    noticed = Signal(object)
    failed = Signal(object)
    closed = Signal(int)
    level_changed = Signal(object)

    def __init__(self, parent: QtCore.QObject | None = None) -> None:
        super().__init__(parent)
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="audio")
        self._newest: tuple[int, Recording] | None = None  # GUI thread
        self._open_now: tuple[int, Recording] | None = None  # audio thread
        self._meter = LevelMeter()
        self._ended = False
        self._level_timer = QtCore.QTimer(self)
        self._level_timer.setInterval(READING_MS)
        self._level_timer.timeout.connect(self._on_level_due)

    def open(self, session: int, make_source: MakeSource, sinks: Sequence[AudioSink]) -> None:
        """Begin to capture into `sinks`; returns at once. A capture that is still open ends first.

        `make_source` is called at once, and on the audio thread in mid-dictation when the microphone went away.
        """
        if self._newest is not None:
            self._newest[1].interrupt()
        recording = Recording(make_source, sinks, self._listener(session))
        self._newest = (session, recording)
        self._level_timer.start()
        self._executor.submit(self._open, session, recording)

    def close(self, session: int, after_ms: int = 0) -> None:
        """Stop capturing after so many milliseconds and close the session's sinks; returns at once.

        Nothing when that has been done already: a new `open` ends the earlier capture at once.
        """
        if after_ms:
            QtCore.QTimer.singleShot(after_ms, self, lambda: self._close_now(session))
        else:
            self._close_now(session)

    def shutdown(self) -> None:
        """Close what is open and end the audio thread; idempotent. Blocks until then."""
        if self._ended:
            return
        self._ended = True
        self._level_timer.stop()
        if self._newest is not None:
            self._newest[1].interrupt()
        self._executor.submit(self._end_open_capture)
        self._executor.shutdown(wait=True)

    def _close_now(self, session: int) -> None:
        if self._newest is None or self._newest[0] != session or self._ended:
            return  # a later one ended it, or the end of all did
        self._level_timer.stop()
        recording = self._newest[1]
        recording.interrupt()
        self._executor.submit(self._close, recording)

    def _listener(self, session: int) -> RecordingListener:
        return RecordingListener(
            first_block=lambda: self.first_block.emit(session),
            block=self._meter.write,
            noticed=self.noticed.emit,
            failed=lambda message, lost: self.failed.emit(CaptureProblem(session, message, lost)),
            post=self._post,
        )

    def _post(self, do: Callable[[], None]) -> None:
        with contextlib.suppress(RuntimeError):  # after the end nobody cares for a microphone any more
            self._executor.submit(do)

    @Slot()
    def _on_level_due(self) -> None:
        self.level_changed.emit(self._meter.read())

    def _open(self, session: int, recording: Recording) -> None:
        self._end_open_capture()
        self._open_now = (session, recording)
        if not recording.start():
            # Told before the sinks end, which ends the recognition too: its empty text must not be told instead.
            self._end_open_capture()

    def _close(self, recording: Recording) -> None:
        if self._open_now is not None and self._open_now[1] is recording:
            self._end_open_capture()

    def _end_open_capture(self) -> None:
        open_now, self._open_now = self._open_now, None
        self._meter.clear()
        if open_now is not None:
            session, recording = open_now
            recording.stop()
            self.closed.emit(session)
