"""`voicetype eval` in processes of its own, with the bundled models."""

import json
import os
import shutil
import subprocess
import sys
import wave
from array import array
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.fakes_engines import SPEECH
from tests.fakes_ui import translations
from tests.unit.sources import ROOT

MODELS = ROOT / "models"
SENTENCES = """# Комментарий не считается.
Привет, как дела? Я думаю, что завтра будет дождь.
Мы приехали в Москву поздно вечером.

Купи, пожалуйста, молоко и хлеб.
"""


@pytest.fixture
def environment(tmp_path: Path) -> Mapping[str, str]:
    clean = {key: value for key, value in os.environ.items() if key != "LANGUAGE" and key[:3] != "LC_"}
    own = {"VOICETYPE_MODELS_DIR": str(tmp_path / "none"), "XDG_DATA_HOME": str(tmp_path / "data")}
    return {**clean, **own, "LANG": "en_US.UTF-8", "PYTHONIOENCODING": "utf-8", "PYTHONWARNINGS": "error"}


def run(
    environment: Mapping[str, str], *arguments: object, code: int = 0, **changes: str
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "voicetype", "eval", *map(str, arguments)],
        env={**environment, **changes},
        capture_output=True,
        encoding="utf-8",
        timeout=100,
        cwd=MODELS,
    )
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done


def told(environment: Mapping[str, str], *arguments: object, code: int = 0) -> Any:
    return json.loads(run(environment, *arguments, "--json", code=code).stdout)


def stereo(source: Path, target: Path) -> None:
    """The same speech at three times the rate, on two channels."""
    with wave.open(str(source), "rb") as file:
        samples = array("h", file.readframes(file.getnframes()))
    later = [*samples[1:], samples[-1]]
    frames = array("h")
    for now, then in zip(samples, later, strict=True):
        for value in (now, (2 * now + then) // 3, (now + 2 * then) // 3):
            frames.extend((value, value))
    with wave.open(str(target), "wb") as file:
        file.setparams((2, 2, 48_000, 0, "NONE", ""))
        file.writeframes(frames.tobytes())


def test_marks_and_capitals_are_measured(environment: Mapping[str, str], tmp_path: Path) -> None:
    (tmp_path / "один.txt").write_text(SENTENCES, encoding="utf-8")
    (tmp_path / "два.txt").write_bytes("Документ, который вы прислали, не открывается.".encode("cp1251"))
    files = [tmp_path / "один.txt", tmp_path / "два.txt"]
    found = told(environment, "punctuation", *files, "--sentences", 1)
    assert (found["model"], found["device"], found["sentences_per_call"]) == ("rupunct-tiny", "cpu", 1)
    assert [(each["words"], each["calls"], each["unaligned"]) for each in found["files"]] == [(20, 4, 0), (6, 1, 0)]
    assert found["problems"] == []
    everything = found["all"]
    assert (everything["words"], everything["calls"]) == (26, 5)
    wanted = {name: rates["wanted"] for name, rates in everything["marks"].items() if rates["wanted"]}
    assert wanted == {"period": 4, "comma": 6, "question": 1}
    assert {name: rates["wanted"] for name, rates in everything["case"].items()} == {"upper": 6, "upper_total": 0}
    # What the model makes of such sentences is in models/README.md; far below that, something else is broken.
    assert everything["marks"]["period"]["f1"] > 0.6
    assert everything["marks"]["comma"]["f1"] > 0.6
    assert everything["case"]["upper"]["f1"] > 0.8


def test_a_text_that_is_missing_does_not_stop_the_others(environment: Mapping[str, str], tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(SENTENCES, encoding="utf-8")
    done = run(environment, "punctuation", tmp_path / "gone.txt", tmp_path / "a.txt", "--model", "rupunct-tiny", code=1)
    assert done.stderr == f"There is no file {tmp_path / 'gone.txt'}.\n"
    lines = done.stdout.splitlines()
    assert lines[0] == "Model: rupunct-tiny"
    assert f"{tmp_path / 'a.txt'}: 20 words, 2 calls" in lines
    assert next(line for line in lines if line.startswith("comma")).split()[-2:][0] == "4"


def test_a_table_of_recordings_is_measured(environment: Mapping[str, str]) -> None:
    found = told(environment, "wer", SPEECH / "transcripts.tsv")
    assert (found["model"], len(found["files"]), found["problems"]) == ("vosk-tiny-ru", 12, [])
    assert found["words"]["said"] == 76
    # These very sentences are the ones that the bundled model understands.
    assert found["wer"] < 0.1 and found["cer"] < 0.1
    assert 0 < found["rtf"] < 5
    assert found["sound_s"] == pytest.approx(42.2, abs=0.1)


def test_a_folder_of_recordings_is_measured_and_broken_ones_are_told(
    environment: Mapping[str, str], tmp_path: Path
) -> None:
    folder = tmp_path / "Мои записи"
    folder.mkdir()
    texts = dict(line.split("\t") for line in (SPEECH / "transcripts.tsv").read_text(encoding="utf-8").splitlines())
    shutil.copy(SPEECH / "01.wav", folder / "a.wav")
    (folder / "a.txt").write_text(texts["01.wav"].capitalize() + "!", encoding="utf-8")
    stereo(SPEECH / "02.wav", folder / "b.wav")
    (folder / "b.txt").write_bytes(f"{texts['02.wav']}, лишнее слово".encode("cp1251"))
    (folder / "c.wav").write_bytes(b"RIFF")
    (folder / "c.txt").write_text("раз", encoding="utf-8")
    shutil.copy(SPEECH / "03.wav", folder / "d.wav")
    found = told(environment, "wer", folder, "--model", "./vosk-tiny-ru", code=1)
    assert found["model"] == "vosk-tiny-ru"
    assert [Path(each["file"]).name for each in found["files"]] == ["a.wav", "b.wav"]
    assert found["files"][0]["wer"] == 0
    # Two words that nobody said are left out.
    assert found["files"][1]["wer"] == pytest.approx(2 / (len(texts["02.wav"].split()) + 2), abs=0.001)
    assert found["words"]["deletions"] == 2
    assert [Path(each["file"]).name for each in found["problems"]] == ["d.wav", "c.wav"]
    assert [each["code"] for each in found["problems"]] == ["file_not_found", "sound_unreadable"]


def test_it_is_said_in_sentences(environment: Mapping[str, str], tmp_path: Path) -> None:
    translations().compile_catalogues()
    table = tmp_path / "list.tsv"
    table.write_text(f"{SPEECH / '01.wav'}\tздравствуйте\n{tmp_path / 'нет.wav'}\tда\n", encoding="utf-8")
    done = run(environment, "wer", table, code=1, LANG="ru_RU.UTF-8")
    assert done.stderr == f"Нет файла {tmp_path / 'нет.wav'}.\n"
    lines = done.stdout.splitlines()
    assert lines[0] == "Модель: vosk-tiny-ru"
    assert lines[2].startswith("WER (слова): ") and "вставок" in lines[2]
    assert "ё как е" in lines[-1]


def test_a_model_that_is_not_there_is_told(environment: Mapping[str, str], tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(SENTENCES, encoding="utf-8")
    for arguments in (("punctuation", tmp_path / "a.txt"), ("wer", SPEECH / "transcripts.tsv")):
        error = told(environment, *arguments, "--model", "gone", code=1)["error"]
        assert error["code"] == "model_missing" and "gone" in error["text"]


def test_no_recordings_at_all_is_told(environment: Mapping[str, str], tmp_path: Path) -> None:
    assert told(environment, "wer", tmp_path, code=1)["error"]["code"] == "no_recordings"


@pytest.mark.parametrize("number", ["0", "-1", "many"])
def test_a_call_has_at_least_one_sentence(environment: Mapping[str, str], number: str) -> None:
    done = run(environment, "punctuation", "a.txt", "--sentences", number, code=2)
    assert f"“{number}” is not a whole number" in done.stderr
