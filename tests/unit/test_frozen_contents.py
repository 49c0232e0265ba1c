"""What the frozen program is made of: which files, which C++ runtime, what Windows is told about it."""

from __future__ import annotations

import ast
import importlib
import struct
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pefile
import pytest

from tests.unit.sources import ROOT
from voicetype import __version__
from voicetype.self_test.report import CHECKS

FROZEN = ROOT / "packaging" / "frozen"
SETTINGS = "{http://schemas.microsoft.com/SMI/%d/WindowsSettings}%s"
MEGABYTE = 1_000_000

Load = Callable[[str], ModuleType]


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Iterator[Load]:
    """Import a module of packaging/frozen; it is forgotten afterwards."""
    monkeypatch.syspath_prepend(str(FROZEN))
    before = set(sys.modules)
    yield importlib.import_module
    for name in set(sys.modules) - before:
        if Path(getattr(sys.modules[name], "__file__", None) or "").parent == FROZEN:
            del sys.modules[name]


@pytest.mark.parametrize(
    ("place", "wanted"),
    [
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6\\plugins\\platforms\\qwindows.dll", True),
        ("PySide6/Qt/plugins/platforms/libqeglfs.so", False),
        ("PySide6/Qt/plugins/platformthemes/libqgtk3.so", False),
        ("PySide6\\plugins\\imageformats\\qsvg.dll", False),
        ("PySide6/plugins/tls/qschannelbackend.dll", False),
        ("PySide6/translations/qtbase_ru.qm", True),
        ("PySide6/Qt/translations/qtbase_de.qm", False),
        ("PySide6/Qt6Core.dll", True),
        ("PySide6/opengl32sw.dll", False),
        ("onnxruntime/capi/DirectML.dll", True),
        ("onnxruntime/capi/onnxruntime.dll", False),
        ("_sounddevice_data/portaudio-binaries/libportaudio64bit.dll", True),
        ("_sounddevice_data/portaudio-binaries/libportaudio64bit-asio.dll", False),
        ("vosk/libstdc++-6.dll", True),
    ],
)
def test_files_are_chosen_by_their_place(load: Load, place: str, wanted: bool) -> None:
    assert load("selection").is_wanted(place) is wanted


def test_libraries_that_nobody_asks_for_any_more_go_with_their_links(load: Load) -> None:
    imports = {
        "/w/QtGui.abi3.so": ["libQt6Gui.so.6"],
        "/w/libQt6Gui.so.6": ["libicuuc.so.73", "libc.so.6"],
        "/w/xcb.so": ["libxcb-cursor.so.0"],
    }
    entries = [
        ("PySide6/QtGui.abi3.so", "/w/QtGui.abi3.so", "EXTENSION"),
        ("PySide6/Qt/lib/libQt6Gui.so.6", "/w/libQt6Gui.so.6", "BINARY"),
        ("PySide6/Qt/lib/libicuuc.so.73", "/w/libicuuc.so.73", "BINARY"),
        ("PySide6/Qt/lib/libQt6Pdf.so.6", "/w/libQt6Pdf.so.6", "BINARY"),
        ("PySide6/Qt/plugins/platforms/libqxcb.so", "/w/xcb.so", "BINARY"),
        ("libxcb-cursor.so.0", "/w/libxcb-cursor.so.0", "BINARY"),
        ("libgtk-3.so.0", "/w/libgtk-3.so.0", "BINARY"),
        ("libpython3.11.so.1.0", "/w/libpython3.11.so.1.0", "BINARY"),
        ("libportaudio.so.2", "/w/libportaudio.so.2", "BINARY"),
        ("libQt6Gui.so.6", "PySide6/Qt/lib/libQt6Gui.so.6", "SYMLINK"),
        ("libQt6Pdf.so.6", "PySide6/Qt/lib/libQt6Pdf.so.6", "SYMLINK"),
        ("models/sample-ru.wav", "/w/sample-ru.wav", "DATA"),
    ]
    kept = load("selection").without_orphans(entries, lambda file: imports.get(file, []))
    gone = {entry[0] for entry in entries} - {entry[0] for entry in kept}
    assert gone == {"PySide6/Qt/lib/libQt6Pdf.so.6", "libgtk-3.so.0", "libQt6Pdf.so.6"}


def test_own_data_that_is_missing_stops_the_build(load: Load, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"voicetype_\*\.qm"):
        load("selection").own_data(tmp_path)


def test_of_the_cpp_runtimes_the_newest_goes_beside_the_program_alone(load: Load) -> None:
    versions = {"python": (14, 38, 33126, 0), "qt": (14, 44, 35211, 0), "numpy": (14, 40, 33810, 0)}
    entries = [
        ("VCRUNTIME140.dll", "python/vcruntime140.dll", "BINARY"),
        ("MSVCP140.dll", "numpy/msvcp140.dll", "BINARY"),
        ("PySide6\\msvcp140.dll", "qt/msvcp140.dll", "BINARY"),
        ("shiboken6/VCRUNTIME140.dll", "qt/vcruntime140.dll", "BINARY"),
        ("numpy.libs/msvcp140-263139962577ecda4cd9469ca360a746.dll", "numpy/x.dll", "BINARY"),
    ]
    chosen = load("runtimes").only_newest(entries, lambda source: versions[source.partition("/")[0]])
    assert chosen == [
        entries[-1],
        ("msvcp140.dll", "qt/msvcp140.dll", "BINARY"),
        ("vcruntime140.dll", "qt/vcruntime140.dll", "BINARY"),
    ]


@pytest.mark.parametrize(
    ("version", "four"), [("0.1.0", (0, 1, 0, 0)), ("1.2rc3", (1, 2, 0, 0)), ("1.2.3.4", (1, 2, 3, 4))]
)
def test_windows_compares_versions_by_four_numbers(load: Load, version: str, four: tuple[int, ...]) -> None:
    assert load("version_resource").numbers(version) == four


def test_the_version_resource_is_one_expression_with_the_programs_version(load: Load) -> None:
    resource = load("version_resource")
    assert resource.read_version(ROOT / "voicetype" / "__init__.py") == __version__
    tree = ast.parse(resource.text(__version__), mode="eval")
    strings = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    assert __version__ in strings
    assert "041904B0" in strings


def test_windows_is_told_of_scales_long_paths_and_utf_8() -> None:
    found = {element.tag: element.text for element in ElementTree.parse(FROZEN / "VoiceType.manifest").iter()}
    assert found[SETTINGS % (2016, "dpiAwareness")] == "PerMonitorV2, PerMonitor"
    assert found[SETTINGS % (2016, "longPathAware")] == "true"
    assert found[SETTINGS % (2019, "activeCodePage")] == "UTF-8"


def test_the_icon_file_is_what_the_program_draws(load: Load, qapp: object) -> None:
    from voicetype.qt import QtGui
    from voicetype.ui.icons import picture

    module = load("make_icon")
    reader = QtGui.QImageReader(str(module.ICON))
    assert reader.imageCount() == len(module.SIZES)
    for index, size in enumerate(module.SIZES):
        assert reader.jumpToImage(index)
        kept, drawn = reader.read(), picture(size).toImage()
        assert (kept.width(), kept.height()) == (size, size)
        # Another Qt may smooth an edge otherwise.
        points = [(size * x // 8, size * y // 8) for x in range(8) for y in range(8)]
        different = [point for point in points if not alike(kept.pixelColor(*point), drawn.pixelColor(*point))]
        assert len(different) <= len(points) // 10
    assert module.ico(module.draw())[:6] == module.ICON.read_bytes()[:6]


def test_the_picture_of_the_installer_is_what_is_drawn(load: Load, qapp: object) -> None:
    from voicetype.qt import QtGui

    module = load("make_icon")
    kept, drawn = QtGui.QImage(str(module.PICTURE)), module.draw_picture()
    assert (kept.width(), kept.height()) == module.PICTURE_SIZE == (drawn.width(), drawn.height())
    # The background, the icon's body and its microphone; NSIS reads bitmaps of 256 colours.
    for point in ((5, 5), (42, 116), (82, 100)):
        assert alike(kept.pixelColor(*point), drawn.pixelColor(*point))
    assert kept.pixelColor(82, 100).lightness() > 200 > kept.pixelColor(42, 116).lightness()
    assert kept.depth() == 8


def alike(one: object, other: object) -> bool:
    from voicetype.qt import QtGui

    assert isinstance(one, QtGui.QColor) and isinstance(other, QtGui.QColor)
    if one.alpha() < 32 and other.alpha() < 32:
        return True
    return max(abs(a - b) for a, b in zip(one.toTuple(), other.toTuple(), strict=True)) < 48  # type: ignore[call-overload]


def library(*sections: bytes) -> bytes:
    """A Windows library of sections with these names, 512 bytes each, and a table of symbols behind them."""
    head = b"MZ" + bytes(58) + (64).to_bytes(4, "little") + b"PE\0\0"
    coff = struct.pack("<HHIIIHH", 0x8664, len(sections), 0, 0x400 + 0x200 * len(sections), 1, 240, 0x2022)
    numbers = (0x20B, 2, 30, 0x200, 0, 0, 0x1000, 0x1000, 1 << 32, 0x1000, 0x200)
    optional = struct.pack("<HBBIIIIIQII", *numbers) + struct.pack("<HHHHHHI", 4, 0, 0, 0, 5, 2, 0)
    optional += struct.pack("<III", 0x1000 * (len(sections) + 1), 0x400, 0) + struct.pack("<HH", 2, 0)
    optional += struct.pack("<QQQQII", 1 << 20, 1 << 12, 1 << 20, 1 << 12, 0, 16) + bytes(128)
    table = b"".join(
        name.ljust(8, b"\0")
        + struct.pack("<IIIIIIHHI", 0x200, 0x1000 * (index + 1), 0x200, 0x400 + 0x200 * index, 0, 0, 0, 0, flags)
        for index, name in enumerate(sections)
        for flags in (0x42100040 if name.startswith(b"/") else 0x60500060,)
    )
    body = b"".join(bytes([index]) * 0x200 for index in range(1, len(sections) + 1))
    return (head + coff + optional + table).ljust(0x400, b"\0") + body + b"symbols"


def test_what_debuggers_read_is_cut_off_a_library(load: Load) -> None:
    cut = load("debug_sections").without_debug_sections
    whole = library(b".text", b".data", b"/4", b"/19")
    short = cut(whole)
    assert len(whole) - len(short) == 2 * 0x200 + len(b"symbols")
    with pefile.PE(data=short) as image:
        assert [section.Name.rstrip(b"\0") for section in image.sections] == [b".text", b".data"]
        assert [section.get_data()[:1] for section in image.sections] == [b"\1", b"\2"]
        assert (image.FILE_HEADER.NumberOfSymbols, image.OPTIONAL_HEADER.SizeOfImage) == (0, 0x3000)
        assert image.verify_checksum()
    assert cut(short) == short
    inside = library(b".text", b"/4", b".data")
    assert cut(inside) == inside


def test_only_the_libraries_beside_vosk_are_cut(load: Load, tmp_path: Path) -> None:
    source = tmp_path / "libstdc++-6.dll"
    source.write_bytes(library(b".text", b"/4"))
    entries = [("vosk\\libstdc++-6.dll", str(source), "BINARY"), ("other.dll", str(source), "BINARY")]
    cut, other = load("debug_sections").slim(entries, tmp_path / "slim")
    assert other == entries[1]
    assert Path(cut[1]).stat().st_size < source.stat().st_size == len(library(b".text", b"/4"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with all that a frozen program for Windows must hold, each file nearly empty."""
    inside = tmp_path / "VoiceType" / "_internal"
    for name in (
        *("models/sample-ru.wav", "models/rupunct-tiny/model.onnx", "models/vosk-tiny-ru/am/final.mdl"),
        *("voicetype/i18n/voicetype_ru.qm", "voicetype/data/commands.yaml", "voicetype/install/catalogue.yaml"),
        *("PySide6/translations/qtbase_ru.qm", "PySide6/plugins/platforms/qwindows.dll", "vosk/libvosk.dll"),
        *(
            "pymorphy3_dicts_ru/data/words.dawg",
            "onnxruntime/capi/onnxruntime_pybind11_state.pyd",
            "certifi/cacert.pem",
        ),
        "_sounddevice_data/portaudio-binaries/libportaudio64bit.dll",
        *("_webrtcvad.pyd", "soxr/soxr_ext.pyd", "tokenizers/tokenizers.pyd", "regex/_regex.cp311.pyd"),
        "../VoiceType.exe",
    ):
        (inside / name).parent.mkdir(parents=True, exist_ok=True)
        (inside / name).write_bytes(b".")
    return inside.parent


def test_a_whole_folder_is_let_through(load: Load, folder: Path) -> None:
    assert list(load("tree").problems(folder, "win32")) == []


@pytest.mark.parametrize(
    "name",
    ["tkinter/__init__.pyc", "PySide6/Qt6Qml.dll", "onnxruntime/capi/onnxruntime.dll", "PySide6/plugins/tls/x.dll"],
)
def test_what_does_not_belong_there_is_named(load: Load, folder: Path, name: str) -> None:
    file = folder / "_internal" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b".")
    assert list(load("tree").problems(folder, "win32")) == [f"does not belong there: _internal/{name}"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there, and PyInstaller makes none")
def test_missing_files_dead_links_and_too_many_megabytes_are_told(load: Load, folder: Path) -> None:
    tree = load("tree")
    (folder / "_internal" / "vosk" / "libvosk.dll").unlink()
    (folder / "_internal" / "libQt6Pdf.so.6").symlink_to("PySide6/libQt6Pdf.so.6")
    with (folder / "_internal" / "big.bin").open("wb") as file:
        file.truncate((tree.BUDGET_MB["win32"] + 1) * MEGABYTE)
    missing, link, size = tree.problems(folder, "win32")
    assert missing.startswith("missing: _internal/vosk/libvosk")
    assert link == "leads nowhere: _internal/libQt6Pdf.so.6"
    assert size.endswith("MB that it may take")
    assert tree.table(folder)[0][0] == "the rest"
    assert tree.table(folder)[-1][0] == "in all"


def test_a_check_that_is_left_out_without_need_did_not_pass(load: Load) -> None:
    make = load("make")
    states = dict.fromkeys(make.ANYWHERE, ("ok", ""))
    states |= {"tray": ("skipped", make.NO_SCREEN), "hotkey": ("skipped", "why"), "vosk": ("failed", "why")}
    states |= {"audio": ("skipped", make.NO_SCREEN)}
    del states["onnx"]
    checks = [{"name": name, "state": state, "detail": detail} for name, (state, detail) in states.items()]
    assert sorted(make.wrong({"checks": checks})) == [
        f"self-test, audio: skipped, {make.NO_SCREEN}",
        "self-test, hotkey: skipped, why",
        "self-test, onnx: not there",
        "self-test, vosk: failed, why",
    ]


def test_what_nothing_excuses_and_the_excuse_are_the_self_tests_own(
    load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    from voicetype.self_test import harness

    make = load("make")
    assert make.ANYWHERE.issubset(CHECKS)
    monkeypatch.setattr(harness, "application", lambda: None)
    monkeypatch.setattr(harness.QtGui.QGuiApplication, "platformName", lambda: "offscreen")
    with pytest.raises(harness.Skipped, match=f"^{make.NO_SCREEN}$"):
        harness.need_desktop()


def test_the_bare_machine_has_no_screen(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setenv("PATH", "/bin")
    environment = load("make").bare_environment()
    assert "DISPLAY" not in environment
    assert (environment["PATH"], environment["QT_QPA_PLATFORM"]) == ("/bin", "offscreen")
