"""Remembers devices that failed to run a model, so that a crash is not repeated at every start. Any thread; a file.

A note holds for the versions that failed: a new release of the program or of onnxruntime gets a new try. So does a
user who asks for the device by name.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path

import yaml
from loguru import logger

from voicetype import __version__


def _versions() -> str:
    import importlib.metadata  # here, since few starts come this way and it takes 10 ms

    for package in ("onnxruntime-directml", "onnxruntime"):
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            return f"{__version__}, {package} {importlib.metadata.version(package)}"
    return __version__


class DeviceMemory:
    """The notes of failed devices in a small YAML file; a broken file counts as empty."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def reason(self, device: str) -> str:
        """Why `device` is not to be tried; "" when nothing speaks against it."""
        note = self._read().get(device)
        if isinstance(note, dict) and note.get("versions") == _versions():
            return str(note.get("reason", ""))
        return ""

    def remember(self, device: str, reason: str) -> None:
        """Note that `device` failed. A file that cannot be written only costs another try at the next start."""
        notes = {**self._read(), device: {"reason": reason, "versions": _versions()}}
        self._write(notes)

    def forget(self, device: str) -> None:
        """Take the note back: the device works."""
        notes = dict(self._read())
        if notes.pop(device, None) is not None:
            self._write(notes)

    def _read(self) -> Mapping[str, object]:
        try:
            notes = yaml.safe_load(self._path.read_text(encoding="utf-8"))
        except (OSError, UnicodeError, yaml.YAMLError):
            return {}
        return notes if isinstance(notes, dict) else {}

    def _write(self, notes: Mapping[str, object]) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.write_text(yaml.safe_dump(dict(notes), allow_unicode=True), encoding="utf-8")
        except OSError as error:
            logger.warning("cannot note what failed: {}", error)
