"""What the user can choose about finished text. Pure."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class CommandMode(enum.Enum):
    """Where a voice command is heard as one; the values are those of the settings file."""

    OFF = "off"
    """Nowhere."""
    PHRASE = "phrase"
    """Where a phrase between two pauses is made of commands alone."""
    PREFIX = "prefix"
    """Behind a word that announces it."""
    ANYWHERE = "anywhere"
    """Everywhere, but no marks between the words of a number, and not behind the word that says otherwise."""


@dataclass(frozen=True)
class TextSettings:
    """All choices of the text stage.

    Attributes:
        punctuate: marks and capitals by the model.
        numbers, numbers_from: digits for numbers; single ones below `numbers_from` stay words.
        money_symbol: 100,50 ₽ in place of 100 руб. 50 коп.
        group_digits: 1 000 000.
        roman_centuries: XXI век in place of 21-й век.
        commands, command_prefix: voice commands.
        vocabulary: the user's words, snippets and rules, and the bundled terms.
        similar_words: also terms that were heard nearly right.
        plain: straight quotes, a hyphen for a dash, no special spaces: for terminals and code.
        keep_together: no-break spaces before dashes, after short words and initials.
        yo: ё stays as the model writes it; otherwise it becomes е.
        short_words: a text of at most so many words in one line gets no full stop of ours; 0 = off.
    """

    punctuate: bool = True
    numbers: bool = True
    numbers_from: int = 10
    money_symbol: bool = False
    group_digits: bool = True
    roman_centuries: bool = True
    commands: CommandMode = CommandMode.PHRASE
    command_prefix: str = "команда"
    vocabulary: bool = True
    similar_words: bool = True
    plain: bool = False
    keep_together: bool = False
    yo: bool = True
    short_words: int = 0
