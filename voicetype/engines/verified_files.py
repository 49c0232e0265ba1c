"""Compares files with the hashes that they must have, and remembers which were right. Any thread; blocks.

Hashing a large model takes seconds. A file that has the size and the times that it had when its hash was right is not
read again, by this process nor, with a file to remember in, by a later one.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping
from pathlib import Path

from loguru import logger

from voicetype.core.messages import MessageCode, ModelError
from voicetype.engines.model_files import digest

_MOST_ENTRIES = 1000
"""A model has some ten files; what is older than this is of models that are long gone."""


class VerifiedFiles:
    """Thread-safe. `memory`: a file to remember in; None: remember only in this process."""

    def __init__(self, memory: Path | None = None) -> None:
        self._memory = memory
        self._lock = threading.Lock()
        self._seen: dict[str, list[object]] | None = None

    def check(self, expected: Mapping[Path, str], cancelled: threading.Event | None = None) -> None:
        """Raise ModelError (MODEL_MISSING, MODEL_CHECKSUM) unless each file has the SHA-256 that is expected of it.

        `cancelled`: set by another thread, it ends the reading with ModelError (ENGINE_DIED).
        """
        learnt = False
        for file, sha256 in expected.items():
            try:
                mark = _mark(file, sha256)
            except OSError as error:
                raise ModelError(MessageCode.MODEL_MISSING, path=file) from error
            if self._known().get(str(file)) == mark:
                continue
            actual = digest(file, "sha256", cancelled)
            if actual != sha256.lower():
                raise ModelError(MessageCode.MODEL_CHECKSUM, expected=sha256, actual=actual, path=file)
            with self._lock:
                self._known()[str(file)] = mark
            learnt = True
        if learnt:
            self._save()

    def _known(self) -> dict[str, list[object]]:
        if self._seen is None:
            self._seen = self._read()
        return self._seen

    def _read(self) -> dict[str, list[object]]:
        if self._memory is None:
            return {}
        try:
            data = json.loads(self._memory.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return data if isinstance(data, dict) else {}

    def _save(self) -> None:
        if self._memory is None:
            return
        with self._lock:
            newest = dict(list(self._known().items())[-_MOST_ENTRIES:])
            temporary = self._memory.with_name(f"{self._memory.name}.{os.getpid()}")
            try:
                self._memory.parent.mkdir(parents=True, exist_ok=True)
                temporary.write_text(json.dumps(newest), encoding="utf-8")
                os.replace(temporary, self._memory)
            except OSError as error:  # then the next start reads the files once more
                logger.info("what was verified is not remembered: {}", error)


def _mark(file: Path, sha256: str) -> list[object]:
    stat = file.stat()
    # The time of the last change of the entry is harder to set back than that of the content.
    return [sha256.lower(), stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns]
