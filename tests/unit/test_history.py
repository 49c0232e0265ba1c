"""The history: what became of each text; without a usable file it is told once and the program goes on."""

import datetime
import os
import sqlite3
import stat
import sys
import threading

import pytest

from voicetype.core.messages import MessageCode
from voicetype.core.records import HistoryRecord, TextState
from voicetype.records import database
from voicetype.records.history import History

NOON = datetime.datetime(2026, 11, 21, 12, tzinfo=datetime.UTC)
SAID = HistoryRecord(NOON, 2.5, "привет ёлка", "Привет, «ёлка».", "Редактор", journal="one")
WAIT_S = 10.0
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX")


class Place:
    """A history file, and histories that are each like a process of its own."""

    def __init__(self, path):
        self.path = path
        self.told = []
        self._histories = []

    def history(self):
        made = History(self.path, self.told.append)
        self._histories.append(made)
        return made

    def codes(self):
        return [message.code for message in self.told]

    def close(self):
        for each in self._histories:
            each.close()


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setattr(database, "_BUSY_TIMEOUT_S", 0.02)
    place = Place(tmp_path / "data" / "history.sqlite3")
    yield place
    place.close()


def result(future):
    return future.result(WAIT_S)


def at(hours, **changes):
    values = {"raw": SAID.raw, "finished": SAID.finished, "journal": f"{hours}", **changes}
    return HistoryRecord(NOON + datetime.timedelta(hours=hours), 1.0, **values)


def test_what_is_added_is_found_by_this_process_and_the_next(place):
    history = place.history()
    number = result(history.add(SAID))
    (found,) = result(history.recent(5))
    assert found.id == number > 0
    assert found == result(history.last()) == HistoryRecord(**{**vars(SAID), "id": number})
    history.close()
    assert result(place.history().last()) == found


def test_the_newest_come_first_whatever_the_order_of_adding_and_the_zone(place):
    history = place.history()
    zone = datetime.timezone(datetime.timedelta(hours=5))
    for hours in (2, 0, 3, 1):
        record = at(hours)
        result(history.add(HistoryRecord(**{**vars(record), "started_at": record.started_at.astimezone(zone)})))
    assert [record.journal for record in result(history.recent(3))] == ["3", "2", "1"]
    assert result(history.last()).started_at == NOON + datetime.timedelta(hours=3)


def test_the_state_follows_the_text(place):
    history = place.history()
    number = result(history.add(SAID))
    assert result(history.last()).state is TextState.PENDING
    assert result(history.set_state(number, TextState.INSERTED))
    assert result(history.last()).finished == SAID.finished
    assert result(history.set_state(number, TextState.COPIED, "Иначе."))
    last = result(history.last())
    assert (last.state, last.finished, last.raw) == (TextState.COPIED, "Иначе.", SAID.raw)
    assert not result(history.set_state(number + 1, TextState.COPIED))


@pytest.mark.parametrize("state", TextState)
def test_each_state_is_kept(place, state):
    history = place.history()
    result(history.add(HistoryRecord(**{**vars(SAID), "state": state})))
    assert result(history.last()).state is state


def test_what_is_deleted_is_gone_from_the_file_and_its_number_is_not_used_again(place):
    history = place.history()
    first, second = result(history.add(at(1))), result(history.add(at(2, raw="тайна", finished="Тайна.")))
    assert result(history.delete(second)) and not result(history.delete(second))
    assert [record.id for record in result(history.recent(9))] == [first]
    assert result(history.add(at(3))) > second
    assert result(history.clear()) == 2 and result(history.last()) is None
    history.close()
    content = place.path.read_bytes()
    assert "тайна".encode() not in content and SAID.finished.encode() not in content
    assert os.listdir(place.path.parent) == [place.path.name]


def test_the_old_is_purged(place):
    history = place.history()
    for hours in range(5):
        history.add(at(hours))
    assert result(history.purge(NOON + datetime.timedelta(hours=3))) == 3
    assert [record.journal for record in result(history.recent(9))] == ["4", "3"]


def test_nothing_is_made_by_looking(place):
    history = place.history()
    assert result(history.last()) is None and result(history.recent(3)) == ()
    assert result(history.of_left_over(["one"])) == {} and result(history.clear()) == 0
    assert not place.path.parent.exists() and place.told == []


def test_a_history_that_is_switched_off_takes_nothing_in_and_keeps_what_it_has(place):
    history = place.history()
    result(history.add(at(1)))
    history.set_enabled(False)
    assert result(history.add(at(2))) is None
    assert [record.journal for record in result(history.recent(9))] == ["1"]


def test_after_its_end_there_is_no_history(place):
    history = place.history()
    waiting = [history.add(at(hours)) for hours in range(5)]
    history.close()
    history.close()
    assert all(each.result(0) for each in waiting), "what was asked for before the end is done"
    assert result(history.add(SAID)) is None and result(history.recent(3)) == ()


@POSIX
def test_only_the_user_may_read_it(place):
    place.path.parent.mkdir()
    place.path.touch(mode=0o644)
    result(place.history().add(SAID))
    assert stat.S_IMODE(place.path.stat().st_mode) == 0o600


def test_results_come_on_the_thread_of_the_history(place):
    told = threading.Event()
    names = []

    def on_done(_future):
        names.append(threading.current_thread().name)
        told.set()

    place.history().add(SAID).add_done_callback(on_done)
    assert told.wait(WAIT_S) and names[0].startswith("records")


def test_many_threads_may_use_it(place):
    history = place.history()
    threads = [threading.Thread(target=lambda: [result(history.add(SAID)) for _ in range(5)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT_S)
    assert len(result(history.recent(100))) == 20


@pytest.mark.parametrize(
    "content", [b"not a database, but long enough to be looked at" * 40, b"SQLite format 3\0" * 300]
)
def test_a_broken_file_is_set_aside_and_the_text_is_kept(place, content):
    place.path.parent.mkdir()
    place.path.write_bytes(content)
    history = place.history()
    assert result(history.add(SAID))
    assert result(history.last()).finished == SAID.finished
    assert place.codes() == [MessageCode.HISTORY_BROKEN]
    with open(place.told[0].params["backup"], "rb") as backup:
        assert backup.read() == content


def test_a_page_that_is_damaged_later_is_noticed(place):
    history = place.history()
    for hours in range(50):
        history.add(at(hours, finished="Слово. " * 200))
    history.close()
    content = bytearray(place.path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 8_192] = b"\xff" * 8_192
    place.path.write_bytes(content)
    assert result(place.history().add(SAID))
    assert place.codes() == [MessageCode.HISTORY_BROKEN]


def test_a_file_of_a_newer_version_is_let_be_and_told_once(place):
    result(place.history().add(SAID))
    place.close()
    with sqlite3.connect(place.path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    content = place.path.read_bytes()
    history = place.history()
    assert [result(history.add(at(hours))) for hours in range(3)] == [None] * 3
    assert result(history.last()) is None
    assert [(told.code, told.params["version"]) for told in place.told] == [(MessageCode.HISTORY_NEWER, "99")]
    assert place.path.read_bytes() == content


def test_a_file_that_another_program_holds_is_used_again_afterwards(place):
    result(place.history().add(SAID))
    other = sqlite3.connect(place.path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    history = place.history()
    assert [result(history.add(at(hours))) for hours in range(2)] == [None, None]
    assert place.codes() == [MessageCode.HISTORY_NOT_AVAILABLE]
    other.execute("ROLLBACK")
    assert result(history.add(SAID))
    other.execute("BEGIN EXCLUSIVE")
    assert result(history.last()) is None
    assert place.codes() == [MessageCode.HISTORY_NOT_AVAILABLE] * 2, "a trouble that comes back is told again"
    other.close()


def test_a_folder_that_cannot_be_made_is_told(place):
    place.path.parent.write_text("not a folder")
    history = place.history()
    for _ in range(2):
        number = history.add(SAID)
        assert result(number) is None and not result(history.set_state(number, TextState.INSERTED))
    assert place.codes() == [MessageCode.HISTORY_NOT_AVAILABLE]


def test_a_file_that_cannot_be_written_is_told(place):
    place.path.mkdir(parents=True)
    assert result(place.history().add(SAID)) is None
    assert place.codes() == [MessageCode.HISTORY_NOT_AVAILABLE]


def test_an_older_file_is_brought_up_to_date(place, monkeypatch):
    result(place.history().add(SAID))
    place.close()
    addition = ("ALTER TABLE dictation ADD COLUMN extra TEXT NOT NULL DEFAULT 'x'",)
    monkeypatch.setattr(database, "_MIGRATIONS", (*database._MIGRATIONS, addition))
    assert result(place.history().last()).finished == SAID.finished
    place.close()
    connection = sqlite3.connect(place.path)
    assert connection.execute("PRAGMA user_version").fetchone() == (2,)
    assert connection.execute("SELECT extra FROM dictation").fetchall() == [("x",)]
    connection.close()


def test_a_step_that_fails_leaves_the_older_file_as_it_was(place, monkeypatch):
    result(place.history().add(SAID))
    place.close()
    steps = ("ALTER TABLE dictation ADD COLUMN extra TEXT", "no such statement")
    with monkeypatch.context() as patched:
        patched.setattr(database, "_MIGRATIONS", (*database._MIGRATIONS, steps))
        assert result(place.history().last()) is None
    assert place.codes() == [MessageCode.HISTORY_NOT_AVAILABLE]
    assert result(place.history().last()).finished == SAID.finished


def test_no_text_is_in_a_record_that_is_logged():
    assert all(text not in repr(SAID) for text in (SAID.raw, SAID.finished, SAID.target))
