"""Sound files of dictations and the folder they are in. Any thread; blocks. May import `core`.

A file is named after the moment of its dictation's start (UTC) and a random number, so that names sort by time and two
never meet. POSIX systems get modes that let only the user in; on Windows the folder is in the user's profile, whose
access rules say the same.
"""

from __future__ import annotations

import datetime
import os
import re
import secrets
import struct
from pathlib import Path

from voicetype.core.ports import BYTES_PER_SAMPLE, BYTES_PER_SECOND, SAMPLE_RATE_HZ

HEADER_BYTES = 44
SUFFIX = ".wav"
_UNKNOWN_LENGTH_BYTES = 0x7FFF_0000
"""As programs write that do not know the end yet; players then play what there is."""
_NAME = re.compile(r"\d{8}-\d{6}-\d{6}-[0-9a-f]{8}")
_TIME_FORMAT = "%Y%m%d-%H%M%S-%f"
_PRIVATE_FILE, _PRIVATE_FOLDER = 0o600, 0o700
_BINARY = getattr(os, "O_BINARY", 0)


def new_name(started_at: datetime.datetime) -> str:
    """A name for the dictation that began at that moment (aware)."""
    stamp = started_at.astimezone(datetime.UTC).strftime(_TIME_FORMAT)
    return f"{stamp}-{secrets.token_hex(4)}"


def time_of(name: str) -> datetime.datetime:
    """The moment (UTC) in a name made by `new_name`. Raises ValueError for another name."""
    stamp, _, _ = name.rpartition("-")
    return datetime.datetime.strptime(stamp, _TIME_FORMAT).replace(tzinfo=datetime.UTC)


def header(sound_bytes: int | None = None) -> bytes:
    """The head of a WAV file with so much sound; None while that is not known yet."""
    size = min(_UNKNOWN_LENGTH_BYTES if sound_bytes is None else sound_bytes, 0xFFFF_FFFF - HEADER_BYTES)
    form = struct.pack("<IHHIIHH", 16, 1, 1, SAMPLE_RATE_HZ, BYTES_PER_SECOND, BYTES_PER_SAMPLE, 8 * BYTES_PER_SAMPLE)
    return b"RIFF" + struct.pack("<I", size + HEADER_BYTES - 8) + b"WAVEfmt " + form + b"data" + struct.pack("<I", size)


def sound_bytes(path: Path) -> int:
    """How much sound is in a file: whole samples behind its head, whatever the head says. Raises OSError."""
    size = max(0, path.stat().st_size - HEADER_BYTES)
    return size - size % BYTES_PER_SAMPLE


def duration_s(path: Path) -> float:
    """How long the sound in a file is. Raises OSError."""
    return sound_bytes(path) / BYTES_PER_SECOND


def read_sound(path: Path, offset: int, count: int) -> bytes:
    """At most `count` bytes of sound from `offset` on; b"" at the end. Raises OSError."""
    # Opened for each read: Windows deletes no file that is open, and whoever stops in the middle leaves nothing open.
    with path.open("rb") as file:
        file.seek(HEADER_BYTES + offset)
        return file.read(count)


def repair(path: Path) -> None:
    """Write the true lengths into the head of a file whose writer died. Raises OSError."""
    sound = sound_bytes(path)
    with path.open("r+b") as file:
        file.write(header(sound))
        file.truncate(HEADER_BYTES + sound)


def recordings_dir(data_dir: Path) -> Path:
    """Where the recordings are that the user keeps, in the folder of the program's data."""
    return data_dir / "recordings"


def sounds_in(folder: Path) -> list[Path]:
    """The sound files of dictations in a folder, oldest first; none where it cannot be read."""
    try:
        names = sorted(entry.name for entry in os.scandir(folder) if entry.is_file(follow_symlinks=False))
    except OSError:
        return []
    return [folder / name for name in names if name.endswith(SUFFIX) and _NAME.fullmatch(name.removesuffix(SUFFIX))]


def make_private_folder(folder: Path) -> None:
    """Make a folder that only the user may look into. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True, mode=_PRIVATE_FOLDER)
    _close_to_others(folder, _PRIVATE_FOLDER)


def create_private(path: Path) -> int:
    """Make a new file for the user only and open it for writing. Returns its handle. Raises OSError."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, _PRIVATE_FILE)


def make_private_file(path: Path) -> None:
    """See to it that a file is there and only the user may read it. Raises OSError."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | _BINARY, _PRIVATE_FILE))
    _close_to_others(path, _PRIVATE_FILE)


def _close_to_others(path: Path, mode: int) -> None:
    if os.name == "posix" and path.stat().st_mode & 0o077:
        path.chmod(mode)
