"""What can be known about Windows programs and libraries without Windows. Main thread; pefile and standard library.

The checks look at a set of files by name and content: of wheels, or of the frozen program's folder.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath

import pefile
from places import HERE

X64 = 0x8664
SUFFIXES = (".dll", ".pyd", ".exe")
OLDEST_RUNTIME = (14, 40)
"""onnxruntime locks mutexes that older C++ runtimes crash on ("DLL initialization routine failed")."""
_RUNTIMES = re.compile(r"(msvcp140|msvcp140_[12]|vcruntime140|vcruntime140_1|concrt140)\.dll")
_API_SET = re.compile(r"(api|ext)-ms-win-.*\.dll")
_FIXED_VERSION = 0xFEEF04BD


@dataclass(frozen=True)
class Image:
    """One file.

    Attributes:
        path: where it lies, from the root of the set.
        machine: 0x8664 is 64-bit Intel.
        version: of its resource; () without one.
        imports: libraries that must be there when it is loaded, in lower case.
    """

    path: PurePosixPath
    machine: int
    version: tuple[int, ...] = ()
    imports: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """Its name as Windows compares it."""
        return self.path.name.lower()


def read(path: PurePosixPath, data: bytes) -> Image:
    """Look into a file. Raises pefile.PEFormatError for what is none."""
    wanted = ("IMAGE_DIRECTORY_ENTRY_IMPORT", "IMAGE_DIRECTORY_ENTRY_RESOURCE")
    with pefile.PE(data=data, fast_load=True) as image:
        image.parse_data_directories([pefile.DIRECTORY_ENTRY[name] for name in wanted])
        imported = getattr(image, "DIRECTORY_ENTRY_IMPORT", [])
        names = frozenset(entry.dll.decode().lower() for entry in imported)
        return Image(path, image.FILE_HEADER.Machine, _version(image), names)


def _version(image: pefile.PE) -> tuple[int, ...]:
    for found in getattr(image, "VS_FIXEDFILEINFO", []):
        if found.Signature == _FIXED_VERSION:
            high, low = found.FileVersionMS, found.FileVersionLS
            return (high >> 16, high & 0xFFFF, low >> 16, low & 0xFFFF)
    return ()


def wrong_machines(images: Iterable[Image]) -> Iterator[str]:
    """Files for other processors."""
    for image in images:
        if image.machine != X64:
            yield f"{image.path} is not for 64-bit Windows ({image.machine:#x})"


def missing_libraries(images: Iterable[Image]) -> Iterator[str]:
    """Libraries that neither the set nor every Windows 10 has."""
    images = list(images)
    here = {image.name for image in images}
    for image in images:
        for name in sorted(image.imports - here - system_libraries()):
            if not _API_SET.fullmatch(name):
                yield f"{image.path} needs {name}, which is not there"


def old_runtimes(images: Iterable[Image]) -> Iterator[str]:
    """C++ runtimes that onnxruntime crashes with. Python's own vcruntime140 comes from the same redistributable."""
    for image in images:
        if image.name == "msvcp140.dll" and image.version[:2] < OLDEST_RUNTIME:
            yield f"{image.path} is version {dotted(image.version)}, older than {dotted(OLDEST_RUNTIME)}"


def runtime_conflicts(images: Iterable[Image]) -> Iterator[str]:
    """Copies of one runtime in different versions: which one a process gets is up to the order of its imports."""
    copies: dict[str, list[Image]] = {}
    for image in images:
        if _RUNTIMES.fullmatch(image.name):
            copies.setdefault(image.name, []).append(image)
    for found in copies.values():
        if len({image.version for image in found}) > 1:
            yield "; ".join(f"{image.path} {dotted(image.version)}" for image in found)


def absent(images: Iterable[Image], wanted: Mapping[str, str]) -> Iterator[str]:
    """Libraries of `wanted`, a name and who needs it, that are not in the set."""
    here = {image.name for image in images}
    for name, user in wanted.items():
        if name.lower() not in here:
            yield f"{name} is missing, which {user} needs"


@cache
def system_libraries() -> frozenset[str]:
    """What every 64-bit Windows 10 has of what the program's libraries ask for."""
    lines = (HERE / "system-libraries.txt").read_text(encoding="ascii").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def dotted(version: Iterable[int]) -> str:
    """A version as people write it."""
    return ".".join(map(str, version)) or "unknown"
