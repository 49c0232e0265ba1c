"""Downloads from a server on this machine that breaks off, stalls, lies and refuses."""

import email.utils
import errno
import hashlib
import os
import random
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.fakes_install import PROXY_VARIABLES, QUICK, Answer, Server, part_of, running_server
from voicetype.core.messages import InstallError, Level, MessageCode
from voicetype.core.progress import Progress, Stage
from voicetype.install.catalogue import Part
from voicetype.install.download import Patience, fetch
from voicetype.install.offline import SWITCHES, open_session

CONTENT = random.Random(7).randbytes(300_000)
OTHER = random.Random(8).randbytes(len(CONTENT))
HALF = 150_000


class Recorder(threading.Event):
    """A cancel event on which nobody waits in earnest."""

    def __init__(self) -> None:
        super().__init__()
        self.pauses: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.pauses.append(timeout or 0.0)
        return self.is_set()


@pytest.fixture(autouse=True)
def own_network(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*PROXY_VARIABLES, *SWITCHES):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def server() -> Iterator[Server]:
    with running_server() as running:
        yield running


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "папка с пробелом"
    folder.mkdir()
    return folder / "model.zip"


def get(part: Part, target: Path, patience: Patience = QUICK, **arguments: Any) -> None:
    with open_session("model", target.parent) as session:
        fetch(session, part, target, patience=patience, **arguments)


def failure(part: Part, target: Path, **arguments: Any) -> InstallError:
    with pytest.raises(InstallError) as caught:
        get(part, target, **arguments)
    return caught.value


def assert_arrived(target: Path, content: bytes = CONTENT) -> None:
    assert target.read_bytes() == content
    assert list(target.parent.iterdir()) == [target]


def test_a_file_arrives_and_its_progress_is_told(server: Server, target: Path) -> None:
    told: list[Progress] = []
    get(part_of(CONTENT, server.serve("a", Answer(CONTENT))), target, on_progress=told.append)
    assert_arrived(target)
    sizes = [progress.done for progress in told if progress.stage is Stage.DOWNLOADING]
    assert sizes == sorted(sizes) and sizes[-1] == len(CONTENT)
    assert {progress.total for progress in told} == {len(CONTENT)}
    assert told[-1].stage is Stage.CHECKING
    assert any(progress.rate > 0 for progress in told)


def test_a_broken_connection_is_continued(server: Server, target: Path) -> None:
    url = server.serve("a", Answer(CONTENT, send=HALF), Answer(CONTENT, send=HALF // 2), Answer(CONTENT))
    get(part_of(CONTENT, url), target)
    assert_arrived(target)
    assert server.asked("Range") == [None, f"bytes={HALF}-", f"bytes={HALF + HALF // 2}-"]
    assert server.asked("If-Range") == [None, '"one"', '"one"']


def test_a_line_that_breaks_often_but_always_brings_something_is_not_given_up(server: Server, target: Path) -> None:
    url = server.serve("a", *[Answer(CONTENT, send=20_000)] * 14, Answer(CONTENT))
    get(part_of(CONTENT, url), target)
    assert_arrived(target)


def test_a_server_that_falls_silent_is_asked_again(server: Server, target: Path) -> None:
    url = server.serve("a", Answer(CONTENT, send=HALF, stall=True), Answer(CONTENT))
    get(part_of(CONTENT, url), target, replace(QUICK, stall_s=1.0, tries=8))
    assert_arrived(target)


def test_a_server_that_announces_more_than_it_sends_is_asked_for_the_rest(server: Server, target: Path) -> None:
    url = server.serve("a", Answer(CONTENT[:HALF], announced=len(CONTENT)), Answer(CONTENT))
    get(part_of(CONTENT, url), target)
    assert_arrived(target)


def test_another_length_is_refused_before_it_is_loaded(server: Server, target: Path) -> None:
    told: list[Progress] = []
    part = part_of(CONTENT, server.serve("a", Answer(CONTENT[:-1])))
    error = failure(part, target, on_progress=told.append)
    assert error.message.code is MessageCode.DOWNLOAD_DAMAGED
    assert error.message.params["actual"] == "299999 bytes"
    assert told == []
    assert list(target.parent.iterdir()) == []


def test_without_a_length_the_end_is_the_end(server: Server, target: Path) -> None:
    url = server.serve("a", Answer(CONTENT, announced=-1))
    get(part_of(CONTENT, url, bytes=None), target)
    assert_arrived(target)


def test_without_a_length_an_early_end_is_noticed(server: Server, target: Path) -> None:
    url = server.serve("a", Answer(CONTENT[:HALF], announced=-1), Answer(CONTENT))
    get(part_of(CONTENT, url), target)
    assert_arrived(target)


def test_a_server_that_never_stops_does_not_fill_the_disk(server: Server, target: Path) -> None:
    url = server.serve("a", Answer(CONTENT * 20, announced=-1))
    error = failure(part_of(CONTENT, url), target)
    assert error.message.code is MessageCode.DOWNLOAD_DAMAGED
    assert int(error.message.params["actual"].split()[0]) < 2 * len(CONTENT)


def test_a_file_that_changed_meanwhile_is_loaded_anew(server: Server, target: Path) -> None:
    url = server.serve("a", Answer(OTHER, send=HALF, etag='"old"'), Answer(CONTENT, etag='"new"'))
    get(part_of(CONTENT, url), target)
    assert_arrived(target)
    assert server.asked("If-Range") == [None, '"old"']


def test_a_change_that_the_server_does_not_tell_is_noticed(server: Server, target: Path) -> None:
    changed = Answer(CONTENT, etag='"new"', if_range=False)
    url = server.serve("a", Answer(OTHER, send=HALF, etag='"old"'), changed)
    get(part_of(CONTENT, url), target)
    assert_arrived(target)
    assert server.asked("Range") == [None, f"bytes={HALF}-", None]


def test_a_change_that_nothing_tells_is_found_by_the_hash(server: Server, target: Path) -> None:
    url = server.serve("a", Answer(OTHER, send=HALF, etag=""), Answer(CONTENT, etag=""))
    get(part_of(CONTENT, url), target)
    assert_arrived(target)
    assert server.asked("Range") == [None, f"bytes={HALF}-", None]


def test_without_validator_and_hash_nothing_is_continued(server: Server, target: Path) -> None:
    url = server.serve("a", Answer(OTHER, send=HALF, etag=""), Answer(CONTENT, etag=""))
    get(part_of(CONTENT, url, sha256=""), target)
    assert_arrived(target)
    assert server.asked("Range") == [None, None]


def test_a_weak_tag_is_no_validator(server: Server, target: Path) -> None:
    url = server.serve("a", Answer(CONTENT, send=HALF, etag='W/"one"'), Answer(CONTENT, etag='W/"one"'))
    get(part_of(CONTENT, url), target)
    assert_arrived(target)
    assert server.asked("If-Range") == [None, None]


@pytest.mark.parametrize("algorithm", ["sha256", "md5"])
def test_the_wrong_bytes_are_deleted(server: Server, target: Path, algorithm: str) -> None:
    expected = hashlib.new(algorithm, CONTENT).hexdigest()
    part = part_of(CONTENT, server.serve("a", Answer(OTHER)), **{"sha256": "", algorithm: expected})
    error = failure(part, target)
    assert error.message.code is MessageCode.DOWNLOAD_DAMAGED
    assert error.message.params["expected"] == expected
    assert error.message.params["actual"] == hashlib.new(algorithm, OTHER).hexdigest()
    assert list(target.parent.iterdir()) == []
    assert len(server.requests) == 1


def test_a_mirror_stands_in_for_a_server_with_wrong_bytes(server: Server, target: Path) -> None:
    get(part_of(CONTENT, server.serve("a", Answer(OTHER)), server.serve("b", Answer(CONTENT))), target)
    assert_arrived(target)


def test_a_mirror_continues_what_another_began(server: Server, target: Path) -> None:
    first = server.serve("a", Answer(CONTENT, send=HALF), Answer(status=404))
    get(part_of(CONTENT, first, server.serve("b", Answer(CONTENT, etag='"its own"'))), target)
    assert_arrived(target)
    assert server.requests[-1][1].get("Range") == f"bytes={HALF}-"
    assert "If-Range" not in server.requests[-1][1]


def test_a_file_that_is_not_there_is_sought_at_the_mirror(server: Server, target: Path) -> None:
    get(part_of(CONTENT, server.url("gone"), server.serve("b", Answer(CONTENT))), target)
    assert_arrived(target)
    assert [path for path, _ in server.requests] == ["/gone", "/b"]


def test_a_file_that_is_nowhere_is_told(server: Server, target: Path) -> None:
    error = failure(part_of(CONTENT, server.url("gone"), server.url("gone too")), target)
    assert error.message.code is MessageCode.DOWNLOAD_FAILED
    assert error.message.params == {"url": server.url("gone too"), "detail": "HTTP 404 Not Found"}
    assert len(server.requests) == 2


def test_a_busy_server_is_asked_again_with_growing_pauses(server: Server, target: Path) -> None:
    waiting = Recorder()
    url = server.serve("a", *[Answer(status=503)] * 4, Answer(CONTENT))
    patience = replace(QUICK, tries=5, first_pause_s=1.0, longest_pause_s=3.0)
    get(part_of(CONTENT, url), target, patience, cancelled=waiting)
    assert_arrived(target)
    assert waiting.pauses == [1.0, 2.0, 3.0, 3.0]


@pytest.mark.parametrize("as_date", [False, True], ids=["seconds", "date"])
def test_a_server_says_how_long_to_wait(server: Server, target: Path, as_date: bool) -> None:
    waiting = Recorder()
    value = email.utils.formatdate(time.time() + 30, usegmt=True) if as_date else "27"
    url = server.serve("a", Answer(status=429, headers={"Retry-After": value}), Answer(CONTENT))
    get(part_of(CONTENT, url), target, replace(QUICK, longest_pause_s=60.0), cancelled=waiting)
    assert_arrived(target)
    assert len(waiting.pauses) == 1
    # A date stays where it is while this machine takes its time.
    assert 5 < waiting.pauses[0] <= 30 if as_date else waiting.pauses == [27.0]


def test_a_server_that_wants_an_hour_is_left(server: Server, target: Path) -> None:
    waiting = Recorder()
    busy = server.serve("a", Answer(status=429, headers={"Retry-After": "3600"}))
    get(part_of(CONTENT, busy, server.serve("b", Answer(CONTENT))), target, cancelled=waiting)
    assert_arrived(target)
    assert waiting.pauses == []


def test_a_server_that_stays_busy_is_given_up(server: Server, target: Path) -> None:
    error = failure(part_of(CONTENT, server.serve("a", Answer(status=503))), target)
    assert error.message.code is MessageCode.DOWNLOAD_FAILED
    assert error.message.params["detail"] == "HTTP 503 Service Unavailable"
    assert len(server.requests) == QUICK.tries


def test_a_server_that_cannot_continue_begins_anew(server: Server, target: Path) -> None:
    url = server.serve("a", Answer(CONTENT, send=HALF), Answer(CONTENT, ranges=False))
    get(part_of(CONTENT, url), target)
    assert_arrived(target)
    assert server.asked("Range") == [None, f"bytes={HALF}-"]


def test_a_server_that_cannot_continue_and_always_breaks_off_is_given_up(server: Server, target: Path) -> None:
    url = server.serve("a", Answer(CONTENT, ranges=False, send=HALF))
    assert failure(part_of(CONTENT, url), target).message.code is MessageCode.DOWNLOAD_FAILED
    assert len(server.requests) == QUICK.tries


def test_a_complete_part_of_unknown_size_is_recognised(server: Server, target: Path) -> None:
    target.with_name("model.zip.part").write_bytes(CONTENT)
    get(part_of(CONTENT, server.serve("a", Answer(CONTENT)), bytes=None), target)
    assert_arrived(target)
    assert server.asked("Range") == [f"bytes={len(CONTENT)}-"]


def test_a_part_that_is_longer_than_the_file_is_thrown_away(server: Server, target: Path) -> None:
    target.with_name("model.zip.part").write_bytes(CONTENT + b"more")
    get(part_of(CONTENT, server.serve("a", Answer(CONTENT)), bytes=None), target)
    assert_arrived(target)
    assert server.asked("Range") == [f"bytes={len(CONTENT) + 4}-", None]


def test_a_complete_file_is_not_loaded_again(server: Server, target: Path) -> None:
    target.with_name("model.zip.part").write_bytes(CONTENT)
    part = part_of(CONTENT, server.url("never asked"))
    get(part, target)
    get(part, target)
    assert_arrived(target)
    assert server.requests == []


def test_a_complete_file_with_wrong_bytes_is_loaded_again(server: Server, target: Path) -> None:
    target.write_bytes(OTHER)
    get(part_of(CONTENT, server.serve("a", Answer(CONTENT))), target)
    assert_arrived(target)


def test_a_note_that_cannot_be_read_does_not_matter(server: Server, target: Path) -> None:
    target.with_name("model.zip.part").write_bytes(CONTENT[:HALF])
    target.with_name("model.zip.part.json").write_text("[not json", encoding="utf-8")
    get(part_of(CONTENT, server.serve("a", Answer(CONTENT))), target)
    assert_arrived(target)
    assert server.asked("Range") == [f"bytes={HALF}-"]


def test_a_cancelled_download_is_continued_later(server: Server, target: Path) -> None:
    cancelled = threading.Event()
    part = part_of(CONTENT, server.serve("a", Answer(CONTENT)))
    error = failure(part, target, cancelled=cancelled, on_progress=lambda _: cancelled.set())
    assert (error.message.code, error.message.level) == (MessageCode.INSTALL_CANCELLED, Level.INFO)
    kept = target.with_name("model.zip.part").stat().st_size
    assert 0 < kept < len(CONTENT)
    get(part, target)
    assert_arrived(target)
    assert server.asked("Range") == [None, f"bytes={kept}-"]


def test_cancelling_ends_a_download_that_waits_for_bytes(server: Server, target: Path) -> None:
    cancelled = threading.Event()
    part = part_of(CONTENT, server.serve("a", Answer(CONTENT, send=HALF, stall=True)))
    canceller = threading.Thread(target=lambda: server.stalled.wait(10) and cancelled.set())
    canceller.start()
    began = time.monotonic()
    error = failure(part, target, cancelled=cancelled, patience=replace(QUICK, stall_s=30.0))
    canceller.join()
    assert error.message.code is MessageCode.INSTALL_CANCELLED
    assert time.monotonic() - began < 25


class CancelledInAPause(threading.Event):
    """Somebody cancels while a pause lasts."""

    def wait(self, timeout: float | None = None) -> bool:
        threading.Timer(0.05, self.set).start()
        return super().wait(timeout)


def test_cancelling_ends_a_pause(server: Server, target: Path) -> None:
    url = server.serve("a", Answer(status=503, headers={"Retry-After": "50"}))
    began = time.monotonic()
    error = failure(
        part_of(CONTENT, url), target, cancelled=CancelledInAPause(), patience=replace(QUICK, longest_pause_s=60.0)
    )
    assert error.message.code is MessageCode.INSTALL_CANCELLED
    assert time.monotonic() - began < 40


def test_a_redirection_is_followed_and_the_first_address_is_continued(server: Server, target: Path) -> None:
    moved = Answer(status=302, headers={"Location": server.url("b")}, etag="")
    server.serve("b", Answer(CONTENT, send=HALF), Answer(CONTENT))
    get(part_of(CONTENT, server.serve("a", moved)), target)
    assert_arrived(target)
    assert [path for path, _ in server.requests] == ["/a", "/b", "/a", "/b"]
    assert server.requests[-1][1]["If-Range"] == '"one"'


def test_a_redirection_in_a_circle_is_told(server: Server, target: Path) -> None:
    url = server.serve("a", Answer(status=302, headers={"Location": server.url("a")}))
    assert failure(part_of(CONTENT, url), target).message.code is MessageCode.DOWNLOAD_FAILED


def test_a_server_that_is_not_there_is_told(server: Server, target: Path) -> None:
    with running_server() as gone:
        url = gone.url("a")
    error = failure(part_of(CONTENT, url), target)
    assert error.message.code is MessageCode.DOWNLOAD_FAILED
    assert "refused" in error.message.params["detail"]
    assert "HTTPConnectionPool" not in error.message.params["detail"]


def test_what_is_compressed_unasked_is_not_taken_for_the_file(server: Server, target: Path) -> None:
    url = server.serve("a", Answer(CONTENT, headers={"Content-Encoding": "gzip"}))
    assert failure(part_of(CONTENT, url), target).message.code is MessageCode.DOWNLOAD_FAILED
    assert server.asked("Accept-Encoding") == ["identity"]


def test_the_proxy_of_the_environment_is_asked(server: Server, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", server.url("").rstrip("/"))
    url = "http://models.invalid/model.zip"
    server.answers[url] = [Answer(CONTENT)]
    get(part_of(CONTENT, url), target)
    assert_arrived(target)
    assert [path for path, _ in server.requests] == [url]


def test_a_full_disk_is_told(server: Server, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    error = failure(part_of(CONTENT, server.serve("a", Answer(CONTENT))), target)
    assert error.message.code is MessageCode.DISK_FULL


@pytest.mark.parametrize("switch", SWITCHES)
@pytest.mark.parametrize(
    ("value", "forbidden"), [("1", True), ("TRUE", True), ("yes", True), ("0", False), ("", False)]
)
def test_the_network_can_be_forbidden(
    target: Path, monkeypatch: pytest.MonkeyPatch, switch: str, value: str, forbidden: bool
) -> None:
    monkeypatch.setenv(switch, value)
    if not forbidden:
        open_session("model", target).close()
        return
    monkeypatch.setattr(requests, "Session", None)
    with pytest.raises(InstallError) as caught:
        open_session("model", target)
    assert caught.value.message.code is MessageCode.DOWNLOAD_FORBIDDEN
    assert caught.value.message.params == {"name": "model", "variable": switch, "folder": str(target)}
