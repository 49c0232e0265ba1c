"""The training data: texts spoken by many voices, as features with their phones, and how each word was spoken.

Each part is made by a process of its own and lies in one file of the working folder.
"""

from __future__ import annotations

import multiprocessing
import pickle
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from scipy.signal import resample_poly

from speech import texts
from speech.alignment import Phone, phones_of, with_silence
from speech.sound import mfcc, recorded
from speech.synthesis import SAMPLE_RATE, Speech, Voice, synthesizer

HELD_OUT_VARIANTS = ("m7", "f5", "m8", "Andrea", "david", "steph2", "marcelo", "Alicia")
"""espeak-ng's variants of the Russian voice that are never trained on."""

_COMMON_VARIANTS = "m1 m2 m3 m4 m6 f1 f2 f3 f4".split()
_OTHER_VARIANTS = (
    "m5 m6 klatt klatt2 klatt3 klatt4 croak Alex Andy Annie Denis Gene Henrique Hugo Jacky Lee Marco Mario Michael "
    "Mike adam anika antonio aunty belinda benjamin boris caleb ed edward gustave iven john linda max michel miguel "
    "norbert pablo paul pedro quincy rob robert sandro shelby steph travis victor zac Diogo grandma grandpa"
).split()
_DEFAULT_VOICE_WEIGHT, _COMMON_WEIGHT = 6, 2
_SPEEDS = ((7, 8), (8, 9), (9, 10), (10, 9), (9, 8), (8, 7), (7, 6), (1, 1))
"""Resampled by these, a voice changes formants, pitch and tempo together, as if another person spoke."""
_SENTENCE_COPIES, _PHRASES, _WORD_COPIES = 4, 1800, 5  # at a scale of 1: about 4 hours
_LONGEST_BAG = 6  # words without grammar in one utterance
_CITATION_WEIGHT = 3  # how a word is said alone counts more than how it comes out beside others
_PARTS = 8
_SEED = 103
_SPEED_SEED = 1103


@dataclass(frozen=True)
class Job:
    """A text to speak. `perturbed`: change the speed afterwards; `alone`: only the pronunciation is wanted."""

    text: str
    voice: Voice
    perturbed: bool = False
    alone: bool = False


@dataclass(frozen=True)
class Utterance:
    """Features (float16) and the phones in them."""

    features: np.ndarray
    phones: tuple[str, ...]
    seconds: np.ndarray


@dataclass
class Part:
    """What one process made. `pronunciations` counts (word, phones); `refused` texts could not be aligned."""

    utterances: list[Utterance] = field(default_factory=list)
    pronunciations: Counter[tuple[str, tuple[str, ...]]] = field(default_factory=Counter)
    refused: int = 0


def make(folder: Path, scale: float, processes: int) -> None:
    """Write the parts into `folder`. Scale 1 is about 8 hours of speech, half of it with its speed changed."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("part*.pkl"):
        old.unlink()
    plain, perturbed = _jobs(scale, _SEED, False), _jobs(scale, _SPEED_SEED, True)
    alone = [Job(word, Voice(), alone=True) for word in texts.vocabulary()]
    jobs = [*alone, *plain, *perturbed]
    tasks = [(jobs[part::_PARTS], _SEED + part, folder / f"part{part}.pkl") for part in range(_PARTS)]
    # Spawned: espeak-ng's library must be initialised once in each process.
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        counts = pool.starmap(_write_part, tasks, chunksize=1)
    made, refused = (sum(column) for column in zip(*counts, strict=True))
    print(f"{made} utterances and {len(alone)} words alone; {refused} refused")


def read(folder: Path) -> Part:
    """All parts of a folder as one. Only for files that `make` wrote: they are pickles."""
    whole = Part()
    for file in sorted(folder.glob("part*.pkl")):
        part = pickle.loads(file.read_bytes())
        whole.utterances += part.utterances
        whole.pronunciations += part.pronunciations
    if not whole.utterances:
        raise FileNotFoundError(f"no training data in {folder}")
    return whole


def _voices() -> list[str]:
    variants = _COMMON_VARIANTS * _COMMON_WEIGHT + _OTHER_VARIANTS
    return ["ru"] * _DEFAULT_VOICE_WEIGHT + [f"ru+{variant}" for variant in variants]


def _jobs(scale: float, seed: int, perturbed: bool) -> list[Job]:
    chance = random.Random(seed)
    spoken = texts.lines("sentences.txt") * max(1, int(_SENTENCE_COPIES * scale))
    spoken += texts.phrases(int(_PHRASES * scale), seed)
    spoken += _bags(texts.vocabulary() * max(1, int(_WORD_COPIES * scale)), chance)
    voices = _voices()
    jobs = [
        Job(text, Voice(chance.choice(voices), chance.randint(105, 195), chance.randint(15, 85)), perturbed)
        for text in spoken
    ]
    chance.shuffle(jobs)
    return jobs


def _bags(words: list[str], chance: random.Random) -> Iterable[str]:
    """All words in random order, a few at a time: every word must be heard, whatever the patterns contain."""
    chance.shuffle(words)
    while words:
        size = chance.randint(1, _LONGEST_BAG)
        yield " ".join(words[:size])
        words = words[size:]


def _write_part(jobs: Sequence[Job], seed: int, file: Path) -> tuple[int, int]:
    part, chance = Part(), random.Random(seed)
    for job in sorted(jobs, key=lambda job: job.voice.name):  # changing the voice takes espeak-ng a while
        _do(job, part, chance)
    file.write_bytes(pickle.dumps(part))
    return len(part.utterances), part.refused


def _do(job: Job, part: Part, chance: random.Random) -> None:
    speech = synthesizer().speak(job.text, job.voice)
    phones = phones_of(speech.events, job.text)
    if phones is None:
        part.refused += 1
        return
    weight = _CITATION_WEIGHT if job.alone else 1
    for index, word in enumerate(job.text.split()):
        part.pronunciations[word, tuple(phone.name for phone in phones if phone.word == index)] += weight
    if not job.alone:
        part.utterances.append(_utterance(speech, phones, job.perturbed, chance))


def _utterance(speech: Speech, phones: list[Phone], perturbed: bool, chance: random.Random) -> Utterance:
    samples = speech.samples
    if perturbed:
        up, down = chance.choice(_SPEEDS)
        samples = resample_poly(samples.astype(np.float32), up, down)
        phones = [replace(phone, seconds=phone.seconds * up / down) for phone in phones]
    sound, before = recorded(samples, chance)
    framed = with_silence(phones, before, len(samples) / SAMPLE_RATE + before - 0.01)
    seconds = np.array([phone.seconds for phone in framed], np.float32)
    return Utterance(mfcc(sound).astype(np.float16), tuple(phone.name for phone in framed), seconds)
