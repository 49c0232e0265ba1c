"""pymorphy3's Russian dictionary behind the core's protocol. Any thread, one at a time; may import `core`, pymorphy3.

pymorphy3 takes 28 MB that are never given back. So the running program only asks which words there are, which needs no
pymorphy3: the word list is mapped from its file and costs the few pages that are looked at. Grammar is asked for when a
vocabulary is compiled, in a process that ends (see `compiling`).
"""

from __future__ import annotations

import importlib.util
import mmap
from collections.abc import Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from voicetype.core.text.vocabulary.morphology import Form, Reading

_DATA_PACKAGE = "pymorphy3_dicts_ru"
_WORDS_FILE = "words.dawg"
_CASES = {
    **{case: case for case in ("nomn", "gent", "datv", "accs", "ablt", "loct")},
    **{"gen1": "gent", "gen2": "gent", "acc2": "accs", "loc1": "loct", "loc2": "loct"},
}
_NAMES = frozenset({"Name", "Surn", "Patr", "Geox", "Orgn", "Trad"})
_NOUN = "NOUN"
_ADJECTIVES = frozenset({"ADJF", "PRTF"})
_REMEMBERED_WORDS = 1024
_LONGEST_WORD = 64
"""Letters; nothing longer is a word, and guessing takes longer than it is worth."""


class RussianDictionary:
    """The dictionary. Nothing is loaded before it is asked for.

    Args:
        folder: where the data lie; None = the installed package.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        # People use the same thousand words most of the time.
        self._remembered = lru_cache(maxsize=_REMEMBERED_WORDS)(lambda word: word in self._words)

    def readings(self, word: str) -> Sequence[Reading]:
        """See `core.text.vocabulary.morphology.Morphology`."""
        if len(word) > _LONGEST_WORD:
            return ()
        found = (_reading(parse) for parse in self._analyzer.parse(word))
        return [reading for reading in found if reading]

    def knows(self, word: str) -> bool:
        """See `core.text.vocabulary.morphology.Morphology`."""
        return self._remembered(word)

    @cached_property
    def _words(self) -> WordList:
        return WordList(data_folder(self._folder) / _WORDS_FILE)

    @cached_property
    def _analyzer(self) -> Any:
        import pymorphy3

        return pymorphy3.MorphAnalyzer(path=str(data_folder(self._folder)), lang="ru")


def data_folder(folder: Path | None = None) -> Path:
    """Where the dictionary's files are. Raises FileNotFoundError when it is not installed."""
    if folder:
        return folder
    spec = importlib.util.find_spec(_DATA_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(_DATA_PACKAGE)
    return Path(spec.submodule_search_locations[0]) / "data"


def _reading(parse: Any) -> Reading | None:
    form = _form(parse)
    noun = parse.tag.POS == _NOUN
    if form is None or not (noun or parse.tag.POS in _ADJECTIVES):
        return None
    proper = not _NAMES.isdisjoint(parse.tag.grammemes)

    def forms() -> list[Form]:
        # Short adjectives and the like are in the same lexeme.
        same_part = (other for other in parse.lexeme if other.tag.POS == parse.tag.POS)
        return [each for other in same_part if (each := _form(other))]

    return Reading(form, noun, proper, parse.is_known, forms)


def _form(parse: Any) -> Form | None:
    tag = parse.tag
    case = _CASES.get(tag.case)
    if case is None:
        return None
    # pymorphy3's own strings raise an error when they are compared with what is no gender.
    return Form(parse.word, case, tag.number == "plur", str(tag.gender or ""), str(tag.animacy or ""))


class WordList:
    """All word forms of a dictionary file of pymorphy3 (a DAWG of the dawgdic library), read where it lies.

    The file is a count and that many little-endian 32-bit units. A unit has the label that leads to it in its low byte
    and the offset to its children in the upper bits; a child lies at offset XOR label. Keys are UTF-8 words, each with
    a separator and data after it.
    """

    _ROOT = 0
    _LABEL_MASK = 0x800000FF
    _SEPARATOR = b"\x01"
    _YE_OR_YO = ("е".encode(), "ё".encode())
    _NOWHERE = -1

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        count = int.from_bytes(self._mapped[:4], "little")
        self._units = memoryview(self._mapped)[4 : 4 + 4 * count].cast("I")

    def __contains__(self, word: str) -> bool:
        return self._continues(self._ROOT, word)

    def _continues(self, place: int, rest: str) -> bool:
        before, ye, after = rest.partition("е")
        place = self._follow(place, before.encode("utf-8", "surrogatepass"))
        if place == self._NOWHERE:
            return False
        if not ye:
            return self._follow(place, self._SEPARATOR) != self._NOWHERE
        branches = (self._follow(place, letter) for letter in self._YE_OR_YO)
        return any(branch != self._NOWHERE and self._continues(branch, after) for branch in branches)

    def _follow(self, place: int, labels: bytes) -> int:
        units = self._units
        for label in labels:
            unit = units[place]
            place ^= ((unit >> 10) << ((unit & 0x200) >> 6)) ^ label
            if place >= len(units) or units[place] & self._LABEL_MASK != label:
                return self._NOWHERE
        return place
