"""Models that tests load in no time: scripted results, and loaders that wait until a test lets them go on."""

import threading
from collections.abc import Callable, Sequence

from voicetype.control.model_manager import LoadRequest
from voicetype.core.messages import MessageCode, ModelError
from voicetype.core.ports import Closable, FinalResult, PartialResult

GATE_TIMEOUT_S = 20.0  # only bounds a test that has failed already


class FakeRecognizer:
    """Answers each block with the next scripted result."""

    def __init__(self, script: Sequence[PartialResult | FinalResult | ModelError], last: str) -> None:
        self._script = list(script)
        self._last = last
        self.closed = False

    def accept(self, pcm: bytes) -> PartialResult | FinalResult:
        result = self._script.pop(0) if self._script else PartialResult("")
        if isinstance(result, ModelError):
            raise result
        return result

    def finish(self) -> FinalResult:
        return FinalResult(self._last)

    def close(self) -> None:
        self.closed = True


class FakeSpeechModel:
    """A speech model; `payload` stands for its memory."""

    def __init__(self, *script: PartialResult | FinalResult | ModelError, last: str = "", payload: int = 0) -> None:
        self._script = script
        self._last = last
        self._payload = bytearray(payload)
        self.alive = True
        self.closed = threading.Event()

    def create_recognizer(self) -> FakeRecognizer:
        return FakeRecognizer(self._script, self._last)

    def close(self) -> None:
        self.closed.set()


class FakePunctuator:
    """Adds a capital and a full stop."""

    def __init__(self) -> None:
        self.closed = threading.Event()

    def enhance(self, text: str) -> str:
        return text[:1].upper() + text[1:] + "."

    def close(self) -> None:
        self.closed.set()


class FakeLoader:
    """A loader that a test steers. It makes a new model for each call.

    Attributes:
        gate: a call waits until this is set; set from the beginning.
        error: raised instead of returning a model.
        heeds_cancel: a cancelled call raises ModelError while it waits; else it goes on waiting, as a stuck one does.
        calls, requests, running, most_running: what happened.
        entered: set while a call waits at the gate.
    """

    def __init__(self, make: Callable[[], Closable] = FakeSpeechModel, *, progress: Sequence[int] = ()) -> None:
        self._make = make
        self._progress = progress
        self._lock = threading.Lock()
        self.gate = threading.Event()
        self.gate.set()
        self.entered = threading.Event()
        self.error: Exception | None = None
        self.heeds_cancel = True
        self.calls = 0
        self.running = 0
        self.most_running = 0
        self.requests: list[LoadRequest] = []

    def __call__(self, request: LoadRequest) -> Closable:
        with self._lock:
            self.calls += 1
            self.running += 1
            self.most_running = max(self.most_running, self.running)
            self.requests.append(request)
        self.entered.set()
        try:
            self._wait(request)
            for percent in self._progress:
                request.on_progress(percent)
            if self.error is not None:
                raise self.error
            return self._make()
        finally:
            self.entered.clear()
            with self._lock:
                self.running -= 1

    def _wait(self, request: LoadRequest) -> None:
        if self.gate.is_set():
            return
        for _ in range(int(GATE_TIMEOUT_S / 0.005)):
            if self.gate.wait(0.005):
                return
            if self.heeds_cancel and request.cancelled.is_set():
                raise ModelError(MessageCode.ENGINE_DIED, name="fake", detail="cancelled")
