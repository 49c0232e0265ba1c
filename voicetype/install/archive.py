"""Unpacks a zip or copies a folder that somebody else made, trusting nothing in it. Any thread; blocks.

Everything is looked at before the first byte is written: names that leave the folder or that Windows cannot have,
links, devices, too many files, more bytes than a model has. So what is refused leaves nothing behind.
"""

from __future__ import annotations

import contextlib
import hashlib
import lzma
import os
import re
import stat
import threading
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from voicetype.core.messages import InstallError, MessageCode
from voicetype.core.progress import OnProgress, Stage
from voicetype.install import disk
from voicetype.install.progress import Meter, ignore

_JUNK = {"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"}
"""What file managers add to archives and folders."""
_FORBIDDEN = re.compile(r'[<>:"|?*\x00-\x1f\x7f]')
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\.|$)", re.IGNORECASE)
_LONGEST_NAME = 255
_ENCRYPTED = 0x1


@dataclass(frozen=True)
class Limits:
    """How much a model may be.

    Attributes:
        files: a large Vosk model has some dozens.
        total_bytes: unpacked; the largest Vosk models are half as large.
        ratio: unpacked against packed; models are packed to a half at best, a bomb to a thousandth.
        free_bytes: up to here the ratio is not looked at, since text is packed well.
    """

    files: int = 5000
    total_bytes: int = 8_000_000_000
    ratio: int = 50
    free_bytes: int = 50_000_000


@dataclass(frozen=True)
class Entry:
    """A file in a source: its place in it (as the source writes it), its path in the model ("/" between), its bytes."""

    place: str
    path: str
    size: int


@dataclass(frozen=True)
class FileRecord:
    """A file as it was written: path in the model ("/" between), bytes, SHA-256 in hexadecimal."""

    path: str
    size: int
    sha256: str


class Source(Protocol):
    """Where a model comes from."""

    path: Path
    packed_bytes: int | None

    def entries(self) -> list[Entry]:
        """All files. Raises InstallError (ARCHIVE_UNSAFE, ARCHIVE_BROKEN), OSError."""
        ...

    def open(self, entry: Entry) -> contextlib.AbstractContextManager[BinaryIO]:
        """One file's content. Raises OSError and what zipfile raises."""
        ...


class ZipSource:
    """A zip archive; the caller closes it. Raises InstallError (ARCHIVE_BROKEN) when it is none."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.packed_bytes: int | None = path.stat().st_size
        with _broken_archive(path):
            self._zip = zipfile.ZipFile(path)

    def close(self) -> None:
        """Let go of the file."""
        self._zip.close()

    def entries(self) -> list[Entry]:
        """As `Source.entries`."""
        found = []
        for info in self._zip.infolist():
            # Old Windows programs write backslashes, which are part of a name elsewhere.
            path = info.filename.replace("\\", "/")
            kind = stat.S_IFMT(info.external_attr >> 16)
            if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
                raise _unsafe(self.path, f"{path}: a link or a device")
            if info.flag_bits & _ENCRYPTED:
                raise InstallError(MessageCode.ARCHIVE_BROKEN, path=self.path, detail=f"{path}: encrypted")
            if path.endswith("/") or kind == stat.S_IFDIR:
                checked_path(self.path, path)
            else:
                found.append(Entry(info.filename, path, info.file_size))
        return found

    def open(self, entry: Entry) -> contextlib.AbstractContextManager[BinaryIO]:
        """As `Source.open`."""
        return cast(contextlib.AbstractContextManager[BinaryIO], self._zip.open(entry.place))


class FolderSource:
    """A folder; links in it are refused, since what they point to is not of the model."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.packed_bytes: int | None = None

    def close(self) -> None:
        """Nothing to let go of."""

    def entries(self) -> list[Entry]:
        """As `Source.entries`."""
        return list(self._below(self.path, ""))

    def _below(self, folder: Path, prefix: str) -> Iterator[Entry]:
        with os.scandir(folder) as found:
            for item in sorted(found, key=lambda item: item.name):
                path = f"{prefix}{item.name}"
                mode = item.stat(follow_symlinks=False).st_mode
                if stat.S_ISDIR(mode):
                    yield from self._below(folder / item.name, f"{path}/")
                elif stat.S_ISREG(mode):
                    yield Entry(path, path, item.stat(follow_symlinks=False).st_size)
                else:
                    raise _unsafe(self.path, f"{path}: a link or a device")

    def open(self, entry: Entry) -> contextlib.AbstractContextManager[BinaryIO]:
        """As `Source.open`."""
        return (self.path / entry.place).open("rb")


def open_source(path: Path) -> ZipSource | FolderSource:
    """The folder or zip archive at `path`. Raises InstallError (IMPORT_NOT_FOUND, ARCHIVE_BROKEN)."""
    with _unreadable(path):
        if path.is_dir():
            return FolderSource(path)
        if path.is_file():
            return ZipSource(path)
    raise InstallError(MessageCode.IMPORT_NOT_FOUND, path=path)


def listed(source: Source, limits: Limits = Limits()) -> tuple[str, list[Entry]]:
    """The name of the one folder that everything in `source` is in ("" = none), and the files below it.

    Raises InstallError: ARCHIVE_UNSAFE, ARCHIVE_BROKEN.
    """
    with _unreadable(source.path):
        entries = source.entries()
    if len(entries) > limits.files:
        raise _unsafe(source.path, f"{len(entries)} files, more than {limits.files}")
    entries = [replace(entry, path=checked_path(source.path, entry.path)) for entry in entries]
    entries = [entry for entry in entries if not _JUNK & set(entry.path.split("/"))]
    _check_sizes(source, sum(entry.size for entry in entries), limits)
    _check_collisions(source.path, [entry.path for entry in entries])
    tops = {entry.path.partition("/")[0] if "/" in entry.path else "" for entry in entries}
    top = tops.pop() if len(tops) == 1 else ""
    if top:
        entries = [replace(entry, path=entry.path.partition("/")[2]) for entry in entries]
    return top, entries


def checked_path(archive: Path, path: str) -> str:
    """`path` without needless parts, if it stays inside and any system can have it. Raises InstallError."""
    if path.startswith("/"):
        raise _unsafe(archive, f"{path}: an absolute path")
    parts = [part for part in path.split("/") if part not in {"", "."}]
    for part in parts:
        if part == ".." or not is_portable_name(part):
            raise _unsafe(archive, f"{path!a}: not a name that stays inside and is valid everywhere")
    return "/".join(parts)


def is_portable_name(name: str) -> bool:
    """Whether Windows and Linux can both have a file or folder of this name."""
    return (
        bool(name)
        and name not in {".", ".."}
        and not _FORBIDDEN.search(name)
        and not _RESERVED.match(name)
        and not {"/", "\\"} & set(name)
        and not name.endswith((".", " "))
        and len(name.encode("utf-8", "surrogatepass")) <= _LONGEST_NAME
        and not any(0xD800 <= ord(letter) <= 0xDFFF for letter in name)
    )


def unpack(
    source: Source,
    entries: list[Entry],
    target: Path,
    *,
    on_progress: OnProgress = ignore,
    cancelled: threading.Event | None = None,
) -> tuple[FileRecord, ...]:
    """Write `entries` (of `listed`) into the new folder `target`, each synced to the disk; returns what was written.

    Raises InstallError: ARCHIVE_BROKEN, ARCHIVE_UNSAFE, INSTALL_CANCELLED; OSError. What was written until then stays.
    """
    cancelled = cancelled or threading.Event()
    meter = Meter(Stage.UNPACKING, on_progress, sum(entry.size for entry in entries))
    target.mkdir(parents=True)
    records = []
    with _broken_archive(source.path):
        for entry in entries:
            file = target.joinpath(*entry.path.split("/"))
            file.parent.mkdir(parents=True, exist_ok=True)
            records.append(_write(source, entry, file, meter, cancelled))
    meter.finish()
    return tuple(records)


def _write(source: Source, entry: Entry, file: Path, meter: Meter, cancelled: threading.Event) -> FileRecord:
    state, size = hashlib.sha256(), 0
    with _unreadable(source.path):
        opened = source.open(entry)

    def read() -> bytes:
        with _unreadable(source.path):
            return stream.read(disk.CHUNK_BYTES)

    with opened as stream, file.open("xb") as output:
        while chunk := read():
            disk.check_cancelled(cancelled, source.path.name)
            size += len(chunk)
            # What the directory of an archive says of its files need not be true.
            if size > entry.size:
                raise _unsafe(source.path, f"{entry.path}: more bytes than announced")
            output.write(chunk)
            state.update(chunk)
            meter.add(len(chunk))
        output.flush()
        os.fsync(output.fileno())
    if size != entry.size:
        raise InstallError(MessageCode.ARCHIVE_BROKEN, path=source.path, detail=f"{entry.path}: {size} bytes")
    return FileRecord(entry.path, size, state.hexdigest())


def _check_sizes(source: Source, total: int, limits: Limits) -> None:
    allowed = limits.total_bytes
    if source.packed_bytes is not None:
        allowed = min(allowed, max(limits.free_bytes, limits.ratio * source.packed_bytes))
    if total > allowed:
        raise _unsafe(source.path, f"{total} bytes unpacked, more than {allowed}")


def _check_collisions(archive: Path, paths: list[str]) -> None:
    """Refuse two files of one name, or a file that is a folder too, where case does not count either."""
    files = [path.lower() for path in paths]
    folders = {"/".join(parts[:end]) for parts in (path.split("/") for path in files) for end in range(1, len(parts))}
    if len(set(files)) != len(files) or folders & set(files):
        raise _unsafe(archive, "two files of the same name")


def _unsafe(archive: Path, detail: str) -> InstallError:
    return InstallError(MessageCode.ARCHIVE_UNSAFE, path=archive, detail=detail)


@contextlib.contextmanager
def _broken_archive(path: Path) -> Iterator[None]:
    # RuntimeError and NotImplementedError: a kind of encryption or packing that zipfile does not know.
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError, ValueError) as error:
        raise InstallError(MessageCode.ARCHIVE_BROKEN, path=path, detail=error) from error


@contextlib.contextmanager
def _unreadable(path: Path) -> Iterator[None]:
    """Tell a failure to read apart from one to write, which the caller tells."""
    try:
        yield
    except OSError as error:
        raise InstallError(MessageCode.ARCHIVE_BROKEN, path=path, detail=error.strerror or error) from error
