"""What the rules of the text stage have in common: they look at spoken words and say what to write for some of them.

The words themselves stay as they are, since the punctuation model has to see what was said. Pure; any thread.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Replacement:
    """Write `text` for the spoken words from `start` up to, not including, `stop`.

    Attributes:
        start, stop: indices into the words of a phrase; stop > start.
        text: what to write, spaces inside included; "" writes nothing.
        own_case: its capitals and small letters are final. Else the first letter may become a capital where the
            punctuation model wants one.
        ends_with_stop: its last character is the full stop of an abbreviation, so that no second one follows it.
    """

    start: int
    stop: int
    text: str
    own_case: bool = True
    ends_with_stop: bool = False


def chosen(found: Iterable[Replacement]) -> list[Replacement]:
    """Those that do not overlap, in order of the words. Of two that do, the longer one counts, then the earlier."""
    taken: list[Replacement] = []
    used: set[int] = set()
    for each in sorted(found, key=lambda one: (one.start - one.stop, one.start)):
        words = range(each.start, each.stop)
        if used.isdisjoint(words):
            used.update(words)
            taken.append(each)
    return sorted(taken, key=lambda one: one.start)


def applied(words: Sequence[str], found: Iterable[Replacement]) -> str:
    """The words as one line, with the replacements in it; for previews and tests."""
    written: list[str] = []
    at = 0
    for each in chosen(found):
        written += [*words[at : each.start], each.text]
        at = each.stop
    return " ".join(part for part in [*written, *words[at:]] if part)
