"""What the quality of a model is measured by: marks and capitals of a written text, and words as speech is compared.

The one definition for `voicetype eval` and for the scripts that build the bundled models. Pure; any thread.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from voicetype.core.labels import Case, Label, Mark

MARKS = (
    Mark.PERIOD,
    Mark.COMMA,
    Mark.QUESTION,
    Mark.EXCLAMATION,
    Mark.COLON,
    Mark.SEMICOLON,
    Mark.DASH,
    Mark.ELLIPSIS,
    Mark.QUESTION_EXCLAMATION,
)
"""Marks that are told. A hyphen belongs to its word, so the model is given it."""
CASES = (Case.UPPER, Case.UPPER_TOTAL)
SENTENCES_PER_CALL = 3
"""About as much as people dictate at a time."""

_WORD = re.compile(r"[0-9]+(?:[.,:][0-9]+)*(?![^\W_])|[^\W_]+(?:['’ʼ][^\W_]+)*")
_SAME = str.maketrans(dict.fromkeys('\u00ad\ufeff\u0301«»„“”"‹›`()[]', None) | {"−": "-", "‑": "-", "–": "—", "―": "—"})
"""Quotes, brackets and accents are nobody's to predict; dashes and hyphens have many looks."""
_FOUND_IN = (
    ("…", Mark.ELLIPSIS),
    ("..", Mark.ELLIPSIS),
    (".", Mark.PERIOD),
    (";", Mark.SEMICOLON),
    (":", Mark.COLON),
    (",", Mark.COMMA),
    ("—", Mark.DASH),
    ("-", Mark.DASH),
)
"""Of several marks between two words the first of these counts: a comma of ", —", as RUPunct's labels have it."""
_ENDS = frozenset((Mark.PERIOD, Mark.QUESTION, Mark.EXCLAMATION, Mark.ELLIPSIS, Mark.QUESTION_EXCLAMATION))
_COMMENT = "# "


@dataclass(frozen=True)
class Word:
    """A word as written, with its case and the mark that follows it."""

    text: str
    label: Label


def words_of(text: str) -> list[Word]:
    """The words of a written text; a word is cut at its hyphens, as the models see it."""
    plain = unicodedata.normalize("NFC", text).translate(_SAME).replace("--", "—")
    places = list(_WORD.finditer(plain))
    ends = [*(place.start() for place in places[1:]), len(plain)]
    return [
        Word(place.group(), Label(_case(place.group()), _mark(plain[place.end() : end])))
        for place, end in zip(places, ends, strict=False)  # no word: an end too many
    ]


def spoken(words: Sequence[Word]) -> str:
    """The words as a recogniser writes them: small letters, hyphens, no other marks."""
    parts = [word.text.lower() + ("-" if word.label.mark is Mark.HYPHEN else " ") for word in words]
    return "".join(parts).strip(" -")


def sentences_of(line: str) -> list[list[Word]]:
    """The sentences of a line, the last one with or without its end mark. Initials end no sentence."""
    found: list[list[Word]] = [[]]
    words = words_of(line)
    for index, word in enumerate(words):
        found[-1].append(word)
        following = words[index + 1].text[0] if index + 1 < len(words) else ""
        initial = word.label == Label(Case.UPPER, Mark.PERIOD) and len(word.text) == 1
        if word.label.mark in _ENDS and not initial and (following.isupper() or following.isdigit()):
            found.append([])
    return [sentence for sentence in found if sentence]


def calls_of(text: str, sentences: int = SENTENCES_PER_CALL) -> Iterator[list[Word]]:
    """What the model is given at a time: so many sentences, or what is left of a paragraph.

    A line holds whole sentences, a blank line ends a paragraph, and a line that begins with "# " is a comment.
    """
    waiting: list[list[Word]] = []
    for line in [*text.splitlines(), ""]:
        if line.startswith(_COMMENT):
            continue
        waiting += sentences_of(line)
        while len(waiting) >= sentences or (waiting and not line.strip()):
            yield [word for sentence in waiting[:sentences] for word in sentence]
            del waiting[:sentences]


@dataclass(frozen=True)
class Rates:
    """How often one mark or case was right, set where it is not wanted, and missed."""

    right: int
    invented: int
    missed: int

    @property
    def wanted(self) -> int:
        """How often it stands in the text."""
        return self.right + self.missed

    @property
    def found(self) -> int:
        """How often the model set it."""
        return self.right + self.invented

    @property
    def precision(self) -> float | None:
        """Share of what was set that is right; None when the model never set it."""
        return self.right / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        """Share of what is wanted that was set; None when the text has none."""
        return self.right / self.wanted if self.wanted else None

    @property
    def f1(self) -> float | None:
        """Harmonic mean of the two: 0 when none is right; None when there was nothing to be right or wrong about."""
        both = self.wanted + self.found
        return 2 * self.right / both if both else None


class PunctuationScore:
    """Counts marks and cases over any number of calls.

    Attributes:
        words: of the text, all of them.
        unaligned: those that the model's text lacks; their marks count as missed.
    """

    def __init__(self) -> None:
        self.words = 0
        self.unaligned = 0
        self._right: Counter[Mark | Case] = Counter()
        self._invented: Counter[Mark | Case] = Counter()
        self._missed: Counter[Mark | Case] = Counter()

    def add(self, expected: Sequence[Word], found: Sequence[Word]) -> None:
        """Count one call: the text's words beside those of the model's text."""
        self.words += len(expected)
        ours, theirs = _letters(expected), _letters(found)
        for tag, begin, end, other, other_end in difflib.SequenceMatcher(None, ours, theirs, False).get_opcodes():
            if tag == "equal":
                for wanted, got in zip(expected[begin:end], found[other:other_end], strict=True):
                    self._compare(wanted.label.mark, got.label.mark)
                    self._compare(wanted.label.case, got.label.case)
                continue
            self.unaligned += end - begin
            for word in expected[begin:end]:
                self._missed.update((word.label.mark, word.label.case))
            for word in found[other:other_end]:
                self._invented.update((word.label.mark, word.label.case))

    def include(self, other: PunctuationScore) -> None:
        """Add the counts of another text."""
        self.words += other.words
        self.unaligned += other.unaligned
        self._right += other._right
        self._invented += other._invented
        self._missed += other._missed

    def rates(self, name: Mark | Case) -> Rates:
        """The counts of one mark or case."""
        return Rates(self._right[name], self._invented[name], self._missed[name])

    def _compare(self, wanted: Mark | Case, got: Mark | Case) -> None:
        if wanted is got:
            self._right[wanted] += 1
        else:
            self._missed[wanted] += 1
            self._invented[got] += 1


def normalized(text: str) -> str:
    """What speech is compared by: words in small letters with е for ё, a space in the place of all else."""
    plain = unicodedata.normalize("NFC", text).replace("\u0301", "").replace("\u00ad", "")
    return " ".join(re.findall(r"[^\W_]+", plain.lower().replace("ё", "е")))


def _letters(words: Sequence[Word]) -> list[str]:
    return [word.text.lower() for word in words]


def _mark(gap: str) -> Mark:
    """The mark in what stands between two words."""
    if gap == "-":
        return Mark.HYPHEN
    if "?" in gap:
        return Mark.QUESTION_EXCLAMATION if "!" in gap else Mark.QUESTION
    if "!" in gap:
        return Mark.EXCLAMATION
    return next((mark for sign, mark in _FOUND_IN if sign in gap), Mark.NONE)


def _case(word: str) -> Case:
    letters = [letter for letter in word if letter.isalpha()]
    if len(letters) > 1 and all(letter.isupper() for letter in letters):
        return Case.UPPER_TOTAL
    return Case.UPPER if letters and word[0].isupper() else Case.LOWER
