"""Writes spoken Russian numbers as digits: «двадцать пятое июня» becomes «25 июня».

Pure; any thread. `find_numbers` takes time linear in the number of words.
"""

from __future__ import annotations

from collections.abc import Sequence

from voicetype.core.text.numbers.finder import find
from voicetype.core.text.numbers.style import NumberStyle
from voicetype.core.text.replacement import Replacement

__all__ = ["NumberStyle", "find_numbers"]

_DEFAULT = NumberStyle()


def find_numbers(words: Sequence[str], style: NumberStyle = _DEFAULT) -> list[Replacement]:
    """What to write for the numbers among `words`, which are as Vosk recognises them: small letters, no marks.

    The replacements are in order and do not overlap.
    """
    return find(words, style)
