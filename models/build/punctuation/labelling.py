"""Written text as words with RUPunct's labels, and back. Standard library only.

A label is a case and the mark after the word: `UPPER_COMMA`. Quotes and brackets are left out; sentences with anything
that nobody dictates (links, formulas, tables) are dropped.
"""

from __future__ import annotations

import re

CASES = ("UPPER", "LOWER", "UPPER_TOTAL")
MARKS = {
    "PERIOD": ".",
    "COMMA": ",",
    "QUESTION": "?",
    "TIRE": " —",
    "VOSKL": "!",
    "DVOETOCHIE": ":",
    "PERIODCOMMA": ";",
    "DEFIS": "-",
    "QUESTIONVOSKL": "?!",
    "MNOGOTOCHIE": "...",
    "O": "",
}
"""Marks by their names, in the order of RUPunct's classes."""
LABELS = tuple(f"{case}_{mark}" for mark in MARKS for case in CASES)
ENDS = frozenset(("PERIOD", "QUESTION", "VOSKL", "MNOGOTOCHIE", "QUESTIONVOSKL"))

Sentence = list[tuple[str, str]]
"""Words as written, each with its label."""

_WORD = re.compile(r"[0-9]+(?:[.,:][0-9]+)*(?:-[А-Яа-яЁё]+)?|[А-Яа-яЁёA-Za-z0-9]+(?:['’][А-Яа-яЁёA-Za-z]+)*")
_NOT_DICTATED = re.compile(r"[*_\[\]<>|=@#~^{}\\/+&%$№°§©•\u2600-\u27bf\U0001f000-\U0001ffffѣіѳѵ]|http|www\.")
_ABBREVIATION = re.compile(r"[А-ЯЁA-Z]|[IVXLC]+|\d{1,2}|г|гг|др|пр|т|им|св|ул|стр|см|руб|тыс|млн|проф|гр|кн")
_REPLACED = str.maketrans(
    dict.fromkeys('\u00ad\ufeff\u0301«»„“”"‹›`()', None) | {"…": "...", "−": "-", "‑": "-", "–": "—", "―": "—"}
)
_FOUND_IN = (("...", "MNOGOTOCHIE"), ("..", "MNOGOTOCHIE"), (".", "PERIOD"), (";", "PERIODCOMMA"),
             (":", "DVOETOCHIE"), (",", "COMMA"), ("—", "TIRE"), ("-", "TIRE"))  # fmt: skip
_LONGEST_SENTENCE = 90  # words: more do not fit into the model
_LONGEST_RETRY = 4000  # characters
_LATIN_SHARE = 0.34


def sentences_of(paragraph: str, *, latin: bool = False) -> list[Sentence]:
    """The sentences of a paragraph that can be learnt from. `latin`: also those with some Latin words."""
    text = _plain(paragraph)
    if not text:
        return []
    if _NOT_DICTATED.search(text):
        if len(text) >= _LONGEST_RETRY:
            return []
        pieces = re.split(r"(?<=[.!?]) (?=[А-ЯЁ—])", text)
        return [s for piece in pieces if not _NOT_DICTATED.search(piece) for s in sentences_of(piece, latin=latin)]
    found, current = [], []
    words = words_of(text)
    for index, (word, label) in enumerate(words):
        current.append((word.replace("’", "'"), label))
        following = words[index + 1][0] if index + 1 < len(words) else ""
        if mark_of(label) in ENDS and (not following or following[0].isupper() or following[0].isdigit()):
            found.append(current)
            current = []
    return [sentence for sentence in found if _is_good(sentence, latin)]  # without an end mark: a heading


def words_of(text: str) -> Sentence:
    """All words of a text with their labels; a gap that no label describes counts as `BAD`."""
    places = list(_WORD.finditer(text))
    ends = [*(place.start() for place in places[1:]), len(text)]
    return [
        (place.group(), f"{_case(place.group())}_{_mark(text[place.end() : end])}")
        for place, end in zip(places, ends, strict=False)  # no word: an end too many
    ]


def mark_of(label: str) -> str:
    """The mark's name in a label."""
    return label.rsplit("_", 1)[1]


def case_of(label: str) -> str:
    """The case's name in a label."""
    return label.rsplit("_", 1)[0]


def written(sentence: Sentence) -> str:
    """A sentence as people write it."""
    parts = []
    for word, label in sentence:
        mark = mark_of(label)
        parts.append(word + MARKS[mark] + ("" if mark == "DEFIS" else " "))
    return "".join(parts).strip()


def spoken(sentence: Sentence) -> str:
    """A sentence as a recogniser writes it: small letters, no marks, hyphens as Vosk's models have them."""
    return "".join(word.lower() + ("-" if mark_of(label) == "DEFIS" else " ") for word, label in sentence).strip()


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.translate(_REPLACED).replace("--", "—")).strip()


def _mark(gap: str) -> str:
    """The mark in what stands between two words."""
    if gap == "-":
        return "DEFIS"
    signs = gap.replace(" ", "")
    if not signs.strip("'"):
        return "O"
    if "?" in signs:
        return "QUESTIONVOSKL" if "!" in signs else "QUESTION"
    if "!" in signs:
        return "VOSKL"
    return next((mark for sign, mark in _FOUND_IN if sign in signs), "BAD")


def _case(word: str) -> str:
    letters = [letter for letter in word if letter.isalpha()]
    if len(letters) > 1 and all(letter.isupper() for letter in letters):
        return "UPPER_TOTAL"
    return "UPPER" if letters and word[0].isupper() else "LOWER"


def _is_good(sentence: Sentence, latin: bool) -> bool:
    words = [word for word, _ in sentence]
    marks = [mark_of(label) for _, label in sentence]
    shouted = all(case_of(label) == "UPPER_TOTAL" or len(word) == 1 for word, label in sentence)
    foreign = sum(re.search("[A-Za-z]", word) is not None for word in words)
    russian = sum(re.search("[а-яё]", word.lower()) is not None for word in words)
    return (
        len(words) <= _LONGEST_SENTENCE
        and "BAD" not in marks
        and "PERIOD" not in marks[:-1]  # an abbreviation inside
        and (words[0][0].isupper() or words[0][0].isdigit())
        and not (len(words) > 1 and shouted)
        and not (marks[-1] == "PERIOD" and _ABBREVIATION.fullmatch(words[-1]))
        and foreign <= (_LATIN_SHARE * len(words) if latin else 0)
        and russian >= max(1.0, 0.5 * len(words))
    )
