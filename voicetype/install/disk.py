"""Files and folders, with what goes wrong with them said in the user's words. Any thread; blocks."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from voicetype.core.messages import InstallError, Level, MessageCode

CHUNK_BYTES = 1 << 18
_MB = 1_000_000
_HELD_BY_OTHERS = {5, 32, 33}
"""Windows: access denied, sharing violation, lock violation. An antivirus or an indexer looks at whatever is new."""
_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}

Result = TypeVar("Result")


def check_cancelled(cancelled: threading.Event, name: str) -> None:
    """Raise InstallError (INSTALL_CANCELLED) for the model `name` when the event is set."""
    if cancelled.is_set():
        raise InstallError(MessageCode.INSTALL_CANCELLED, Level.INFO, name=name)


def digest(file: Path, algorithm: str, cancelled: threading.Event) -> str:
    """Hexadecimal hash of a file. Raises OSError, InstallError (INSTALL_CANCELLED)."""
    # MD5 is all that some publishers give; it finds a broken download, not an attacker.
    state = hashlib.new(algorithm, usedforsecurity=False)
    with file.open("rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            check_cancelled(cancelled, file.name)
            state.update(chunk)
    return state.hexdigest()


def demand_space(folder: Path, needed: int) -> None:
    """Raise InstallError (DISK_FULL) when fewer than `needed` bytes are free where `folder` is or will be."""
    existing = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    free = shutil.disk_usage(existing).free
    if free < needed:
        raise InstallError(MessageCode.DISK_FULL, path=folder, needed_mb=-(-needed // _MB), free_mb=free // _MB)


@contextlib.contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn an OSError of the work in `path` into an InstallError: DISK_FULL, FILE_IN_USE or FOLDER_NOT_WRITABLE."""
    try:
        yield
    except OSError as error:
        detail = error.strerror or str(error)
        if error.errno in _FULL:
            raise InstallError(MessageCode.DISK_FULL, path=path, needed_mb="?", free_mb=0) from error
        code = MessageCode.FILE_IN_USE if _held(error) else MessageCode.FOLDER_NOT_WRITABLE
        raise InstallError(code, path=error.filename or path, detail=detail) from error


def patiently(action: Callable[[], Result], patience_s: float, pause_s: float = 0.2) -> Result:
    """Do `action`, again for `patience_s` seconds while another program holds the file (Windows). Raises OSError."""
    deadline = time.monotonic() + patience_s
    while True:
        try:
            return action()
        except PermissionError as error:
            if not _held(error) or time.monotonic() >= deadline:
                raise
        time.sleep(pause_s)


def delete(path: Path) -> None:
    """Delete a file, a link or a whole folder; nothing there is fine. Raises OSError."""
    if path.is_symlink() or path.is_file():
        path.unlink(missing_ok=True)
    elif path.exists():
        shutil.rmtree(path)


def _held(error: OSError) -> bool:
    return getattr(error, "winerror", None) in _HELD_BY_OTHERS
