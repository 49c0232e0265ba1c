"""The file vocabulary.yaml as plain data: reads and writes it. Pure; any thread.

`parse` saves what can be saved: a broken entry is left out and told with its place, the rest works.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from voicetype.core.messages import Level, MessageCode, UserMessage
from voicetype.core.text.vocabulary import rules
from voicetype.core.text.vocabulary.entries import Endings, Rule, Snippet, Term, spoken_words

VOCABULARY_VERSION = 1
TERMS, SNIPPETS, RULES = "terms", "snippets", "rules"
SECTIONS = (TERMS, SNIPPETS, RULES)
_TOP_KEYS = ("vocabulary_version", "approximate", "bundled", *SECTIONS)
_TERM_KEYS = ("written", "spoken", "endings", "enabled", "exact_case")
_SNIPPET_KEYS = ("spoken", "text", "enabled")
_RULE_KEYS = ("find", "replace", "ignore_case", "enabled")

Entry = TypeVar("Entry")
Lines = Mapping[tuple[str, int], int]
"""(section, number of the entry from 0) -> line in the file."""


@dataclass(frozen=True)
class UserVocabulary:
    """What a vocabulary file says.

    Attributes:
        terms, snippets, rules: see `entries`; those that are off are here too.
        approximate: accept terms that were heard nearly right.
        bundled: use the bundled terms too.
    """

    terms: tuple[Term, ...] = ()
    snippets: tuple[Snippet, ...] = ()
    rules: tuple[Rule, ...] = ()
    approximate: bool = True
    bundled: bool = True


def parse(data: object, path: str = "", lines: Lines | None = None) -> tuple[UserVocabulary, tuple[UserMessage, ...]]:
    """Read what YAML gives. Returns the vocabulary and what is wrong with the file; never raises.

    Args:
        data: the file's content.
        path: the file's name, for messages.
        lines: where its entries are, for messages.
    """
    reader = _Reader(path, lines or {})
    if data is None:
        return UserVocabulary(), ()
    if not isinstance(data, Mapping):
        reader.invalid("1", SECTIONS[0], data)
        return UserVocabulary(), tuple(reader.problems)
    reader.check_keys("", data, _TOP_KEYS)
    version = data.get("vocabulary_version", VOCABULARY_VERSION)
    if isinstance(version, int) and version > VOCABULARY_VERSION:
        reader.tell(MessageCode.VOCABULARY_NEWER, version=str(version))
    found = UserVocabulary(
        tuple(reader.entries(data, TERMS, reader.term)),
        tuple(reader.entries(data, SNIPPETS, reader.snippet)),
        tuple(reader.entries(data, RULES, reader.rule)),
    )
    found = replace(found, approximate=reader.option(data, "approximate"), bundled=reader.option(data, "bundled"))
    return found, tuple(reader.problems)


def dump(vocabulary: UserVocabulary) -> dict[str, object]:
    """The vocabulary as plain data, for YAML; what has its default is left out."""
    return {
        "vocabulary_version": VOCABULARY_VERSION,
        "approximate": vocabulary.approximate,
        "bundled": vocabulary.bundled,
        TERMS: [_term_data(term) for term in vocabulary.terms],
        SNIPPETS: [
            {"spoken": _one_or_all(each.spoken), "text": _as_block(each.text)} | _off(each.enabled)
            for each in vocabulary.snippets
        ],
        RULES: [
            {"find": each.find, "replace": each.replace}
            | ({"ignore_case": True} if each.ignore_case else {})
            | _off(each.enabled)
            for each in vocabulary.rules
        ],
    }


def version_of(data: object) -> int:
    """Which version a file says it has; a file that does not say is of the first."""
    version = data.get("vocabulary_version", 1) if isinstance(data, Mapping) else 1
    return version if isinstance(version, int) else 1


def _term_data(term: Term) -> dict[str, object]:
    data: dict[str, object] = {"written": term.written}
    if term.spoken:
        data["spoken"] = _one_or_all(term.spoken)
    if term.endings is not Endings.AUTO:
        data["endings"] = term.endings.value
    if term.exact_case is not None:
        data["exact_case"] = term.exact_case
    return data | _off(term.enabled)


def _one_or_all(ways: Sequence[str]) -> object:
    return ways[0] if len(ways) == 1 else list(ways)


def _from_block(text: str) -> str:
    """Without the line break that every block of YAML ends with; a snippet may be nothing but line breaks."""
    return text.removesuffix("\n") if text.strip("\n") else text


def _as_block(text: str) -> str:
    return text + "\n" if "\n" in text and text.strip("\n") else text


def _off(enabled: bool) -> dict[str, object]:
    return {} if enabled else {"enabled": False}


class _Broken(Exception):
    """An entry is left out; the problem has been noted."""


class _Reader:
    """Reads entries and collects what is wrong with them."""

    def __init__(self, path: str, lines: Lines) -> None:
        self._path = path
        self._lines = lines
        self.problems: list[UserMessage] = []

    def tell(self, code: MessageCode, entry: str = "", **params: str) -> None:
        """Note a problem."""
        self.problems.append(UserMessage(code, Level.WARNING, {"path": self._path, "entry": entry, **params}))

    def invalid(self, entry: str, key: str, value: object) -> None:
        """Note that `key` cannot have `value`."""
        self.tell(MessageCode.VOCABULARY_INVALID, entry, key=key, value=_short(value))

    def check_keys(self, entry: str, data: Mapping[Any, object], known: Iterable[str]) -> None:
        """Note keys that mean nothing."""
        names = list(known)
        for key in data:
            if key not in names:
                close = difflib.get_close_matches(str(key), names, 1)
                params = {"key": _short(key), "suggestion": close[0] if close else ""}
                self.tell(MessageCode.VOCABULARY_UNKNOWN_KEY, entry or _short(key), **params)

    def option(self, data: Mapping[Any, object], key: str) -> bool:
        """A switch of the whole vocabulary; on where nothing else is said."""
        value = data.get(key, True)
        if isinstance(value, bool):
            return value
        self.invalid(key, key, value)
        return True

    def entries(
        self, data: Mapping[Any, object], section: str, read: Callable[[str, Mapping[Any, object]], Entry]
    ) -> Iterable[Entry]:
        """Those of a section that can be read."""
        listed = data.get(section)
        if listed is None:
            return
        if not isinstance(listed, Sequence) or isinstance(listed, (str, bytes)):
            self.invalid(section, section, listed)
            return
        for number, each in enumerate(listed):
            line = self._lines.get((section, number))
            entry = f"{section}[{number + 1}]" + (f":{line}" if line else "")
            try:
                if section == TERMS and isinstance(each, str):
                    each = {"written": each}
                if not isinstance(each, Mapping):
                    self._refuse(entry, section, each)
                yield read(entry, each)
            except _Broken:
                continue

    def term(self, entry: str, data: Mapping[Any, object]) -> Term:
        """A term."""
        self.check_keys(entry, data, _TERM_KEYS)
        written = self._text(entry, data, "written")
        endings = data.get("endings", Endings.AUTO.value)
        if endings not in [each.value for each in Endings]:
            self._refuse(entry, "endings", endings)
        exact_case = None if data.get("exact_case") is None else self._switch(entry, data, "exact_case", False)
        spoken = self._ways(entry, data)
        term = Term(written, spoken, Endings(endings), self._switch(entry, data, "enabled", True), exact_case)
        self._check_spoken(entry, term.ways)
        return term

    def snippet(self, entry: str, data: Mapping[Any, object]) -> Snippet:
        """A snippet."""
        self.check_keys(entry, data, _SNIPPET_KEYS)
        spoken = self._ways(entry, data)
        if not spoken:
            self._refuse(entry, "spoken", data.get("spoken"))
        self._check_spoken(entry, spoken)
        text = data.get("text")
        if not isinstance(text, str) or not text:
            self._refuse(entry, "text", text)
        return Snippet(spoken, _from_block(str(text)), self._switch(entry, data, "enabled", True))

    def rule(self, entry: str, data: Mapping[Any, object]) -> Rule:
        """A rule."""
        self.check_keys(entry, data, _RULE_KEYS)
        replacement = data.get("replace")
        if not isinstance(replacement, str):
            self._refuse(entry, "replace", replacement)
        switches = (self._switch(entry, data, "ignore_case", False), self._switch(entry, data, "enabled", True))
        rule = Rule(self._text(entry, data, "find"), str(replacement), *switches)
        if detail := rules.mistake(rule):
            self.tell(MessageCode.VOCABULARY_RULE_INVALID, entry, value=_short(rule.find), detail=detail)
            raise _Broken
        return rule

    def _refuse(self, entry: str, key: str, value: object) -> None:
        self.invalid(entry, key, value)
        raise _Broken

    def _text(self, entry: str, data: Mapping[Any, object], key: str) -> str:
        value = data.get(key)
        if not isinstance(value, str) or not value.strip():
            self._refuse(entry, key, value)
        return str(value)

    def _switch(self, entry: str, data: Mapping[Any, object], key: str, default: bool) -> bool:
        value = data.get(key, default)
        if not isinstance(value, bool):
            self._refuse(entry, key, value)
        return bool(value)

    def _ways(self, entry: str, data: Mapping[Any, object]) -> tuple[str, ...]:
        value = data.get("spoken")
        ways = [] if value is None else [value] if isinstance(value, str) else value
        if not isinstance(ways, Sequence) or isinstance(ways, bytes) or not all(isinstance(way, str) for way in ways):
            self._refuse(entry, "spoken", value)
        return tuple(ways)  # type: ignore[arg-type]

    def _check_spoken(self, entry: str, ways: Iterable[str]) -> None:
        for way in ways:
            try:
                spoken_words(way)
            except ValueError:
                self.tell(MessageCode.VOCABULARY_NOT_SPOKEN, entry, value=_short(way))
                raise _Broken from None


def _short(value: object) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= 60 else text[:59] + "…"
