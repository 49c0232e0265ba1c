"""The second start speaks to the first one."""

import subprocess
import sys
import uuid

import pytest

from voicetype import store
from voicetype.control.single_instance import COMMANDS, QUIT, TOGGLE, SingleInstance
from voicetype.qt import QtCore

SECOND = """
import sys
from voicetype.qt import QtCore
from voicetype.control import single_instance
from voicetype.control.single_instance import SingleInstance
app = QtCore.QCoreApplication([])
single_instance._TIMEOUT_MS = 20_000
instance = SingleInstance(sys.argv[1])
sys.exit(5 if instance.acquire() else 0 if instance.send(sys.argv[2]) else 3)
"""


@pytest.fixture
def name():
    return f"voicetype-test-{uuid.uuid4().hex}"


@pytest.fixture
def first(qtbot, name):
    instance = SingleInstance(name)
    assert instance.acquire()
    yield instance
    instance.release()


def second_start(name: str, command: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", SECOND, name, command])


@pytest.mark.parametrize("command", COMMANDS)
def test_a_second_start_delivers_its_command(qtbot, first, name, command):
    with qtbot.waitSignal(first.command_received, timeout=20_000) as received:
        process = second_start(name, command)
    assert received.args == [command]
    qtbot.waitUntil(lambda: process.poll() is not None, timeout=20_000)
    assert process.returncode == 0


def test_quit_returns_when_the_first_one_has_ended(qtbot):
    running = SingleInstance(store.runtime_name())
    assert running.acquire()
    with qtbot.waitSignal(running.command_received, timeout=20_000) as received:
        process = subprocess.Popen([sys.executable, "-m", "voicetype", "--quit"])
    assert received.args == [QUIT]
    assert process.poll() is None
    running.release()
    assert process.wait(20) == 0


def test_one_that_does_not_end_is_not_waited_for_without_end(first, name):
    later = SingleInstance(name)
    assert not later.wait_until_free(0.01)
    first.release()
    assert later.wait_until_free(0.01)


def test_an_unknown_command_is_refused(qtbot, first, name):
    received: list[str] = []
    first.command_received.connect(received.append)
    process = second_start(name, "format-disk")
    qtbot.waitUntil(lambda: process.poll() is not None, timeout=20_000)
    assert process.returncode == 3
    assert received == []


@pytest.mark.skipif(sys.platform == "win32", reason="named pipes leave no file behind")
def test_the_socket_of_a_crashed_instance_is_taken_over(qtbot, name):
    crash = "import os\nfrom voicetype.qt import QtCore\nfrom voicetype.control.single_instance import SingleInstance\n"
    crash += "import sys\napp = QtCore.QCoreApplication([])\nassert SingleInstance(sys.argv[1]).acquire()\nos._exit(9)"
    assert subprocess.run([sys.executable, "-c", crash, name], check=False).returncode == 9
    instance = SingleInstance(name)
    assert instance.acquire()
    instance.release()


def test_without_a_place_for_the_lock_the_program_still_runs(qtbot, monkeypatch, tmp_path, name):
    monkeypatch.setattr(QtCore.QDir, "tempPath", staticmethod(lambda: str(tmp_path / "nowhere")))
    instance = SingleInstance(name)
    assert instance.acquire()
    instance.release()


def test_a_first_instance_that_hangs_is_noticed(qtbot, first, name, monkeypatch):
    monkeypatch.setattr("voicetype.control.single_instance._TIMEOUT_MS", 50)
    later = SingleInstance(name)
    assert not later.acquire()
    assert not later.send(TOGGLE)  # its event loop does not run meanwhile
