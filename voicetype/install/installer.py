"""Installs, imports, checks and removes models in one folder. Any thread; everything here blocks."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from voicetype.core.messages import InstallError, MessageCode, VoiceTypeError
from voicetype.core.progress import OnProgress, Progress, Stage
from voicetype.install import disk
from voicetype.install.archive import (
    Entry,
    FileRecord,
    FolderSource,
    Limits,
    Source,
    ZipSource,
    is_portable_name,
    listed,
    open_source,
    unpack,
)
from voicetype.install.catalogue import Catalogue, CatalogueModel, Part
from voicetype.install.download import Patience, fetch
from voicetype.install.manifest import (
    MANIFEST_NAME,
    Manifest,
    Verification,
    compare,
    now,
    read_manifest,
    write_manifest,
)
from voicetype.install.offline import open_session
from voicetype.install.progress import ignore
from voicetype.install.replacement import WORKSHOP_NAME, Workshop

NeededFiles = Callable[[Path], Sequence[Path]]
"""The files that an engine needs in a model's folder. Raises VoiceTypeError when one is missing."""


@dataclass(frozen=True)
class InstalledModel:
    """A model in the folder.

    Attributes:
        name: its folder's.
        engine: SPEECH or PUNCTUATION.
        path: its folder.
        version: "" where it is not known.
        size: bytes on the disk.
        source: where it is from, "" when it was not put there by this program.
    """

    name: str
    engine: str
    path: Path
    version: str
    size: int
    source: str


class Installer:
    """Changes the models in `models_dir`.

    Args:
        models_dir: where the models are; made when something is installed.
        catalogue: what can be downloaded.
        needed_files: what each engine needs, by SPEECH and PUNCTUATION.
        patience: with servers.
        limits: for archives and folders.
        lock_wait_s: how long to wait for another process that installs.
        held_s: how long to wait for a file that another program holds (Windows).
    """

    def __init__(
        self,
        models_dir: Path,
        catalogue: Catalogue,
        needed_files: Mapping[str, NeededFiles],
        *,
        patience: Patience = Patience(),  # noqa: B008  frozen
        limits: Limits = Limits(),  # noqa: B008  frozen
        lock_wait_s: float = 0.0,
        held_s: float = 10.0,
    ) -> None:
        self._models = models_dir
        self._catalogue = catalogue
        self._needed = needed_files
        self._patience = patience
        self._limits = limits
        self._workshop = Workshop(models_dir, lock_wait_s=lock_wait_s, held_s=held_s)

    def install(
        self,
        name: str,
        *,
        again: bool = False,
        on_progress: OnProgress = ignore,
        cancelled: threading.Event | None = None,
    ) -> InstalledModel:
        """Download the model `name` of the catalogue and put it in place; one that is there and whole stays.

        `again`: fetch it all the same. `cancelled`: stops it, and what has arrived is kept for the next time.
        Raises InstallError with any code of its own but MODEL_NOT_INSTALLED and IMPORT_NOT_FOUND.
        """
        cancelled = cancelled or threading.Event()
        model = self._catalogue.find(name)
        if not model.parts:
            raise InstallError(MessageCode.MODEL_IMPORT_ONLY, name=name, homepage=model.homepage)
        with self._workshop.locked(), _named(name), self._dropped_if_useless(model):
            if not again and self._is_there(model, cancelled):
                return self._describe(self._models / name)
            downloads = self._workshop.downloads(name)
            self._fetch(model, downloads, on_progress, cancelled)
            names = {part.file for part in model.parts}
            source = ZipSource(downloads / model.parts[0].download_name) if "" in names else FolderSource(downloads)
            with contextlib.closing(source):
                _, entries = listed(source, self._limits)
                entries = [entry for entry in entries if "" in names or entry.path in names]
                self._build(name, model.parts[0].urls[0], source, entries, on_progress, cancelled)
            with contextlib.suppress(OSError):
                disk.delete(downloads)
            return self._describe(self._models / name)

    def import_model(
        self,
        path: Path,
        *,
        name: str = "",
        on_progress: OnProgress = ignore,
        cancelled: threading.Event | None = None,
    ) -> InstalledModel:
        """Copy the model in the folder or zip archive `path` here; it replaces one of the same name.

        `name`: "" = that of the folder, or of the folder in the archive. Raises InstallError as `install`, and
        IMPORT_NOT_FOUND, MODEL_NAME_INVALID.
        """
        source = open_source(path)
        with contextlib.closing(source):
            top, entries = listed(source, self._limits)
            if not name:
                name = top or (path.stem if isinstance(source, ZipSource) else path.resolve().name)
            self._check_name(name)
            if isinstance(source, FolderSource):
                self._engine_of(path / top, shown=path)  # before gigabytes of something else are copied
            with self._workshop.locked(), _named(name):
                self._build(name, path.name, source, entries, on_progress, cancelled or threading.Event())
        return self._describe(self._models / name)

    def remove(self, name: str) -> None:
        """Delete the model `name` and what was downloaded for it, or the latter where that is all there is.

        Raises InstallError: MODEL_NOT_INSTALLED, MODEL_NAME_INVALID, NOT_A_MODEL (a folder of something else),
        INSTALL_BUSY, FILE_IN_USE, FOLDER_NOT_WRITABLE.
        """
        begun = self._workshop.downloads(name)
        if self._catalogue.get(name) and any(begun.glob("*")) and not os.path.lexists(self._models / name):
            with self._workshop.locked(), disk.told(begun):
                disk.delete(begun)
            return
        path = self._existing(name)
        with self._workshop.locked():
            if read_manifest(path) is None and self._catalogue.get(name) is None:
                self._engine_of(path)
            self._workshop.take_away(name)

    def verify(self, name: str, cancelled: threading.Event | None = None) -> Verification:
        """Read all files of the model `name` and compare them with what was installed.

        Raises InstallError: MODEL_NOT_INSTALLED, MODEL_NAME_INVALID, INSTALL_CANCELLED.
        """
        path = self._existing(name)
        cancelled = cancelled or threading.Event()
        if manifest := read_manifest(path):
            return compare(path, name, manifest.files, cancelled)
        model = self._catalogue.get(name)
        records = [FileRecord(part.file, part.bytes or -1, part.sha256) for part in model.parts] if model else []
        if records and all(record.path and record.sha256 for record in records):
            return compare(path, name, tuple(records), cancelled)
        try:
            self._engine_of(path)
        except InstallError as error:
            return Verification(name, path, False, missing=(error.message.params["missing"],))
        return Verification(name, path, False)

    def installed(self) -> tuple[InstalledModel, ...]:
        """All models in the folder, by name; a quick look that hashes nothing."""
        found = []
        with contextlib.suppress(OSError):  # not made yet, or not readable: nothing is installed there
            for path in sorted(self._models.iterdir()):
                with contextlib.suppress(InstallError, OSError):
                    found.append(self._describe(path))
        return tuple(found)

    def _fetch(
        self, model: CatalogueModel, downloads: Path, on_progress: OnProgress, cancelled: threading.Event
    ) -> None:
        with open_session(model.name, self._models / model.name) as session, disk.told(downloads):
            downloads.mkdir(parents=True, exist_ok=True)
            arrived = sum(file.stat().st_size for file in downloads.iterdir())
            disk.demand_space(self._models, max(0, model.size - arrived) + model.unpacked_size)
            before = 0
            for part in model.parts:
                tell = _shifted(on_progress, before, model)
                target = downloads / part.download_name
                fetch(session, part, target, on_progress=tell, cancelled=cancelled, patience=self._patience)
                before += part.size

    @contextlib.contextmanager
    def _dropped_if_useless(self, model: CatalogueModel) -> Iterator[None]:
        """Delete a download that is no model, if nothing but its size was known: every further try would take it."""
        try:
            yield
        except InstallError as error:
            useless = error.message.code in {MessageCode.ARCHIVE_BROKEN, MessageCode.NOT_A_MODEL}
            if useless and not all(part.sha256 or part.md5 for part in model.parts):
                with contextlib.suppress(OSError):
                    disk.delete(self._workshop.downloads(model.name))
            raise

    def _build(
        self,
        name: str,
        origin: str,
        source: Source,
        entries: list[Entry],
        on_progress: OnProgress,
        cancelled: threading.Event,
    ) -> None:
        """Unpack into the workshop, check, write the manifest, put in place."""
        entries = [entry for entry in entries if entry.path != MANIFEST_NAME]
        disk.demand_space(self._models, sum(entry.size for entry in entries))
        with disk.told(self._models):
            place = self._workshop.building_place(name)
            try:
                files = unpack(source, entries, place, on_progress=on_progress, cancelled=cancelled)
                engine = self._engine_of(place, shown=source.path)
                known = self._catalogue.get(name)
                archive = disk.digest(source.path, "sha256", cancelled) if isinstance(source, ZipSource) else ""
                version = known.version if known and _is_known(known.parts, source, archive, files, cancelled) else ""
                write_manifest(place, Manifest(name, engine, version, origin, archive, now(), files))
            except BaseException:
                with contextlib.suppress(OSError):
                    disk.delete(place)
                raise
        self._workshop.put_in_place(name)

    def _is_there(self, model: CatalogueModel, cancelled: threading.Event) -> bool:
        path = self._models / model.name
        manifest = read_manifest(path)
        if manifest is None or manifest.version != model.version:
            return False
        return compare(path, model.name, manifest.files, cancelled).ok

    def _existing(self, name: str) -> Path:
        # What was put there by hand may have a name that not every system can have.
        if name == WORKSHOP_NAME or name not in self._names():
            self._check_name(name)
        path = self._models / name
        if not os.path.isdir(path):
            raise InstallError(MessageCode.MODEL_NOT_INSTALLED, name=name, path=path)
        return path

    def _names(self) -> list[str]:
        try:
            return os.listdir(self._models)
        except OSError:  # not made yet, or not readable
            return []

    def _check_name(self, name: str) -> None:
        if not is_portable_name(name) or name.startswith("."):
            raise InstallError(MessageCode.MODEL_NAME_INVALID, name=name)

    def _describe(self, path: Path) -> InstalledModel:
        engine = self._engine_of(path)
        manifest = read_manifest(path)
        size = sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
        version, source = (manifest.version, manifest.source) if manifest else ("", "")
        return InstalledModel(path.name, engine, path, version, size, source)

    def _engine_of(self, path: Path, shown: Path | None = None) -> str:
        """Which engine the model at `path` is for. Raises InstallError (NOT_A_MODEL), which names `shown`."""
        missing = []
        for engine, needed in self._needed.items():
            try:
                needed(path)
            except (VoiceTypeError, OSError) as error:
                absent = error.filename if isinstance(error, OSError) else error.message.params.get("path", "")
                missing.append(f"{os.path.relpath(absent, path) if absent else '?'} ({engine})")
            else:
                return engine
        raise InstallError(MessageCode.NOT_A_MODEL, path=shown or path, missing=", ".join(missing))


def _is_known(
    parts: tuple[Part, ...],
    source: Source,
    archive_sha256: str,
    files: tuple[FileRecord, ...],
    cancelled: threading.Event,
) -> bool:
    """Whether these are the bytes that the catalogue means, by the best check that it has."""
    if not any(part.archive for part in parts):
        hashes = {record.path: record.sha256 for record in files}
        return bool(parts) and all(hashes.get(part.file) == part.sha256 for part in parts)
    part = parts[0]
    if source.packed_bytes is None:  # a folder, of which the archive's hash tells nothing
        return False
    if part.sha256:
        return part.sha256 == archive_sha256
    if part.md5:
        return part.md5 == disk.digest(source.path, "md5", cancelled)
    return part.bytes == source.packed_bytes


def _shifted(tell: OnProgress, before: int, model: CatalogueModel) -> OnProgress:
    """Progress of one part as that of all of them."""
    if len(model.parts) == 1:
        return tell

    def on_part(progress: Progress) -> None:
        if progress.stage is Stage.DOWNLOADING:
            done = before + progress.done
            total = max(model.size, done)
            left = (total - done) / progress.rate if progress.rate else None
            progress = replace(progress, done=done, total=total, seconds_left=left)
        tell(progress)

    return on_part


@contextlib.contextmanager
def _named(name: str) -> Iterator[None]:
    """Let a cancellation name the model, not the file that was at hand."""
    try:
        yield
    except InstallError as error:
        if error.message.code is not MessageCode.INSTALL_CANCELLED:
            raise
        raise InstallError(error.message.code, error.message.level, name=name) from error
