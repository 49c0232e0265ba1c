"""A Wayland desktop without a screen: sway with XWayland, a keyboard that nobody touches, and windows to type into.

sway refuses to run as root, and XWayland lets only its own user in; where the tests are root it runs as nobody.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.desktop.rig import END_WITH_THE_TESTS, START_TIMEOUT_S, eventually

PACKAGE_OF_PROGRAM = {
    "sway": "sway",
    "wtype": "wtype",
    "wl-copy": "wl-clipboard",
    "foot": "foot",
    "Xwayland": "xwayland",
}
CONFIG = "xwayland force\noutput * resolution 800x600\nexec env > {folder}/session\n"
NOBODY = 65534
AS_NOBODY = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
TYPES_FOR_EVER = ("wtype", "-s", "1000000000")
"""Holds a virtual keyboard: without any, windows ask for none, and lose what is typed until they have asked."""
FIELD = Path(__file__).parent / "targets" / "qt_field.py"
TERMINAL = "stty -echo -icanon min 1; echo > {file}.ready; exec cat > {file}"


def missing_packages() -> list[str]:
    """Debian packages that the compositor needs and this machine lacks."""
    return sorted({package for program, package in PACKAGE_OF_PROGRAM.items() if shutil.which(program) is None})


class Compositor:
    """The compositor, one per test session.

    Attributes:
        env: environment of its session.
        folder: where everybody of the session may write.
    """

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="voicetype-wayland-"))
        self._programs: list[subprocess.Popen[Any]] = []
        self._user: tuple[str, ...] = ()
        if os.getuid() == 0:
            self._user = AS_NOBODY
            os.chown(self.folder, NOBODY, NOBODY)
        config = self.folder / "config"
        config.write_text(CONFIG.format(folder=self.folder), encoding="utf-8")
        wlroots = {
            **{"WLR_BACKENDS": "headless", "WLR_LIBINPUT_NO_DEVICES": "1", "WLR_RENDERER": "pixman"},
            **{"LIBSEAT_BACKEND": "noop"},
        }
        foreign = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "PYNPUT_BACKEND", "XDG_CURRENT_DESKTOP")
        self.env = {key: value for key, value in os.environ.items() if key not in foreign}
        self.env |= {"HOME": str(self.folder), "XDG_RUNTIME_DIR": str(self.folder), "LC_ALL": "C.UTF-8"}
        try:
            self.popen("sway", "-c", config, env=wlroots)
            session = self.folder / "session"
            eventually(lambda: session.exists() and "DISPLAY=" in session.read_text(), START_TIMEOUT_S, "sway")
            told = dict(line.split("=", 1) for line in session.read_text().splitlines() if "=" in line)
            for name in ("WAYLAND_DISPLAY", "DISPLAY", "SWAYSOCK"):
                self.env[name] = told[name]
            self.env["XDG_SESSION_TYPE"] = "wayland"
            self.popen(*TYPES_FOR_EVER)
        except BaseException:
            self.close()
            raise

    def popen(self, *command: str | Path, env: Mapping[str, str] | None = None, **options: Any) -> Any:
        """`subprocess.Popen` in this session and as its user."""
        with (self.folder / "log").open("ab") as log:
            options = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log, **options}
            words = [*END_WITH_THE_TESTS, *self._user, *map(str, command)]
            program: Any = subprocess.Popen(words, env={**self.env, **(env or {})}, start_new_session=True, **options)
        self._programs.append(program)
        return program

    def run(self, *command: str | Path) -> str:
        """What a program of this session prints."""
        words = [*self._user, *map(str, command)]
        done = subprocess.run(words, env=self.env, capture_output=True, text=True, timeout=30, check=True)
        return done.stdout

    @contextlib.contextmanager
    def terminal(self) -> Iterator[Path]:
        """A focused terminal; gives the file with what was typed there."""
        file = self._new_file()
        with self._window("foot", "sh", "-c", TERMINAL.format(file=file)):
            eventually(Path(f"{file}.ready").exists, what="a terminal")
            yield file

    @contextlib.contextmanager
    def field(self) -> Iterator[Path]:
        """A focused text field of Qt; gives the file with what stands in it."""
        file = self._new_file()
        with self._window(sys.executable, FIELD, file, env={"QT_QPA_PLATFORM": "wayland"}):
            yield file

    def focused(self) -> int:
        """Process of the window that has the focus; 0 when none has."""
        return next((int(node["pid"]) for node in self._nodes() if node.get("focused") and node.get("pid")), 0)

    def close(self) -> None:
        """End everything of this session."""
        for program in reversed(self._programs):
            _end(program)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _new_file(self) -> Path:
        return Path(tempfile.mktemp(prefix="typed", dir=self.folder))

    @contextlib.contextmanager
    def _window(self, *command: str | Path, env: Mapping[str, str] | None = None) -> Iterator[None]:
        program = self.popen(*command, env=env)
        try:
            eventually(lambda: self.focused() == program.pid, START_TIMEOUT_S, f"the focus on {command[0]}")
            yield
        finally:
            _end(program)
            self._programs.remove(program)

    def _nodes(self) -> Iterator[dict[str, Any]]:
        waiting = [json.loads(self.run("swaymsg", "-t", "get_tree"))]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += [*node["nodes"], *node["floating_nodes"]]


def _end(program: subprocess.Popen[Any]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(program.pid, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        program.wait(10)
    # The child of sway that waits for another XWayland takes no SIGTERM and outlives it.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(program.pid, signal.SIGKILL)
    program.wait()
