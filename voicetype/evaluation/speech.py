"""Measures a speech model on recordings: word and character errors, and the time of decoding. Any thread; blocks."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import jiwer

from voicetype.control.recognition_worker import MAX_BLOCK_BYTES
from voicetype.core.measures import normalized
from voicetype.core.ports import BYTES_PER_SAMPLE, SAMPLE_RATE_HZ, SpeechModel
from voicetype.core.transcript import TranscriptAssembler
from voicetype.evaluation.files import Recording
from voicetype.system.wave_source import read_converted_pcm


@dataclass(frozen=True)
class Utterance:
    """What was said and heard in one recording, both normalised; seconds of sound and of its decoding."""

    file: str
    said: str
    heard: str
    sound_s: float
    decoding_s: float


@dataclass(frozen=True)
class Errors:
    """Words, or characters, by what became of them."""

    hits: int
    substitutions: int
    deletions: int
    insertions: int

    @property
    def length(self) -> int:
        """How many were said."""
        return self.hits + self.substitutions + self.deletions

    @property
    def count(self) -> int:
        """How many are wrong, left out or put in."""
        return self.substitutions + self.deletions + self.insertions

    @property
    def rate(self) -> float:
        """Errors by what was said; above 1 where more was heard than said."""
        return self.count / self.length


def listen(recording: Recording, model: SpeechModel) -> Utterance:
    """Decode a recording in the blocks of a dictation. Raises AudioError, ModelError.

    The time is that of the engine's answers: neither loading the model nor converting the sound counts.
    """
    pcm = read_converted_pcm(recording.sound)
    assembler = TranscriptAssembler()
    recognizer = model.create_recognizer()
    try:
        begin = time.perf_counter()
        for offset in range(0, len(pcm), MAX_BLOCK_BYTES):
            assembler.add(recognizer.accept(pcm[offset : offset + MAX_BLOCK_BYTES]))
        assembler.add(recognizer.finish())
        decoding_s = time.perf_counter() - begin
    finally:
        recognizer.close()
    sound_s = len(pcm) / BYTES_PER_SAMPLE / SAMPLE_RATE_HZ
    heard = normalized(assembler.transcript.committed)
    return Utterance(str(recording.sound), normalized(recording.text), heard, sound_s, decoding_s)


def word_errors(utterances: Sequence[Utterance]) -> Errors:
    """Over all words together, so that long recordings count for more."""
    found = jiwer.process_words([one.said for one in utterances], [one.heard for one in utterances])
    return Errors(found.hits, found.substitutions, found.deletions, found.insertions)


def character_errors(utterances: Sequence[Utterance]) -> Errors:
    """As `word_errors`; the spaces between words are characters too."""
    found = jiwer.process_characters([one.said for one in utterances], [one.heard for one in utterances])
    return Errors(found.hits, found.substitutions, found.deletions, found.insertions)


def real_time_factor(utterances: Sequence[Utterance]) -> float | None:
    """Seconds of decoding by seconds of sound; None without sound."""
    sound_s = sum(one.sound_s for one in utterances)
    return sum(one.decoding_s for one in utterances) / sound_s if sound_s else None
