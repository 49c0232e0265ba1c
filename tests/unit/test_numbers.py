"""What is written for sentences with numbers: tests/data/numbers.tsv, and what the table cannot say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from voicetype.core.text.numbers import NumberStyle, find_numbers
from voicetype.core.text.replacement import applied

TABLE = Path(__file__).parent.parent / "data" / "numbers.tsv"
FEWEST_SENTENCES = 320
FEWEST_UNCHANGED = 120
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"


def sentences() -> Iterator[tuple[str, str]]:
    """What is said and what is to be written."""
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            spoken, _, expected = line.partition("\t")
            yield spoken, expected or spoken


def written(spoken: str, style: NumberStyle | None = None) -> str:
    words = spoken.split()
    found = find_numbers(words, style) if style else find_numbers(words)
    return applied(words, found).replace(NO_BREAK_SPACE, " ")


@pytest.mark.parametrize(("spoken", "expected"), list(sentences()))
def test_sentence(spoken, expected):
    assert written(spoken) == expected
