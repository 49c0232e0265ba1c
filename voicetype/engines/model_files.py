"""Checks of a model's files before anything is loaded from them. Any thread; reads the disk, blocks."""

from __future__ import annotations

import hashlib
import hmac
import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from voicetype.core.messages import MessageCode, ModelError

NeededFiles = Callable[[Path], Sequence[Path]]
"""The files that an engine needs in a model's folder. Raises ModelError when one is missing."""

_CHUNK_BYTES = 1 << 20
ALGORITHMS = ("sha256", "md5", "sha1")


def check_files(path: Path, needed: NeededFiles | None = None) -> tuple[Path, ...]:
    """Return the files of the model at `path`, all of them present, readable and with content.

    Args:
        path: a file, or a folder.
        needed: what a folder must hold; without it every file in it counts.

    Raises ModelError: MODEL_MISSING, MODEL_FILE_EMPTY, MODEL_FILE_UNREADABLE, and what `needed` raises.
    """
    try:
        if not path.exists():
            raise ModelError(MessageCode.MODEL_MISSING, path=path)
        if path.is_file():
            files: tuple[Path, ...] = (path,)
        else:
            files = tuple(needed(path)) if needed else tuple(sorted(file for file in path.rglob("*") if file.is_file()))
        if not files:
            raise ModelError(MessageCode.MODEL_FILE_EMPTY, path=path)
        for file in files:
            _check_file(file)
    except PermissionError as error:
        raise ModelError(MessageCode.MODEL_FILE_UNREADABLE, path=error.filename or path) from error
    return files


def _check_file(file: Path) -> None:
    if file.stat().st_size == 0:
        raise ModelError(MessageCode.MODEL_FILE_EMPTY, path=file)
    if not os.access(file, os.R_OK):
        raise ModelError(MessageCode.MODEL_FILE_UNREADABLE, path=file)


def digest(file: Path, algorithm: str = "sha256", cancelled: threading.Event | None = None) -> str:
    """Hexadecimal hash of a file, read piece by piece.

    Raises ValueError for an unknown algorithm, OSError, ModelError (ENGINE_DIED) when `cancelled` is set meanwhile.
    """
    if algorithm not in ALGORITHMS:
        raise ValueError(f"{algorithm} is none of {', '.join(ALGORITHMS)}")
    # MD5 and SHA-1 are what some publishers give; they find a broken download, not an attacker.
    state = hashlib.new(algorithm, usedforsecurity=False)
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            if cancelled is not None and cancelled.is_set():
                raise ModelError(MessageCode.ENGINE_DIED, name=file.name, detail="cancelled")
            state.update(chunk)
    return state.hexdigest()


def check_digest(
    files: Sequence[Path], expected: str, algorithm: str = "sha256", cancelled: threading.Event | None = None
) -> None:
    """Compare the hash of one file, or of several in their order, with the expected one.

    Of several files the lines "HASH  NAME" are hashed, as `sha256sum FILES | sha256sum` does it.
    Raises ModelError (MODEL_CHECKSUM) when they differ.
    """
    if len(files) == 1:
        actual = digest(files[0], algorithm, cancelled)
    else:
        lines = "".join(f"{digest(file, algorithm, cancelled)}  {file.name}\n" for file in files)
        actual = hashlib.new(algorithm, lines.encode(), usedforsecurity=False).hexdigest()
    if not hmac.compare_digest(actual, expected.strip().lower()):
        raise ModelError(MessageCode.MODEL_CHECKSUM, expected=expected, actual=actual, path=files[0])
