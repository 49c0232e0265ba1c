"""Sets up what the program needs: system libraries, a virtual environment, locked wheels, compiled translations.

Used by `dev.py` on its main thread; standard library only. Everything is checked at every call, so a call with nothing
to do must stay cheap: a stamp in the environment says what it was made from.
"""

from __future__ import annotations

import compileall
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "packaging" / "requirements"
VENV = ROOT / ".venv"
IS_WINDOWS = sys.platform == "win32"
PYTHON = VENV / ("Scripts/python.exe" if IS_WINDOWS else "bin/python")
STAMP = VENV / "voicetype-setup.json"
PLATFORM_LOCK = "windows" if IS_WINDOWS else "linux"

RUN_PACKAGES = (
    "libasound2-plugins",
    "libdbus-1-3",
    "libegl1",
    "libfontconfig1",
    "libgl1",
    "libportaudio2",
    "libwayland-cursor0",
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-image0",
    "libxcb-keysyms1",
    "libxcb-randr0",
    "libxcb-render-util0",
    "libxcb-shape0",
    "libxcb-xinerama0",
    "libxcb-xkb1",
    "libxkbcommon-x11-0",
)
"""Debian's names of the libraries that Qt's and PortAudio's wheels expect of the system."""
TEST_PACKAGES = (
    "chromium",
    "dbus-daemon",
    "fonts-dejavu-core",
    "libglib2.0-bin",
    "libgtk-3-bin",
    "libvte-2.91-0",
    "nsis",
    "openbox",
    "pulseaudio",
    "pulseaudio-utils",
    "scrot",
    "trayer",
    "wmctrl",
    "x11-utils",
    "x11-xkb-utils",
    "xclip",
    "xdotool",
    "xterm",
    "xvfb",
)
"""Debian's names of what makes the private desktop of the tests, windows that take text, and the Windows installer."""

PACKAGE_PACKAGES = ("binutils", *([f"libpython3.{sys.version_info.minor}"] if sys.base_prefix == "/usr" else []))
"""Debian's names of what PyInstaller asks for a library's own libraries, and of the system's Python as a library."""
WINDOWS_PACKAGES = (
    "gcc-mingw-w64-x86-64",
    "nsis",
    "openbox",
    "osslsigncode",
    "trayer",
    "wine",
    "wine64",
    "xvfb",
)
"""Debian's names of what builds and tries the program for Windows where there is none."""


class SetupError(Exception):
    """Something that the set-up needs is missing. The message is one sentence for a person."""


def say(text: str) -> None:
    """Tell the person what goes on, apart from the program's own output."""
    print(text, file=sys.stderr, flush=True)


def set_up(*, tests: bool = False, package: bool = False, windows: bool = False) -> None:
    """Make the environment complete for running the program, and for tests or packaging. Raises SetupError."""
    if not IS_WINDOWS and not sys.platform.startswith("linux"):
        raise SetupError("VoiceType runs on Linux and Windows")
    wanted = TEST_PACKAGES * tests + PACKAGE_PACKAGES * package + WINDOWS_PACKAGES * windows
    _install_system_packages(RUN_PACKAGES + wanted)
    _make_venv()
    done = _read_stamp()
    _install("program", ("build", PLATFORM_LOCK), done, editable=True)
    if tests:
        _install("tools", ("dev",), done)
    if package:
        _install("packaging tools", ("package",), done)
    _compile_translations(done)
    _compile_program()


def install_lock_tools() -> None:
    """Add what `lock` needs to the environment. Raises SetupError."""
    _make_venv()
    _install("lock tools", ("lock",), _read_stamp())


def _make_venv() -> None:
    if PYTHON.exists() and _runs_this_python():
        return
    if importlib.util.find_spec("ensurepip") is None:
        package = f"python3.{sys.version_info.minor}-venv"
        _install_system_packages((package,))
        importlib.invalidate_caches()
        if importlib.util.find_spec("ensurepip") is None:
            raise SetupError(f"this Python cannot make virtual environments; on Debian or Ubuntu install {package}")
    say("Making .venv ...")
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True)
    if made.returncode:
        raise SetupError(f"cannot make .venv: {_last_line(made.stderr + made.stdout)}")


def _runs_this_python() -> bool:
    # A cheap look instead of a start: the environment's own note says for which Python it was made.
    version = "{}.{}.".format(*sys.version_info)
    try:
        lines = (VENV / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    return any(line.replace(" ", "").startswith(f"version={version}") for line in lines)


def _read_stamp() -> dict[str, str]:
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def _write_stamp(done: dict[str, str]) -> None:
    STAMP.write_text(json.dumps(done, indent=1), encoding="utf-8")


def _digest(files: Sequence[Path]) -> str:
    digest = hashlib.sha256(f"{sys.version} {ROOT}".encode())
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def _install(what: str, locks: Sequence[str], done: dict[str, str], *, editable: bool = False) -> None:
    files = [REQUIREMENTS / f"{lock}.txt" for lock in locks]
    digest = _digest([*files, ROOT / "pyproject.toml"])
    if done.get(what) == digest:
        return
    say(f"Installing the {what} into .venv ...")
    # Without isolation a build uses the locked setuptools of .venv instead of fetching one that nobody checked.
    for file in files:
        _pip("--require-hashes", "--no-build-isolation", "-r", str(file))
    if editable:
        _pip("--no-build-isolation", "--editable", str(ROOT))
    done[what] = digest
    _write_stamp(done)


def _pip(*arguments: str) -> None:
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "--no-deps"]
    done = subprocess.run([*command, *arguments], capture_output=True, text=True, errors="replace", cwd=ROOT)
    if not done.returncode:
        return
    output = done.stderr + done.stdout
    if "connection broken by" in output or "Connection error" in output or "ProxyError" in output:
        raise SetupError("the package index cannot be reached; the first set-up needs a network, later calls do not")
    raise SetupError(f"pip could not install {arguments[-1]}: {_last_line(output)}")


def _last_line(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip() and not line.startswith("[notice]")]
    errors = [line for line in lines if line.startswith("ERROR")]
    return (errors or lines or ["no reason given"])[-1]


def _compile_translations(done: dict[str, str]) -> None:
    script = ROOT / "packaging" / "translations.py"
    folder = ROOT / "voicetype" / "i18n"
    sources = sorted(folder.glob("*.ts"))
    digest = _digest([script, *sources])
    if done.get("translations") == digest and all(source.with_suffix(".qm").exists() for source in sources):
        return
    compiled = subprocess.run([str(PYTHON), str(script), "compile"], capture_output=True, text=True, errors="replace")
    if compiled.returncode:
        raise SetupError(f"the translations do not compile: {_last_line(compiled.stderr + compiled.stdout)}")
    done["translations"] = digest
    _write_stamp(done)


def _compile_program() -> None:
    """Spare each start a third of its time where Python is told to write no bytecode, as in many containers."""
    for name in ("voicetype", "tests"):
        compileall.compile_dir(ROOT / name, quiet=2)  # what does not compile says so itself when it is started


def _install_system_packages(packages: Sequence[str]) -> None:
    """Install what is missing by apt where that is possible; else say what to type and go on."""
    if IS_WINDOWS or shutil.which("dpkg-query") is None or shutil.which("apt-get") is None:
        return
    missing = _missing(packages)
    if not missing:
        return
    if os.geteuid():
        say(f"Missing system packages; please type: sudo apt-get install {' '.join(missing)}")
        return
    say(f"Installing system packages: {' '.join(missing)} ...")
    _apt_get("update")
    if _apt_get("install", *missing) is None:
        return
    # One name that this distribution does not know must not keep the others away.
    refused = {package: why for package in missing if (why := _apt_get("install", package)) is not None}
    for package, why in refused.items():
        say(f"apt-get could not install {package} ({why}); going on without")


def _apt_get(command: str, *packages: str) -> str | None:
    """Run it without a question. Returns why it failed, or None."""
    options = ["--yes", "--no-install-recommends"] if packages else []
    done = subprocess.run(
        ["apt-get", "-qq", command, *options, *packages],
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
    )
    return _last_line(done.stderr) if done.returncode else None


def _missing(packages: Sequence[str]) -> list[str]:
    listing = subprocess.run(
        ["dpkg-query", "--show", "--showformat", "${Package} ${db:Status-Status}\\n", *packages],
        capture_output=True,
        text=True,
    )
    installed = {line.split()[0] for line in listing.stdout.splitlines() if line.endswith(" installed")}
    return [package for package in packages if package not in installed]
