"""Runs the checks in other processes and tells what came of them. Main thread; standard library only, no Qt.

A process that crashes or hangs is replaced by a new one, which goes on with the next check.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from voicetype import __version__
from voicetype.own_process import is_frozen, own_command, own_environment
from voicetype.self_test.report import CHECKS, CHILD_ARGUMENT, Result, State

_FOLDER = "Настройки и пробелы"
_CHECK_LIMIT_S = 40.0
"""Of the slowest check, which starts two processes: 4 s on a desktop, 20 s under wine on a busy machine."""
_LIMIT_S = 120.0
_LOOK_S = 0.02
_REMOVAL_S = 3.0
_OUTPUT_CHARACTERS = 4_000
_USAGE = "usage: voicetype --self-test [--json FILE]\n"
_USAGE_CODE, _NOT_WRITTEN_CODE = 2, 3

Command = Callable[[Path, Sequence[str]], list[str]]


def main(arguments: Sequence[str]) -> int:
    """Run all checks. `arguments`: [] or ["--json", FILE]. Returns 0 = none failed, 1, 2 = usage, 3 = not written."""
    if arguments and (len(arguments) != 2 or arguments[0] != "--json"):
        _say(sys.stderr, _USAGE)
        return _USAGE_CODE
    begin = time.monotonic()
    results = run(CHECKS, _child_command, on_result=lambda result: _say(sys.stdout, _line(result)))
    report = _report(results, time.monotonic() - begin)
    if arguments:
        try:
            Path(arguments[1]).write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        except OSError as error:
            _say(sys.stderr, f"{arguments[1]}: {error.strerror}\n")
            return _NOT_WRITTEN_CODE
    return 0 if report["ok"] else 1


def run(
    names: Sequence[str],
    command: Command,
    *,
    on_result: Callable[[Result], None] = lambda result: None,
    check_limit_s: float = _CHECK_LIMIT_S,
    limit_s: float = _LIMIT_S,
) -> list[Result]:
    """Run the checks `names`, each once, in as many processes as that takes.

    Args:
        names: in their order.
        command: makes what starts a process, of the file for its results and the checks that it is to do.
        on_result: hears of each result when it is there.
        check_limit_s: a check that takes longer has failed, and its process is ended.
        limit_s: for all checks together; those that are not reached have failed.
    """
    folder = Path(tempfile.mkdtemp(prefix="voicetype-self-test-"))
    deadline = time.monotonic() + limit_s
    results: list[Result] = []
    try:
        while len(results) < len(names) and time.monotonic() < deadline:
            left = names[len(results) :]
            process = _Checks(folder / str(len(results)), left, command)
            for result in process.results(check_limit_s, deadline):
                results.append(result)
                on_result(result)
    finally:
        _remove(folder)
    for name in names[len(results) :]:
        results.append(Result(name, State.FAILED, f"not reached within {limit_s:g} s"))
        on_result(results[-1])
    return results


def _remove(folder: Path) -> None:
    """Windows lets no file go that a process has open, and engines end a moment after who started them."""
    end = time.monotonic() + _REMOVAL_S
    while folder.exists() and time.monotonic() < end:
        shutil.rmtree(folder, ignore_errors=True)
        time.sleep(_LOOK_S)


class _Checks:
    """One process that works through checks and appends lines to a file: {"begin": name}, then the result."""

    def __init__(self, folder: Path, names: Sequence[str], command: Command) -> None:
        self._names = list(names)
        self._own = folder / _FOLDER
        self._own.mkdir(parents=True)
        self._file, self._errors = folder / "results.jsonl", folder / "errors.txt"
        self._file.touch()
        # Not a pipe: a program without a console has none of these, and engines that outlive a crash would hold it.
        with self._errors.open("wb") as errors:
            self._process = subprocess.Popen(
                command(self._file, names),
                stdin=subprocess.DEVNULL,
                stdout=errors,
                stderr=errors,
                env=self._environment(),
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )

    def results(self, check_limit_s: float, deadline: float) -> Any:
        """Yield the results as they come; the last one may be of a crash or of the end of patience."""
        began = time.monotonic()
        with self._file.open(encoding="utf-8") as lines:
            while True:
                code = self._process.poll()  # before the reading, so that nothing is missed
                while (line := lines.readline()).endswith("\n"):
                    began = time.monotonic()
                    data = json.loads(line)
                    if "begin" not in data:
                        self._names.remove(data["name"])
                        yield Result.from_data(data)
                if code is not None:
                    if self._names:
                        yield self._failed(f"the process ended with {code}", began)
                    return
                now = time.monotonic()
                if now - began > check_limit_s or now > deadline:
                    self._process.kill()
                    self._process.wait()
                    yield self._failed(f"no answer within {now - began:.0f} s", began)
                    return
                lines.seek(lines.tell())  # a reader that was at the end looks again
                time.sleep(_LOOK_S)

    def _failed(self, why: str, began: float) -> Result:
        output = self._errors.read_bytes().decode("utf-8", "replace").strip()[-_OUTPUT_CHARACTERS:]
        ms = round((time.monotonic() - began) * 1000)
        return Result(self._names[0], State.FAILED, why, ms, output)

    def _environment(self) -> Mapping[str, str]:
        return {
            **own_environment(),
            "VOICETYPE_CONFIG_DIR": str(self._own),
            "VOICETYPE_MODELS_DIR": str(self._own / "Модели"),
            "PYTHONUNBUFFERED": "1",
        }


def _child_command(file: Path, names: Sequence[str]) -> list[str]:
    return own_command(CHILD_ARGUMENT, str(file), *names)


def _report(results: Sequence[Result], seconds: float) -> dict[str, Any]:
    return {
        "version": __version__,
        "ok": all(result.state is not State.FAILED for result in results),
        "seconds": round(seconds, 1),
        "frozen": is_frozen(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "checks": [result.as_data() for result in results],
    }


def _line(result: Result) -> str:
    output = "".join(f"    {line}\n" for line in result.output.splitlines())
    return f"{result.name:<20}{result.state.value:<9}{result.ms:>6} ms  {result.detail}\n{output}"


def _say(stream: Any, text: str) -> None:
    if stream is None:  # a program without a console under Windows
        return
    encoding = getattr(stream, "encoding", None) or "utf-8"
    stream.write(text.encode(encoding, "replace").decode(encoding))
    stream.flush()
