"""The sounds of a dictation through a real loudspeaker into a real microphone, in a process as the program would be."""

import json
import sys
from pathlib import Path

from tests.desktop.rig import Desktop
from tests.fakes_engines import SPEECH_MODEL, spoken_sentences, words_of
from voicetype.core.audio import level_dbfs
from voicetype.engines.vosk_engine import VoskModel

PROGRAM = """
import json, subprocess, sys
from voicetype.control.cues import Cues
from voicetype.core.audio import level_dbfs
from voicetype.core.config import AudioConfig
from voicetype.core.cues import Cue, ToneFilter
from voicetype.qt import QtCore
from voicetype.system.cue_player import SystemCuePlayer
from voicetype.system.microphone import SoundDeviceMicrophone
from voicetype.system.voice_activity import make_speech_spans

cue, spoken, written = Cue[sys.argv[1]], sys.argv[2], sys.argv[3]

def loudest(pcm):
    return max(level_dbfs(pcm[at : at + 640]) for at in range(0, len(pcm), 640))

class Sink:
    def __init__(self):
        self.pcm = b""
    def write(self, block):
        self.pcm += block
    def close(self):
        pass

class Program(QtCore.QObject):
    heard = QtCore.Signal()
    def __init__(self):
        super().__init__()
        self.raw, self.clean, self.speech = Sink(), Sink(), make_speech_spans()
        self.cues = Cues(SystemCuePlayer(), AudioConfig(sound_volume=100))
        self.guard = self.cues.guard(self.clean)
        self.waits = True
        self.heard.connect(self.on_heard, QtCore.Qt.ConnectionType.QueuedConnection)
        self.microphone = SoundDeviceMicrophone()
        self.microphone.start(self.on_block, print)
        speak = ["env", "PULSE_LATENCY_MSEC=2000", "paplay", "-d", "speaker", spoken]
        self.voice = subprocess.Popen(speak) if spoken else None

    def on_block(self, block):
        self.raw.write(block)
        self.guard.write(block)
        # Without speech the cue comes with the first sound, as in a dictation; else with the first word.
        if self.waits and (not spoken or level_dbfs(block) > -40):
            self.waits = False
            self.heard.emit()

    @QtCore.Slot()
    def on_heard(self):
        self.cues.play(cue)
        QtCore.QTimer.singleShot(1200, self.finish)

    def finish(self):
        if self.voice:
            self.voice.wait()
            QtCore.QTimer.singleShot(600, self.end)
        else:
            self.end()

    def end(self):
        self.microphone.stop()
        self.cues.close()
        self.speech.write(self.clean.pcm)
        open(written, "wb").write(self.clean.pcm)
        raw, clean = self.raw.pcm, self.clean.pcm
        print(json.dumps({"raw": loudest(raw), "clean": loudest(clean), "whole": loudest(ToneFilter(cue).filtered(raw)),
                          "speech_ms": self.speech.speech_ms(0, 10**6)}))
        QtCore.QCoreApplication.quit()

app = QtCore.QCoreApplication([])
program = Program()
app.exec()
"""


def dictate(desktop: Desktop, cue: str, spoken: Path | str, written: Path) -> dict[str, float]:
    """Play a cue while a file is spoken ("" for silence); what was captured goes into `written`."""
    done = desktop.run(sys.executable, "-c", PROGRAM, cue, spoken, written)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_the_loudest_cue_does_not_get_into_the_dictation(desktop: Desktop, tmp_path: Path) -> None:
    heard = dictate(desktop, "READY", "", tmp_path / "captured")
    assert heard["raw"] > -20, "the microphone did not hear the cue"
    # A machine that is too busy tears the tone on its way, and no filter mends that; what the guard can do it has done.
    assert heard["clean"] < max(-60, heard["whole"] + 1)
    if heard["whole"] < -60:
        assert heard["speech_ms"] == 0


def test_speech_under_a_cue_stays_what_it_was(desktop: Desktop, tmp_path: Path) -> None:
    path, words = min(spoken_sentences(), key=lambda sentence: sentence[0].stat().st_size)
    heard = dictate(desktop, "READY", path, tmp_path / "captured")
    assert heard["speech_ms"] > 500
    captured = (tmp_path / "captured").read_bytes()
    assert level_dbfs(captured) > -40
    assert words_of(VoskModel(SPEECH_MODEL), captured) == words
