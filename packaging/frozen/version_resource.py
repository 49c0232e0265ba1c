"""What Windows shows as the program's properties. Used by the spec; standard library only."""

from __future__ import annotations

import re
from pathlib import Path

COMPANY = "VoiceType"
NAME = "VoiceType"
DESCRIPTION = "VoiceType: диктовка без интернета"
COPYRIGHT = "© VoiceType, MIT"
_RUSSIAN_UNICODE = (0x0419, 1200)
_WHOLE = "0x3F"
_WINDOWS_NT, _APPLICATION = "0x40004", "0x1"


def read_version(module: Path) -> str:
    """The program's version, without importing it."""
    found = re.search(r'^__version__ = "([^"]+)"', module.read_text(encoding="utf-8"), re.MULTILINE)
    if found is None:
        raise ValueError(f"{module.name} tells no version")
    return found[1]


def numbers(version: str) -> tuple[int, int, int, int]:
    """The four numbers that Windows compares: "1.2rc3" is 1.2.0.0."""
    release = re.match(r"\d+(\.\d+)*", version)
    if release is None:
        raise ValueError(f"{version!r} is no version")
    parts = [int(part) for part in release[0].split(".")][:4]
    return (*parts, *[0] * (4 - len(parts)))  # type: ignore[return-value]


def text(version: str) -> str:
    """The version resource as PyInstaller reads it."""
    four = numbers(version)
    strings = {
        "CompanyName": COMPANY,
        "FileDescription": DESCRIPTION,
        "FileVersion": version,
        "InternalName": NAME,
        "LegalCopyright": COPYRIGHT,
        "OriginalFilename": f"{NAME}.exe",
        "ProductName": NAME,
        "ProductVersion": version,
    }
    structs = ", ".join(f"StringStruct({key!r}, {value!r})" for key, value in strings.items())
    language, charset = _RUSSIAN_UNICODE
    return (
        f"VSVersionInfo(ffi=FixedFileInfo(filevers={four}, prodvers={four}, mask={_WHOLE}, flags=0x0,"
        f" OS={_WINDOWS_NT}, fileType={_APPLICATION}, subtype=0x0, date=(0, 0)),"
        f" kids=[StringFileInfo([StringTable('{language:04X}{charset:04X}', [{structs}])]),"
        f" VarFileInfo([VarStruct('Translation', [{language}, {charset}])])])\n"
    )
