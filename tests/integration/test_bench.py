"""`voicetype bench` without display and microphone: it measures what can be measured, and the figures make sense."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys

import pytest

from voicetype import bench
from voicetype.bench import Figures

NOT_INHERITED = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "PYNPUT_BACKEND")
NEEDS_A_SCREEN = {"start_to_tray_ms"}
MAY_LACK = {*NEEDS_A_SCREEN, "press_to_first_audio_ms"}  # the machine may have a microphone or not
MEMORY_PROMISE_MIB = 20
SECONDS_LIMIT = 110


@pytest.fixture(scope="module")
def figures() -> dict[str, float | None]:
    clean = {key: value for key, value in os.environ.items() if key not in NOT_INHERITED}
    command = [sys.executable, "-m", "voicetype", "bench", "--json"]
    done = subprocess.run(command, env=clean, capture_output=True, text=True, timeout=SECONDS_LIMIT, check=False)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert "DEBUG" not in done.stderr
    result: dict[str, float | None] = json.loads(done.stdout)  # nothing but JSON
    return result


def number(figures: dict[str, float | None], name: str) -> float:
    value = figures[name]
    assert value is not None, name
    return value


def test_every_figure_is_there_and_only_a_screen_or_a_microphone_may_lack(figures: dict[str, float | None]) -> None:
    assert list(figures) == [field.name for field in dataclasses.fields(Figures)]
    lacking = {name for name, value in figures.items() if value is None}
    assert lacking >= NEEDS_A_SCREEN
    assert lacking <= MAY_LACK
    assert all(value > 0 for value in figures.values() if value is not None)


def test_ratios_are_plausible(figures: dict[str, float | None]) -> None:
    # Wide enough for a machine that does other things too: these hold, or a figure is not what its name says.
    assert 0.2 < number(figures, "decode_ratio_to_bare_vosk") < 10
    assert number(figures, "decode_real_time_factor") < 1
    assert number(figures, "text_growth") < 3


def test_memory_grows_with_the_models_and_comes_back(figures: dict[str, float | None]) -> None:
    idle, loaded, unloaded = (number(figures, f"rss_{name}_mib") for name in ("idle", "loaded", "unloaded"))
    assert loaded > idle + MEMORY_PROMISE_MIB
    assert unloaded < idle + MEMORY_PROMISE_MIB


def test_the_table_has_a_line_for_each_figure_and_says_what_could_not_be_measured() -> None:
    lines = bench._table(Figures(cold_press_to_ready_ms=261.5772)).splitlines()
    assert len(lines) == len(dataclasses.fields(Figures))
    assert [line.split()[-1] for line in lines if line.startswith("cold press to ready ms")] == ["261.577"]
    assert sum(line.endswith("not measurable here") for line in lines) == len(lines) - 1
