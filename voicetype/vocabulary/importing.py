"""Adds a list of terms to the user's vocabulary. Any thread; blocks; reads and writes files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from voicetype.core.messages import ConfigError, UserMessage
from voicetype.vocabulary import files


@dataclass(frozen=True)
class Added:
    """What came of an import: how many terms are new, and which lines were left out."""

    count: int
    problems: tuple[UserMessage, ...] = ()


def import_terms(path: Path) -> Added:
    """Add the terms in a .txt or .csv file that the user's vocabulary does not have yet.

    Raises ConfigError (VOCABULARY_NOT_READ, VOCABULARY_NEWER, VOCABULARY_NOT_SAVED), also where the user's own file is
    broken: writing it anew would lose what is in it.
    """
    imported = files.import_list(path)
    own, problems = files.load(files.user_path())
    if problems:
        raise ConfigError(problems[0].code, problems[0].level, **problems[0].params)
    known = set(own.terms)
    new = tuple(dict.fromkeys(term for term in imported.terms if term not in known))
    if new:
        files.save(replace(own, terms=(*own.terms, *new)))
    return Added(len(new), imported.problems)
