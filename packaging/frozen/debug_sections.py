"""Windows libraries without what only a debugger reads. Used by the spec; pefile.

Vosk brings the C++ library of its compiler with all of it: 25 of 27 MB. No tool of Windows takes that out.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from selection import Entry

_DISCARDABLE = 0x02000000
_LONG_NAME = b"/"
"""What the name of a section begins with that does not fit into its header, as those for debuggers do not."""
_SECURITY = 4
"""Number of the data directory with a signature, which would not fit any more."""


def without_debug_sections(data: bytes) -> bytes:
    """The library `data` without them; `data` itself when there are none at its end. Raises PEFormatError."""
    import pefile

    with pefile.PE(data=data, fast_load=True) as library:
        sections = library.sections
        kept = len(sections)
        while kept and _is_for_debuggers(sections[kept - 1]):
            kept -= 1
        removed, directories = sections[kept:], library.OPTIONAL_HEADER.DATA_DIRECTORY
        if not removed or directories[_SECURITY].Size:
            return data
        begin, end = removed[0].VirtualAddress, removed[0].PointerToRawData
        if any(directory.Size and directory.VirtualAddress >= begin for directory in directories):
            return data
        library.FILE_HEADER.NumberOfSections = kept
        # The symbols stand behind the sections.
        library.FILE_HEADER.PointerToSymbolTable = library.FILE_HEADER.NumberOfSymbols = 0
        library.OPTIONAL_HEADER.SizeOfImage = begin
        headers = removed[0].get_file_offset(), removed[-1].get_file_offset() + removed[-1].sizeof()
        shorter = bytearray(library.write()[:end])
        shorter[slice(*headers)] = bytes(headers[1] - headers[0])
    with pefile.PE(data=bytes(shorter), fast_load=True) as library:
        library.OPTIONAL_HEADER.CheckSum = library.generate_checksum()
        return bytes(library.write())


def slim(entries: Iterable[Entry], work: Path) -> list[Entry]:
    """Replace the libraries beside Vosk's by copies in the folder `work` without their debug sections."""
    work.mkdir(parents=True, exist_ok=True)
    slimmed: list[Entry] = []
    for place, source, kind in entries:
        name = place.replace("\\", "/")
        if name.startswith("vosk/") and name.endswith(".dll"):
            copy = work / Path(name).name
            copy.write_bytes(without_debug_sections(Path(source).read_bytes()))
            source = str(copy)
        slimmed.append((place, source, kind))
    return slimmed


def _is_for_debuggers(section: object) -> bool:
    name: bytes = section.Name  # type: ignore[attr-defined]
    characteristics: int = section.Characteristics  # type: ignore[attr-defined]
    return name.startswith(_LONG_NAME) and bool(characteristics & _DISCARDABLE)
