"""The index of all terms and snippets: compiled once, then asked for every phrase. Pure; any thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from voicetype.core.text.replacement import Replacement, chosen
from voicetype.core.text.vocabulary.entries import Entry, fold, spoken_words
from voicetype.core.text.vocabulary.morphology import Morphology
from voicetype.core.text.vocabulary.nearby import SHORTEST, Nearby
from voicetype.core.text.vocabulary.phrase import EndingSlots, Phrase, compiled

Knows = Callable[[str], bool]
_HEAD = 3
"""Letters of a stem; few pairs of words begin with those of some term."""


class Vocabulary:
    """Finds terms and snippets in recognised words.

    Args:
        phrases: what to find; of two that fit the same words, one in the form that it is given in counts, then the
            later one.
        knows: tells ordinary words, which are never taken for something that sounds alike; None = only what fits
            exactly counts.
    """

    def __init__(self, phrases: Sequence[Phrase] = (), knows: Knows | None = None) -> None:
        self._phrases = tuple(phrases)
        self._knows = knows
        self._index: dict[str, list[Phrase]] = {}
        for phrase in reversed(self._phrases):
            self._index.setdefault(phrase.patterns[0].stem, []).append(phrase)
        lengths = sorted(map(len, self._index))
        self._stem_lengths = range(lengths[0], lengths[-1] + 1) if lengths else range(0)
        self._nearby = Nearby(self._phrases if knows else ())
        self._heads = {phrase.patterns[0].stem[:_HEAD] for phrase in self._phrases}

    @classmethod
    def compile(
        cls, entries: Iterable[Entry], morphology: Morphology | None = None, *, approximate: bool = True
    ) -> Vocabulary:
        """Make the index. What cannot be spoken is left out; the readers of files tell it to the user.

        Args:
            entries: terms and snippets; of two that are said likewise the later one counts, also when it is off.
            morphology: the dictionary; None = only the given forms, and nothing approximate.
            approximate: accept what was heard nearly right.
        """
        tables: dict[object, EndingSlots] = {}
        phrases = [
            compiled(entry, words, morphology, tables) for words, entry in _ways(entries).values() if entry.enabled
        ]
        return cls(phrases, morphology.knows if morphology and approximate else None)

    @property
    def phrases(self) -> tuple[Phrase, ...]:
        """What it was made from."""
        return self._phrases

    def __len__(self) -> int:
        return len(self._phrases)

    def find(self, words: Sequence[str]) -> list[Replacement]:
        """What to write in place of which words: none overlap, the longest ones count. Never raises.

        Args:
            words: recognised words in small letters; е may stand for ё.
        """
        if not self._phrases:
            return []
        spoken = _Spoken(words)
        found = chosen(each for start in spoken.starts if (each := self._exact(spoken, start)))
        if self._knows:
            free = set(range(len(words))).difference(*(range(each.start, each.stop) for each in found))
            found = chosen([*found, *self._approximate(spoken, free, self._knows)])
        return found

    def _exact(self, spoken: _Spoken, start: int) -> Replacement | None:
        best: tuple[tuple[int, int], Phrase, list[str]] | None = None
        for phrase in self._candidates(spoken.folded[start]):
            begins = phrase.endings(spoken.folded, start, spoken.words)
            stop = start + len(phrase.patterns)
            if begins is None or stop not in spoken.stops:
                continue
            endings = [spoken.words[start + at][begin:] for at, begin in enumerate(begins)]
            given = sum(fold(end) == pattern.given for end, pattern in zip(endings, phrase.patterns, strict=True))
            rank = (len(phrase.patterns), given)
            if best is None or rank > best[0]:
                best = rank, phrase, endings
        if best is None:
            return None
        (length, _), phrase, endings = best
        return spoken.replacement(start, start + length, phrase, endings)

    def _candidates(self, word: str) -> list[Phrase]:
        # A plain loop, since this is done for every word of every phrase, and nearly always in vain.
        found: list[Phrase] = []
        index, end = self._index, len(word)
        for length in self._stem_lengths:
            if length > end:
                break
            if (stem := word[:length]) in index:
                found += index[stem]
        return found

    def _approximate(self, spoken: _Spoken, free: set[int], knows: Knows) -> Iterator[Replacement]:
        for at in sorted(free):
            word = spoken.whole[at]
            # The dictionary is asked last: each question brings some of its pages into memory.
            if (near := self._nearby.find(word)) and not knows(word):
                phrase, begin = near
                yield _replacement(at, at + 1, phrase, [word[begin:]])
            if at + 1 not in free or (word + spoken.whole[at + 1])[:_HEAD] not in self._heads:
                continue
            if joined := self._joined(word, spoken.whole[at + 1], knows):
                phrase, ending = joined
                yield _replacement(at, at + 2, phrase, [ending])

    def _joined(self, first: str, second: str, knows: Knows) -> tuple[Phrase, str] | None:
        """A term that came as two words: кубер нетис. Two ordinary words are what they are."""
        word = first + second
        if len(word) < SHORTEST or not first or not second:
            return None
        for phrase in self._candidates(word):
            if phrase.approximate and len(phrase.patterns) == 1 and (begins := phrase.endings([word], 0, [word])):
                return None if knows(first) and knows(second) else (phrase, word[begins[0] :])
        return None


class _Spoken:
    """Recognised words, cut at hyphens, since terms are; a replacement covers whole words all the same."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words: list[str] = []
        self._word_of: list[int] = []
        self.starts: list[int] = []
        self.whole = [fold(word) for word in words]
        for at, word in enumerate(words):
            self.starts.append(len(self.words))
            # Some letters of other alphabets are two when small: positions would not fit.
            parts = (word if len(word) == len(self.whole[at]) else self.whole[at]).split("-")
            self.words += parts
            self._word_of += [at] * len(parts)
        self.stops = {*self.starts[1:], len(self.words)}
        self.folded = self.whole if len(self.words) == len(words) else [fold(word) for word in self.words]

    def replacement(self, start: int, stop: int, phrase: Phrase, endings: Sequence[str]) -> Replacement:
        """The replacement of parts `start` to `stop`."""
        return _replacement(self._word_of[start], self._word_of[stop - 1] + 1, phrase, endings)


def _replacement(start: int, stop: int, phrase: Phrase, endings: Sequence[str]) -> Replacement:
    text = phrase.written(endings)
    return Replacement(start, stop, text, phrase.own_case, text.endswith("."))


def _ways(entries: Iterable[Entry]) -> dict[tuple[str, ...], tuple[tuple[str, ...], Entry]]:
    """Folded words -> the words and the entry that counts, in the order of the last mention."""
    ways: dict[tuple[str, ...], tuple[tuple[str, ...], Entry]] = {}
    for entry in entries:
        for way in entry.ways:
            try:
                words = spoken_words(way)
            except ValueError:
                continue
            key = tuple(map(fold, words))
            ways.pop(key, None)
            ways[key] = words, entry
    return ways
