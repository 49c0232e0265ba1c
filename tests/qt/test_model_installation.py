"""Models are installed and removed in the background, one at a time, and every end is told."""

import threading
from pathlib import Path

import pytest

from voicetype.control.model_installation import Actions, ModelInstallation
from voicetype.core.messages import InstallError, Level, MessageCode
from voicetype.core.progress import Progress, Stage


class Work:
    """Actions that do what the test wants: wait for `go` or a cancellation, then fail with `error` or succeed."""

    def __init__(self):
        self.go = threading.Event()
        self.begun = threading.Event()
        self.calls = []
        self.error = None

    def actions(self):
        return Actions(self.install, self.take_in, lambda name: self.calls.append(("remove", name)))

    def install(self, name, tell, cancelled):
        self.calls.append(("install", name))
        tell(Progress(Stage.DOWNLOADING, 1, 2))
        self.begun.set()
        while not self.go.wait(0.01):
            if cancelled.is_set():
                raise InstallError(MessageCode.INSTALL_CANCELLED, name=name)
        if self.error:
            raise self.error
        return name

    def take_in(self, path, tell, cancelled):
        self.calls.append(("take in", path))
        return path.stem


@pytest.fixture
def work():
    return Work()


@pytest.fixture
def installation(work):
    installation = ModelInstallation(work.actions())
    installation.seen = []
    installation.started.connect(lambda name: installation.seen.append(("started", name)))
    installation.progressed.connect(lambda name, progress: installation.seen.append((name, progress.done)))
    yield installation
    installation.shutdown(10)


def test_an_installation_tells_its_beginning_progress_and_end(qtbot, installation, work):
    work.go.set()
    with qtbot.waitSignal(installation.ended) as ended:
        installation.install("a")
    assert installation.seen == [("started", "a"), ("a", 1)]
    name, message = ended.args
    assert (name, message.code, message.level, message.params) == (
        "a",
        MessageCode.MODEL_INSTALLED,
        Level.INFO,
        {"name": "a"},
    )
    assert installation.busy_with == ""


def test_a_second_wish_during_the_first_is_not_heard(qtbot, installation, work):
    installation.install("a")
    assert work.begun.wait(10)
    installation.remove("b")
    assert installation.busy_with == "a"
    with qtbot.waitSignal(installation.ended):
        work.go.set()
    assert work.calls == [("install", "a")]
    with qtbot.waitSignal(installation.ended) as ended:
        installation.remove("b")
    assert ended.args == ["b", None]
    assert work.calls[-1] == ("remove", "b")


def test_the_root_of_a_drive_keeps_the_installation_busy_too(qtbot, installation, work):
    root = Path(Path.cwd().anchor)
    with qtbot.waitSignal(installation.ended) as ended:
        installation.take_in(str(root))
        assert installation.busy_with == str(root)
        installation.install("b")
    assert work.calls == [("take in", root)]
    assert ended.args[0] == str(root)


def test_a_cancelled_one_says_nothing(qtbot, installation, work):
    installation.install("a")
    assert work.begun.wait(10)
    with qtbot.waitSignal(installation.ended) as ended:
        installation.cancel()
    assert ended.args == ["a", None]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InstallError(MessageCode.DISK_FULL, path="x"), MessageCode.DISK_FULL),
        (ZeroDivisionError(), MessageCode.UNEXPECTED_ERROR),
    ],
)
def test_a_failure_is_told_and_the_next_one_works(qtbot, installation, work, error, code):
    work.error = error
    work.go.set()
    with qtbot.waitSignal(installation.ended) as ended:
        installation.install("a")
    assert ended.args[1].code is code
    work.error = None
    with qtbot.waitSignal(installation.ended) as ended:
        installation.take_in(str(Path("folder") / "модель.zip"))
    assert ended.args[1].params == {"name": "модель"}


def test_the_end_of_the_program_stops_it(qtbot, installation, work):
    installation.install("a")
    assert work.begun.wait(10)
    installation.shutdown(10)
    assert not [thread for thread in threading.enumerate() if thread.name == "model-installation"]
