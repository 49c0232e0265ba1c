"""The private desktop that the tests of this folder work on."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desktop.rig import Desktop, missing_packages
from tests.desktop.target import Typist


@pytest.fixture(scope="session")
def desktop() -> Iterator[Desktop]:
    """A screen, a tray, a keyboard, a loudspeaker and a microphone that hears it."""
    if packages := missing_packages():
        sentence = f"desktop tests need: apt-get install {' '.join(packages)}"
        if os.environ.get("CI") == "true":
            pytest.fail(sentence)
        pytest.skip(sentence)
    private = Desktop()
    yield private
    private.close()


@pytest.fixture(autouse=True)
def _desktop_left_tidy(desktop: Desktop) -> Iterator[None]:
    with desktop.one_test():
        yield


@pytest.fixture
def typist(desktop: Desktop, tmp_path: Path) -> Iterator[Typist]:
    """The program that types."""
    program = Typist(desktop, tmp_path)
    yield program
    program.close()
