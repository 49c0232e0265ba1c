"""What the text stage costs, measured against the punctuation model's call for the same words. Any thread; blocks."""

from __future__ import annotations

import itertools
import statistics
import threading
import time
from dataclasses import dataclass

from voicetype.core.config import Config
from voicetype.core.messages import ModelError
from voicetype.core.text.composition import Composition
from voicetype.engines import catalog, remote
from voicetype.models import folders
from voicetype.text_stage import TextStage

_PHRASE = (
    "добрый день уважаемый иван петрович направляю вам договор номер двадцать пять от третьего июня две тысячи "
    "двадцать шестого года на сумму сто двадцать тысяч рублей пятьдесят копеек прошу проверить статью пятнадцать пункт "
    "три и прислать пул реквест с вашими замечаниями до восемнадцати часов тридцати минут мы ждём ответа"
)
_WORDS = tuple(_PHRASE.split())
_REPEATS = 30
_FEW, _MANY = 10_000, 100_000


@dataclass(frozen=True)
class TextCost:
    """Cost of finishing the text.

    Attributes:
        phrase_ms: of a phrase of some 50 words, all features on, without the model's call.
        share_of_model: that, as a share of the model's call for the same words; None where there is no model.
        many_words_s: of 100,000 words, said in phrases of 50.
        growth: time a word of 100,000 words against that of 10,000; 1 = linear.
    """

    phrase_ms: float
    share_of_model: float | None
    many_words_s: float
    growth: float


def measure_text() -> TextCost:
    """Run everything. Some seconds."""
    stage = TextStage(Config())
    stage.begin()  # reads the files
    enhanced, model_ms = _model(_PHRASE)
    phrase_ms = statistics.median(_phrase_ms(stage.begin(), enhanced) for _ in range(_REPEATS))
    # The lesser of two: whatever else the machine did meanwhile made one of them longer.
    few, many = (min(_words_s(stage, count, enhanced) for _ in range(2)) for count in (_FEW, _MANY))
    share = phrase_ms / model_ms if model_ms else None
    return TextCost(phrase_ms, share, many, (many / _MANY) / (few / _FEW))


def _phrase_ms(composition: Composition, enhanced: str) -> float:
    begin = time.perf_counter()
    composition.add(_PHRASE, lambda text: enhanced)
    composition.text(final=True)
    return (time.perf_counter() - begin) * 1000


def _words_s(stage: TextStage, count: int, enhanced: str) -> float:
    """Seconds for `count` words; the model's answer is put together from that for one phrase."""
    composition = stage.begin()
    written = dict(zip(_WORDS, enhanced.split(), strict=False))

    def punctuate(text: str) -> str:
        return " ".join(written.get(word, word) for word in text.split())

    begin = time.perf_counter()
    for _ in range(count // len(_WORDS)):
        composition.add(_PHRASE, punctuate)
    composition.text(final=True)
    return time.perf_counter() - begin


def _model(text: str) -> tuple[str, float]:
    """What the installed model makes of it, and the median time of a call in ms; 0.0 without a model."""
    try:
        model = remote.load_punctuation(
            catalog.find_punctuation_model(folders(), ""),
            timeout_s=60,
            on_progress=lambda percent: None,
            cancelled=threading.Event(),
        )
    except ModelError:
        return text, 0.0
    times = []
    for _ in itertools.repeat(None, _REPEATS):
        begin = time.perf_counter()
        enhanced = model.enhance(text)
        times.append((time.perf_counter() - begin) * 1000)
    model.close()
    return enhanced, statistics.median(times)
