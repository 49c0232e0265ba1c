"""Which spoken words are commands: the grammar as data, and how a phrase is read by it. Pure; any thread."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from voicetype.core.text.settings import CommandMode

ESCAPE_WORDS = frozenset(("слово", "literally"))
"""The word behind one of these is a word, never a command."""


class Deed(enum.Enum):
    """What a command does; the values are those of the grammar's file."""

    MARK = "mark"
    LINE = "line"
    PARAGRAPH = "paragraph"
    OPEN = "open"
    CLOSE = "close"
    CAPITAL = "capital"
    CAPITALS_ON = "capitals on"
    UPPER = "upper"
    UPPER_ON = "upper on"
    LOWER = "lower"
    LOWER_ON = "lower on"
    CASE_OFF = "case off"
    DELETE_WORD = "delete word"
    DELETE_SENTENCE = "delete sentence"
    DELETE_ALL = "delete all"
    UNDO = "undo"
    REPEAT = "repeat"
    STOP = "stop"


@dataclass(frozen=True)
class Command:
    """A command of the grammar.

    Attributes:
        deed: what it does.
        text: the characters of a mark, a bracket or a quote.
        alone: an ordinary word too, so without a word that announces it, it counts only between pauses.
    """

    deed: Deed
    text: str = ""
    alone: bool = False


@dataclass(frozen=True)
class Grammar:
    """All commands by their words. `phrases` maps a tuple of words to the command."""

    phrases: Mapping[tuple[str, ...], Command] = field(default_factory=dict)

    @property
    def longest(self) -> int:
        """Words of the longest command."""
        return max(map(len, self.phrases), default=0)

    def match(self, words: Sequence[str], at: int) -> tuple[Command, int] | None:
        """The longest command that begins at `at`, and its number of words."""
        for count in range(min(self.longest, len(words) - at), 0, -1):
            key = tuple(_plain(word) for word in words[at : at + count])
            if key in self.phrases:
                return self.phrases[key], count
        return None


def parse_grammar(data: Iterable[Mapping[str, Any]]) -> Grammar:
    """Build a grammar from the file's list of entries: `say` (phrases), `do` (a Deed), `text`, `alone`.

    Raises ValueError, KeyError or TypeError for what cannot be understood, two meanings of one phrase among it.
    """
    phrases: dict[tuple[str, ...], Command] = {}
    for entry in data:
        command = Command(Deed(entry["do"]), str(entry.get("text", "")), entry.get("alone", False) is True)
        for phrase in entry["say"]:
            key = tuple(_plain(word) for word in str(phrase).split())
            if not key or phrases.get(key, command) != command:
                raise ValueError(f"“{phrase}” is empty or has two meanings")
            phrases[key] = command
    return Grammar(phrases)


Read = list[str | Command]
"""A phrase as it was understood: words and commands in their order."""


def read_phrase(
    words: Sequence[str],
    grammar: Grammar,
    mode: CommandMode,
    prefix: str = "",
    is_number: Callable[[str], bool] = lambda word: False,
) -> Read:
    """Tell words from commands.

    Args:
        words: of one phrase, as recognised.
        grammar: the commands.
        mode: where commands are heard.
        prefix: the word that announces one, for CommandMode.PREFIX.
        is_number: a mark between two of these is part of a number («один точка два»).
    """
    if mode is CommandMode.OFF:
        return list(words)
    if mode is CommandMode.PHRASE:
        return _all_commands(words, grammar) or _without_escapes(words, grammar)
    if mode is CommandMode.ANYWHERE and (commands := _all_commands(words, grammar)):
        return commands
    return _mixed(words, grammar, _plain(prefix) if mode is CommandMode.PREFIX else "", is_number)


def _all_commands(words: Sequence[str], grammar: Grammar) -> Read:
    read: Read = []
    at = 0
    while at < len(words):
        found = grammar.match(words, at)
        if found is None:
            return []
        read.append(found[0])
        at += found[1]
    return read


def _without_escapes(words: Sequence[str], grammar: Grammar) -> Read:
    """A phrase of a command behind the word that says otherwise: the command's words alone."""
    if len(words) > 1 and _plain(words[0]) in ESCAPE_WORDS:
        found = grammar.match(words, 1)
        if found is not None and found[1] == len(words) - 1:
            return list(words[1:])
    return list(words)


def _mixed(words: Sequence[str], grammar: Grammar, prefix: str, is_number: Callable[[str], bool]) -> Read:
    read: Read = []
    at = 0
    while at < len(words):
        if _plain(words[at]) in ESCAPE_WORDS and (found := grammar.match(words, at + 1)):
            read += words[at + 1 : at + 1 + found[1]]
            at += 1 + found[1]
            continue
        begin = at + 1 if prefix and _plain(words[at]) == prefix else at
        announced = begin > at or not prefix
        found = grammar.match(words, begin) if announced else None
        if found is not None and not prefix:
            inside = found[0].deed is Deed.MARK and _inside_number(words, begin, begin + found[1], is_number)
            found = None if inside or found[0].alone else found
        if found is None:
            read.append(words[at])
            at += 1
            continue
        read.append(found[0])
        at = begin + found[1]
    return read


def _inside_number(words: Sequence[str], begin: int, end: int, is_number: Callable[[str], bool]) -> bool:
    return begin > 0 and end < len(words) and is_number(words[begin - 1]) and is_number(words[end])


def _plain(word: str) -> str:
    return word.lower().replace("ё", "е")
