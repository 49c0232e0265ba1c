"""Where the Windows build keeps what it makes, and what its steps share. Main thread; standard library only."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
REQUIREMENTS = ROOT / "packaging" / "requirements"
BUILD = ROOT / "build" / "windows"
"""Git does not see it. What it holds is made anew when its sources change, or when it is deleted."""
DOWNLOADS = BUILD / "downloads"
WINDOWS_PYTHON = BUILD / "python"
FROZEN = ROOT / "dist" / "windows" / "VoiceType"
"""The one-dir program that PyInstaller makes."""
PRODUCTS = ROOT / "dist" / "release"
"""What is given to users."""
_CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
PREFIX = _CACHE / "voicetype-build" / hashlib.sha256(str(ROOT).encode()).hexdigest()[:12] / "prefix"
"""Wine's folder. Not inside the project: it has links to the root of the file system, and setuptools follows links."""
MARK = ".made-from"
"""Name of the file that tells what a folder was made from."""
ON_WINDOWS = sys.platform == "win32"


class BuildError(Exception):
    """A step has failed. The message says what and why, for a person."""


def say(text: str) -> None:
    """Tell how far the build is."""
    print(text, flush=True)


@contextmanager
def step(name: str) -> Iterator[None]:
    """Announce a step and tell how long it took."""
    say(f"== {name}")
    begin = time.monotonic()
    yield
    say(f"   {time.monotonic() - begin:.1f} s")


def run(command: Sequence[str | Path], *, env: Mapping[str, str] | None = None, cwd: Path = ROOT) -> str:
    """Run a program to its end and return what it printed. Raises BuildError with its last lines when it fails."""
    words = [str(word) for word in command]
    done = subprocess.run(
        words,
        env=env,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode:
        tail = "\n".join(done.stdout.splitlines()[-15:])
        raise BuildError(f"{words[0]} ended with code {done.returncode}:\n{tail}")
    return done.stdout


def digest(files: Sequence[Path], *texts: str) -> str:
    """One SHA-256 over names and contents of files, and texts."""
    total = hashlib.sha256("\0".join(texts).encode())
    for file in files:
        total.update(file.name.encode() + b"\0" + file.read_bytes())
    return total.hexdigest()


def is_current(made: Path, mark: str) -> bool:
    """Whether the folder `made` was finished from the sources that `mark` is the digest of."""
    try:
        return (made / MARK).read_text(encoding="ascii") == mark
    except OSError:
        return False


def set_current(made: Path, mark: str) -> None:
    """Note that the folder is finished."""
    (made / MARK).write_text(mark, encoding="ascii")


def size_mb(path: Path) -> float:
    """Size of a file, or of all files in a folder, in MB (10^6 bytes)."""
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return sum(file.stat().st_size for file in files) / 1e6
