"""The layers, and the sizes that keep the code readable. What a reviewer should not have to check."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.sources import ROOT, modules, name_of, parsed

MAX_MODULE_LINES = 400
MAX_METHODS = 20
MAX_FUNCTION_LINES = 50
SOURCES = modules("voicetype", "packaging")
HEAVY = ("PySide6", "onnxruntime", "vosk", "tokenizers", "numpy", "sounddevice", "pynput", "Xlib", "psutil", "yaml")
# A machine's own path, its home folders or a Windows drive: true for one person only.
MACHINE_PATH = re.compile(rb"(?<![\w.~$}])(/(?:(?:home|Users|mnt)/\w+|root|work)/|[A-Z]:\\Users\\\w+)")
BINARY_SUFFIXES = {".fst", ".mdl", ".onnx", ".png", ".wav", ".int", ".ico", ".qm", ".svg"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def imported_by(statement: str) -> set[str]:
    """Names of everything that a fresh interpreter has loaded after a statement."""
    code = f"{statement}\nimport sys\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def length(node: ast.AST) -> int:
    assert isinstance(node, Function | ast.ClassDef) and node.end_lineno
    return node.end_lineno - node.lineno + 1


def test_the_layers_import_only_what_they_may() -> None:
    program = shutil.which("lint-imports", path=str(Path(sys.executable).parent))
    assert program, "import-linter is not installed"
    done = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_core_loads_nothing_heavy() -> None:
    names = [name_of(path) for path in modules("voicetype/core")]
    assert len(names) > 5
    assert not imported_by("".join(f"import {name}\n" for name in names)) & set(HEAVY)


@pytest.mark.parametrize("module", ["voicetype.app", "voicetype.engines.catalog", "voicetype.engines.process"])
def test_the_program_loads_no_engine_library_at_its_start(module: str) -> None:
    # onnxruntime is the gate's on Windows; elsewhere it too waits for its process.
    early = {"vosk", "tokenizers", "numpy"} | ({"onnxruntime"} if sys.platform != "win32" else set())
    # The settings are a tenth of the program and seldom opened.
    early |= {"voicetype.ui.settings_window", "voicetype.ui.settings_fields"}
    assert not imported_by(f"import {module}") & early


def test_no_module_is_too_long() -> None:
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    assert {name: lines for name, lines in lengths.items() if lines > MAX_MODULE_LINES} == {}


def test_no_class_has_too_many_methods() -> None:
    counts = {
        f"{name_of(path)}.{node.name}": sum(isinstance(part, Function) for part in node.body)
        for path in SOURCES
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ClassDef)
    }
    assert {name: count for name, count in counts.items() if count > MAX_METHODS} == {}


def test_no_function_is_too_long() -> None:
    lengths = {
        f"{name_of(path)}:{node.lineno} {node.name}": length(node)
        for path in SOURCES
        for node in ast.walk(parsed(path))
        if isinstance(node, Function)
    }
    assert {name: lines for name, lines in lengths.items() if lines > MAX_FUNCTION_LINES} == {}


def test_every_module_tells_its_purpose() -> None:
    assert [name_of(path) for path in SOURCES if not ast.get_docstring(parsed(path))] == []


def tracked_files() -> list[Path]:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    # A checkout of somebody else's (root in a container) is refused unless it is named as safe.
    command = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, timeout=30).stdout
    return [ROOT / name.decode() for name in listing.split(b"\0") if name]


def test_no_file_names_a_path_of_one_machine() -> None:
    found = {
        str(path.relative_to(ROOT)): MACHINE_PATH.findall(path.read_bytes())
        for path in tracked_files()
        if path.is_file() and path.suffix not in BINARY_SUFFIXES and path != Path(__file__)
    }
    assert {name: paths for name, paths in found.items() if paths} == {}


def test_the_locks_name_no_host_and_hash_everything() -> None:
    for path in (ROOT / "packaging" / "requirements").glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        assert "://" not in text, path.name
        if path.name != "left-out.txt":
            packages = re.findall(r"^\S+==\S+.*\\\n    --hash=sha256:", text, re.M)
            assert len(packages) == len(re.findall(r"^\S+==", text, re.M)) > 0, path.name
