"""What the model library shows: every model that can be had or is there. Pure; any thread."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LibraryModel:
    """One line of the library.

    Attributes:
        name: the model's folder.
        engine: SPEECH or PUNCTUATION.
        language: ISO 639-1, "" where it is not known.
        size: bytes: to download, or on the disk of one that is there.
        installed: it is in the user's folder.
        bundled: it came with the program, so it cannot be removed.
        downloadable: the program can fetch it.
        licence: SPDX identifier, "" where it is not known.
        homepage: where a person reads about it.
        need_mb: memory that it takes, None where nobody knows.
        too_large: this machine has less memory than that.
        word_errors: the published word error rates in percent, best and worst; None where there are none.
    """

    name: str
    engine: str
    language: str = ""
    size: int = 0
    installed: bool = False
    bundled: bool = False
    downloadable: bool = False
    licence: str = ""
    homepage: str = ""
    need_mb: int | None = None
    too_large: bool = False
    word_errors: tuple[float, float] | None = None
