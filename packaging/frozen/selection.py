"""What goes into the frozen program and what does not. Used by the spec; standard library only."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path, PurePath
from typing import TypeAlias

Entry: TypeAlias = tuple[str, str, str]
"""As PyInstaller has it: place in the program's folder, source, kind. A link's source is a place beside it."""
ImportsOf: TypeAlias = Callable[[str], Iterable[str]]
"""Names of the libraries that a file wants to be loaded with it."""

_OWN_DATA = {
    "voicetype/i18n": ("voicetype_*.qm",),
    "voicetype/data": ("*.yaml",),
    "voicetype/install": ("catalogue.yaml",),
    "models": ("rupunct-tiny", "vosk-tiny-ru", "sample-ru.wav"),
}
_QT = r"PySide6/(Qt/)?"
_LIBRARY = r"(lib)?"
_KEPT_PLUGINS = {
    "platforms": ("qwindows", "qxcb", r"qwayland(-generic)?", "qoffscreen"),
    "platforminputcontexts": ("composeplatforminputcontextplugin", "ibusplatforminputcontextplugin"),
    "platformthemes": ("qxdgdesktopportal",),
    "styles": ("qmodernwindowsstyle",),
    "wayland-decoration-client": ("bradient",),
    "wayland-shell-integration": ("xdg-shell",),
}
"""All else is for pictures, screens without a desktop, OpenGL and a network that Qt has no part in."""
_KEPT_TRANSLATIONS = ("qtbase_ru", "qtbase_en")
_LEFT_OUT = (
    # Computers without a graphics driver would draw by it; nothing here draws by OpenGL or Direct3D.
    rf"{_QT}(opengl32sw|d3dcompiler_47|libEGL|libGLESv2)\.dll",
    # Its Python module has the whole engine in itself.
    r"onnxruntime/capi/onnxruntime\.dll",
    r"_sounddevice_data/portaudio-binaries/(?!libportaudio64bit\.dll$).*",
    # jiwer measures with `distance` alone; the others have a slower twin in Python.
    r"rapidfuzz/(fuzz|process|utils)_cpp.*",
    r"rapidfuzz/distance/metrics_cpp_avx2.*",
    # The sound system's plugins are made for its own library.
    r"libasound\.so\.2",
    r"tqdm-[^/]*/.*",
    r"numpy-[^/]*/.*",
)
_EXCLUDED_MODULES = (
    *("tkinter", "sympy", "torch", "huggingface_hub", "setuptools", "pkg_resources", "distutils", "lib2to3"),
    *("unittest", "pydoc", "doctest", "pytest", "_pytest", "curses", "readline", "dbm", "_dbm", "nis", "sqlite3.dump"),
    *("numpy.random", "numpy.fft", "numpy.polynomial", "numpy.f2py", "numpy.testing", "numpy.ma", "numpy.distutils"),
    *("onnxruntime.tools", "onnxruntime.transformers", "onnxruntime.quantization", "onnxruntime.datasets"),
    *("PySide6.QtDBus", "PySide6.QtQml", "PySide6.QtQuick", "yaml._yaml", "yaml.cyaml"),
)
_WITH_SYMBOLS = ("libpython*", "python3*/lib-dynload/*.so", "regex/*.so", "tokenizers/*.so", "vosk/*.so")
_NATIVE = frozenset({"BINARY", "EXTENSION"})
_LIBRARY_FOLDERS = (".", "PySide6", "PySide6/Qt/lib")
"""Where libraries lie that only others load; what lies deeper is opened by its name."""
_OPENED_BY_NAME = re.compile(r"((lib)?python3.*|libportaudio.*|.*\.pyd|.*\.abi3\.so|.*\.cpython-.*\.so)", re.IGNORECASE)


def own_data(root: Path) -> list[tuple[str, str]]:
    """The program's own files: (source, folder in the program). Raises FileNotFoundError when one kind is missing."""
    found: list[tuple[str, str]] = []
    for folder, patterns in _OWN_DATA.items():
        for pattern in patterns:
            files = sorted((root / folder).glob(pattern))
            if not files:
                raise FileNotFoundError(f"{folder}/{pattern} (translations are made by packaging/translations.py)")
            found += [(str(file), f"{folder}/{file.name}" if file.is_dir() else folder) for file in files]
    return found


def hidden_imports(platform: str) -> list[str]:
    """Modules that are imported by a name which PyInstaller cannot read."""
    return ["pynput.keyboard._win32", "pynput.mouse._win32"] if platform == "win32" else []


def excluded_modules(platform: str) -> list[str]:
    """Modules that somebody imports and nobody needs."""
    # Under X11 the program has a grab of its own in pynput's place.
    return [*_EXCLUDED_MODULES, *(() if platform == "win32" else ("pynput",))]


def is_wanted(place: str) -> bool:
    """Whether a file belongs into the program's folder."""
    name = place.replace("\\", "/")
    if plugin := re.fullmatch(rf"{_QT}plugins/([^/]+)/{_LIBRARY}(.+?)\.(so|dll)", name):
        kept = _KEPT_PLUGINS.get(plugin[2], ())
        return any(re.fullmatch(pattern, plugin[4]) for pattern in kept)
    if translation := re.fullmatch(rf"{_QT}translations/(.+)\.qm", name):
        return translation[2] in _KEPT_TRANSLATIONS
    return not any(re.fullmatch(pattern, name) for pattern in _LEFT_OUT)


def _is_wanted_link(name: str) -> bool:
    # Qt finds its folder by where its libraries were loaded from.
    return not re.fullmatch(r"lib(Qt6|icu|pyside6|shiboken6).*", name)


def select(entries: Iterable[Entry]) -> list[Entry]:
    """The entries that belong into the program's folder."""
    return [entry for entry in entries if is_wanted(entry[0]) and (entry[2] != "SYMLINK" or _is_wanted_link(entry[0]))]


def without_orphans(entries: Iterable[Entry], imports_of: ImportsOf) -> list[Entry]:
    """Leave out the libraries that came with something that was left out, and the links to them."""
    entries = list(entries)
    by_name = {_name(place): (place, source, kind) for place, source, kind in entries if kind != "SYMLINK"}
    waiting = [entry for entry in entries if entry[2] != "SYMLINK" and not _is_mere_library(entry)]
    kept = {place for place, _, _ in waiting}
    while waiting:
        _, source, kind = waiting.pop()
        for needed in imports_of(source) if kind in _NATIVE else ():
            entry = by_name.get(_name(needed))
            if entry is not None and entry[0] not in kept:
                kept.add(entry[0])
                waiting.append(entry)
    names = {_name(place) for place in kept}
    return [
        (place, source, kind)
        for place, source, kind in entries
        if (_name(source) in names if kind == "SYMLINK" else place in kept)
    ]


def strip_symbols(folder: Path) -> None:
    """Take a debugger's symbols out of what was built with them, where there is a `strip` to do it."""
    strip = shutil.which("strip")
    if strip is None:
        return
    for file in [file for pattern in _WITH_SYMBOLS for file in (folder / "_internal").glob(pattern)]:
        subprocess.run([strip, "--strip-unneeded", str(file)], check=True)


def _is_mere_library(entry: Entry) -> bool:
    path = PurePath(entry[0].replace("\\", "/"))
    return entry[2] == "BINARY" and str(path.parent) in _LIBRARY_FOLDERS and not _OPENED_BY_NAME.fullmatch(path.name)


def _name(path: str) -> str:
    return re.split(r"[/\\]", path)[-1].lower()
