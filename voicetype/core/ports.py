"""Protocols between the layers, and the frozen payloads that cross threads.

`ui`, `control`, `engines`, `system` and `store` meet here and in `voicetype.app` only. Pure; any thread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from voicetype.core.messages import AudioError, HotkeyError, UserMessage

SAMPLE_RATE_HZ = 16_000
"""Rate of all audio inside the program: what the Russian Vosk models were trained on."""
BYTES_PER_SAMPLE = 2
"""Audio inside the program is signed 16-bit little-endian, one channel."""
BYTES_PER_SECOND = SAMPLE_RATE_HZ * BYTES_PER_SAMPLE
"""Of audio inside the program."""


@dataclass(frozen=True)
class PartialResult:
    """A recogniser's present guess at the phrase that is still being spoken. May change wholly."""

    text: str


@dataclass(frozen=True)
class FinalResult:
    """A phrase that the recogniser will not change any more. `text` is "" for a pause without speech."""

    text: str


@dataclass(frozen=True)
class Transcript:
    """Text of one dictation as known so far.

    Attributes:
        committed: append-only prefix, from final results.
        tentative: suffix that may still change.
    """

    committed: str = ""
    tentative: str = ""


@dataclass(frozen=True)
class AudioDevice:
    """A microphone as the user knows it. `name` is what the config stores; it is unique in one listing."""

    name: str
    is_default: bool = False


class Closable(Protocol):
    """Something that holds memory or a process until it is closed. `close` is idempotent; any thread."""

    def close(self) -> None:
        """Let go of everything."""


class Recognizer(Protocol):
    """One stream of speech. Used by one thread at a time."""

    def accept(self, pcm: bytes) -> PartialResult | FinalResult:
        """Decode a block (int16 LE mono, SAMPLE_RATE_HZ, any length). Raises ModelError."""

    def finish(self) -> FinalResult:
        """Flush the stream and return the last phrase. Raises ModelError."""

    def close(self) -> None:
        """Free the stream; idempotent."""


class SpeechModel(Closable, Protocol):
    """A loaded speech model."""

    def create_recognizer(self) -> Recognizer:
        """Open a new stream. Raises ModelError."""


class Punctuator(Closable, Protocol):
    """A loaded punctuation model."""

    def enhance(self, text: str) -> str:
        """Return the same words with case and marks. Raises ModelError."""


class AudioSource(Protocol):
    """A microphone. `start` and `stop` belong to one thread; the callbacks come from PortAudio's."""

    def start(self, sink: Callable[[bytes], None], on_lost: Callable[[AudioError], None]) -> None:
        """Open the device and push blocks (int16 LE mono, SAMPLE_RATE_HZ) into `sink` until `stop`.

        `on_lost` is called at most once, when the device goes away, or, with Level.INFO, when it is there but has to
        be opened anew: another one is the system's default now, or the computer slept. Raises AudioError.
        """

    def stop(self) -> None:
        """Close the device; idempotent. No callback runs after it returned."""

    @property
    def name(self) -> str:
        """What people call the device that is or was open; "" where that is not known."""


class MakeSource(Protocol):
    """Makes microphones, not yet started. Any thread."""

    def __call__(self, *, replacement: bool = False) -> AudioSource:
        """The microphone of the settings; as a `replacement` the system's default where that one is absent."""


class AudioSink(Protocol):
    """Takes the sound of one dictation as it is captured. Both methods: any thread, at once, without an error."""

    def write(self, block: bytes) -> None:
        """Take the next block (int16 LE mono, SAMPLE_RATE_HZ, whole samples); nothing after `close`."""

    def close(self) -> None:
        """The sound has ended; idempotent."""


@dataclass(frozen=True)
class HotkeyEvent:
    """A hotkey went down or up.

    Attributes:
        name: which one.
        pressed: down.
        time_ms: the system's time of the event, in 32 bits.
    """

    name: str
    pressed: bool
    time_ms: int


class HotkeyListener(Protocol):
    """Global hotkeys, each with a name (an `Action`). Methods from one thread; no call while one is answered."""

    def start(self, on_key: Callable[[HotkeyEvent], None]) -> None:
        """Tell `on_key` from now on of each physical press and its release, in order, from threads of its own."""

    def set_hotkeys(self, hotkeys: Mapping[str, str]) -> Mapping[str, HotkeyError]:
        """Listen for these in place of those before ("" = none). Returns the ones that do not work, with the reason.

        Also those that are not active are tried, so that what another program holds is known before they are needed.
        """

    def set_active(self, name: str, active: bool) -> HotkeyError | None:
        """Leave a hotkey to other programs for a while, or take it back; returns why that does not work."""

    def probe(self, name: str, hotkey: str) -> HotkeyError | None:
        """Why this combination could not be had for that name at present; the hotkeys in force stay."""

    def stop(self) -> None:
        """Let go of all hotkeys; idempotent. `on_key` is not called any more when it returns."""


class TextInserter(Protocol):
    """Puts text into the window that has the focus. Used by one thread at a time; may block for seconds."""

    def insert(self, text: str) -> UserMessage | None:
        """Insert exactly `text`; a message says where it is if not in the window, by the user's own choice.

        Raises InsertionError when the target did not take it.
        """


@dataclass(frozen=True)
class TargetWindow:
    """A window that text may go to, as it was when somebody looked.

    Attributes:
        id: X id of the window that the window manager knows, or HWND; 0 where windows cannot be told apart.
        title: for the user's own eyes; never logged.
        app: class of the window (X11) or name of the program's file (Windows).
        names: all names by which rules know the program, in lower case.
        pid: the process that made it; 0 when it does not say.
        client: what the X ids of its program's connection begin with; 0 elsewhere.
        own: a window of this program.
        elevated: of a program with more rights than this one, which takes no keys from it.
    """

    id: int
    title: str = ""
    app: str = ""
    names: tuple[str, ...] = ()
    pid: int = 0
    client: int = 0
    own: bool = False
    elevated: bool = False


class TargetWindows(Protocol):
    """The windows of the desktop. Any thread; no method raises, all but `focus` answer within milliseconds."""

    def current(self) -> TargetWindow | None:
        """The window that gets the keys; None when there is none, or when only panel or desktop have the focus."""

    def alive(self, window: TargetWindow) -> bool:
        """Whether it still exists, be it minimised."""

    def focused(self, window: TargetWindow) -> bool:
        """Whether it, or something inside it, gets the keys."""

    def focus(self, window: TargetWindow) -> bool:
        """Bring it to the front and wait for the focus; False when it does not get it in time. One thread."""

    def close(self) -> None:
        """Ask nothing any more; idempotent."""


class Loan(Protocol):
    """The clipboard, lent to a text for one paste. Insertion thread."""

    def arm(self) -> None:
        """Right before the paste chord: from now on a reading by the window that has the focus is the receipt.

        Raises InsertionError when none has it.
        """

    def wait_taken(self) -> None:
        """After the paste chord: block until the window has read the text; soon after, the old contents are back.

        Raises InsertionError when it does not read. The text then stays in the clipboard, also for a window that reads
        it later, and the old contents do not come back.
        """


class Clipboard(Protocol):
    """The system's clipboard. Used by one thread at a time, not the GUI thread; methods block, within bounds."""

    def copy(self, text: str) -> None:
        """Put `text` into the clipboard for good. Raises InsertionError."""

    def lend(self, text: str) -> Loan | None:
        """Lend the clipboard to `text`; clipboard managers are asked to look away.

        None, and nothing has changed, when the present contents could not be kept in all their formats. Raises
        InsertionError.
        """

    def close(self) -> None:
        """End a loan in order and hand what is left to a clipboard manager, if there is one; idempotent."""


class ActivityWatch(Protocol):
    """Tells whether the user may have moved the cursor or changed text. Any thread.

    Nothing runs before the first `mark`. What other programs do to a text by themselves nobody can see.
    """

    def mark(self) -> object:
        """This moment: the window that has the focus, and how often the user has pressed something so far."""

    def unchanged(self, since: object) -> bool:
        """Whether the same window has the focus and the user has pressed no key or button since that moment.

        Modifiers alone and the hotkeys do not count. False when it cannot tell.
        """

    def set_hotkeys(self, hotkeys: Sequence[str]) -> None:
        """The combinations that never reach the focused window, in place of those before."""

    def excuse(self, key: bool, time_ms: int) -> None:
        """A press does not count: a window of this program got it, which has no text; never waits.

        Args:
            key: whether it was a key; else a button that went down or up.
            time_ms: when, as the system's events tell.
        """

    def own_typing(self) -> AbstractContextManager[None]:
        """Keys that this program itself sends inside do not count; what the user presses inside does."""

    def close(self) -> None:
        """Stop watching; idempotent. Nothing is known any more."""


Trim = Callable[[], None]
"""Gives freed heap memory back to the operating system."""
