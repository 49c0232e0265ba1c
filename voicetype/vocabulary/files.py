"""The vocabulary's files: the user's own, the bundled terms, lists. Any thread; may import `core`, yaml, `store`.

A file of the user's with the name of a bundled one, in the settings folder, takes its place.
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import yaml
from loguru import logger

from voicetype import store
from voicetype.core.messages import ConfigError, Level, MessageCode, UserMessage
from voicetype.core.text.vocabulary.document import (
    SECTIONS,
    VOCABULARY_VERSION,
    UserVocabulary,
    dump,
    parse,
    version_of,
)
from voicetype.core.text.vocabulary.tables import Imported, read_list
from voicetype.vocabulary.yaml_lines import load_with_lines

USER_FILE = "vocabulary.yaml"
BUNDLED_FILE = "terms-it.yaml"
_MAX_BYTES = 5_000_000
"""Ten times what a thousand terms with long snippets take; more is a file of another kind."""
_TABLE_SUFFIXES = frozenset({".csv", ".tsv"})


def user_path() -> Path:
    """Where the user's vocabulary is."""
    return store.config_dir() / USER_FILE


def bundled_path() -> Path:
    """Where the bundled terms are: the user's copy, else the program's own."""
    own = store.config_dir() / BUNDLED_FILE
    return own if own.is_file() else Path(str(resources.files("voicetype").joinpath("data", BUNDLED_FILE)))


def load(path: Path) -> tuple[UserVocabulary, tuple[UserMessage, ...]]:
    """The vocabulary in a file and what is wrong with it. No file is no problem; never raises."""
    try:
        text = _read(path)
    except FileNotFoundError:
        return UserVocabulary(), ()
    except (OSError, UnicodeError) as error:
        return UserVocabulary(), (_not_read(path, error),)
    try:
        data, lines = load_with_lines(text, SECTIONS)
        return parse(data, path.name, lines)
    except Exception as error:  # noqa: BLE001  a strange date or number makes PyYAML raise whatever Python raised
        return UserVocabulary(), (_not_read(path, error),)


def save(vocabulary: UserVocabulary) -> None:
    """Write the user's vocabulary. Raises ConfigError (VOCABULARY_NEWER, VOCABULARY_NOT_SAVED)."""
    path = user_path()
    _refuse_newer(path)
    text = yaml.dump(dump(vocabulary), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120)
    try:
        store.write_text(path, text)
    except OSError as error:
        raise ConfigError(MessageCode.VOCABULARY_NOT_SAVED, path=path, detail=error.strerror or error) from error


def ensure_user_file() -> Path:
    """The user's vocabulary; an empty one is made where there is none. Raises ConfigError (VOCABULARY_NOT_SAVED)."""
    if not user_path().exists():
        save(UserVocabulary())
    return user_path()


def copy_bundled() -> Path:
    """Put a copy of the bundled terms, to be changed, into the settings folder; one that is there stays.

    Raises ConfigError (VOCABULARY_NOT_SAVED).
    """
    target = store.config_dir() / BUNDLED_FILE
    if not target.exists():
        try:
            store.write_text(target, bundled_path().read_text(encoding="utf-8"))
        except OSError as error:
            raise ConfigError(MessageCode.VOCABULARY_NOT_SAVED, path=target, detail=error.strerror or error) from error
    return target


def import_list(path: Path) -> Imported:
    """The terms in a .txt or .csv file, in any encoding of Notepad. Raises ConfigError (VOCABULARY_NOT_READ)."""
    try:
        text = _read(path)
    except (OSError, UnicodeError) as error:
        params = _not_read(path, error).params
        raise ConfigError(MessageCode.VOCABULARY_NOT_READ, path=path, detail=params["detail"]) from error
    return read_list(text, path.name, table=True if path.suffix.lower() in _TABLE_SUFFIXES else None)


class _Dumper(yaml.SafeDumper):
    """Writes text of several lines as such."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def _read(path: Path) -> str:
    with path.open("rb") as file:
        raw = file.read(_MAX_BYTES + 1)
    if len(raw) > _MAX_BYTES:
        raise OSError(f"> {_MAX_BYTES // 1_000_000} MB")
    return store.decode(raw)


def _refuse_newer(path: Path) -> None:
    try:
        version = version_of(load_with_lines(_read(path), ())[0])
    except Exception:  # noqa: BLE001  what cannot be read is not newer; see `load` for the errors
        return
    if version > VOCABULARY_VERSION:
        raise ConfigError(MessageCode.VOCABULARY_NEWER, path=path, version=version)


def _not_read(path: Path, error: Exception) -> UserMessage:
    detail = getattr(error, "strerror", None) or " ".join(str(error).split()) or type(error).__name__
    mark = getattr(error, "problem_mark", None)
    if mark is not None:
        # PyYAML's own text quotes what stands there, which the log need not have.
        detail = f"{getattr(error, 'problem', '')}, {mark.line + 1}:{mark.column + 1}"
    logger.warning("cannot read {}: {}", path.name, type(error).__name__)
    return UserMessage(MessageCode.VOCABULARY_NOT_READ, Level.WARNING, {"path": str(path), "detail": str(detail)})
