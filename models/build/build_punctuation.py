#!/usr/bin/env python3
"""Make the bundled punctuation model anew: gather the texts, train the network, write the model's folder.

python models/build/build_punctuation.py corpus --output corpus.tsv.xz prose:RusLit:FOLDER treebank:UD_GSD:FOLDER ...
python models/build/build_punctuation.py train corpus.tsv.xz --output rupunct-tiny            an hour
python models/build/build_punctuation.py train corpus.tsv.xz --output rupunct-tiny --quick    minutes: shows it works
python models/build/build_punctuation.py stand-in corpus.tsv.xz --output medium-shape         for load tests only
"""

from __future__ import annotations

import argparse
import itertools
import os
from pathlib import Path

from punctuation import corpus, sources

MINUTES, QUICK_MINUTES = 56.0, 3.0
QUICK_EVERY = 20
"""--quick reads every 20th document."""
MEDIUM_VOCABULARY = 64_000


def main() -> None:
    """Run one command."""
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # else onnxruntime, imported later, tells Microsoft about itself
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    gather = commands.add_parser("corpus", help="texts to one file of sentences")
    gather.add_argument("texts", nargs="+", metavar="KIND:SOURCE:FOLDER", help=f"kinds: {', '.join(sources.KINDS)}")
    gather.add_argument("--held-out", type=Path, action="append", default=[], metavar="FILE", help="text to leave out")
    gather.set_defaults(run=_gather)
    for name, run, told in (
        ("train", _train, "a model from a corpus"),
        ("stand-in", _stand_in, "a model of RUPunct medium's size that was not trained and marks nothing"),
    ):
        command = commands.add_parser(name, help=told)
        command.add_argument("corpus", type=Path)
        command.add_argument("--quick", action="store_true", help="little text and little training")
        command.add_argument("--minutes", type=float, help=f"of training ({MINUTES:g}; quick: {QUICK_MINUTES:g})")
        command.set_defaults(run=run)
    for command in commands.choices.values():
        command.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    options.run(options)


def _gather(options: argparse.Namespace) -> None:
    folders = [entry.split(":", 2) for entry in options.texts]
    held_out = set().union(*map(corpus.keys, options.held_out))
    found = itertools.chain.from_iterable(
        sources.documents(kind, source, Path(folder)) for kind, source, folder in folders
    )
    documents, words = corpus.write(found, options.output, held_out)
    print(f"{options.output}: {documents:,} documents, {words:,} words")


def _train(options: argparse.Namespace) -> None:
    from punctuation import export, tokenizer, training

    documents = list(corpus.read(options.corpus, QUICK_EVERY if options.quick else 1))
    made = tokenizer.train(documents)
    minutes = options.minutes or (QUICK_MINUTES if options.quick else MINUTES)
    export.write_model(options.output, training.train(documents, made, minutes), made)


def _stand_in(options: argparse.Namespace) -> None:
    import torch

    from punctuation import export, tokenizer
    from punctuation.labelling import LABELS
    from punctuation.network import Network, Shape

    made = tokenizer.train(corpus.read(options.corpus, QUICK_EVERY if options.quick else 1), MEDIUM_VOCABULARY)
    network = Network(Shape(made.get_vocab_size(), hidden=576, layers=12, heads=9, inner=2304, positions=512))
    with torch.no_grad():
        network.out.bias[LABELS.index("LOWER_O")] = 8.0  # more than random weights can make up for
    export.write_model(options.output, network, made)


if __name__ == "__main__":
    main()
