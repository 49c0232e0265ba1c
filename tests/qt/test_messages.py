"""Codes and states become sentences, in both languages."""

import inspect
import re
from dataclasses import replace

import pytest

from tests.fakes_ui import spoken
from voicetype import i18n
from voicetype.core.messages import MessageCode, UserMessage
from voicetype.core.status import PUNCTUATION, SILERO, SPEECH, AppStatus, ModelState, ModelStatus, SessionState
from voicetype.qt import QtCore
from voicetype.ui.messages import (
    fallback_text,
    loading_percent,
    model_state_text,
    model_text,
    session_text,
    text_of,
)

DOCUMENTED = {
    name: set(re.findall(r"\w+", re.sub(r"\(.*\)", "", comment)))
    for name, comment in re.findall(r'(\w+) = "\w+"  # (.*)', inspect.getsource(MessageCode))
}


@pytest.fixture(params=i18n.LANGUAGES)
def language(request, qapp):
    with spoken(qapp, request.param):
        yield request.param


def test_every_code_is_a_sentence_with_its_values(language):
    for code in MessageCode:
        params = {name: f"<{name}>" for name in DOCUMENTED[code.name]}
        text = text_of(UserMessage(code, params=params))
        assert not re.search(r"[{}]", text), code
        assert text[0].isupper() or text[0] in "“«", code
        assert bool(re.search("[а-я]", text)) == (language == "ru"), code
        assert set(re.findall(r"<(\w+)>", text)) <= set(params), code
        assert text.endswith((".", "?", "<detail>", "<log>", "<reason>")), code


def test_a_missing_value_is_no_error(qapp):
    for code in MessageCode:
        assert "{" not in text_of(UserMessage(code)), code


def test_braces_in_values_stay(qapp):
    assert "{0}" in text_of(UserMessage(MessageCode.MODEL_MISSING, params={"path": "/x/{0}"}))


def test_models_and_the_default_device_have_names_for_people(qapp):
    text = text_of(UserMessage(MessageCode.MODEL_TIMEOUT, params={"name": SPEECH, "seconds": "60"}))
    assert "speech model" in text and SPEECH not in text
    assert "default" in text_of(UserMessage(MessageCode.MICROPHONE_BUSY, params={"device": ""}))


def test_a_suggestion_is_told(qapp):
    params = {"field": "ui.overlai", "suggestion": "ui.overlay"}
    assert "“ui.overlay”?" in text_of(UserMessage(MessageCode.CONFIG_UNKNOWN_FIELD, params=params))


def test_every_state_has_a_text(language):
    texts = {model_state_text(ModelStatus(SPEECH, state, 45)) for state in ModelState}
    assert len(texts) == len(ModelState)
    assert any("45" in text for text in texts)
    assert len({session_text(AppStatus(session=state)) for state in SessionState}) == len(SessionState)


def test_the_slower_model_decides_the_progress():
    status = AppStatus(
        speech=ModelStatus(SPEECH, ModelState.LOADING, 30), punctuation=ModelStatus(PUNCTUATION, ModelState.LOADING, 60)
    )
    assert loading_percent(status) == 30
    assert loading_percent(AppStatus(speech=ModelStatus(SPEECH, ModelState.READY))) == 100


def test_qt_itself_speaks_the_language(qapp):
    with spoken(qapp, "ru"):
        assert QtCore.QCoreApplication.translate("QPlatformTheme", "Cancel") == "Отмена"
        i18n.install(qapp, "en")
        assert QtCore.QCoreApplication.translate("Tray", "Quit") == "Quit"


def test_what_a_model_runs_on_is_told(qapp):
    ready = ModelStatus(PUNCTUATION, ModelState.READY, 100, model="rupunct-tiny", engine=PUNCTUATION, device="cpu")
    assert model_text(ready) == "RUPunct ONNX · rupunct-tiny" and fallback_text(ready) == ""
    assert model_text(replace(ready, model="silero-te", engine=SILERO)) == "Silero TE · silero-te"
    assert model_text(replace(ready, device="dml")).endswith("rupunct-tiny · DirectML")
    assert "DirectML failed: no driver" in fallback_text(replace(ready, fallbacks=(("dml", "no driver"),)))
    assert model_text(ModelStatus(PUNCTUATION, ModelState.DISABLED)).startswith("Basic")
    assert model_text(ModelStatus(SPEECH, model="vosk-tiny-ru")) == "vosk-tiny-ru"
