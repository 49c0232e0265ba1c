"""What was installed: a list of files beside them, by which `verify` finds a damaged one. Any thread; blocks."""

from __future__ import annotations

import datetime
import json
import os
import threading
from dataclasses import asdict, dataclass
from pathlib import Path

from voicetype.install import disk
from voicetype.install.archive import FileRecord, checked_path

MANIFEST_NAME = "voicetype-manifest.json"
_VERSION = 1


@dataclass(frozen=True)
class Manifest:
    """What was installed.

    Attributes:
        name: the model's.
        engine: SPEECH or PUNCTUATION.
        version: the publisher's, "" where it is not known.
        source: the address that it is from, or the file name of what was imported.
        archive_sha256: of the archive, "" where there was none.
        installed: ISO 8601, UTC.
        files: all of them but the manifest.
    """

    name: str
    engine: str
    version: str
    source: str
    archive_sha256: str
    installed: str
    files: tuple[FileRecord, ...]


@dataclass(frozen=True)
class Verification:
    """How a model's files compare to what was installed; paths in the model's folder.

    Attributes:
        name: the model's.
        path: its folder.
        known: whether there is something to compare with; without it only the engine's files were looked for.
        missing: files that are gone, or in a folder that may not be entered.
        changed: files with other bytes, or that cannot be read.
        extra: files that were not installed; they do no harm.
    """

    name: str
    path: Path
    known: bool
    missing: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the model is whole."""
        return not self.missing and not self.changed


def now() -> str:
    """The time for `Manifest.installed`."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Put it into `folder`, synced to the disk. Raises OSError."""
    text = json.dumps({"manifest_version": _VERSION, **asdict(manifest)}, ensure_ascii=False, indent=1)
    with (folder / MANIFEST_NAME).open("w", encoding="utf-8") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest in `folder`; None when there is none, or none that can be understood."""
    try:
        data = json.loads((folder / MANIFEST_NAME).read_text(encoding="utf-8"))
        if data.pop("manifest_version") != _VERSION:
            return None
        data["files"] = tuple(FileRecord(**record) for record in data["files"])
        manifest = Manifest(**data)
    except (OSError, ValueError, TypeError, AttributeError, KeyError):
        return None
    return manifest


def compare(folder: Path, name: str, files: tuple[FileRecord, ...], cancelled: threading.Event) -> Verification:
    """Read and hash all of `files` in `folder`. Raises InstallError (INSTALL_CANCELLED, ARCHIVE_UNSAFE)."""
    missing, changed = [], []
    for record in files:
        # A manifest that somebody edited must not make us read elsewhere.
        file = folder / checked_path(folder / MANIFEST_NAME, record.path)
        if not os.path.isfile(file):  # False also where nobody may look
            missing.append(record.path)
        elif not _is_same(file, record, cancelled):
            changed.append(record.path)
    known = {record.path for record in files} | {MANIFEST_NAME}
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    return Verification(name, folder, True, tuple(missing), tuple(changed), tuple(sorted(there - known)))


def _is_same(file: Path, record: FileRecord, cancelled: threading.Event) -> bool:
    try:
        # A size of -1 is that of a record made from a catalogue that does not know it.
        if record.size >= 0 and file.stat().st_size != record.size:
            return False
        return disk.digest(file, "sha256", cancelled) == record.sha256
    except OSError:
        return False
