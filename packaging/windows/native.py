"""The real Windows under the build, with the same calls as `wine`. Main thread; Windows only."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PureWindowsPath

from places import BuildError

_CALLS_S = 900


def make_prefix() -> None:
    """Nothing is to be made."""


def call(program: str | Path, *arguments: str | Path, seconds: float = _CALLS_S, check: bool = True) -> tuple[int, str]:
    """Run a program to its end. Returns exit code and output. Raises BuildError."""
    command = [str(program), *map(str, arguments)]
    # A folder for /D= has no quotes, however many spaces it has.
    words = subprocess.list2cmdline([word for word in command if not word.startswith("/D=")])
    words += "".join(f" {word}" for word in command if word.startswith("/D="))
    try:
        done = subprocess.run(
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            timeout=seconds,
        )
    except subprocess.TimeoutExpired as error:
        raise BuildError(f"{words} has not ended after {seconds:.0f} s") from error
    if check and done.returncode:
        raise BuildError(f"{words} ended with code {done.returncode}:\n{done.stdout}")
    return done.returncode, done.stdout


def start(program: str | Path, *arguments: str) -> subprocess.Popen[bytes]:
    """Start a program and leave it running."""
    return subprocess.Popen([str(program), *arguments], stdin=subprocess.DEVNULL)


def kill_all(program: str) -> None:
    """End every process of the program without asking it."""
    subprocess.run(["taskkill", "/f", "/im", program], capture_output=True, check=False)


def user_folder(name: str) -> Path:
    """A folder of the user's: `AppData/Local`, `Desktop`, ..."""
    return Path(os.environ["USERPROFILE"]) / name


def drive_folder(name: str) -> Path:
    """A folder at the root of the system's drive."""
    return Path(os.environ["SYSTEMDRIVE"] + "/") / name


def temporary_folder() -> Path:
    """Where %TEMP% is."""
    return Path(tempfile.gettempdir())


def windows_path(path: Path) -> PureWindowsPath:
    """As it is."""
    return PureWindowsPath(path)


@contextmanager
def screen() -> Iterator[None]:
    """There is one."""
    yield
