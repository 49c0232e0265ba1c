"""The journal: sound is on the disk at once, a trouble of the disk is told once, and the dictation never waits."""

import datetime
import errno
import gc
import os
import shutil
import stat
import subprocess
import sys
import threading
import time
import wave
from collections import namedtuple
from functools import partial

import filelock
import psutil
import pytest

from voicetype.core.messages import MessageCode
from voicetype.records import files, journal
from voicetype.records.journal import Journal
from voicetype.records.journal_folder import Limits
from voicetype.records.left_over import FileAudio

CLOSE_S = 10.0
BLOCK = bytes(range(256)) * 4
SECOND = BLOCK * 31 + bytes(256)
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX")


class Place:
    """A folder for journals, each of which is like a process of its own, and what they told."""

    def __init__(self, folder):
        self.folder, self.recordings = folder / "journal", folder / "recordings"
        self.told = []
        self._journals = []

    def journal(self, limits=None):
        made = Journal(self.folder, self.recordings, self.told.append, limits or Limits(spare_bytes=0))
        self._journals.append(made)
        return made

    def codes(self):
        return [message.code for message in self.told]

    def sounds(self):
        return files.sounds_in(self.folder)

    def left_by_another(self, sound=SECOND, age_s=60):
        """What a process left that was killed."""
        self.folder.mkdir(exist_ok=True, parents=True)
        began = datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=age_s)
        path = self.folder / f"{files.new_name(began)}.wav"
        path.write_bytes(files.header() + sound)
        return path

    def close(self):
        for each in self._journals:
            each.close(CLOSE_S)


@pytest.fixture
def place(tmp_path):
    place = Place(tmp_path / "data")
    yield place
    place.close()


def settled(made):
    """Wait until the writer thread has done all that it was asked for; what is left over."""
    return made.left_over().result(CLOSE_S)


def sound_of(path):
    with wave.open(str(path), "rb") as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (16_000, 1, 2)
        return file.readframes(file.getnframes())


def test_each_block_is_in_the_file_before_the_end(place):
    made = place.journal()
    entry = made.begin()
    for count in range(1, 4):
        entry.write(SECOND)
        assert settled(made) == ()
        (path,) = place.sounds()
        assert path.stem == entry.name
        assert path.read_bytes()[files.HEADER_BYTES :] == SECOND * count
        assert sound_of(path) == SECOND * count, "a player plays what there is, while the length is unknown"


def test_a_file_that_has_ended_tells_its_true_length(place):
    made = place.journal()
    entry = made.begin()
    entry.write(SECOND)
    entry.close()
    settled(made)
    (path,) = place.sounds()
    assert path.read_bytes() == files.header(len(SECOND)) + SECOND
    assert len(files.header(0)) == files.HEADER_BYTES


def test_nothing_is_taken_after_the_end(place):
    made = place.journal()
    entry = made.begin()
    entry.write(SECOND)
    entry.close()
    entry.close()
    entry.write(SECOND)
    settled(made)
    assert sound_of(place.sounds()[0]) == SECOND


def test_sound_whose_text_is_safe_is_deleted(place):
    made = place.journal()
    entry = made.begin()
    entry.write(SECOND)
    entry.done(keep=False)
    entry.keep_for_later()
    assert settled(made) == () and place.sounds() == [] and not place.recordings.exists()


def test_a_dictation_without_sound_leaves_nothing(place):
    made = place.journal()
    made.begin().done(keep=True)
    made.begin().keep_for_later()
    made.begin()
    made.close(CLOSE_S)
    assert place.sounds() == [] and not place.recordings.exists()


def test_nothing_is_made_by_looking(place):
    assert settled(place.journal()) == () and not place.folder.exists()


@POSIX
def test_sound_that_the_user_keeps_becomes_a_recording_of_his_own(place):
    made = place.journal()
    entry, short = made.begin(), made.begin()
    entry.write(SECOND)
    short.write(BLOCK)
    entry.done(keep=True)
    short.done(keep=True)
    settled(made)
    (path,) = files.sounds_in(place.recordings)
    assert path.stem == entry.name and sound_of(path) == SECOND and place.sounds() == []
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.recordings.stat().st_mode) == stat.S_IMODE(place.folder.stat().st_mode) == 0o700


@POSIX
def test_a_folder_that_others_can_read_is_closed_to_them(place):
    place.folder.mkdir(parents=True, mode=0o755)
    made = place.journal()
    made.begin().write(SECOND)
    settled(made)
    assert stat.S_IMODE(place.folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in place.folder.iterdir()} == {0o600}


def test_what_is_kept_for_later_is_left_over_at_once_and_what_is_under_way_is_not(place):
    made = place.journal()
    entry, other = made.begin(), made.begin()
    entry.write(SECOND)
    other.write(SECOND)
    assert settled(made) == ()
    entry.keep_for_later()
    assert [path.stem for path in settled(made)] == [entry.name]


def test_what_is_not_settled_at_the_end_is_left_over(place):
    made = place.journal()
    entry = made.begin()
    entry.write(SECOND)
    made.close(CLOSE_S)
    made.close(CLOSE_S)
    entry.write(SECOND)
    entry.done(keep=False)
    made.begin().write(SECOND)
    assert made.left_over().result(CLOSE_S) == ()
    (path,) = settled(place.journal())
    assert path.stem == entry.name and sound_of(path) == SECOND


@pytest.mark.parametrize("tail", [b"", b"\x01"], ids=["whole", "half a sample"])
def test_the_head_of_a_left_over_is_put_right(place, tail):
    path = place.left_by_another(SECOND + tail)
    assert settled(place.journal()) == (path,)
    assert path.read_bytes() == files.header(len(SECOND)) + SECOND


def test_a_left_over_is_offered_even_when_a_power_cut_ate_its_head(place):
    path = place.left_by_another()
    path.write_bytes(bytes(files.HEADER_BYTES) + SECOND)
    assert settled(place.journal()) == (path,) and sound_of(path) == SECOND


def test_left_overs_without_a_word_are_deleted_and_foreign_files_are_let_be(place):
    first, second = place.left_by_another(age_s=20), place.left_by_another(age_s=10)
    place.left_by_another(b"")
    place.left_by_another(SECOND[:9_598])
    place.left_by_another().write_bytes(b"")
    foreign = place.folder / "note.wav"
    foreign.write_bytes(b"mine")
    assert settled(place.journal()) == (first, second)
    assert set(place.folder.iterdir()) == {first, second, foreign, place.folder / "lock"}


def test_a_name_tells_its_moment():
    moment = datetime.datetime(2026, 11, 21, 16, 2, 54, 5, datetime.UTC)
    assert files.time_of(files.new_name(moment)) == moment
    assert files.new_name(moment) != files.new_name(moment)
    with pytest.raises(ValueError):
        files.time_of("20269999-999999-000000-00000000")


def test_a_second_process_is_told_and_disturbs_nothing(place):
    place.left_by_another()
    first, second = place.journal(), place.journal()
    entry = first.begin()
    entry.write(SECOND)
    settled(first)
    late = second.begin()
    late.write(SECOND)
    late.write(SECOND)
    assert settled(second) == () and place.codes() == [MessageCode.JOURNAL_BUSY]
    assert len(place.sounds()) == 2
    first.close(CLOSE_S)
    second.begin().write(SECOND)
    assert len(settled(second)) == 2 and len(place.sounds()) == 3


@pytest.mark.parametrize("error", [NotImplementedError(), OSError(errno.ENOLCK, "No locks available")], ids=repr)
def test_a_disk_without_locks_is_used_all_the_same(place, monkeypatch, error):
    def refuse(lock, **_arguments):
        raise error

    monkeypatch.setattr(filelock.FileLock, "acquire", refuse)
    path = place.left_by_another()
    made = place.journal()
    made.begin().write(SECOND)
    assert settled(made) == (path,) and len(place.sounds()) == 2
    assert place.told == []


def test_nobody_waits_for_ever_for_left_overs(place, monkeypatch):
    def fail(_folder):
        raise RuntimeError

    monkeypatch.setattr(files, "sounds_in", fail)
    place.left_by_another()
    assert settled(place.journal()) == ()


def test_the_oldest_left_overs_make_way_and_that_is_told(place):
    paths = [place.left_by_another(age_s=60 - number) for number in range(4)]
    made = place.journal(Limits(folder_bytes=5 * len(SECOND), spare_bytes=0))
    entry = made.begin()
    for _ in range(3):
        entry.write(SECOND)
    assert settled(made) == tuple(paths[3:])
    assert set(place.codes()) == {MessageCode.JOURNAL_OLD_DELETED}
    assert sound_of(next(path for path in place.sounds() if path.stem == entry.name)) == SECOND * 3


def test_a_dictation_beyond_the_limit_keeps_its_beginning_and_is_told_once(place):
    made = place.journal(Limits(folder_bytes=5 * len(SECOND), spare_bytes=0))
    entry = made.begin()
    for _ in range(20):
        entry.write(SECOND)
    entry.keep_for_later()
    (path,) = settled(made)
    assert place.codes() == [MessageCode.JOURNAL_FULL]
    sound = sound_of(path)
    assert (SECOND * 20).startswith(sound) and len(sound) >= len(SECOND)
    assert path.stat().st_size <= 5 * len(SECOND)
    path.unlink()
    after = made.begin()
    after.write(SECOND)
    settled(made)
    assert len(place.sounds()) == 1 and len(place.told) == 1, "the next dictation has its journal"


def test_a_disk_that_is_nearly_full_ends_the_journal_not_the_dictation(place, monkeypatch):
    usage = namedtuple("usage", "total used free")
    free = [10**9]
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**9, 0, free[0]))
    made = place.journal(Limits())
    entry = made.begin()
    entry.write(SECOND)
    settled(made)
    free[0] = 100_000_000
    for _ in range(3):
        entry.write(SECOND)
    entry.keep_for_later()
    (path,) = settled(made)
    assert sound_of(path) == SECOND
    assert [(told.code, told.params["free_mb"]) for told in place.told] == [(MessageCode.JOURNAL_DISK_FULL, "100")]


@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.ENOSPC, MessageCode.JOURNAL_DISK_FULL), (errno.EIO, MessageCode.JOURNAL_NOT_WRITTEN)],
)
def test_a_write_that_fails_keeps_what_was_written_before(place, monkeypatch, number, code):
    write = os.write
    allowed = [len(SECOND) + 1_000]

    def limited(handle, content):
        if handle < 3:
            return write(handle, content)
        count = min(len(content), allowed[0])
        allowed[0] -= count
        if not count:
            raise OSError(number, os.strerror(number))
        return write(handle, content[:count])

    made = place.journal()
    entry = made.begin()
    settled(made)  # the head is written
    monkeypatch.setattr(os, "write", limited)
    entry.write(SECOND)
    entry.write(SECOND)
    entry.write(SECOND)
    entry.keep_for_later()
    (path,) = settled(made)
    monkeypatch.undo()
    assert sound_of(path) == SECOND + SECOND[:1_000]
    assert place.codes() == [code]


def test_a_disk_without_room_for_a_head_is_told(place, monkeypatch):
    write = os.write

    def full(handle, content):
        if handle < 3:
            return write(handle, content)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    made = place.journal()
    settled(made)
    monkeypatch.setattr(os, "write", full)
    entry = made.begin()
    entry.write(SECOND)
    entry.keep_for_later()
    assert settled(made) == () and place.codes() == [MessageCode.JOURNAL_DISK_FULL]


def test_a_folder_that_cannot_be_made_is_told_once_for_each_dictation(place):
    place.folder.parent.mkdir(parents=True)
    place.folder.write_text("not a folder")
    made = place.journal()
    for _ in range(2):
        entry = made.begin()
        entry.write(SECOND)
        entry.write(SECOND)
        entry.done(keep=True)
    assert settled(made) == ()
    assert place.codes() == [MessageCode.JOURNAL_NOT_WRITTEN] * 2


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_told(place):
    place.folder.mkdir(parents=True)
    place.folder.chmod(0o500)
    made = place.journal()
    made.begin().write(SECOND)
    settled(made)
    place.folder.chmod(0o700)
    assert MessageCode.JOURNAL_NOT_WRITTEN in place.codes()


def test_a_disk_that_stalls_holds_nobody_up_and_costs_bounded_memory(place, monkeypatch):
    write, stalled, go_on = os.write, threading.Event(), threading.Event()

    def stalling(handle, content):
        if handle > 2:
            stalled.set()
            assert go_on.wait(CLOSE_S)
        return write(handle, content)

    made = place.journal()
    entry = made.begin()
    monkeypatch.setattr(os, "write", stalling)
    entry.write(SECOND)
    assert stalled.wait(CLOSE_S)
    minutes = 2 * journal.MAX_WAITING_BYTES // len(SECOND)
    for _ in range(minutes):
        entry.write(SECOND)
    lost_s = entry.lost_s
    assert lost_s == minutes + 1 - journal.MAX_WAITING_BYTES // len(SECOND)
    entry.close()
    go_on.set()
    entry.keep_for_later()
    (path,) = settled(made)
    assert sound_of(path) == SECOND * int(minutes + 1 - lost_s)
    assert place.told == [], "the dictation has lost nothing"


def test_a_disk_that_never_answers_does_not_keep_the_program_from_ending(place, monkeypatch):
    write, go_on = os.write, threading.Event()
    made = place.journal()
    entry = made.begin()
    monkeypatch.setattr(os, "write", lambda *args: go_on.wait(CLOSE_S) and write(*args))
    entry.write(SECOND)
    made.close(0.05)
    go_on.set()
    monkeypatch.undo()
    made.close(CLOSE_S)


def test_sound_is_synced_about_once_a_second(place, monkeypatch):
    synced, sync = threading.Semaphore(0), os.fsync

    def counting(handle):
        sync(handle)
        synced.release()

    monkeypatch.setattr(journal, "_SYNC_S", 0.01)
    monkeypatch.setattr(os, "fsync", counting)
    made = place.journal()
    entry = made.begin()
    entry.write(SECOND)
    assert synced.acquire(timeout=CLOSE_S) and synced.acquire(timeout=CLOSE_S), "the folder, then the file"
    for _ in range(3):
        entry.write(SECOND)
        assert synced.acquire(timeout=CLOSE_S)


def test_recordings_are_deleted_by_name_and_by_age(place):
    made = place.journal()
    entries = [made.begin() for _ in range(3)]
    for entry in entries:
        entry.write(SECOND)
        entry.done(keep=True)
    settled(made)
    old = place.recordings / f"{files.new_name(entries[0].started_at - datetime.timedelta(days=3))}.wav"
    old.write_bytes(files.header(0))
    (place.recordings / "mine.wav").write_bytes(b"")
    made.delete_recordings(entries[0].started_at)
    settled(made)
    assert not old.exists() and len(files.sounds_in(place.recordings)) == 3
    made.delete_recording(entries[1].name)
    settled(made)
    assert {path.stem for path in files.sounds_in(place.recordings)} == {entries[0].name, entries[2].name}
    made.delete_recordings(None)
    settled(made)
    assert [path.name for path in place.recordings.iterdir()] == ["mine.wav"]


def test_a_recording_that_cannot_be_moved_stays_and_is_told(place):
    place.recordings.parent.mkdir(parents=True)
    place.recordings.write_text("not a folder")
    made = place.journal()
    entry = made.begin()
    entry.write(SECOND)
    entry.done(keep=True)
    assert [path.stem for path in settled(made)] == [entry.name]
    assert place.codes() == [MessageCode.RECORDING_NOT_KEPT]


def test_the_sound_of_a_file_is_read_in_pieces(place):
    path = place.left_by_another()
    audio = FileAudio(path)
    pieces = list(iter(partial(audio.read, 0.5, 8_001), None))
    assert b"".join(pieces) == SECOND and max(map(len, pieces)) == 8_000
    assert FileAudio(path).read(0.0, 1) == SECOND[:2]
    path.unlink()
    gone = FileAudio(path)
    assert audio.read(0.0, 8_000) is None and gone.read(0.0, 8_000) is None
    assert gone.dropped_bytes > 0, "its text is not whole, so its sound must stay"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="tmpfs is Linux")
def test_a_disk_that_is_really_full(place, tmp_path):
    mount = tmp_path / "small"
    mount.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(mount)], check=False).returncode:
        pytest.skip("only root can mount")
    try:
        place.folder = mount / "journal"
        made = place.journal()
        entry = made.begin()
        for _ in range(20):
            entry.write(SECOND)
        entry.keep_for_later()
        (path,) = settled(made)
        sound = sound_of(path)
        assert len(sound) > 6 * len(SECOND) and (SECOND * 20).startswith(sound)
        assert place.codes() == [MessageCode.JOURNAL_DISK_FULL]
        place.close()
    finally:
        subprocess.run(["umount", str(mount)], check=True)


@pytest.mark.slow
def test_hours_of_dictation_take_no_memory(place, capsys):
    hours, minute = 4, [BLOCK] * 1_875
    made = place.journal()
    entry = made.begin()
    process, resident = psutil.Process(), []

    def measure():
        gc.collect()
        resident.append(process.memory_info().rss / 1e6)

    begin = time.monotonic()
    for number in range(hours * 60):
        for block in minute:
            entry.write(bytes(block))
        settled(made)
        if number % 60 in {9, 59}:
            measure()
    took = time.monotonic() - begin
    entry.keep_for_later()
    (path,) = settled(made)
    audio, total = FileAudio(path), 0
    while piece := audio.read(0.5, 8_000):
        total += len(piece)
    measure()
    with capsys.disabled():
        sys.stdout.write(f"\n{hours} h in {took:.0f} s, RSS in MB: {' '.join(f'{each:.1f}' for each in resident)}\n")
    assert entry.lost_s == 0 and total == hours * 60 * len(minute) * len(BLOCK)
    assert max(resident) - resident[0] < 3
