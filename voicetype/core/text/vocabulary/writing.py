"""How a term is written for the form in which it was said. Pure; any thread."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from voicetype.core.text.vocabulary.entries import Endings, fold

_BETWEEN = re.compile(r"([\s\-‐‑–—]+)")
_TOKEN = re.compile(r"(?P<lead>[«„“\"'(\[]*)(?P<text>.*?)(?P<trail>[»“”\"')\],:;!?.…]*)", re.DOTALL)
_APOSTROPHE = "'"


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the written text.

    Attributes:
        lead, text, trail: text is the word, lead and trail what stands around it (spaces, hyphens, quotation marks).
        word: which spoken word it follows; -1 = none, it stays as it is.
        stem: so many letters of `text` stay, then the spoken ending follows. -1 = all stay and an apostrophe precedes
            the ending.
    """

    lead: str
    text: str
    trail: str = ""
    word: int = -1
    stem: int = -1

    def written(self, ending: str, given_ending: str) -> str:
        """The piece for a spoken `ending`, where the term as it is given has `given_ending`."""
        return self.lead + self._text(ending, given_ending) + self.trail

    def _text(self, ending: str, given_ending: str) -> str:
        if self.word < 0 or fold(ending) == given_ending:
            return self.text
        if self.stem < 0:
            # Jira is said джира: what would джиры have after the apostrophe?
            return self.text if given_ending else self.text + _APOSTROPHE + ending
        if not self.stem and self.text[:1].isupper():
            ending = ending[:1].upper() + ending[1:]  # Человек, Люди
        shouted = given_ending and self.text.isupper() and len(self.text) > 1  # МОСКВА, but ГОСТом
        return self.text[: self.stem] + (ending.upper() if shouted else ending)


def align(words: Sequence[str], stems: Sequence[str], written: str, endings: Endings) -> tuple[Part, ...]:
    """Find which piece of `written` follows which spoken word.

    Args:
        words: spoken words of the term as it is given.
        stems: what all forms of each word begin with.
        written: how the term is written.
        endings: what becomes of the endings.
    """
    if endings in {Endings.DROP, Endings.NONE}:
        return (Part("", written),)
    tokens = _tokens(written)
    offset = len(words) - len(tokens)
    if offset:
        return _from_the_end(words, stems, written, tokens, keep=endings is Endings.KEEP)
    last = len(words) - 1
    return tuple(
        _part(token, at, words[at], stems[at], keep=endings is Endings.KEEP and at == last)
        for at, token in enumerate(tokens)
    )


def _tokens(written: str) -> list[Part]:
    pieces = _BETWEEN.split(written)
    tokens = []
    for at in range(0, len(pieces), 2):
        found = _TOKEN.fullmatch(pieces[at])
        assert found  # every part of the expression may be empty
        between = pieces[at - 1] if at else ""
        tokens.append(Part(between + found["lead"], found["text"], found["trail"]))
    return tokens


def _part(token: Part, at: int, word: str, stem: str, *, keep: bool) -> Part:
    if fold(token.text) == fold(word):
        return Part(token.lead, token.text, token.trail, at, len(stem))
    return Part(token.lead, token.text, token.trail, at if keep else -1)


def _from_the_end(
    words: Sequence[str], stems: Sequence[str], written: str, tokens: Sequence[Part], *, keep: bool
) -> tuple[Part, ...]:
    """The last words alike (JSON-файл, джейсон файл) follow the spoken ones; what is before them stays."""
    alike: list[Part] = []
    while len(alike) < min(len(words), len(tokens)):
        token, at = tokens[-1 - len(alike)], len(words) - 1 - len(alike)
        if fold(token.text) != fold(words[at]):
            break
        alike.insert(0, _part(token, at, words[at], stems[at], keep=False))
    before = tokens[: len(tokens) - len(alike)]
    text = "".join(token.lead + token.text + token.trail for token in before)
    if not alike:
        return (Part("", text, word=len(words) - 1 if keep else -1),)
    return (Part("", text), *alike)
