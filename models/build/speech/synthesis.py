"""espeak-ng through its C library: sound at 16 kHz, with the place of every word and phoneme in it. One thread.

Needs libespeak-ng (Debian: libespeak-ng1 and its data), numpy and scipy. espeak-ng is used as a program; nothing of it
goes into the model.
"""

from __future__ import annotations

import ctypes
import enum
import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.signal import resample_poly

SAMPLE_RATE = 16_000
LIBRARY = "libespeak-ng.so.1"

_ESPEAK_RATE = 22_050
_UP, _DOWN = 320, 441  # 22,050 Hz * 320 / 441 = 16,000 Hz
_RETRIEVAL = 1  # give the sound back instead of playing it
_PHONEME_EVENTS = 1
_CHARS_UTF8 = 1
_RATE, _PITCH, _RANGE = 1, 3, 4  # espeak_PARAMETER
_END_OF_LIST, _WORD, _PHONEME = 0, 1, 7  # espeak_EVENT_TYPE


class EventKind(enum.Enum):
    """What begins at an event."""

    WORD = "word"
    PHONEME = "phoneme"


@dataclass(frozen=True)
class Event:
    """Begin of a word or a phoneme. `position`: a word's first character, counted from 1; `name`: a phoneme's."""

    kind: EventKind
    seconds: float
    position: int = 0
    name: str = ""


@dataclass(frozen=True)
class Voice:
    """A voice and how it speaks; espeak's own units."""

    name: str = "ru"
    words_per_minute: int = 150
    pitch: int = 50


@dataclass(frozen=True)
class Speech:
    """Sound (int16, 16 kHz) and what is where in it."""

    samples: np.ndarray
    events: tuple[Event, ...]


class _Id(ctypes.Union):
    _fields_ = [("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8)]


class _Event(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Id),
    ]


_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


@functools.cache
def synthesizer() -> Synthesizer:
    """The one synthesizer of this process: a second espeak_Initialize in a process hangs."""
    return Synthesizer()


class Synthesizer:
    """espeak-ng's library, initialised. Use `synthesizer()`.

    Raises OSError when the library or its data are not installed.
    """

    def __init__(self) -> None:
        self._library = ctypes.CDLL(LIBRARY)
        if self._library.espeak_Initialize(_RETRIEVAL, 0, None, _PHONEME_EVENTS) != _ESPEAK_RATE:
            raise OSError("espeak-ng did not start, or not at 22,050 Hz")
        self._sound: list[np.ndarray] = []
        self._events: list[Event] = []
        self._voice = ""
        self._callback = _Callback(self._on_sound)  # kept: ctypes does not
        self._library.espeak_SetSynthCallback(self._callback)

    def speak(self, text: str, voice: Voice) -> Speech:
        """Raises ValueError for an unknown voice or a text that espeak refuses."""
        self._use(voice)
        self._sound, self._events = [], []
        data = text.encode() + b"\0"
        if self._library.espeak_Synth(data, len(data), 0, 1, 0, _CHARS_UTF8, None, None):
            raise ValueError(f"espeak-ng refuses the text: {text}")
        self._library.espeak_Synchronize()
        sound = np.concatenate(self._sound) if self._sound else np.zeros(0, np.int16)
        return Speech(to_int16(resample_poly(sound.astype(np.float32), _UP, _DOWN)), tuple(self._events))

    def _use(self, voice: Voice) -> None:
        if voice.name != self._voice:
            if self._library.espeak_SetVoiceByName(voice.name.encode()):
                raise ValueError(f"espeak-ng has no voice {voice.name}")
            self._voice = voice.name
        for parameter, value in ((_RATE, voice.words_per_minute), (_PITCH, voice.pitch), (_RANGE, 50)):
            self._library.espeak_SetParameter(parameter, value, 0)

    def _on_sound(self, sound: Any, count: int, events: Any) -> int:
        if sound and count > 0:
            self._sound.append(np.ctypeslib.as_array(sound, (count,)).copy())
        index = 0
        while events[index].type != _END_OF_LIST:
            event = events[index]
            seconds = event.sample / _ESPEAK_RATE
            if event.type == _WORD:
                self._events.append(Event(EventKind.WORD, seconds, position=event.text_position))
            elif event.type == _PHONEME:
                # Eight bytes without a terminator when all are used, so not as a C string.
                name = ctypes.string_at(ctypes.addressof(event) + _Event.id.offset, 8).split(b"\0")[0]
                self._events.append(Event(EventKind.PHONEME, seconds, name=name.decode("utf-8", "replace")))
            index += 1
        return 0


def to_int16(samples: np.ndarray) -> np.ndarray:
    """Rounded and clipped to what a microphone delivers."""
    return np.clip(np.round(samples), -32768, 32767).astype(np.int16)
