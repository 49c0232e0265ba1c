"""The models that can be installed, as data. Any thread; may import `core`, yaml.

`VOICETYPE_CATALOGUE` names another file than the one beside this module: a company's own mirror, or a test's.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar, get_origin, get_type_hints

import yaml

from voicetype.core.messages import InstallError, MessageCode
from voicetype.core.status import PUNCTUATION, SPEECH
from voicetype.install.archive import is_portable_name

CATALOGUE_VERSION = 1
ENGINES = (SPEECH, PUNCTUATION)
_UNPACKED_RATIO = 2
"""Vosk's archives hold 1.5 to 1.8 times their size; only for asking beforehand whether the disk has room."""
_HEX_LENGTHS = {"sha256": 64, "md5": 32}

Data = TypeVar("Data")


@dataclass(frozen=True)
class WordErrorRate:
    """A published figure: `percent` of wrong words on a test set."""

    percent: float
    test_set: str


@dataclass(frozen=True)
class Part:
    """One file to download.

    Attributes:
        urls: where it lies, the best address first; every one has the same bytes.
        file: its name in the model's folder; "" for an archive.
        archive: a zip of the whole model.
        bytes: exact size, None where it is not known.
        bytes_about: rough size where the exact one is not known.
        sha256, md5: hexadecimal, "" where not known. With SHA-256 the MD5 is not looked at.
    """

    urls: tuple[str, ...]
    file: str = ""
    archive: bool = False
    bytes: int | None = None
    bytes_about: int = 0
    sha256: str = ""
    md5: str = ""

    @property
    def size(self) -> int:
        """Bytes, roughly where that is all that is known."""
        return self.bytes or self.bytes_about

    @property
    def download_name(self) -> str:
        """Name of the file that the download becomes."""
        name = self.urls[0].rpartition("/")[2]
        return self.file or (name if is_portable_name(name) else "model.zip")


@dataclass(frozen=True)
class CatalogueModel:
    """A model that the program knows how to get, or at least knows of.

    Attributes:
        name: its folder's name.
        engine: SPEECH or PUNCTUATION.
        licence: SPDX identifier.
        language: ISO 639-1.
        homepage: where a person reads about it.
        parts: what to download; empty = nobody offers it ready to use, so it is imported.
        version: the publisher's; "" = none.
        ram_mb, ram_source: memory that it takes in use, and who says so; None = not known.
        wer, wer_source: published word error rates, and where.
        bytes_about: rough size of a model without parts.
    """

    name: str
    engine: str
    licence: str
    language: str
    homepage: str
    parts: tuple[Part, ...] = ()
    version: str = ""
    ram_mb: int | None = None
    ram_source: str = ""
    wer: tuple[WordErrorRate, ...] = ()
    wer_source: str = ""
    bytes_about: int = 0

    @property
    def size(self) -> int:
        """Bytes to download, roughly where that is all that is known."""
        return sum(part.size for part in self.parts) or self.bytes_about

    @property
    def unpacked_size(self) -> int:
        """Bytes on the disk, an estimate."""
        return sum(part.size * (_UNPACKED_RATIO if part.archive else 1) for part in self.parts)


@dataclass(frozen=True)
class Catalogue:
    """All models, in the order in which they are shown."""

    models: tuple[CatalogueModel, ...]

    def find(self, name: str) -> CatalogueModel:
        """The model called `name`. Raises InstallError (MODEL_UNKNOWN)."""
        if model := self.get(name):
            return model
        known = ", ".join(model.name for model in self.models)
        raise InstallError(MessageCode.MODEL_UNKNOWN, name=name, known=known)

    def get(self, name: str) -> CatalogueModel | None:
        """The model called `name`, or None."""
        return next((model for model in self.models if model.name == name), None)


def load_catalogue(path: Path | None = None) -> Catalogue:
    """Read the catalogue at `path`; None = VOICETYPE_CATALOGUE, or the program's own.

    Raises InstallError (CATALOGUE_BROKEN) for anything in it that is not understood: a check that is misspelt must not
    be a check that is left out.
    """
    path = path or Path(os.environ.get("VOICETYPE_CATALOGUE") or Path(__file__).with_name("catalogue.yaml"))
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        return _parse(data)
    except (OSError, yaml.YAMLError, UnicodeError, TypeError, ValueError) as error:
        detail = " ".join(str(error).split()) or type(error).__name__
        raise InstallError(MessageCode.CATALOGUE_BROKEN, path=path, detail=detail) from error


def _parse(data: Any) -> Catalogue:
    if not isinstance(data, dict) or data.get("catalogue_version") != CATALOGUE_VERSION:
        raise ValueError(f"not a catalogue of version {CATALOGUE_VERSION}")
    models = tuple(_model(entry) for entry in data.get("models") or ())
    names = [model.name.lower() for model in models]
    if len(names) != len(set(names)):
        raise ValueError("two models have the same name")
    return Catalogue(models)


def _model(entry: Any) -> CatalogueModel:
    values = dict(entry)
    values["parts"] = tuple(_part(part) for part in values.get("parts") or ())
    values["wer"] = tuple(_make(WordErrorRate, rate) for rate in values.get("wer") or ())
    model = _make(CatalogueModel, values)
    if not is_portable_name(model.name) or model.name.startswith("."):
        raise ValueError(f"{model.name!r} cannot be the name of a folder")
    if model.engine not in ENGINES:
        raise ValueError(f"{model.name}: engine {model.engine} is none of {', '.join(ENGINES)}")
    if len(model.parts) > 1 and any(part.archive for part in model.parts):
        raise ValueError(f"{model.name}: an archive is the whole model")
    return model


def _part(entry: Any) -> Part:
    values = dict(entry)
    values["urls"] = tuple(values.get("urls") or ())
    part = _make(Part, values)
    if not part.urls or not all(str(url).startswith(("https://", "http://")) for url in part.urls):
        raise ValueError(f"a part needs http addresses, not {part.urls}")
    if part.archive == bool(part.file):
        raise ValueError(f"{part.urls[0]}: a part is an archive, or a file with a name")
    if part.file and not is_portable_name(part.file):
        raise ValueError(f"{part.file!r} cannot be the name of a file")
    if not part.bytes and not part.sha256 and not part.md5:
        raise ValueError(f"{part.urls[0]}: nothing to check it by")
    for name, length in _HEX_LENGTHS.items():
        value = getattr(part, name)
        if value and (len(value) != length or set(value) - set("0123456789abcdef")):
            raise ValueError(f"{part.urls[0]}: {value} is no {name}")
    return part


def _make(kind: type[Data], values: Mapping[str, Any]) -> Data:
    known = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    if unknown := set(values) - known:
        raise ValueError(f"unknown: {', '.join(map(str, unknown))}")
    for name, kind_of_value in get_type_hints(kind).items():
        # The tuples are made here, not read.
        if name in values and get_origin(kind_of_value) is not tuple:
            _check_type(name, values[name], kind_of_value)
    return kind(**values)


def _check_type(name: str, value: object, wanted: Any) -> None:
    if wanted is float:
        wanted = float | int
    if isinstance(value, bool) is not (wanted is bool) or not isinstance(value, wanted):
        raise ValueError(f"{name}: {value!r} is no {getattr(wanted, '__name__', wanted)}")
