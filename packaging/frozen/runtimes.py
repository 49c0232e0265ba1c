"""Microsoft's C++ runtime: of the copies that the wheels bring, only the newest goes along. Used by the spec; pefile.

Windows loads one msvcp140.dll for the whole process, the first that somebody asks for. When that is older than what
onnxruntime was built with, creating a session crashes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TypeAlias

from selection import Entry

Version: TypeAlias = tuple[int, ...]
RUNTIME = re.compile(r"(msvcp140|vcruntime140|concrt140|vccorlib140|vcomp140)[a-z0-9_]*\.dll", re.IGNORECASE)
"""Not the copies with a hash in their names, which nobody else loads."""


def version_of(file: str) -> Version:
    """The four numbers of a library's version resource; zeros when it has none. Raises OSError, PEFormatError."""
    import pefile

    library = pefile.PE(file, fast_load=True)
    try:
        library.parse_data_directories([pefile.DIRECTORY_ENTRY["IMAGE_DIRECTORY_ENTRY_RESOURCE"]])
        fixed = getattr(library, "VS_FIXEDFILEINFO", None)
        if not fixed:
            return (0, 0, 0, 0)
        high, low = fixed[0].FileVersionMS, fixed[0].FileVersionLS
        return (high >> 16, high & 0xFFFF, low >> 16, low & 0xFFFF)
    finally:
        library.close()


def only_newest(entries: Iterable[Entry], version: Callable[[str], Version] = version_of) -> list[Entry]:
    """Put the newest copy of each runtime library beside the program's own and leave the other copies out.

    The libraries of one release belong together, so all come from where the newest one lies, if they are there.
    """
    entries = list(entries)
    copies: dict[str, list[tuple[Version, str]]] = {}
    for place, source, _ in entries:
        name = re.split(r"[/\\]", place)[-1].lower()
        if RUNTIME.fullmatch(name):
            copies.setdefault(name, []).append((version(source), source))
    others = [entry for entry in entries if not RUNTIME.fullmatch(re.split(r"[/\\]", entry[0])[-1])]
    return others + [(name, max(found)[1], "BINARY") for name, found in sorted(copies.items())]
