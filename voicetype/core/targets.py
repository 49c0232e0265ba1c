"""What is particular to the programs that texts go to, as a table says. Pure; any thread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from voicetype.core.ports import TargetWindow

PASTE_CHORDS = ("ctrl+v", "ctrl+shift+v", "shift+insert")


@dataclass(frozen=True)
class TargetRule:
    """What holds for some programs.

    Attributes:
        apps: their names in lower case, with * and ? for any characters.
        password: they ask for passwords, so nothing is ever typed there.
        live: whether a text may grow there and be corrected.
        paste: one of `PASTE_CHORDS`, where the platform's usual one does not paste; "" elsewhere.
    """

    apps: tuple[str, ...]
    password: bool = False
    live: bool = True
    paste: str = ""


class TargetRules:
    """The table. Immutable."""

    def __init__(self, rules: Iterable[TargetRule] = ()) -> None:
        self._rules = tuple(rules)

    def asks_password(self, window: TargetWindow) -> bool:
        """Whether the window belongs to a program that asks for passwords."""
        return any(rule.password for rule in self._of(window))

    def may_grow(self, window: TargetWindow) -> bool:
        """Whether what was typed there can be corrected exactly."""
        return all(rule.live for rule in self._of(window))

    def paste_chord(self, window: TargetWindow | None) -> str:
        """The keys that paste in the window, one of `PASTE_CHORDS`; "" for the platform's usual ones."""
        return next((rule.paste for rule in self._of(window) if rule.paste), "") if window is not None else ""

    def without_live(self, apps: str) -> TargetRules:
        """These rules, and no growing texts in `apps`, names with commas between them."""
        names = tuple(name.strip().lower() for name in apps.split(",") if name.strip())
        return TargetRules((*self._rules, TargetRule(names, live=False))) if names else self

    def _of(self, window: TargetWindow) -> list[TargetRule]:
        return [
            rule
            for rule in self._rules
            if any(fnmatchcase(name, pattern) for name in window.names for pattern in rule.apps)
        ]


def parse_rules(data: object) -> TargetRules:
    """The table as YAML gives it. Raises ValueError, TypeError or KeyError for one that is not well formed."""
    if not isinstance(data, list) or not all(isinstance(row, Mapping) for row in data):
        raise TypeError("the table of targets is no list of mappings")
    return TargetRules(_rule(**row) for row in data)


def _rule(apps: Iterable[object], password: bool = False, live: bool = True, paste: str = "") -> TargetRule:
    if paste and paste not in PASTE_CHORDS:
        raise ValueError(f"{paste} is no chord that pastes")
    return TargetRule(tuple(str(app).lower() for app in apps), password, live, paste)
