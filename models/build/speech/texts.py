"""The sentences and the vocabulary of the speech model, from the word lists in `data/`. Standard library only.

`slots.txt` names lists of words, `patterns.txt` puts them together; both, `sentences.txt` and `heldout.txt` were
written for this project. `common_words.txt` are the words that are in the model besides, because they are frequent.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from speech import numerals

DATA = Path(__file__).resolve().parent / "data"
LANGUAGE_MODEL_PHRASES = 12_000
"""Enough for each pair of words that a pattern allows and a person is likely to say to turn up twice."""
LANGUAGE_MODEL_SEED = 5
SENTENCE_WEIGHT = 3  # a hand-written sentence is worth more than a generated one

_NUMBER_RANGES = {"N1": (0, 20), "N2": (1, 99), "N3": (1, 999), "H": (1, 23)}
_ROUND_NUMBERS = (1000, 2000, 1500, 2025, 2026, 3000, 5000)
_RANDOM_THOUSANDS = 4  # how many arbitrary numbers stand beside the round ones
_COUNTED: dict[str, numerals.Forms] = {
    "hour": ("час", "часа", "часов"),
    "rub": ("рубль", "рубля", "рублей"),
    "chel": ("человек", "человека", "человек"),
    "minut": ("минуту", "минуты", "минут"),
    "proc": ("процент", "процента", "процентов"),
}
_ORDINALS = {"ORDG": numerals.ORDINAL_GENITIVE, "ORDN": numerals.ORDINAL_NEUTER}
_UNITS = (
    "тысяча тысячи тысяч миллион миллиона миллионов миллиард рубль рубля рублей копеек процент процента процентов "
    "час часа часов минута минуту минуты минут секунда секунды секунд метр метра метров километр километров "
    "килограмм грамм градус градуса градусов"
).split()


def lines(name: str) -> list[str]:
    """The lines of a file in `data/` that are not empty."""
    return [line.strip() for line in (DATA / name).read_text(encoding="utf-8").splitlines() if line.strip()]


def slots() -> dict[str, list[str]]:
    """The named lists of words."""
    named = (line.split(": ", 1) for line in lines("slots.txt"))
    return {name: words.split("|") for name, words in named}


def phrases(count: int, seed: int) -> list[str]:
    """Generated phrases; the same for the same seed."""
    chance = random.Random(seed)
    patterns, words = lines("patterns.txt"), slots()
    return [_fill(chance.choice(patterns), words, chance) for _ in range(count)]


def language_model_phrases() -> list[str]:
    """The generated phrases that the language model counts."""
    return phrases(LANGUAGE_MODEL_PHRASES, LANGUAGE_MODEL_SEED)


def vocabulary() -> list[str]:
    """All words that the model knows, sorted."""
    words: set[str] = set(_UNITS)
    for text in (*lines("sentences.txt"), *lines("heldout.txt"), *lines("common_words.txt")):
        words.update(text.split())
    for text in language_model_phrases():
        words.update(text.split())
    for entries in slots().values():
        for entry in entries:
            words.update(entry.split())
    for forms in (numerals.ONES, numerals.TENS, numerals.HUNDREDS, *_ORDINALS.values()):
        words.update(forms)
    return sorted(words)


def word_frequencies(files: Iterable[Path]) -> Counter[str]:
    """How often each word form occurs in texts: plain text, or the `# text =` lines of CoNLL-U files."""
    found: Counter[str] = Counter()
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            if file.suffix == ".conllu":
                if not line.startswith("# text = "):
                    continue
                line = line.removeprefix("# text = ")
            found.update(re.findall(r"[а-яё]+", line.lower()))
    return found


def _fill(pattern: str, words: dict[str, list[str]], chance: random.Random) -> str:
    number = 0  # the last number, which the noun after it agrees with

    def filled(match: re.Match[str]) -> str:
        nonlocal number
        name = match.group(1)
        if name in words:
            return chance.choice(words[name])
        if name in _ORDINALS:
            return numerals.ordinal(chance.randint(1, 31), _ORDINALS[name])
        if name == "d":
            return numerals.ONES[chance.randint(0, 9)]
        if name in _COUNTED:
            return numerals.agreeing(number, _COUNTED[name])
        number = _thousand(chance) if name == "N4" else chance.randint(*_NUMBER_RANGES[name])
        return numerals.cardinal(number)

    return re.sub(r"\{(\w+)\}", filled, pattern)


def _thousand(chance: random.Random) -> int:
    return chance.choice([*_ROUND_NUMBERS, *(chance.randint(1000, 9999) for _ in range(_RANDOM_THOUSANDS))])
