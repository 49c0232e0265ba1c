"""The history's SQLite file. One thread; blocks. May import `core`.

A rollback journal and not a write-ahead log: there is one writer with two writes a dictation, so nothing is to be
gained, and the history stays one file with no texts in companions of it. `synchronous = EXTRA` lets a finished write
survive a power cut; `secure_delete` overwrites what the user deletes.
"""

from __future__ import annotations

import contextlib
import datetime
import os
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from loguru import logger

from voicetype.core.messages import Level, MessageCode, RecordsError
from voicetype.core.records import HistoryRecord, TextState
from voicetype.records import files

_BUSY_TIMEOUT_S = 2.0
_BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_COLUMNS = "started_at, duration_s, raw, finished, target, state, journal"
_MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        # AUTOINCREMENT: the number of a deleted dictation must never mean another one.
        "CREATE TABLE dictation (id INTEGER PRIMARY KEY AUTOINCREMENT, started_at TEXT NOT NULL, "
        "duration_s REAL NOT NULL, raw TEXT NOT NULL, finished TEXT NOT NULL, target TEXT NOT NULL, "
        "state TEXT NOT NULL, journal TEXT NOT NULL)",
        "CREATE INDEX dictation_by_time ON dictation (started_at)",
        "CREATE INDEX dictation_by_journal ON dictation (journal)",
    ),
)
"""Statements that lead from each schema version to the next."""


class HistoryDatabase:
    """Opened with the first use. Every method raises RecordsError (HISTORY_NOT_AVAILABLE, _BROKEN, _NEWER).

    After HISTORY_BROKEN the broken file is set aside, and the next call begins a new one.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._inherited_id: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether the last use of the file went well."""
        return self._connection is not None

    def exists(self) -> bool:
        """Whether there is a history at all."""
        return self._path.exists()

    def add(self, record: HistoryRecord) -> int:
        """Take a dictation in. Returns its number."""
        values = (_stamp(record.started_at), record.duration_s, record.raw, record.finished, record.target)
        with self._opened() as connection:
            cursor = connection.execute(
                f"INSERT INTO dictation ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (*values, record.state.value, record.journal),
            )
        return cursor.lastrowid or 0

    def set_state(self, number: int, state: TextState, finished: str | None) -> bool:
        """Say where the text went and, if not None, how it reads now. False for an unknown number."""
        with self._opened() as connection:
            cursor = connection.execute(
                "UPDATE dictation SET state = ?, finished = coalesce(?, finished) WHERE id = ?",
                (state.value, finished, number),
            )
        return cursor.rowcount > 0

    def newest(self, count: int) -> tuple[HistoryRecord, ...]:
        """The last dictations, newest first."""
        with self._opened() as connection:
            rows = connection.execute(
                f"SELECT {_COLUMNS}, id FROM dictation ORDER BY started_at DESC, id DESC LIMIT ?", (count,)
            ).fetchall()
        return tuple(map(_record, rows))

    def of_journal(self, names: Iterable[str]) -> dict[str, HistoryRecord]:
        """What is known of the dictations with these names in the journal."""
        with self._opened() as connection:
            rows = [
                row
                for name in names
                for row in connection.execute(f"SELECT {_COLUMNS}, id FROM dictation WHERE journal = ?", (name,))
            ]
        return {record.journal: record for record in map(_record, rows)}

    def hold_pending(self, spared: Iterable[str]) -> int:
        """Let texts wait that earlier processes left on their way, save those of these journal names. How many."""
        names = tuple(spared)
        marks = ", ".join("?" * len(names))
        with self._opened() as connection:
            cursor = connection.execute(
                f"UPDATE dictation SET state = ? WHERE state = ? AND id <= ? AND journal NOT IN ({marks})",
                (TextState.HELD.value, TextState.PENDING.value, self._inherited_id, *names),
            )
        return cursor.rowcount

    def delete(self, number: int) -> bool:
        """Forget a dictation. False for an unknown number."""
        with self._opened() as connection:
            return connection.execute("DELETE FROM dictation WHERE id = ?", (number,)).rowcount > 0

    def delete_before(self, moment: datetime.datetime | None) -> int:
        """Forget all dictations that began before `moment` (aware); None for all that there are. How many."""
        with self._opened() as connection:
            if moment is None:
                return connection.execute("DELETE FROM dictation").rowcount
            return connection.execute("DELETE FROM dictation WHERE started_at < ?", (_stamp(moment),)).rowcount

    def close(self) -> None:
        """Let go of the file; idempotent, raises nothing."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(sqlite3.Error):
                connection.close()

    @contextlib.contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """One transaction; what goes wrong in it becomes a RecordsError."""
        try:
            connection = self._connection or self._open()
            connection.execute("BEGIN IMMEDIATE")
            with connection:
                yield connection
        except RecordsError:
            self.close()
            raise
        except (sqlite3.Error, OSError) as error:
            self.close()
            raise self._told(error) from error

    def _open(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        files.make_private_file(self._path)
        # Other threads may close it, after the last call.
        connection = sqlite3.connect(self._path, timeout=_BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False)
        self._connection = connection
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > len(_MIGRATIONS):
            raise RecordsError(MessageCode.HISTORY_NEWER, Level.WARNING, path=self._path, version=version)
        if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise self._broken("quick_check")
        for pragma in ("journal_mode = DELETE", "synchronous = EXTRA", "secure_delete = ON"):
            connection.execute(f"PRAGMA {pragma}")
        for following, statements in enumerate(_MIGRATIONS[version:], version + 1):
            connection.execute("BEGIN IMMEDIATE")
            with connection:
                for statement in statements:
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {following}")
        if self._inherited_id is None:
            self._inherited_id = connection.execute("SELECT coalesce(max(id), 0) FROM dictation").fetchone()[0]
        return connection

    def _told(self, error: sqlite3.Error | OSError) -> RecordsError:
        # The lower byte is the kind of error, the others say more of it.
        if isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", 0) & 0xFF in _BROKEN:
            return self._broken(getattr(error, "sqlite_errorname", ""))
        detail = (error.strerror if isinstance(error, OSError) else str(error)) or type(error).__name__
        return RecordsError(MessageCode.HISTORY_NOT_AVAILABLE, Level.WARNING, path=self._path, detail=detail)

    def _broken(self, reason: str) -> RecordsError:
        """Set the file aside, with the journal of a write that did not end, which belongs to it."""
        logger.warning("the history is broken: {}", reason)
        self.close()
        stamp = datetime.datetime.now().strftime("%Y%m%d-%H%M%S")
        backup = self._path.with_name(f"history.broken.{stamp}{self._path.suffix}")
        try:
            for companion in ("-journal", ""):
                with contextlib.suppress(FileNotFoundError):
                    os.replace(f"{self._path}{companion}", f"{backup}{companion}")
        except OSError as error:
            detail = error.strerror or type(error).__name__
            return RecordsError(MessageCode.HISTORY_NOT_AVAILABLE, Level.WARNING, path=self._path, detail=detail)
        return RecordsError(MessageCode.HISTORY_BROKEN, Level.WARNING, path=self._path, backup=backup)


def _stamp(moment: datetime.datetime) -> str:
    """A moment so that text order is the order of time."""
    return moment.astimezone(datetime.UTC).isoformat(timespec="microseconds")


def _record(row: tuple[str, float, str, str, str, str, str, int]) -> HistoryRecord:
    started_at, duration_s, raw, finished, target, state, journal, number = row
    moment = datetime.datetime.fromisoformat(started_at)
    return HistoryRecord(moment, duration_s, raw, finished, target, TextState(state), journal, number)
