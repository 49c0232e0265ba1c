"""Windows that take text."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

from tests.desktop.rig import Desktop, eventually

TARGETS = Path(__file__).parent / "targets"


class Target:
    """A window that tells what it was given.

    Kinds: "qt" and "gtk", fields that tell what stands in them; "xterm", which tells every character that it gets;
    "line", an xterm that tells what is left of a line after Return.
    """

    def __init__(self, desktop: Desktop, kind: str, folder: Path) -> None:
        self.file = folder / "given.txt"
        if kind in {"xterm", "line"}:
            ready = folder / "ready"
            mode = "stty -icanon -echo min 1; " if kind == "xterm" else ""
            script = f"{mode}echo > {ready}; exec cat > {self.file}"
            desktop.popen("xterm", "-T", "target field", "-e", "sh", "-c", script)
            eventually(ready.exists, 30, "a terminal")
        else:
            desktop.popen(sys.executable, TARGETS / f"{kind}_field.py", self.file)
        desktop.focus("target field")

    def wait_for(self, text: str) -> None:
        with contextlib.suppress(AssertionError):
            eventually(lambda: self.given() == text, 10)
        assert self.given() == text

    def given(self) -> str:
        # A terminal turns what Return types into a line feed itself.
        return self.file.read_bytes().decode("utf-8", "replace") if self.file.exists() else ""
