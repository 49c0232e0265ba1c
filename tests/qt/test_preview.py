"""The preview shows what dictation would write by the draft of the settings."""

import pytest

from tests.fakes_ui import spoken
from voicetype.control.preview import Preview
from voicetype.core.config import Config, with_value
from voicetype.core.hotkeys import parse_for
from voicetype.core.messages import MessageCode, ModelError
from voicetype.core.status import PUNCTUATION, ModelState, ModelStatus
from voicetype.qt import QtGui, QtWidgets
from voicetype.text_stage import TextStage
from voicetype.ui.settings_pages import TEXT
from voicetype.ui.settings_window import SettingsWindow
from voicetype.vocabulary_desk import VocabularyDesk


class Marks:
    def __init__(self, error=None):
        self.error = error

    def enhance(self, text):
        if self.error:
            raise self.error
        return text.capitalize() + "!"


class Models:
    def __init__(self):
        self.marks = None
        self.loaded = []

    def get_punctuation(self):
        return self.marks

    def load_models(self, names):
        self.loaded.append(names)


@pytest.fixture
def models():
    return Models()


@pytest.fixture
def preview(models):
    preview = Preview(models, TextStage(Config()).begin_with)
    yield preview
    preview.shutdown()


def answer(qtbot, preview, words, config=None):
    with qtbot.waitSignal(preview.ready) as ready:
        preview.ask(words, config or Config())
    return ready.args[0]


def test_words_become_text_by_the_draft(qtbot, preview):
    assert answer(qtbot, preview, "двадцать пять процентов\nзапятая\nдокер") == "25 %, Docker."
    draft = with_value(with_value(Config(), "text.numbers", False), "text.commands", "off")
    assert answer(qtbot, preview, "двадцать пять процентов\nзапятая", draft) == "Двадцать пять процентов запятая."


def test_the_model_is_loaded_and_the_text_comes_again(qtbot, preview, models):
    assert answer(qtbot, preview, "мама мыла") == "Мама мыла."
    assert models.loaded == [(PUNCTUATION,)]
    models.marks = Marks()
    with qtbot.waitSignal(preview.ready) as ready:
        preview.on_model_state(ModelStatus(PUNCTUATION, ModelState.READY))
    assert ready.args == ["Мама мыла!"]
    preview.forget()
    with qtbot.assertNotEmitted(preview.ready, wait=50):
        preview.on_model_state(ModelStatus(PUNCTUATION, ModelState.READY))


def test_a_model_that_fails_costs_marks(qtbot, preview, models):
    models.marks = Marks(ModelError(MessageCode.PUNCTUATION_FAILED, detail="x"))
    assert answer(qtbot, preview, "мама\nмыла") == "Мама мыла."


def test_the_window_asks_when_words_or_settings_change(qtbot, qapp):
    window = SettingsWindow(Config(), list_devices=list, check_hotkey=parse_for)
    qtbot.addWidget(window)
    window.show()
    window.tabs.show_page(TEXT)
    words = window.findChild(QtWidgets.QPlainTextEdit, "preview words")
    with qtbot.waitSignal(window.preview_requested) as asked:
        words.setPlainText("сто рублей")
    assert asked.args == ["сто рублей", Config()]
    with qtbot.waitSignal(window.preview_requested) as asked:
        window.tabs.editor("text.money").set_value("symbol")
    assert asked.args[1].text.money == "symbol"
    window.tabs.preview.show_text("100 ₽")
    assert window.findChild(QtWidgets.QPlainTextEdit, "preview text").toPlainText() == "100 ₽"
    with spoken(qapp, "ru"):
        qtbot.waitUntil(lambda: window.tabs.preview.words() == "сто рублей" and "VoiceType: н" in window.windowTitle())


def test_the_vocabularys_buttons_and_its_lists(qtbot, tmp_path, monkeypatch):
    monkeypatch.setenv("VOICETYPE_CONFIG_DIR", str(tmp_path))
    opened = []
    monkeypatch.setattr(QtGui.QDesktopServices, "openUrl", opened.append)
    told = []
    desk = VocabularyDesk(told.append)
    desk.open()
    assert opened[0].toLocalFile() == str(tmp_path / "vocabulary.yaml") and (tmp_path / "vocabulary.yaml").is_file()
    terms = tmp_path / "terms.txt"
    terms.write_text("Иванов\nПетров\n", encoding="utf-8")
    window = SettingsWindow(Config(), list_devices=list, check_hotkey=parse_for)
    qtbot.addWidget(window)
    window.terms_import_requested.connect(desk.take_in)
    window.tabs.vocabulary.import_requested.emit(str(terms))
    qtbot.waitUntil(lambda: bool(told))
    assert (told[0].code, told[0].params) == (MessageCode.TERMS_ADDED, {"count": "2"})
    desk.take_in(str(tmp_path / "gone.txt"))
    qtbot.waitUntil(lambda: len(told) == 2)
    assert told[1].code is MessageCode.VOCABULARY_NOT_READ
