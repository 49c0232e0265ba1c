"""One dictation's way from the microphone into its buffer. GUI thread outside; may import `qt` and `core`.

Opening a device takes 20 to 100 ms and closing a dead one longer, so both run on an audio thread of this object, in
the order in which they were asked for.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from loguru import logger

from voicetype.core.audio import level_dbfs
from voicetype.core.messages import AudioError, MessageCode, UserMessage
from voicetype.core.ports import AudioSink, AudioSource
from voicetype.qt import QtCore, Signal, Slot

_LEVEL_INTERVAL_MS = 50
SILENCE_DBFS = -90.0
"""Level while nothing is captured."""


@dataclass(frozen=True)
class CaptureProblem:
    """Why the capture of `session` did not begin, or ended early (`lost`)."""

    session: int
    message: UserMessage
    lost: bool = False


@dataclass(frozen=True)
class _OpenCapture:
    session: int
    source: AudioSource
    buffer: AudioSink


class Capture(QtCore.QObject):
    """Opens and closes the microphone for one dictation at a time.

    Signals:
        first_block(int): the first real samples of this session arrived.
        failed(CaptureProblem): the microphone could not be opened, or went away in mid-dictation (`lost`); then the
            buffer stays open until `close`.
        level_changed(float): dBFS of the newest block, 20 times a second while a capture is open.
    """

    first_block = Signal(int)
    failed = Signal(object)
    level_changed = Signal(float)

    def __init__(self, parent: QtCore.QObject | None = None) -> None:
        super().__init__(parent)
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="audio")
        self._open_now: _OpenCapture | None = None
        self._last_block = b""
        self._ended = False
        self._newest = 0
        self._level_timer = QtCore.QTimer(self)
        self._level_timer.setInterval(_LEVEL_INTERVAL_MS)
        self._level_timer.timeout.connect(self._on_level_due)

    def open(self, session: int, source: AudioSource, buffer: AudioSink) -> None:
        """Begin to capture into `buffer`; returns at once. A capture that is still open ends first."""
        self._newest = session
        self._level_timer.start()
        self._executor.submit(self._open, session, source, buffer)

    def close(self, session: int, after_ms: int = 0) -> None:
        """Stop capturing after so many milliseconds and end the session's buffer; returns at once.

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
        self._executor.submit(self._end_open_capture)
        self._executor.shutdown(wait=True)

    def _close_now(self, session: int) -> None:
        if session == self._newest:
            self._level_timer.stop()
        if not self._ended:  # else a tail that ran out after the end
            self._executor.submit(self._close, session)

    @Slot()
    def _on_level_due(self) -> None:
        block = self._last_block
        self.level_changed.emit(level_dbfs(block) if block else SILENCE_DBFS)

    def _open(self, session: int, source: AudioSource, buffer: AudioSink) -> None:
        first = True

        def sink(block: bytes) -> None:  # PortAudio's thread: copy and leave
            nonlocal first
            buffer.write(block)
            self._last_block = block
            if first:
                first = False
                self.first_block.emit(session)

        def on_lost(error: AudioError) -> None:
            self.failed.emit(CaptureProblem(session, error.message, lost=True))

        self._end_open_capture()
        self._open_now = _OpenCapture(session, source, buffer)
        try:
            source.start(sink, on_lost)
        except AudioError as error:
            self._give_up(session, error.message)
        except Exception as error:  # noqa: BLE001  a driver's surprise must not leave the session hanging
            logger.exception("opening the microphone failed")
            params = {"device": "", "detail": type(error).__name__}
            self._give_up(session, UserMessage(MessageCode.MICROPHONE_FAILED, params=params))

    def _give_up(self, session: int, message: UserMessage) -> None:
        # Before the buffer's end, which ends the recognition too: its empty text must not be told in place of this.
        self.failed.emit(CaptureProblem(session, message))
        self._end_open_capture()

    def _close(self, session: int) -> None:
        if self._open_now is not None and self._open_now.session == session:
            self._end_open_capture()

    def _end_open_capture(self) -> None:
        capture, self._open_now = self._open_now, None
        self._last_block = b""
        if capture is None:
            return
        try:
            capture.source.stop()
        except Exception:  # noqa: BLE001  a device that is gone may fail to close; the audio is safe by now
            logger.exception("closing the microphone failed")
        capture.buffer.close()
