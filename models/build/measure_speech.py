#!/usr/bin/env python3
"""Word error rate of a Vosk model on sentences spoken by espeak-ng, decoded as a dictation is: in blocks of 100 ms.

  python models/build/measure_speech.py models/vosk-tiny-ru
  python models/build/measure_speech.py models/vosk-tiny-ru --show 5 --sets A B

The held-out sentences (`speech/data/heldout.txt`) and variants are not trained on; needs vosk, numpy, scipy, espeak-ng.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import vosk

from speech import texts
from speech.dataset import HELD_OUT_VARIANTS
from speech.synthesis import SAMPLE_RATE, Voice, synthesizer, to_int16

BLOCK_BYTES = SAMPLE_RATE // 10 * 2
SILENCE_SAMPLES = int(0.3 * SAMPLE_RATE)  # before and after each text
NOISE_DB = -15  # against the speech
SOFT = 0.05  # -26 dB
SAMPLED_SENTENCES = 60  # of those that the language model knows
SETS = {
    "A": "held-out sentences, default voice",
    "B": "held-out sentences, held-out variants",
    "C": "held-out sentences, variant m7",
    "D": "as A with white noise, 15 dB below the speech",
    "E": "as A, 26 dB softer",
    "F": "sentences of the language model, held-out variants",
    "G": "single commands, held-out variants",
}


@dataclass
class Score:
    """Errors and words, texts without an error, and the seconds of sound and of decoding."""

    errors: int = 0
    words: int = 0
    exact: int = 0
    texts: int = 0
    sound: float = 0.0
    decoding: float = 0.0


def main() -> None:
    """Measure each set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("--sets", nargs="+", choices=SETS, default=list(SETS))
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print so many wrong texts of each set")
    options = parser.parse_args()
    vosk.SetLogLevel(-1)
    model = vosk.Model(str(options.model))
    for letter in options.sets:
        score, wrong, by_voice = measure(model, letter)
        print(
            f"{letter} {SETS[letter]}: WER {100 * score.errors / score.words:.1f} % ({score.errors} of {score.words} "
            f"words), {score.exact} of {score.texts} texts exact, {score.sound:.0f} s of sound, "
            f"real-time factor {score.decoding / score.sound:.3f}"
        )
        if letter == "B":
            print("   " + ", ".join(f"{voice} {100 * errors / words:.1f} %" for voice, errors, words in by_voice))
        for said, heard in wrong[: options.show]:
            print(f"   said  {said}\n   heard {heard}")


def measure(model: vosk.Model, letter: str) -> tuple[Score, list[tuple[str, str]], list[tuple[str, int, int]]]:
    """The score of one set, what was said and heard wrong, and errors and words of each voice."""
    score, wrong = Score(), []
    errors_of: Counter[str] = Counter()
    words_of: Counter[str] = Counter()
    for text, voice, samples in utterances(letter):
        begin = time.perf_counter()
        heard = decode(model, samples)
        score.decoding += time.perf_counter() - begin
        score.sound += len(samples) / SAMPLE_RATE
        errors = word_errors(text.split(), heard.split())
        errors_of[voice.name] += errors
        words_of[voice.name] += len(text.split())
        score.exact += errors == 0
        score.texts += 1
        if errors:
            wrong.append((text, heard))
    score.errors, score.words = errors_of.total(), words_of.total()
    return score, wrong, [(voice, errors_of[voice], words_of[voice]) for voice in words_of]


def utterances(letter: str) -> Iterator[tuple[str, Voice, np.ndarray]]:
    """Text, voice and sound of each utterance of a set; the same every time."""
    chance = random.Random(letter)
    for index, text in enumerate(_texts(letter)):
        voice = Voice()
        if letter in "BFG":
            variant = HELD_OUT_VARIANTS[index % len(HELD_OUT_VARIANTS)]
            voice = Voice(f"ru+{variant}", chance.randint(115, 185), chance.randint(25, 75))
        elif letter == "C":
            voice = Voice("ru+m7")
        samples = np.pad(synthesizer().speak(text, voice).samples, SILENCE_SAMPLES)
        if letter == "D":
            level = np.sqrt((samples.astype(np.float64) ** 2).mean()) * 10 ** (NOISE_DB / 20)
            samples = to_int16(samples + np.random.default_rng(index).standard_normal(len(samples)) * level)
        elif letter == "E":
            samples = to_int16(samples * SOFT)
        yield text, voice, samples


def _texts(letter: str) -> list[str]:
    if letter == "F":
        return random.Random(letter).sample(texts.lines("sentences.txt"), SAMPLED_SENTENCES)
    return texts.slots()["CMD"] if letter == "G" else texts.lines("heldout.txt")


def decode(model: vosk.Model, samples: np.ndarray) -> str:
    """What the model hears."""
    recognizer, data, heard = vosk.KaldiRecognizer(model, SAMPLE_RATE), samples.tobytes(), []
    for start in range(0, len(data), BLOCK_BYTES):
        if recognizer.AcceptWaveform(data[start : start + BLOCK_BYTES]):
            heard.append(json.loads(recognizer.Result())["text"])
        else:
            recognizer.PartialResult()
    heard.append(json.loads(recognizer.FinalResult())["text"])
    return " ".join(filter(None, heard))


def word_errors(said: Sequence[str], heard: Sequence[str]) -> int:
    """Words put in, left out or wrong."""
    row = list(range(len(heard) + 1))
    for count, word in enumerate(said, 1):
        diagonal, row[0] = row[0], count
        for index, other in enumerate(heard, 1):
            diagonal, row[index] = row[index], min(row[index] + 1, row[index - 1] + 1, diagonal + (word != other))
    return row[-1]


if __name__ == "__main__":
    main()
