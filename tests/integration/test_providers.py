"""Devices are tried down to the processor. Real onnxruntime, real sessions on the bundled model."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import onnxruntime
import pytest

from voicetype import models
from voicetype.core.messages import MessageCode, ModelError
from voicetype.device_memory import DeviceMemory
from voicetype.engines import providers, remote
from voicetype.engines.catalog import bundled_models_dir, punctuation_files
from voicetype.engines.providers import AUTO, CPU, DML, Fallback, devices_to_try, open_session
from voicetype.engines.rupunct import RUPunctONNX

MODEL = bundled_models_dir() / "rupunct-tiny"
SECOND = "AzureExecutionProvider"
"""A provider beside the processor's that is in every build: it stands for a second device."""
BARE = "совещание начнётся в десять отправьте пожалуйста договор на почту"


def no_progress(_percent: int) -> None:
    pass


@pytest.fixture
def second_device(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let "dml" mean a provider that this machine has."""
    monkeypatch.setattr(providers, "PROVIDER_OF", {CPU: "CPUExecutionProvider", DML: SECOND})


def test_the_order_of_devices() -> None:
    both = ("DmlExecutionProvider", "CPUExecutionProvider")
    assert devices_to_try(AUTO, both) == (DML, CPU)
    assert devices_to_try(AUTO, both[1:]) == (CPU,)
    assert devices_to_try(CPU, both) == (CPU,)
    assert devices_to_try(DML, both[1:]) == (DML, CPU)


@pytest.mark.skipif("DmlExecutionProvider" in onnxruntime.get_available_providers(), reason="it would work here")
def test_a_device_that_is_not_there_is_replaced() -> None:
    model = RUPunctONNX(MODEL, device=DML)
    model.load()
    assert model.device == CPU
    assert model.fallbacks == (Fallback(DML, "RuntimeError: this onnxruntime has no DmlExecutionProvider"),)
    assert model.punctuate(BARE).startswith("Совещание")


@pytest.mark.usefixtures("second_device")
def test_a_device_that_works_is_used() -> None:
    model = RUPunctONNX(MODEL, device=AUTO)
    model.load()
    assert (model.device, model.fallbacks) == (DML, ())
    on_processor = RUPunctONNX(MODEL)
    on_processor.load()
    assert model.punctuate(BARE) == on_processor.punctuate(BARE)


@pytest.mark.usefixtures("second_device")
def test_a_session_that_cannot_be_made_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """As DirectML: with the wrong options onnxruntime itself refuses the session."""
    real = onnxruntime.InferenceSession

    def refuse(path: str, options: Any, providers: list[str]) -> Any:
        broken = b"no graph" if SECOND in providers else path
        return real(broken, options, providers=providers)

    monkeypatch.setattr(onnxruntime, "InferenceSession", refuse)
    opened = open_session(onnxruntime, punctuation_files(MODEL)[0], AUTO)
    assert opened.device == CPU
    assert opened.fallbacks[0].device == DML and "InvalidProtobuf" in opened.fallbacks[0].reason


@pytest.mark.usefixtures("second_device")
def test_a_device_that_fails_at_the_first_run_is_replaced() -> None:
    def check(session: Any) -> None:
        if SECOND in session.get_providers():
            session.run(None, {"no such input": None})

    opened = open_session(onnxruntime, punctuation_files(MODEL)[0], AUTO, check)
    assert opened.device == CPU and len(opened.fallbacks) == 1


@pytest.mark.usefixtures("second_device")
def test_a_device_that_fails_in_use_loses_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    model = RUPunctONNX(MODEL, device=AUTO)
    model.load()
    expected = model.punctuate(BARE)
    assert model.device == DML
    session_type = onnxruntime.InferenceSession
    real_run = session_type.run

    def run(self: Any, *arguments: Any) -> Any:
        if SECOND in self.get_providers():
            raise RuntimeError("the device was removed")
        return real_run(self, *arguments)

    monkeypatch.setattr(session_type, "run", run)
    assert model.punctuate(BARE) == expected
    assert model.device == CPU
    assert model.fallbacks == (Fallback(DML, "RuntimeError: the device was removed"),)


def test_the_processor_has_no_fallback(tmp_path: Path) -> None:
    file = tmp_path / "model.onnx"
    file.write_bytes(b"no graph")
    with pytest.raises(Exception, match="INVALID_PROTOBUF"):
        open_session(onnxruntime, file, CPU)


@pytest.mark.skipif("DmlExecutionProvider" in onnxruntime.get_available_providers(), reason="it would work here")
def test_the_program_is_told_by_the_engine_process() -> None:
    model = remote.load_punctuation(MODEL, timeout_s=60, on_progress=no_progress, device=DML)
    try:
        assert model.device == CPU
        assert [fallback.device for fallback in model.fallbacks] == [DML]
        assert model.enhance(BARE).startswith("Совещание")
    finally:
        model.close()


@pytest.fixture
def memory(tmp_path: Path) -> DeviceMemory:
    return DeviceMemory(tmp_path / "нет такой папки" / "devices.yaml")


def test_a_failure_is_remembered_for_these_versions(memory: DeviceMemory, monkeypatch: pytest.MonkeyPatch) -> None:
    assert memory.reason(DML) == ""
    memory.remember(DML, "нет драйвера")
    assert memory.reason(DML) == "нет драйвера"
    monkeypatch.setattr("voicetype.device_memory._versions", lambda: "another")
    assert memory.reason(DML) == ""
    memory.forget(DML)
    monkeypatch.undo()
    assert memory.reason(DML) == ""


@pytest.mark.parametrize("content", ["[", "- 1", "dml: 5", "\x00"])
def test_broken_notes_count_as_none(tmp_path: Path, content: str) -> None:
    file = tmp_path / "devices.yaml"
    file.write_text(content, encoding="utf-8")
    memory = DeviceMemory(file)
    assert memory.reason(DML) == ""
    memory.remember(DML, "x")
    assert memory.reason(DML) == "x"


def test_a_crash_is_not_repeated(memory: DeviceMemory, monkeypatch: pytest.MonkeyPatch) -> None:
    """The driver kills the engine's process: the next device serves, and later starts leave the first one out."""
    tried: list[str] = []
    real = remote.load_punctuation

    def crashing(path: Path, *, device: str, **arguments: Any) -> remote.RemotePunctuator:
        tried.append(device)
        if device != CPU:
            raise ModelError(MessageCode.ENGINE_DIED, name="rupunct", detail="exit code -11")
        return real(path, device=device, **arguments)

    monkeypatch.setattr(remote, "load_punctuation", crashing)
    for _ in range(2):
        model = models.load_on_a_device(
            AUTO, memory, MODEL, timeout_s=60, on_progress=no_progress, cancelled=threading.Event()
        )
        assert model.enhance(BARE).startswith("Совещание")
        model.close()
    assert tried == [AUTO, CPU, CPU]
    assert memory.reason(DML) == "exit code -11"


@pytest.mark.parametrize(("value", "device"), [("cpu", "cpu"), (" DML ", "dml"), ("", "auto"), ("gpu", "auto")])
def test_the_environment_overrides(monkeypatch: pytest.MonkeyPatch, value: str, device: str) -> None:
    monkeypatch.setenv("VOICETYPE_DEVICE", value)
    assert models.wanted_device(AUTO) == device
