"""Journal and history together: what the next start offers, and what it does not."""

import datetime
import time

import pytest

from voicetype.core.config import HistoryConfig
from voicetype.core.records import HistoryRecord, TextState
from voicetype.records import files
from voicetype.records.journal_folder import Limits
from voicetype.records.records import Records

WAIT_S = 10.0
SECOND = bytes(range(250)) * 128
DELIVERED = [state for state in TextState if state is not TextState.PENDING]


class Place:
    """A folder of data, and programs that keep dictations there, one after the other."""

    def __init__(self, folder):
        self.folder = folder
        self.told = []
        self._programs = []

    def start(self, config=HistoryConfig()):  # noqa: B008  frozen
        for each in self._programs:
            each.close(WAIT_S)
        self._programs.append(Records(self.folder, config, self.told.append, Limits(spare_bytes=0)))
        return self._programs[-1]


@pytest.fixture
def place(tmp_path):
    place = Place(tmp_path / "data")
    yield place
    for each in place._programs:
        each.close(WAIT_S)
    assert place.told == []


def dictate(records, seconds=1):
    entry = records.begin()
    for _ in range(seconds):
        entry.write(SECOND)
    entry.close()
    return entry


def record_of(entry, **changes):
    values = {"raw": "да", "finished": "Да.", "journal": entry.name, **changes}
    return HistoryRecord(entry.started_at, 1.0, **values)


def offered(records):
    return records.left_over().result(WAIT_S)


def test_speech_without_a_text_is_offered_with_its_sound(place):
    entry = dictate(place.start(), seconds=2)
    (left,) = offered(place.start())
    assert (left.name, left.started_at, left.duration_s, left.record) == (entry.name, entry.started_at, 2.0, None)
    audio = left.audio()
    assert b"".join(iter(lambda: audio.read(0.5, 8_000), None)) == SECOND * 2


def test_a_finished_text_that_may_not_have_arrived_is_offered_itself(place):
    records = place.start()
    entry = dictate(records)
    records.history.add(record_of(entry)).result(WAIT_S)
    (left,) = offered(place.start())
    assert left.record is not None and left.record.finished == "Да."


@pytest.mark.parametrize("state", DELIVERED)
def test_sound_goes_when_the_history_says_where_the_text_went(place, state):
    records = place.start()
    entry = dictate(records, seconds=2)
    number = records.remember(entry, "да", "Да.", "Редактор")
    assert records.settle(entry, number, state, "Да!").result(WAIT_S)
    last = records.history.last().result(WAIT_S)
    assert last == HistoryRecord(entry.started_at, 2.0, "да", "Да!", "Редактор", state, entry.name, number.result(0))
    records.close(WAIT_S)
    assert files.sounds_in(place.folder / "journal") == []
    assert offered(place.start()) == ()


@pytest.mark.parametrize("state", DELIVERED)
def test_sound_of_a_text_that_nobody_has_is_kept_where_there_is_no_history(place, state):
    records = place.start(HistoryConfig(enabled=False))
    entry = dictate(records)
    assert not records.settle(entry, records.remember(entry, "да", "Да."), state).result(WAIT_S)
    expected = [entry.name] if state in {TextState.HELD, TextState.PARTLY, TextState.FAILED} else []
    # The sound is let go of a moment after the history has answered.
    deadline = time.monotonic() + WAIT_S
    while (kept := [left.name for left in offered(records)]) != expected and time.monotonic() < deadline:
        pass
    assert kept == expected


@pytest.mark.parametrize("keep", [False, True])
def test_a_left_over_may_be_settled_twice(place, keep):
    dictate(place.start())
    records = place.start(HistoryConfig(keep_recordings=keep))
    (left,) = offered(records)
    number = records.remember(left, "да", "Да.")
    for state in (TextState.COPIED, TextState.HELD, TextState.INSERTED):
        assert records.settle(left, number, state).result(WAIT_S)
    assert offered(records) == () and records.history.last().result(WAIT_S).state is TextState.INSERTED
    assert len(files.sounds_in(place.folder / "recordings")) == keep


def test_a_left_over_is_settled_like_any_dictation(place):
    records = place.start()
    waiting, spoken = dictate(records), dictate(records)
    records.remember(waiting, "да", "Да.").result(WAIT_S)
    records = place.start()
    first, second = offered(records)
    records.settle(first, first.record.id, TextState.COPIED)
    assert records.settle(second, records.remember(second, "нет", "Нет."), TextState.INSERTED).result(WAIT_S)
    assert [(each.finished, each.state) for each in records.history.recent(9).result(WAIT_S)] == [
        ("Нет.", TextState.INSERTED),
        ("Да.", TextState.COPIED),
    ]
    assert offered(place.start()) == () and second.name == spoken.name


@pytest.mark.parametrize("state", DELIVERED)
def test_a_text_that_was_delivered_is_not_offered_though_its_sound_is_still_there(place, state):
    records = place.start()
    entry = dictate(records)
    number = records.history.add(record_of(entry)).result(WAIT_S)
    records.history.set_state(number, state).result(WAIT_S)
    records = place.start()
    assert offered(records) == ()
    records.close(WAIT_S)
    assert files.sounds_in(place.folder / "journal") == []


def test_sound_that_the_user_keeps_is_kept_by_the_next_start_too(place):
    keeping = HistoryConfig(keep_recordings=True)
    records = place.start(keeping)
    entry = dictate(records)
    records.history.add(record_of(entry, state=TextState.INSERTED)).result(WAIT_S)
    records = place.start(keeping)
    assert offered(records) == ()
    records.close(WAIT_S)
    assert [path.stem for path in files.sounds_in(place.folder / "recordings")] == [entry.name]


@pytest.mark.parametrize("keep", [False, True])
def test_a_left_over_that_is_done_is_not_offered_again(place, keep):
    dictate(place.start())
    records = place.start(HistoryConfig(keep_recordings=keep))
    (left,) = offered(records)
    records.done(left)
    assert offered(records) == offered(place.start()) == ()
    assert len(files.sounds_in(place.folder / "recordings")) == keep


def test_a_left_over_that_nobody_answers_is_offered_again(place):
    dictate(place.start())
    assert offered(place.start()) == offered(place.start()) != ()


def test_left_overs_come_in_the_order_of_speech(place):
    records = place.start()
    names = [dictate(records).name for _ in range(3)]
    assert [left.name for left in offered(place.start())] == names


def test_a_text_without_sound_that_may_not_have_arrived_waits_in_the_history(place):
    records = place.start()
    entry = dictate(records)
    records.history.add(record_of(entry)).result(WAIT_S)
    records.done(entry)
    records = place.start()
    under_way = records.history.add(record_of(entry, journal="", finished="Нет."))
    assert offered(records) == ()
    states = {record.finished: record.state for record in records.history.recent(9).result(WAIT_S)}
    assert states == {"Да.": TextState.HELD, "Нет.": TextState.PENDING} and under_way.result(0)


def test_without_a_history_speech_is_offered_all_the_same(place):
    off = HistoryConfig(enabled=False)
    records = place.start(off)
    dictate(records)
    records.done(dictate(records))
    assert len(offered(place.start(off))) == 1
    assert not (place.folder / "history.sqlite3").exists()


def test_what_is_too_old_is_deleted_at_the_start_and_with_new_settings(place):
    records = place.start(HistoryConfig(keep_days=0, keep_recordings=True))
    entry = dictate(records)
    records.done(entry)
    old = entry.started_at - datetime.timedelta(days=8)
    records.history.add(HistoryRecord(old, 1.0, "старое", "Старое."))
    records.history.add(record_of(entry))
    recording = place.folder / "recordings" / f"{files.new_name(old)}.wav"
    offered(records)
    recording.write_bytes(files.header(0))
    records = place.start(HistoryConfig(keep_days=9, keep_recordings=True))
    assert len(records.history.recent(9).result(WAIT_S)) == 2
    records.configure(HistoryConfig(keep_days=7, keep_recordings=True))
    assert [record.finished for record in records.history.recent(9).result(WAIT_S)] == ["Да."]
    records.close(WAIT_S)
    assert [path.stem for path in files.sounds_in(recording.parent)] == [entry.name]


def test_a_dictation_is_forgotten_with_its_recording(place):
    records = place.start(HistoryConfig(keep_recordings=True))
    entries = [dictate(records) for _ in range(3)]
    for entry in entries:
        records.history.add(record_of(entry, state=TextState.INSERTED))
        records.done(entry)
    newest = records.history.last().result(WAIT_S)
    assert records.forget(newest).result(WAIT_S)
    offered(records)
    assert [path.stem for path in files.sounds_in(place.folder / "recordings")] == [each.name for each in entries[:2]]
    assert records.clear().result(WAIT_S) == 2
    records.close(WAIT_S)
    assert files.sounds_in(place.folder / "recordings") == []
