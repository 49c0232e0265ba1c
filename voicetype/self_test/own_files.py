"""Checks of what the program writes, in a folder with a Cyrillic name, and of the one instance. Main thread."""

from __future__ import annotations

import sys
from dataclasses import replace

from voicetype import store
from voicetype.control.single_instance import TOGGLE, SingleInstance
from voicetype.core.autostart import Autostart, AutostartState
from voicetype.core.config import Config, HistoryConfig, OutputConfig
from voicetype.core.messages import UserMessage
from voicetype.core.ports import SAMPLE_RATE_HZ
from voicetype.core.records import TextState
from voicetype.records.records import Records
from voicetype.self_test.harness import PATIENCE_S, Failed, application, run_self
from voicetype.system.autostart import LinuxAutostart, WindowsAutostart, make_autostart

_TEST_KEY = r"Software\VoiceType self-test"
_TEXT = "Съешь же ещё этих «мягких» французских булок — № 5."
_SECOND_OF_SOUND = bytes(2 * SAMPLE_RATE_HZ)


def settings() -> str:
    """The settings are saved and read again."""
    folder = store.config_dir()
    if folder.name.isascii() or " " not in folder.name:
        raise Failed("the folder has no Cyrillic name")
    wanted = replace(Config(), output=OutputConfig(method="paste"))
    store.save_config(wanted)
    found, problems = store.load_config()
    if found != wanted or problems:
        raise Failed(f"they came back changed, with {len(problems)} problems")
    return f"{(folder / 'config.yaml').stat().st_size} bytes"


def records() -> str:
    """Sound goes through the journal to the recordings, its text into the history; an interrupted one is found."""
    problems: list[UserMessage] = []
    kept = HistoryConfig(keep_recordings=True)
    first = Records(store.data_dir(), kept, problems.append)
    done, left = first.begin(), first.begin()
    for entry in (done, left):
        entry.write(_SECOND_OF_SOUND)
    number = first.remember(done, _TEXT.lower(), _TEXT)
    first.settle(done, number, TextState.INSERTED).result(PATIENCE_S)
    left.keep_for_later()
    first.close(PATIENCE_S)
    second = Records(store.data_dir(), kept, problems.append)
    found = second.history.recent(2).result(PATIENCE_S)
    left_over = second.left_over().result(PATIENCE_S)
    second.close(PATIENCE_S)
    if problems:
        raise Failed(", ".join(problem.code.value for problem in problems))
    if [(record.finished, record.state) for record in found] != [(_TEXT, TextState.INSERTED)]:
        raise Failed(f"{len(found)} texts in the history")
    if [each.name for each in left_over] != [left.name]:
        raise Failed(f"{len(left_over)} recordings left over")
    return "one text, one recording left over"


def autostart() -> str:
    """The start at sign-in is switched on and off, in a place of its own: the user's stays as it is."""
    place = _other_autostart()
    states = [place.state()]
    try:
        for wanted in (True, False):
            place.set(wanted)
            states.append(place.state())
    finally:
        place.set(False)
    if states != [AutostartState.OFF, AutostartState.ON, AutostartState.OFF]:
        raise Failed(f"it was {', '.join(state.value for state in states)}")
    return f"switched on and off; the user's is {make_autostart().state().value}"


def _other_autostart() -> Autostart:
    if sys.platform == "win32":
        return WindowsAutostart(run_key=f"{_TEST_KEY}\\Run", approved_key=f"{_TEST_KEY}\\Approved")
    return LinuxAutostart(store.config_dir() / "autostart")


def single_instance() -> str:
    """A second start finds the first one and hands its command over."""
    application()
    first, second = SingleInstance(store.runtime_name()), SingleInstance(store.runtime_name())
    heard: list[str] = []
    first.command_received.connect(heard.append)
    if not first.acquire():
        raise Failed("the name is taken")
    try:
        if second.acquire():
            raise Failed("two instances at once")
        code = run_self("--toggle")
    finally:
        first.release()
    if (code, heard) != (0, [TOGGLE]):
        raise Failed(f"the second start ended with {code}, heard was {heard}")
    return "a second process was heard"
