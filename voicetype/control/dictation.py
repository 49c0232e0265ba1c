"""One dictation from its press until its text is where it belongs, and who keeps it meanwhile. GUI thread."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from voicetype.control.recognition_worker import AudioQueue, Lease, RecognizedText
from voicetype.control.sinks import KeptSound
from voicetype.core.config import Config
from voicetype.core.ports import BYTES_PER_SECOND, AudioSink
from voicetype.core.records import TextState
from voicetype.core.speech import SpeechSpans
from voicetype.core.status import CAPTURING, SessionState

AT_STOP, LIVE = "at_stop", "live"


@dataclass(frozen=True)
class SessionSettings:
    """The settings that a dictation reads when it begins."""

    tail_ms: int = 300
    buffer_seconds: int = 120
    punctuate: bool = True
    trailing_space: bool = True
    insert: str = AT_STOP
    stop_after_silence_s: float = 0

    @classmethod
    def from_config(cls, config: Config) -> SessionSettings:
        """Pick them from the whole configuration."""
        return cls(
            tail_ms=config.audio.tail_ms,
            buffer_seconds=config.audio.buffer_seconds,
            punctuate=config.recognition.punctuation_enabled,
            trailing_space=config.output.trailing_space,
            # Only what was typed can be corrected.
            insert=config.output.insert if config.output.method == "type" else AT_STOP,
            stop_after_silence_s=config.audio.stop_after_silence_seconds,
        )


class DictationLog(Protocol):
    """Keeps sound and text of dictations until they are where they belong. GUI thread; returns at once, never raises.

    A dictation is opened, then recognised once, then settled once. One that is only opened is offered again later.
    """

    def open(self, session: int) -> AudioSink | None:
        """Where the sound of the dictation is kept; None when it is not."""

    def recognised(self, session: int, result: RecognizedText, target: str, *, complete: bool, is_last: bool) -> None:
        """The text of the dictation, on its way to the window `target` ("" when unknown).

        When it is not `complete` the sound is kept, to be recognised again. `is_last`: it is the last text now, the
        one that the user may still fetch.
        """

    def settled(self, session: int, state: TextState | None) -> None:
        """Where the text went; None when there was none."""


class NoLog:
    """Keeps nothing. Implements `DictationLog`: for dictations of files, which nobody can lose."""

    def open(self, session: int) -> AudioSink | None:
        """No sound is kept."""
        return None

    def recognised(self, session: int, result: RecognizedText, target: str, *, complete: bool, is_last: bool) -> None:
        """No text is kept."""

    def settled(self, session: int, state: TextState | None) -> None:
        """Nothing is noted."""


@dataclass
class Dictation:
    """What belongs to one dictation.

    Attributes:
        session: its number.
        audio: where the recognition reads its sound.
        settings: those of its beginning.
        sink: where its sound goes as it is captured, to `audio` too; None when it comes from a file.
        speech: where in it somebody speaks; None when nobody looks.
        lease: its hold on the models, from its beginning until its text is known.
        started: its recognition runs or has ended.
        withheld: the user has cancelled it: its text is kept, not inserted.
        kept: its sound, when that comes from an earlier run: its text goes to the clipboard.
        grown: some of its text stands in the window already.
    """

    session: int
    audio: AudioQueue
    settings: SessionSettings
    sink: AudioSink | None = None
    speech: SpeechSpans | None = None
    state: SessionState = SessionState.IDLE
    lease: Lease | None = field(default=None, repr=False)
    started: bool = False
    withheld: bool = False
    kept: KeptSound | None = None
    grown: bool = False

    @property
    def dropped_seconds(self) -> float:
        """How much of its sound was lost because the recognition could not keep up."""
        return self.audio.dropped_bytes / BYTES_PER_SECOND


class Dictations:
    """Those that are not settled yet, in the order of speech."""

    def __init__(self) -> None:
        self._all: list[Dictation] = []

    def all(self) -> tuple[Dictation, ...]:
        """Every one, the oldest first."""
        return tuple(self._all)

    def add(self, dictation: Dictation) -> Dictation:
        """One more; returns it. Kept sound waits while there is one that somebody speaks."""
        self._all.append(dictation)
        self._share_out()
        return dictation

    def remove(self, dictation: Dictation) -> None:
        """It is settled."""
        self._all.remove(dictation)
        self._share_out()

    def due(self) -> tuple[Dictation, ...]:
        """Those whose recognition is to begin: one of what is spoken and one of what was kept may run at a time."""
        found = []
        for kept in (False, True):
            alike = [each for each in self._all if (each.kept is not None) is kept]
            if alike and not any(each.started for each in alike):
                found.append(alike[0])
        return tuple(found)

    def newest(self) -> Dictation | None:
        """The one that listens, else the newest that the user has not cancelled.

        Sound that was kept may be recognised while somebody dictates: the hotkeys are about the dictation.
        """
        wanted = [each for each in self._all if not each.withheld]
        return max(wanted, key=lambda each: (each.state in CAPTURING, each.kept is None, each.session), default=None)

    @property
    def shows_kept(self) -> bool:
        """Whether the newest, which the user sees, is kept sound."""
        newest = self.newest()
        return newest is not None and newest.kept is not None

    def find(self, session: int) -> Dictation | None:
        """The one with this number."""
        return next((each for each in self._all if each.session == session), None)

    def wanted(self, session: int) -> Dictation | None:
        """The one with this number, unless the user has cancelled it."""
        dictation = self.find(session)
        return None if dictation is None or dictation.withheld else dictation

    def _share_out(self) -> None:
        somebody_dictates = any(each.kept is None for each in self._all)
        for each in self._all:
            if each.kept is not None:
                each.kept.give_way(somebody_dictates)
