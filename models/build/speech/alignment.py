"""Which phone is when: espeak's events as phones, and phones as the classes of output frames. Needs numpy."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from speech.synthesis import Event, EventKind

SILENCE = "SIL"
FRAME_SECONDS = 0.01
SUBSAMPLING = 3
"""Input frames for one output frame; vosk's word times take 0.03 s for granted."""

_FRAME_CENTRE_SECONDS = 0.0125  # half of the 25 ms window
_OUTPUT_FRAME_SECONDS = SUBSAMPLING * FRAME_SECONDS
_LATE_SECONDS = 0.02
"""Events of vowels come after the transition to them, those of p, t, k after the closure; measured."""
_SMALLEST_STEP_SECONDS = 0.001
_VOWEL = re.compile(r"^[aAeEiIoOuUyVY@0]")
_SOFTNESS, _EPENTHETIC = ";", "@-"  # 15 to 40 ms: too short to stand alone at 30 ms a frame
_STRESS_AND_LENGTH = "'`,%=|"
_NO_WORD = -1


@dataclass(frozen=True)
class Phone:
    """A phone from `seconds` on; `word` is the index of its word, -1 for silence."""

    name: str
    seconds: float
    word: int


def is_vowel(name: str) -> bool:
    """Whether a phone's name is that of a vowel."""
    return _VOWEL.match(name) is not None


def phones_of(events: Sequence[Event], text: str) -> list[Phone] | None:
    """The phones of a text; None where espeak's words are not those of the text, or a word is silent."""
    starts = [match.start() + 1 for match in re.finditer(r"\S+", text)]
    phones: list[Phone] = []
    seen, word = set(), _NO_WORD
    for event in events:
        if event.kind is EventKind.WORD:
            if event.position == 0:  # espeak ends some texts with a word that is not there
                continue
            word = sum(start <= event.position for start in starts) - 1
            seen.add(word)
        else:
            _append(phones, event, word)
    words = set(range(len(starts)))
    return phones if seen == words == {phone.word for phone in phones} - {_NO_WORD} else None


def _append(phones: list[Phone], event: Event, word: int) -> None:
    if event.name.startswith("_"):
        phones.append(Phone(SILENCE, event.seconds, _NO_WORD))
        return
    if event.name in {_SOFTNESS, _EPENTHETIC}:
        if event.name == _SOFTNESS and phones and phones[-1].word == word:
            _soften(phones)
        return
    name = event.name.strip(_STRESS_AND_LENGTH)
    if not name:
        return
    seconds = event.seconds - (_LATE_SECONDS if is_vowel(name) or name[0] in "ptk" else 0)
    if phones:
        seconds = max(seconds, phones[-1].seconds + _SMALLEST_STEP_SECONDS)
    phones.append(Phone(name, max(seconds, 0.0), word))


def _soften(phones: list[Phone]) -> None:
    name = phones[-1].name
    if not name.endswith(_SOFTNESS) and not is_vowel(name):
        phones[-1] = replace(phones[-1], name=name + _SOFTNESS)


def with_silence(phones: Sequence[Phone], begin: float, end: float) -> list[Phone]:
    """Phones moved by `begin` seconds, with silence around them and none twice in a row."""
    moved = [replace(phone, seconds=phone.seconds + begin) for phone in phones]
    framed = [Phone(SILENCE, 0.0, _NO_WORD), *moved, Phone(SILENCE, end, _NO_WORD)]
    return [
        phone for index, phone in enumerate(framed) if index == 0 or {phone.name, framed[index - 1].name} != {SILENCE}
    ]


def frame_classes(
    names: Sequence[str], seconds: np.ndarray, frames: int, shift: int, ids: Mapping[str, int]
) -> np.ndarray | None:
    """The class of each output frame; frames `shift`, `shift` + 3, ... of the input.

    A phone has two classes: 2 * id for its first frame, 2 * id + 1 for all others. Every phone gets a frame at least;
    None when there are too few.
    """
    count = (frames - shift + SUBSAMPLING - 1) // SUBSAMPLING
    offset = _FRAME_CENTRE_SECONDS + shift * FRAME_SECONDS
    bounds = np.round((seconds - offset) / _OUTPUT_FRAME_SECONDS).astype(int).clip(0)
    bounds[0] = 0
    for index in range(1, len(bounds)):
        bounds[index] = max(bounds[index], bounds[index - 1] + 1)
    end = count
    for index in range(len(bounds) - 1, 0, -1):
        end = bounds[index] = min(bounds[index], end - 1)
    if (np.diff(bounds) < 1).any():
        return None
    classes = np.zeros(count, np.int64)
    for name, begin, after in zip(names, bounds, [*bounds[1:], count], strict=True):
        classes[begin] = 2 * ids[name]
        classes[begin + 1 : after] = 2 * ids[name] + 1
    return classes
