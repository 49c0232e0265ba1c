"""Windows that take text, and what types into them."""

from __future__ import annotations

import contextlib
import ctypes.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.desktop.rig import Desktop, eventually

TARGETS = Path(__file__).parent / "targets"
TERMINALS = {"xterm": "xterm", "line": "xterm", "vte": "vte"}
FIELDS = {
    "qt": ("qt_field.py",),
    "qt-rich": ("qt_field.py", "target field", "qt_field", "rich"),
    "qt-line": ("qt_field.py", "target field", "qt_field", "line"),
    "gtk": ("gtk_field.py",),
    "gtk-line": ("gtk_field.py", "line"),
    "chromium": ("chromium_field.py",),
}
ONE_LINE = frozenset({"qt-line", "gtk-line"})
"""Fields in which Return writes nothing."""
TAB_LEAVES = ONE_LINE | {"chromium"}
"""Fields that lose the focus by Tab."""


def missing_package(kind: str) -> str:
    """Debian's name of what a target of this kind needs and the machine lacks, "" when it can be started."""
    if kind == "chromium" and shutil.which("chromium") is None:
        return "chromium"
    libraries = {"gtk": ("gtk-3", "libgtk-3-bin"), "vte": ("vte-2.91", "libvte-2.91-0")}
    library, package = libraries.get(kind.split("-")[0], ("", ""))
    return package if library and ctypes.util.find_library(library) is None else ""


class Target:
    """A window that tells what it was given.

    Kinds: "qt", "qt-rich", "qt-line", "gtk", "gtk-line" and "chromium", fields that tell what stands in them; "xterm"
    and "vte", terminals that tell every character that they get; "line", an xterm that tells what is left of a line
    after Return.
    """

    def __init__(self, desktop: Desktop, kind: str, folder: Path) -> None:
        if package := missing_package(kind):
            (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"needs: apt-get install {package}")
        self.file = folder / "given.txt"
        if kind in TERMINALS:
            ready = folder / "ready"
            mode = "" if kind == "line" else "stty -icanon -echo min 1; "
            script = f"{mode}echo > {ready}; exec cat > {self.file}"
            if TERMINALS[kind] == "xterm":
                desktop.popen("xterm", "-T", "target field", "-e", "sh", "-c", script)
            else:
                desktop.popen(sys.executable, TARGETS / "vte_terminal.py", script)
            eventually(ready.exists, what="a terminal")
        else:
            script_file, *arguments = FIELDS[kind]
            desktop.popen(sys.executable, TARGETS / script_file, self.file, *arguments)
        desktop.focus("target field")
        if kind == "chromium":
            eventually(self.file.exists, what="a page whose field has the focus")
            # The page has it before all of the browser passes keys on.
            eventually(lambda: desktop.key("x") or self.given(), what="a field that takes keys")
            desktop.key("ctrl+a")
            desktop.key("BackSpace")
            eventually(lambda: self.given() == "", what="an empty field")

    def wait_for(self, text: str) -> None:
        with contextlib.suppress(AssertionError):
            eventually(lambda: self.given() == text)
        assert self.given() == text

    def given(self) -> str:
        # A terminal turns what Return types into a line feed itself.
        return self.file.read_bytes().decode("utf-8", "replace") if self.file.exists() else ""


class Typist:
    """A program that inserts as VoiceType does, from one text to the next."""

    def __init__(self, desktop: Desktop, folder: Path) -> None:
        self._file = folder / "text.txt"
        pipe = subprocess.PIPE
        self._program: Any = desktop.popen(sys.executable, TARGETS / "insert.py", stdin=pipe, stdout=pipe, text=True)

    def insert(self, method: str, text: str, times: int = 1) -> str:
        """How many seconds it took, or what was wrong."""
        self._file.write_text(text, encoding="utf-8")
        self._program.stdin.write(f"{method}\t{times}\t{self._file}\n")
        self._program.stdin.flush()
        return str(self._program.stdout.readline().strip())

    def close(self) -> None:
        """End it as it ends by itself."""
        self._program.stdin.close()
        assert self._program.wait(30) == 0
