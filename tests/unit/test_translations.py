"""Every string that a user sees is marked, current and translated."""

import ast
import re
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.fakes_ui import translations
from tests.unit.sources import ROOT, modules, name_of, parsed
from voicetype import i18n
from voicetype.qt import QtCore

I18N = ROOT / "voicetype" / "i18n"
PLACEHOLDER = re.compile(r"\{\w+\}")
# Names that are the same in every language.
NAMES = {
    "DirectML",
    "RUPunct ONNX",
    "Silero TE",
    "100 руб. 50 коп.",
    *("VoiceType", "VoiceType: ", "Русский", "English", "RUPunct (ONNX)"),
    *("Space", "Page Up", "Page Down", "Scroll Lock", "Print Screen", "Caps Lock", "Num Lock", "Tab"),
    *("Ctrl", "Alt", "Shift", "Win", "Mouse Middle", "Mouse4", "Mouse5"),
    *("Messages", "State", "Overlay", "Settings", "Status", "Tray"),
}
MARKS = {"translate", "QT_TRANSLATE_NOOP"}
# Values of an enum, a class of Qt, markup, what libraries say; never shown.
INTERNAL = {
    *("speech model", "punctuation model", "preview words", "preview text"),
    *("not 16 kHz mono 16-bit", "compressed unasked", "database is locked", "unable to open database file"),
    *("attempt to write a readonly database", r"\[Errno (?P<number>\d+)\] [^:]+(?P<rest>.*)"),
    *("QSystemTrayIconSys", '<a href="', '" style="color:'),
}


def readable(text: str) -> bool:
    """Whether a string looks like something to read: words, not an identifier or a format."""
    if text in NAMES or text in INTERNAL or not re.search(r"[A-Za-zА-Яа-яЁё]{2}", PLACEHOLDER.sub("", text)):
        return False
    return " " in text.strip() or text.strip()[0].isupper() or bool(re.search(r"[А-Яа-яЁё]", text))


def unmarked(tree: ast.Module) -> list[str]:
    """Readable strings outside of translate() and docstrings."""
    spared = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and MARKS & {getattr(node.func, "id", ""), getattr(node.func, "attr", "")}:
            spared |= {id(part) for part in ast.walk(node)}
    return [
        f"line {node.lineno}: {node.value!r}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in spared
        if readable(node.value)
    ]


def messages(path: Path) -> list[ET.Element]:
    return list(ET.parse(path).iter("message"))


def test_no_string_of_the_interface_is_unmarked() -> None:
    found = {name_of(path): unmarked(parsed(path)) for path in modules("voicetype/ui")}
    assert {name: strings for name, strings in found.items() if strings} == {}


@pytest.mark.parametrize(
    "code", ['label.setText("Ready")', 'box.addTab(page, "main page")', 'x = f"{n} words more"', 'Row("a", "Звук")']
)
def test_an_unmarked_string_is_found(code: str) -> None:
    assert unmarked(ast.parse(code))


@pytest.mark.parametrize("code", ['label.setText(translate("Tray", "Quit"))', 'f"{a}+{b}"', '"""A docstring here."""'])
def test_a_marked_string_is_fine(code: str) -> None:
    assert not unmarked(ast.parse(code))


def test_the_catalogues_are_current(tmp_path: Path) -> None:
    for language in i18n.LANGUAGES:
        shutil.copy(I18N / f"voicetype_{language}.ts", tmp_path)
    translations().update(tmp_path)
    for language in i18n.LANGUAGES:
        name = f"voicetype_{language}.ts"
        hint = "run packaging/translations.py update"
        assert (tmp_path / name).read_text(encoding="utf-8") == (I18N / name).read_text(encoding="utf-8"), hint


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_everything_is_translated(language: str) -> None:
    for message in messages(I18N / f"voicetype_{language}.ts"):
        translation = message.find("translation")
        source = message.findtext("source")
        assert translation is not None and translation.get("type") is None, source
        assert "".join(translation.itertext()).strip(), source


def test_translations_name_the_same_values() -> None:
    for message in messages(I18N / "voicetype_ru.ts"):
        source, translation = message.findtext("source") or "", message.findtext("translation") or ""
        assert sorted(PLACEHOLDER.findall(source)) == sorted(PLACEHOLDER.findall(translation)), source


def test_compiling_is_done_once(tmp_path: Path) -> None:
    shutil.copy(I18N / "voicetype_ru.ts", tmp_path)
    assert translations().compile_catalogues(tmp_path) == [tmp_path / "voicetype_ru.qm"]
    assert translations().compile_catalogues(tmp_path) == []


@pytest.mark.parametrize(
    ("setting", "system", "expected"),
    [
        ("ru", ["en-US"], "ru"),
        ("en", ["ru-RU"], "en"),
        ("auto", ["ru-Cyrl-RU", "ru-RU", "ru"], "ru"),
        ("auto", ["de-DE", "ru-RU"], "ru"),
        ("auto", ["en_GB"], "en"),
        ("auto", ["C"], "en"),
        ("auto", [], "en"),
    ],
)
def test_the_language_follows_the_setting_or_the_system(
    monkeypatch: pytest.MonkeyPatch, setting: str, system: list[str], expected: str
) -> None:
    class System:
        def uiLanguages(self) -> list[str]:
            return system

    monkeypatch.setattr(QtCore.QLocale, "system", System)
    assert i18n.resolve_language(setting) == expected
