"""RUPunct's label scheme: which words a model is given, and what its labels make of them.

A text is cut into pieces (words, cut again at their hyphens); the engine labels the pieces; `join` writes the text
with the case and the mark that each label names. Letters of a word are never added, lost or moved. Pure; any thread.
"""

from __future__ import annotations

import enum
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MARK_CHARACTERS = frozenset(".,?!:;…—–-")
"""What is taken from the end of a word before the model sees it: the model decides anew."""
MAX_MODEL_CHARACTERS = 100
"""WordPiece takes a longer word for unknown anyway."""
OVERLAP_WORDS = 10
"""Context on each side of a window; measured: fewer than 5 cost accuracy, more than 10 only time."""

_APOSTROPHES = frozenset("'’ʼ")
_SHARE_FOR_CONTEXT = 4


class Case(enum.Enum):
    """How a word is written."""

    LOWER = "LOWER"
    UPPER = "UPPER"
    """First letter capital."""
    UPPER_TOTAL = "UPPER_TOTAL"
    """All letters capital."""


class Mark(enum.Enum):
    """What follows a word; the value is the name within the label."""

    NONE = "O"
    PERIOD = "PERIOD"
    COMMA = "COMMA"
    QUESTION = "QUESTION"
    EXCLAMATION = "VOSKL"
    COLON = "DVOETOCHIE"
    SEMICOLON = "PERIODCOMMA"
    DASH = "TIRE"
    HYPHEN = "DEFIS"
    """The next word belongs to this one: `кто` + `то`."""
    QUESTION_EXCLAMATION = "QUESTIONVOSKL"
    ELLIPSIS = "MNOGOTOCHIE"


_WRITTEN = {
    Mark.NONE: "",
    Mark.PERIOD: ".",
    Mark.COMMA: ",",
    Mark.QUESTION: "?",
    Mark.EXCLAMATION: "!",
    Mark.COLON: ":",
    Mark.SEMICOLON: ";",
    Mark.DASH: " —",
    Mark.HYPHEN: "-",
    Mark.QUESTION_EXCLAMATION: "?!",
    Mark.ELLIPSIS: "…",
}
_STOPS = frozenset((Mark.PERIOD, Mark.QUESTION, Mark.EXCLAMATION, Mark.QUESTION_EXCLAMATION))


@dataclass(frozen=True)
class Label:
    """One class of the model."""

    case: Case
    mark: Mark


LOWER_O = Label(Case.LOWER, Mark.NONE)
"""No capital and no mark: what a word gets that the model has no opinion on."""


def parse_label(name: str) -> Label:
    """Read a name from a model's id2label, such as `UPPER_TOTAL_COMMA`. Raises ValueError."""
    case, _, mark = name.rpartition("_")
    return Label(Case(case), Mark(mark))


@dataclass(frozen=True)
class Piece:
    """A word, or the part of one up to a hyphen.

    Attributes:
        prefix: what stands before its first letter or digit ("«"); all of it when there is none (an emoji).
        core: from the first letter or digit to the last; "" when there is none.
        suffix: what stands after, without the marks at its end ("»").
        hyphen: the source has a hyphen here, and the next piece is part of the same word.
        whole: an address, a number or the like (`config.json`, `10:30`): neither cut nor written otherwise.
    """

    prefix: str
    core: str
    suffix: str = ""
    hyphen: bool = False
    whole: bool = False

    @property
    def model_text(self) -> str:
        """The word as models are trained on it: lower case, е for ё; "" = not for the model."""
        text = self.core[:MAX_MODEL_CHARACTERS].lower().replace("ё", "е")
        return text.encode("utf-8", "replace").decode("utf-8")

    @property
    def keeps_case(self) -> bool:
        """Somebody wrote it so on purpose: `iPhone`, `GitHub`, `ivan@mail.ru`."""
        return self.whole or (
            any(character.isupper() for character in self.core[1:])
            and any(character.islower() for character in self.core)
        )


def cut(text: str) -> list[Piece]:
    """Cut a text into pieces. Words that consist of marks alone ("—") are left out."""
    return [piece for token in text.split() if not set(token) <= MARK_CHARACTERS for piece in _cut_token(token)]


def _cut_token(token: str) -> Iterator[Piece]:
    begin = next((index for index, character in enumerate(token) if character.isalnum()), None)
    if begin is None:
        yield Piece(token, "")
        return
    end = next(index for index in range(len(token), 0, -1) if token[index - 1].isalnum())
    prefix, core, suffix = token[:begin], token[begin:end], token[end:].rstrip("".join(MARK_CHARACTERS))
    parts = core.split("-")
    if not all(_is_plain_word(part) for part in parts):
        yield Piece(prefix, core, suffix, whole=True)
        return
    for index, part in enumerate(parts):
        is_last = index == len(parts) - 1
        yield Piece(prefix if index == 0 else "", part, suffix if is_last else "", hyphen=not is_last)


def _is_plain_word(part: str) -> bool:
    return any(character.isalnum() for character in part) and all(
        character.isalnum() or character in _APOSTROPHES or unicodedata.category(character).startswith("M")
        for character in part
    )


def join(pieces: Sequence[Piece], labels: Sequence[Label | None]) -> str:
    """Write the pieces with the case and the marks of their labels; None = as in the source, without a mark.

    A word after a full stop, a question or an exclamation mark begins with a capital, whatever its label says.
    Raises ValueError when there is not one label per piece.
    """
    written: list[str] = []
    after_stop = False
    for index, (piece, label) in enumerate(zip(pieces, labels, strict=True)):
        if not piece.core:
            written.append(piece.prefix + " ")
            continue
        written.append(piece.prefix + _with_case(piece, label, capital=after_stop) + piece.suffix)
        mark = _mark_after(piece, label, pieces[index + 1] if index + 1 < len(pieces) else None)
        written.append(_WRITTEN[mark] + ("" if mark is Mark.HYPHEN else " "))
        after_stop = mark in _STOPS
    return "".join(written).rstrip(" ")


def _mark_after(piece: Piece, label: Label | None, following: Piece | None) -> Mark:
    if piece.hyphen:
        return Mark.HYPHEN
    # A mark that stays in the source ("Да!»", ":)") needs no second one.
    if label is None or not MARK_CHARACTERS.isdisjoint(piece.suffix):
        return Mark.NONE
    if label.mark is not Mark.HYPHEN:
        return label.mark
    joins = following is not None and following.core and not following.prefix and not following.whole
    return Mark.HYPHEN if joins and not piece.suffix and not piece.whole else Mark.NONE


def _with_case(piece: Piece, label: Label | None, *, capital: bool) -> str:
    if piece.keeps_case:
        return piece.core
    case = Case.LOWER if label is None else label.case
    word = piece.core if label is None else "".join(map(fold, piece.core))
    if case is Case.UPPER_TOTAL:
        return "".join(map(_upper, word))
    return _upper(word[0]) + word[1:] if capital or case is Case.UPPER else word


def fold(character: str) -> str:
    """Lower-case one character, where the way back exists: "ß" and "İ" have none, and would change the word."""
    lower = character.lower()
    return lower if len(lower) == 1 and lower.upper() == character else character


def _upper(character: str) -> str:
    upper = character.upper()
    return upper if len(upper) == 1 and upper.lower() == character else character


@dataclass(frozen=True)
class Window:
    """Words `begin` to `end` go to the model in one run; the labels of `keep_begin` to `keep_end` count."""

    begin: int
    end: int
    keep_begin: int
    keep_end: int


def cut_windows(lengths: Sequence[int], limit: int, overlap: int = OVERLAP_WORDS) -> Iterator[Window]:
    """Cut a text into windows of at most `limit` tokens that overlap by `overlap` words on either side.

    Args:
        lengths: tokens of each word, at most `longest_word(limit)` of each.
        limit: tokens that fit into one run, at least 1.
        overlap: words of context that a kept word should have; fewer where words are long.
    """
    count, done, room = len(lengths), 0, limit // _SHARE_FOR_CONTEXT
    while done < count:
        begin = _step_back(lengths, done, overlap, room)
        end, tokens = done, sum(lengths[begin:done])
        while end < count and tokens + lengths[end] <= limit:
            tokens += lengths[end]
            end += 1
        keep_end = count if end == count else max(done + 1, _step_back(lengths, end, overlap, room))
        yield Window(begin, end, done, keep_end)
        done = keep_end


def longest_word(limit: int) -> int:
    """Tokens of one word that `cut_windows` can place beside its context; the label is that of the first one."""
    return max(1, limit // _SHARE_FOR_CONTEXT)


def _step_back(lengths: Sequence[int], index: int, words: int, room: int) -> int:
    first = index
    while first > 0 and index - first < words and lengths[first - 1] <= room:
        first -= 1
        room -= lengths[first]
    return first
