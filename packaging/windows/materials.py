"""What the frozen program is made of: a CycloneDX list for machines, licences for people. Main thread.

The kept tools for this list what is installed in an environment. Here that is another system's, and only a part of it
goes into the program; PyInstaller's own tables tell which. What is inside of packages stands in bundled.tsv, and the
files themselves tell its versions.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path, PurePosixPath

import pe
from places import BUILD, HERE, ROOT, BuildError

TABLES = BUILD / "work" / "voicetype"
LICENSES = ROOT / "packaging" / "licenses"
SHARED_TEXTS = {"Apache-2.0": "Apache-2.0", "LGPL-3.0": "LGPL-3", "GPL-3.0": "GPL-3"}
"""Texts at the end of the notices, by what the licence's name begins with. The LGPL is an addition to the GPL."""
_PYTHONS_TEXT, _NOTHING = "LICENSE.txt", "-"
_END_OF_SECTION = re.compile(r"\n-{60,}\n")
_IN_THE_EXECUTABLE = "pyinstaller"
_SPDX = {
    "MIT License": "MIT",
    "MIT license": "MIT",
    "LGPLv3": "LGPL-3.0-only",
    "LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only": "LGPL-3.0-only",
    "GPLv2-or-later with a special exception which allows to use PyInstaller to build and distribute non-free programs "
    "(including commercial ones)": "GPL-2.0-or-later WITH Bootloader-exception",
    "License :: OSI Approved :: MIT License": "MIT",
    "License :: OSI Approved :: BSD License": "BSD-3-Clause",
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
}
"""What packages say that is no SPDX expression. The Qt packages leave a choice."""
_EXPRESSION = re.compile(r"[A-Za-z0-9.+-]+( (AND|OR|WITH) [A-Za-z0-9.+-]+)*")
_TEXT_NAMES = re.compile(r"(licen[cs]e|copying|notice|thirdpartynotices|authors)[^/]*", re.IGNORECASE)


@dataclass(frozen=True)
class Component:
    """One thing that went into the program.

    Attributes:
        licence: an SPDX expression.
        package: its name on PyPI; "" for what has none.
        part_of: what brought it; "" when it came by itself.
        texts: names and contents of its own licence files.
    """

    name: str
    version: str
    licence: str
    package: str = ""
    part_of: str = ""
    texts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class _Bundled:
    """One line of bundled.tsv."""

    name: str
    licence: str
    file: str
    part_of: str
    text: str


def components(site_packages: Path, python: Path, python_version: str, program: Path) -> list[Component]:
    """Everything in the frozen program that is not its own code.

    Args:
        site_packages: where its packages were taken from.
        python: folder of the Python that was taken.
        python_version: of that.
        program: the frozen program's folder.

    Raises:
        BuildError: for an unknown licence or one without a text, and where bundled.tsv does not tell the truth.
    """
    modules = _frozen_modules()
    found = [
        _component(package)
        for package in metadata.distributions(path=[str(site_packages)])
        if package.name.lower() == _IN_THE_EXECUTABLE or _top_names(package) & modules
    ]
    known = {component.name for component in found} | {_NOTHING}
    for bundled in _bundled():
        if bundled.part_of not in known:
            raise BuildError(f"{bundled.name} is said to be part of {bundled.part_of}, which is not in the program")
        known.add(bundled.name)
        version = python_version if bundled.name == "CPython" else _version(bundled, program)
        part_of = bundled.part_of.strip(_NOTHING)
        found.append(Component(bundled.name, version, bundled.licence, part_of=part_of, texts=_text(bundled, python)))
    return sorted(found, key=lambda component: component.name.lower())


def write_bom(parts: Iterable[Component], version: str, target: Path) -> None:
    """Write the CycloneDX file: the same bytes for the same parts."""
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "name": "VoiceType",
                "version": version,
                "licenses": [{"license": {"id": "MIT"}}],
            }
        },
        "components": [_bom_entry(part) for part in parts],
    }
    target.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def write_notices(parts: Iterable[Component], target: Path) -> None:
    """Write the licences of all parts for people."""
    parts = list(parts)
    lines = ["VoiceType contains the software below. VoiceType itself is under the licence in LICENSE.txt.", ""]
    lines += [f"{part.name} {part.version}".strip() + f": {part.licence}" + _origin(part) for part in parts]
    for part in parts:
        for name, text in part.texts:
            lines += ["", "=" * 100, f"{part.name}: {name}", "=" * 100, "", text.strip()]
    used = " ".join(part.licence for part in parts)
    for licence, file in SHARED_TEXTS.items():
        if licence in used:
            lines += ["", "=" * 100, licence, "=" * 100, "", _read(LICENSES / file).strip()]
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _origin(part: Component) -> str:
    return f" (comes with {part.part_of})" if part.part_of else ""


def _bom_entry(part: Component) -> dict[str, object]:
    entry: dict[str, object] = {"type": "library", "name": part.name, "licenses": [{"expression": part.licence}]}
    if part.version:
        entry["version"] = part.version
    if part.package:
        entry["purl"] = f"pkg:pypi/{part.package}@{part.version}"
    if part.part_of:
        entry["description"] = f"comes with {part.part_of}"
    return entry


def _frozen_modules() -> set[str]:
    """Names at the top of an import path, of all that PyInstaller took."""
    names: set[str] = set()
    for table in ("PYZ-00.toc", "COLLECT-00.toc"):
        for found in _strings(ast.literal_eval((TABLES / table).read_text(encoding="utf-8"))):
            names.add(re.split(r"[./\\]", found)[0])
    return names


def _strings(table: object) -> Iterator[str]:
    """The first of each three: PyInstaller's tables are nested, and differ between its versions."""
    if isinstance(table, tuple) and len(table) == 3 and all(isinstance(word, str) for word in table):
        yield table[0]
    elif isinstance(table, tuple | list):
        for part in table:
            yield from _strings(part)


def _top_names(package: metadata.Distribution) -> set[str]:
    files = [file.parts[0] for file in package.files or ()]
    return {name.split(".")[0] for name in files if not name.endswith((".dist-info", "..", "__pycache__"))}


def _component(package: metadata.Distribution) -> Component:
    name = package.name
    texts = [
        (file.name, _read(Path(str(package.locate_file(file)))))
        for file in package.files or ()
        if _TEXT_NAMES.fullmatch(file.name)
        and "Commercial" not in file.name
        and file.suffix not in {".py", ".pyc", ".pyi"}
        and len(file.parts) <= 4
    ]
    licence = _licence(package)
    if not texts and not licence.startswith(tuple(SHARED_TEXTS)):
        if not (LICENSES / name).is_file():
            raise BuildError(f"the package {name} has no text of its licence; put one into packaging/licenses/{name}")
        texts = [(name, _read(LICENSES / name))]
    return Component(name, package.version, licence, package=name.lower(), texts=tuple(texts))


def _licence(package: metadata.Distribution) -> str:
    about = package.metadata
    said = [about.get("License-Expression", ""), about.get("License", "")]
    said += [word for word in about.get_all("Classifier", []) if word.startswith("License ::")]
    for words in said:
        text = " ".join(words.split())
        if text in _SPDX:
            return _SPDX[text]
        if _EXPRESSION.fullmatch(text) and text != "UNKNOWN":
            return text
    raise BuildError(f"{package.name} does not tell its licence: {said}")


def _bundled() -> Iterator[_Bundled]:
    for line in (HERE / "bundled.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield _Bundled(*line.split("\t"))


def _version(bundled: _Bundled, program: Path) -> str:
    """What the file's resource tells, or the file about itself; "" where it is silent."""
    files = sorted(program.rglob(bundled.file))
    if not files:
        raise BuildError(f"bundled.tsv is about {bundled.file}, which is not in the program")
    data = files[0].read_bytes()
    is_program = data.startswith(b"MZ")
    if is_program and (numbers := pe.read(PurePosixPath(files[0].name), data).version):
        return pe.dotted(numbers).removesuffix(".0")
    said = re.search(re.escape(bundled.name.encode()) + rb" V?(\d+(?:\.\d+)+)", data)
    return said[1].decode() if said else ""


def _text(bundled: _Bundled, python: Path) -> tuple[tuple[str, str], ...]:
    file, _, section = bundled.text.partition("#")
    if file == _NOTHING:
        return ()
    if file != _PYTHONS_TEXT:
        return ((file, _read(LICENSES / file)),)
    text = _read(python / file)
    begin = text.find(section)
    if begin < 0:
        raise BuildError(f"Python's {file} has no section {section!r}")
    return ((file, _END_OF_SECTION.split(text[begin:])[0] if section else text),)


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")
