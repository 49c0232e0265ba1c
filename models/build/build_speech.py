#!/usr/bin/env python3
"""Make the bundled speech model anew: speak the training texts, train the network, write the model's folder.

python models/build/build_speech.py --work WORK --output WORK/vosk-tiny-ru            everything, about 30 minutes
python models/build/build_speech.py --work WORK --output WORK/vosk-tiny-ru --quick    minutes: shows that it works
python models/build/build_speech.py --work WORK --output WORK/vosk-tiny-ru --only write
                                                                              one step, on the results of those before
"""

from __future__ import annotations

import argparse
import shutil
from collections import Counter
from pathlib import Path

from speech import dataset, texts
from speech.graph import lexicon, write_graph
from speech.kaldi import write_model
from speech.language_model import estimate
from speech.network import AcousticModel
from speech.phones import PhoneTable

STEPS = ("speak", "train", "write")
MINUTES, QUICK_MINUTES = 20.0, 2.0
SCALE, QUICK_SCALE = 1.0, 0.1
MFCC = """--sample-frequency=16000
--use-energy=false
--num-mel-bins=40
--num-ceps=40
--low-freq=20
--high-freq=-400
--dither=0.0
"""
DECODER = """--min-active=200
--max-active=3000
--beam=13.0
--lattice-beam=4.0
--acoustic-scale=0.7
--frame-subsampling-factor=3
--endpoint.silence-phones=1
--endpoint.rule2.min-trailing-silence=0.5
--endpoint.rule3.min-trailing-silence=1.0
--endpoint.rule4.min-trailing-silence=2.0
"""


def main() -> None:
    """Run the steps that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True, help="folder for training data and the trained network")
    parser.add_argument("--output", type=Path, required=True, help="the model's folder; replaced if it is there")
    parser.add_argument("--only", choices=STEPS, help="run one step")
    parser.add_argument("--quick", action="store_true", help="a fifth of the speech, a tenth of the training")
    parser.add_argument("--minutes", type=float, help=f"of training ({MINUTES:g}; quick: {QUICK_MINUTES:g})")
    parser.add_argument("--processes", type=int, default=2, help="that speak at a time (2)")
    parser.add_argument(
        "--frequencies", type=Path, nargs="*", default=[], metavar="FILE", help="texts that say how common words are"
    )
    options = parser.parse_args()
    steps = (options.only,) if options.only else STEPS
    options.work.mkdir(parents=True, exist_ok=True)
    network = options.work / "network.pkl"
    if "speak" in steps:
        dataset.make(options.work / "speech", QUICK_SCALE if options.quick else SCALE, options.processes)
    if "train" in steps:
        _train(options.work / "speech", network, options.minutes or (QUICK_MINUTES if options.quick else MINUTES))
    if "write" in steps:
        _write(options.work / "speech", AcousticModel.load(network), options.output, options.frequencies)


def _train(speech: Path, network: Path, minutes: float) -> None:
    from speech.training import train

    train(dataset.read(speech).utterances, minutes).save(network)


def _write(speech: Path, model: AcousticModel, output: Path, frequencies: list[Path]) -> None:
    shutil.rmtree(output, ignore_errors=True)
    for folder in ("am", "conf", "graph/phones"):
        (output / folder).mkdir(parents=True)
    table = PhoneTable(model.phones)
    pronunciations = lexicon(dataset.read(speech).pronunciations, model.merged)
    words = sorted({entry.word for entry in pronunciations})
    if lost := set(texts.vocabulary()) - set(words):
        print(f"never spoken, so not in the model: {', '.join(sorted(lost))}")
    language = estimate(words, texts.word_frequencies(frequencies) if frequencies else Counter())
    with (output / "am" / "final.mdl").open("wb") as stream:
        write_model(stream, model, table)
    write_graph(output / "graph", model, table, pronunciations, language)
    (output / "graph" / "phones.txt").write_text(table.symbols(), encoding="utf-8")
    (output / "graph" / "phones" / "word_boundary.int").write_text(table.boundaries(), encoding="utf-8")
    (output / "conf" / "mfcc.conf").write_text(MFCC, encoding="utf-8")
    (output / "conf" / "model.conf").write_text(DECODER, encoding="utf-8")
    size = sum(file.stat().st_size for file in output.rglob("*") if file.is_file())
    print(f"{output}: {len(words)} words, {len(pronunciations)} pronunciations, {size:,} bytes")


if __name__ == "__main__":
    main()
