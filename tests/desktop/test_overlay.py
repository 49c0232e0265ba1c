"""The overlay on a real X server: it is seen, and the window that had the keyboard keeps it."""

import subprocess
import sys
from pathlib import Path

from tests.desktop.rig import eventually

ROOT = Path(__file__).resolve().parents[2]
TARGET = "overlay target"
SHOW = """
from voicetype.core.levels import SoundLevel
from voicetype.core.ports import Transcript
from voicetype.core.status import AppStatus, SessionState
from voicetype.qt import QtCore, QtWidgets
from voicetype.ui.overlay import Overlay

app = QtWidgets.QApplication([])
overlay = Overlay()
overlay.setWindowTitle("the overlay")
overlay.show_status(AppStatus(session=SessionState.LISTENING))
overlay.set_level(SoundLevel(-20.0, -12.0))
overlay.set_transcript(Transcript("Добрый день.", "сегодня мы"))
QtCore.QTimer.singleShot(0, lambda: print("shown", flush=True))
app.exec()
"""


def test_showing_the_overlay_leaves_the_focus_where_it_is(desktop, tmp_path):
    typed = tmp_path / "typed"
    script = f"stty -icanon -echo min 1; touch {tmp_path}/ready; exec cat > {typed}"
    desktop.popen("xterm", "-T", TARGET, "-e", "sh", "-c", script)
    eventually((tmp_path / "ready").exists, what="a terminal")
    window = int(desktop.focus(TARGET), 16)
    program = desktop.popen(sys.executable, "-c", SHOW, cwd=ROOT, stdout=subprocess.PIPE)
    assert program.stdout.readline().strip() == b"shown"
    search = ("xdotool", "search", "--onlyvisible", "--name", "^the overlay$")
    overlay = eventually(lambda: desktop.run(*search, check=False).stdout.strip(), what="the overlay on the screen")
    assert desktop.focused_window() == window
    assert desktop.run("xdotool", "getwindowfocus").stdout.strip() != overlay
    desktop.run("xdotool", "type", "abc")
    eventually(lambda: typed.exists() and typed.read_text() == "abc", what="the keys in the window that has the focus")
    desktop.screenshot(tmp_path / "screen.png")
    # A click goes through it, to whatever lies below.
    desktop.run("xdotool", "mousemove", "--window", overlay, "40", "20", "click", "1")
    assert program.poll() is None
