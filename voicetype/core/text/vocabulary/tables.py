"""Lists of terms that people have already: a line each, or a table of what is said and what is written. Pure.

Иванов                       a name in all its forms
постгрес,PostgreSQL          said, written
кафка;Kafka;keep             said, written, what becomes of the endings (see `Endings`)
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass

from voicetype.core.messages import Level, MessageCode, UserMessage
from voicetype.core.text.vocabulary.entries import Endings, Term, spoken_words

_SEPARATORS = ";\t,"
_LONGEST_LINE = 1_000
_MAX_FIELDS = 3
_COMMENT = "#"
_HEADERS = frozenset({("spoken", "written"), ("spoken", "written", "endings")})


@dataclass(frozen=True)
class Imported:
    """What a list gave.

    Attributes:
        terms: those that could be read, without repetitions.
        problems: one for each line that could not.
    """

    terms: tuple[Term, ...]
    problems: tuple[UserMessage, ...]


def read_list(text: str, path: str = "", *, table: bool | None = None) -> Imported:
    """Read a list of terms. Never raises.

    Args:
        text: the file's content.
        path: its name, for messages.
        table: it has columns; None = it has when the first line has a separator.
    """
    lines = text.lstrip("\ufeff").splitlines()
    separator = _separator(lines) if table is None or table else ""
    terms: dict[tuple[str, tuple[str, ...]], Term] = {}
    problems = []
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith(_COMMENT):
            continue
        try:
            term = _term(_fields(line, separator))
        except (ValueError, csv.Error):
            params = {"path": path, "entry": str(number), "value": line.strip()[:60]}
            problems.append(UserMessage(MessageCode.VOCABULARY_NOT_SPOKEN, Level.WARNING, params))
            continue
        if term:
            terms[term.written, term.spoken] = term
    return Imported(tuple(terms.values()), tuple(problems))


def _separator(lines: list[str]) -> str:
    first = next((line for line in lines if line.strip() and not line.lstrip().startswith(_COMMENT)), "")
    return next((separator for separator in _SEPARATORS if separator in first), "")


def _fields(line: str, separator: str) -> tuple[str, ...]:
    if len(line) > _LONGEST_LINE:
        raise ValueError(line)
    row: Iterator[list[str]] = csv.reader([line], delimiter=separator, strict=True) if separator else iter([[line]])
    fields = [field.strip() for field in next(row, [])]
    while fields and not fields[-1]:
        fields.pop()
    return tuple(fields)


def _term(fields: tuple[str, ...]) -> Term | None:
    """The term of a line, None for the names of the columns. Raises ValueError for what is no term."""
    if tuple(map(str.lower, fields)) in _HEADERS:
        return None
    if not fields or len(fields) > _MAX_FIELDS or not all(fields):
        raise ValueError(fields)
    spoken_words(fields[0])
    if len(fields) == 1:
        return Term(fields[0])
    endings = Endings(fields[2].lower()) if len(fields) == _MAX_FIELDS else Endings.AUTO
    return Term(fields[1], (fields[0],), endings)
