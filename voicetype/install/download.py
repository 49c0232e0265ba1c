"""Fetches one file: resumed, retried, from mirrors in turn, and checked before anybody sees it. Any thread; blocks.

What has arrived lies in NAME.part, beside it NAME.part.json with the address and the validator that it came with; both
survive a cancelled or failed download and are continued by the next one. The file gets its name when it is complete
and its size and hash are right, never before.
"""

from __future__ import annotations

import contextlib
import email.utils
import http
import json
import os
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from ssl import SSLCertVerificationError

import requests
import urllib3.exceptions
from loguru import logger

from voicetype.core.messages import InstallError, MessageCode
from voicetype.core.progress import OnProgress, Progress, Stage
from voicetype.install import disk
from voicetype.install.catalogue import Part
from voicetype.install.progress import Meter, ignore

_CHUNK_BYTES = 1 << 16
_LOOK_S = 0.1
"""How often a waiting download looks whether it is cancelled."""
_TRANSIENT = {408, 425, 429, 500, 502, 503, 504}
_CONTENT_RANGE = re.compile(r"bytes (?:(\d+)-\d+|\*)/(\d+|\*)")


@dataclass(frozen=True)
class Patience:
    """How long to wait for a server, and how often to ask it again.

    Attributes:
        connect_s: for a connection.
        stall_s: for the next bytes, or for an answer.
        tries: attempts in a row without a new byte, for each address.
        first_pause_s: before the second try; doubles with each one.
        longest_pause_s: what no pause is above; a server that asks for more is left for the next address.
        held_s: for a file that another program holds (an antivirus under Windows).
    """

    connect_s: float = 15.0
    stall_s: float = 60.0
    tries: int = 5
    first_pause_s: float = 1.0
    longest_pause_s: float = 60.0
    held_s: float = 10.0


class _TryAgainError(Exception):
    """It may work at the same address a little later; `pause_s` is what the server asks for."""

    def __init__(self, detail: str, pause_s: float = 0.0) -> None:
        super().__init__(detail)
        self.pause_s = pause_s


def fetch(
    session: requests.Session,
    part: Part,
    target: Path,
    *,
    on_progress: OnProgress = ignore,
    cancelled: threading.Event | None = None,
    patience: Patience = Patience(),
) -> None:
    """Download `part` to the file `target`, whose folder exists.

    A cancelled download ends within a moment while bytes come in, and after `connect_s` or `stall_s` at the latest.
    Raises InstallError: DOWNLOAD_FAILED, DOWNLOAD_DAMAGED (the last address's), INSTALL_CANCELLED, DISK_FULL,
    FILE_IN_USE, FOLDER_NOT_WRITABLE.
    """
    with disk.told(target.parent):
        _Download(session, part, target, on_progress, cancelled or threading.Event(), patience).run()


class _Download:
    """One run of `fetch`."""

    def __init__(
        self,
        session: requests.Session,
        part: Part,
        target: Path,
        on_progress: OnProgress,
        cancelled: threading.Event,
        patience: Patience,
    ) -> None:
        self._session = session
        self._part = part
        self._target = target
        self._partial = target.with_name(f"{target.name}.part")
        self._note = target.with_name(f"{target.name}.part.json")
        self._tell = on_progress
        self._cancelled = cancelled
        self._patience = patience
        self._url = part.urls[0]

    def run(self) -> None:
        if self._target.exists():
            disk.patiently(lambda: os.replace(self._target, self._partial), self._patience.held_s)
            complete = True
        else:
            complete = self._part.bytes is not None and self._arrived() >= self._part.bytes
        if complete and self._finish() is None:
            return
        error = InstallError(MessageCode.DOWNLOAD_FAILED, url="", detail="")
        for url in self._part.urls:
            self._url = url
            try:
                self._fetch()
            except InstallError as problem:
                if problem.message.code not in {MessageCode.DOWNLOAD_FAILED, MessageCode.DOWNLOAD_DAMAGED}:
                    raise
                logger.warning("{}: {}", problem.message.code.value, dict(problem.message.params))
                error = problem
            else:
                return
        raise error

    def _fetch(self) -> None:
        failures, most, fresh = 0, self._arrived(), False
        while True:
            disk.check_cancelled(self._cancelled, self._target.name)
            try:
                resumed = self._attempt()
            except _TryAgainError as problem:
                failures = 1 if self._arrived() > most else failures + 1
                most = max(most, self._arrived())
                pause_s = max(self._patience.first_pause_s * 2 ** (failures - 1), problem.pause_s)
                if failures >= self._patience.tries or problem.pause_s > self._patience.longest_pause_s:
                    raise self._failure(problem) from problem
                logger.info("{} failed ({}), once more in {} s", self._url, problem, pause_s)
                self._cancelled.wait(min(pause_s, self._patience.longest_pause_s))
                continue
            damage = self._finish()
            if damage is None:
                return
            if fresh or not resumed:
                raise damage
            # The beginning may be of another file: once more, with nothing of what was there before.
            fresh = True

    def _attempt(self) -> bool:
        """Fetch what is missing. Returns whether an earlier beginning was continued."""
        offset = self._arrived()
        headers = self._resume_headers(offset) if offset else {}
        if offset and not headers:
            self._forget()
            offset = 0
        timeouts = (self._patience.connect_s, self._patience.stall_s)
        try:
            with (
                self._session.get(self._url, headers=headers, stream=True, timeout=timeouts) as response,
                _interrupted_by(self._cancelled, response),
            ):
                return self._receive(response, offset)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            disk.check_cancelled(self._cancelled, self._target.name)
            cause = _cause(error)
            # An address that is none (a ValueError) or a forged server gets no better with time.
            if isinstance(error, requests.TooManyRedirects | ValueError) or isinstance(cause, SSLCertVerificationError):
                raise self._failure(cause) from error
            raise _TryAgainError(f"{type(cause).__name__}: {cause}") from error

    def _resume_headers(self, offset: int) -> dict[str, str]:
        """What asks for the rest; {} when nothing would tell whether the rest fits to the beginning."""
        note = self._read_note()
        headers = {"Range": f"bytes={offset}-"}
        if note.get("url") == self._url and note.get("validator"):
            return {**headers, "If-Range": note["validator"]}
        return headers if self._part.sha256 or self._part.md5 else {}

    def _receive(self, response: requests.Response, offset: int) -> bool:
        status = response.status_code
        if status == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and offset:
            if offset == (self._part.bytes or _range_of(response)[1]):
                return True
            self._forget()
            raise _TryAgainError(f"{offset} bytes are more than the server has")
        if status in _TRANSIENT:
            raise _TryAgainError(_status(response), _retry_after(response))
        if status not in {http.HTTPStatus.OK, http.HTTPStatus.PARTIAL_CONTENT}:
            raise self._failure(_status(response))
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise self._failure("compressed unasked")
        if status == http.HTTPStatus.OK:
            offset = 0
        self._check_announcement(response, offset)
        self._write(response, offset)
        return offset > 0

    def _check_announcement(self, response: requests.Response, offset: int) -> None:
        """Compare what the server is about to send with what is there and what is expected, before it sends it."""
        expected = self._part.bytes
        if response.status_code == http.HTTPStatus.PARTIAL_CONTENT:
            start, total = _range_of(response)
            known = self._read_note().get("validator")
            changed = "If-Range" in response.request.headers and _validator(response) not in {"", known}
            if start != offset or changed or (expected and total and total != expected):
                self._forget()
                raise _TryAgainError("the rest does not fit to the beginning")
        elif expected is not None and _length(response) not in {None, expected}:
            raise self._damage(f"{expected} bytes", f"{_length(response)} bytes")

    def _write(self, response: requests.Response, offset: int) -> None:
        self._write_note(response, offset)
        length = _length(response)
        total = self._part.bytes or (None if length is None else offset + length)
        # A server that never stops must not fill the disk.
        ceiling = self._part.bytes or 2 * self._part.bytes_about or total
        meter = Meter(Stage.DOWNLOADING, self._tell, total, offset)
        with self._partial.open("ab" if offset else "wb") as file:
            # read1 gives what is there; iter_content gathers a whole chunk and drops it when the line breaks meanwhile.
            while chunk := response.raw.read1(_CHUNK_BYTES, decode_content=False):
                disk.check_cancelled(self._cancelled, self._target.name)
                file.write(chunk)
                file.flush()  # what has arrived is in the file, whatever ends the program
                meter.add(len(chunk))
                if ceiling and file.tell() > ceiling:
                    break
            os.fsync(file.fileno())
        disk.check_cancelled(self._cancelled, self._target.name)
        meter.finish()
        if total and self._arrived() < total:
            raise _TryAgainError(f"the answer ended after {self._arrived()} of {total} bytes")

    def _finish(self) -> InstallError | None:
        """Give the complete file its name; or forget it and say what is wrong with it."""
        size = self._arrived()
        self._tell(Progress(Stage.CHECKING, size, size))
        damage = None
        if self._part.bytes is not None and size != self._part.bytes:
            damage = self._damage(f"{self._part.bytes} bytes", f"{size} bytes")
        algorithm = "sha256" if self._part.sha256 else "md5" if self._part.md5 else ""
        if damage is None and algorithm:
            expected = getattr(self._part, algorithm)
            actual = disk.digest(self._partial, algorithm, self._cancelled)
            if actual != expected:
                damage = self._damage(expected, actual)
        if damage is None:
            disk.patiently(lambda: os.replace(self._partial, self._target), self._patience.held_s)
        self._forget()
        return damage

    def _failure(self, detail: object) -> InstallError:
        return InstallError(MessageCode.DOWNLOAD_FAILED, url=self._url, detail=detail)

    def _damage(self, expected: str, actual: str) -> InstallError:
        return InstallError(MessageCode.DOWNLOAD_DAMAGED, url=self._url, expected=expected, actual=actual)

    def _arrived(self) -> int:
        try:
            return self._partial.stat().st_size
        except FileNotFoundError:
            return 0

    def _forget(self) -> None:
        self._partial.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)

    def _read_note(self) -> dict[str, str]:
        try:
            note = json.loads(self._note.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return note if isinstance(note, dict) else {}

    def _write_note(self, response: requests.Response, offset: int) -> None:
        validator = _validator(response)
        if validator or not offset:
            self._note.write_text(json.dumps({"url": self._url, "validator": validator}), encoding="utf-8")


@contextlib.contextmanager
def _interrupted_by(cancelled: threading.Event, response: requests.Response) -> Iterator[None]:
    """Within, a read that waits for bytes ends soon after the event is set."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(_LOOK_S):
            if cancelled.is_set():
                # Whatever it says then: the read ends by itself after the time-out.
                with contextlib.suppress(OSError, ValueError, RuntimeError, AttributeError):
                    response.raw.shutdown()
                return

    watcher = threading.Thread(target=watch, name="download-cancel")
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def _validator(response: requests.Response) -> str:
    tag = response.headers.get("ETag", "")
    # A weak tag says that the meaning is the same, not the bytes; If-Range must not hold it.
    return tag if tag and not tag.startswith("W/") else response.headers.get("Last-Modified", "")


def _range_of(response: requests.Response) -> tuple[int | None, int | None]:
    """First byte and total size that Content-Range tells, None for what it does not."""
    match = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", "").strip())
    if match is None:
        return None, None
    start, total = match.groups()
    return (int(start) if start else None), (int(total) if total != "*" else None)


def _retry_after(response: requests.Response) -> float:
    value = response.headers.get("Retry-After", "").strip()
    if value.isdigit():
        return float(value)
    with contextlib.suppress(ValueError):
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    return 0.0


def _status(response: requests.Response) -> str:
    return f"HTTP {response.status_code} {response.reason}".strip()


def _length(response: requests.Response) -> int | None:
    value = response.headers.get("Content-Length", "")
    return int(value) if value.isdigit() else None


def _cause(error: BaseException) -> BaseException:
    """The innermost reason: the outer ones repeat the address, and may show a proxy's password."""
    while (inner := error.__cause__ or error.__context__) is not None:
        error = inner
    return error
