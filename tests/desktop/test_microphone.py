"""The microphone of the private desktop, in a process of its own as the program would be."""

import math
import subprocess
import sys
import wave
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.desktop.rig import SPEAKER_LATENCY, Desktop
from voicetype.core.audio import pcm_of
from voicetype.core.ports import SAMPLE_RATE_HZ

PROGRAM = """
import sys, time
from voicetype.core.audio import level_dbfs
from voicetype.core.messages import AudioError
from voicetype.system.microphone import SoundDeviceMicrophone, list_devices, warm_up

def tell(*words, sep=" "):
    # One write for a line: PortAudio's thread tells too, and print() writes a line's end by itself.
    sys.stdout.write(sep.join(map(str, words)) + "\\n")
    sys.stdout.flush()

class Ear:
    def __init__(self):
        self.pcm, self.block = b"", 0
    def __call__(self, block):
        self.pcm += block
        self.block = self.block or len(block)

microphone = ear = None
warm_up()
tell("ready")
for line in sys.stdin:
    command, _, device = line.strip().partition(" ")
    try:
        if command == "list":
            tell(*(f"{device.name}{'*' if device.is_default else ''}" for device in list_devices()), sep="|")
        elif command == "start":
            microphone, ear = SoundDeviceMicrophone(device), Ear()
            microphone.start(ear, lambda error: tell("lost", error.message.code.value))
            tell("started")
        elif command == "block":
            while not ear.block:
                time.sleep(0.001)
            tell(ear.block)
        elif command == "stop":
            microphone.stop()
            size = len(ear.pcm)
            time.sleep(0.1)
            tell(size, len(ear.pcm) - size, round(level_dbfs(ear.pcm[-16000:])))
    except AudioError as error:
        tell(error.message.code.value)
"""

CAPTURE = """
import sys, threading
from voicetype.control.capture import Capture
from voicetype.core.audio import level_dbfs
from voicetype.qt import QtCore
from voicetype.system.microphone import SoundDeviceMicrophone

class Ear:
    pcm = b""
    def write(self, block):
        self.pcm += block
        if len(self.pcm) >= 16000:
            tell("level", 10 * round(level_dbfs(self.pcm) / 10))
            self.pcm = b""
    def close(self):
        tell("closed")

def tell(*words):
    # As above: one write for a line.
    sys.stdout.write(" ".join(map(str, words)) + "\\n")
    sys.stdout.flush()

def make(*, replacement=False):
    return SoundDeviceMicrophone(replacement=replacement)

def wait_for_the_end():
    sys.stdin.read()
    QtCore.QMetaObject.invokeMethod(application, "quit")

application = QtCore.QCoreApplication([])
capture = Capture()
capture.noticed.connect(lambda m: tell(m.code.value, *m.params.values()))
capture.failed.connect(lambda problem: tell("failed"))
capture.open(1, make, [Ear()])
threading.Thread(target=wait_for_the_end, daemon=True).start()
application.exec()
capture.shutdown()
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


def test_the_first_block_is_a_small_one_and_all_of_the_speech_follows(ask: Ask) -> None:
    assert ask("start") == "started"
    assert int(ask("block")) <= 2 * SAMPLE_RATE_HZ // 10, "a tenth of a second"
    size, late, level = map(int, ask("stop").split())
    assert size > 0
    assert size % 2 == 0
    assert late == 0, "a block came after stop"
    assert level == -90


def test_it_opens_again_and_again(ask: Ask) -> None:
    for _ in range(5):
        assert ask("start") == "started"
        assert int(ask("block")) > 0
        assert int(ask("stop").split()[0]) > 0


def test_the_sound_servers_microphones_are_listed_and_chosen_by_name(ask: Ask) -> None:
    name = "Remapped Monitor of Null Output"
    assert ask("list") == name + "*"
    assert ask(f"start {name}") == "started"
    assert int(ask("block")) > 0
    ask("stop")
    assert ask("start no such microphone") == "microphone_not_found"


def test_pulled_out_while_recording_it_is_lost_and_found_again(desktop: Desktop, ask: Ask) -> None:
    assert ask("start") == "started"
    ask("block")
    desktop.unplug_microphone()
    assert ask("") == "lost microphone_lost"
    assert int(ask("stop").split()[1]) == 0
    assert ask("list") == ""
    assert ask("start") == "no_microphone"
    desktop.plug_microphone()
    assert ask("start") == "started"
    assert int(ask("block")) > 0
    ask("stop")


def write_tone(path: Path, peak: int) -> Path:
    """A minute of 480 Hz, on the left channel only."""
    cycle = array("h")
    for step in range(100):
        cycle.extend((round(peak * math.sin(2 * math.pi * step / 100)), 0))
    with wave.open(str(path), "wb") as file:
        file.setparams((2, 2, 48_000, 0, "NONE", ""))
        file.writeframes(pcm_of(cycle) * 480 * 60)
    return path


def test_a_capture_follows_the_default_and_outlives_its_microphone(desktop: Desktop, tmp_path: Path) -> None:
    """One microphone is silent; two of 48 kHz and two channels hear a tone on the left one."""
    modules = []
    for name, peak in (("loud", 16_000), ("soft", 1_600)):
        desktop.load("module-null-sink", f"sink_name={name}", "rate=48000", "channels=2")
        desktop.popen("parec", "-d", f"{name}.monitor", "--latency-msec=20", stdout=subprocess.DEVNULL)
        desktop.popen("paplay", "-d", name, write_tone(tmp_path / f"{name}.wav", peak), env=SPEAKER_LATENCY)
        arguments = (f"source_name={name}mic", f"master={name}.monitor", f"source_properties=device.description={name}")
        modules.append(desktop.load("module-remap-source", *arguments))
    desktop.run("pactl", "set-default-source", "mic")
    # Without the variable, which is a choice of a microphone, the program follows the default.
    command = ("env", "-u", "PULSE_SOURCE", sys.executable, "-c", CAPTURE)
    program: Any = desktop.popen(*command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    told: list[str] = []

    def wait_for(line: str) -> None:
        for answer in program.stdout:
            if answer.strip() == line:
                return
            if not answer.startswith("level"):
                told.append(answer)
        raise AssertionError(f"no {line!r}: {told}")

    wait_for("no_signal Remapped Monitor of Null Output")
    desktop.run("pactl", "set-default-source", "loudmic")
    wait_for("level -10")  # a dead channel does not halve it
    desktop.run("pactl", "set-default-source", "softmic")
    wait_for("level -30")
    for module in modules:
        desktop.unload(module)
    wait_for("microphone_switched soft Remapped Monitor of Null Output")
    wait_for("level -90")
    program.stdin.close()
    wait_for("closed")
    assert program.wait(20) == 0
    assert told == []
