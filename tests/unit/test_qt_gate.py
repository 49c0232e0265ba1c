"""The gate keeps onnxruntime before Qt on Windows, and the Qt in use does not eat references."""

import ast
import re
import subprocess
import sys
import tomllib

import pytest

from tests.unit.sources import ROOT, modules, name_of, parsed

GATE = "voicetype.qt"
EMITS = 1_000
TOLERATED_REFERENCES = 50  # the interpreter's own coming and going; the fault takes one an emit
AS_ON_WINDOWS = """
import importlib.abc, importlib.machinery, os, sys

class StubOnnxruntime(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path=None, target=None):
        return importlib.machinery.ModuleSpec(name, self) if name == "onnxruntime" else None
    def exec_module(self, module):
        print("Qt first" if "PySide6" in sys.modules else "onnxruntime first")
        module.disable_telemetry_events = lambda: print("no telemetry")

class GateOnWindows(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path=None, target=None):
        if name != "voicetype.qt":
            return None
        self.spec = importlib.machinery.PathFinder.find_spec(name, path)
        return importlib.machinery.ModuleSpec(name, self, origin=self.spec.origin)
    def exec_module(self, module):
        platform, sys.platform = sys.platform, "win32"
        try:
            self.spec.loader.exec_module(module)
        finally:
            sys.platform = platform

if not hasattr(os, "add_dll_directory"):
    os.add_dll_directory = lambda path: None
sys.meta_path[:0] = [StubOnnxruntime(), GateOnWindows()]
"""
# Importing this one runs the program.
ENTRY_POINTS = {"voicetype.__main__"}


def run_python(code: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split("\n")[:-1]


def program_modules(layer: str = "") -> list[str]:
    names = {name_of(path) for path in modules("voicetype")} - ENTRY_POINTS
    return sorted(name for name in names if name.startswith(f"voicetype.{layer}"))


@pytest.mark.parametrize(
    "imports",
    [
        pytest.param([GATE], id="innocent"),
        pytest.param(program_modules("ui"), id="ui-first"),
        pytest.param(program_modules("control"), id="control-first"),
        pytest.param(program_modules(), id="all"),
        pytest.param(program_modules()[::-1], id="all-backwards"),
        pytest.param(["tests.conftest", "pytestqt.qt_compat"], id="pytest-qt"),
    ],
)
def test_onnxruntime_comes_before_qt_whatever_is_imported_first(imports: list[str]) -> None:
    said = run_python(AS_ON_WINDOWS + "".join(f"import {name}\n" for name in imports) + f"import {GATE}")
    assert said == ["onnxruntime first", "no telemetry"]


def test_a_module_that_goes_round_the_gate_would_be_noticed() -> None:
    assert run_python(AS_ON_WINDOWS + f"import PySide6.QtCore\nimport {GATE}") == ["Qt first", "no telemetry"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows is where it does")
def test_elsewhere_the_gate_does_not_load_onnxruntime() -> None:
    said = run_python(f"import sys, {GATE}\nprint('onnxruntime' in sys.modules)")
    assert said == ["False"]


def test_no_module_but_the_gate_imports_pyside() -> None:
    offenders = []
    for path in modules("voicetype"):
        for node in ast.walk(parsed(path)):
            imported = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            imported += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if any(name.split(".")[0] in {"PySide6", "shiboken6"} for name in imported):
                offenders.append(name_of(path))
    assert set(offenders) == {GATE}


def test_an_emit_keeps_the_references_to_true() -> None:
    """PySide6 6.12.0 drops one at each emit and so ends Python 3.11 after some 570 of them."""
    code = f"""
import sys
from voicetype.qt import QtCore, Signal
class Sender(QtCore.QObject):
    sent = Signal(bool)
sender, got = Sender(), []
sender.sent.connect(got.append)
before = sys.getrefcount(True)
for _ in range({EMITS}):
    sender.sent.emit(False)
got.clear()
print(before - sys.getrefcount(True))
"""
    assert int(run_python(code)[0]) < TOLERATED_REFERENCES


def test_qt_is_pinned_below_the_faulty_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    required = next(line for line in project["dependencies"] if line.startswith("PySide6-Essentials"))
    assert "<6.12" in required
    for platform in ("linux", "windows"):
        lock = (ROOT / "packaging" / "requirements" / f"{platform}.txt").read_text(encoding="utf-8")
        versions = re.findall(r"^(?:pyside6-essentials|shiboken6)==(\d+)\.(\d+)", lock, re.M)
        assert len(versions) == 2
        assert all((6, 9) <= (int(major), int(minor)) < (6, 12) for major, minor in versions)
