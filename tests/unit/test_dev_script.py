"""`packaging/dev.py`: what it installs and when, what it tells, what it passes on. Nothing is really installed here."""

import ast
import importlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.unit.sources import ROOT, modules, parsed

DEV = ROOT / "packaging" / "dev.py"


class Commands:
    """Takes the place of `subprocess.run`: keeps the commands, answers by the first matching word."""

    def __init__(self) -> None:
        self.given: list[list[str]] = []
        self.answers: dict[str, tuple[int, str]] = {}

    def __call__(self, command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        self.given.append(command)
        code, output = next((answer for word, answer in self.answers.items() if word in command), (0, ""))
        if command[1:3] == ["-m", "venv"]:
            (Path(command[-1]) / "bin").mkdir(parents=True)
        return subprocess.CompletedProcess(command, code, stdout=output, stderr="")

    def having(self, *words: str) -> list[list[str]]:
        return [command for command in self.given if set(words) <= set(command)]


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> Commands:
    recorder = Commands()
    monkeypatch.setattr(subprocess, "run", recorder)
    return recorder


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, commands: Commands) -> Iterator[ModuleType]:
    """The set-up module, working on an empty folder as a Debian user's machine without missing packages."""
    monkeypatch.syspath_prepend(str(DEV.parent))
    module = importlib.import_module("environment")
    (tmp_path / "pyproject.toml").write_text("")
    requirements = tmp_path / "packaging" / "requirements"
    requirements.mkdir(parents=True)
    for lock in ("build", "dev", "linux", "package", "windows"):
        (requirements / f"{lock}.txt").write_text(lock)
    (tmp_path / "packaging" / "translations.py").write_text("")
    venv = tmp_path / ".venv"
    venv.mkdir()
    (venv / "pyvenv.cfg").write_text("version = {}.{}.{}\n".format(*sys.version_info))
    (venv / "python").write_text("")
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "REQUIREMENTS", tmp_path / "packaging" / "requirements")
    monkeypatch.setattr(module, "VENV", venv)
    monkeypatch.setattr(module, "PYTHON", venv / "python")
    monkeypatch.setattr(module, "STAMP", venv / "stamp.json")
    monkeypatch.setattr(module, "_missing", lambda packages: [])
    yield module
    for name in ("environment", "dev"):
        sys.modules.pop(name, None)


@pytest.fixture
def dev(environment: ModuleType) -> ModuleType:
    return importlib.import_module("dev")


def test_it_needs_nothing_but_the_standard_library() -> None:
    imported = set()
    for path in (DEV, DEV.with_name("environment.py")):
        for node in ast.walk(parsed(path)):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            imported |= {name.split(".")[0] for name in names}
    assert imported - sys.stdlib_module_names == {"environment"}
    assert not {path.stem for path in modules("packaging")} & set(sys.stdlib_module_names)


def test_an_old_python_is_told_in_one_sentence() -> None:
    code = f"import runpy, sys\nsys.version_info = (3, 10, 9)\nrunpy.run_path({str(DEV)!r}, run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert done.stderr == "VoiceType needs Python 3.11 or newer; this is 3.10.\n"


def test_the_first_call_installs_and_the_second_finds_all_there(environment: ModuleType, commands: Commands) -> None:
    environment.set_up()
    locks = [Path(command[-1]).name for command in commands.having("--require-hashes", "--no-deps")]
    assert locks == ["build.txt", f"{environment.PLATFORM_LOCK}.txt"]
    assert len(commands.having("--editable", "--no-deps", "--no-build-isolation")) == 1
    assert len(commands.having("compile")) == 1
    commands.given.clear()
    environment.set_up()
    assert commands.given == []


def test_tests_add_their_tools_and_nothing_else(environment: ModuleType, commands: Commands) -> None:
    environment.set_up()
    commands.given.clear()
    environment.set_up(tests=True)
    assert [Path(command[-1]).name for command in commands.given] == ["dev.txt"]


@pytest.mark.parametrize("changed", ["pyproject.toml", "packaging/requirements/build.txt"])
def test_a_changed_lock_or_project_is_installed_again(
    environment: ModuleType, commands: Commands, changed: str
) -> None:
    environment.set_up()
    commands.given.clear()
    (environment.ROOT / changed).write_text("changed")
    environment.set_up()
    assert commands.having("--editable")


def test_an_interrupted_installation_is_taken_up_again(environment: ModuleType, commands: Commands) -> None:
    commands.answers = {"--editable": (1, "ERROR: No space left on device")}
    with pytest.raises(environment.SetupError, match="No space left on device"):
        environment.set_up()
    commands.answers = {}
    commands.given.clear()
    environment.set_up()
    assert commands.having("--editable")


def test_a_missing_network_is_told_as_such(environment: ModuleType, commands: Commands) -> None:
    retry = "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError'"
    commands.answers = {"pip": (1, retry + "\nERROR: No matching distribution found for setuptools")}
    with pytest.raises(environment.SetupError, match="cannot be reached"):
        environment.set_up()


def test_an_environment_of_another_python_is_made_anew(environment: ModuleType, commands: Commands) -> None:
    (environment.VENV / "pyvenv.cfg").write_text("version = 3.1.4\n")
    environment.set_up()
    assert len(commands.having("venv", "--clear")) == 1


def test_a_python_without_venv_is_told_what_to_install(
    environment: ModuleType, commands: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment.PYTHON.unlink()
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(environment.SetupError, match=f"install python3.{sys.version_info.minor}-venv"):
        environment.set_up()
    assert commands.having("venv") == []


@pytest.mark.skipif(sys.platform == "win32", reason="apt is Debian's")
@pytest.mark.parametrize("user", [0, 1000])
def test_missing_system_packages_are_installed_by_root_and_told_to_others(
    environment: ModuleType,
    commands: Commands,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    user: int,
) -> None:
    monkeypatch.setattr(environment, "_missing", lambda packages: ["libportaudio2"])
    monkeypatch.setattr(environment.shutil, "which", lambda name: name)
    monkeypatch.setattr(os, "geteuid", lambda: user)
    environment.set_up()
    apt = commands.having("apt-get", "install")
    if user:
        assert apt == []
        assert "sudo apt-get install libportaudio2" in capsys.readouterr().err
    else:
        assert len(apt) == 1
        assert apt[0][-1] == "libportaudio2"
    assert commands.having("--editable")


@pytest.mark.skipif(sys.platform == "win32", reason="apt is Debian's")
def test_a_package_that_nobody_knows_does_not_keep_the_others_away(
    environment: ModuleType,
    commands: Commands,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(environment, "_missing", lambda packages: ["chromium", "nsis"])
    monkeypatch.setattr(environment.shutil, "which", lambda name: name)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    commands.answers = {"chromium": (100, "")}
    environment.set_up()
    assert [command[5:] for command in commands.having("apt-get", "install")] == [
        ["chromium", "nsis"],
        ["chromium"],
        ["nsis"],
    ]
    told = capsys.readouterr().err
    assert "apt-get could not install chromium" in told
    assert "could not install nsis" not in told


@pytest.mark.parametrize(
    ("typed", "started"),
    [
        (["run"], ["run", "--or-sample"]),
        (["run", "--version"], ["--version"]),
        (["run", "--help"], ["--help"]),
        (["bench", "--json"], ["bench", "--json"]),
    ],
)
def test_arguments_reach_the_program(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, typed: list[str], started: list[str]
) -> None:
    given: list[list[str]] = []
    monkeypatch.setattr(dev, "set_up", lambda: None)
    monkeypatch.setattr(dev, "_voicetype", lambda arguments: given.append(arguments) or 0)
    assert dev.main(typed) == 0
    assert given == [started]


def test_the_program_without_python_is_made_with_its_tools(dev: ModuleType, commands: Commands) -> None:
    assert dev.main(["package", "somewhere"]) == 0
    locks = [Path(command[-1]).name for command in commands.having("--require-hashes")]
    assert locks[-1] == "package.txt"
    [made] = [command for command in commands.given if command[1:] and command[1].endswith("make.py")]
    assert made[2:] == ["somewhere"]
    assert (ROOT / "packaging" / "frozen" / "make.py").is_file()


def test_every_check_runs_and_what_failed_stands_at_the_end(
    dev: ModuleType, commands: Commands, capsys: pytest.CaptureFixture[str]
) -> None:
    commands.answers = {"mypy": (1, ""), "pytest": (5, "")}
    assert dev.main(["test", "--fast", "--", "-k", "word"]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "== failed: mypy, pytest"
    assert len(commands.having("pytest", "--ignore=tests/desktop", "-k", "word")) == 1
    assert len(commands.having("ruff")) == 2


def test_a_package_that_does_not_work_fails_the_full_run(
    dev: ModuleType, commands: Commands, capsys: pytest.CaptureFixture[str]
) -> None:
    commands.answers = {"packaging/frozen/make.py": (1, "")}
    assert dev.main(["test"]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "== failed: frozen program"


def test_the_full_run_includes_the_desktop(dev: ModuleType, commands: Commands) -> None:
    assert dev.main(["test"]) == 0
    assert len(commands.having("pytest", "--ignore=tests/desktop", "-n", "2")) == 1
    assert len(commands.having("pytest", "tests/desktop")) == 1
    packages = [["packaging/frozen/make.py", "--check"], ["packaging/windows/check.py"]]
    assert [len(commands.having(*words)) for words in packages] == [1, 1]
    assert dev.main(["test", "--fast"]) == 0
    assert len(commands.having("pytest", "tests/desktop")) == 1
    assert [len(commands.having(*words)) for words in packages] == [1, 1]
    assert dev.main(["test", "--", "tests/unit"]) == 0
    assert len(commands.having("pytest", "tests/unit")) == 1


def test_foreign_workflow_steps_are_pinned() -> None:
    for workflow in (ROOT / ".github" / "workflows").glob("*.yml"):
        for step in re.findall(r"uses: (.+)", workflow.read_text(encoding="utf-8")):
            assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v[\d.]+", step), step


def test_continuous_integration_runs_the_same_command() -> None:
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if "python" in line] == ["exec python3 packaging/dev.py test"]
    workflow = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    assert "packaging/dev.py test\n" in workflow
    assert "packaging/dev.py test --fast\n" in workflow
