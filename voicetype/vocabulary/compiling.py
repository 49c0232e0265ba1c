"""From the files to the compiled vocabulary. Any thread; blocking; may import `core`, `store`.

Grammar needs pymorphy3, and that takes memory that a process never gives back. So a changed vocabulary is compiled in a
process that ends, and the result is kept on the disk: a start with an unchanged one reads it in a few milliseconds.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from loguru import logger

from voicetype import store
from voicetype.core.messages import Level, MessageCode, UserMessage
from voicetype.core.text.vocabulary.entries import Entry, Term
from voicetype.core.text.vocabulary.packed import PACKED_VERSION, pack_entries, unpack_phrases
from voicetype.core.text.vocabulary.phrase import Phrase
from voicetype.core.text.vocabulary.rules import Rules
from voicetype.core.text.vocabulary.vocabulary import Vocabulary
from voicetype.vocabulary import files
from voicetype.vocabulary.compiler import compile_packed
from voicetype.vocabulary.dictionary import RussianDictionary

COMPILER_ARGUMENT = "vocabulary-compiler"
"""First argument of the compiler's process in the frozen program, where `python -m` does not exist."""
_CACHE_FILE = "vocabulary.json"
_TIMEOUT_S = 60.0
"""A thousand terms take less than a second; this is for a machine that swaps."""
_DICTIONARY_PACKAGES = ("pymorphy3", "pymorphy3-dicts-ru")


@dataclass(frozen=True)
class Loaded:
    """The vocabulary in use.

    Attributes:
        vocabulary: terms and snippets.
        rules: the user's rules.
        problems: what is wrong with the files.
    """

    vocabulary: Vocabulary
    rules: Rules
    problems: tuple[UserMessage, ...] = ()


def load_vocabulary(*, in_this_process: bool = False) -> Loaded:
    """Read and compile what the user has. Never raises; what is broken is left out and told.

    Args:
        in_this_process: compile here, for a program that ends soon anyway.
    """
    own, problems = files.load(files.user_path())
    bundled: Sequence[Term] = ()
    if own.bundled:
        shipped, more = files.load(files.bundled_path())
        bundled, problems = shipped.terms, (*problems, *more)
    dictionary = RussianDictionary()
    entries: list[Entry] = [*bundled, *own.terms, *own.snippets]
    try:
        phrases = _phrases(entries, dictionary if in_this_process else None)
        vocabulary = Vocabulary(phrases, dictionary.knows if own.approximate else None)
        dictionary.knows("")  # so that a missing dictionary is told here, not in the middle of a dictation
    except (OSError, ValueError, ImportError, subprocess.SubprocessError) as error:
        logger.warning("the vocabulary's forms could not be made: {}", type(error).__name__)
        params = {"detail": " ".join(str(error).split()) or type(error).__name__}
        problems = (*problems, UserMessage(MessageCode.VOCABULARY_FORMS_MISSING, Level.WARNING, params))
        vocabulary = Vocabulary.compile(entries)
    return Loaded(vocabulary, Rules.compile(own.rules), problems)


def _phrases(entries: Sequence[Entry], dictionary: RussianDictionary | None) -> Sequence[Phrase]:
    if not entries:
        return ()
    packed = json.dumps(pack_entries(entries), ensure_ascii=False)
    key = _key(packed)
    cache = store.data_dir() / _CACHE_FILE
    if (cached := _from_cache(cache, key)) is not None:
        return cached
    compiled = compile_packed(packed, dictionary) if dictionary else _in_another_process(packed)
    phrases = unpack_phrases(json.loads(compiled))
    try:
        store.write_text(cache, json.dumps({"key": key, "compiled": json.loads(compiled)}, ensure_ascii=False))
    except OSError as error:
        logger.warning("cannot keep the compiled vocabulary: {}", error)
    return phrases


def _key(packed: str) -> str:
    versions = [f"{name} {metadata.version(name)}" for name in _DICTIONARY_PACKAGES if _installed(name)]
    return hashlib.sha256("\n".join([str(PACKED_VERSION), *versions, packed]).encode()).hexdigest()


def _installed(name: str) -> bool:
    try:
        return bool(metadata.version(name))
    except metadata.PackageNotFoundError:  # a frozen program has no metadata unless it is put there
        return False


def _from_cache(path: Path, key: str) -> Sequence[Phrase] | None:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return unpack_phrases(data["compiled"]) if data["key"] == key else None
    except FileNotFoundError:
        return None
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        logger.warning("the compiled vocabulary is broken and made anew: {}", type(error).__name__)
        return None


def _in_another_process(packed: str) -> str:
    done = subprocess.run(
        _command(),
        input=packed.encode(),
        capture_output=True,
        timeout=_TIMEOUT_S,
        check=False,
        env=_environment(),
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise OSError(lines[-1] if lines else f"exit code {done.returncode}")
    return done.stdout.decode()


def _command() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, COMPILER_ARGUMENT]
    return [sys.executable, "-P", "-X", "utf8", "-m", "voicetype.vocabulary.compiler"]


def _environment() -> dict[str, str]:
    environment = dict(os.environ)
    if not getattr(sys, "frozen", False):
        package_parent = str(Path(__file__).resolve().parents[2])
        others = environment.get("PYTHONPATH")
        environment["PYTHONPATH"] = package_parent + (os.pathsep + others if others else "")
    return environment
