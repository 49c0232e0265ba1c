"""The journal's folder: files of dictations under way, limits, what was left over. One thread, the journal's; blocks.

May import `core`.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from loguru import logger

from voicetype import durable
from voicetype.core.messages import Level, MessageCode, RecordsError, UserMessage
from voicetype.core.ports import BYTES_PER_SECOND
from voicetype.records import files
from voicetype.records.sound_file import SoundFile

if TYPE_CHECKING:
    import filelock

MB = 1_000_000
SHORTEST_S = 0.3
"""Nobody has said a word in less."""
_LOCK = "lock"
_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_LOCKLESS = {errno.ENOSYS, errno.ENOLCK, getattr(errno, "EOPNOTSUPP", errno.ENOSYS)}
"""What network disks say that cannot lock; there it is the single start of the program that keeps others out."""

Tell = Callable[[UserMessage], None]


@dataclass(frozen=True)
class Limits:
    """How much room the journal takes.

    Attributes:
        folder_bytes: all that is in the folder; 1 GB is more than eight hours of speech.
        spare_bytes: what stays free on the disk, for programs that need it more.
    """

    folder_bytes: int = 1_000 * MB
    spare_bytes: int = 200 * MB


@dataclass
class _Live:
    """A dictation under way. `failed`: its journal has ended; `unchecked`: bytes since the limits were seen to."""

    file: SoundFile | None = None
    failed: bool = False
    unchecked: int = 0


class JournalFolder:
    """Files by the names of their dictations. No method raises: a trouble is told, once for each dictation.

    An operating system's lock, which ends with its process, keeps two processes apart; `tell` takes the messages.
    """

    def __init__(self, folder: Path, recordings: Path, tell: Tell, limits: Limits) -> None:
        self._folder, self._recordings = folder, recordings
        self._tell = tell
        self._limits = limits
        self._live: dict[str, _Live] = {}
        self._lock: filelock.BaseFileLock | None = None

    def begin(self, name: str) -> None:
        """A dictation starts. Its file is made before the first block is there, which then goes into it at once."""
        live = self._live[name] = _Live()
        try:
            live.file = self._new_file(name)
        except (OSError, RecordsError) as error:
            self._fail(live, error)

    def append(self, name: str, block: bytes) -> None:
        """Write the next block of a dictation."""
        live = self._live[name]
        live.unchecked += len(block)
        try:
            if live.unchecked > BYTES_PER_SECOND and not live.failed:
                live.unchecked = len(block)
                self._make_room()
        except (OSError, RecordsError) as error:
            self._fail(live, error)
        self._attempt(live, lambda file: file.append(block))

    def sync(self) -> None:
        """Bring to the disk what is written."""
        for live in self._live.values():
            self._attempt(live, SoundFile.sync)

    def finish(self, name: str) -> None:
        """The sound of a dictation has ended."""
        self._attempt(self._live[name], SoundFile.finish)

    def leave(self, name: str) -> None:
        """Keep a dictation's file for another time, if there is a word in it."""
        live = self._live.pop(name)
        self._attempt(live, SoundFile.finish)
        if live.file is not None and live.file.sound_bytes < SHORTEST_S * BYTES_PER_SECOND:
            self.take_file(live.file.path, keep=False)

    def take_away(self, name: str, keep: bool) -> None:
        """Delete a dictation's file or, with `keep`, move it to the recordings."""
        live = self._live.pop(name)
        self._attempt(live, SoundFile.finish)
        if live.file is not None:
            self.take_file(live.file.path, keep)

    def take_file(self, path: Path, keep: bool) -> None:
        """Delete a file that nobody works on or, with `keep`, move it to the recordings."""
        try:
            keep = keep and files.duration_s(path) >= SHORTEST_S
            if keep:
                files.make_private_folder(self._recordings)
                durable.patiently(lambda: os.replace(path, self._recordings / path.name))
                durable.sync_folder(self._recordings)
            else:
                durable.patiently(lambda: path.unlink(missing_ok=True))
        except FileNotFoundError:
            logger.debug("a sound was gone already")
        except OSError as error:
            code = MessageCode.RECORDING_NOT_KEPT if keep else MessageCode.SOUND_NOT_DELETED
            self._tell(_about(code, self._recordings if keep else path, error))

    def delete_recordings(self, wanted: Callable[[str], bool]) -> None:
        """Delete the recordings whose names are wanted."""
        for path in files.sounds_in(self._recordings):
            if wanted(path.stem):
                self.take_file(path, keep=False)

    def left_over(self) -> tuple[Path, ...]:
        """Files that nobody works on, oldest first, with their heads put right; those too short are deleted."""
        try:
            if not self._folder.is_dir() or not self._owned():
                return ()
        except OSError as error:
            self._tell(_about(MessageCode.JOURNAL_NOT_READ, self._folder, error))
            return ()
        return tuple(path for path in self._idle_files() if self._is_whole(path))

    def close(self) -> None:
        """Finish what is open, which is left over then, and let others use the folder."""
        for name in tuple(self._live):
            self.leave(name)
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def _is_whole(self, path: Path) -> bool:
        """Put a left-over's head right, or delete it when it is too short."""
        try:
            if files.duration_s(path) < SHORTEST_S:
                durable.patiently(path.unlink)
                return False
            files.repair(path)
        except OSError as error:
            self._tell(_about(MessageCode.JOURNAL_NOT_READ, path, error))
            return False
        return True

    def _new_file(self, name: str) -> SoundFile:
        files.make_private_folder(self._folder)
        if not self._owned():
            raise RecordsError(MessageCode.JOURNAL_BUSY, Level.WARNING, path=self._folder)
        self._make_room()
        return SoundFile(self._folder / f"{name}{files.SUFFIX}")

    def _make_room(self) -> None:
        """See to the limits; the oldest left-overs make way. Raises OSError, RecordsError."""
        limit = self._limits.folder_bytes
        used = sum(path.stat().st_size for path in files.sounds_in(self._folder)) + BYTES_PER_SECOND
        deleted = 0
        for path in self._idle_files() if used > limit else ():
            if used > limit:
                used -= path.stat().st_size
                durable.patiently(path.unlink)
                deleted += 1
        if deleted:
            self._tell(UserMessage(MessageCode.JOURNAL_OLD_DELETED, Level.WARNING, {"count": str(deleted)}))
        if used > limit:
            raise RecordsError(MessageCode.JOURNAL_FULL, Level.WARNING, limit_mb=limit // MB)
        free = shutil.disk_usage(self._folder).free
        if free < self._limits.spare_bytes:
            raise RecordsError(MessageCode.JOURNAL_DISK_FULL, Level.WARNING, path=self._folder, free_mb=free // MB)

    def _idle_files(self) -> list[Path]:
        return [path for path in files.sounds_in(self._folder) if path.stem not in self._live]

    def _owned(self) -> bool:
        """Whether this process may use the folder. Raises OSError."""
        import filelock  # a fiftieth of a second that only this thread has to spare

        if self._lock is None:
            lock = filelock.FileLock(self._folder / _LOCK, mode=0o600)
            try:
                lock.acquire(blocking=False)
            except filelock.Timeout:
                return False
            except (OSError, NotImplementedError) as error:
                if isinstance(error, OSError) and error.errno not in _LOCKLESS:
                    raise
                logger.warning("the disk of the journal knows no locks")
            self._lock = lock
        return True

    def _attempt(self, live: _Live, action: Callable[[SoundFile], None]) -> None:
        if live.file is None or live.failed:
            return
        try:
            action(live.file)
        except OSError as error:
            self._fail(live, error)

    def _fail(self, live: _Live, error: OSError | RecordsError) -> None:
        """End the journal of one dictation with what it has so far, and tell why."""
        live.failed = True
        self._tell(self._message_of(error))
        if live.file is not None:
            try:
                live.file.finish()
            except OSError as again:
                logger.warning("a file of the journal has no true length: {}", again.strerror)

    def _message_of(self, error: OSError | RecordsError) -> UserMessage:
        if isinstance(error, RecordsError):
            return error.message
        if error.errno in _FULL:
            params = {"path": str(self._folder), "free_mb": "0"}
            return UserMessage(MessageCode.JOURNAL_DISK_FULL, Level.WARNING, params)
        return _about(MessageCode.JOURNAL_NOT_WRITTEN, self._folder, error)


def _about(code: MessageCode, path: Path, error: OSError) -> UserMessage:
    params = {"path": str(path), "detail": error.strerror or type(error).__name__}
    return UserMessage(code, Level.WARNING, params)
