"""Frames, the host's loop, and the program's side of it against stand-in processes that misbehave."""

import io
import json
import queue
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from fakes_engines import ROOT, stand_in
from hypothesis import given
from hypothesis import strategies as st

from voicetype.core.messages import MessageCode, ModelError
from voicetype.core.ports import FinalResult, PartialResult
from voicetype.engines import host
from voicetype.engines.framing import Frame, Kind, control, read_frame, write_frame
from voicetype.engines.process import EngineProcess, host_command
from voicetype.engines.providers import Fallback

READY = """send('{"ready": true}')\n"""
ECHO = READY + """while True: send(receive().decode())\n"""


def no_progress(percent: int) -> None:
    """For loads whose progress is not looked at."""


def started(script: str) -> EngineProcess:
    """A stand-in process that said that it is ready."""
    process = EngineProcess("vosk", Path("folder"), command=stand_in(script))
    process.wait_ready(20, no_progress)
    return process


def replies_of(stream: io.BytesIO) -> list[dict[str, object]]:
    stream.seek(0)
    found = []
    while (frame := read_frame(stream)) is not None:
        found.append(frame.fields())
    return found


@given(st.lists(st.builds(Frame, st.sampled_from(Kind), st.binary(max_size=50), st.integers(0, 2**32 - 1))))
def test_frames_come_back_as_they_went(frames: list[Frame]) -> None:
    pipe = io.BytesIO()
    for frame in frames:
        write_frame(pipe, frame)
    pipe.seek(0)
    assert [read_frame(pipe) for _ in frames] == frames
    assert read_frame(pipe) is None


@pytest.mark.parametrize("text", ["ёлочки «—» №… 😀\n", "\ud800", '"\\', ""])
def test_text_survives_the_pipe(text: str) -> None:
    assert control({"text": text}).fields() == {"text": text}


@pytest.mark.parametrize("cut", [1, 8, 9, 12])
def test_a_broken_off_frame_is_the_end(cut: int) -> None:
    pipe = io.BytesIO()
    write_frame(pipe, control({"request": "finish"}))
    assert read_frame(io.BytesIO(pipe.getvalue()[:cut])) is None


def test_what_is_no_frame_is_refused() -> None:
    with pytest.raises(ValueError):
        read_frame(io.BytesIO(b"WARNING (VoskAPI) something was printed"))


class ScriptedRecognizer:
    def __init__(self) -> None:
        self.heard = b""
        self.closed = False

    def accept(self, pcm: bytes) -> PartialResult | FinalResult:
        self.heard += pcm
        if pcm == b"broken":
            raise ModelError(MessageCode.ENGINE_DIED, name="vosk", detail="no")
        return FinalResult("фраза") if len(self.heard) > 4 else PartialResult("фра")

    def finish(self) -> FinalResult:
        return FinalResult("конец")

    def close(self) -> None:
        self.closed = True


class ScriptedModel:
    def __init__(self) -> None:
        self.made: list[ScriptedRecognizer] = []

    def create_recognizer(self) -> ScriptedRecognizer:
        self.made.append(ScriptedRecognizer())
        return self.made[-1]

    def close(self) -> None:
        """Nothing to free."""


def serve_speech(*frames: Frame) -> tuple[list[dict[str, object]], ScriptedModel]:
    model, replies, requests = ScriptedModel(), io.BytesIO(), iter((*frames, None))
    host.serve("vosk", lambda progress: host.SpeechEngine(model), lambda: next(requests), replies)
    return replies_of(replies), model


def test_a_recogniser_is_served_by_its_stream() -> None:
    replies, model = serve_speech(
        control({"request": "open"}, 1),
        control({"request": "open"}, 2),
        Frame(Kind.AUDIO, b"1234", 1),
        Frame(Kind.AUDIO, b"12345", 2),
        control({"request": "finish"}, 1),
        control({"request": "close"}, 1),
        control({"request": "close"}, 1),
    )
    assert replies == [{"ready": True}, {}, {}, {"partial": "фра"}, {"final": "фраза"}, {"final": "конец"}, {}, {}]
    warm_up, first, second = model.made
    assert warm_up.closed and len(warm_up.heard) == 3_200
    assert first.closed and not second.closed


def test_a_failed_request_is_answered_and_the_next_one_served(capsys: pytest.CaptureFixture[str]) -> None:
    replies, _ = serve_speech(
        control({"request": "open"}, 1),
        Frame(Kind.AUDIO, b"broken", 1),
        Frame(Kind.AUDIO, b"1234", 7),
        control({"request": "fly"}),
        control({"request": "finish"}, 1),
    )
    died = {"error": "engine_died", "params": {"name": "vosk", "detail": "no"}}
    assert replies[2] == died
    assert [reply.get("error") for reply in replies[3:5]] == ["engine_died", "engine_died"]
    assert replies[5] == {"final": "конец"}
    capsys.readouterr()


def test_a_failed_load_is_told() -> None:
    def load(progress: host.Progress) -> host.Engine:
        progress(10)
        raise ModelError(MessageCode.MODEL_BROKEN, path="there", detail="cut off")

    replies = io.BytesIO()
    host.serve("vosk", load, lambda: None, replies)
    broken = {"error": "model_broken", "params": {"path": "there", "detail": "cut off"}}
    assert replies_of(replies) == [{"progress": 10}, broken]


class ScriptedPunctuation:
    """Runs on a device that fails at the word "беда"."""

    device = "dml"
    fallbacks: tuple[Fallback, ...] = ()

    def punctuate(self, text: str) -> str:
        if text == "беда":
            self.device, self.fallbacks = "cpu", (Fallback("dml", "removed"),)
        return text.upper()


def test_punctuation_is_served() -> None:
    replies, requests = (
        io.BytesIO(),
        iter([*(control({"request": "enhance", "text": text}) for text in ("да", "беда")), None]),
    )
    host.serve(
        "rupunct", lambda progress: host.PunctuationEngine(ScriptedPunctuation()), lambda: next(requests), replies
    )
    assert replies_of(replies) == [
        {"ready": True, "device": "dml", "fallbacks": []},
        {"text": "ДА", "device": "dml", "fallbacks": []},
        {"text": "БЕДА", "device": "cpu", "fallbacks": [["dml", "removed"]]},
    ]


@pytest.mark.parametrize("arguments", [[], ["vosk"], ["gpt", "folder"], ["vosk", "a", "b", "c"]])
def test_wrong_arguments_are_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert host.main(arguments) == 2
    assert "usage" in capsys.readouterr().err


def test_the_frozen_program_starts_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert host_command("vosk", Path("folder")) == [sys.executable, "engine-host", "vosk", "folder"]


def test_the_host_is_light() -> None:
    script = "import sys, voicetype.engines.host as h; print(sorted(m for m in sys.modules if '.' not in m))"
    out = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    for module in ("PySide6", "pynput", "vosk", "onnxruntime", "tokenizers", "numpy", "loguru", "yaml", "psutil"):
        assert f"'{module}'" not in out


def test_requests_are_answered() -> None:
    process = started(ECHO)
    try:
        assert process.ask("enhance", text="ёж") == {"request": "enhance", "text": "ёж"}
        assert process.is_alive and process.pid > 0
    finally:
        process.close()
    assert not process.is_alive


def test_progress_is_reported_in_order() -> None:
    seen: list[int] = []
    script = """for percent in (10, 90, 100): send('{"progress": %d}' % percent)\n""" + ECHO
    process = EngineProcess("vosk", Path("folder"), command=stand_in(script))
    process.wait_ready(20, seen.append)
    process.close()
    assert seen == [10, 90, 100]


def test_an_error_of_the_engine_is_raised_and_the_engine_lives() -> None:
    error = json.dumps({"error": "punctuation_failed", "params": {"detail": "why"}})
    process = started(READY + f"receive(); send('{error}')\n" + "while True: send(receive().decode())")
    try:
        with pytest.raises(ModelError) as caught:
            process.ask("enhance", text="да")
        assert caught.value.message.code is MessageCode.PUNCTUATION_FAILED
        assert caught.value.message.params == {"detail": "why"}
        assert process.ask("enhance", text="да")["text"] == "да"
    finally:
        process.close()


@pytest.mark.parametrize("script", ["sys.exit(3)", READY.replace("ready", "progress") + "sys.exit(3)"])
def test_death_while_loading_is_told_at_once(script: str) -> None:
    process = EngineProcess("vosk", Path("folder"), command=stand_in(script))
    with pytest.raises(ModelError) as caught:
        process.wait_ready(60, no_progress)
    assert caught.value.message.code is MessageCode.ENGINE_DIED
    assert caught.value.message.params == {"name": "vosk", "detail": "exit code 3"}


def test_death_while_asked_is_told_at_once_and_to_all_who_ask_later() -> None:
    process = started(READY + "receive(); sys.stderr.write('last words'); sys.exit(4)")
    for _ in range(3):
        with pytest.raises(ModelError) as caught:
            process.ask("finish", 1)
        assert caught.value.message.params == {"name": "vosk", "detail": "exit code 4"}
    process.close()


def test_a_stuck_load_is_killed() -> None:
    process = EngineProcess("vosk", Path("folder"), command=stand_in("time.sleep(600)"))
    with pytest.raises(ModelError) as caught:
        process.wait_ready(0.3, no_progress)
    assert caught.value.message.code is MessageCode.MODEL_TIMEOUT
    assert caught.value.message.params == {"name": "vosk", "seconds": "0.3"}
    assert not process.is_alive


def test_a_stuck_request_is_killed_even_when_it_reads_nothing() -> None:
    process = started(READY + "time.sleep(600)")
    with pytest.raises(ModelError) as caught:
        process.request(Frame(Kind.AUDIO, bytes(1_000_000), 1), timeout_s=0.3)
    assert caught.value.message.code is MessageCode.MODEL_TIMEOUT
    assert not process.is_alive


def test_a_cancelled_load_is_killed() -> None:
    cancelled = threading.Event()
    process = EngineProcess("vosk", Path("folder"), command=stand_in("time.sleep(600)"))
    threading.Timer(0.05, cancelled.set).start()
    with pytest.raises(ModelError) as caught:
        process.wait_ready(60, no_progress, cancelled)
    assert caught.value.message.params["detail"] == "cancelled"
    assert not process.is_alive


def test_a_load_that_was_faster_than_who_cancels_it_is_given_up_too() -> None:
    cancelled = threading.Event()
    script = """send('{"progress": 10}')\n""" + READY + "receive()"
    process = EngineProcess("vosk", Path("folder"), command=stand_in(script))
    deadline = time.monotonic() + 20
    while process._incoming.qsize() < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    with pytest.raises(ModelError) as caught:
        process.wait_ready(60, lambda percent: cancelled.set(), cancelled)
    assert caught.value.message.params["detail"] == "cancelled"
    assert not process.is_alive


class WatchedQueue(queue.SimpleQueue[Any]):
    """Tells when somebody waits for what comes."""

    def __init__(self) -> None:
        self.asked = threading.Event()

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        self.asked.set()
        return super().get(block, timeout)


def test_closing_ends_a_request_in_another_thread() -> None:
    process = started(READY + "receive(); send('{}'); time.sleep(600)")
    process.ask("open", 1)
    errors: list[ModelError] = []
    process._incoming = replies = WatchedQueue()

    def wait() -> None:
        try:
            process.ask("finish", 1)
        except ModelError as error:
            errors.append(error)

    waiting = threading.Thread(target=wait)
    waiting.start()
    assert replies.asked.wait(20)
    process.close(kill=True)
    waiting.join(20)
    assert [error.message.params["detail"] for error in errors] == ["closed"]


def test_closing_is_idempotent_and_asks_before_it_kills(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voicetype.engines.process._END_GRACE_S", 20.0)
    process = started(READY + "receive()")
    for _ in range(3):
        process.close()
    assert process._process.returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="stopping a process by a signal is POSIX")
def test_a_process_that_ignores_the_end_is_killed() -> None:
    process = started(ECHO)
    process._process.send_signal(signal.SIGSTOP)
    process.close()
    assert process._process.returncode == -signal.SIGKILL


def test_print_outs_do_not_stop_the_engine() -> None:
    process = started(
        "sys.stderr.write('x' * 999 + chr(10)) or [sys.stderr.write('y' * 80 + chr(10)) for _ in range(9999)]\n" + ECHO
    )
    assert process.ask("enhance", text="да")["text"] == "да"
    process.close()


def test_a_process_that_speaks_nonsense_is_ended() -> None:
    process = EngineProcess(
        "vosk", Path("folder"), command=stand_in("print('WARNING: ' * 100, flush=True); time.sleep(600)")
    )
    with pytest.raises(ModelError) as caught:
        process.wait_ready(60, no_progress)
    assert caught.value.message.code is MessageCode.ENGINE_DIED


def test_what_cannot_be_started_is_told() -> None:
    with pytest.raises(ModelError) as caught:
        EngineProcess("vosk", Path("folder"), command=["/nowhere/engine"])
    assert caught.value.message.code is MessageCode.ENGINE_DIED


def test_requests_of_many_threads_get_their_own_replies() -> None:
    process = started(ECHO)
    wrong: list[str] = []

    def ask(mine: str) -> None:
        wrong.extend(mine for _ in range(50) if process.ask("enhance", text=mine)["text"] != mine)

    threads = [threading.Thread(target=ask, args=(str(number),)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    process.close()
    assert not wrong
