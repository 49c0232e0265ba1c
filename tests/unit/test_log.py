"""The log helps to find faults and keeps what was dictated to itself."""

import subprocess
import sys

import pytest

SECRET = "тайна пациента"
FAIL = """
import sys, threading
from pathlib import Path
from voicetype import log
log.configure(None, Path(sys.argv[1]))
told = []
log.install_hooks(lambda: told.append(1))
def recognise():
    dictated = sys.argv[2]
    raise ValueError("a fault")
if sys.argv[3] == "thread":
    thread = threading.Thread(target=recognise); thread.start(); thread.join()
    assert told == [1]
else:
    recognise()
"""


def run(folder, where, **env):
    import os

    command = [sys.executable, "-c", FAIL, str(folder), SECRET, where]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, **env}, check=False)


@pytest.mark.parametrize("where", ["main", "thread"])
def test_an_uncaught_error_is_in_the_file_without_what_was_dictated(tmp_path, where):
    done = run(tmp_path, where)
    text = (tmp_path / "voicetype.log").read_text(encoding="utf-8")
    assert "ValueError: a fault" in text
    assert "recognise" in text
    assert SECRET not in text + done.stderr


def test_a_level_that_does_not_exist_is_told_and_info_is_used(tmp_path):
    done = run(tmp_path, "thread", VOICETYPE_LOG_LEVEL="loud")
    assert "INFO is used" in done.stderr
