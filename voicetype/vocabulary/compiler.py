"""The process that compiles a vocabulary: entries in, phrases out, both JSON in UTF-8. May import `core`.

It imports as little as it can, since the user waits for its end.
"""

from __future__ import annotations

import json
import sys

from voicetype.core.text.vocabulary.packed import pack_phrases, unpack_entries
from voicetype.core.text.vocabulary.vocabulary import Vocabulary
from voicetype.vocabulary.dictionary import RussianDictionary


def compile_packed(packed: str, dictionary: RussianDictionary) -> str:
    """Compile entries, both ways as JSON."""
    vocabulary = Vocabulary.compile(unpack_entries(json.loads(packed)), dictionary)
    return json.dumps(pack_phrases(vocabulary.phrases), ensure_ascii=False)


def main() -> int:
    """Serve one request on standard input and output. Returns the exit code."""
    packed = sys.stdin.buffer.read().decode()
    sys.stdout.buffer.write(compile_packed(packed, RussianDictionary()).encode())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
