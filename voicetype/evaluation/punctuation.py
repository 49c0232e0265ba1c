"""Measures a punctuation model on written text. Any thread; blocks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from voicetype.core.measures import PunctuationScore, calls_of, spoken, words_of
from voicetype.core.messages import EvaluationError, MessageCode
from voicetype.core.ports import Punctuator
from voicetype.evaluation.files import read_text


@dataclass
class TextScore:
    """What was counted in one text."""

    file: str
    calls: int = 0
    score: PunctuationScore = field(default_factory=PunctuationScore)


def measure_text(
    path: Path,
    model: Callable[[], Punctuator],
    sentences: int,
    on_call: Callable[[int, int], None] = lambda done, total: None,
) -> TextScore:
    """Give the model the text without its marks and capitals, and count what it makes of it.

    Args:
        path: the text.
        model: returns the loaded model.
        sentences: of one call.
        on_call: called with the calls that are done and all of them.

    Raises EvaluationError when there is nothing to read, ModelError when the model fails.
    """
    calls = list(calls_of(read_text(path), sentences))
    if not calls:
        raise EvaluationError(MessageCode.TEXT_WITHOUT_WORDS, path=path)
    result = TextScore(str(path))
    for expected in calls:
        result.score.add(expected, words_of(model().enhance(spoken(expected))))
        result.calls += 1
        on_call(result.calls, len(calls))
    return result
