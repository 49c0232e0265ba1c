"""The user's regular expressions, applied to finished text. Pure; any thread.

The `regex` library instead of `re`: it gives up after a time, and lets other threads run meanwhile. An expression of
the user's that tries everything twice would otherwise stop the program for good.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from voicetype.core.messages import Level, MessageCode, UserMessage
from voicetype.core.text.vocabulary.entries import Rule

TIME_LIMIT_S = 0.1
"""For one rule on one text; an ordinary one takes a few microseconds."""
MAX_FIND_LENGTH = 500
MAX_TEXT_LENGTH = 20_000
"""Letters; half an hour of speech. Longer texts are left alone."""
_MAX_REPEATS = 1_000
_COUNT = re.compile(r"(?<=[{,])\d{1,18}(?=[,}])")
"""The numbers in a{2} and a{2,3}. The library writes such repeats out when it compiles: a few nested ones would take
all memory there is."""
_MAX_GROWTH = 10
"""A rule may make a text so many times longer, and a line of text more."""
_LINE = 1_000


@dataclass(frozen=True)
class _Compiled:
    rule: Rule
    expression: Any


class Rules:
    """Compiled rules, in the order in which they are applied."""

    def __init__(self, compiled: Sequence[_Compiled] = ()) -> None:
        self._compiled = tuple(compiled)

    @classmethod
    def compile(cls, rules: Iterable[Rule]) -> Rules:
        """Compile those that are on; a broken one is left out, see `mistake`."""
        return cls([_Compiled(rule, _compiled(rule)) for rule in rules if rule.enabled and not mistake(rule)])

    def __len__(self) -> int:
        return len(self._compiled)

    def apply(self, text: str) -> tuple[str, tuple[UserMessage, ...]]:
        """`text` after all rules, and which of them were left out because they took too long or wrote too much."""
        problems: list[UserMessage] = []
        if len(text) > MAX_TEXT_LENGTH:
            return text, ()
        for each in self._compiled:
            try:
                changed = each.expression.sub(each.rule.replace, text, timeout=TIME_LIMIT_S, concurrent=True)
            except TimeoutError:
                problems.append(_too_slow(each.rule))
                continue
            if len(changed) > _MAX_GROWTH * len(text) + _LINE:
                problems.append(_too_slow(each.rule))
            else:
                text = changed
        return text, tuple(problems)


def mistake(rule: Rule) -> str:
    """What is wrong with a rule, in the words of the library; "" = nothing."""
    import regex

    if not rule.find:
        return "empty"
    if len(rule.find) > MAX_FIND_LENGTH:
        return f"longer than {MAX_FIND_LENGTH} letters"
    if math.prod(int(count) for count in _COUNT.findall(rule.find) if int(count)) > _MAX_REPEATS:
        return f"repeats more than {_MAX_REPEATS} times"
    try:
        _compiled(rule)
        # The replacement is only looked at when something was found.
        regex.compile(f"(?:{rule.find})|", _flags(rule)).sub(rule.replace, "", timeout=TIME_LIMIT_S)
    except (regex.error, TimeoutError, IndexError, KeyError, ValueError, RecursionError, OverflowError) as error:
        return " ".join(str(error).split()) or type(error).__name__
    return ""


def _compiled(rule: Rule) -> Any:
    import regex

    return regex.compile(rule.find, _flags(rule))


def _flags(rule: Rule) -> int:
    import regex

    # VERSION0 reads an expression as `re` does.
    return int(regex.VERSION0 | regex.UNICODE | (regex.IGNORECASE if rule.ignore_case else 0))


def _too_slow(rule: Rule) -> UserMessage:
    return UserMessage(MessageCode.VOCABULARY_RULE_SLOW, Level.WARNING, {"rule": rule.find})
