#!/usr/bin/env python3
"""The one entry for people who work on VoiceType, and for its CI. Standard library only, Python 3.11 or newer.

  python3 packaging/dev.py run [ARG ...]      start VoiceType; with ARGs: `python -m voicetype ARG ...`
  python3 packaging/dev.py test [--fast] [-- PYTEST_ARG ...]
                                              run every check; --fast leaves out the tests on a private desktop
  python3 packaging/dev.py bench [--json]     measure this machine
  python3 packaging/dev.py package [DIST]     make the program that needs no Python, and try it; in dist/ by default
  python3 packaging/dev.py windows [--no-trial]
                                              make the Windows installer and try it, on Linux by wine
  python3 packaging/dev.py setup [--tests]    only set up .venv (and what the tests need)
  python3 packaging/dev.py lock [--upgrade]   resolve packaging/requirements/*.txt anew; versions stay where they can,
                                              unless --upgrade asks for newer ones

Each command first sets up what it needs and is quick when all is there. Nothing is upgraded unasked.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  said here, before anything that an older one cannot read
    sys.exit("VoiceType needs Python 3.11 or newer; this is %d.%d." % sys.version_info[:2])  # noqa: UP031

import argparse
import io
import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from environment import PYTHON, REQUIREMENTS, ROOT, SetupError, install_lock_tools, say, set_up

LOCKS = {
    "build": ("--group", "pyproject.toml:build", "--universal"),
    "linux": ("pyproject.toml", "--override", "{left_out}", "--python-platform", "x86_64-manylinux_2_35"),
    "windows": ("pyproject.toml", "--override", "{left_out}", "--python-platform", "windows"),
    "dev": ("--group", "pyproject.toml:dev", "--constraint", "{linux}", "--universal"),
    "package-windows": ("--group", "pyproject.toml:package", "--python-platform", "windows"),
    "lock": ("--group", "pyproject.toml:lock", "--universal"),
    "package": ("--group", "pyproject.toml:package", "--constraint", "{build}", "--constraint", "{dev}", "--universal"),
}
"""What each lock file is resolved from. The oldest Python counts: what has wheels for it has them for newer ones."""
LOCK_OPTIONS = ("--python-version", "3.11", "--generate-hashes", "--no-emit-index-url", "--no-annotate", "--no-header")


def main(arguments: Sequence[str]) -> int:
    """Run one command; returns its exit code."""
    words, extra = _split(arguments)
    parser = argparse.ArgumentParser(prog="dev.py", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("run", add_help=False)
    commands.add_parser("test").add_argument("--fast", action="store_true")
    commands.add_parser("bench", add_help=False)
    commands.add_parser("package", add_help=False)
    commands.add_parser("windows", add_help=False)
    commands.add_parser("setup").add_argument("--tests", action="store_true")
    commands.add_parser("lock").add_argument("--upgrade", action="store_true")
    options, rest = parser.parse_known_args(words)
    if options.command in {"run", "bench"}:
        set_up()
        given = [*rest, *extra]
        return _voicetype(["bench", *given] if options.command == "bench" else given or ["run", "--or-sample"])
    if options.command == "package":
        set_up(package=True)
        return subprocess.run([str(PYTHON), str(ROOT / "packaging" / "frozen" / "make.py"), *rest]).returncode
    if options.command == "windows":
        set_up(package=True, windows=True)
        return subprocess.run([str(PYTHON), str(ROOT / "packaging" / "windows" / "build.py"), *rest]).returncode
    if rest:
        parser.error(f"unknown arguments: {' '.join(rest)}")
    if options.command == "test":
        set_up(tests=True, package=not (options.fast or extra))
        return _test(extra, fast=options.fast)
    if options.command == "setup":
        set_up(tests=options.tests)
    else:
        _lock(upgrade=options.upgrade)
    return 0


def _split(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    words = list(arguments)
    at = words.index("--") if "--" in words else len(words)
    return words[:at], words[at + 1 :]


def _voicetype(arguments: Sequence[str]) -> int:
    command = [str(PYTHON), "-m", "voicetype", *arguments]
    if sys.platform != "win32":
        sys.stdout.flush()
        os.execv(command[0], command)  # so that signals reach the program itself
    # Ctrl+C reaches both processes of the console; the program ends cleanly, and this one waits for that.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return subprocess.run(command).returncode


def _test(pytest_arguments: Sequence[str], *, fast: bool) -> int:
    python = str(PYTHON)
    tools = PYTHON.parent
    pytest = [python, "-m", "pytest"]
    static = {
        "ruff check": [python, "-m", "ruff", "check", "."],
        "ruff format": [python, "-m", "ruff", "format", "--check", "."],
        "mypy": [python, "-m", "mypy"],
        "import-linter": [str(tools / "lint-imports")],
    }
    packages = {
        "frozen program": [python, "packaging/frozen/make.py", "--check"],
        "Windows packages": [python, "packaging/windows/check.py"],
    }
    if pytest_arguments:
        tests = {"pytest": [*pytest, *(["--ignore=tests/desktop"] if fast else []), *pytest_arguments]}
    else:
        # Two at once, file by file; those with real keys and real time each have a desktop, and no others beside them.
        pytest += ["-n", "2", "--dist", "loadfile"]
        tests = {"pytest": [*pytest, "--ignore=tests/desktop"]}
        tests |= {} if fast else {"pytest, desktop": [*pytest, "tests/desktop"]}
    # What takes one processor each; the tests come after them, since they take both.
    failed = _side_by_side(static, {} if fast or pytest_arguments else packages)
    for name, command in tests.items():
        print(f"== {name}", flush=True)
        if subprocess.run(command, cwd=ROOT).returncode:
            failed.append(name)
    print(f"== failed: {', '.join(failed)}" if failed else "== all checks passed", flush=True)
    return 1 if failed else 0


def _side_by_side(*lanes: Mapping[str, Sequence[str]]) -> list[str]:
    """Run the steps of each lane in turn and the lanes at once; returns the names of what failed."""
    printing = threading.Lock()

    def run(lane: Mapping[str, Sequence[str]]) -> list[str]:
        failed = []
        for name, command in lane.items():
            begin = time.monotonic()
            done = subprocess.run(
                command,
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                errors="replace",
            )
            with printing:
                print(f"== {name}, {time.monotonic() - begin:.0f} s\n{done.stdout}", end="", flush=True)
            if done.returncode:
                failed.append(name)
        return failed

    with ThreadPoolExecutor(len(lanes)) as threads:
        return [name for failed in threads.map(run, lanes) for name in failed]


def _lock(*, upgrade: bool) -> None:
    install_lock_tools()
    names = {name.replace("-", "_"): REQUIREMENTS / f"{name}.txt" for name in ("left-out", "linux", "build", "dev")}
    for lock, sources in LOCKS.items():
        target = REQUIREMENTS / f"{lock}.txt"
        command = [str(PYTHON), "-m", "uv", "pip", "compile", "--quiet", *LOCK_OPTIONS, "--output-file", str(target)]
        command += [source.format(**names) for source in sources] + ["--upgrade"] * upgrade
        if subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL).returncode:
            raise SetupError(f"{target.name} could not be resolved; the others that stand above are done")
        say(f"{target.relative_to(ROOT)} is resolved")


if __name__ == "__main__":
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a console of another code page shows what it can
    try:
        sys.exit(main(sys.argv[1:]))
    except SetupError as error:
        sys.exit(f"dev.py: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
