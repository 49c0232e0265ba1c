"""The figures of `voicetype eval`, as tables for people and as data for programs. Main thread."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from voicetype.core.labels import Case, Mark
from voicetype.core.measures import CASES, MARKS, PunctuationScore, Rates
from voicetype.evaluation.punctuation import TextScore
from voicetype.evaluation.speech import Errors, Utterance, character_errors, real_time_factor, word_errors
from voicetype.i18n import translate
from voicetype.terminal import print_line, print_table

_DIGITS = 4


def print_scores(model: str, scores: Sequence[TextScore]) -> None:
    """A table for each text, and one for all of them if there are several."""
    print_line(translate("Cli", "Model: {name}").format(name=model))
    for text in scores:
        _print_score(text.file, text.calls, text.score)
    if len(scores) > 1:
        _print_score(translate("Cli", "All texts"), sum(text.calls for text in scores), _all(scores))


def scores_as_data(scores: Sequence[TextScore]) -> dict[str, Any]:
    """Each text, and all of them together."""
    files = [{"file": text.file, **_score_as_data(text.calls, text.score)} for text in scores]
    return {"files": files, "all": _score_as_data(sum(text.calls for text in scores), _all(scores))}


def print_speech(model: str, utterances: Sequence[Utterance]) -> None:
    """What was measured, on a few lines."""
    words, characters = word_errors(utterances), character_errors(utterances)
    sound_s = sum(one.sound_s for one in utterances)
    print_line(translate("Cli", "Model: {name}").format(name=model))
    print_line(
        translate("Cli", "Recordings: {files}, {seconds} s").format(files=len(utterances), seconds=f"{sound_s:.1f}")
    )
    print_line(_rate(translate("Cli", "WER (words)"), words))
    print_line(_rate(translate("Cli", "CER (characters)"), characters))
    factor = real_time_factor(utterances)
    print_line(
        translate("Cli", "RTF (seconds of decoding a second of sound): {factor}").format(
            factor="—" if factor is None else f"{factor:.3f}"
        )
    )
    print_line(_normalisation())


def speech_as_data(utterances: Sequence[Utterance]) -> dict[str, Any]:
    """All recordings together, then each by itself; rates are shares, not per cent."""
    data: dict[str, Any] = {"wer": None, "cer": None, "rtf": None, "words": None, "characters": None}
    if utterances:
        words, characters, factor = word_errors(utterances), character_errors(utterances), real_time_factor(utterances)
        data = {
            "wer": _rounded(words.rate),
            "cer": _rounded(characters.rate),
            "rtf": _rounded(factor),
            "words": _errors_as_data(words),
            "characters": _errors_as_data(characters),
        }
    return {
        **data,
        "sound_s": round(sum(one.sound_s for one in utterances), 3),
        "decoding_s": round(sum(one.decoding_s for one in utterances), 3),
        "normalisation": _normalisation(),
        "files": [_utterance_as_data(one) for one in utterances],
    }


def _normalisation() -> str:
    return translate(
        "Cli",
        "Compared without marks and capitals, ё as е, hyphens as spaces. "
        "Numbers are not converted: write them as words.",
    )


def _print_score(title: str, calls: int, score: PunctuationScore) -> None:
    print_line("")
    print_line(
        translate("Cli", "{title}: {words} words, {calls} calls").format(title=title, words=score.words, calls=calls)
    )
    if score.unaligned:
        print_line(translate("Cli", "{count} words came back changed").format(count=score.unaligned))
    titles = (
        translate("Cli", "Mark"),
        translate("Cli", "Precision"),
        translate("Cli", "Recall"),
        translate("Cli", "F1"),
        translate("Cli", "In the text"),
        translate("Cli", "Set"),
    )
    rows = [(name, score.rates(key)) for key, name in _names().items()]
    print_table([titles, *((name, *_cells(rates)) for name, rates in rows)])


def _names() -> dict[Mark | Case, str]:
    return {
        Mark.PERIOD: translate("Cli", "full stop"),
        Mark.COMMA: translate("Cli", "comma"),
        Mark.QUESTION: translate("Cli", "question mark"),
        Mark.EXCLAMATION: translate("Cli", "exclamation mark"),
        Mark.COLON: translate("Cli", "colon"),
        Mark.SEMICOLON: translate("Cli", "semicolon"),
        Mark.DASH: translate("Cli", "dash"),
        Mark.ELLIPSIS: translate("Cli", "ellipsis"),
        Mark.QUESTION_EXCLAMATION: translate("Cli", "question and exclamation mark"),
        Case.UPPER: translate("Cli", "first letter capital"),
        Case.UPPER_TOTAL: translate("Cli", "all letters capital"),
    }


def _cells(rates: Rates) -> tuple[str, ...]:
    shown = ("—" if share is None else f"{share:.3f}" for share in (rates.precision, rates.recall, rates.f1))
    return *shown, str(rates.wanted), str(rates.found)


def _rate(name: str, errors: Errors) -> str:
    return translate(
        "Cli", "{name}: {percent} % ({errors} of {length}: {wrong} wrong, {missing} left out, {extra} put in)"
    ).format(
        name=name,
        percent=f"{100 * errors.rate:.1f}",
        errors=errors.count,
        length=errors.length,
        wrong=errors.substitutions,
        missing=errors.deletions,
        extra=errors.insertions,
    )


def _all(scores: Sequence[TextScore]) -> PunctuationScore:
    together = PunctuationScore()
    for text in scores:
        together.include(text.score)
    return together


def _score_as_data(calls: int, score: PunctuationScore) -> dict[str, Any]:
    return {
        "calls": calls,
        "words": score.words,
        "unaligned": score.unaligned,
        "marks": {mark.name.lower(): _rates_as_data(score.rates(mark)) for mark in MARKS},
        "case": {case.name.lower(): _rates_as_data(score.rates(case)) for case in CASES},
    }


def _rates_as_data(rates: Rates) -> dict[str, Any]:
    return {
        "precision": _rounded(rates.precision),
        "recall": _rounded(rates.recall),
        "f1": _rounded(rates.f1),
        "wanted": rates.wanted,
        "found": rates.found,
        "right": rates.right,
    }


def _errors_as_data(errors: Errors) -> dict[str, int]:
    return {
        "said": errors.length,
        "hits": errors.hits,
        "substitutions": errors.substitutions,
        "deletions": errors.deletions,
        "insertions": errors.insertions,
    }


def _utterance_as_data(one: Utterance) -> dict[str, Any]:
    return {
        "file": one.file,
        "said": one.said,
        "heard": one.heard,
        "wer": _rounded(word_errors([one]).rate),
        "cer": _rounded(character_errors([one]).rate),
        "sound_s": round(one.sound_s, 3),
        "decoding_s": round(one.decoding_s, 4),
    }


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, _DIGITS)
