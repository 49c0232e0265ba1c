"""Entries and compiled phrases as plain lists, for JSON: to a compiler in another process, and to the disk. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from voicetype.core.text.vocabulary.entries import Endings, Entry, Snippet, Term
from voicetype.core.text.vocabulary.phrase import EndingSlots, Pattern, Phrase
from voicetype.core.text.vocabulary.writing import Part

PACKED_VERSION = 1
"""Goes up when the same entries would be compiled to something else."""


def pack_entries(entries: Iterable[Entry]) -> list[Any]:
    """Entries as plain lists."""
    return [
        [each.enabled, each.spoken, each.text]
        if isinstance(each, Snippet)
        else [each.enabled, each.spoken, each.written, each.endings.value, each.exact_case]
        for each in entries
    ]


def unpack_entries(packed: Sequence[Any]) -> list[Entry]:
    """What `pack_entries` was given."""
    entries: list[Entry] = []
    for enabled, spoken, text, *term in packed:
        if term:
            entries.append(Term(text, tuple(spoken), Endings(term[0]), enabled, term[1]))
        else:
            entries.append(Snippet(tuple(spoken), text, enabled))
    return entries


def pack_phrases(phrases: Iterable[Phrase]) -> dict[str, Any]:
    """Phrases as plain lists; a table of endings stands there once."""
    tables: dict[int, int] = {}
    endings: list[EndingSlots] = []

    def number(table: EndingSlots) -> int:
        if id(table) not in tables:
            tables[id(table)] = len(endings)
            endings.append(table)
        return tables[id(table)]

    packed = [
        [
            [[pattern.stem, number(pattern.endings), pattern.given] for pattern in phrase.patterns],
            [[part.lead, part.text, part.trail, part.word, part.stem] for part in phrase.parts],
            phrase.own_case,
            phrase.approximate,
        ]
        for phrase in phrases
    ]
    return {"endings": endings, "phrases": packed}


def unpack_phrases(packed: dict[str, Any]) -> list[Phrase]:
    """What `pack_phrases` was given. Raises KeyError, IndexError, TypeError or ValueError for something else."""
    tables = [{str(ending): int(slots) for ending, slots in table.items()} for table in packed["endings"]]
    return [
        Phrase(
            tuple(Pattern(stem, tables[table], given) for stem, table, given in patterns),
            tuple(Part(*part) for part in parts),
            bool(own_case),
            bool(approximate),
        )
        for patterns, parts, own_case, approximate in packed["phrases"]
    ]
