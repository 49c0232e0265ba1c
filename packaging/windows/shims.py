"""Test-only DLLs that give wine 8 what the program's libraries expect of Windows 10. Main thread; never shipped.

Two of them are new; two stand before a DLL of wine's: they forward all but a few of its exports to a copy of it.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pefile
from places import HERE, BuildError, run

SOURCES = tuple(sorted((HERE / "shims").glob("*.c")))
OVERRIDES = "ucrtbase,mscms=n,b"
"""For WINEDLLOVERRIDES: wine would prefer its own."""
_COMPILER = "x86_64-w64-mingw32-gcc"
_NEW = ("icuuc", "bcryptprimitives")
_FORWARDERS = {"ucrtbase": "complex", "mscms": "profiles"}
_EXECUTABLE = 0x20000000


def install(system32: Path, scratch: Path) -> None:
    """Compile the DLLs and put them into a prefix's system32. Raises BuildError."""
    scratch.mkdir(parents=True, exist_ok=True)
    for name in _NEW:
        _compile(system32 / f"{name}.dll", HERE / "shims" / f"{name}.c")
    for name, source in _FORWARDERS.items():
        original = system32 / f"{name}.dll"
        shutil.copy2(_wine_dll(name), system32 / f"{name}_wine.dll")
        definition = scratch / f"{name}.def"
        code = HERE / "shims" / f"{source}.c"
        lines = _forwards(_wine_dll(name), name, code.read_text(encoding="utf-8"))
        definition.write_text("\n".join([f"LIBRARY {name}.dll", "EXPORTS", *lines, ""]), encoding="ascii")
        original.unlink()
        _compile(original, code, definition)


def _compile(target: Path, *sources: Path) -> None:
    run([_COMPILER, "-shared", "-O1", "-static-libgcc", "-o", target, *sources, "-ladvapi32"])


def _wine_dll(name: str) -> Path:
    found = sorted(Path("/usr/lib").glob(f"*/wine/x86_64-windows/{name}.dll"))
    if not found:
        raise BuildError(f"wine's {name}.dll is not where Debian puts it; install wine64")
    return found[0]


def _forwards(original: Path, name: str, code: str) -> Iterator[str]:
    with pefile.PE(str(original), fast_load=True) as image:
        image.parse_data_directories([pefile.DIRECTORY_ENTRY["IMAGE_DIRECTORY_ENTRY_EXPORT"]])
        for symbol in image.DIRECTORY_ENTRY_EXPORT.symbols:
            if symbol.name is None:
                continue
            exported = symbol.name.decode()
            if own := _own_function(name, exported, code):
                yield f'"{exported}"={own}'
                continue
            is_data = symbol.forwarder is None and not _is_code(image, symbol.address)
            yield f'"{exported}"={name}_wine.{exported}' + (" DATA" if is_data else "")


def _own_function(name: str, exported: str, code: str) -> str | None:
    if name == "mscms":
        return "shim_no_profile" if exported.startswith("Wcs") else None
    stems = {*re.findall(r"(?:MAP|REAL)\((c\w+)\)", code), "cpow"}
    if exported in stems:
        return f"shim_{exported}"
    stem, kind = exported[:-1], exported[-1:]
    return f"shim_{stem}{'f' if kind == 'f' else ''}" if stem in stems and kind in {"f", "l"} else None


def _is_code(image: pefile.PE, address: int) -> bool:
    return any(
        section.VirtualAddress <= address < section.VirtualAddress + section.Misc_VirtualSize
        and section.Characteristics & _EXECUTABLE
        for section in image.sections
    )
