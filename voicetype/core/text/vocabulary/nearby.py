"""Terms that were heard nearly right: one or two letters off, or torn into two words. Pure; any thread."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from voicetype.core.text.vocabulary.phrase import Phrase

SHORTEST = 6
"""Letters. Shorter words have too many neighbours."""
_TWO_EDITS_FROM = 10
_SHORTEST_STEM = 5
_SOUNDS = str.maketrans("оеэыбвгджз", "аииипфктшс")
"""Letters that sound alike at the beginning of a word: recognisers seldom get that one wrong otherwise."""


class Nearby:
    """An index of single words that finds those within one edit, or two of long ones, without looking at all.

    A stem is cut into one more piece than edits are allowed, so one piece stays whole and leads to it.
    """

    def __init__(self, phrases: Sequence[Phrase]) -> None:
        self._by_sound: dict[str, dict[str, list[tuple[int, Phrase]]]] = {}
        for phrase in phrases:
            if phrase.approximate and len(phrase.patterns) == 1 and _long_enough(phrase):
                stem = phrase.patterns[0].stem
                pieces = self._by_sound.setdefault(stem[0].translate(_SOUNDS), {})
                for start, piece in _cut(stem, _edits(phrase) + 1):
                    pieces.setdefault(piece, []).append((start, phrase))
        self._lengths = {sound: sorted(set(map(len, pieces))) for sound, pieces in self._by_sound.items()}

    def find(self, word: str) -> tuple[Phrase, int] | None:
        """The one term that `word` nearly is, and where its ending begins; None too where two are equally near."""
        if len(word) < SHORTEST:
            return None
        best: list[tuple[int, int, Phrase]] = []
        for phrase in self._candidates(word):
            if found := _distance(word, phrase):
                best.append((*found, phrase))
        if not best:
            return None
        best.sort(key=lambda each: each[:2])
        edits, begin, phrase = best[0]
        if any(other[0] == edits and other[2].parts != phrase.parts for other in best[1:]):
            return None
        return phrase, -begin

    def _candidates(self, word: str) -> Iterator[Phrase]:
        sound = word[0].translate(_SOUNDS)
        pieces = self._by_sound.get(sound)
        if pieces is None:
            return
        seen: set[int] = set()
        for length in self._lengths[sound]:
            for at in range(len(word) - length + 1):
                for start, phrase in pieces.get(word[at : at + length], ()):
                    if abs(at - start) <= _edits(phrase) and id(phrase) not in seen:
                        seen.add(id(phrase))
                        yield phrase


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
