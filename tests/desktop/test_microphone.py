"""The microphone of the private desktop, in a process of its own as the program would be."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.desktop.rig import Desktop

PROGRAM = """
import sys, time
from voicetype.core.audio import level_dbfs
from voicetype.core.messages import AudioError
from voicetype.system.microphone import SoundDeviceMicrophone, list_devices, warm_up

def tell(*words, sep=" "):
    print(*words, sep=sep, flush=True)

class Ear:
    def __init__(self):
        self.pcm, self.first = b"", 0.0
    def __call__(self, block):
        self.first = self.first or time.monotonic()
        self.pcm += block

microphone = ear = None
warm_up()
tell("ready")
for line in sys.stdin:
    command, _, device = line.strip().partition(" ")
    try:
        if command == "list":
            tell(*(f"{device.name}{'*' if device.is_default else ''}" for device in list_devices()), sep="|")
        elif command == "start":
            microphone, ear, begin = SoundDeviceMicrophone(device), Ear(), time.monotonic()
            microphone.start(ear, lambda error: tell("lost", error.message.code.value))
            tell("started")
        elif command == "latency":
            while not ear.first:
                time.sleep(0.001)
            tell(round(1000 * (ear.first - begin)))
        elif command == "stop":
            microphone.stop()
            size = len(ear.pcm)
            time.sleep(0.1)
            tell(size, len(ear.pcm) - size, round(level_dbfs(ear.pcm[-16000:])))
    except AudioError as error:
        tell(error.message.code.value)
"""

Ask = Callable[[str], str]


@pytest.fixture
def ask(desktop: Desktop) -> Iterator[Ask]:
    """Gives one command to a program that uses the microphone and returns its answer ("" only waits for one)."""
    program: Any = desktop.popen(
        sys.executable, "-c", PROGRAM, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )

    def give(command: str) -> str:
        if command:
            program.stdin.write(command + "\n")
            program.stdin.flush()
        return str(program.stdout.readline()).strip()

    assert give("") == "ready"
    yield give


def test_the_first_block_comes_soon_and_all_of_the_speech_follows(ask: Ask) -> None:
    assert ask("start") == "started"
    # 60 ms on an idle machine; the bound only tells small blocks from large ones.
    assert int(ask("latency")) < 500
    size, late, level = map(int, ask("stop").split())
    assert size > 0
    assert size % 2 == 0
    assert late == 0, "a block came after stop"
    assert level == -90


def test_it_opens_again_and_again(ask: Ask) -> None:
    for _ in range(5):
        assert ask("start") == "started"
        assert int(ask("latency")) >= 0
        assert int(ask("stop").split()[0]) > 0


def test_the_sound_servers_microphones_are_listed_and_chosen_by_name(ask: Ask) -> None:
    name = "Remapped Monitor of Null Output"
    assert ask("list") == name + "*"
    assert ask(f"start {name}") == "started"
    assert int(ask("latency")) >= 0
    ask("stop")
    assert ask("start no such microphone") == "microphone_not_found"


def test_pulled_out_while_recording_it_is_lost_and_found_again(desktop: Desktop, ask: Ask) -> None:
    assert ask("start") == "started"
    ask("latency")
    desktop.unplug_microphone()
    assert ask("") == "lost microphone_lost"
    assert int(ask("stop").split()[1]) == 0
    assert ask("list") == ""
    assert ask("start") == "no_microphone"
    desktop.plug_microphone()
    assert ask("start") == "started"
    assert int(ask("latency")) >= 0
    ask("stop")
