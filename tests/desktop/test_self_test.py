"""`voicetype --self-test` on a desktop, from the sources and, slow, frozen."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.desktop.rig import Desktop
from tests.unit.sources import ROOT
from voicetype.self_test.report import CHECKS

WORDS = "совещание начнётся в десять часов в большом зале отправьте пожалуйста договор на почту директора"
TYPED = "Привет, «ёлка» — test №5 😀!"


def self_test(desktop: Desktop, command: Sequence[str | Path], folder: Path, **env: str) -> dict[str, Any]:
    """The report of a run in which the user's settings are in a folder of their own."""
    file, own = folder / "report.json", folder / "settings"
    own.mkdir()
    variables = {**desktop.env, "VOICETYPE_CONFIG_DIR": str(own), **env}
    # Not through `desktop.run`: the variables count.
    done = subprocess.run(
        [str(word) for word in (*command, "--self-test", "--json", file)],
        env=variables,
        capture_output=True,
        encoding="utf-8",
        timeout=110,
        check=False,
    )
    report: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    assert (done.returncode, report["ok"]) == (0, True), done.stdout + done.stderr
    assert list(own.iterdir()) == []
    assert [check["name"] for check in report["checks"]] == list(CHECKS)
    return report


def details(report: dict[str, Any]) -> dict[str, str]:
    return {check["name"]: check["detail"] for check in report["checks"] if check["state"] == "ok"}


def test_from_the_sources_every_check_passes(desktop: Desktop, tmp_path: Path) -> None:
    desktop.set_clipboard("чужое")
    found = details(self_test(desktop, [sys.executable, "-m", "voicetype"], tmp_path))
    assert set(found) == set(CHECKS)
    assert found["vosk"] == found["vosk-cyrillic-path"] == WORDS
    assert found["typing"] == TYPED
    assert "Docker" in found["vocabulary"]
    assert found["clipboard"] == "pasted; text, html, own format, picture came back"


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_frozen_program_is_whole_and_passes_too(
    desktop: Desktop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("PyInstaller", reason="packaging/dev.py package installs it")
    monkeypatch.syspath_prepend(str(ROOT / "packaging" / "frozen"))
    make = importlib.import_module("make")
    folder = make.build(tmp_path / "dist", tmp_path / "work")
    assert list(importlib.import_module("tree").problems(folder)) == []
    (tmp_path / "desktop").mkdir()
    report = self_test(desktop, [make.program_in(folder)], tmp_path / "desktop")
    assert report["frozen"]
    assert set(details(report)) == set(CHECKS)
    (tmp_path / "bare").mkdir()
    report = self_test(desktop, [make.program_in(folder)], tmp_path / "bare", DISPLAY="")
    assert set(CHECKS) - set(details(report)) == {"tray", "typing", "clipboard", "hotkey"}
