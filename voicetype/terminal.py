"""What the commands print: lines and tables, or one JSON value, on standard output. Main thread; stdlib only."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence


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
