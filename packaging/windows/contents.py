"""What Windows' packages and the program made of them must hold, and must not. Main thread.

python packaging/windows/contents.py     fetches the wheels of the lock file and looks into them; needs no Windows
"""

from __future__ import annotations

import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pe
import pefile
import toolchain
from places import REQUIREMENTS, ROOT, BuildError, say

sys.path.append(str(ROOT / "packaging" / "frozen"))
import tree

PROGRAM_LOCK = REQUIREMENTS / "windows.txt"
ENGINES = {
    "libvosk.dll": "vosk",
    "libgcc_s_seh-1.dll": "libvosk.dll",
    "libstdc++-6.dll": "libvosk.dll",
    "libwinpthread-1.dll": "libvosk.dll",
    "libportaudio64bit.dll": "sounddevice",
    "onnxruntime_pybind11_state.pyd": "onnxruntime",
    "onnxruntime_providers_shared.dll": "onnxruntime",
    "DirectML.dll": "onnxruntime's DirectML",
    "tokenizers.pyd": "the punctuation",
    "Qt6Core.dll": "Qt",
    "Qt6Gui.dll": "Qt",
    "Qt6Network.dll": "Qt",
    "Qt6Widgets.dll": "Qt",
    "qwindows.dll": "Qt",
    "msvcp140.dll": "onnxruntime and Qt",
    "vcruntime140.dll": "Python",
    "vcruntime140_1.dll": "Python",
}
_OF_NO_USE = re.compile(
    # Qt's tools, QML and what nobody imports of it; PortAudio for other processors.
    r"PySide6/(qml/.*|Qt(?!6|Core|Gui|Network|Widgets).*|Qt6(?!Core|Gui|Network|Widgets).*|plugins/(?!platforms/|styles/).*)"
    r"|PySide6/[^/]*\.(exe|pyd)|PySide6/(av|sw|pyside6qml|opengl32sw|vcamp).*|.*/vcamp140.*"
    r"|_sounddevice_data/.*(32bit|arm64|asio).*|onnxruntime/capi/onnxruntime\.dll"
)


def check_wheels() -> int:
    """Look into the wheels of the lock file. Returns how many programs and libraries. Raises BuildError."""
    images: list[pe.Image] = []
    for wheel in sorted(toolchain.download(PROGRAM_LOCK).glob("*.whl")):
        with zipfile.ZipFile(wheel) as files:
            names = [name for name in files.namelist() if name.lower().endswith(pe.SUFFIXES)]
            images += [
                pe.read(PurePosixPath(name), files.read(name)) for name in names if not _OF_NO_USE.fullmatch(name)
            ]
    # Python itself is in no wheel.
    python = [pe.Image(PurePosixPath(name), pe.X64) for name in ("python3.dll", "python311.dll")]
    _refuse([*_problems([*images, *python])])
    return len(images)


def check_program(folder: Path) -> int:
    """Look into the frozen program. Returns how many programs and libraries it has. Raises BuildError."""
    problems = list(tree.problems(folder, "win32"))
    libraries = [path for path in sorted(folder.rglob("*")) if path.suffix.lower() in pe.SUFFIXES]
    images = [pe.read(PurePosixPath(path.relative_to(folder).as_posix()), path.read_bytes()) for path in libraries]
    problems += _problems(images)
    problems += [f"two runtimes: {conflict}" for conflict in pe.runtime_conflicts(images)]
    _refuse(problems)
    return len(images)


def _problems(images: list[pe.Image]) -> Iterator[str]:
    yield from pe.wrong_machines(images)
    yield from pe.missing_libraries(images)
    yield from pe.old_runtimes(images)
    yield from pe.absent(images, ENGINES)


def _refuse(problems: list[str]) -> None:
    if problems:
        raise BuildError("\n".join(problems))


if __name__ == "__main__":
    try:
        say(f"{check_wheels()} programs and libraries for Windows look right")
    except (BuildError, pefile.PEFormatError) as error:
        sys.exit(str(error))
