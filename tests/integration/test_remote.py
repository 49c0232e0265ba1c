"""`voicetype.engines.remote`: the bundled models in processes of their own."""

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from fakes_engines import (
    PUNCTUATION_MODEL,
    ROOT,
    SPEECH_MODEL,
    decode_with,
    read_wav,
    spoken_sentences,
    stand_in,
    words_of,
)

from voicetype.core.messages import MessageCode, ModelError
from voicetype.core.ports import Punctuator, SpeechModel
from voicetype.engines.remote import RemotePunctuator, RemoteSpeechModel, load_punctuation, load_speech

TIMEOUT_S = 60


def engines() -> list[psutil.Process]:
    """Engine processes that this test process has started."""
    return [child for child in psutil.Process().children() if "voicetype.engines.host" in child.cmdline()]


def no_progress(percent: int) -> None:
    """For loads whose progress is not looked at."""


@pytest.fixture
def speech() -> Iterator[RemoteSpeechModel]:
    model = load_speech(SPEECH_MODEL, timeout_s=TIMEOUT_S, on_progress=no_progress)
    yield model
    model.close()


@pytest.fixture
def punctuation() -> Iterator[RemotePunctuator]:
    model = load_punctuation(PUNCTUATION_MODEL, timeout_s=TIMEOUT_S, on_progress=no_progress)
    yield model
    model.close()


def test_speech_becomes_sentences(speech: RemoteSpeechModel, punctuation: RemotePunctuator) -> None:
    model: SpeechModel = speech
    punctuator: Punctuator = punctuation
    path, words = spoken_sentences()[3]
    assert words_of(model, read_wav(path)) == words
    assert punctuator.enhance(words) == "Совещание начнётся через десять минут."


def test_partials_and_streams_are_those_of_the_engine(speech: RemoteSpeechModel) -> None:
    (one, words_one), (two, words_two) = spoken_sentences()[:2]
    first, second = speech.create_recognizer(), speech.create_recognizer()
    phrases, partials = decode_with(first, read_wav(one))
    assert phrases == [words_one] and len(set(partials)) > 5
    assert decode_with(second, read_wav(two), 8_000)[0] == [words_two]
    for recognizer in (first, second, first):
        recognizer.close()
    with pytest.raises(ModelError):
        first.finish()
    assert words_of(speech, read_wav(one)) == words_one


def test_text_arrives_unharmed(punctuation: RemotePunctuator) -> None:
    assert punctuation.enhance("😀 ёлочки № … \ud800") != ""
    assert punctuation.enhance("") == ""
    long = "мы купили хлеб молоко и яйца " * 500
    assert punctuation.enhance(long).lower().count("молоко") == 500


@pytest.mark.parametrize(("load", "path"), [(load_speech, SPEECH_MODEL), (load_punctuation, PUNCTUATION_MODEL)])
def test_progress_rises_to_a_hundred_and_closing_ends_the_process(load, path) -> None:  # type: ignore[no-untyped-def]
    seen: list[int] = []
    for _ in range(2):
        model = load(path, timeout_s=TIMEOUT_S, on_progress=seen.append)
        pid = model.pid
        assert psutil.Process(pid).ppid() == os.getpid()
        model.close()
        model.close()
        assert not psutil.pid_exists(pid)
        assert seen == sorted(seen) and seen[-1] == 100 and 10 in seen and 90 in seen
        seen.clear()


def test_closing_brings_the_memory_back_to_this_process() -> None:
    own = psutil.Process()
    modules = set(sys.modules)
    before = own.memory_info().rss
    speech = load_speech(SPEECH_MODEL, timeout_s=TIMEOUT_S, on_progress=no_progress)
    punctuation = load_punctuation(PUNCTUATION_MODEL, timeout_s=TIMEOUT_S, on_progress=no_progress)
    path, _ = spoken_sentences()[0]
    punctuation.enhance(words_of(speech, read_wav(path)))
    speech.close()
    punctuation.close()
    assert not {"vosk", "onnxruntime", "tokenizers"} & (set(sys.modules) - modules)
    assert own.memory_info().rss - before < 20 * 2**20


def test_a_missing_model_is_told(tmp_path: Path) -> None:
    for load in (load_speech, load_punctuation):
        with pytest.raises(ModelError) as caught:
            load(tmp_path / "нет", timeout_s=TIMEOUT_S, on_progress=no_progress)
        assert caught.value.message.code is MessageCode.MODEL_MISSING
        assert caught.value.message.params["path"] == str(tmp_path / "нет")


@pytest.mark.parametrize("name", ["am/final.mdl", "graph/HCLr.fst"])
def test_a_broken_model_is_told(tmp_path: Path, name: str) -> None:
    shutil.copytree(SPEECH_MODEL, tmp_path / "broken")
    (tmp_path / "broken" / name).write_bytes(b"no model")
    with pytest.raises(ModelError) as caught:
        load_speech(tmp_path / "broken", timeout_s=TIMEOUT_S, on_progress=no_progress)
    assert caught.value.message.code is MessageCode.MODEL_BROKEN


def test_a_load_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    command = [*stand_in("time.sleep(600)"), "voicetype.engines.host"]  # the word that `engines` looks for
    monkeypatch.setattr("voicetype.engines.process.host_command", lambda *arguments: command)
    with pytest.raises(ModelError) as caught:
        load_speech(SPEECH_MODEL, timeout_s=0.001, on_progress=no_progress)
    assert caught.value.message.code is MessageCode.MODEL_TIMEOUT
    assert not engines()


def test_a_load_can_be_cancelled() -> None:
    cancelled = threading.Event()
    # Set at the first step of the load: the model then has to be read still.
    with pytest.raises(ModelError) as caught:
        load_punctuation(
            PUNCTUATION_MODEL, timeout_s=TIMEOUT_S, on_progress=lambda percent: cancelled.set(), cancelled=cancelled
        )
    assert caught.value.message.code is MessageCode.ENGINE_DIED
    assert not engines()


def test_a_killed_engine_is_told_at_once(speech: RemoteSpeechModel) -> None:
    recognizer = speech.create_recognizer()
    psutil.Process(speech.pid).kill()
    with pytest.raises(ModelError) as caught:
        for _ in range(100):
            recognizer.accept(bytes(3_200))
    assert caught.value.message.code is MessageCode.ENGINE_DIED
    recognizer.close()


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT to a process group is POSIX")
def test_the_engine_outlives_control_c_in_the_terminal(speech: RemoteSpeechModel) -> None:
    psutil.Process(speech.pid).send_signal(signal.SIGINT)
    path, words = spoken_sentences()[4]
    assert words_of(speech, read_wav(path)) == words


def test_the_engine_dies_with_a_program_that_is_killed() -> None:
    script = (
        "import sys; from pathlib import Path; from voicetype.engines.remote import load_speech\n"
        f"model = load_speech(Path({str(SPEECH_MODEL)!r}), timeout_s=60, on_progress=lambda percent: None)\n"
        "print(model.pid, flush=True); sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as program:
        assert program.stdout
        engine = psutil.Process(int(program.stdout.readline()))
        assert engine.is_running()
        program.kill()
        engine.wait(10)
