"""Makes the program that needs no Python, for the system that this runs on, and tries it. Main thread.

    python packaging/frozen/make.py [DIST]     DIST/VoiceType and DIST/self-test.json; default: dist

Called by `dev.py package` with the environment's Python.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import tree

ROOT = Path(__file__).resolve().parents[2]
SPEC = ROOT / "packaging" / "voicetype.spec"
WORK = ROOT / "build" / "frozen"
_SELF_TEST_LIMIT_S = 120
_STARTS = 3


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
    times = []
    for _ in range(_STARTS):
        begin = time.perf_counter()
        subprocess.run([program_in(folder), "--version"], check=True, stdout=subprocess.DEVNULL, timeout=60)
        times.append((time.perf_counter() - begin) * 1000)
    return min(times)


def main(dist: Path) -> int:
    """Build, look into the folder, run the self-test. Returns the exit code."""
    begin = time.monotonic()
    folder = build(dist)
    print(f"built in {time.monotonic() - begin:.0f} s", flush=True)
    if tree.main(folder):
        return 1
    print(f"{start_ms(folder):8.0f} ms  a start", flush=True)
    report = dist / "self-test.json"
    done = subprocess.run([program_in(folder), "--self-test", "--json", str(report)], timeout=_SELF_TEST_LIMIT_S)
    if report.is_file():
        found = json.loads(report.read_text(encoding="utf-8"))
        print(f"self-test: {'ok' if found['ok'] else 'FAILED'} in {found['seconds']} s, {report}")
    return done.returncode


if __name__ == "__main__":
    try:
        sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "dist"))
    except subprocess.SubprocessError as error:
        sys.exit(str(error))
