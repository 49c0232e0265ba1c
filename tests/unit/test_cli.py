"""The command line: what each call starts, says and returns."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes_ui import translations
from voicetype import __version__, bench, cli, remote_cli, start
from voicetype.control.single_instance import COMMANDS
from voicetype.engines import host

ENGLISH = {"LANG": "en_US.UTF-8"}
RUSSIAN = {"LANG": "ru_RU.UTF-8"}
NOT_FOR_A_QUESTION = (
    "voicetype.app",
    "voicetype.start",
    "onnxruntime",
    "vosk",
    "tokenizers",
    "numpy",
    "sounddevice",
    "pynput",
)


def voicetype(*arguments: str, env: dict[str, str] = ENGLISH) -> subprocess.CompletedProcess[str]:
    """`python -m voicetype` in a process of its own, with the languages of `env` alone."""
    clean = {key: value for key, value in os.environ.items() if key != "LANGUAGE" and not key.startswith("LC_")}
    return subprocess.run(
        [sys.executable, "-m", "voicetype", *arguments],
        env={**clean, "PYTHONIOENCODING": "utf-8", **env},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def test_the_version_is_told() -> None:
    done = voicetype("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"VoiceType {__version__}\n", "")


@pytest.mark.parametrize(
    ("env", "sentence", "command"),
    [(ENGLISH, "Offline dictation", "measure this machine"), (RUSSIAN, "Диктовка без интернета", "этот компьютер")],
)
def test_help_speaks_the_systems_language(env: dict[str, str], sentence: str, command: str) -> None:
    translations().compile_catalogues()
    done = voicetype("--help", env=env)
    assert (done.returncode, done.stderr) == (0, "")
    assert sentence in done.stdout
    assert command in done.stdout


def test_help_on_a_console_without_russian_letters_is_no_traceback() -> None:
    translations().compile_catalogues()
    done = voicetype("--help", env={**RUSSIAN, "PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stderr) == (0, "")
    assert "--version" in done.stdout


@pytest.mark.parametrize(
    "arguments", [["dance"], ["--loud"], ["bench", "--or-sample"], ["run", "--json"], ["run", "--toggle"]]
)
def test_what_is_not_known_is_named(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(arguments)
    assert end.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert arguments[-1] in err
    assert "voicetype" in err


@pytest.mark.parametrize(
    ("arguments", "or_sample"), [([], False), (["run"], False), (["run", "--or-sample"], True)], ids=str
)
def test_the_tray_program_is_the_default(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], or_sample: bool
) -> None:
    started: list[bool] = []

    def run(*, or_sample: bool) -> int:
        started.append(or_sample)
        return 7

    monkeypatch.setattr(start, "run", run)
    assert cli.main(arguments) == 7
    assert started == [or_sample]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_word_to_the_running_program_is_sent(monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    sent: list[str] = []

    def send_command(command: str) -> int:
        sent.append(command)
        return 7

    monkeypatch.setattr(remote_cli, "send_command", send_command)
    assert cli.main([f"--{command}"]) == 7
    assert sent == [command]


@pytest.mark.parametrize("mixed", [["--toggle", "bench"], ["--start", "--stop"]], ids=str)
def test_a_word_to_the_running_program_stands_alone(mixed: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(mixed)
    assert end.value.code == 2
    assert f"{mixed[0]} stands alone" in capsys.readouterr().err


def test_a_word_to_a_program_that_does_not_run_is_told(tmp_path: Path) -> None:
    done = voicetype("--toggle", env={**ENGLISH, "VOICETYPE_CONFIG_DIR": str(tmp_path)})
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "VoiceType is not running. Start it first.\n"


@pytest.mark.parametrize(("arguments", "as_json"), [(["bench"], False), (["bench", "--json"], True)], ids=str)
def test_bench_measures(monkeypatch: pytest.MonkeyPatch, arguments: list[str], as_json: bool) -> None:
    started: list[bool] = []

    def run_bench(*, as_json: bool) -> int:
        started.append(as_json)
        return 7

    monkeypatch.setattr(bench, "run_bench", run_bench)
    assert cli.main(arguments) == 7
    assert started == [as_json]


def test_the_frozen_programs_engines_get_all_their_arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[list[str]] = []

    def main(arguments: list[str]) -> int:
        given.append(arguments)
        return 7

    monkeypatch.setattr(host, "main", main)
    monkeypatch.setattr(sys, "argv", ["voicetype", cli.ENGINE_HOST, "vosk", "--help"])
    assert cli.main() == 7
    assert given == [["vosk", "--help"]]


def test_a_question_is_answered_without_loading_the_program() -> None:
    code = (
        "import sys\n"
        "from voicetype import cli\n"
        "try:\n    cli.main(['--version'])\nexcept SystemExit as end:\n    assert end.code == 0\n"
        "print(*(name for name in sys.argv[1:] if name in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *NOT_FOR_A_QUESTION], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.split("\n", 1)[1].split() == []
