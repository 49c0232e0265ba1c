"""The settings: frozen dataclasses are the schema and the defaults. Pure; any thread."""

from __future__ import annotations

from dataclasses import dataclass, field

CONFIG_VERSION = 1


@dataclass(frozen=True)
class AudioConfig:
    """Microphone and capture."""

    device: str = ""
    """Name of the microphone; empty = the system's default."""
    tail_ms: int = 300
    """How long the microphone stays open after stop, so that the last syllable is heard (0 to 2000 ms)."""
    buffer_seconds: int = 120
    """Speech kept while models load (10 to 600 s, 32 kB a second)."""


@dataclass(frozen=True)
class HotkeysConfig:
    """Global hotkeys."""

    toggle: str = "ctrl+alt+space"
    """Starts and stops dictation."""


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
    punctuation_backend: str = "onnx"
    """onnx (RUPunct), silero or disabled."""
    lazy_loading: bool = True
    """Load at the first hotkey press; false = right after the start."""
    unload_timeout_minutes: int = 10
    """Free the models after so many minutes without dictation (0 = never, at most 1440)."""
    load_timeout_seconds: int = 60
    """Give up on a model that loads longer than this (5 to 600 s)."""


@dataclass(frozen=True)
class OutputConfig:
    """How text reaches the window."""

    method: str = "type"
    """type, paste (the clipboard is put back afterwards) or clipboard (copy only)."""
    trailing_space: bool = True
    """Add a space after the text, so that the next dictation goes on properly."""


@dataclass(frozen=True)
class UiConfig:
    """What the user sees."""

    language: str = "auto"
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
    output: OutputConfig = field(default_factory=OutputConfig)
    ui: UiConfig = field(default_factory=UiConfig)
    config_version: int = CONFIG_VERSION
