"""A web server on this machine that misbehaves as told, and models that are small and complete."""

import hashlib
import http.server
import io
import threading
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from voicetype.install.catalogue import Part
from voicetype.install.download import Patience

QUICK = Patience(connect_s=20.0, stall_s=20.0, tries=3, first_pause_s=0.01, longest_pause_s=10.0, held_s=0.0)
PROXY_VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")

SPEECH_MODEL: Mapping[str, bytes] = {
    "am/final.mdl": b"weights of the model" * 500,
    "conf/model.conf": b"--sample-frequency=16000\n",
    "graph/phones/word_boundary.int": b"1 nonword\n",
    "README": b"",
}
PUNCTUATION_MODEL: Mapping[str, bytes] = {
    "rupunct_small_int8.onnx": b"weights" * 300,
    "tokenizer.json": b"{}",
    "config.json": b'{"id2label": {}}',
}


@dataclass
class Answer:
    """What the server does with one request.

    Attributes:
        content: the whole file.
        status: sent in place of the file when it is not 200.
        etag: "" = none.
        ranges: whether Range is obeyed.
        if_range: whether If-Range is obeyed.
        send: bytes of the body to send before the connection is cut; None = all.
        stall: in place of cutting it, send nothing more.
        announced: a Content-Length that is not true; -1 = none at all, the end of the connection is the end.
    """

    content: bytes = b""
    status: int = 200
    etag: str = '"one"'
    headers: Mapping[str, str] = field(default_factory=dict)
    ranges: bool = True
    if_range: bool = True
    send: int | None = None
    stall: bool = False
    announced: int | None = None


class Server(http.server.ThreadingHTTPServer):
    """Answers requests for a path with its list of answers, one after the other; the last one stays.

    Attributes:
        requests: (path, headers) of what was asked, in order.
        stalled: set while an answer is held back.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: dict[str, list[Answer]] = {}
        self.requests: list[tuple[str, Mapping[str, str]]] = []
        self.stalled = threading.Event()
        self.released = threading.Event()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}/{path}"

    def serve(self, path: str, *answers: Answer) -> str:
        self.answers[f"/{path}"] = list(answers)
        return self.url(path)

    def asked(self, header: str) -> list[str | None]:
        """A header of all requests, in their order."""
        return [headers.get(header) for _, headers in self.requests]

    def handle_error(self, *_: Any) -> None:
        """A client that hangs up is what many tests want."""


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        self.server.requests.append((self.path, dict(self.headers)))
        answers = self.server.answers.get(self.path, [Answer(status=404)])
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if answer.status != 200:
            self._begin(answer.status, answer, 0)
            return
        start = self._start(answer)
        if start > len(answer.content) or start == len(answer.content) > 0:
            self._begin(416, answer, 0, {"Content-Range": f"bytes */{len(answer.content)}"})
            return
        body = answer.content[start:]
        total = len(answer.content)
        extra = {"Content-Range": f"bytes {start}-{total - 1}/{total}"} if start else {}
        self._begin(206 if start else 200, answer, len(body), extra)
        self._send(answer, body)

    def _start(self, answer: Answer) -> int:
        wanted = self.headers.get("Range")
        if not wanted or not answer.ranges:
            return 0
        if answer.if_range and self.headers.get("If-Range", answer.etag) != answer.etag:
            return 0
        return int(wanted.removeprefix("bytes=").removesuffix("-"))

    def _begin(self, status: int, answer: Answer, length: int, extra: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        if answer.etag:
            self.send_header("ETag", answer.etag)
        if answer.announced is None:
            self.send_header("Content-Length", str(length))
        elif answer.announced >= 0:
            self.send_header("Content-Length", str(answer.announced))
        else:
            self.close_connection = True
        for name, value in {**answer.headers, **(extra or {})}.items():
            self.send_header(name, value)
        self.end_headers()

    def _send(self, answer: Answer, body: bytes) -> None:
        self.wfile.write(body if answer.send is None else body[: answer.send])
        self.wfile.flush()
        if answer.stall:
            self.server.stalled.set()
            self.server.released.wait(30)
        if answer.send is not None or answer.announced is not None:
            self.close_connection = True

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def running_server() -> Iterator[Server]:
    """A server for one test."""
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.released.set()
            server.shutdown()
            thread.join()


def part_of(content: bytes, *urls: str, **changes: Any) -> Part:
    """A part of an archive with these bytes."""
    values = {"archive": True, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest(), **changes}
    return Part(urls=urls, **values)


def zipped(files: Mapping[str, bytes], top: str = "") -> bytes:
    """A zip archive of `files`, in the folder `top`."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"{top}/{name}" if top else name, content)
    return output.getvalue()


def written(files: Mapping[str, bytes], folder: Path) -> Path:
    """Write `files` into `folder`."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def content_of(folder: Path) -> dict[str, bytes]:
    """All files below `folder`."""
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
