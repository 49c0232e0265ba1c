"""What builds the program for Windows, as far as it can be tried without one."""

import hashlib
import importlib
import json
import re
import shutil
import sys
import zipfile
from importlib import metadata
from pathlib import Path, PurePosixPath
from types import ModuleType

import pytest

from tests.unit.sources import ROOT

FOLDER = ROOT / "packaging" / "windows"
NAMES = (
    "check",
    "contents",
    "freeze",
    "materials",
    "pe",
    "places",
    "products",
    "shims",
    "signing",
    "toolchain",
    "trial",
    "wine",
)
ASIDE_AND_BACK = ("SetAside", ".onInstFailed")


@pytest.fixture
def modules(monkeypatch):
    """The build's modules, by name; they import each other as scripts do."""
    monkeypatch.setattr(sys, "path", [str(FOLDER), *sys.path])
    yield {name: importlib.import_module(name) for name in NAMES if name != "wine" or sys.platform != "win32"}
    for name in (*NAMES, "native", "tree", "version_resource"):
        sys.modules.pop(name, None)


def program(path: Path) -> Path:
    """A folder like the frozen program's."""
    (path / "_internal" / "voicetype").mkdir(parents=True)
    (path / "VoiceType.exe").write_bytes(b"MZ")
    (path / "_internal" / "voicetype" / "Ёлка.txt").write_text("тест", encoding="utf-8")
    return path


def test_what_an_image_tells(modules):
    folder = Path(metadata.distribution("setuptools").locate_file("setuptools"))
    pe = modules["pe"]
    found = {name: pe.read(PurePosixPath(name), (folder / name).read_bytes()) for name in ("cli-64.exe", "cli-32.exe")}
    assert found["cli-64.exe"].machine == pe.X64
    assert "kernel32.dll" in found["cli-64.exe"].imports
    assert [*pe.wrong_machines(found.values())] == ["cli-32.exe is not for 64-bit Windows (0x14c)"]
    assert [*pe.missing_libraries([found["cli-64.exe"]])] == ["cli-64.exe needs vcruntime140.dll, which is not there"]


def test_what_is_wrong_with_libraries_is_told(modules):
    pe = modules["pe"]

    def image(path, version=(14, 44, 1, 0), imports=()):
        return pe.Image(PurePosixPath(path), pe.X64, version, frozenset(imports))

    good = [image("msvcp140.dll"), image("numpy.libs/msvcp140-12ab.dll", (14, 20)), image("a.pyd", (), ["user32.dll"])]
    assert [*pe.missing_libraries(good), *pe.old_runtimes(good), *pe.runtime_conflicts(good)] == []
    assert [*pe.missing_libraries([image("a.pyd", (), ["other.dll", "api-ms-win-crt-heap-l1-1-0.dll"])])] == [
        "a.pyd needs other.dll, which is not there"
    ]
    old = image("PySide6/MSVCP140.dll", (14, 29, 30151, 0))
    assert [*pe.old_runtimes([*good, old])] == ["PySide6/MSVCP140.dll is version 14.29.30151.0, older than 14.40"]
    assert [*pe.runtime_conflicts([*good, old])] == ["msvcp140.dll 14.44.1.0; PySide6/MSVCP140.dll 14.29.30151.0"]
    assert [*pe.absent(good, {"libvosk.dll": "vosk"})] == ["libvosk.dll is missing, which vosk needs"]


def test_what_every_windows_has_is_a_sorted_list(modules):
    lines = (FOLDER / "system-libraries.txt").read_text(encoding="ascii").splitlines()[1:]
    assert lines == sorted(set(lines))
    assert all(line == line.lower() for line in lines)


def test_the_portable_archive_has_the_marker_and_is_the_same_each_time(modules, tmp_path):
    folder = program(tmp_path / "program")
    for name in ("one.zip", "two.zip"):
        modules["products"].make_portable(folder, tmp_path / name)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        assert set(archive.namelist()) == {
            "VoiceType/VoiceType.exe",
            "VoiceType/_internal/voicetype/Ёлка.txt",
            "VoiceType/portable",
        }


def test_the_sums_are_those_of_the_files(modules, tmp_path):
    (tmp_path / "b.zip").write_bytes(b"b")
    (tmp_path / "a.exe").write_bytes(b"a")
    modules["products"].write_sums(tmp_path)
    lines = (tmp_path / "SHA256SUMS.txt").read_text(encoding="utf-8").splitlines()
    assert lines == [f"{hashlib.sha256(name[:1].encode()).hexdigest()}  {name}" for name in ("a.exe", "b.zip")]


@pytest.fixture
def site_packages(tmp_path):
    def add(name: str, *lines: str, licence_text: str = "") -> None:
        folder = tmp_path / "site" / f"{name}-1.0.dist-info"
        folder.mkdir(parents=True)
        about = ["Metadata-Version: 2.4", f"Name: {name}", "Version: 1.0", *lines, ""]
        (folder / "METADATA").write_text("\n".join(about), encoding="utf-8")
        record = [f"{name}/__init__.py,,", f"{folder.name}/METADATA,,"]
        if licence_text:
            (folder / "LICENSE").write_text(licence_text, encoding="utf-8")
            record.append(f"{folder.name}/LICENSE,,")
        (folder / "RECORD").write_text("\n".join(record) + "\n", encoding="utf-8")

    add("inside", "License-Expression: Apache-2.0", licence_text="Copyright of inside")
    add("outside", "License-Expression: MIT")
    add("pyinstaller", "License-Expression: GPL-2.0-or-later", licence_text="Copyright of the tool")
    add("olden", "License: UNKNOWN", "Classifier: License :: OSI Approved :: MIT License", licence_text="Old")
    return add


@pytest.fixture
def tables(modules, monkeypatch, tmp_path):
    monkeypatch.setattr(modules["materials"], "TABLES", tmp_path)
    monkeypatch.setattr(modules["materials"], "HERE", tmp_path)
    (tmp_path / "PYZ-00.toc").write_text("('p', [('inside.core', 'x', 'PYMODULE'), ('olden', 'x', 'PYMODULE')])")
    (tmp_path / "COLLECT-00.toc").write_text("([('strange\\\\a.dll', 'x', 'BINARY')],)")
    (tmp_path / "bundled.tsv").write_text(
        "CPython\tPSF-2.0\tpython311.dll\t-\tLICENSE.txt\n"
        "Kaldi\tApache-2.0\tk*.dll\tinside\t-\n"
        "DirectML\tMIT\tk*.dll\tCPython\tDirectML\n"
        "Words\tMIT\twords.dawg\tinside\t-\n"
        "Runtime\tMIT\tk*.dll\tinside\tLICENSE.txt#Additional Conditions\n",
    )
    (tmp_path / "LICENSE.txt").write_text(f"Licence of Python\nAdditional Conditions\nof others\n{'-' * 70}\nrest")
    setuptools = Path(metadata.distribution("setuptools").locate_file("setuptools"))
    (tmp_path / "program" / "_internal").mkdir(parents=True)
    (tmp_path / "program" / "words.dawg").write_bytes(b"no program")
    library = (setuptools / "cli-64.exe").read_bytes() + b"This is Kaldi 5.5.1."
    (tmp_path / "program" / "_internal" / "k-0a1b.dll").write_bytes(library)


def test_the_materials_are_what_was_frozen(modules, tables, site_packages, tmp_path):
    materials = modules["materials"]
    parts = materials.components(tmp_path / "site", tmp_path, "3.11.9", tmp_path / "program")
    assert [(part.name, part.licence, part.part_of) for part in parts] == [
        ("CPython", "PSF-2.0", ""),
        ("DirectML", "MIT", "CPython"),
        ("inside", "Apache-2.0", ""),
        ("Kaldi", "Apache-2.0", "inside"),
        ("olden", "MIT", ""),
        ("pyinstaller", "GPL-2.0-or-later", ""),
        ("Runtime", "MIT", "inside"),
        ("Words", "MIT", "inside"),
    ]
    found = {part.name: part for part in parts}
    assert (found["Kaldi"].version, found["DirectML"].version) == ("5.5.1", "")
    assert found["DirectML"].texts[0][1].startswith("MICROSOFT SOFTWARE LICENSE TERMS")
    assert found["Runtime"].texts == (("LICENSE.txt", "Additional Conditions\nof others"),)
    materials.write_bom(parts, "1.2", tmp_path / "bom.json")
    bom = json.loads((tmp_path / "bom.json").read_text(encoding="utf-8"))
    assert (bom["bomFormat"], bom["metadata"]["component"]["version"]) == ("CycloneDX", "1.2")
    assert bom["components"][2]["purl"] == "pkg:pypi/inside@1.0"
    materials.write_notices(parts, tmp_path / "notices.txt")
    notices = (tmp_path / "notices.txt").read_text(encoding="utf-8")
    assert "Kaldi 5.5.1: Apache-2.0 (comes with inside)" in notices
    assert "Copyright of inside" in notices
    assert "Licence of Python" in notices
    assert "TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION" in notices


def test_a_package_that_hides_its_licence_ends_the_build(modules, tables, site_packages, tmp_path):
    site_packages("strange", "License: UNKNOWN")
    with pytest.raises(modules["places"].BuildError, match="strange does not tell its licence"):
        modules["materials"].components(tmp_path / "site", tmp_path, "3.11.9", tmp_path / "program")


@pytest.mark.parametrize(("name", "is_known"), [("loguru", True), ("unheard-of", False)])
def test_a_licence_without_a_text_ends_the_build(modules, tables, site_packages, tmp_path, name, is_known):
    """Some packages carry none; theirs are in the repository."""
    site_packages(name, "License-Expression: MIT")
    (tmp_path / "PYZ-00.toc").write_text(f"('p', [('inside.core', 'x', 'PYMODULE'), ('{name}', 'x', 'PYMODULE')])")
    there = (tmp_path / "site", tmp_path, "3.11.9", tmp_path / "program")
    if is_known:
        parts = {part.name: part for part in modules["materials"].components(*there)}
        assert "Permission is hereby granted" in parts[name].texts[0][1]
        return
    with pytest.raises(modules["places"].BuildError, match=f"packaging/licenses/{name}"):
        modules["materials"].components(*there)


def test_a_signature_is_made_only_with_a_certificate(modules, monkeypatch, tmp_path):
    signing: ModuleType = modules["signing"]
    given: list[list[str]] = []

    def run(command):
        given.append([str(word) for word in command])
        Path(given[-1][-1]).write_bytes(b"signed")

    monkeypatch.setattr(signing, "run", run)
    monkeypatch.setattr(signing, "ON_WINDOWS", False)
    for name in ("CERTIFICATE", "PASSWORD_FILE", "TIMESTAMP"):
        monkeypatch.delenv(f"VOICETYPE_SIGN_{name}", raising=False)
    target = tmp_path / "a.exe"
    target.write_bytes(b"plain")
    signing.sign([target])
    assert given == []
    monkeypatch.setenv("VOICETYPE_SIGN_CERTIFICATE", str(tmp_path / "c.pfx"))
    with pytest.raises(modules["places"].BuildError, match="is not there"):
        signing.sign([target])
    (tmp_path / "c.pfx").touch()
    (tmp_path / "password").write_text("secret")
    monkeypatch.setenv("VOICETYPE_SIGN_PASSWORD_FILE", str(tmp_path / "password"))
    signing.sign([target])
    assert target.read_bytes() == b"signed"
    # Whoever lists the processes of this machine sees the words of a command.
    assert "secret" not in given[0]
    assert str(tmp_path / "password") in given[0]


def test_a_machine_without_nsis_is_told_what_to_install(modules, monkeypatch, tmp_path):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setenv("PROGRAMFILES(X86)", str(tmp_path))
    with pytest.raises(modules["places"].BuildError, match="in the package nsis"):
        modules["check"].check_installer()


def test_the_small_installer_tells_its_version(modules, monkeypatch):
    def pack(folder, target, version):
        assert sorted(path.name for path in folder.rglob("*.*")) == ["VoiceType.exe", "Ёлка.txt"]
        target.write_bytes(
            (Path(metadata.distribution("setuptools").locate_file("setuptools")) / "cli-64.exe").read_bytes()
        )
        return target

    # The real NSIS packs it in a step of its own, which no machine can leave out.
    monkeypatch.setattr(modules["products"], "make_installer", pack)
    with pytest.raises(modules["places"].BuildError, match="its version is unknown"):
        modules["check"].check_installer()


def test_the_installer_speaks_both_languages():
    texts = (FOLDER / "texts.nsh").read_text(encoding="utf-8")
    script = (FOLDER / "installer.nsi").read_text(encoding="utf-8")
    told = dict(re.findall(r'^!insertmacro TEXT (\w+) "([^"]+)" "[^"]+"$', texts, re.MULTILINE))
    assert set(re.findall(r"\$\((\w+)\)", script)) == set(told)
    assert all(re.search("[а-яё]", text) for name, text in told.items() if name != "PROGRAM_FILES")
    # NSIS takes the first one where Windows speaks neither.
    assert re.findall(r'MUI_LANGUAGE "(\w+)"', script) == ["English", "Russian"]


def test_the_installer_knows_where_the_program_keeps_its_things(monkeypatch):
    script = (FOLDER / "installer.nsi").read_text(encoding="utf-8")
    assert 'RMDir /r "$APPDATA\\${NAME}"' in script
    assert 'RMDir /r "$LOCALAPPDATA\\${NAME}"' in script
    # The folder may be any that the user named.
    assert 'RMDir /r "$INSTDIR"' not in script


def test_the_installer_puts_back_only_what_it_has_set_aside_itself():
    script = (FOLDER / "installer.nsi").read_text(encoding="utf-8")
    aside, back = (script.partition(f"Function {name}\n")[2].partition("FunctionEnd")[0] for name in ASIDE_AND_BACK)
    assert aside.index(r'Rename "$INSTDIR\_internal"') < aside.index("StrCpy $IsSetAside 1")
    assert back.index("$IsSetAside == 1") < back.index("RMDir")


def test_no_server_is_named(modules):
    for path in (*FOLDER.rglob("*"), *(ROOT / "packaging" / "requirements").iterdir()):
        if path.is_file() and path.suffix != ".pyc":
            assert not re.search(r"https?://", path.read_text(encoding="utf-8")), path


def test_the_build_ends_with_one_sentence_about_a_program_that_failed(modules):
    with pytest.raises(modules["places"].BuildError, match=r"(?s)ended with code 3:.*why"):
        modules["places"].run([sys.executable, "-c", "print('why'); raise SystemExit(3)"])


def test_the_wheels_have_what_the_program_needs(modules, monkeypatch, tmp_path):
    (tmp_path / "none").mkdir()
    monkeypatch.setattr(modules["toolchain"], "download", lambda lock: tmp_path / "none")
    with pytest.raises(modules["places"].BuildError, match=r"libvosk\.dll is missing, which vosk needs"):
        modules["contents"].check_wheels()
