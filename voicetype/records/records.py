"""Journal, recordings and history of one program together: a facade for the composition root. Any thread.

May import `core`.
"""

from __future__ import annotations

import datetime
import functools
from concurrent.futures import Future
from pathlib import Path

from voicetype.core.config import HistoryConfig
from voicetype.core.records import HistoryRecord, TextState
from voicetype.records import files
from voicetype.records.history import History
from voicetype.records.journal import Journal, JournalEntry
from voicetype.records.journal_folder import Limits, Tell
from voicetype.records.left_over import LeftOver, left_over_of

_TIDY_EVERY = datetime.timedelta(days=1)
_IN_HAND = frozenset({TextState.INSERTED, TextState.COPIED, TextState.CANCELLED})
_DEFAULT_LIMITS = Limits()


class Records:
    """All that is kept of dictations. No method waits for a disk; futures never raise.

    Attributes:
        history: the texts.
    """

    def __init__(self, data_dir: Path, config: HistoryConfig, tell: Tell, limits: Limits = _DEFAULT_LIMITS) -> None:
        """Use the folders `journal` and `recordings` and the file `history.sqlite3` in `data_dir`, when needed.

        `tell` takes what the user should know, on threads of this object.
        """
        self.history = History(data_dir / "history.sqlite3", tell)
        self._journal = Journal(data_dir / "journal", files.recordings_dir(data_dir), tell, limits)
        self._config = config
        self._tidied: datetime.datetime | None = None
        self.configure(config)

    def configure(self, config: HistoryConfig) -> None:
        """Keep what these settings say from now on; what is too old for them is deleted."""
        self._config = config
        self.history.set_enabled(config.enabled)
        self._tidied = None
        self._tidy()

    def begin(self) -> JournalEntry:
        """The journal's entry of a dictation that starts now."""
        self._tidy()
        return self._journal.begin()

    def remember(
        self, spoken: JournalEntry | LeftOver, raw: str, finished: str, target: str = ""
    ) -> Future[int | None]:
        """Take a finished text into the history as PENDING, before it is delivered. Gives its number, None without one.

        Args:
            spoken: its sound.
            raw: the words as recognised.
            finished: the text to be delivered.
            target: the window or program that it is for.
        """
        record = HistoryRecord(spoken.started_at, spoken.duration_s, raw, finished, target, journal=spoken.name)
        return self.history.add(record)

    def settle(
        self,
        spoken: JournalEntry | LeftOver,
        number: int | Future[int | None],
        state: TextState,
        finished: str | None = None,
    ) -> Future[bool]:
        """The text went there: write that, and let go of the sound. Gives whether it is written.

        What the user has in hand loses its sound at once, faster than the history can write, so that a crash in
        between offers no text twice. What nobody but the history has keeps its sound until that is written, and for
        the next start when it is not.

        Args:
            spoken: its sound.
            number: what `remember` gave.
            state: where the text went.
            finished: how it reads now, if it has changed.
        """

        def let_go(written: Future[bool]) -> None:
            if written.result():
                self.done(spoken)
            elif isinstance(spoken, JournalEntry):
                spoken.keep_for_later()

        if state in _IN_HAND:
            self.done(spoken)
            return self.history.set_state(number, state, finished)
        written = self.history.set_state(number, state, finished)
        written.add_done_callback(let_go)
        return written

    def done(self, entry: JournalEntry | LeftOver) -> None:
        """Nobody needs the sound any more: delete it, or keep it if the user wants recordings."""
        entry.done(self._config.keep_recordings)

    def left_over(self) -> Future[tuple[LeftOver, ...]]:
        """What earlier processes, or `keep_for_later`, left to be recognised or delivered, oldest first.

        Sound of a dictation whose text the history has anywhere but on its way is dropped, as `done` does.
        """
        found: Future[tuple[LeftOver, ...]] = Future()

        def on_records(paths: tuple[Path, ...], known: Future[dict[str, HistoryRecord]]) -> None:
            found.set_result(self._undelivered(paths, known.result()))

        def on_files(listed: Future[tuple[Path, ...]]) -> None:
            paths = listed.result()
            records = self.history.of_left_over([path.stem for path in paths])
            records.add_done_callback(functools.partial(on_records, paths))

        self._journal.left_over().add_done_callback(on_files)
        return found

    def forget(self, record: HistoryRecord) -> Future[bool]:
        """Delete a dictation, its recording included. Gives whether the text was there."""
        if record.journal:
            self._journal.delete_recording(record.journal)
        return self.history.delete(record.id)

    def clear(self) -> Future[int]:
        """Delete all texts and recordings. Gives how many texts."""
        self._journal.delete_recordings(None)
        return self.history.clear()

    def close(self, timeout_s: float) -> None:
        """Write what waits; idempotent. What has no text yet is left over for the next start.

        Only a journal on a disk that does not answer is given up after `timeout_s`.
        """
        self.history.close()  # first: what it has written lets go of sounds
        self._journal.close(timeout_s)

    def _undelivered(self, paths: tuple[Path, ...], known: dict[str, HistoryRecord]) -> tuple[LeftOver, ...]:
        found: list[LeftOver] = []
        for path in paths:
            record = known.get(path.stem)
            left = left_over_of(path, record, self._journal.take_away)
            if left is None:
                continue
            if record is None or record.state is TextState.PENDING:
                found.append(left)
            else:
                self.done(left)
        return tuple(found)

    def _tidy(self) -> None:
        """Delete what is older than the user wants, at most once a day."""
        now = datetime.datetime.now(datetime.UTC)
        if not self._config.keep_days or (self._tidied is not None and now - self._tidied < _TIDY_EVERY):
            return
        self._tidied = now
        oldest = now - datetime.timedelta(days=self._config.keep_days)
        self.history.purge(oldest)
        self._journal.delete_recordings(oldest)
