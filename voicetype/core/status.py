"""The states that the user interface renders: of each model, of the dictation, of the whole program. Pure."""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace

from voicetype.core.messages import Level, UserMessage

SPEECH = "vosk"
"""Name of the speech model in signals, logs and statuses."""
PUNCTUATION = "rupunct"
"""Name of the punctuation model in signals, logs and statuses."""
SILERO = "silero"
"""Name of the other engine that may stand in the punctuation model's place."""


class ModelState(enum.Enum):
    """Life of one model."""

    UNLOADED = "unloaded"
    """Takes no memory."""
    LOADING = "loading"
    """Its engine process is starting or reading the model."""
    READY = "ready"
    """Can be used at once."""
    UNLOADING = "unloading"
    """Its engine process is ending."""
    FAILED = "failed"
    """The last load failed; the next use tries again."""
    DISABLED = "disabled"
    """Switched off in the settings."""


class SessionState(enum.Enum):
    """Life of one dictation."""

    IDLE = "idle"
    """Nobody dictates."""
    STARTING = "starting"
    """The microphone is being opened."""
    LISTENING = "listening"
    """Audio arrives."""
    FINALIZING = "finalizing"
    """The microphone is closed; the rest is decoded, punctuated and inserted."""


CAPTURING = frozenset({SessionState.STARTING, SessionState.LISTENING})
"""The microphone is open, or is being opened."""


@dataclass(frozen=True)
class ModelStatus:
    """What is known of one model.

    Attributes:
        name: SPEECH or PUNCTUATION.
        progress: 0 to 100 while LOADING.
        error: why the last load failed.
        model: its folder's name.
        engine: which of several engines runs it: PUNCTUATION or SILERO; "" where there is no choice.
        device: what it runs on ("cpu", "dml"); "" when that is not known or not loaded.
        fallbacks: devices that do not run it, and why.
    """

    name: str
    state: ModelState = ModelState.UNLOADED
    progress: int = 0
    error: UserMessage | None = None
    model: str = ""
    engine: str = ""
    device: str = ""
    fallbacks: tuple[tuple[str, str], ...] = ()


def missing_punctuation(status: ModelStatus) -> UserMessage | None:
    """Why the punctuation model could not be loaded: dictation goes on without it, so nobody else would tell."""
    if status.name != PUNCTUATION or status.state is not ModelState.FAILED or status.error is None:
        return None
    return replace(status.error, level=Level.WARNING)


@dataclass(frozen=True)
class AppStatus:
    """All that tray, overlay and settings need to draw themselves.

    Attributes:
        session: the dictation's state.
        speech, punctuation: the models' states.
        problem: an error that is not solved yet, or None.
        hotkey: the hotkey in force, for people ("Ctrl+Alt+Space"); "" when there is none.
        hotkey_is_held: it is push-to-talk.
        demonstration: the bundled demonstration model is in use.
        last_text: there is a text that can be inserted again or copied.
        recordings: how many recordings were kept that have no text yet.
    """

    session: SessionState = SessionState.IDLE
    speech: ModelStatus = ModelStatus(SPEECH)
    punctuation: ModelStatus = ModelStatus(PUNCTUATION)
    problem: UserMessage | None = None
    hotkey: str = ""
    hotkey_is_held: bool = False
    demonstration: bool = False
    last_text: bool = False
    recordings: int = 0


@dataclass(frozen=True)
class Metrics:
    """Load of the program with its engine processes: CPU in percent of one core, RSS in MiB; and the machine's RAM."""

    cpu_percent: float
    rss_mib: float
    system_used_mib: float
    system_total_mib: float
