"""The training corpus as a file: a document a line, `SOURCE<TAB>sentences`, which U+001F separates. Standard library.

The sentences are plain text, so the file can be read, and made, by anyone; labels are taken from it when it is read.
"""

from __future__ import annotations

import contextlib
import lzma
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

from punctuation.labelling import Sentence, sentences_of, spoken, written
from punctuation.sources import Document

SEPARATOR = "\x1f"
_SHORT = 3  # words: "Да." may well be in both the training and the held-out text


def write(documents: Iterable[Document], file: Path, held_out: set[str]) -> tuple[int, int]:
    """Write a corpus (`.tsv.xz` or `.tsv`) without sentences of the held-out text and without repetitions.

    Returns the number of documents and of words.
    """
    seen: set[str] = set()
    count = words = 0
    with _open(file, "wt") as stream:
        for document in documents:
            kept = [sentence for sentence in document.sentences if _is_new(sentence, seen, held_out)]
            if kept:
                stream.write(f"{document.source}\t{SEPARATOR.join(map(written, kept))}\n")
                count += 1
                words += sum(map(len, kept))
    return count, words


def read(file: Path, every: int = 1) -> Iterator[Document]:
    """The documents of a corpus; only every n-th one if wanted."""
    with _open(file, "rt") as stream:
        for number, line in enumerate(stream):
            if number % every == 0:
                source, text = line.rstrip("\n").split("\t", 1)
                yield Document(source, [s for part in text.split(SEPARATOR) for s in sentences_of(part, latin=True)])


def keys(file: Path) -> set[str]:
    """What tells the sentences of a text file apart, to leave them out of a corpus or of a measurement."""
    return {spoken(s) for line in file.read_text(encoding="utf-8").splitlines() for s in sentences_of(line, latin=True)}


def _is_new(sentence: Sentence, seen: set[str], held_out: set[str]) -> bool:
    key = spoken(sentence)
    if len(sentence) <= _SHORT:
        return True
    if key in seen or key in held_out:
        return False
    seen.add(key)
    return True


@contextlib.contextmanager
def _open(file: Path, mode: str) -> Iterator[TextIO]:
    opener = lzma.open if file.suffix == ".xz" else open
    with opener(file, mode, encoding="utf-8", newline="\n") as stream:  # type: ignore[operator]
        yield stream
