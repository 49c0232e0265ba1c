"""Makes the program that needs no Python, for the system that this runs on, and tries it. Main thread.

    python packaging/frozen/make.py [DIST]     DIST/VoiceType and DIST/self-test.json; default: dist
    python packaging/frozen/make.py --check    in build/, tried without a screen and without sound, as every machine can

Called by `dev.py package` and `dev.py test` with the environment's Python.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tree

ROOT = Path(__file__).resolve().parents[2]
SPEC = ROOT / "packaging" / "voicetype.spec"
WORK = ROOT / "build" / "frozen"
CHECKED = ROOT / "build" / "checked"
"""Where --check puts the program."""
_SELF_TEST_LIMIT_S = 120
_STARTS = 3
NO_SCREEN = "there is no screen"
"""Why a check of the self-test may be left out on a machine without one, as it says."""
ANYWHERE = frozenset({"library-order", "libraries", "settings", "onnx", "vosk", "vocabulary", "audio", "window"})
"""Checks that nothing excuses."""
_DESKTOP_VARIABLES = ("DISPLAY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS")


def build(dist: Path, work: Path = WORK) -> Path:
    """Run PyInstaller. Returns the program's folder. Raises CalledProcessError; what is wrong has been printed."""
    options = ["--noconfirm", "--log-level", "WARN", "--distpath", str(dist), "--workpath", str(work)]
    subprocess.run([sys.executable, "-m", "PyInstaller", *options, str(SPEC)], check=True, cwd=ROOT)
    return dist / "VoiceType"


def program_in(folder: Path) -> Path:
    """The program to start."""
    return folder / ("VoiceType.exe" if sys.platform == "win32" else "VoiceType")


def start_ms(folder: Path) -> float:
    """Fastest of some starts that only tell the version: what unpacking and importing cost every process."""

    def start() -> float:
        begin = time.perf_counter()
        subprocess.run([program_in(folder), "--version"], check=True, stdout=subprocess.DEVNULL, timeout=60)
        return (time.perf_counter() - begin) * 1000

    return min(start() for _ in range(_STARTS))


def tray_ms(folder: Path) -> float | None:
    """Fastest of some starts of the whole program, from the start of its process to a visible icon in the tray.

    None where there is no screen for it.
    """
    command = [str(program_in(folder)), "time-to-tray"]
    starts = [subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60) for _ in range(_STARTS)]
    return None if any(done.returncode for done in starts) else min(float(done.stdout.split()[-1]) for done in starts)


def bare_environment() -> dict[str, str]:
    """The variables of a machine that has neither screen nor sound."""
    kept = {name: value for name, value in os.environ.items() if name not in _DESKTOP_VARIABLES}
    return kept | {"QT_QPA_PLATFORM": "offscreen", "PULSE_SERVER": "unix:/nowhere"}


def wrong(report: Mapping[str, Any]) -> list[str]:
    """Sentences about what the self-test did not pass without a screen, and what it left out although it need not."""
    checks = {check["name"]: check for check in report["checks"]}
    return [
        f"self-test, {name}: {check['state']}, {check['detail']}"
        for name, check in checks.items()
        if check["state"] != "ok" and (name in ANYWHERE or check["state"] != "skipped" or check["detail"] != NO_SCREEN)
    ] + [f"self-test, {name}: not there" for name in sorted(ANYWHERE - checks.keys())]


def self_test(folder: Path, file: Path, environment: Mapping[str, str], *, strict: bool) -> int:
    """Run it and tell what came of it. Returns the exit code.

    Args:
        folder: with the program.
        file: for the report.
        environment: its variables.
        strict: whether only the lack of a screen excuses; else nobody knows what the machine has.
    """
    file.unlink(missing_ok=True)
    command = [program_in(folder), "--self-test", "--json", file]
    code = subprocess.run(command, env=dict(environment), timeout=_SELF_TEST_LIMIT_S).returncode
    if not file.is_file():
        print(f"self-test: FAILED, no report, exit code {code}")
        return code or 1
    report = json.loads(file.read_text(encoding="utf-8"))
    skipped = [check["name"] for check in report["checks"] if check["state"] == "skipped"]
    found = wrong(report) if strict else []
    print(*found, sep="\n", end="\n" * bool(found))
    state = "FAILED" if found or code else "ok" + f", without {', '.join(skipped)}" * bool(skipped)
    print(f"self-test: {state}, {report['seconds']} s, {file}")
    return code or int(bool(found))


def main(arguments: list[str]) -> int:
    """Build, look into the folder, run the self-test. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="dev.py package")
    parser.add_argument("dist", nargs="?", type=Path, default=ROOT / "dist")
    parser.add_argument("--check", action="store_true", help="build in build/, try it without screen and sound")
    options = parser.parse_args(arguments)
    dist = CHECKED if options.check else options.dist
    begin = time.monotonic()
    folder = build(dist)
    print(f"built in {time.monotonic() - begin:.0f} s", flush=True)
    if tree.main(folder):
        return 1
    report = dist / "self-test.json"
    if options.check:
        return self_test(folder, report, bare_environment(), strict=True)
    print(f"{start_ms(folder):8.0f} ms  a start", flush=True)
    if (tray := tray_ms(folder)) is not None:
        print(f"{tray:8.0f} ms  a start to the tray", flush=True)
    return self_test(folder, report, os.environ, strict=False)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except subprocess.SubprocessError as error:
        sys.exit(str(error))
