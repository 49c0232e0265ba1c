"""Reads the public texts that the punctuation model is trained on, from folders where the user has put them.

Standard library only. What each folder is and its licence: README.md beside the scripts.
"""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from punctuation.labelling import Sentence, sentences_of

DOCUMENT_SENTENCES = 40
_WRAPPED_LINE = 100  # characters: a text whose lines are hardly ever longer was wrapped by hand
_SHORT_LINE = 35
_NOT_SPEECH = {"stage", "note", "speaker"}


@dataclass(frozen=True)
class Document:
    """Sentences that follow each other, and where they come from."""

    source: str
    sentences: list[Sentence]


def documents(kind: str, source: str, folder: Path) -> Iterator[Document]:
    """The documents of a folder whose files are of a kind of KINDS."""
    pattern, read = KINDS[kind]
    files = sorted(folder.rglob(pattern))
    if not files:
        raise FileNotFoundError(f"no {pattern} in {folder}")
    latin = kind != "prose" and kind != "plays"  # the old authors' Latin and French is nothing to learn
    for file in files:
        for paragraphs in read(file):
            sentences = [sentence for text in paragraphs for sentence in sentences_of(text, latin=latin)]
            for start in range(0, len(sentences), DOCUMENT_SENTENCES):
                yield Document(source, sentences[start : start + DOCUMENT_SENTENCES])


def _prose(file: Path) -> Iterator[list[str]]:
    """Paragraphs of a book, whether a line is a paragraph or was wrapped."""
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    lengths = sorted(len(line) for line in lines if line.strip())
    wrapped = (
        lengths and lengths[int(len(lengths) * 0.97)] <= _WRAPPED_LINE and lengths[len(lengths) // 2] > _SHORT_LINE
    )
    yield _unwrapped(lines) if wrapped else lines


def _unwrapped(lines: list[str]) -> list[str]:
    paragraphs, current = [], ""
    for line in lines:
        text = line.strip()
        if not text or line.startswith(("  ", "\t")):
            paragraphs.append(current)
            current = text
        elif current.endswith("-") and re.match("[а-яё]", text):
            current = current[:-1] + text
        else:
            current = f"{current} {text}".strip()
    return [*filter(None, paragraphs), current]


def _play(file: Path) -> Iterator[list[str]]:
    """Speeches in prose of a play in TEI."""
    speeches = [node for node in ElementTree.parse(file).iter() if _name(node) == "sp"]
    yield [_spoken(part) for speech in speeches for part in speech.iter() if _name(part) == "p"]


def _name(node: ElementTree.Element) -> str:
    return node.tag.rsplit("}", 1)[-1]


def _spoken(node: ElementTree.Element) -> str:
    parts = [node.text or ""]
    for child in node:
        parts.append(" " if _name(child) in _NOT_SPEECH else _spoken(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _treebank(file: Path) -> Iterator[list[str]]:
    """Sentences of a treebank in CoNLL-U, document by document."""
    current: list[str] = []
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("# newdoc") and current:
            yield current
            current = []
        elif line.startswith("# text = "):
            current.append(line.removeprefix("# text = "))
    yield current


def _manual(file: Path) -> Iterator[list[str]]:
    """Paragraphs of a manual in HTML."""
    text = file.read_text(encoding="utf-8")
    found = re.findall(r"<(?:p|div class=\"para\")[^>]*>(.*?)</(?:p|div)>", text, re.DOTALL)
    yield [html.unescape(re.sub("<[^>]+>", "", paragraph)) for paragraph in found]


def _lines(file: Path) -> Iterator[list[str]]:
    """A text with a paragraph a line."""
    yield file.read_text(encoding="utf-8", errors="replace").splitlines()


KINDS: dict[str, tuple[str, Callable[[Path], Iterator[list[str]]]]] = {
    "prose": ("*.txt", _prose),
    "plays": ("*.xml", _play),
    "treebank": ("*.conllu", _treebank),
    "manual": ("*.html", _manual),
    "lines": ("*.txt", _lines),
}
"""Kinds of folders: what their files are called and how to read one into lists of paragraphs."""
