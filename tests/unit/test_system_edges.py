"""Memory, session, display and metrics of this machine."""

import subprocess
import sys

import psutil
import pytest

from voicetype.system import linux, windows
from voicetype.system.metrics import MetricsReader


def test_trimming_never_fails():
    linux.trim_memory()
    windows.trim_memory()


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's allocator")
def test_trimming_gives_freed_memory_back():
    code = (
        "import psutil\nfrom voicetype.system.linux import trim_memory\n"
        "blocks = [bytes(1000) for _ in range(200_000)]\nkept = blocks[-1]\n"
        "full = psutil.Process().memory_info().rss\ndel blocks\n"
        "trim_memory()\nprint((full - psutil.Process().memory_info().rss) // 2**20)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) > 50


@pytest.mark.parametrize(
    ("env", "kind"),
    [
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, "wayland"),
        ({"XDG_SESSION_TYPE": "wayland"}, "wayland"),
        ({"DISPLAY": ":0", "XDG_SESSION_TYPE": "x11"}, "x11"),
        ({}, "none"),
    ],
)
def test_the_session_is_known_by_its_environment(monkeypatch, env, kind):
    for name in ("WAYLAND_DISPLAY", "XDG_SESSION_TYPE", "DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    assert linux.session_type() == kind


@pytest.mark.skipif(sys.platform == "win32", reason="X11")
@pytest.mark.parametrize("display", [None, "", ":987", "nonsense", "localhost:987"])
def test_a_display_that_is_not_there_is_seen(monkeypatch, display):
    for name in ("WAYLAND_DISPLAY", "DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    if display is not None:
        monkeypatch.setenv("DISPLAY", display)
    assert not linux.display_works()


def test_metrics_count_child_processes():
    reader = MetricsReader()
    alone = reader.read()
    code = "import sys; block = b'x' * 50_000_000; print(flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout and child.stdin
        child.stdout.readline()
        together = reader.read()
        child.stdin.close()
    assert together.rss_mib > alone.rss_mib + 40
    assert together.cpu_percent > 0
    assert together.system_total_mib == pytest.approx(psutil.virtual_memory().total / 2**20)
