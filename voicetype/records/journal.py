"""The journal: the sound of each dictation on the disk from its first block on, until its text is safe.

Blocks pass through a queue to one writer thread, which gives each of them to the system at once, so that they outlive
the process, and asks the disk for them once a second, so that all but the last second outlives a power cut. No caller
ever waits for a disk. May import `core`.
"""

from __future__ import annotations

import datetime
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from loguru import logger

from voicetype.core.ports import BYTES_PER_SECOND
from voicetype.records import files
from voicetype.records.journal_folder import MB, JournalFolder, Limits, Tell

MAX_WAITING_BYTES = 2 * MB
"""Of one dictation, a minute of speech: more does not wait for a disk that has stalled."""
_SYNC_S = 1.0
_DEFAULT_LIMITS = Limits()

_Job = Callable[[], None]


class JournalEntry:
    """One dictation's sound on its way to the disk. Implements `core.ports.AudioSink`.

    Any thread; no method waits or raises. A trouble is told once, and the dictation goes on without its journal.

    Attributes:
        name: what it is called on the disk; the history keeps it beside the text.
        started_at: when it began (UTC).
    """

    def __init__(self, put: Callable[[_Job], bool], folder: JournalFolder) -> None:
        """`put` hands work on `folder` to the writer thread."""
        self.started_at = datetime.datetime.now(datetime.UTC)
        self.name = files.new_name(self.started_at)
        self._put, self._folder = put, folder
        self._state_lock = threading.Lock()
        self._taken_bytes = self._waiting_bytes = self._lost_bytes = 0
        self._closed = self._settled = False
        put(lambda: folder.begin(self.name))

    @property
    def duration_s(self) -> float:
        """Seconds of sound that came so far."""
        with self._state_lock:
            return self._taken_bytes / BYTES_PER_SECOND

    @property
    def lost_s(self) -> float:
        """Seconds of sound that are not in the journal because the disk had stalled."""
        with self._state_lock:
            return self._lost_bytes / BYTES_PER_SECOND

    def write(self, block: bytes) -> None:
        """Take the next block; nothing after `close`."""
        with self._state_lock:
            if self._closed:
                return
            self._taken_bytes += len(block)
            if self._waiting_bytes + len(block) > MAX_WAITING_BYTES:
                self._lost_bytes += len(block)
                return
            self._waiting_bytes += len(block)
            # Inside, so that no block can come behind the end.
            self._put(lambda: self._append(block))

    def close(self) -> None:
        """The sound has ended: the file gets its true length and goes to the disk; idempotent."""
        with self._state_lock:
            if not self._closed:
                self._closed = True
                self._put(self._finish)

    def done(self, keep: bool) -> None:
        """The text is safe: delete the sound or, with `keep`, move it to the recordings. Only the first end counts."""
        self._settle(lambda: self._folder.take_away(self.name, keep))

    def keep_for_later(self) -> None:
        """Leave the sound to be recognised another time; it is left over then. Only the first end counts."""
        self._settle(lambda: self._folder.leave(self.name))

    def _settle(self, job: _Job) -> None:
        self.close()
        with self._state_lock:
            if not self._settled:
                self._settled = True
                self._put(job)

    def _append(self, block: bytes) -> None:
        try:
            self._folder.append(self.name, block)
        finally:
            with self._state_lock:
                self._waiting_bytes -= len(block)

    def _finish(self) -> None:
        if lost := self.lost_s:
            logger.warning("the disk has stalled: {:.1f} s of sound are not in the journal", lost)
        self._folder.finish(self.name)


class Journal:
    """The journal of one process, and its writer thread, which starts with the first use. Any thread."""

    def __init__(self, folder: Path, recordings: Path, tell: Tell, limits: Limits = _DEFAULT_LIMITS) -> None:
        """Take the places; nothing is written yet.

        Args:
            folder: where sound is until its text is safe; one process uses it at a time, others are told so.
            recordings: where sound goes that the user keeps.
            tell: takes what the user should know; called on the writer thread.
            limits: how much room it takes.
        """
        self._folder = JournalFolder(folder, recordings, tell, limits)
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._ended = False

    def begin(self) -> JournalEntry:
        """The entry of a dictation that starts now; returns at once."""
        return JournalEntry(self._put, self._folder)

    def left_over(self) -> Future[tuple[Path, ...]]:
        """Sound files of dictations that nobody finished, oldest first: whole and of true length.

        Those too short for a word are deleted. None while another process uses the folder, and after `close`.
        """
        found: Future[tuple[Path, ...]] = Future()

        def look() -> None:
            paths: tuple[Path, ...] = ()
            try:
                paths = self._folder.left_over()
            finally:  # whoever waits must not wait for ever
                found.set_result(paths)

        if not self._put(look):
            found.set_result(())
        return found

    def take_away(self, path: Path, keep: bool) -> None:
        """Delete a left-over or, with `keep`, move it to the recordings; returns at once."""
        self._put(lambda: self._folder.take_file(path, keep))

    def delete_recording(self, name: str) -> None:
        """Delete one recording; returns at once."""
        self._put(lambda: self._folder.delete_recordings(name.__eq__))

    def delete_recordings(self, before: datetime.datetime | None) -> None:
        """Delete the recordings of dictations that began before a moment (aware), None for all; returns at once."""
        self._put(lambda: self._folder.delete_recordings(lambda name: before is None or _began_before(name, before)))

    def close(self, timeout_s: float) -> None:
        """Write what waits and end the thread; idempotent. What is not settled is left over.

        A disk that does not answer within `timeout_s` is left alone and cannot keep the program from ending.
        """
        with self._lock:
            if not self._ended and self._thread is not None:
                self._jobs.put(None)
            self._ended = True
        if self._thread is not None:
            self._thread.join(timeout_s)

    def _put(self, job: _Job) -> bool:
        """Have the writer thread do `job` after all others. False after `close`."""
        with self._lock:
            if self._ended:
                return False
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
                self._thread.start()
            self._jobs.put(job)
        return True

    def _run(self) -> None:
        sync_at: float | None = None
        while True:
            try:
                job = self._jobs.get(timeout=None if sync_at is None else max(0.0, sync_at - time.monotonic()))
            except queue.Empty:
                job = _nothing
            if job is None:
                break
            self._do(job)
            if sync_at is None:
                sync_at = time.monotonic() + _SYNC_S
            elif time.monotonic() >= sync_at:
                self._do(self._folder.sync)
                sync_at = None
        self._do(self._folder.close)

    def _do(self, job: _Job) -> None:
        try:
            job()
        except Exception:  # noqa: BLE001  one dictation's trouble must not end the journal of the next
            logger.exception("the journal failed")


def _began_before(name: str, moment: datetime.datetime) -> bool:
    try:
        return files.time_of(name) < moment
    except ValueError:  # named by somebody else
        return False


def _nothing() -> None:
    """Woken to sync only."""
