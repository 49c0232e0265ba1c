"""How likely words follow each other: a bigram model of the project's own sentences. Standard library only."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from speech import texts

BEGIN, END = "<s>", "</s>"

_OWN_SHARE, _FREQUENCY_SHARE = 0.65, 0.15
"""Of a word's own probability: from the own sentences, from general texts; the rest is the same for all words."""
_DISCOUNT = 0.7  # absolute discounting
_SMALLEST_BACK_OFF = 0.35
"""What stays for pairs never seen: dictation says more than the patterns do."""
_SENTENCE_COUNT, _PHRASE_COUNT = 6, 1
_SMALLEST_COUNT = 2


@dataclass(frozen=True)
class LanguageModel:
    """Probabilities.

    Attributes:
        words: of each word, and of END, by itself.
        pairs: for a word (or BEGIN) those of words after it that were seen.
        back_off: for a word (or BEGIN) the weight of `words` after it.
    """

    words: Mapping[str, float]
    pairs: Mapping[str, Mapping[str, float]]
    back_off: Mapping[str, float]


def estimate(vocabulary: Sequence[str], frequencies: Counter[str]) -> LanguageModel:
    """The model for these words; `frequencies`, which may be empty, say how common words are in general."""
    counts, following = _counted()
    alone = _alone([*vocabulary, END], counts, frequencies)
    pairs, back_off = {}, {}
    for before in (BEGIN, *vocabulary):
        if before not in following:
            continue
        total = sum(following[before].values())
        kept = {word: count for word, count in following[before].items() if count >= _SMALLEST_COUNT and word in alone}
        mass = sum(count - _DISCOUNT for count in kept.values()) / total
        rest = back_off[before] = max(1 - mass, _SMALLEST_BACK_OFF)
        scale = (1 - rest) / mass if mass else 0.0
        pairs[before] = {word: scale * (count - _DISCOUNT) / total + rest * alone[word] for word, count in kept.items()}
    return LanguageModel(alone, pairs, back_off)


def _counted() -> tuple[Counter[str], dict[str, Counter[str]]]:
    counts: Counter[str] = Counter()
    following: defaultdict[str, Counter[str]] = defaultdict(Counter)
    weighted = [(text, _SENTENCE_COUNT) for text in texts.lines("sentences.txt")]
    weighted += [(text, _PHRASE_COUNT) for text in texts.language_model_phrases()]
    for text, weight in weighted:
        words = [BEGIN, *text.split(), END]
        for before, word in itertools.pairwise(words):
            counts[word] += weight
            following[before][word] += weight
    return counts, following


def _alone(words: Sequence[str], counts: Counter[str], frequencies: Counter[str]) -> dict[str, float]:
    own, general = sum(counts.values()), sum(frequencies[word] for word in words)
    even = (1 - _OWN_SHARE - _FREQUENCY_SHARE) / len(words)
    found = {
        word: _OWN_SHARE * counts[word] / own
        + (_FREQUENCY_SHARE * frequencies[word] / general if general else 0.0)
        + even
        for word in words
    }
    total = sum(found.values())
    return {word: share / total for word, share in found.items()}
