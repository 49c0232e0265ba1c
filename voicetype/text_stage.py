"""Makes the text of dictations by the settings and the user's files. Any thread; `begin` may read the disk.

The dictation, the preview in the settings, `voicetype format` and the benchmark all use this one way. The rules for
numbers and the vocabulary take a tenth of a second to import: the first text pays for that, not the program's start.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Sequence
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from loguru import logger

from voicetype import store
from voicetype.core.config import Config
from voicetype.core.messages import Level, MessageCode, UserMessage
from voicetype.core.text.composition import Composition, Finder, Rules
from voicetype.core.text.grammar import Grammar, parse_grammar
from voicetype.core.text.settings import CommandMode, TextSettings

if TYPE_CHECKING:
    from voicetype.core.text.numbers import NumberStyle
    from voicetype.core.text.vocabulary.vocabulary import Vocabulary
    from voicetype.vocabulary.compiling import Loaded

COMMANDS_FILE = "commands.yaml"


def ignore(message: UserMessage) -> None:
    """For who does not want to hear what is wrong with the user's files."""


def text_settings(config: Config) -> TextSettings:
    """The choices of the text stage in the whole configuration."""
    text = config.text
    return TextSettings(
        punctuate=config.recognition.punctuation_enabled,
        numbers=text.numbers,
        numbers_from=text.numbers_from,
        money_symbol=text.money == "symbol",
        group_digits=text.group_digits,
        roman_centuries=text.roman_centuries,
        commands=CommandMode(text.commands),
        command_prefix=text.command_prefix,
        vocabulary=text.vocabulary,
        similar_words=text.similar_words,
        plain=text.style == "plain",
        keep_together=text.keep_together,
        yo=text.yo,
        short_words=text.short_words,
    )


class TextStage:
    """Begins compositions. Thread-safe.

    Args:
        config: the settings.
        on_problem: hears what is wrong with the user's files, once for each state of them; any thread.
    """

    def __init__(self, config: Config, on_problem: Callable[[UserMessage], None] = ignore) -> None:
        self._lock = threading.Lock()
        self._on_problem = on_problem
        self._settings = text_settings(config)
        self._files: _Files | None = None
        self._told: set[str] = set()

    def configure(self, config: Config) -> None:
        """Use these settings from the next composition on."""
        self._settings = text_settings(config)

    def begin(self, continues: bool = False) -> Composition:
        """The empty text of a new dictation. Blocks while files that have changed are read."""
        settings = self._settings
        return Composition(settings, self._rules(settings), continues=continues)

    def begin_with(self, config: Config) -> Composition:
        """As `begin`, by other settings, for this text alone."""
        settings = text_settings(config)
        return Composition(settings, self._rules(settings))

    def _rules(self, settings: TextSettings) -> Rules:
        with self._lock:
            state = _state()
            if self._files is None or self._files.state != state:
                self._files = _Files(state)
                for problem in self._files.problems:
                    self._on_problem(problem)
            loaded = self._files
        from voicetype.core.text.numbers import find_numbers

        finders: list[Finder] = []
        if settings.vocabulary:
            vocabulary = loaded.vocabulary.vocabulary if settings.similar_words else loaded.exact
            finders.append(vocabulary.find)
        if settings.numbers:
            finders.append(functools.partial(find_numbers, style=_number_style(settings)))
        afterwards = functools.partial(self._afterwards, loaded.vocabulary) if settings.vocabulary else _unchanged
        return Rules(tuple(finders), loaded.grammar, afterwards, _is_number)

    def _afterwards(self, loaded: Loaded, text: str) -> str:
        text, problems = loaded.rules.apply(text)
        for problem in problems:
            rule = problem.params.get("rule", "")
            if rule not in self._told:
                self._told.add(rule)
                self._on_problem(problem)
        return text


class _Files:
    """What the user's and the bundled files say, in one state of them."""

    def __init__(self, state: Sequence[object]) -> None:
        from voicetype.vocabulary.compiling import load_vocabulary

        self.state = state
        self.vocabulary = load_vocabulary()
        self.grammar, problem = _load_grammar()
        self.problems = (*self.vocabulary.problems, *([problem] if problem else []))

    @functools.cached_property
    def exact(self) -> Vocabulary:
        """The vocabulary without what only sounds alike."""
        from voicetype.core.text.vocabulary.vocabulary import Vocabulary

        return Vocabulary(self.vocabulary.vocabulary.phrases)


def _state() -> list[object]:
    """Changes when one of the files does."""
    from voicetype.vocabulary import files

    state: list[object] = []
    for path in (files.user_path(), files.bundled_path(), _commands_path()):
        try:
            stat = path.stat()
            state.append((str(path), stat.st_mtime_ns, stat.st_size))
        except OSError:
            state.append(str(path))
    return state


def _commands_path() -> Path:
    own = store.config_dir() / COMMANDS_FILE
    return own if own.is_file() else _bundled_commands()


def _bundled_commands() -> Path:
    return Path(str(resources.files("voicetype").joinpath("data", COMMANDS_FILE)))


def _load_grammar() -> tuple[Grammar, UserMessage | None]:
    """The commands; where the user's file is broken, the bundled ones, and what is wrong with it."""
    path = _commands_path()
    try:
        return parse_grammar(yaml.safe_load(store.decode(path.read_bytes())) or ()), None
    except (OSError, UnicodeError, yaml.YAMLError, ValueError, KeyError, TypeError, AttributeError) as error:
        logger.warning("cannot read {}: {}", path.name, type(error).__name__)
        detail = " ".join(str(error).split()) or type(error).__name__
        problem = UserMessage(MessageCode.COMMANDS_NOT_READ, Level.WARNING, {"path": str(path), "detail": detail})
        return parse_grammar(yaml.safe_load(_bundled_commands().read_text(encoding="utf-8"))), problem


def _number_style(settings: TextSettings) -> NumberStyle:
    from voicetype.core.text.numbers import NumberStyle

    return NumberStyle(
        smallest=settings.numbers_from,
        money="symbol" if settings.money_symbol else "short",
        group_digits=settings.group_digits,
        roman_centuries=settings.roman_centuries,
    )


@functools.lru_cache(maxsize=1024)
def _is_number(word: str) -> bool:
    from voicetype.core.text.numbers import NumberStyle, find_numbers

    return bool(find_numbers([word], NumberStyle(smallest=0)))


def _unchanged(text: str) -> str:
    return text
