"""The private desktop does what the other desktop tests rely on."""

import array
import struct
import subprocess
import wave
from pathlib import Path

import pytest

from tests.desktop.rig import Desktop, eventually

XTERM = ("xterm", "-u8", "-title", "target", "-e")


@pytest.fixture
def beep(tmp_path: Path) -> Path:
    """A tone of half a second at full level."""
    path = tmp_path / "beep.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(b"".join(struct.pack("<h", 30_000 if n // 20 % 2 else -30_000) for n in range(8_000)))
    return path


@pytest.mark.parametrize(
    ("layouts", "group", "typed"),
    [("us", 0, "q"), ("ru", 0, "й"), ("us,ru", 0, "q"), ("us,ru", 1, "й")],
)
def test_a_key_reaches_the_focused_window_in_the_layout_in_force(
    desktop: Desktop, tmp_path: Path, layouts: str, group: int, typed: str
) -> None:
    heard = tmp_path / "typed.txt"
    desktop.set_layout(layouts, group)
    desktop.popen(*XTERM, "sh", "-c", f"cat > {heard}")
    desktop.focus("target")
    desktop.key("#24")  # right of Tab, whatever stands on it
    desktop.key("Return")
    eventually(lambda: heard.exists() and heard.read_text() == typed + "\n")


def test_the_microphone_hears_what_is_played(desktop: Desktop, beep: Path, tmp_path: Path) -> None:
    heard = tmp_path / "heard.raw"
    with heard.open("wb") as file:
        desktop.popen("parec", "--raw", "--format=s16le", "--channels=1", "--latency-msec=20", stdout=file)
    eventually(lambda: heard.stat().st_size)
    desktop.play(beep)
    eventually(lambda: max(array.array("h", heard.read_bytes()[: heard.stat().st_size // 2 * 2])) > 20_000)


def test_an_unplugged_microphone_is_gone_until_it_is_plugged(desktop: Desktop) -> None:
    desktop.unplug_microphone()
    assert "mic" not in desktop.run("pactl", "list", "short", "sources").stdout
    assert "No such entity" in desktop.run("parec", "--raw", check=False).stderr
    desktop.plug_microphone()
    recorder = desktop.popen("parec", "--raw", "--latency-msec=20", stdout=subprocess.PIPE)
    assert recorder.stdout.read(2)


def test_the_clipboard_keeps_text(desktop: Desktop) -> None:
    desktop.set_clipboard("«ёлочки» — №…")
    assert desktop.clipboard() == "«ёлочки» — №…"


def test_the_screen_can_be_pictured(desktop: Desktop, tmp_path: Path) -> None:
    desktop.screenshot(tmp_path / "screen.png")
    assert (tmp_path / "screen.png").read_bytes().startswith(b"\x89PNG")
