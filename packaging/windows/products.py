"""What users get: the installer, the portable archive, their SHA-256 sums, the list of materials. Main thread."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import zipfile
from pathlib import Path

import freeze
import materials
import signing
from places import (
    BUILD,
    FROZEN,
    HERE,
    MARK,
    ON_WINDOWS,
    PRODUCTS,
    ROOT,
    WINDOWS_PYTHON,
    BuildError,
    digest,
    is_current,
    run,
    say,
    set_current,
    size_mb,
)

sys.path.append(str(ROOT / "packaging" / "frozen"))
import version_resource

SUMS = "SHA256SUMS.txt"
PORTABLE_MARKER = "portable"
MATERIALS = "sbom.cdx.json"
_MADE = BUILD / "release"
_SOURCES = ("installer.nsi", "texts.nsh", "products.py", "signing.py", "../frozen/welcome.bmp")
_PYTHON_OF_THE_BUILD = "3.11.9"
_EARLIEST_OF_ZIP = (1980, 1, 1, 0, 0, 0)


def version() -> str:
    """The program's own version."""
    return version_resource.read_version(ROOT / "voicetype" / "__init__.py")


def add_papers(folder: Path = FROZEN) -> None:
    """Put licence, notices and the list of materials beside the program. Raises BuildError."""
    shutil.copyfile(ROOT / "LICENSE", folder / "LICENSE.txt")
    if ON_WINDOWS:
        python, site_packages = Path(sys.base_prefix), Path(sys.prefix) / "Lib" / "site-packages"
        python_version = ".".join(map(str, sys.version_info[:3]))
    else:
        python, site_packages = WINDOWS_PYTHON, WINDOWS_PYTHON / "Lib" / "site-packages"
        python_version = _PYTHON_OF_THE_BUILD
    parts = materials.components(site_packages, python, python_version, folder)
    materials.write_bom(parts, version(), folder / MATERIALS)
    materials.write_notices(parts, folder / "THIRD-PARTY.txt")


def make_products() -> tuple[Path, Path]:
    """Make everything in PRODUCTS that is not there yet.

    Returns the paths of installer and portable archive. Raises BuildError.
    """
    installer = PRODUCTS / f"VoiceType-{version()}-x64.exe"
    portable = PRODUCTS / f"VoiceType-{version()}-x64-portable.zip"
    papers = [FROZEN / MATERIALS, FROZEN / "THIRD-PARTY.txt", FROZEN / "LICENSE.txt"]
    sources = [freeze.MADE / MARK, *papers, *(HERE / name for name in _SOURCES)]
    mark = digest(sources, version(), os.environ.get("VOICETYPE_SIGN_CERTIFICATE", ""))
    if not (is_current(_MADE, mark) and (PRODUCTS / SUMS).exists()):
        shutil.rmtree(PRODUCTS, ignore_errors=True)
        PRODUCTS.mkdir(parents=True)
        signing.sign([FROZEN / "VoiceType.exe"])
        make_installer(FROZEN, installer, version())
        make_portable(FROZEN, portable)
        shutil.copyfile(FROZEN / MATERIALS, PRODUCTS / f"VoiceType-{version()}-{MATERIALS}")
        write_sums(PRODUCTS)
        _MADE.mkdir(parents=True, exist_ok=True)
        set_current(_MADE, mark)
    for product in sorted(PRODUCTS.iterdir()):
        say(f"   {product.name}: {size_mb(product):.1f} MB")
    return installer, portable


def make_installer(folder: Path, target: Path, wanted_version: str, *, quick: bool = False) -> Path:
    """Pack `folder` into an installer; `quick` packs badly. Raises BuildError."""
    definitions = {
        "APP": str(folder),
        "VERSION": wanted_version,
        "VERSION4": ".".join(map(str, version_resource.numbers(wanted_version))),
        "SIZE_KB": str(int(size_mb(folder) * 1e6) // 1024),
        "OUTPUT": str(target),
        "PICTURE": str(ROOT / "packaging" / "frozen" / "welcome.bmp"),
        "ICON": str(ROOT / "packaging" / "frozen" / "voicetype.ico"),
    }
    if ON_WINDOWS:
        definitions["TARGET"] = "x86-unicode"
    if quick:
        definitions["QUICK"] = "1"
    if signing.is_configured():
        # The uninstaller is made while the installer is; makensis runs this on it.
        definitions["SIGN"] = f'"{sys.executable}" "{HERE / "signing.py"}"'
    options = [f"-D{name}={value}" for name, value in definitions.items()]
    run([find_makensis(), "-V2", "-WX", "-INPUTCHARSET", "UTF8", *options, HERE / "installer.nsi"])
    signing.sign([target])
    return target


def find_makensis() -> Path:
    """NSIS' compiler. Raises BuildError."""
    # Its own installer puts it there under Windows and leaves PATH as it is.
    usual = Path(os.environ.get("PROGRAMFILES(X86)", "C:/Program Files (x86)")) / "NSIS" / "makensis.exe"
    found = shutil.which("makensis") or (usual if usual.is_file() else None)
    if found is None:
        raise BuildError("makensis is missing, which makes the installer; it is in the package nsis")
    return Path(found)


def make_portable(folder: Path, target: Path) -> None:
    """Pack `folder` with the marker that keeps settings beside the program. The same files give the same bytes."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            name = f"VoiceType/{path.relative_to(folder).as_posix()}"
            archive.writestr(_entry(name), path.read_bytes())
        archive.writestr(_entry(f"VoiceType/{PORTABLE_MARKER}"), b"")


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EARLIEST_OF_ZIP)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def write_sums(folder: Path) -> None:
    """Write the SHA-256 of each file, as `sha256sum --check` reads it."""
    files = sorted(path for path in folder.iterdir() if path.name != SUMS)
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}" for path in files]
    (folder / SUMS).write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
