"""Puts a model in place so that the old one or the new one is whole at any moment. Any thread; blocks.

Beside the models is a folder `.voicetype`, on the same disk, so that renaming is all that it takes:

    unfinished/NAME   being unpacked; of no worth after a crash
    ready/NAME        unpacked and checked, on its way
    old/NAME          what was there before, on its way out
    downloads/NAME    what has arrived of a download
    lock              held by whoever changes anything (an operating system's lock: it ends with its process)

1. unfinished/NAME -> ready/NAME    from here on the new one is complete
2. NAME -> old/NAME
3. ready/NAME -> NAME
4. old/NAME is deleted

After a crash the next one to hold the lock takes the remaining steps: with something in `ready` it goes on at 2 or 3;
with nothing there but something in `old` and no NAME, it puts the old one back.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from loguru import logger

from voicetype import durable
from voicetype.core.messages import InstallError, MessageCode
from voicetype.install import disk

WORKSHOP_NAME = ".voicetype"
_STAGES = ("unfinished", "ready", "old")
_DISCARDED = ".discarded"
"""No model's name begins with a dot, and together with one this could be too long."""


class Workshop:
    """The folder `.voicetype` in a folder of models.

    Args:
        models_dir: where the models are; made when something is installed.
        lock_wait_s: how long to wait for another process that installs.
        held_s: how long to wait for a file that another program holds (Windows).
    """

    def __init__(self, models_dir: Path, *, lock_wait_s: float = 0.0, held_s: float = 10.0) -> None:
        self._models = models_dir
        self._lock_wait_s = lock_wait_s
        self._held_s = held_s
        self._place = models_dir / WORKSHOP_NAME
        self._unfinished, self._ready, self._old = (self._place / stage for stage in _STAGES)

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Within, nobody else changes the models; what a crash left is completed first.

        Raises InstallError: INSTALL_BUSY, FOLDER_NOT_WRITABLE, DISK_FULL, FILE_IN_USE.
        """
        import filelock  # not needed to see that nothing is left over, as at every start of the program

        lock = filelock.FileLock(self._place / "lock", timeout=self._lock_wait_s)
        with disk.told(self._place):
            self._place.mkdir(parents=True, exist_ok=True)
            try:
                lock.acquire()
            except filelock.Timeout as error:
                raise InstallError(MessageCode.INSTALL_BUSY, path=self._models) from error
        try:
            self._recover()
            yield
        finally:
            lock.release()

    def leftovers(self) -> bool:
        """Whether an installation was interrupted, or goes on; no more than a look."""
        return any(_names(self._place / stage) for stage in _STAGES)

    def downloads(self, name: str) -> Path:
        """Folder for what is downloaded for the model `name`; not made yet."""
        return self._place / "downloads" / name

    def building_place(self, name: str) -> Path:
        """A path where nothing is, to build the model `name` in. For whoever holds the lock."""
        path = self._unfinished / name
        disk.delete(path)
        path.parent.mkdir(exist_ok=True)
        return path

    def put_in_place(self, name: str) -> Path:
        """Make what was built the model `name`; the one that was there goes. For whoever holds the lock.

        Returns its folder. Raises InstallError (FILE_IN_USE, FOLDER_NOT_WRITABLE), with the old model in place.
        """
        target = self._models / name
        with disk.told(target):
            self._ready.mkdir(exist_ok=True)
            self._move(self._unfinished / name, self._ready / name)
            durable.sync_folder(self._ready)
            self._finish(name)
        return target

    def take_away(self, name: str) -> None:
        """Delete the model `name` and its downloads. For whoever holds the lock. Raises as `put_in_place`."""
        target = self._models / name
        with disk.told(target):
            discarded = self.building_place(_DISCARDED)
            self._move(target, discarded)
            durable.sync_folder(self._models)
        self._clear(discarded)
        self._clear(self.downloads(name))

    def _recover(self) -> None:
        for name in _names(self._unfinished):
            self._clear(self._unfinished / name)
        with disk.told(self._models):
            for name in _names(self._ready):
                logger.info("completing the interrupted installation of {}", name)
                self._finish(name)
            for name in _names(self._old):
                if os.path.lexists(self._models / name):
                    self._clear(self._old / name)
                else:
                    self._move(self._old / name, self._models / name)

    def _finish(self, name: str) -> None:
        """Steps 2 to 4, whichever are still to do."""
        target, ready, old = self._models / name, self._ready / name, self._old / name
        try:
            if os.path.lexists(target):
                disk.delete(old)  # the one in place is whole, so this is older still
                self._old.mkdir(exist_ok=True)
                self._move(target, old)
            self._move(ready, target)
        except OSError:
            if os.path.lexists(old) and not os.path.lexists(target):
                os.replace(old, target)
            self._clear(ready)
            raise
        durable.sync_folder(self._models)
        self._clear(old)

    def _move(self, source: Path, target: Path) -> None:
        disk.patiently(lambda: os.replace(source, target), self._held_s)

    def _clear(self, path: Path) -> None:
        """Delete what is of no use any more; what cannot be deleted now is deleted at the next occasion."""
        try:
            disk.patiently(lambda: disk.delete(path), self._held_s)
        except OSError as error:
            logger.warning("cannot delete {}: {}", path.name, error)


def finish_interrupted(models_dir: Path) -> None:
    """Complete what a crash interrupted in `models_dir`, if anything; quick when there is nothing. Raises nothing."""
    workshop = Workshop(models_dir, held_s=0.0)
    if not workshop.leftovers():
        return
    try:
        with workshop.locked():
            pass
    except InstallError as error:
        logger.info("interrupted installations stay as they are: {}", error)


def _names(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:  # nothing was ever installed here, or nobody may look
        return []
