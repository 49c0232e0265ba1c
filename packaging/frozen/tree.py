"""What the folder of the frozen program must hold, must not, and how large it is. Standard library only.

python packaging/frozen/tree.py FOLDER     looks and prints a table of sizes
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

MEGABYTE = 1_000_000
BUDGET_MB = {"linux": 280, "win32": 220}
"""The largest folder that is let through; docs/design.md tells what is in it."""
_INSIDE = "_internal/"
_WANTED = (
    r"VoiceType(\.exe)?",
    *(rf"{_INSIDE}models/{name}" for name in (r"sample-ru\.wav", r"rupunct-tiny/model\.onnx", r"vosk-tiny-ru/am/.*")),
    *(
        rf"{_INSIDE}voicetype/{name}"
        for name in (r"i18n/voicetype_ru\.qm", r"data/.*\.yaml", r"install/catalogue\.yaml")
    ),
    rf"{_INSIDE}PySide6/(Qt/)?translations/qtbase_ru\.qm",
    rf"{_INSIDE}PySide6/(Qt/)?plugins/platforms/(libqxcb\.so|qwindows\.dll)",
    rf"{_INSIDE}pymorphy3_dicts_ru/data/words\.dawg",
    rf"{_INSIDE}vosk/libvosk\.(so|dll)",
    rf"{_INSIDE}onnxruntime/capi/onnxruntime_pybind11_state.*\.(so|pyd)",
    rf"{_INSIDE}certifi/cacert\.pem",
    rf"{_INSIDE}(libportaudio\.so\.2|_sounddevice_data/portaudio-binaries/libportaudio64bit\.dll)",
    *(
        rf"{_INSIDE}{name}.*\.(so|pyd)"
        for name in ("_webrtcvad", "soxr/soxr_ext", "tokenizers/tokenizers", "regex/_regex")
    ),
)
_UNWANTED = (
    r"(.*/)?(_?tkinter|tcl\d*|tk\d*|sympy|torch|huggingface_hub|setuptools|pynput/.*_darwin)([./].*)?",
    r"(.*/)?(lib)?Qt6(Qml|Quick|Pdf|Svg|WebEngine|OpenGL|VirtualKeyboard).*",
    r"(.*/)?(libgtk|libgdk-3|opengl32sw|d3dcompiler|libasound).*",
    r"(.*/)?plugins/(tls|imageformats|iconengines|networkinformation|egldeviceintegrations|xcbglintegrations)/.*",
    r".*/onnxruntime\.dll",
    r".*\.(ts|pyc?|map)",
)
_CODE_OF_PACKAGES = r"_internal/(PySide6|shiboken6)/.*\.pyi?"
_GROUPS = (
    ("Qt", r"(PySide6|shiboken6|lib(Qt6|icu|pyside|shiboken)).*"),
    ("onnxruntime", r"onnxruntime/.*"),
    ("numpy with OpenBLAS", r"(numpy|libscipy|libgfortran|libquadmath).*"),
    ("Vosk", r"vosk/.*"),
    ("Russian dictionary", r"pymorphy3.*"),
    ("tokenizers", r"tokenizers/.*"),
    ("bundled models", r"models/.*"),
    ("Python and its modules", r"(python3.*|libpython.*|base_library\.zip|lib(crypto|ssl|sqlite3|ffi).*)"),
)
_REST, _PROGRAM = "the rest", "VoiceType itself (all Python code)"


def problems(folder: Path, platform: str = sys.platform) -> Iterator[str]:
    """Sentences about what is wrong with the folder."""
    names = _sizes(folder)
    for pattern in _WANTED:
        if not any(re.fullmatch(pattern, name) for name in names):
            yield f"missing: {pattern}"
    for name in names:
        if any(re.fullmatch(pattern, name) for pattern in _UNWANTED) and not re.fullmatch(_CODE_OF_PACKAGES, name):
            yield f"does not belong there: {name}"
    for link in folder.rglob("*"):
        if link.is_symlink() and not link.exists():
            yield f"leads nowhere: {link.relative_to(folder).as_posix()}"
    total_mb = sum(names.values()) / MEGABYTE
    if total_mb > BUDGET_MB[platform]:
        yield f"{total_mb:.0f} MB are more than the {BUDGET_MB[platform]} MB that it may take"


def table(folder: Path) -> list[tuple[str, float]]:
    """Size of each part in MB, largest first, and of the whole."""
    groups: dict[str, int] = {}
    sizes = _sizes(folder)
    for name, size in sizes.items():
        inner = name.removeprefix(_INSIDE)
        found = next((group for group, pattern in _GROUPS if re.fullmatch(pattern, inner)), _REST)
        group = found if name.startswith(_INSIDE) else _PROGRAM
        groups[group] = groups.get(group, 0) + size
    rows = sorted(((group, size / MEGABYTE) for group, size in groups.items()), key=lambda row: -row[1])
    return [*rows, ("in all", sum(sizes.values()) / MEGABYTE)]


def _sizes(folder: Path) -> dict[str, int]:
    """Bytes of each file, links left out."""
    return {
        file.relative_to(folder).as_posix(): file.stat().st_size
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not file.is_symlink()
    }


def main(folder: Path) -> int:
    """Print the table and what is wrong. Returns the exit code."""
    for group, size_mb in table(folder):
        print(f"{size_mb:8.1f} MB  {group}")
    found = list(problems(folder))
    for problem in found:
        print(f"{folder.name}: {problem}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
