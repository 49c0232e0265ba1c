#!/usr/bin/env python3
"""Precision, recall and F1 of a RUPunct-format model's marks and capitals, through the program's own decoder.

  python models/build/measure_punctuation.py models/rupunct-tiny
  python models/build/measure_punctuation.py models/rupunct-tiny FILE ... --sentences 3 --exclude CORPUS

Each FILE is written text, an utterance or a paragraph a line; without one, the project's own held-out dictations. The
model is given what a recogniser would write: small letters, no marks, hyphens kept. The measure is that of `voicetype
eval punctuation`; only the sentences are chosen as for training. Needs onnxruntime and tokenizers.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from punctuation import corpus
from punctuation.labelling import Sentence, sentences_of, spoken, written

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY))

from voicetype.core.labels import Case, Mark  # noqa: E402  the program is not installed where models are built
from voicetype.core.measures import CASES, MARKS, PunctuationScore, words_of  # noqa: E402

OWN_TEXT = Path(__file__).resolve().parent / "punctuation" / "data" / "heldout_dictations.txt"
SEED = 1


def main() -> None:
    """Measure each file by itself."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("texts", type=Path, nargs="*", metavar="FILE", default=[OWN_TEXT])
    parser.add_argument("--sentences", type=int, metavar="N", help="1 to N sentences a call (a line a call)")
    parser.add_argument("--exclude", type=Path, metavar="CORPUS", help="leave out sentences of a training corpus")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print the first N results")
    options = parser.parse_args()
    from voicetype.engines.rupunct import RUPunctONNX

    model = RUPunctONNX(options.model)
    model.load()
    trained = _trained(options.exclude) if options.exclude else set()
    for file in options.texts:
        score = PunctuationScore()
        calls = _calls(file, options.sentences, trained)
        for index, expected in enumerate(calls):
            text = model.punctuate(spoken(expected))
            if index < options.show:
                print(text)
            score.add(words_of(written(expected)), words_of(text))
        print(f"{file.name}: {score.words:,} words in {len(calls):,} calls; {score.unaligned} came back changed")
        for name in (*MARKS, *CASES):
            print(f"  {_row(score, name)}")


def _row(score: PunctuationScore, name: Mark | Case) -> str:
    """Precision, recall, F1, and how often it is wanted."""
    rates = score.rates(name)
    precision, recall, f1 = (share or 0.0 for share in (rates.precision, rates.recall, rates.f1))
    return f"{name.name:<20} precision {precision:.2f}  recall {recall:.2f}  F1 {f1:.3f}  ({rates.wanted} wanted)"


def _trained(file: Path) -> set[str]:
    return {spoken(sentence) for document in corpus.read(file) for sentence in document.sentences}


def _calls(file: Path, longest: int | None, trained: set[str]) -> list[Sentence]:
    """What the model is given at a time."""
    lines = [
        [s for s in sentences_of(line, latin=True) if spoken(s) not in trained]
        for line in file.read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    ]
    if longest is None:
        return [_joined(sentences) for sentences in lines if sentences]
    chance, waiting, calls = random.Random(SEED), [s for sentences in lines for s in sentences], []
    while waiting:
        size = chance.randint(1, longest)
        calls.append(_joined(waiting[:size]))
        waiting = waiting[size:]
    return calls


def _joined(sentences: Iterable[Sentence] | Sequence[Sentence]) -> Sentence:
    return [word for sentence in sentences for word in sentence]


if __name__ == "__main__":
    main()
