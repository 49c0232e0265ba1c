"""The smallest change from one text to another, and what a command takes away from a text. Pure; any thread."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher

from voicetype.core.text.grammar import Deed

_LAST_WORD = re.compile(r"\s*\S+\s*\Z")
_SENTENCE_END = re.compile(r"[.!?…]+[»“\")]*(?=\s+\S)|\n+(?=[^\n]*\S)")
_WORD = re.compile(r"\w+")
_SAME_BEGINNING = 3
_ACTING = frozenset("\n\t")
_STICKING = frozenset({"Mn", "Me", "Mc", "Cf"})
"""Categories of marks, and of what joins, tags or cannot be seen at all."""
_JAMO = re.compile("[\u1100-\u11ff\ua960-\ua97f\uac00-\ud7ff]")
_EMOJI_MODIFIERS = range(0x1F3FB, 0x1F400)
_FLAGS = range(0x1F1E6, 0x1F200)


@dataclass(frozen=True)
class Edit:
    """Take away the last `erase` characters, then write `text`."""

    erase: int
    text: str


def smallest_edit(old: str, new: str) -> Edit | None:
    """What makes `new` of `old` at its end; None when what is to be erased is not one key press a character.

    Editors disagree about what one BackSpace takes from a letter with a combining mark or a joined emoji, and a line
    break or tab that was typed into a field of one line or a terminal has done something else.
    """
    same = 0
    while same < min(len(old), len(new)) and old[same] == new[same]:
        same += 1
    while same and (_sticks(old, same) or _sticks(new, same)):
        same -= 1
    erased = old[same:]
    if _ACTING & set(erased) or any(_sticks(erased, index) for index in range(1, len(erased))):
        return None
    return Edit(len(erased), new[same:])


def without(text: str, deed: Deed) -> str:
    """`text` after a command that takes something from its end."""
    if deed is Deed.DELETE_WORD:
        return _LAST_WORD.sub("", text)
    if deed is Deed.DELETE_SENTENCE:
        ends = [match.end() for match in _SENTENCE_END.finditer(text)]
        return text[: ends[-1]] if ends else ""
    return ""


def rest(standing: str, wanted: str) -> str:
    """What of `wanted` is still missing where `standing` can no longer be changed: what follows their last same word.

    Numbers, terms and deletions make other words of those that stand, so words cannot be counted. What is not found
    again is written: a word too many is seen, a lost one is not.
    """
    if wanted.startswith(standing):
        return wanted[len(standing) :]
    words = list(_WORD.finditer(wanted))
    there = [_plain(match[0]) for match in _WORD.finditer(standing)]
    same = SequenceMatcher(None, there, [_plain(match[0]) for match in words], autojunk=False).get_matching_blocks()
    # The last block is an empty one at the end of both.
    blocks = [(block.a + block.size, block.b + block.size) for block in same[:-1]]
    standing_at, at = blocks[-1] if blocks else (0, 0)
    while standing_at < len(there) and at < len(words) and _is_begun(there[standing_at], _plain(words[at][0])):
        standing_at, at = standing_at + 1, at + 1
    if at == len(words):
        return ""
    # What stands right before the word, a bracket or a quote, belongs to it.
    begin = words[at].start()
    while begin and not wanted[begin - 1].isspace() and (at == 0 or begin > words[at - 1].end()):
        begin -= 1
    return " " * bool(standing and not standing[-1].isspace()) + wanted[begin:]


def _plain(word: str) -> str:
    return word.lower().replace("ё", "е")


def _is_begun(there: str, word: str) -> bool:
    """Whether `there` may be the same word, half heard or in another form."""
    return len(there) > 1 and word.startswith(there[:_SAME_BEGINNING])


def _sticks(text: str, index: int) -> bool:
    """Whether the character at `index` and the one before it look like one."""
    if not 0 < index < len(text):
        return False
    character, before = text[index], text[index - 1]
    if unicodedata.category(character) in _STICKING or unicodedata.category(before) == "Cf":
        return True
    if ord(character) in _EMOJI_MODIFIERS or (_JAMO.match(character) and _JAMO.match(before)):
        return True
    if before == "\r" and character == "\n":
        return True
    return ord(character) in _FLAGS and ord(before) in _FLAGS
