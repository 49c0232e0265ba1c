"""References to laws and contracts: «часть вторая статьи пять» becomes «ч. 2 ст. 5». Pure; any thread."""

from __future__ import annotations

from voicetype.core.text.numbers.lexicon import NOMINATIVE
from voicetype.core.text.numbers.patterns import Phrase
from voicetype.core.text.numbers.reading import Number
from voicetype.core.text.numbers.words import (
    LOCATIVE,
    is_counted,
    is_counted_by_few,
)

_LABELS: tuple[tuple[str, str, str], ...] = (
    ("ст.", "статья статьи статье статью статьей", "статей статьям статьями статьях"),
    ("ч.", "часть части частью", "частей частям частями частях"),
    ("п.", "пункт пункта пункту пунктом пункте", ""),
    ("пп.", "", "пункты пунктов пунктам пунктами пунктах"),
    ("подп.", "подпункт подпункта подпункту подпунктом подпункте", "подпункты подпунктов подпунктам подпунктами"),
    ("абз.", "абзац абзаца абзацу абзацем абзаце", "абзацы абзацев абзацам абзацами абзацах"),
)
_SHORT = {form: short for short, *rows in _LABELS for row in rows for form in row.split()}
REFERENCE_HEADS = frozenset(_SHORT)
_LISTED = frozenset(form for short, one, many in _LABELS for form in many.split()) | {"статьи", "части"}
"""Forms that several numbers may follow."""
_ALONE = {"ст.", "п.", "пп.", "подп."}
"""Parts of a law that need no other to be recognised as such; «часть вторая» may be of a film."""
_LETTERS = frozenset(["а", "б", "в", "г", "д", "е", "ж", "з", "и", "к", "л", "м", "н", "о", "п", "р"])


def reference(phrase: Phrase, at: int) -> tuple[int, str] | None:
    """One or more parts of a law with their numbers."""
    shorts: list[str] = []
    texts: list[str] = []
    while (part := _part(phrase, at)) is not None:
        at, short, numbers = part
        shorts.append(short)
        texts.append(f"{short} {numbers}")
    if not shorts or (len(shorts) == 1 and shorts[0] not in _ALONE):
        return None
    return at, " ".join(texts)


def _part(phrase: Phrase, at: int) -> tuple[int, str, str] | None:
    label = phrase.word(at)
    short = _SHORT.get(label)
    if short is None:
        return None
    if phrase.word(at + 1) in _LETTERS and short == "подп." and phrase.word(at + 2) in _SHORT:
        return at + 2, short, f"«{phrase.word(at + 1)}»"
    number = phrase.number(at + 1)
    if number is None or not _is_its_number(phrase, at, number):
        return None
    stop, text = _dotted(phrase, number)
    while label in _LISTED and (listed := _next_listed(phrase, stop)) is not None:
        joint, following = listed
        stop, more = _dotted(phrase, following)
        text += joint + more
    return stop, short, text


def _is_its_number(phrase: Phrase, at: int, number: Number) -> bool:
    """Whether the number is the part's own: in «в пункте пять человек» it counts people."""
    behind = phrase.word(number.stop)
    if number.value == 0 or number.scale > 1000:
        return False
    if number.suffix:
        # «пункт второй статьи»: the number is the article's.
        return behind not in _SHORT or phrase.number(number.stop + 1) is not None
    if not number.cases & NOMINATIVE or phrase.word(at + 1) in ("одна", "одно"):
        return False
    if behind in _SHORT:
        return True
    if is_counted(behind):
        return False
    is_place = phrase.word(at - 1) in LOCATIVE
    return not (is_place and 2 <= number.value <= 4 and is_counted_by_few(behind))


def _next_listed(phrase: Phrase, at: int) -> tuple[str, Number] | None:
    joint = phrase.word(at)
    if joint in ("и", "или"):
        number = phrase.number(at + 1)
        if number is not None and not is_counted(phrase.word(number.stop)):
            return f" {joint} ", number
        return None
    number = phrase.number(at)
    return (", ", number) if number is not None else None


def _dotted(phrase: Phrase, number: Number) -> tuple[int, str]:
    text, stop = str(number.value), number.stop
    while phrase.word(stop) == "точка" and (following := phrase.cardinal(stop + 1)) is not None:
        text, stop = f"{text}.{following.value}", following.stop
    return stop, text
