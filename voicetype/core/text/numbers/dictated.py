"""Numbers dictated in pieces, digit by digit, in pairs or in triples: phones, cards, codes, versions.

Pure; any thread.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from voicetype.core.text.numbers.lexicon import NOMINATIVE
from voicetype.core.text.numbers.patterns import Phrase

_MOST_PIECES = 24
"""As many as a bank account's digits, and a bound on how far one look goes."""
_CODES: tuple[tuple[str, tuple[int, ...], str], ...] = (
    ("инн", (10, 12), "{}"),
    ("огрн", (13,), "{}"),
    ("огрнип", (15,), "{}"),
    ("кпп бик", (9,), "{}"),
    ("окпо", (8, 10), "{}"),
    ("снилс", (11,), "3-3-3 2"),
    ("счет счета счету счете счетом", (20,), "{}"),
    ("индекс индекса индексу индексе индексом", (6,), "{}"),
    ("серия серии серию серией", (4,), "{}"),
    ("карта карты карте карту картой", (16,), "4 4 4 4"),
    ("код кода коду кодом пин пинкод пинкода пароль пароля артикул артикула айди id", (3, 4, 5, 6, 7, 8, 10, 12), "{}"),
    ("телефон телефона телефону телефоном телефоне номер номеру номера", (10,), "3 3-2-2"),
    ("телефон телефона телефону телефоном телефоне", (7,), "3-2-2"),
    ("телефон телефона телефону телефоном телефоне", (6,), "2-2-2"),
    ("номер номером номеру", (4, 5, 6, 7, 8, 9, 12, 13, 14, 15), "№ {}"),
)
"""Words that announce a code, the lengths it may have, and how its digits are grouped."""
_BY_CUE: dict[str, list[tuple[tuple[int, ...], str]]] = {}
for _cues, _lengths, _form in _CODES:
    for _cue in _cues.split():
        _BY_CUE.setdefault(_cue, []).append((_lengths, _form))
_BETWEEN = frozenset(("номер", "номера", "номеру", "подтверждения", "доступа", "это", "равен", "мой", "организации"))
"""Words that may stand between the cue and the digits."""
_CARD = "4 4 4 4"
_CARD_LENGTH = 16
_PHONES: tuple[tuple[str, int, str], ...] = (
    ("7", 11, "+1 3 3-2-2"),
    ("375", 12, "+3 2 3-2-2"),
    ("380", 12, "+3 2 3-2-2"),
)
"""Country code, length, groups."""
_TRUNK_FORM = "1 3 3-2-2"
_TRUNK_AFTER = "3489"
_FEWEST_PHONE_PIECES = 4
_FEWEST_IN_A_ROW = 3
_FEWEST_SINGLE_DIGITS = 5
"""Fewer digits in a row may be a count: «один два три»."""


def _pieces(phrase: Phrase, at: int) -> Iterator[tuple[int, str]]:
    """The adjacent small cardinals from `at` on: index after each, and its digits."""
    for _ in range(_MOST_PIECES):
        number = phrase.cardinal(at)
        if number is None or number.value > 999 or not number.cases & NOMINATIVE:
            return
        at = number.stop
        yield at, str(number.value)


def _run(phrase: Phrase, at: int) -> tuple[int, str, int]:
    """Index after the run of digits at `at`, the digits, the number of pieces."""
    digits, count = "", 0
    for stop, piece in _pieces(phrase, at):
        at, digits, count = stop, digits + piece, count + 1
    return at, digits, count


def _first(phrase: Phrase, at: int, length: int) -> tuple[int, str, int] | None:
    """The first pieces of the run at `at` that have this many digits together."""
    digits = ""
    for count, (stop, piece) in enumerate(_pieces(phrase, at), start=1):
        digits += piece
        if len(digits) >= length:
            return (stop, digits, count) if len(digits) == length else None
    return None


def grouped_as(digits: str, form: str) -> str:
    """The digits in groups: "3-2-2" stands for 123-45-67."""
    if "{" in form:
        return form.format(digits)
    text, at = "", 0
    for mark in form:
        if mark.isdigit():
            text, at = text + digits[at : at + int(mark)], at + int(mark)
        else:
            text += mark
    return text


def phone(phrase: Phrase, at: int) -> tuple[int, str] | None:
    """A phone number with «плюс» and the country code, or with the Russian «восемь»."""
    if phrase.word(at) == "плюс":
        for code, length, form in _PHONES:
            found = _first(phrase, at + 1, length)
            if found and found[1].startswith(code):
                return found[0], grouped_as(found[1], form)
        return None
    if phrase.word(at) not in ("восемь", "семь"):
        return None
    found = _first(phrase, at, 11)
    if found is None or found[1][1] not in _TRUNK_AFTER or found[2] < _FEWEST_PHONE_PIECES:
        return None
    if _is_count([int(piece) for _, piece in itertools.islice(_pieces(phrase, at), _FEWEST_PHONE_PIECES)]):
        return None  # «семь восемь девять десять одиннадцать»
    return found[0], grouped_as(found[1], _TRUNK_FORM)


def code(phrase: Phrase, at: int) -> tuple[int, str] | None:
    """A code behind the word that announces it, a card number, or single digits in a row."""
    if phrase.number_before(at):
        return None  # The middle of a row that was looked at already.
    stop, digits, count = _run(phrase, at)
    if count < 2:
        return _single_index(phrase, at)
    for form in _forms_of_cue(phrase, at, len(digits)):
        return stop, grouped_as(digits, form)
    if len(digits) == _CARD_LENGTH and count >= _FEWEST_PHONE_PIECES:
        return stop, grouped_as(digits, _CARD)
    if count == len(digits) >= _FEWEST_SINGLE_DIGITS and not _is_count([int(digit) for digit in digits]):
        return stop, digits
    return None


def numbered_run(phrase: Phrase, at: int) -> tuple[int, str] | None:
    """The word «номер» with the digits dictated behind it, for the sign № to take its place."""
    stop, digits, count = _run(phrase, at + 1)
    for lengths, form in _BY_CUE[phrase.word(at)]:
        if count > 1 and len(digits) in lengths and form.startswith("№"):
            return stop, grouped_as(digits, form)
    return None


def _single_index(phrase: Phrase, at: int) -> tuple[int, str] | None:
    number = phrase.cardinal(at)
    if number is None or phrase.word(at - 1) not in ("индекс", "код", "id", "айди") or number.value < 1000:
        return None
    return number.stop, str(number.value)


def _forms_of_cue(phrase: Phrase, at: int, length: int) -> Iterator[str]:
    for back in (1, 2, 3):
        word = phrase.word(at - back)
        for lengths, form in _BY_CUE.get(word, ()):
            # The sign № is written in place of the word, by a rule that begins there.
            if length in lengths and not form.startswith("№"):
                yield form
        if word not in _BETWEEN:
            return


def row(phrase: Phrase, at: int) -> tuple[int, str] | None:
    """Three or more numbers side by side, one of them so large that it is in digits: then all are."""
    if phrase.number_before(at):
        return None
    pieces: list[str] = []
    values: list[int] = []
    for stop, piece in _pieces(phrase, at):
        values.append(int(piece))
        if pieces and pieces[-1] == "0" and len(piece) == 1:
            pieces[-1] += piece
        else:
            pieces.append(piece)
        at = stop
    if len(values) < _FEWEST_IN_A_ROW or values[0] == 1 or max(values) < phrase.style.smallest:
        return None
    return at, " ".join(pieces)


def _is_count(values: list[int]) -> bool:
    """Whether somebody counts up or down."""
    steps = {second - first for first, second in itertools.pairwise(values)}
    return steps in ({1}, {-1})


def dotted(phrase: Phrase, at: int) -> tuple[int, str] | None:
    """«один точка два точка три»: two dots or more are a version or an address, one needs a word that says so."""
    parts: list[str] = []
    while (part := _dotted_part(phrase, at)) is not None:
        at, text = part
        parts.append(text)
        if phrase.word(at) != "точка" or _dotted_part(phrase, at + 1) is None:
            break
        at += 1
    return (at, ".".join(parts)) if len(parts) > 1 else None


def _dotted_part(phrase: Phrase, at: int) -> tuple[int, str] | None:
    number = phrase.cardinal(at)
    if number is None or not number.cases & NOMINATIVE or number.value > 9999:
        return None
    following = phrase.cardinal(number.stop) if number.value == 0 else None
    if following is not None and following.value < 10:
        return following.stop, f"0{following.value}"
    return number.stop, str(number.value)
