"""Files are compared with the hashes that they must have, and read again only when they may have changed."""

import hashlib
import os
from pathlib import Path

import pytest

from voicetype.core.messages import MessageCode, ModelError
from voicetype.engines import verified_files
from voicetype.engines.verified_files import VerifiedFiles


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "модель.mdl"
    file.write_bytes(b"weights")
    return file


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that were really read."""
    files: list[Path] = []
    true_digest = verified_files.digest

    def digest(path: Path, *rest: object) -> str:
        files.append(path)
        return true_digest(path, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(verified_files, "digest", digest)
    return files


def right(file: Path) -> dict[Path, str]:
    return {file: hashlib.sha256(b"weights").hexdigest()}


def test_a_right_file_is_read_once_by_this_process_and_by_the_next_one(
    file: Path, tmp_path: Path, read: list[Path]
) -> None:
    memory = tmp_path / "data" / "verified.json"
    for verified in (VerifiedFiles(memory), VerifiedFiles(memory)):
        verified.check(right(file))
        verified.check(right(file))
    assert read == [file]
    assert [path.name for path in memory.parent.iterdir()] == ["verified.json"]


def test_a_changed_file_of_the_same_size_and_time_is_found(file: Path, read: list[Path]) -> None:
    verified = VerifiedFiles()
    verified.check(right(file))
    before = file.stat()
    while file.stat().st_ctime_ns == before.st_ctime_ns:  # the clock of files ticks each 4 ms on some systems
        file.write_bytes(b"WEIGHTS")
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises(ModelError) as error:
        verified.check(right(file))
    assert error.value.message.code is MessageCode.MODEL_CHECKSUM
    assert read == [file, file]


def test_another_expectation_is_another_question(file: Path) -> None:
    verified = VerifiedFiles()
    verified.check(right(file))
    with pytest.raises(ModelError):
        verified.check({file: "0" * 64})


def test_a_missing_file_is_named(file: Path) -> None:
    file.unlink()
    with pytest.raises(ModelError) as error:
        VerifiedFiles().check(right(file))
    assert error.value.message.code is MessageCode.MODEL_MISSING
    assert error.value.message.params == {"path": str(file)}


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff{", b'{"a": 1}'])
def test_a_broken_memory_only_costs_time(file: Path, tmp_path: Path, read: list[Path], content: bytes) -> None:
    memory = tmp_path / "verified.json"
    memory.write_bytes(content)
    VerifiedFiles(memory).check(right(file))
    VerifiedFiles(memory).check(right(file))
    assert read == [file]


def test_a_memory_that_cannot_be_written_is_no_failure(file: Path, tmp_path: Path) -> None:
    VerifiedFiles(file / "verified.json").check(right(file))
