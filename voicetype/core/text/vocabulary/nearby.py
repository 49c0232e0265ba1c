"""Terms that were heard nearly right: one or two letters off, or torn into two words. Pure; any thread."""

from __future__ import annotations

from collections.abc import Sequence

from voicetype.core.text.vocabulary.phrase import Phrase

SHORTEST = 6
"""Letters. Shorter words have too many neighbours."""
_TWO_EDITS_FROM = 10
_SHORTEST_STEM = 5
_SOUNDS = str.maketrans("оеэыбвгджз", "аииипфктшс")
"""Letters that sound alike at the beginning of a word: recognisers seldom get that one wrong otherwise."""


class Nearby:
    """An index of single words that finds those within one edit, or two of long ones, with a handful of look-ups.

    A stem is cut into one more piece than edits are allowed, so one piece stays whole and leads to it.
    """

    def __init__(self, phrases: Sequence[Phrase]) -> None:
        self._groups: dict[str, _Group] = {}
        for phrase in phrases:
            if phrase.approximate and len(phrase.patterns) == 1 and _long_enough(phrase):
                sound = phrase.patterns[0].stem[0].translate(_SOUNDS)
                self._groups.setdefault(sound, _Group()).add(phrase)

    def find(self, word: str) -> tuple[Phrase, int] | None:
        """The one term that `word` nearly is, and where its ending begins; None too where two are equally near."""
        if len(word) < SHORTEST:
            return None
        group = self._groups.get(word[0].translate(_SOUNDS))
        if group is None or not (candidates := group.candidates(word)):
            return None
        best = [(*found, phrase) for phrase in candidates.values() if (found := _distance(word, phrase))]
        if not best:
            return None
        best.sort(key=lambda each: each[:2])
        edits, begin, phrase = best[0]
        if any(other[0] == edits and other[2].parts != phrase.parts for other in best[1:]):
            return None
        return phrase, -begin


class _Group:
    """Pieces of the stems that begin with the same sound. An edit moves what follows it, but never the first piece."""

    def __init__(self) -> None:
        self._heads: dict[str, list[Phrase]] = {}
        self._rests: dict[str, list[Phrase]] = {}
        self._head_lengths: set[int] = set()
        self._windows: set[tuple[int, int]] = set()

    def add(self, phrase: Phrase) -> None:
        """Index `phrase`."""
        edits = _edits(phrase)
        (_, head), *rests = _cut(phrase.patterns[0].stem, edits + 1)
        self._heads.setdefault(head, []).append(phrase)
        self._head_lengths.add(len(head))
        for start, piece in rests:
            self._rests.setdefault(piece, []).append(phrase)
            self._windows.update((at, at + len(piece)) for at in range(start - edits, start + edits + 1))

    def candidates(self, word: str) -> dict[int, Phrase]:
        """What shares a piece with `word`, by identity."""
        # Plain loops and `in`, since this is done for most words, and nearly always in vain.
        heads, rests, end = self._heads, self._rests, len(word)
        found: dict[int, Phrase] = {}
        for length in self._head_lengths:
            if (piece := word[:length]) in heads:
                found.update((id(phrase), phrase) for phrase in heads[piece])
        for start, stop in self._windows:
            if stop <= end and (piece := word[start:stop]) in rests:
                found.update((id(phrase), phrase) for phrase in rests[piece])
        return found


def within(one: str, other: str, edits: int) -> int | None:
    """How many letters to change, drop, add or swap with the next one, None for more than `edits`."""
    if one == other:
        return 0
    if edits == 0 or abs(len(one) - len(other)) > edits:
        return None
    at = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rests = [(one[at + 1 :], other[at + 1 :]), (one[at + 1 :], other[at:]), (one[at:], other[at + 1 :])]
    if one[at : at + 2] == other[at : at + 2][::-1]:
        rests.append((one[at + 2 :], other[at + 2 :]))
    found = [more for a, b in rests if (more := within(a, b, edits - 1)) is not None]
    return 1 + min(found) if found else None


def _long_enough(phrase: Phrase) -> bool:
    pattern = phrase.patterns[0]
    return len(pattern.stem) + len(pattern.given) >= SHORTEST and len(pattern.stem) >= _SHORTEST_STEM


def _edits(phrase: Phrase) -> int:
    return 2 if len(phrase.patterns[0].stem) >= _TWO_EDITS_FROM else 1


def _cut(stem: str, count: int) -> list[tuple[int, str]]:
    bounds = [len(stem) * number // count for number in range(count + 1)]
    return [(bounds[at], stem[bounds[at] : bounds[at + 1]]) for at in range(count)]


def _distance(word: str, phrase: Phrase) -> tuple[int, int] | None:
    """Edits, and minus where the ending begins, so that the smallest pair is the best; None = too far."""
    pattern, edits = phrase.patterns[0], _edits(phrase)
    found = []
    for ending in pattern.endings:
        begin = len(word) - len(ending)
        if abs(begin - len(pattern.stem)) <= edits and word.endswith(ending):
            distance = within(word[:begin], pattern.stem, edits)
            if distance is not None:
                found.append((distance, -begin))
    return min(found, default=None)
