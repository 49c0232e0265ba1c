"""A process that dictates is killed at random moments; the next one finds everything that was said.

The long run prints its figures:

    python -m pytest -s -m slow tests/integration/test_records_killed.py
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import records_harness as harness
from fakes_engines import SPEECH_MODEL, spoken_sentences, words_of

from voicetype.control.recognition_worker import MAX_BLOCK_BYTES
from voicetype.core.config import HistoryConfig
from voicetype.engines.vosk_engine import VoskModel
from voicetype.records.records import Records

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL and modes are POSIX")

ROOT = Path(__file__).resolve().parents[2]
LONGEST_RUN_S = 0.8
TOO_SHORT_BLOCKS = 10
"""0.32 s: the first length that is offered."""
LOSS_LIMIT = 0.25
"""Of the blocks of interrupted dictations: some are on their way; 1 = none was saved."""


@dataclass
class Figures:
    """What many kills came to. `lost_s`: age of the oldest block that was taken and not found, at most."""

    kills: int = 0
    dictations: int = 0
    blocks: int = 0
    interrupted_blocks: int = 0
    lost_blocks: int = 0
    lost_s: float = 0.0
    offered: int = 0
    with_text: int = 0
    twice: int = 0
    in_mid_sentence: int = 0
    phases: dict[str, int] = field(default_factory=dict)


@dataclass
class Told:
    """What the killed process had told of one dictation: the last step, when each block had been taken, and how many
    of them were written.
    """

    step: str = "B"
    taken_at: list[float] = field(default_factory=list)
    written: int = 0


def start(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}", "PYTHONWARNINGS": "error"}
    command = [sys.executable, str(ROOT / "tests" / "records_harness.py"), arguments[0], str(folder), *arguments[1:]]
    return subprocess.Popen(command, stdout=subprocess.PIPE, env=environment)


def killed(folder: Path, chance: random.Random) -> tuple[dict[str, Told], float]:
    """Run the program, kill it at some moment after its first dictation began; what it told, and the moment."""
    process = start(folder, "run", str(chance.random()))
    assert process.stdout is not None
    first = process.stdout.readline()
    lines = [first]
    reader = threading.Thread(target=lambda: lines.extend(process.stdout or ()))
    reader.start()
    time.sleep(chance.uniform(0.0, LONGEST_RUN_S))
    at = time.monotonic()
    process.kill()
    process.wait(30)
    reader.join(30)
    process.stdout.close()
    told: dict[str, Told] = {}
    for line in lines:
        step, name, _number, clock = line.decode().split()
        dictation = told.setdefault(name, Told())
        if step == "D":
            dictation.written += 1
        else:
            dictation.step = step
        if step == "W":
            dictation.taken_at.append(int(clock) / 1e9)
    return told, at


def looked_at(folder: Path) -> dict:
    """What a process of its own finds."""
    process = start(folder, "look")
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    return json.loads(output)


def check(told: dict[str, Told], killed_at: float, found: dict, figures: Figures) -> None:
    assert found["troubles"] == [] and found["open_to_others"] == []
    left = {each["name"]: each for each in found["left"]}
    assert set(left) <= set(told), "something is offered that was answered before"
    figures.kills += 1
    figures.dictations += len(told)
    last = list(told.values())[-1].step
    figures.phases[last] = figures.phases.get(last, 0) + 1
    for name, dictation in told.items():
        taken = len(dictation.taken_at)
        figures.blocks += taken
        missing: list[float] = []
        if dictation.step == "S":
            assert name not in left, "the text was delivered, and known to be"
            assert found["states"][name] == "inserted"
        elif name in left:
            figures.offered += 1
            figures.with_text += left[name]["text"] is not None
            figures.twice += dictation.step == "I"
            figures.in_mid_sentence += dictation.step == "W"
            missing = dictation.taken_at[left[name]["blocks"] :]
            assert dictation.written <= left[name]["blocks"], "what was written is lost"
            if left[name]["text"] is None:
                assert dictation.step in {"B", "W"}
            else:
                assert left[name]["text"] == harness.TEXT.format(name=name)
        elif dictation.step == "I":
            # Killed before the new state was written, or before the line that tells of it.
            assert found["states"][name] in {"held", "inserted"}
        else:
            assert dictation.step in {"B", "W"} or found["states"][name] == "held", "a finished text is lost"
            missing = dictation.taken_at[TOO_SHORT_BLOCKS - 1 :]
            assert dictation.written < TOO_SHORT_BLOCKS, "what was written is lost"
        if dictation.step != "S":
            figures.interrupted_blocks += taken
        figures.lost_blocks += len(missing)
        figures.lost_s = max([figures.lost_s, *(killed_at - at for at in missing[:1])])


def many_kills(folder: Path, kills: int, seed: int, look: Callable[[Path], dict]) -> Figures:
    """Kill so often, and on a slow disk until something is offered, but not for ever."""
    chance, figures = random.Random(seed), Figures()
    while figures.kills < kills or not (figures.offered or figures.kills == 5 * kills):
        told, at = killed(folder, chance)
        found = look(folder)
        check(told, at, found, figures)
        harness.answer(folder)
    assert look(folder)["left"] == []
    return figures


def test_nothing_that_was_said_is_lost_to_a_kill(tmp_path):
    figures = many_kills(tmp_path / "data", 10, seed=5, look=harness.look)
    assert figures.kills >= 10 and figures.offered
    assert figures.lost_blocks <= LOSS_LIMIT * figures.interrupted_blocks


def test_what_was_said_before_a_kill_is_recognised_after_it(tmp_path):
    path, words = spoken_sentences()[0]
    process = start(tmp_path, "say", str(path))
    assert process.stdout is not None and process.stdout.readline()
    process.kill()
    process.communicate(timeout=30)
    told = []
    records = Records(tmp_path, HistoryConfig(), told.append)
    try:
        (left,) = records.left_over().result(30)
        audio = left.audio()
        sound = b"".join(iter(lambda: audio.read(0.5, MAX_BLOCK_BYTES), None))
        assert words_of(VoskModel(SPEECH_MODEL), sound) == words
    finally:
        records.close(30)
    assert told == []


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_nothing_that_was_said_is_lost_to_a_hundred_kills(tmp_path):
    figures = many_kills(tmp_path / "data", 100, seed=random.randrange(10**6), look=looked_at)
    print(f"\n{figures}; {figures.blocks * harness.BLOCK_S:.0f} s of sound")  # noqa: T201
    assert figures.kills == 100 and figures.in_mid_sentence
    assert figures.lost_blocks <= LOSS_LIMIT * figures.interrupted_blocks
