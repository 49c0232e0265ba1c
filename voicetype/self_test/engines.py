"""Checks of the models in their processes. Main thread; blocks."""

from __future__ import annotations

import shutil
from pathlib import Path

from voicetype import store
from voicetype.core.config import Config
from voicetype.core.messages import UserMessage
from voicetype.core.ports import FinalResult, PartialResult
from voicetype.engines import catalog, remote
from voicetype.headless import SAMPLE_NAME
from voicetype.models import wanted_device
from voicetype.self_test.harness import Failed, told
from voicetype.system.wave_source import read_pcm
from voicetype.text_stage import TextStage

_LOAD_TIMEOUT_S = 15.0
_BLOCK_BYTES = 8_000
_WORDS = "совещание начнётся в десять часов в большом зале отправьте пожалуйста договор на почту директора"
_MARKED = "Совещание начнётся в десять часов в большом зале. Отправьте, пожалуйста, договор на почту директора."


def onnx() -> str:
    """The bundled punctuation model, on the device that a user would get."""
    path = catalog.find_punctuation_model([catalog.bundled_models_dir()], "")
    device = wanted_device(Config().models.device)
    model = remote.load_punctuation(path, timeout_s=_LOAD_TIMEOUT_S, on_progress=_ignore, device=device)
    try:
        found = model.enhance(_WORDS)
    finally:
        model.close()
    if found != _MARKED:
        raise Failed(f"punctuated as: {found}")
    return "; ".join([f"on {model.device}", *(f"not on {each.device}: {each.reason}" for each in model.fallbacks)])


def vosk() -> str:
    """The bundled speech model hears the right words in the bundled sample."""
    path = catalog.find_speech_model([catalog.bundled_models_dir()], "")
    return _decode(path)


def vosk_in_cyrillic_path() -> str:
    """The same from a folder with Cyrillic letters and spaces, where users have their models."""
    path = store.models_dir() / "речь, копия"
    shutil.copytree(catalog.find_speech_model([catalog.bundled_models_dir()], ""), path)
    return _decode(path)


def vocabulary() -> str:
    """A term in another case, by the dictionary and the process that compiles it."""
    problems: list[UserMessage] = []
    composition = TextStage(Config(), problems.append).begin()
    composition.add("мы работаем с докером двадцать пять лет", None)
    found = composition.text(final=True)
    if problems:
        raise Failed(", ".join(told(ValueError(problem.code.value)) for problem in problems))
    if "Docker" not in found or "25" not in found:
        raise Failed(f"written as: {found}")
    return found


def _decode(path: Path) -> str:
    pcm = read_pcm(catalog.bundled_models_dir() / SAMPLE_NAME)
    model = remote.load_speech(path, timeout_s=_LOAD_TIMEOUT_S, on_progress=_ignore)
    try:
        recognizer = model.create_recognizer()
        results: list[PartialResult | FinalResult] = [
            recognizer.accept(pcm[start : start + _BLOCK_BYTES]) for start in range(0, len(pcm), _BLOCK_BYTES)
        ]
        results.append(recognizer.finish())
    finally:
        model.close()
    found = " ".join(result.text for result in results if isinstance(result, FinalResult) and result.text)
    if found != _WORDS:
        raise Failed(f"recognised as: {found}")
    return found


def _ignore(percent: int) -> None:
    """Nobody watches."""
