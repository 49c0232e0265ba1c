"""What the punctuation model said about each word, found again in the text that it returned. Pure; any thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

Punctuate = Callable[[str], str]
"""Returns the same words with case and marks. May raise ModelError."""

TERMINAL_MARKS = frozenset((".", "?", "!", "?!", "…", "!..", "?.."))
_ENDS = frozenset(".?!…")
_DASHES = frozenset("—–-")
_MARK_CHARACTERS = ".,?!:;…"
_SURROUNDING = "«»„“”\"'()[]"
_FROZEN_AFTER_WORDS = 20
"""A sentence end that so many words follow is not asked about again: what comes later changes it no more."""


def is_terminal(marks: str) -> bool:
    """Whether a sentence ends with these marks, which may be several in a row."""
    return marks[-1:] in _ENDS


@dataclass(frozen=True)
class MarkedWord:
    """A spoken word as it is to be written.

    Attributes:
        spoken: as it was recognised.
        written: with the model's case.
        mark: what follows it: "", one of `.,?!:;…`, several of them, or " —".
        joined: a hyphen ties it to the next word.
    """

    spoken: str
    written: str
    mark: str = ""
    joined: bool = False

    @property
    def ends_sentence(self) -> bool:
        """Whether a sentence ends after it."""
        return is_terminal(self.mark)


def align(words: Sequence[str], enhanced: str) -> list[MarkedWord]:
    """Give each of `words` its case and mark from `enhanced`; words without any, where the two do not match.

    A model may join words by a hyphen; it never adds, drops or moves one, or its text is not used at all.
    """
    marked: list[MarkedWord] = []
    at = 0
    for token in enhanced.split():
        if set(token) <= _DASHES:
            if marked:
                marked[-1] = replace(marked[-1], mark=f"{marked[-1].mark} —")
            continue
        core = token.strip(_SURROUNDING)
        body = core.rstrip(_MARK_CHARACTERS)
        mark = core[len(body) :]
        body = body.strip(_SURROUNDING)
        taken = _match(words, at, body)
        if not taken:
            return [MarkedWord(word, word) for word in words]
        marked += taken
        marked[-1] = replace(marked[-1], mark=mark)
        at += len(taken)
    if at != len(words):
        return [MarkedWord(word, word) for word in words]
    return marked


def _match(words: Sequence[str], at: int, body: str) -> list[MarkedWord]:
    """The words from `at` on that `body` is made of; [] when it is made of others."""
    if at < len(words) and _letters(words[at]) == _letters(body) and len(words[at]) == len(body):
        return [MarkedWord(words[at], body)]
    parts, found = body.split("-"), list[MarkedWord]()
    while parts and at < len(words):
        count = words[at].count("-") + 1
        written = "-".join(parts[:count])
        if _letters(words[at]) != _letters(written):
            return []
        found.append(MarkedWord(words[at], written, joined=True))
        parts, at = parts[count:], at + 1
    if parts or not found:
        return []
    found[-1] = replace(found[-1], joined=False)
    return found


def _letters(text: str) -> str:
    return text.lower().replace("ё", "е")


class GrowingMarks:
    """The marks of a text that grows phrase by phrase.

    Sentences that lie far enough back are not asked about again, so a long text costs time by its length; and the
    marks depend on the phrases alone, not on when somebody looks.
    """

    def __init__(self) -> None:
        self._marked: list[MarkedWord] = []
        self._frozen = 0

    @property
    def known(self) -> list[MarkedWord]:
        """The marks of the last `update`."""
        return list(self._marked)

    @property
    def frozen(self) -> int:
        """Words at the beginning that are not asked about again; with a model, they end with a sentence."""
        return self._frozen

    def split(self, count: int) -> list[MarkedWord]:
        """Forget the first `count` words, all of them frozen, and return them."""
        first, self._marked = self._marked[:count], self._marked[count:]
        self._frozen -= count
        return first

    def join(self, first: Sequence[MarkedWord], frozen: int) -> None:
        """Take back the words that were forgotten last, so many of them frozen."""
        self._marked = [*first, *self._marked]
        self._frozen = frozen if frozen < len(first) else frozen + self._frozen

    def update(self, words: Sequence[str], punctuate: Punctuate | None) -> list[MarkedWord]:
        """The marks of `words`, which begin as those of the last call did, unless something was deleted.

        `punctuate`: None = there is no model: words without marks. Raises what `punctuate` raises.
        """
        same = _common_prefix(self._marked, words)
        if punctuate is None:
            kept = min(same, self._frozen)
            self._marked = self._marked[:kept] + [MarkedWord(word, word) for word in words[kept:]]
            self._frozen = max(0, len(words) - _FROZEN_AFTER_WORDS)
            return self.known
        if same < self._frozen:
            self._frozen = last_end(self._marked[:same])
        tail = words[self._frozen :]
        try:
            new = align(tail, punctuate(" ".join(tail))) if tail else []
        except Exception:
            # Older sentences keep their marks, and no word is lost.
            self._marked = self._marked[: self._frozen] + [MarkedWord(word, word) for word in tail]
            raise
        self._marked = self._marked[: self._frozen] + new
        self._frozen += last_end(new[: max(0, len(new) - _FROZEN_AFTER_WORDS)])
        return self.known


def _common_prefix(marked: Sequence[MarkedWord], words: Sequence[str]) -> int:
    count = 0
    for one, word in zip(marked, words, strict=False):
        if one.spoken != word:
            break
        count += 1
    return count


def last_end(marked: Sequence[MarkedWord]) -> int:
    """Index after the last word that ends a sentence; 0 when none does."""
    return next((index + 1 for index in reversed(range(len(marked))) if marked[index].ends_sentence), 0)
