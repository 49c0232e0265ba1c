"""The text stage follows the settings and the user's files."""

from __future__ import annotations

from pathlib import Path

import pytest

from voicetype.core.config import Config, with_value
from voicetype.core.messages import MessageCode, UserMessage
from voicetype.text_stage import TextStage


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VOICETYPE_CONFIG_DIR", str(tmp_path))
    return tmp_path


def finished(stage: TextStage, *phrases: str) -> str:
    composition = stage.begin()
    for phrase in phrases:
        composition.add(phrase, None)
    return composition.text(final=True)


@pytest.mark.parametrize(
    ("field", "value", "phrase", "text"),
    [
        ("text.numbers", True, "сто двадцать рублей", "120 руб."),
        ("text.numbers", False, "сто двадцать рублей", "Сто двадцать рублей."),
        ("text.numbers_from", 0, "дай пять яблок", "Дай 5 яблок."),
        ("text.money", "symbol", "сто рублей", "100 ₽."),
        ("text.group_digits", False, "сто тысяч один", "100001."),
        ("text.roman_centuries", False, "двадцать первый век", "21-й век."),
        ("text.roman_centuries", True, "двадцать первый век", "XXI век."),
        ("text.vocabulary", True, "открой гитхаб", "Открой GitHub."),
        ("text.vocabulary", False, "открой гитхаб", "Открой гитхаб."),
        ("text.similar_words", True, "поставь кубернетес", "Поставь Kubernetes."),
        ("text.commands", "anywhere", "мама запятая папа", "Мама, папа."),
        ("text.commands", "off", "точка", "Точка."),
        ("text.style", "plain", "это гитхаб", "Это GitHub."),
        ("text.short_words", 2, "открой гитхаб", "Открой GitHub"),
        ("text.yo", False, "ёж", "Еж."),
    ],
)
def test_each_choice_has_its_effect(folder: Path, field: str, value: object, phrase: str, text: str) -> None:
    stage = TextStage(Config())
    stage.configure(with_value(Config(), field, value))
    assert finished(stage, phrase) == text


def test_the_users_files_are_read_again_when_they_change(folder: Path) -> None:
    stage = TextStage(Config())
    assert finished(stage, "звёздочка") == "Звёздочка."
    (folder / "commands.yaml").write_text('- {say: [звёздочка], do: mark, text: "*"}\n', encoding="utf-8")
    (folder / "vocabulary.yaml").write_text("terms: [Звёздный Путь]\n", encoding="utf-8")
    assert finished(stage, "звёздным путём", "звездочка") == "Звёздным Путём*"


def test_what_is_wrong_with_a_file_is_told_once_for_each_state_of_it(folder: Path) -> None:
    told: list[UserMessage] = []
    (folder / "commands.yaml").write_text("- {say: [точка], do: dance}\n", encoding="utf-8")
    stage = TextStage(Config(), told.append)
    assert finished(stage, "мама", "точка") == finished(stage, "мама", "точка") == "Мама."
    assert [message.code for message in told] == [MessageCode.COMMANDS_NOT_READ]
    (folder / "commands.yaml").write_text("[", encoding="utf-8")
    finished(stage, "мама")
    assert len(told) == 2


def test_rules_work_on_the_finished_text_and_a_slow_one_is_told_once(folder: Path) -> None:
    told: list[UserMessage] = []
    text = "rules:\n  - {find: '\\bто есть\\b', replace: 'т. е.'}\n  - {find: '(м+)+$', replace: ''}\n"
    (folder / "vocabulary.yaml").write_text(text, encoding="utf-8")
    stage = TextStage(Config(), told.append)
    assert finished(stage, "мама то есть я") == "Мама т. е. я."
    for _ in range(2):
        finished(stage, "м" * 60 + "а")
    assert [message.code for message in told] in ([], [MessageCode.VOCABULARY_RULE_SLOW])
