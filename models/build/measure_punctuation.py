#!/usr/bin/env python3
"""Precision, recall and F1 of a RUPunct-format model's marks and capitals, through the program's own decoder.

  python models/build/measure_punctuation.py models/rupunct-tiny
  python models/build/measure_punctuation.py models/rupunct-tiny FILE ... --sentences 3 --exclude CORPUS

Each FILE is written text, an utterance or a paragraph a line; without one, the project's own held-out dictations. The
model is given what a recogniser would write: small letters, no marks, hyphens kept. Needs onnxruntime and tokenizers.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from punctuation import corpus
from punctuation.labelling import Sentence, case_of, mark_of, sentences_of, spoken, words_of

REPOSITORY = Path(__file__).resolve().parents[2]
OWN_TEXT = Path(__file__).resolve().parent / "punctuation" / "data" / "heldout_dictations.txt"
MARKS = ("PERIOD", "COMMA", "QUESTION", "VOSKL", "TIRE", "DVOETOCHIE")
CASES = ("UPPER", "UPPER_TOTAL")
SEED = 1


class Score:
    """True and false positives and false negatives by name."""

    def __init__(self) -> None:
        self.right: Counter[str] = Counter()
        self.invented: Counter[str] = Counter()
        self.missed: Counter[str] = Counter()
        self.words = 0

    def add(self, expected: Sentence, found: Sentence) -> None:
        """Count the words of one call. Raises ValueError when the model's text has other words."""
        if [word.lower() for word, _ in expected] != [word.lower() for word, _ in found]:
            raise ValueError(f"other words: {' '.join(word for word, _ in found)}")
        self.words += len(expected)
        for (_, right), (_, label) in zip(expected, found, strict=True):
            for wanted, got in ((mark_of(right), mark_of(label)), (case_of(right), case_of(label))):
                if wanted == got:
                    self.right[wanted] += 1
                else:
                    self.missed[wanted] += 1
                    self.invented[got] += 1

    def row(self, name: str) -> str:
        """Precision, recall, F1, and how often it is wanted."""
        right, wanted = self.right[name], self.right[name] + self.missed[name]
        precision = right / max(1, right + self.invented[name])
        recall = right / max(1, wanted)
        f1 = 2 * precision * recall / max(1e-9, precision + recall)
        return f"{name:<12} precision {precision:.2f}  recall {recall:.2f}  F1 {f1:.3f}  ({wanted} wanted)"


def main() -> None:
    """Measure each file by itself."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("texts", type=Path, nargs="*", metavar="FILE", default=[OWN_TEXT])
    parser.add_argument("--sentences", type=int, metavar="N", help="1 to N sentences a call (a line a call)")
    parser.add_argument("--exclude", type=Path, metavar="CORPUS", help="leave out sentences of a training corpus")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print the first N results")
    options = parser.parse_args()
    sys.path.insert(0, str(REPOSITORY))
    from voicetype.engines.rupunct import RUPunctONNX

    model = RUPunctONNX(options.model)
    model.load()
    trained = _trained(options.exclude) if options.exclude else set()
    for file in options.texts:
        score, refused = Score(), 0
        calls = _calls(file, options.sentences, trained)
        for index, expected in enumerate(calls):
            text = model.punctuate(spoken(expected))
            if index < options.show:
                print(text)
            try:
                score.add(expected, words_of(text))
            except ValueError:
                refused += 1
        print(f"{file.name}: {score.words:,} words in {len(calls):,} calls; {refused} could not be compared")
        for name in (*MARKS, *CASES):
            print(f"  {score.row(name)}")


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
