"""An engine's own process: `python -m voicetype.engines.host vosk|rupunct|silero FOLDER [DEVICE]`. Serves one model.

Two threads: the main thread loads and computes, a reader takes requests from standard input. The end of standard
input ends the process at once, so it never outlives the program, not even one that was killed. Imports no Qt.
"""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
import traceback
import types
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from voicetype.core.messages import MessageCode, ModelError
from voicetype.core.ports import BYTES_PER_SAMPLE, SAMPLE_RATE_HZ, FinalResult, PartialResult, Recognizer, SpeechModel
from voicetype.core.status import PUNCTUATION, SILERO, SPEECH
from voicetype.engines.framing import Frame, Kind, control, error_fields, read_frame, write_frame
from voicetype.engines.providers import CPU, Fallback

_WARM_UP_AUDIO = bytes(SAMPLE_RATE_HZ // 10 * BYTES_PER_SAMPLE)
_WARM_UP_TEXT = "привет"
_USAGE_EXIT_CODE = 2
_STD_INPUT_HANDLE = -10

Reply = Mapping[str, Any]
Progress = Callable[[int], None]


class Engine(Protocol):
    """What a host serves."""

    def about(self) -> Reply:
        """Facts that belong to the news that it is ready."""

    def answer(self, frame: Frame) -> Reply:
        """Serve one request. Raises ModelError; ValueError or KeyError for a request that makes no sense."""


class SpeechEngine:
    """Serves recognisers of one speech model by the number of their stream."""

    def __init__(self, model: SpeechModel) -> None:
        self._model = model
        self._recognizers: dict[int, Recognizer] = {}
        warm_up = model.create_recognizer()
        warm_up.accept(_WARM_UP_AUDIO)
        warm_up.close()

    def about(self) -> Reply:
        """Nothing to tell."""
        return {}

    def answer(self, frame: Frame) -> Reply:
        """Requests: audio; `open`, `finish` and `close` of a stream."""
        if frame.kind is Kind.AUDIO:
            return _result_fields(self._recognizers[frame.stream].accept(frame.payload))
        request = frame.fields()["request"]
        if request == "open":
            self._recognizers[frame.stream] = self._model.create_recognizer()
            return {}
        if request == "finish":
            return _result_fields(self._recognizers[frame.stream].finish())
        if request == "close":
            recognizer = self._recognizers.pop(frame.stream, None)
            if recognizer is not None:
                recognizer.close()
            return {}
        raise ValueError(f"unknown request {request!r}")


class PunctuationModel(Protocol):
    """What `PunctuationEngine` serves."""

    @property
    def device(self) -> str:
        """What it runs on."""

    @property
    def fallbacks(self) -> tuple[Fallback, ...]:
        """Devices that do not run it."""

    def punctuate(self, text: str) -> str:
        """Return the same words with case and marks. Raises ModelError."""


class PunctuationEngine:
    """Serves one punctuation model."""

    def __init__(self, model: PunctuationModel) -> None:
        self._model = model
        model.punctuate(_WARM_UP_TEXT)

    def about(self) -> Reply:
        """What it runs on, and what it does not."""
        fallbacks = [[fallback.device, fallback.reason] for fallback in self._model.fallbacks]
        return {"device": self._model.device, "fallbacks": fallbacks}

    def answer(self, frame: Frame) -> Reply:
        """Request: `enhance` with a `text`."""
        fields = frame.fields()
        if fields["request"] != "enhance":
            raise ValueError(f"unknown request {fields['request']!r}")
        # With each text, since a device may fail in the middle of the work.
        return {"text": self._model.punctuate(fields["text"]), **self.about()}


def _result_fields(result: PartialResult | FinalResult) -> Reply:
    return {"final" if isinstance(result, FinalResult) else "partial": result.text}


def serve(
    name: str, load: Callable[[Progress], Engine], requests: Callable[[], Frame | None], replies: BinaryIO
) -> None:
    """Load an engine and answer requests until they end.

    Sends `progress` while loading, then `ready` or an error; then one reply to each request, in their order.

    Args:
        name: of the model, for messages.
        load: makes the engine; raises ModelError.
        requests: waits for the next request; None = there will be no more.
        replies: where replies are written. OSError is raised when nobody reads them any more.
    """
    try:
        engine = load(lambda percent: write_frame(replies, control({"progress": percent})))
    except ModelError as error:
        write_frame(replies, control(error_fields(error)))
        return
    write_frame(replies, control({"ready": True, **engine.about()}))
    while (frame := requests()) is not None:
        try:
            reply = engine.answer(frame)
        except ModelError as error:
            reply = error_fields(error)
        except (ValueError, KeyError, TypeError) as error:
            traceback.print_exc()
            reply = error_fields(ModelError(MessageCode.ENGINE_DIED, name=name, detail=type(error).__name__))
        write_frame(replies, control(reply, frame.stream))


def load_speech_engine(path: Path, progress: Progress) -> Engine:
    """Import Vosk, read the model, decode a moment of silence. Raises ModelError."""
    _spare_download_client()
    from voicetype.engines.vosk_engine import VoskModel, import_vosk

    import_vosk()
    progress(10)
    model = VoskModel(path)
    progress(90)
    engine = SpeechEngine(model)
    progress(100)
    return engine


def load_punctuation_engine(path: Path, progress: Progress, device: str = CPU) -> Engine:
    """Import onnxruntime, read the model, punctuate a word. Raises ModelError."""
    from voicetype.engines.rupunct import RUPunctONNX

    model = RUPunctONNX(path, device=device, on_loading_progress=lambda percent: progress(min(percent, 90)))
    model.load()
    engine = PunctuationEngine(model)
    progress(100)
    return engine


def load_silero_engine(path: Path, progress: Progress) -> Engine:
    """Import torch, read the model, punctuate a word. Raises ModelError."""
    from voicetype.engines.silero import SileroTE

    model = SileroTE(path)
    progress(10)
    model.load()
    progress(90)
    engine = PunctuationEngine(model)
    progress(100)
    return engine


def _spare_download_client() -> None:
    """Put empty modules in the place of what Vosk imports to download models, which this program never does.

    It spares more than half of the time of `import vosk`, and proves that the engine cannot go to the network.
    """
    for name in ("requests", "srt", "tqdm"):
        sys.modules.setdefault(name, types.ModuleType(name))
    sys.modules["tqdm"].__dict__.setdefault("tqdm", None)


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Standard input and output for the protocol alone: what libraries print goes to standard error from now on."""
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nowhere, 0)
    os.close(nowhere)
    os.dup2(2, 1)
    if sys.platform == "win32":
        # A C runtime that comes with a library asks for the type of the standard input when it is loaded, and on a
        # pipe that a thread reads this waits for the next request. A program without a console needs this beside dup2.
        import ctypes
        import msvcrt

        ctypes.windll.kernel32.SetStdHandle(_STD_INPUT_HANDLE, msvcrt.get_osfhandle(0))
    sys.stdout = sys.stderr
    return requests, replies


def _read_requests(pipe: BinaryIO, requests: queue.SimpleQueue[Frame]) -> None:
    while True:
        try:
            frame = read_frame(pipe)
        except ValueError:
            frame = None
        if frame is None:
            # The program is gone or done with this model. The system takes back the memory faster than destructors
            # would, and a native call that still runs in the main thread cannot delay the end.
            os._exit(0)
        requests.put(frame)


def main(arguments: Sequence[str]) -> int:
    """Run an engine process. Returns the exit code, if it does not end at the end of standard input."""
    loaders: dict[str, Callable[..., Engine]] = {
        SPEECH: load_speech_engine,
        PUNCTUATION: load_punctuation_engine,
        SILERO: load_silero_engine,
    }
    if len(arguments) not in {2, 3} or arguments[0] not in loaders:
        sys.stderr.write(f"usage: {'|'.join(loaders)} FOLDER [DEVICE]\n")
        return _USAGE_EXIT_CODE
    # Ctrl+C in a terminal reaches the whole process group; the program decides when its engines end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    name, path, options = arguments[0], Path(arguments[1]), arguments[2:]
    pipe, replies = _take_pipes()
    requests: queue.SimpleQueue[Frame] = queue.SimpleQueue()
    threading.Thread(target=_read_requests, args=(pipe, requests), name="requests", daemon=True).start()
    try:
        serve(name, lambda progress: loaders[name](path, progress, *options), requests.get, replies)
    except OSError:  # nobody reads the replies: the program is gone
        return 0
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
