"""`voicetype format` and `voicetype vocabulary` in processes of their own, with the bundled punctuation model."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest


@pytest.fixture
def environment(tmp_path: Path) -> Mapping[str, str]:
    own = {"VOICETYPE_CONFIG_DIR": str(tmp_path / "settings"), "XDG_DATA_HOME": str(tmp_path / "data")}
    own |= {"VOICETYPE_MODELS_DIR": str(tmp_path / "models"), "LANG": "en_US.UTF-8", "LC_ALL": "", "LANGUAGE": ""}
    return {**os.environ, **own, "PYTHONIOENCODING": "utf-8", "PYTHONWARNINGS": "error"}


def run(
    environment: Mapping[str, str], *arguments: str, words: str | bytes = "", code: int = 0
) -> subprocess.CompletedProcess[bytes]:
    done = subprocess.run(
        [sys.executable, "-m", "voicetype", *arguments],
        env=dict(environment),
        input=words.encode() if isinstance(words, str) else words,
        capture_output=True,
        timeout=120,
    )
    assert done.returncode == code, done.stderr.decode()
    assert b"Traceback" not in done.stderr
    return done


def settings(environment: Mapping[str, str], name: str, text: str) -> None:
    folder = Path(environment["VOICETYPE_CONFIG_DIR"])
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def test_phrases_become_dictations(environment: Mapping[str, str]) -> None:
    words = "совещание начнётся в десять часов\nв большом зале\n\nпривет\nзапятая\nиван\n"
    out = run(environment, "format", words=words).stdout.decode()
    assert out == "Совещание начнётся в 10 часов в большом зале.\nПривет, Иван!\n"


def test_without_the_model_and_as_json(environment: Mapping[str, str], tmp_path: Path) -> None:
    file = tmp_path / "слова.txt"
    file.write_bytes("сто рублей\nотмени\nотмени".encode("cp1251"))
    found = json.loads(run(environment, "format", "--no-model", "--json", str(file)).stdout)
    assert found == [{"phrases": ["сто рублей", "отмени", "отмени"], "text": "", "commands": ["undo"]}]


def test_what_is_wrong_is_told_and_the_text_still_comes(environment: Mapping[str, str], tmp_path: Path) -> None:
    missing = run(environment, "format", str(tmp_path / "нет.txt"), code=1)
    assert "нет.txt" in missing.stderr.decode() and not missing.stdout
    settings(environment, "commands.yaml", "- {say: [точка], do: dance}\n")
    settings(environment, "config.yaml", "models: {punctuation: gone}\n")
    done = run(environment, "format", words="мама мыла\nточка\n", code=1)
    complaints = done.stderr.decode().splitlines()
    assert len(complaints) == 2 and "commands.yaml" in complaints[1] and "gone" in complaints[0]
    assert done.stdout.decode() == "Мама мыла.\n"


def test_a_list_of_terms_is_imported_and_used(environment: Mapping[str, str], tmp_path: Path) -> None:
    file = tmp_path / "термины.csv"
    file.write_text("спартакова;Спартакова\nвойс тайп;VoiceType\n;;;;\n", encoding="cp1251")
    imported = run(environment, "vocabulary", "import", str(file), "--json", code=1)
    assert json.loads(imported.stdout) == {"added": 2, "problems": 1}
    assert "3" in imported.stderr.decode()
    again = run(environment, "vocabulary", "import", str(file), "--json", code=1)
    assert json.loads(again.stdout)["added"] == 0
    assert run(environment, "vocabulary", "check").stdout.decode().count(" 0 problems") == 1
    out = run(environment, "format", "--no-model", words="открой войс тайп").stdout.decode()
    assert out == "Открой VoiceType.\n"
    path = run(environment, "vocabulary", "path").stdout.decode().strip()
    assert Path(path).read_text(encoding="utf-8").count("VoiceType") == 1


def test_a_broken_vocabulary_is_told_and_not_overwritten(environment: Mapping[str, str], tmp_path: Path) -> None:
    settings(environment, "vocabulary.yaml", "terms: [")
    file = tmp_path / "terms.txt"
    file.write_text("Иванов\n", encoding="utf-8")
    assert "vocabulary.yaml" in run(environment, "vocabulary", "import", str(file), code=1).stderr.decode()
    assert (Path(environment["VOICETYPE_CONFIG_DIR"]) / "vocabulary.yaml").read_text(encoding="utf-8") == "terms: ["
    assert run(environment, "vocabulary", "check", code=1).stderr


def test_the_bundled_terms_can_be_copied(environment: Mapping[str, str]) -> None:
    copied = Path(json.loads(run(environment, "vocabulary", "copy-bundled", "--json").stdout)["path"])
    assert copied.is_file() and "Docker" in copied.read_text(encoding="utf-8")
