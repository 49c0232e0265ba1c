"""The history: what was dictated, when, where to and whether it arrived. Any thread; may import `core`.

All work is done on one thread ("records"), in the order asked for, so nobody waits for a disk who does not want to. A
result is a future; its callbacks run on that thread.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from loguru import logger

from voicetype.core.messages import MessageCode, RecordsError, UserMessage
from voicetype.core.records import HistoryRecord, TextState
from voicetype.records.database import HistoryDatabase

Result = TypeVar("Result")


class History:
    """Dictations in the order of time. No future ever raises: without a usable file there is no history, told once."""

    def __init__(self, path: Path, tell: Callable[[UserMessage], None]) -> None:
        """`tell` takes what the user should know; called on the thread of the history."""
        self._database = HistoryDatabase(path)
        self._tell = tell
        self._told: set[MessageCode] = set()
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="records")
        self._enabled = True

    def set_enabled(self, enabled: bool) -> None:
        """Whether `add` takes anything in; what is there stays."""
        self._enabled = enabled

    def add(self, record: HistoryRecord) -> Future[int | None]:
        """Take a dictation in. Gives its number, None when there is no history."""
        if not self._enabled:
            return _done(None)
        return self._submit(lambda: self._database.add(record), None)

    def set_state(
        self, number: int | Future[int | None], state: TextState, finished: str | None = None
    ) -> Future[bool]:
        """Say where a text went and, if it has changed, how it reads now. Gives whether that is written.

        What `add` gave may be taken as it is: nobody has to wait for the number.
        """

        def write() -> bool:
            # `add` ran on this thread before.
            known = number.result() if isinstance(number, Future) else number
            return known is not None and self._database.set_state(known, state, finished)

        return self._submit(write, False)

    def last(self) -> Future[HistoryRecord | None]:
        """The newest dictation."""
        return self._read(lambda: next(iter(self._database.newest(1)), None), None)

    def recent(self, count: int) -> Future[tuple[HistoryRecord, ...]]:
        """The newest dictations, newest first."""
        return self._read(lambda: self._database.newest(count), ())

    def delete(self, number: int) -> Future[bool]:
        """Forget a dictation. Gives whether it is gone that was there."""
        return self._read(lambda: self._database.delete(number), False)

    def clear(self) -> Future[int]:
        """Forget all of them. Gives how many."""
        return self._read(lambda: self._database.delete_before(None), 0)

    def purge(self, before: datetime.datetime) -> Future[int]:
        """Forget those that began before a moment (aware). Gives how many."""
        return self._read(lambda: self._database.delete_before(before), 0)

    def of_left_over(self, names: Iterable[str]) -> Future[dict[str, HistoryRecord]]:
        """What is known of left-over dictations, by their names in the journal.

        Texts that earlier processes left on their way without any sound are HELD from then on.
        """
        wanted = tuple(names)

        def look() -> dict[str, HistoryRecord]:
            self._database.hold_pending(wanted)
            return self._database.of_journal(wanted)

        return self._read(look, {})

    def close(self) -> None:
        """Do what waits and let go of the file; idempotent. Blocks until then."""
        self._executor.shutdown(wait=True)
        self._database.close()

    def _read(self, action: Callable[[], Result], otherwise: Result) -> Future[Result]:
        """Do `action` where there is a history; no file is made in order to find nothing in it."""
        return self._submit(lambda: action() if self._database.exists() else otherwise, otherwise)

    def _submit(self, action: Callable[[], Result], otherwise: Result) -> Future[Result]:
        try:
            return self._executor.submit(self._do, action, otherwise)
        except RuntimeError:  # after `close`
            return _done(otherwise)

    def _do(self, action: Callable[[], Result], otherwise: Result) -> Result:
        try:
            result = self._again_if_broken(action)
        except RecordsError as error:
            self._tell_once(error.message)
            return otherwise
        except Exception:  # noqa: BLE001  a dictation must not fail because its history does
            logger.exception("the history failed")
            return otherwise
        if self._database.is_open:
            self._told.clear()
        return result

    def _again_if_broken(self, action: Callable[[], Result]) -> Result:
        try:
            return action()
        except RecordsError as error:
            if error.message.code is not MessageCode.HISTORY_BROKEN:
                raise
            self._tell_once(error.message)
            return action()

    def _tell_once(self, message: UserMessage) -> None:
        """A trouble that lasts is told when it begins, not with each dictation."""
        if message.code not in self._told:
            self._told.add(message.code)
            self._tell(message)


def _done(result: Result) -> Future[Result]:
    future: Future[Result] = Future()
    future.set_result(result)
    return future
