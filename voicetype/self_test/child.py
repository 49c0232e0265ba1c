"""The process in which the checks run: `self-test-checks FILE NAME ...`. Main thread; Qt comes with the first check."""

from __future__ import annotations

import faulthandler
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from voicetype.self_test.report import Result, State

QT_AT_START = "PySide6" in sys.modules
"""Whether Qt was there before the program's own code."""


def main(arguments: Sequence[str]) -> int:
    """Do the checks and append what comes of them to the file. Returns the exit code, 0 whatever they found."""
    file, names = Path(arguments[0]), arguments[1:]
    if sys.stderr is not None:
        faulthandler.enable()
    for name in names:
        _append(file, {"begin": name})
        _append(file, _result(name).as_data())
    return 0


def _result(name: str) -> Result:
    begin = time.monotonic()
    try:
        # Here, since it brings Qt and all that may crash with it.
        from voicetype.self_test import checks
        from voicetype.self_test.harness import Failed, Skipped, told
    except Exception as error:  # noqa: BLE001  whatever a broken library raises is the result
        return Result(name, State.FAILED, f"{type(error).__name__}: {error}", _ms_since(begin))
    try:
        return Result(name, State.OK, checks.BY_NAME[name](), _ms_since(begin))
    except Skipped as reason:
        return Result(name, State.SKIPPED, told(reason), _ms_since(begin))
    except Failed as error:
        return Result(name, State.FAILED, told(error), _ms_since(begin))
    except Exception as error:  # noqa: BLE001  likewise
        return Result(name, State.FAILED, told(error), _ms_since(begin))


def _ms_since(begin: float) -> int:
    return round((time.monotonic() - begin) * 1000)


def _append(file: Path, data: dict[str, Any]) -> None:
    with file.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps(data, ensure_ascii=False) + "\n")
