"""The settings: frozen dataclasses are the schema and the defaults. Pure; any thread.

`parse` saves what can be saved: a bad field keeps its default and is told, the rest is taken.
"""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from voicetype.core.hotkeys import Action, check_hotkeys
from voicetype.core.messages import Level, MessageCode, UserMessage

CONFIG_VERSION = 1


@dataclass(frozen=True)
class AudioConfig:
    """Microphone and capture."""

    device: str = ""
    """Name of the microphone; empty = the system's default."""
    pre_roll_ms: int = field(default=0, metadata={"range": (0, 2000)})
    """Hear also what was said so long before the start (0 to 2000 ms); more than 0 keeps the microphone open always."""
    tail_ms: int = field(default=300, metadata={"range": (0, 2000)})
    """How long the microphone stays open after stop, so that the last syllable is heard (0 to 2000 ms)."""
    buffer_seconds: int = field(default=120, metadata={"range": (10, 600)})
    """Speech kept while models load (10 to 600 s, 32 kB a second)."""
    stop_after_silence_seconds: int = field(default=0, metadata={"range": (0, 60)})
    """Stop the dictation by itself when nobody has spoken for so long (0 to 60 s; 0 = never)."""
    sounds: bool = True
    """A short sound when the microphone listens, when it stops and when something went wrong."""
    sound_volume: int = field(default=40, metadata={"range": (0, 100)})
    """How loud these sounds are (0 to 100)."""


@dataclass(frozen=True)
class HotkeysConfig:
    """Global hotkeys; empty = none. Mouse buttons too: mouse4 (back), mouse5 (forward), ctrl+mouse_middle."""

    toggle: str = "ctrl+alt+space"
    """Starts and stops dictation."""
    push_to_talk: str = ""
    """Dictation lasts as long as it is held."""
    hold_or_tap: str = ""
    """Held, it is push-to-talk; a tap starts dictation, and the next press stops it."""
    hold_ms: int = field(default=400, metadata={"range": (150, 2000)})
    """What lasts at least so long is a hold, what is shorter a tap (150 to 2000 ms)."""
    cancel: str = "esc"
    """Ends a dictation without a text; other programs get the key whenever nobody dictates."""
    insert_again: str = ""
    """Inserts the last text once more."""
    undo_last: str = ""
    """Takes the last insertion back."""
    copy_last: str = ""
    """Copies the last text."""

    @property
    def by_action(self) -> Mapping[str, str]:
        """The combinations as they are written, by action."""
        return {action: str(getattr(self, action)) for action in Action}


@dataclass(frozen=True)
class RecognitionConfig:
    """From sound to words to sentences."""

    punctuation_enabled: bool = True
    """Marks and capitals by the punctuation model; without it a capital at the start and a full stop at the end."""


@dataclass(frozen=True)
class ModelsConfig:
    """Which models, and when they are in memory."""

    speech: str = ""
    """Speech model: a folder's name in the models folder or an absolute path; empty = the best one installed."""
    punctuation: str = ""
    """Punctuation model, likewise."""
    punctuation_backend: str = field(default="onnx", metadata={"choices": ("onnx", "silero", "disabled")})
    """onnx (RUPunct), silero (Silero TE, needs the extra voicetype[silero]) or disabled."""
    device: str = field(default="auto", metadata={"choices": ("auto", "cpu", "dml")})
    """What computes the punctuation: auto (the best that works), cpu, or dml (graphics card on Windows)."""
    lazy_loading: bool = True
    """Load at the first hotkey press; false = right after the start."""
    preload: str = field(default="all", metadata={"choices": ("all", "speech")})
    """What is loaded right after the start, if anything; the punctuation model is only needed at the end of a text."""
    unload_timeout_minutes: float = field(default=10.0, metadata={"range": (0, 1440)})
    """Free the models after so many minutes without dictation (0 = never, at most 1440)."""
    unload_by_memory: bool = False
    """Choose that time by the machine's memory instead: 2 minutes below 6 GB, 10 below 12, 30 below 24, else 120."""
    unload_under_pressure: bool = False
    """Free the models also when the machine's memory fills up; never while somebody dictates."""
    pressure_percent: int = field(default=80, metadata={"range": (50, 99)})
    """From how full a memory on, in percent (50 to 99)."""
    load_timeout_seconds: int = field(default=60, metadata={"range": (5, 600)})
    """Give up on a model that loads longer than this (5 to 600 s)."""


@dataclass(frozen=True)
class TextConfig:
    """From recognised words to written text."""

    commands: str = field(default="phrase", metadata={"choices": ("off", "phrase", "prefix", "anywhere")})
    """Voice commands: off, phrase (said between two pauses), prefix (behind the word below) or anywhere."""
    command_prefix: str = "команда"
    """The word that announces a command."""
    numbers: bool = True
    """Write numbers, dates, money and the like in digits."""
    numbers_from: int = field(default=10, metadata={"range": (0, 1000)})
    """Single numbers below this stay words (0 to 1000; 0 = all in digits)."""
    money: str = field(default="short", metadata={"choices": ("short", "symbol")})
    """short (100 руб. 50 коп.) or symbol (100,50 ₽)."""
    group_digits: bool = True
    """Group the digits of large numbers: 1 000 000."""
    roman_centuries: bool = True
    """XXI век in place of 21-й век."""
    vocabulary: bool = True
    """Write your terms, snippets and the bundled terms as vocabulary.yaml says, in all their forms."""
    similar_words: bool = True
    """Recognise terms that were heard nearly right; words of the dictionary are never taken for one."""
    style: str = field(default="typographic", metadata={"choices": ("typographic", "plain")})
    """typographic («», —) or plain (straight quotes and hyphens, for terminals and code)."""
    keep_together: bool = False
    """No-break spaces before dashes, after short words and initials, before units."""
    yo: bool = True
    """Keep ё where the model writes it; false = always е."""
    short_words: int = field(default=0, metadata={"range": (0, 20)})
    """A text of at most so many words in one line gets no full stop (0 to 20; 0 = every text gets one)."""


@dataclass(frozen=True)
class OutputConfig:
    """How text reaches the window."""

    method: str = field(default="type", metadata={"choices": ("type", "paste", "clipboard")})
    """type, paste (the clipboard is put back afterwards) or clipboard (copy only)."""
    insert: str = field(default="at_stop", metadata={"choices": ("at_stop", "by_phrase", "live")})
    """When: at_stop, by_phrase (after each pause) or live (while you speak); the last two only by typing."""
    when_focus_moved: str = field(default="refocus", metadata={"choices": ("refocus", "hold")})
    """When another window has the focus at the end: refocus (go back, insert, return) or hold (until you ask)."""
    no_live_in: str = ""
    """Programs whose texts always come at the stop, besides those known: names with commas, as remmina, steam_app_*."""
    trailing_space: bool = True
    """Add a space after the text, so that the next dictation goes on properly."""


@dataclass(frozen=True)
class HistoryConfig:
    """What is kept of dictations on this computer; only you can read it."""

    enabled: bool = True
    """Keep the texts, so that none is lost when its window does not take it."""
    keep_days: int = field(default=90, metadata={"range": (0, 3650)})
    """Delete texts and recordings after so many days (0 = never, at most 3650)."""
    keep_recordings: bool = False
    """Keep the sound too (115 MB an hour); otherwise it is deleted as soon as its text is there."""


@dataclass(frozen=True)
class UiConfig:
    """What the user sees."""

    language: str = field(default="auto", metadata={"choices": ("auto", "ru", "en")})
    """auto (the system's), ru or en."""
    overlay: bool = True
    """Show level and live text while dictating."""


@dataclass(frozen=True)
class Config:
    """All settings."""

    audio: AudioConfig = field(default_factory=AudioConfig)
    hotkeys: HotkeysConfig = field(default_factory=HotkeysConfig)
    recognition: RecognitionConfig = field(default_factory=RecognitionConfig)
    models: ModelsConfig = field(default_factory=ModelsConfig)
    text: TextConfig = field(default_factory=TextConfig)
    output: OutputConfig = field(default_factory=OutputConfig)
    history: HistoryConfig = field(default_factory=HistoryConfig)
    ui: UiConfig = field(default_factory=UiConfig)
    config_version: int = CONFIG_VERSION


@dataclass(frozen=True)
class FieldInfo:
    """What a settings row needs to know of a field. `minimum` and `maximum` are None where any value goes."""

    type: type
    default: object
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None


_TYPES: Mapping[str, type] = {"str": str, "int": int, "float": float, "bool": bool}


def field_info(section: str, name: str) -> FieldInfo:
    """Type, default and limits of `section.name`. Raises KeyError for an unknown one."""
    section_type = type(_sections(Config())[section])
    for each in dataclasses.fields(section_type):
        if each.name == name:
            low, high = each.metadata.get("range", (None, None))
            choices = each.metadata.get("choices", ())
            return FieldInfo(_TYPES[str(each.type)], each.default, choices, low, high)
    raise KeyError(f"{section}.{name}")


def parse(data: object) -> tuple[Config, tuple[UserMessage, ...]]:
    """Read a mapping as YAML gives it. Returns the settings and what is wrong with the mapping; never raises."""
    if data is None:
        data = {}
    if not isinstance(data, Mapping):
        return Config(), (_invalid("config", data, "{}"),)
    problems: list[UserMessage] = []
    config = Config()
    version = data.get("config_version", CONFIG_VERSION)
    if not isinstance(version, int) or isinstance(version, bool):
        problems.append(_invalid("config_version", version, CONFIG_VERSION))
    sections = _sections(config)
    for key, value in data.items():
        if key == "config_version":
            continue
        if key not in sections:
            problems.append(_unknown(str(key), sections))
        elif value is None:
            continue
        elif not isinstance(value, Mapping):
            problems.append(_invalid(str(key), value, "{}"))
        else:
            section = _parse_section(str(key), sections[str(key)], value, problems)
            config = dataclasses.replace(config, **{str(key): section})
    config = dataclasses.replace(config, hotkeys=_usable(config.hotkeys, problems))
    return config, tuple(problems)


def dump(config: Config) -> dict[str, object]:
    """The settings as plain mappings, for YAML."""
    return {"config_version": config.config_version, **{key: vars(value) for key, value in _sections(config).items()}}


def file_version(data: object) -> int:
    """Which version a file says it has; a file that does not say is of the first."""
    version = data.get("config_version", 1) if isinstance(data, Mapping) else 1
    return version if isinstance(version, int) else 1


def with_value(config: Config, dotted: str, value: object) -> Config:
    """`config` with another value in the field "section.field"."""
    section, name = dotted.split(".")
    part = dataclasses.replace(_sections(config)[section], **{name: value})
    return dataclasses.replace(config, **{section: part})


def _sections(config: Config) -> dict[str, Any]:
    return {
        each.name: value
        for each in dataclasses.fields(config)
        if each.name != "config_version"
        for value in (getattr(config, each.name),)
    }


def _parse_section(key: str, section: Any, data: Mapping[object, object], problems: list[UserMessage]) -> Any:
    values: dict[str, object] = {}
    names = [each.name for each in dataclasses.fields(section)]
    for name, value in data.items():
        dotted = f"{key}.{name}"
        if name not in names:
            problems.append(_unknown(dotted, [f"{key}.{each}" for each in names]))
            continue
        info = field_info(key, str(name))
        if problem := _check(dotted, value, info):
            problems.append(problem)
        else:
            values[str(name)] = info.type(value)
    return dataclasses.replace(section, **values)


def _usable(hotkeys: HotkeysConfig, problems: list[UserMessage]) -> HotkeysConfig:
    """`hotkeys` without those that cannot be: a bad one gets its default, or none where another one has that."""
    while faults := check_hotkeys(hotkeys.by_action):
        action, error = next(iter(faults.items()))
        if error.message.code is MessageCode.HOTKEY_TWICE:
            instead = ""
            problems.append(dataclasses.replace(error.message, level=Level.WARNING))
        else:
            instead = str(field_info("hotkeys", action).default)
            problems.append(_invalid(f"hotkeys.{action}", getattr(hotkeys, action), instead))
        changes: Mapping[str, Any] = {action: instead}
        hotkeys = dataclasses.replace(hotkeys, **changes)
    return hotkeys


def _check(dotted: str, value: object, info: FieldInfo) -> UserMessage | None:
    if info.type is str and not isinstance(value, str):
        # YAML 1.1 reads on, no and 1:30 as other types.
        params = {"field": dotted, "value": str(value)}
        return UserMessage(MessageCode.CONFIG_NOT_TEXT, Level.WARNING, params)
    fits = isinstance(value, (int, float) if info.type is float else info.type)
    fits = fits and isinstance(value, bool) == (info.type is bool)
    if fits and info.choices:
        fits = value in info.choices
    if fits and info.minimum is not None and info.maximum is not None:
        fits = isinstance(value, (int, float)) and info.minimum <= value <= info.maximum
    return None if fits else _invalid(dotted, value, info.default)


def _invalid(dotted: str, value: object, default: object) -> UserMessage:
    params = {"field": dotted, "value": str(value), "default": str(default)}
    return UserMessage(MessageCode.CONFIG_VALUE_INVALID, Level.WARNING, params)


def _unknown(dotted: str, known: object) -> UserMessage:
    close = difflib.get_close_matches(dotted, list(known), 1)  # type: ignore[call-overload]
    params = {"field": dotted, "suggestion": close[0] if close else ""}
    return UserMessage(MessageCode.CONFIG_UNKNOWN_FIELD, Level.WARNING, params)
