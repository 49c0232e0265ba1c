"""Archives and folders that are not what they seem."""

import contextlib
import errno
import hashlib
import io
import os
import stat
import struct
import sys
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes_install import SPEECH_MODEL, content_of, written, zipped
from voicetype.core.messages import InstallError, MessageCode
from voicetype.core.progress import Progress, Stage
from voicetype.install.archive import (
    Entry,
    FileRecord,
    FolderSource,
    Limits,
    checked_path,
    is_portable_name,
    listed,
    open_source,
    unpack,
)


def unpacked(path: Path, target: Path, limits: Limits = Limits()) -> tuple[FileRecord, ...]:  # noqa: B008  frozen
    with contextlib.closing(open_source(path)) as source:
        _, entries = listed(source, limits)
        return unpack(source, entries, target)


def refusal(path: Path, target: Path, limits: Limits = Limits()) -> InstallError:  # noqa: B008  frozen
    with pytest.raises(InstallError) as caught:
        unpacked(path, target, limits)
    return caught.value


def archive_with(path: Path, *entries: str | zipfile.ZipInfo) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for entry in entries:
            archive.writestr(entry, b"content")
    return path


def special(name: str, mode: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = mode << 16
    return info


@pytest.mark.parametrize("top", ["", "vosk-model-small-ru-0.22"])
def test_a_zip_is_unpacked_without_its_top_folder(tmp_path: Path, top: str) -> None:
    path = tmp_path / "модель с пробелом.zip"
    path.write_bytes(zipped(SPEECH_MODEL, top))
    with contextlib.closing(open_source(path)) as source:
        found, entries = listed(source)
    assert found == top
    assert [entry.path for entry in entries] == list(SPEECH_MODEL)
    records = unpacked(path, tmp_path / "Папка назначения")
    assert content_of(tmp_path / "Папка назначения") == SPEECH_MODEL
    assert {record.path: record.sha256 for record in records} == {
        name: hashlib.sha256(content).hexdigest() for name, content in SPEECH_MODEL.items()
    }


def test_a_folder_is_copied(tmp_path: Path) -> None:
    unpacked(written(SPEECH_MODEL, tmp_path / "from"), tmp_path / "to")
    assert content_of(tmp_path / "to") == SPEECH_MODEL


def test_a_long_path_is_unpacked(tmp_path: Path) -> None:
    name = "/".join(["очень длинное имя папки" * 3] * 8 + ["файл"])
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({name: b"x", "b": b"y"}))
    unpacked(path, tmp_path / "to")
    assert content_of(tmp_path / "to") == {name: b"x", "b": b"y"}


def test_what_file_managers_add_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"m/am/final.mdl": b"x", "m/.DS_Store": b"", "__MACOSX/m/._am": b"", "m/Thumbs.db": b""}))
    unpacked(path, tmp_path / "to")
    assert content_of(tmp_path / "to") == {"am/final.mdl": b"x"}


def test_backslashes_of_old_programs_separate_folders(tmp_path: Path) -> None:
    path = archive_with(tmp_path / "a.zip", "am\\final.mdl", "b")
    unpacked(path, tmp_path / "to")
    assert sorted(content_of(tmp_path / "to")) == ["am/final.mdl", "b"]


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "am/../../evil",
        "..\\evil",
        "/etc/evil",
        "\\evil",
        "\\\\server\\share\\evil",
        "C:\\evil",
        "c:evil",
        "file.txt:stream",
        "CON",
        "con.txt",
        "am/aux",
        "Lpt1.mdl",
        "COM¹",
        "trailing.",
        "trailing ",
        "what?",
        "a\x07b",
        "a" * 256,
        "../",
        "/",
    ],
)
def test_a_name_that_leaves_the_folder_or_that_windows_lacks_is_refused(tmp_path: Path, name: str) -> None:
    error = refusal(archive_with(tmp_path / "a.zip", "good", name), tmp_path / "in" / "to")
    assert error.message.code is MessageCode.ARCHIVE_UNSAFE
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.zip"]


@pytest.mark.parametrize("mode", [stat.S_IFLNK | 0o777, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK])
def test_a_link_or_device_in_a_zip_is_refused(tmp_path: Path, mode: int) -> None:
    error = refusal(archive_with(tmp_path / "a.zip", "good", special("am/final.mdl", mode)), tmp_path / "to")
    assert error.message.code is MessageCode.ARCHIVE_UNSAFE
    assert "am/final.mdl" in error.message.params["detail"]
    assert not (tmp_path / "to").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets only administrators make links")
@pytest.mark.parametrize("kind", ["file", "folder", "fifo"])
def test_a_link_or_device_in_a_folder_is_refused(tmp_path: Path, kind: str) -> None:
    folder = written(SPEECH_MODEL, tmp_path / "from")
    if kind == "fifo":
        os.mkfifo(folder / "am" / "odd")
    else:
        (tmp_path / "secret").mkdir()
        (folder / "am" / "odd").symlink_to(tmp_path / "secret" if kind == "folder" else "/etc/hostname")
    error = refusal(folder, tmp_path / "to")
    assert error.message.code is MessageCode.ARCHIVE_UNSAFE
    assert "am/odd" in error.message.params["detail"]


@pytest.mark.parametrize("names", [["a", "A"], ["Am/x", "am/X"], ["a", "a/b"]])
def test_two_files_of_one_name_are_refused(tmp_path: Path, names: list[str]) -> None:
    assert refusal(archive_with(tmp_path / "a.zip", *names), tmp_path / "to").message.code is MessageCode.ARCHIVE_UNSAFE


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"a": bytes(30_000_000), "b": bytes(30_000_000)}))
    error = refusal(path, tmp_path / "to")
    assert error.message.code is MessageCode.ARCHIVE_UNSAFE
    assert "60000000" in error.message.params["detail"]
    assert not (tmp_path / "to").exists()


def test_a_bomb_that_hides_its_size_is_stopped(tmp_path: Path) -> None:
    raw = bytearray(zipped({"a": bytes(5_000_000)}))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = raw.index(signature) + offset
        raw[at : at + 4] = struct.pack("<I", 10)
    path = tmp_path / "a.zip"
    path.write_bytes(raw)
    assert refusal(path, tmp_path / "to").message.code in {MessageCode.ARCHIVE_BROKEN, MessageCode.ARCHIVE_UNSAFE}
    assert sum(len(content) for content in content_of(tmp_path / "to").values()) <= 10


def test_too_much_and_too_many_are_refused(tmp_path: Path) -> None:
    path = archive_with(tmp_path / "a.zip", "a", "b", "c")
    assert "3 files" in refusal(path, tmp_path / "to", Limits(files=2)).message.params["detail"]
    assert "21 bytes" in refusal(path, tmp_path / "to", Limits(total_bytes=20)).message.params["detail"]
    folder = written({"a": b"12345"}, tmp_path / "folder")
    assert "5 bytes" in refusal(folder, tmp_path / "to", Limits(total_bytes=4)).message.params["detail"]


def test_damaged_bytes_are_found(tmp_path: Path) -> None:
    raw = bytearray(zipped({"am/final.mdl": os.urandom(5000)}))
    raw[2000] ^= 1
    path = tmp_path / "a.zip"
    path.write_bytes(raw)
    assert refusal(path, tmp_path / "to").message.code is MessageCode.ARCHIVE_BROKEN


@pytest.mark.parametrize("size", [0, 10, 300])
def test_a_cut_archive_is_told(tmp_path: Path, size: int) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zipped(SPEECH_MODEL)[:size])
    assert refusal(path, tmp_path / "to").message.code is MessageCode.ARCHIVE_BROKEN


def test_an_encrypted_archive_is_told(tmp_path: Path) -> None:
    raw = bytearray(zipped({"a": b"content"}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(signature) + offset] |= 1
    path = tmp_path / "a.zip"
    path.write_bytes(raw)
    error = refusal(path, tmp_path / "to")
    assert error.message.code is MessageCode.ARCHIVE_BROKEN
    assert "encrypted" in error.message.params["detail"]


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.zip", tmp_path / "to").message.code is MessageCode.IMPORT_NOT_FOUND


def test_unpacking_can_be_cancelled_and_tells_how_far_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"a": os.urandom(2_000_000)}))
    told: list[Progress] = []
    cancelled = threading.Event()

    def on_progress(progress: Progress) -> None:
        told.append(progress)
        cancelled.set()

    with contextlib.closing(open_source(path)) as source:
        _, entries = listed(source)
        with pytest.raises(InstallError, match="cancelled"):
            unpack(source, entries, tmp_path / "to", on_progress=on_progress, cancelled=cancelled)
    assert told[0].stage is Stage.UNPACKING
    assert 0 < told[0].done < (told[0].total or 0) == 2_000_000


PIECES = st.sampled_from(["..", ".", "", "a", "am", "C:", "con", "x.", "\\", "b\\..", "~", "ё", "\ud800", "a:b", " "])


@given(st.lists(PIECES, min_size=1, max_size=6).map("/".join) | st.text(max_size=20))
def test_whatever_the_name_nothing_is_written_outside(name: str) -> None:
    try:
        path = checked_path(Path("a.zip"), name.replace("\\", "/"))
    except InstallError:
        return
    parts = PurePosixPath(path).parts
    assert not path.startswith("/") and "\\" not in path and ":" not in path
    assert ".." not in parts and all(is_portable_name(part) for part in parts)


@pytest.mark.parametrize("mistake", [errno.EACCES, errno.ENAMETOOLONG])
def test_a_source_that_cannot_be_looked_at_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mistake: int
) -> None:
    def refuse(path: Path) -> bool:
        raise OSError(mistake, os.strerror(mistake), str(path))

    monkeypatch.setattr(Path, "is_dir", refuse)
    with pytest.raises(InstallError) as caught:
        open_source(tmp_path / "m.zip")
    assert caught.value.message.code is MessageCode.ARCHIVE_BROKEN
    assert caught.value.message.params["detail"] == os.strerror(mistake)


def test_a_stick_that_is_pulled_out_is_not_taken_for_a_full_or_locked_target(tmp_path: Path) -> None:
    class Stick(FolderSource):
        @contextlib.contextmanager
        def open(self, entry: Entry) -> Iterator[BinaryIO]:
            class Gone(io.BytesIO):
                def read(self, size: int | None = -1) -> bytes:
                    raise OSError(errno.EIO, os.strerror(errno.EIO))

            yield Gone()

    source = Stick(written(SPEECH_MODEL, tmp_path / "m"))
    _, entries = listed(source)
    with pytest.raises(InstallError) as caught:
        unpack(source, entries, tmp_path / "target")
    assert caught.value.message.code is MessageCode.ARCHIVE_BROKEN
    assert caught.value.message.params["path"] == str(source.path)
