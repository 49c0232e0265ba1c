"""The program's side of an engine process: starts it, asks it, watches it, ends it. Any thread; blocking.

Why processes: libvosk, onnxruntime and numpy stay in memory for good once they are loaded (80 MB with the smallest
models), their import stops all threads for up to 60 ms, and Kaldi aborts on some broken models. The end of a process
gives all its memory back, and a process can be killed when a load takes too long.
"""

from __future__ import annotations

import collections
import contextlib
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from loguru import logger

from voicetype.core.messages import MessageCode, ModelError
from voicetype.engines.framing import Frame, control, raise_error, read_frame, write_frame

REPLY_TIMEOUT_S = 30.0
"""An engine that is silent for so long is stuck. Decoding a quarter of a second of speech takes a few milliseconds."""
_CANCEL_LOOK_S = 0.05
_END_GRACE_S = 1.0
"""An engine ends within milliseconds of the end of its input; this is for a machine that swaps."""
_KILL_GRACE_S = 5.0
_STDERR_LINES = 20
_FROZEN_ARGUMENT = "engine-host"


class EngineProcess:
    """One engine process. Requests of several threads are served one after another.

    Args:
        name: of the model, for messages and logs: `vosk` or `rupunct`.
        path: the model's folder.
        options: further arguments for the engine.
        command: what to start; None = the program's own engine host.

    Raises ModelError (ENGINE_DIED) when the process cannot be started.
    """

    def __init__(
        self, name: str, path: Path, *, options: Sequence[str] = (), command: Sequence[str] | None = None
    ) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._outgoing: queue.SimpleQueue[Frame | None] = queue.SimpleQueue()
        self._incoming: queue.SimpleQueue[Mapping[str, Any] | None] = queue.SimpleQueue()
        self._last_words: collections.deque[bytes] = collections.deque(maxlen=_STDERR_LINES)
        self._closing = False
        try:
            # Not multiprocessing: its spawn method starts a resource tracker, a process that stays to the end.
            self._process = subprocess.Popen(
                list(command or host_command(name, path, *options)),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=_environment(),
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            raise ModelError(MessageCode.ENGINE_DIED, name=name, detail=error) from error
        # Pipes are served by threads, since waiting for one with a time-out works on sockets only under Windows.
        for work in (self._write, self._read, self._drain):
            threading.Thread(target=work, name=f"engine-{name}-{work.__name__.strip('_')}", daemon=True).start()

    @property
    def pid(self) -> int:
        """The process's id, for metrics."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def wait_ready(
        self, timeout_s: float, on_progress: Callable[[int], None], cancelled: threading.Event | None = None
    ) -> Mapping[str, Any]:
        """Wait until the engine has loaded its model. Returns what it tells about itself.

        Raises ModelError: what the engine reports, ENGINE_DIED (also when `cancelled` is set), MODEL_TIMEOUT. The
        process is ended then.
        """
        deadline = time.monotonic() + timeout_s
        try:
            while True:
                fields = self._next_reply(deadline, timeout_s, cancelled)
                raise_error(fields)
                if "ready" in fields:
                    return fields
                on_progress(int(fields["progress"]))
        except BaseException:
            self.close(kill=True)
            raise

    def request(self, frame: Frame, timeout_s: float = REPLY_TIMEOUT_S) -> Mapping[str, Any]:
        """Send a request and wait for its reply.

        Raises ModelError: what the engine reports, ENGINE_DIED, or MODEL_TIMEOUT after ending a stuck process.
        """
        with self._lock:
            self._outgoing.put(frame)
            fields = self._next_reply(time.monotonic() + timeout_s, timeout_s)
        raise_error(fields)
        return fields

    def ask(
        self, request: str, stream: int = 0, timeout_s: float = REPLY_TIMEOUT_S, **fields: str
    ) -> Mapping[str, Any]:
        """As `request`, for a named request with its fields."""
        return self.request(control({"request": request, **fields}, stream), timeout_s)

    def close(self, *, kill: bool = False) -> None:
        """End the process and wait for its end; idempotent. A request that waits in another thread fails.

        Args:
            kill: do not give it the time to end by itself.
        """
        self._closing = True
        self._outgoing.put(None)
        if not kill:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_END_GRACE_S)
        if self.is_alive:
            self._process.kill()
            try:
                self._process.wait(_KILL_GRACE_S)
            except subprocess.TimeoutExpired:  # in an uninterruptible system call; the system will end it
                logger.warning("engine {} (process {}) does not end", self._name, self.pid)

    def _next_reply(
        self, deadline: float, timeout_s: float, cancelled: threading.Event | None = None
    ) -> Mapping[str, Any]:
        while True:
            left = deadline - time.monotonic()
            try:
                # A wait without an end cannot be cancelled, so one that can be is cut into short ones.
                fields = self._incoming.get(timeout=max(0.0, left if cancelled is None else min(left, _CANCEL_LOOK_S)))
            except queue.Empty:
                if cancelled is not None and cancelled.is_set():
                    raise self._cancelled() from None
                if time.monotonic() >= deadline:
                    logger.error("engine {} gave no answer in {} s", self._name, timeout_s)
                    self.close(kill=True)
                    raise ModelError(MessageCode.MODEL_TIMEOUT, name=self._name, seconds=f"{timeout_s:g}") from None
                continue
            if cancelled is not None and cancelled.is_set():  # also when the engine was faster than who asked it
                raise self._cancelled()
            if fields is None:
                self._incoming.put(None)  # for the next request
                raise self._death()
            return fields

    def _cancelled(self) -> ModelError:
        return ModelError(MessageCode.ENGINE_DIED, name=self._name, detail="cancelled")

    def _death(self) -> ModelError:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_END_GRACE_S)
        detail = "closed" if self._closing else f"exit code {self._process.returncode}"
        if not self._closing:
            last_words = b"".join(self._last_words).decode("utf-8", "replace").strip()
            logger.error("engine {} ended, {}; its last words: {}", self._name, detail, last_words or "none")
        return ModelError(MessageCode.ENGINE_DIED, name=self._name, detail=detail)

    def _write(self) -> None:
        """Send what is in the queue, so that a stuck process never blocks a caller. The writer thread."""
        pipe = _pipe(self._process.stdin)
        # Closing tries to flush what could not be written to a dead process.
        with contextlib.suppress(OSError), pipe:
            while (frame := self._outgoing.get()) is not None:
                write_frame(pipe, frame)

    def _read(self) -> None:
        """Queue the replies, then None. The reader thread."""
        with _pipe(self._process.stdout) as pipe:
            try:
                while (frame := read_frame(pipe)) is not None:
                    self._incoming.put(frame.fields())
            except ValueError:
                logger.error("engine {} sent what is no reply", self._name)
                self._process.kill()
        self._incoming.put(None)
        self._outgoing.put(None)  # a process that died by itself leaves no writer behind

    def _drain(self) -> None:
        """Keep the last lines of standard error for the log. A thread of its own: a full pipe would stop the engine."""
        with _pipe(self._process.stderr) as pipe:
            self._last_words.extend(pipe)


def _pipe(pipe: Any) -> BinaryIO:
    return pipe  # type: ignore[no-any-return]  # Popen types it as optional; all three were asked for


def host_command(name: str, path: Path, *options: str) -> list[str]:
    """What starts an engine process: the frozen program itself, or this Python."""
    if getattr(sys, "frozen", False):
        return [sys.executable, _FROZEN_ARGUMENT, name, str(path), *options]
    # -P: the folder that the user happens to be in is no place for modules. -X utf8: folders have Cyrillic names.
    return [sys.executable, "-P", "-X", "utf8", "-m", "voicetype.engines.host", name, str(path), *options]


def _environment() -> dict[str, str]:
    environment = dict(os.environ)
    # numpy's OpenBLAS would make a thread with a buffer for each core, and nothing here multiplies matrices with it.
    environment["OPENBLAS_NUM_THREADS"] = "1"
    if not getattr(sys, "frozen", False):
        package_parent = str(Path(__file__).resolve().parents[2])
        others = environment.get("PYTHONPATH")
        environment["PYTHONPATH"] = package_parent + (os.pathsep + others if others else "")
    return environment
