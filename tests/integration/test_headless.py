"""`voicetype run` on a machine without a display: the bundled sample on the terminal, with real models."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.fakes_ui import translations

TEXT = "Совещание начнётся в 10 часов в большом зале. Отправьте, пожалуйста, договор на почту директора."
WORDS = TEXT.lower().replace(".", "").replace(",", "").replace("10", "десять")
UNPUNCTUATED = f"= {WORDS.capitalize().replace('десять', '10')}."
NO_DISPLAY = "There is no display, so there is no window to type into. Start VoiceType in a desktop session."
BROKEN = "models: {speech: nowhere\naudio: [\n"
SETTINGS = {
    "none": "",
    "russian": "ui: {language: ru}\n",
    "no speech model": "models: {speech: vosk-model-ru-0.42}\n",
    "no backend": "models: {punctuation_backend: silero}\n",
    "no punctuation model": "models: {punctuation: nowhere}\n",
    "no punctuation": "models: {punctuation_backend: disabled}\n",
    "broken": BROKEN,
}
NOT_INHERITED = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "PYNPUT_BACKEND", "LANGUAGE", "LC_ALL", "LC_MESSAGES")
LIMIT_S = 100


@dataclass(frozen=True)
class Run:
    """A run of the program that has ended: its settings folder, exit code and words."""

    folder: Path
    code: int
    out: str
    err: str

    @property
    def text(self) -> list[str]:
        return [line for line in self.out.splitlines() if line.startswith("= ")]

    @property
    def complaints(self) -> list[str]:
        """What stderr says to people; lines of the log left out."""
        assert "Traceback" not in self.err
        return [line for line in self.err.splitlines() if not line.startswith("WARNING: ")]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    """A run with each of SETTINGS, and an empty folder of models. Side by side: the sample plays in real time."""
    translations().compile_catalogues()
    started = {}
    for name, settings in SETTINGS.items():
        folder = tmp_path_factory.mktemp("config")
        (folder / "models").mkdir()
        if settings:
            (folder / "config.yaml").write_text(settings, encoding="utf-8")
        env = {
            **{key: value for key, value in os.environ.items() if key not in NOT_INHERITED},
            "VOICETYPE_CONFIG_DIR": str(folder),
            "VOICETYPE_MODELS_DIR": str(folder / "models"),
            "LANG": "en_US.UTF-8",
            "PYTHONIOENCODING": "utf-8",
        }
        pipe = subprocess.PIPE
        command = [sys.executable, "-m", "voicetype", "run"]
        started[name] = folder, subprocess.Popen(command, env=env, stdout=pipe, stderr=pipe, encoding="utf-8")
    ended = {}
    try:
        for name, (folder, process) in started.items():
            out, err = process.communicate(timeout=LIMIT_S)
            ended[name] = Run(folder, process.returncode, out, err)
    finally:
        for _, process in started.values():
            process.kill()
            process.communicate()
    return ended


def test_it_says_so_and_dictates_the_sample_partials_first(runs: dict[str, Run]) -> None:
    run = runs["none"]
    assert (run.code, run.err) == (0, "")
    reason, offer, *partials, last = run.out.splitlines()
    assert reason == NO_DISPLAY
    assert "sample" in offer
    assert last == f"= {TEXT}"
    assert len(partials) > 3
    assert all(line.startswith("… ") for line in partials)
    assert len(set(partials)) == len(partials)
    assert partials[-1] == f"… {WORDS}"
    assert len(partials[0].split()) < len(partials[-1].split()) / 2


def test_nobodys_words_are_in_the_log(runs: dict[str, Run]) -> None:
    logs = [path.read_text(encoding="utf-8").lower() for path in runs["none"].folder.rglob("*.log")]
    assert logs
    assert not any(word in log for log in logs for word in WORDS.split() if len(word) > 4)


def test_the_settings_choose_the_language(runs: dict[str, Run]) -> None:
    run = runs["russian"]
    assert (run.code, run.err) == (0, "")
    assert "Нет экрана" in run.out.splitlines()[0]
    assert run.text == [f"= {TEXT}"]


def test_a_speech_model_that_is_missing_is_one_sentence_and_a_failure(runs: dict[str, Run]) -> None:
    run = runs["no speech model"]
    path = run.folder / "models" / "vosk-model-ru-0.42"
    assert run.complaints == [f"Model file not found: {path}. Put it there or choose another model in the settings."]
    assert run.text == []
    assert run.code == 1


def test_a_punctuation_engine_without_its_extra_is_told_and_the_text_comes(runs: dict[str, Run]) -> None:
    run = runs["no backend"]
    path = run.folder / "models" / "silero-te" / "v2_4lang_q.pt"
    assert run.complaints == [
        "Silero TE needs torch, which VoiceType does not bring along. Run pip install voicetype[silero], put the "
        f"model's file at {path}, and try again."
    ]
    assert (run.code, run.text) == (0, [UNPUNCTUATED])


def test_a_punctuation_model_that_is_missing_is_told_and_the_text_comes(runs: dict[str, Run]) -> None:
    run = runs["no punctuation model"]
    path = run.folder / "models" / "nowhere"
    assert run.complaints == [f"Model file not found: {path}. Put it there or choose another model in the settings."]
    assert (run.code, run.text) == (0, [UNPUNCTUATED])


def test_punctuation_that_is_switched_off_is_nothing_to_tell(runs: dict[str, Run]) -> None:
    run = runs["no punctuation"]
    assert (run.code, run.err, run.text) == (0, "", [UNPUNCTUATED])


def test_broken_settings_are_told_and_kept_and_the_defaults_work(runs: dict[str, Run]) -> None:
    run = runs["broken"]
    (backup,) = run.folder.glob("config.broken.*.yaml")
    assert backup.read_text(encoding="utf-8") == BROKEN
    (told,) = run.complaints
    assert str(run.folder / "config.yaml") in told
    assert str(backup) in told
    assert (run.code, run.text) == (0, [f"= {TEXT}"])
