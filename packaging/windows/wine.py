"""A private Windows made of wine: its prefix, its environment, its screen. Main thread; Linux only.

Home and user folders lie in the build folder, so that nothing reaches the desktop of whoever builds.
"""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PureWindowsPath

import shims
from places import BUILD, PREFIX, BuildError, digest, is_current, run, set_current

_SHIPPED_RUNTIME = "*msvcp140,*msvcp140_1,*msvcp140_2,*vcruntime140,*vcruntime140_1=n"
"""Wine would quietly take its own C++ runtime in place of the one that is shipped."""
_HOME = PREFIX.with_name("home")
_SOUND = PREFIX.with_name("sound")
"""Where the sound system's client keeps what it notes."""
_USER_FOLDERS = ("Desktop", "Documents", "Downloads", "Music", "Pictures", "Videos")
"""Wine takes the home folder itself for each of these that is not in it."""
_CALLS_S = 900
"""PyInstaller takes five minutes on two slow cores."""
_LAST_OUTPUT_S = 1.0


def environment(*, shipped_runtime: bool = True) -> dict[str, str]:
    """Variables for a program in wine. Whatever of this machine could get into the program is left out.

    With `shipped_runtime` it must bring its own C++ runtime.
    """
    kept = ("PATH", "DISPLAY", "SOURCE_DATE_EPOCH")
    overrides = ["mscoree,mshtml,winemenubuilder.exe=", shims.OVERRIDES, *[_SHIPPED_RUNTIME] * shipped_runtime]
    return {name: os.environ[name] for name in kept if name in os.environ} | {
        "HOME": str(_HOME),
        "PULSE_COOKIE": str(_SOUND / "cookie"),
        "PULSE_RUNTIME_PATH": str(_SOUND / "runtime"),
        "LC_ALL": "C.UTF-8",  # wine keeps no Cyrillic file names in any other but a UTF-8 locale
        "WINEARCH": "win64",
        "WINEDEBUG": "-all",
        "WINEDLLOVERRIDES": ";".join(overrides),
        "WINEPREFIX": str(PREFIX),
    }


def make_prefix() -> None:
    """Make the prefix with the test-only DLLs; nothing is done when it is there. Raises BuildError."""
    version = run(["wine", "--version"]).strip()
    mark = digest([*shims.SOURCES, Path(__file__), Path(shims.__file__)], version)
    if is_current(PREFIX, mark):
        return
    shutil.rmtree(PREFIX, ignore_errors=True)
    shutil.rmtree(_HOME, ignore_errors=True)
    for folder in (*(_HOME / name for name in _USER_FOLDERS), _SOUND / "runtime"):
        folder.mkdir(parents=True, exist_ok=True)
    call("wineboot", "--init")
    call("winecfg", "-v", "win10")
    stop()
    shims.install(PREFIX / "drive_c" / "windows" / "system32", BUILD / "shims")
    set_current(PREFIX, mark)


def call(
    program: str | Path,
    *arguments: str | Path,
    seconds: float = _CALLS_S,
    check: bool = True,
    shipped_runtime: bool = True,
) -> tuple[int, str]:
    """Run a Windows program to its end. Returns exit code and output. Raises BuildError."""
    # An installer's /D= has no quotes, however many spaces follow; wine puts none around words without a space.
    words = [word for text in map(str, arguments) for word in (text.split(" ") if text.startswith("/D=") else [text])]
    command = ["wine", str(program), *words]
    # Through a pipe: with other kinds of output Python's own streams have failed to open. Its end is not waited for,
    # since wine's own processes, which the first program starts, hold it for as long as they live.
    process = subprocess.Popen(
        command,
        env=environment(shipped_runtime=shipped_runtime),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    pieces: list[bytes] = []
    reader = threading.Thread(target=_collect, args=(process, pieces), daemon=True)
    reader.start()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired as error:
        process.kill()
        raise BuildError(f"{' '.join(command[1:])} has not ended after {seconds:.0f} s") from error
    reader.join(_LAST_OUTPUT_S)
    output = b"".join(pieces).decode("utf-8", "replace")
    if check and process.returncode:
        tail = "\n".join(output.splitlines()[-25:])
        raise BuildError(f"{' '.join(command)} ended with code {process.returncode}:\n{tail}")
    return process.returncode, output


def _collect(process: subprocess.Popen[bytes], pieces: list[bytes]) -> None:
    assert process.stdout is not None
    while piece := process.stdout.read1():
        pieces.append(piece)


def start(program: str | Path, *arguments: str) -> subprocess.Popen[bytes]:
    """Start a Windows program and leave it running."""
    null = subprocess.DEVNULL
    return subprocess.Popen(["wine", str(program), *arguments], env=environment(), stdin=null, stdout=null, stderr=null)


def stop() -> None:
    """End everything that runs in the prefix, and write its registry to the disk."""
    subprocess.run(["wineserver", "--kill"], env=environment(), check=False)
    subprocess.run(["wineserver", "--wait"], env=environment(), check=False)


def kill_all(_program: str) -> None:
    """End every process without asking it, as a reboot does: process numbers begin anew."""
    stop()


def drive_folder(name: str) -> Path:
    """A folder at the root of the system's drive."""
    return PREFIX / "drive_c" / name


def user_folder(name: str) -> Path:
    """A folder of the Windows user's: `AppData/Local`, `Desktop`, ..."""
    return PREFIX / "drive_c" / "users" / getpass.getuser() / name


def temporary_folder() -> Path:
    """Where %TEMP% is."""
    return user_folder("Temp")


def windows_path(path: Path) -> PureWindowsPath:
    """The name of a Linux path inside wine."""
    drive_c = PREFIX / "drive_c"
    if path.is_relative_to(drive_c):
        return PureWindowsPath("C:/", path.relative_to(drive_c))
    return PureWindowsPath("Z:/", path.relative_to("/"))


@contextmanager
def screen() -> Iterator[None]:
    """A private X server, window manager and tray for the programs started inside. Raises BuildError."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x800x24", "-nolisten", "tcp"]
    null = subprocess.DEVNULL
    server = subprocess.Popen(command, pass_fds=(write,), stdin=null, stdout=null, stderr=null)
    os.close(write)
    with os.fdopen(read) as answer:
        number = answer.readline().strip()
    helpers: list[subprocess.Popen[bytes]] = []
    before = os.environ.get("DISPLAY")
    try:
        if not number:
            raise BuildError("Xvfb does not start")
        os.environ["DISPLAY"] = f":{number}"
        helpers = [subprocess.Popen([name], stdin=null, stdout=null, stderr=null) for name in ("openbox", "trayer")]
        yield
    finally:
        stop()
        for process in (*helpers, server):
            process.terminate()
            process.wait()
        os.environ.pop("DISPLAY")
        if before is not None:
            os.environ["DISPLAY"] = before
