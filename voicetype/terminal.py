"""What the commands print: lines and tables, or one JSON value, on standard output. Main thread; stdlib only."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from typing import TextIO

_PARENT = -1
"""ATTACH_PARENT_PROCESS"""


def open_missing_streams() -> None:
    """Give a program without a console, as it is frozen for Windows, streams that can be written to.

    They lead to the console of the program that has started this one, where it has one, and nowhere else.
    """
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115  for the whole life of the process
    if sys.stdout is None or sys.stderr is None:
        stream = _parents_console()
        sys.stdout, sys.stderr = sys.stdout or stream, sys.stderr or stream


def _parents_console() -> TextIO:
    if sys.platform == "win32" and sys.argv[1:] not in ([], ["run"]):  # a console that is closed ends all of it
        import contextlib
        import ctypes

        if ctypes.windll.kernel32.AttachConsole(_PARENT):
            with contextlib.suppress(OSError):
                return open("CONOUT$", "w", encoding="utf-8", errors="replace", buffering=1)
    return open(os.devnull, "w", encoding="utf-8")


def print_line(text: str) -> None:
    """One line of the result."""
    sys.stdout.write(f"{text}\n")


def print_json(data: object) -> None:
    """The whole result as JSON. ASCII, so that it is the same JSON on a console of any encoding."""
    print_line(json.dumps(data, indent=2))


def print_table(rows: Sequence[Sequence[str]]) -> None:
    """Rows of as many cells, in columns."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print_line("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def complain(text: str) -> None:
    """One sentence on standard error."""
    sys.stderr.write(f"{text}\n")
