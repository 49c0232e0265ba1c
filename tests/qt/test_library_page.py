"""The model library shows what there is and can be had, and how far an installation is."""

import pytest

from voicetype.core.library import LibraryModel
from voicetype.core.messages import InstallError, MessageCode
from voicetype.core.progress import Progress, Stage
from voicetype.core.status import PUNCTUATION, SPEECH
from voicetype.qt import QtWidgets
from voicetype.ui.library_page import LibraryPage, progress_text

SMALL = LibraryModel(
    "vosk-small", SPEECH, "ru", 46_000_000, downloadable=True, licence="MIT", need_mb=300, word_errors=(11.8, 32.0)
)
LARGE = LibraryModel("vosk-large", SPEECH, "ru", 1_900_000_000, downloadable=True, need_mb=16_000, too_large=True)
OWN = LibraryModel("own", PUNCTUATION, size=500, installed=True)
ELSEWHERE = LibraryModel("rupunct-medium", PUNCTUATION, homepage="https://example.org")
BUNDLED = LibraryModel("tiny", SPEECH, bundled=True)


@pytest.fixture
def models():
    return [SMALL, LARGE, OWN, ELSEWHERE, BUNDLED]


@pytest.fixture
def page(qtbot, models):
    page = LibraryPage(lambda: list(models))
    qtbot.addWidget(page)
    page.show()
    return page


def card(page, name):
    return page.findChild(QtWidgets.QFrame, name)


def button(page, name):
    return card(page, name).findChild(QtWidgets.QPushButton)


def buttons(page, name):
    return [each for each in card(page, name).findChildren(QtWidgets.QPushButton) if not each.isHidden()]


def texts(widget):
    return " | ".join(label.text() for label in widget.findChildren(QtWidgets.QLabel) if label.isVisible())


def test_each_model_says_what_it_is_and_costs(page):
    said = texts(card(page, "vosk-small"))
    for part in ("46 MB", "300 MB", "12 to 32 %", "MIT", "ru"):
        assert part in said
    assert "less memory" not in said
    assert "less memory" in texts(card(page, "vosk-large"))
    assert "https://example.org" in texts(card(page, "rupunct-medium"))


def test_what_can_be_done_depends_on_the_model(qtbot, page):
    with qtbot.waitSignal(page.install_requested) as wanted:
        next(each for each in buttons(page, "vosk-small") if each.text() == "Install").click()
    assert wanted.args == ["vosk-small"]
    for name in ("rupunct-medium", "tiny"):
        assert {each.text() for each in buttons(page, name)} <= {"Cancel"}


def test_a_deletion_is_asked_about_first(qtbot, page):
    asked = []
    page.remove_requested.connect(asked.append)
    delete = next(each for each in buttons(page, "own") if each.text() == "Delete…")
    for answer, removed in (("Keep", []), ("Delete", ["own"])):
        delete.click()
        question = page.findChild(QtWidgets.QMessageBox)
        next(each for each in question.buttons() if each.text() == answer).click()
        assert asked == removed
        qtbot.waitUntil(lambda: page.findChild(QtWidgets.QMessageBox) is None)


def test_an_installation_shows_how_far_it_is_and_can_be_cancelled(qtbot, page, models):
    page.show_started("vosk-small")
    assert not next(each for each in buttons(page, "vosk-large") if each.text() == "Install").isEnabled()
    page.show_progress("vosk-small", Progress(Stage.DOWNLOADING, 23_000_000, 46_000_000, 1_000_000, 23))
    assert "23.0 of 46.0 MB · 1.0 MB/s · 23 s left" in texts(card(page, "vosk-small"))
    with qtbot.waitSignal(page.cancel_requested):
        next(each for each in buttons(page, "vosk-small") if each.text() == "Cancel").click()
    models[0] = LibraryModel("vosk-small", SPEECH, installed=True)
    page.show_ended("vosk-small")
    assert "Delete…" in {each.text() for each in buttons(page, "vosk-small")}


def test_a_page_made_meanwhile_goes_on_with_it(page):
    page.show_progress("from a stick", Progress(Stage.UNPACKING, 1_000_000, 2_000_000))
    assert "Unpacking · 1.0 of 2.0 MB" in texts(page)
    assert not next(each for each in buttons(page, "vosk-small") if each.text() == "Install").isEnabled()
    page.show_ended("from a stick")
    assert "Unpacking" not in texts(page)


def test_a_broken_catalogue_is_told(qtbot):
    def broken():
        raise InstallError(MessageCode.CATALOGUE_BROKEN, path="catalogue.yaml", detail="x")

    page = LibraryPage(broken)
    qtbot.addWidget(page)
    page.show()
    assert "catalogue.yaml" in texts(page)


@pytest.mark.parametrize(
    ("progress", "text"),
    [
        (Progress(Stage.DOWNLOADING), "Downloading"),
        (Progress(Stage.CHECKING, 1_000_000, 1_000_000, 5e6, 3), "Checking · 1.0 of 1.0 MB"),
        (
            Progress(Stage.DOWNLOADING, 0, 60_000_000, 500_000, 120),
            "Downloading · 0.0 of 60.0 MB · 0.5 MB/s · 2 min left",
        ),
    ],
)
def test_progress_in_words(progress, text):
    assert progress_text(progress) == text
