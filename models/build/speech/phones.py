"""The ids of phones in Kaldi's files. Standard library only.

Silence is 1; every other phone has four ids, by its place in the word, which share their classes: so vosk knows where
words begin and end, and the network need not.
"""

from __future__ import annotations

from collections.abc import Sequence

from speech.alignment import SILENCE

SILENCE_ID = 1
_BOUNDARIES = {"_B": "begin", "_E": "end", "_I": "internal", "_S": "singleton"}


class PhoneTable:
    """Ids of the phones of a model, whose first one is silence.

    Attributes:
        size: ids go from 1 to `size`.
        index_of: for each id the index of its phone.
    """

    def __init__(self, phones: Sequence[str]) -> None:
        if phones[0] != SILENCE:
            raise ValueError("the first phone must be silence")
        self._ids = {SILENCE: SILENCE_ID}
        self.index_of = {SILENCE_ID: 0}
        for index, phone in enumerate(phones[1:], 1):
            for ending in _BOUNDARIES:
                self._ids[phone + ending] = len(self._ids) + 1
                self.index_of[len(self._ids)] = index
        self.size = len(self._ids)

    def word(self, phones: Sequence[str]) -> list[int]:
        """The ids of a word's phones."""
        if len(phones) == 1:
            return [self._ids[f"{phones[0]}_S"]]
        inner = [self._ids[f"{phone}_I"] for phone in phones[1:-1]]
        return [self._ids[f"{phones[0]}_B"], *inner, self._ids[f"{phones[-1]}_E"]]

    def symbols(self) -> str:
        """The text of `graph/phones.txt`."""
        return "<eps> 0\n" + "".join(f"{name} {number}\n" for name, number in self._ids.items())

    def boundaries(self) -> str:
        """The text of `graph/phones/word_boundary.int`."""
        kinds = {number: _BOUNDARIES.get(name[-2:], "nonword") for name, number in self._ids.items()}
        return "".join(f"{number} {kind}\n" for number, kind in kinds.items())
