"""A small language of rules: what words and numbers to look for, and what to write for them.

A pattern is a row of steps, each a word («до»), one of several words («до|по»), either of them with a name to write it
again («{w=до|по}»), or a named slot («{a:amount}»), a class of words or numbers from a table. A step that ends in «?»
may be missing. What to write is a template with the names in braces; a dot asks for another form: «{d.plain}».

    Rule("{a:amount} {w=или|либо} {b:amount} {u:measure}", "{a} {w} {b}{u}")

Pure; any thread.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from voicetype.core.text.numbers.reading import Number, read_number
from voicetype.core.text.numbers.style import NumberStyle
from voicetype.core.text.numbers.words import FUNCTION_WORDS, LABEL_NAMES
from voicetype.core.text.numbers.writing import SCALE_NAMES, digits, roman, with_suffix

CARDINAL, ORDINAL = "<cardinal>", "<ordinal>"
"""Stand among the words that a rule can begin with for any number of that kind."""
_UNREAD = object()


class Phrase:
    """The words of a phrase, in small letters and without «ё», and the numbers read in them so far."""

    def __init__(self, words: Sequence[str], style: NumberStyle) -> None:
        self.words = [word.replace("ё", "е") for word in words]
        self.style = style
        self._numbers: dict[int, Number | None] = {}

    def word(self, at: int) -> str:
        """The word at `at`; "" outside the phrase."""
        return self.words[at] if 0 <= at < len(self.words) else ""

    def number(self, at: int) -> Number | None:
        """The number that begins at `at`."""
        known = self._numbers.get(at, _UNREAD)
        if known is _UNREAD:
            known = read_number(self.words, at) if 0 <= at < len(self.words) else None
            self._numbers[at] = known
        return known  # type: ignore[return-value]

    def cardinal(self, at: int) -> Number | None:
        """The cardinal that begins at `at`."""
        number = self.number(at)
        return None if number is None or number.suffix else number

    def ordinal(self, at: int) -> Number | None:
        """The ordinal that begins at `at`."""
        number = self.number(at)
        return number if number is not None and number.suffix else None

    def kind(self, at: int) -> str:
        """CARDINAL or ORDINAL for the number that begins at `at`; "" if none does."""
        number = self.number(at)
        return "" if number is None else ORDINAL if number.suffix else CARDINAL

    def number_before(self, at: int) -> bool:
        """Whether the word before `at` is a numeral."""
        return at > 0 and (self.number(at - 1) is not None)

    def is_closed(self, at: int) -> bool:
        """Whether what ends before `at` can have no noun after it that it counts."""
        word = self.word(at)
        return not word or word in FUNCTION_WORDS or word in LABEL_NAMES


class Value(Protocol):
    """What a slot finds, if it is not just a text."""

    def written(self, style: NumberStyle) -> str:
        """Its text."""


Found = str | Number | Value | None
Matcher = Callable[[Phrase, int], tuple[int, Found] | None]
"""Looks at a place of a phrase: index after what it found, and that; None if it is not there."""
Fields = dict[str, Found]


@dataclass(frozen=True)
class Slot:
    """A class of words or numbers.

    Attributes:
        match: finds it.
        heads: the words it can begin with, CARDINAL and ORDINAL among them.
        tails: of one that begins with a number: the words by which it can go on behind that number, so that a rule
            need not be tried where neither they nor its next step follow; None if nobody looked into that.
    """

    match: Matcher
    heads: frozenset[str]
    tails: frozenset[str] | None = None


@dataclass(frozen=True)
class Place:
    """A match of a rule's pattern, for its condition.

    Attributes:
        phrase, start, stop: where it is.
        fields: what the named steps found.
    """

    phrase: Phrase
    start: int
    stop: int
    fields: Fields

    def number(self, name: str) -> Number:
        """The number of that name."""
        found = self.fields[name]
        assert isinstance(found, Number)
        return found


Condition = Callable[[Place], bool]
Pieces = tuple[str | tuple[str, str], ...]


@dataclass(frozen=True)
class Rule:
    """What to write for the words that a pattern matches.

    Attributes:
        pattern: see the module.
        template: what to write; None keeps the words as they are, and no later rule sees them.
        after, not_after: words one of which, or none of which, must stand before.
        before, not_before: the same for the word behind.
        when: what else must hold.
    """

    pattern: str
    template: str | None
    after: frozenset[str] = frozenset()
    not_after: frozenset[str] = frozenset()
    before: frozenset[str] = frozenset()
    not_before: frozenset[str] = frozenset()
    when: Condition | None = None


@dataclass(frozen=True)
class _Step:
    name: str
    match: Matcher
    heads: frozenset[str]
    tails: frozenset[str] | None
    is_optional: bool


@dataclass(frozen=True)
class CompiledRule:
    """A rule ready to be applied.

    Attributes:
        rule: what it is made of.
        steps, pieces: its pattern and template.
        followers: words and kinds of numbers one of which must follow the number it begins with; None for any.
    """

    rule: Rule
    steps: tuple[_Step, ...]
    pieces: Pieces | None
    followers: frozenset[str] | None

    @property
    def heads(self) -> frozenset[str]:
        """The words that it can begin with, see `Slot`."""
        return self.steps[0].heads

    def apply(self, phrase: Phrase, at: int) -> tuple[int, str | None] | None:
        """Index after the matched words, and the text for them; None if the rule does not apply."""
        rule = self.rule
        if rule.after or rule.not_after:
            before = phrase.word(at - 1)
            if before in rule.not_after or (rule.after and before not in rule.after):
                return None
        fields: Fields = {}
        stop = at
        for step in self.steps:
            found = step.match(phrase, stop)
            if found is not None:
                stop, fields[step.name] = found
            elif step.is_optional:
                fields[step.name] = None
            else:
                return None
        if rule.before or rule.not_before:
            behind = phrase.word(stop)
            if behind in rule.not_before or (rule.before and behind not in rule.before):
                return None
        if rule.when is not None and not rule.when(Place(phrase, at, stop, fields)):
            return None
        return stop, None if self.pieces is None else _filled(self.pieces, fields, phrase.style)


def compiled(rule: Rule, slots: Mapping[str, Slot]) -> CompiledRule:
    """The rule with its pattern and template parsed."""
    steps = tuple(_step(text, slots) for text in rule.pattern.replace("ё", "е").split())
    pieces = None if rule.template is None else _pieces(rule.template)
    return CompiledRule(rule, steps, pieces, _followers(rule, steps))


def _followers(rule: Rule, steps: Sequence[_Step]) -> frozenset[str] | None:
    tails = steps[0].tails
    if tails is None:
        return None
    if len(steps) > 1:
        return None if steps[1].is_optional else steps[1].heads | tails
    return rule.before | tails if rule.before else None


_STEP = re.compile(r"(?:\{(\w*)(?:([:=])([^}]+))\}|([^?{}]+))(\??)")
_PIECE = re.compile(r"\{(\w+)(?:\.(\w+))?\}")


def _step(text: str, slots: Mapping[str, Slot]) -> _Step:
    parsed = _STEP.fullmatch(text)
    if parsed is None:
        raise ValueError(f"no step of a pattern: {text}")
    name, kind, what, words, optional = parsed.groups()
    if kind == ":":
        slot = slots[what]
        return _Step(name, slot.match, slot.heads, slot.tails, bool(optional))
    choice = frozenset((what or words).split("|"))
    return _Step(name or "", words_of(choice), choice, None, bool(optional))


def words_of(choice: frozenset[str]) -> Matcher:
    """Matches one of these words."""

    def match(phrase: Phrase, at: int) -> tuple[int, Found] | None:
        word = phrase.word(at)
        return (at + 1, word) if word in choice else None

    return match


def _pieces(template: str) -> Pieces:
    pieces: list[str | tuple[str, str]] = []
    at = 0
    for found in _PIECE.finditer(template):
        pieces += [template[at : found.start()], (found[1], found[2] or "")]
        at = found.end()
    return (*pieces, template[at:])


def _filled(pieces: Pieces, fields: Fields, style: NumberStyle) -> str:
    return "".join(piece if isinstance(piece, str) else _written(fields[piece[0]], piece[1], style) for piece in pieces)


def _written(value: Found, form: str, style: NumberStyle) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, Number):
        return _NUMBER_FORMS[form](value, style)
    return value.written(style)


def _digits_or_suffix(number: Number, style: NumberStyle) -> str:
    return with_suffix(number) if number.suffix else digits(number, style)


_NUMBER_FORMS: dict[str, Callable[[Number, NumberStyle], str]] = {
    "": _digits_or_suffix,
    "plain": lambda number, style: str(number.value),
    "two": lambda number, style: f"{number.value:02}",
    "scale": lambda number, style: SCALE_NAMES[number.scale],
    "head": lambda number, style: str(number.value // number.scale),
    "next": lambda number, style: str(number.value + 1),
    "roman": lambda number, style: roman(number.value),
}
