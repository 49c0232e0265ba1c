"""Texts that grow in the window while somebody speaks, and commands that change what was inserted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.desktop.rig import Desktop, eventually
from tests.desktop.target import Target
from tests.desktop.test_dictation import HOTKEY, SPEECH, TEXT_S, App, dictate, finished
from voicetype.engines.catalog import bundled_models_dir
from voicetype.engines.rupunct import RUPunctONNX

FIRST, SECOND, THIRD = (SPEECH / f"{number}.wav" for number in ("01", "03", "07"))
WORDS = ("здравствуйте коллеги сегодня у нас важная встреча", "отправьте пожалуйста договор на почту директора")
THIRD_WORDS = "вчера мы смотрели интересный фильм"
COMMANDS = f'- {{say: ["{THIRD_WORDS}"], do: undo}}\n'
"""The synthetic voice says a sentence where a person says «отмени»."""

Start = Callable[..., App]


@pytest.fixture(scope="module")
def model() -> Iterator[RUPunctONNX]:
    model = RUPunctONNX(bundled_models_dir() / "rupunct-tiny")
    model.load()
    yield model
    model.unload()


@pytest.fixture
def start(desktop: Desktop, tmp_path: Path) -> Iterator[Start]:
    running: list[App] = []

    def start(settings: str) -> App:
        folder = tmp_path / "settings"
        folder.mkdir()
        (folder / "commands.yaml").write_text(COMMANDS, encoding="utf-8")
        running.append(App(desktop, folder, settings=settings))
        return running[-1]

    yield start
    for app in running:
        assert app.end() == 0
        assert "Traceback" not in app.log


@pytest.mark.parametrize("insert", ["by_phrase", "live"])
def test_a_growing_text_ends_as_one_that_is_inserted_at_the_stop(
    desktop: Desktop, tmp_path: Path, start: Start, model: RUPunctONNX, insert: str
) -> None:
    app = start(f"output: {{insert: {insert}}}\n")
    field = Target(desktop, "qt", tmp_path)
    desktop.key(HOTKEY)
    desktop.play(FIRST)
    eventually(lambda: "важная встреча" in field.given(), TEXT_S, "the first phrase before the end of the dictation")
    desktop.play(SECOND)
    desktop.key(HOTKEY)
    app.wait_log("session idle", 1)
    field.wait_for(finished(model, *WORDS) + " ")


def test_undo_takes_back_what_was_inserted_and_nothing_else(
    desktop: Desktop, tmp_path: Path, start: Start, model: RUPunctONNX
) -> None:
    app = start("")
    field = Target(desktop, "qt", tmp_path)
    text = finished(model, WORDS[0]) + " "
    dictate(desktop, app, FIRST, 1)
    field.wait_for(text)
    dictate(desktop, app, THIRD, 2)
    field.wait_for("")
    dictate(desktop, app, FIRST, 3)
    field.wait_for(text)
    desktop.key("x")
    field.wait_for(text + "x")
    dictate(desktop, app, THIRD, 4)
    app.wait_log("message undo_refused")
    assert field.given() == text + "x"
