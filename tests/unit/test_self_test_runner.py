"""The process that watches over the checks: what it makes of results, crashes, hangs and missing consoles."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from voicetype import cli
from voicetype.self_test import checks, child, harness, runner
from voicetype.self_test.report import CHECKS, CLIPBOARD_CONTENTS, PASTE_FIELD, Result, State

PLAY = """
import json, os, sys, time
file, *names = sys.argv[1:]
def write(data):
    with open(file, "a", encoding="utf-8") as lines:
        lines.write(json.dumps(data) + "\\n")
assert not os.environ["VOICETYPE_CONFIG_DIR"].isascii()
for name in names:
    write({"begin": name})
    if name == "crash":
        sys.stderr.write("what the library said"); sys.stderr.flush(); os._exit(7)
    if name == "hang":
        time.sleep(60)
    write({"name": name, "state": name if name in ("failed", "skipped") else "ok", "detail": str(os.getpid()), "ms": 1})
"""
"""Checks that do what their names say."""


def play(file: Path, names: Sequence[str]) -> list[str]:
    return [sys.executable, "-c", PLAY, str(file), *names]


def run(*names: str, **limits: float) -> list[Result]:
    told: list[Result] = []
    results = runner.run(names, play, on_result=told.append, **limits)
    assert told == results
    assert [result.name for result in results] == list(names)
    return results


def test_all_checks_run_in_one_process_of_its_own() -> None:
    results = run("one", "failed", "skipped", "two")
    assert [result.state for result in results] == [State.OK, State.FAILED, State.SKIPPED, State.OK]
    processes = {result.detail for result in results}
    assert len(processes) == 1
    assert str(os.getpid()) not in processes


def test_after_a_crash_the_next_checks_get_a_new_process() -> None:
    before, crashed, after = run("before", "crash", "after")
    assert (crashed.state, crashed.detail, crashed.output) == (
        State.FAILED,
        "the process ended with 7",
        "what the library said",
    )
    assert (before.state, after.state) == (State.OK, State.OK)
    assert before.detail != after.detail


def test_a_check_that_hangs_is_ended_and_the_others_go_on() -> None:
    hung, after = run("hang", "after", check_limit_s=5.0)
    assert hung.state is State.FAILED
    told = re.fullmatch(r"no answer within (\d+) s", hung.detail)
    assert told is not None and int(told[1]) >= 5
    assert after.state is State.OK


def test_what_is_not_reached_in_time_has_failed() -> None:
    hung, never = run("hang", "never", check_limit_s=30.0, limit_s=0.5)
    assert hung.state is never.state is State.FAILED
    assert never.detail == "not reached within 0.5 s"


def test_a_process_that_cannot_begin_is_no_endless_loop() -> None:
    results = runner.run(["one", "two"], lambda file, names: [sys.executable, "-c", "raise SystemExit('no Qt')"])
    assert [(result.state, result.output) for result in results] == [(State.FAILED, "no Qt")] * 2


def test_nothing_stays_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    run("one", "crash")
    assert list(tmp_path.iterdir()) == []


def test_the_report_is_a_file_that_programs_can_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(runner, "CHECKS", ("one", "failed"))
    monkeypatch.setattr(runner, "_child_command", play)
    file = tmp_path / "отчёт.json"
    assert cli.main(["--self-test", "--json", str(file)]) == 1
    report = json.loads(file.read_text(encoding="utf-8"))
    assert (report["ok"], report["frozen"]) == (False, False)
    assert [Result.from_data(data).state for data in report["checks"]] == [State.OK, State.FAILED]
    assert [line.split()[:2] for line in capsys.readouterr().out.splitlines()] == [["one", "ok"], ["failed", "failed"]]


def test_it_bears_a_program_without_a_console(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "CHECKS", ("one", "skipped"))
    monkeypatch.setattr(runner, "_child_command", play)
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    assert runner.main(["--json", str(tmp_path / "report.json")]) == 0
    assert runner.main(["--what"]) == 2


def test_a_command_without_a_console_has_streams(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    with pytest.raises(SystemExit) as end:
        cli.main(["--version"])
    assert end.value.code == 0
    for stream in {sys.stdin, sys.stdout, sys.stderr}:
        stream.close()


def test_a_report_that_cannot_be_written_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(runner, "CHECKS", ("one",))
    monkeypatch.setattr(runner, "_child_command", play)
    assert runner.main(["--json", str(tmp_path / "absent" / "report.json")]) == 3
    assert "report.json" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--json"], ["--jason", "file"], ["more"], ["--json", "file", "more"]])
def test_other_arguments_are_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--self-test", *arguments]) == 2
    assert "usage" in capsys.readouterr().err


def test_every_named_check_is_there() -> None:
    assert tuple(checks.BY_NAME) == (*CHECKS, CLIPBOARD_CONTENTS, PASTE_FIELD)


@pytest.mark.parametrize(
    ("error", "state", "detail"),
    [
        (harness.Skipped("no screen"), State.SKIPPED, "no screen"),
        (harness.Failed("other words"), State.FAILED, "other words"),
        (OSError("broken\nlibrary"), State.FAILED, "OSError: broken library"),
    ],
)
def test_what_a_check_raises_is_its_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, state: State, detail: str
) -> None:
    def check() -> str:
        raise error

    monkeypatch.setattr(checks, "BY_NAME", {"one": check, "two": lambda: "found"})
    file = tmp_path / "results.jsonl"
    assert child.main([str(file), "one", "two"]) == 0
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert lines[0] == {"begin": "one"}
    one, two = Result.from_data(lines[1]), Result.from_data(lines[3])
    assert (one.state, one.detail) == (state, detail)
    assert (two.state, two.detail) == (State.OK, "found")
