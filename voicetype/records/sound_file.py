"""The file of one dictation's sound while it grows. One thread, the journal's; blocks. May import `core`."""

from __future__ import annotations

import os
from pathlib import Path

from voicetype import durable
from voicetype.records import files


class SoundFile:
    """A WAV file; each block is with the system when `append` returns.

    Attributes:
        path: where it is.
        sound_bytes: how much sound is in it.
    """

    def __init__(self, path: Path) -> None:
        """Make the file. Raises OSError."""
        self.path = path
        self.sound_bytes = 0
        self._dirty = True
        self._handle = files.create_private(path)
        self._open = True
        self._known = False  # its name survives a power cut
        try:
            self._write(files.header())
        except OSError:
            os.close(self._handle)
            path.unlink(missing_ok=True)
            raise

    def append(self, block: bytes) -> None:
        """Write a block behind the others. Raises OSError; a part of it may be written then."""
        self._dirty = True
        self._write(block)
        self.sound_bytes += len(block)

    def sync(self) -> None:
        """Let what is written survive a power cut. Raises OSError."""
        if self._open and self._dirty:
            self._dirty = False
            os.fsync(self._handle)
        if not self._known:
            self._known = True
            durable.sync_folder(self.path.parent)

    def finish(self) -> None:
        """Write the true lengths into the head, sync and close; idempotent. Raises OSError, closed all the same."""
        if not self._open:
            return
        try:
            os.lseek(self._handle, 0, os.SEEK_SET)
            self._dirty = True
            self._write(files.header(self.sound_bytes))
            self.sync()
        finally:
            self._open = False
            os.close(self._handle)

    def _write(self, content: bytes) -> None:
        rest = memoryview(content)
        while rest:
            rest = rest[os.write(self._handle, rest) :]
