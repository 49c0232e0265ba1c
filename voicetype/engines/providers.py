"""Which of onnxruntime's execution providers runs a model, step by step down to the processor. Any thread; blocks.

`onnxruntime` itself is handed in, so that this module costs nothing where no model is loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

AUTO, CPU, DML = "auto", "cpu", "dml"
DEVICES = (AUTO, CPU, DML)
"""What may be asked for."""
PROVIDER_OF: Mapping[str, str] = {CPU: "CPUExecutionProvider", DML: "DmlExecutionProvider"}
_ERRORS_ONLY = 3  # onnxruntime's severities: 2 = warnings, which it prints about harmless parts of exported graphs


@dataclass(frozen=True)
class Fallback:
    """A device that was to run the model and does not.

    Attributes:
        device: "dml".
        reason: one line for people and logs.
    """

    device: str
    reason: str


@dataclass(frozen=True)
class OpenedSession:
    """An onnxruntime session, the device that runs it, and those that did not."""

    session: Any
    device: str
    fallbacks: tuple[Fallback, ...] = ()


def devices_to_try(wanted: str, available: tuple[str, ...]) -> tuple[str, ...]:
    """Devices in order, the processor last. A device that was asked for by name is tried even if it is not there."""
    if wanted == AUTO:
        return (DML, CPU) if PROVIDER_OF[DML] in available else (CPU,)
    return (CPU,) if wanted == CPU else (wanted, CPU)


def open_session(
    onnxruntime: Any, onnx_file: Path, device: str, check: Callable[[Any], object] = lambda session: None
) -> OpenedSession:
    """Open a session on the first device that works.

    Args:
        onnxruntime: the module.
        onnx_file: the model.
        device: one of DEVICES.
        check: runs the session once; a device that fails at it is passed over. Warms the session up as well.

    Raises what onnxruntime raises on the processor.
    """
    available = tuple(onnxruntime.get_available_providers())
    fallbacks: list[Fallback] = []
    for candidate in devices_to_try(device, available):
        provider = PROVIDER_OF[candidate]
        if candidate == CPU:
            session = _session(onnxruntime, onnx_file, candidate)
            check(session)
            return OpenedSession(session, CPU, tuple(fallbacks))
        try:
            if provider not in available:
                raise RuntimeError(f"this onnxruntime has no {provider}")
            session = _session(onnxruntime, onnx_file, candidate)
            # onnxruntime goes to the processor by itself where a provider does not start, and only prints it.
            if provider not in session.get_providers():
                raise RuntimeError(f"{provider} did not start")
            check(session)
        except Exception as error:  # noqa: BLE001  drivers and onnxruntime raise types without a common base
            fallbacks.append(Fallback(candidate, first_line(error)))
            continue
        return OpenedSession(session, candidate, tuple(fallbacks))
    raise AssertionError("the processor is always tried")


def thread_count(physical_cores: int) -> int:
    """Threads for one run on the processor.

    On two cores a second thread makes a run up to twice slower while the recogniser keeps a core busy. Two cores stay
    free for it and for the user; more than four threads gain nothing on texts of this length.
    """
    return max(1, min(4, physical_cores - 2))


def first_line(error: BaseException) -> str:
    """The kind of an error and the first line of its text."""
    text = str(error).strip()
    return f"{type(error).__name__}: {text.splitlines()[0][:200]}" if text else type(error).__name__


def _session(onnxruntime: Any, onnx_file: Path, device: str) -> Any:
    import psutil

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = thread_count(psutil.cpu_count(logical=False) or 1)
    # Threads that wait actively take the cores that the recogniser and the user's programs need.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = _ERRORS_ONLY
    if device == DML:
        # DirectML does neither memory patterns nor parallel execution; sessions with them fail.
        options.enable_mem_pattern = False
        options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    return onnxruntime.InferenceSession(str(onnx_file), options, providers=[PROVIDER_OF[device]])
