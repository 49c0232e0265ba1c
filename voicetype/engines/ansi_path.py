"""A path that a library without Unicode can open under Windows. Any thread; may import `core`.

Vosk opens files by their names in the system's code page, where a Cyrillic user name is none. Windows' short names
(8.3) help on most system drives, and are switched off on many others. There a junction leads to the folder, which needs
no rights and is gone again when the model is read. Where that cannot be either, as to a network drive, the name itself
serves if the code page is UTF-8: the frozen program's manifest makes it so from Windows 10 of 2019 on. Junctions are
not proven on a real Windows yet; wine makes none.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from voicetype.core.messages import MessageCode, ModelError

_LONGEST_PATH = 32_768
_UTF_8 = 65_001
_LATIN_FOLDERS = ("PROGRAMDATA", "PUBLIC")
"""Folders of all users, where each may make one of his own. The user's own are those with the Cyrillic name."""


def short_path(path: Path) -> str:
    """The path in short names; with long ones where the drive has no others, "" for a path that does not exist."""
    if sys.platform != "win32":
        return str(path)
    buffer = ctypes.create_unicode_buffer(_LONGEST_PATH)
    ctypes.windll.kernel32.GetShortPathNameW(ctypes.c_wchar_p(str(path)), buffer, len(buffer))
    return buffer.value


def code_page() -> int:
    """The process's, which names of files have that are not wide."""
    if sys.platform != "win32":
        return 0
    return int(ctypes.windll.kernel32.GetACP())


def make_junction(target: Path, link: Path) -> None:
    """Have the folder `link` lead to `target`. Raises OSError; a network drive can be no target."""
    if sys.platform != "win32":
        raise OSError("no junctions here")
    import _winapi

    _winapi.CreateJunction(str(target), str(link))


@contextlib.contextmanager
def ansi_path(
    path: Path,
    *,
    short: Callable[[Path], str] = short_path,
    junction: Callable[[Path, Path], None] = make_junction,
    places: Sequence[str] | None = None,
    code_page: Callable[[], int] = code_page,
) -> Iterator[str]:
    """The same folder by a name that the library can open, used inside. Raises ModelError(MODEL_PATH_NOT_LATIN).

    `places` are folders in which a junction may be made.
    """
    # WORKAROUND for https://github.com/alphacep/vosk-api/issues/1072
    plain = str(path)
    if sys.platform != "win32" or plain.isascii():
        yield plain
        return
    if (shortened := short(path)) and shortened.isascii():
        yield shortened
        return
    found = places if places is not None else [os.environ.get(name, "") for name in _LATIN_FOLDERS]
    with contextlib.ExitStack() as stack:
        for place in found:
            if place and place.isascii():
                with contextlib.suppress(OSError):
                    link = stack.enter_context(_leading_to(path, place, junction))
                    break
        else:
            if code_page() != _UTF_8:
                raise ModelError(MessageCode.MODEL_PATH_NOT_LATIN, path=path)
            link = plain
        yield link


@contextlib.contextmanager
def _leading_to(path: Path, place: str, junction: Callable[[Path, Path], None]) -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="voicetype-", dir=place))
    link = folder / "model"
    try:
        junction(path.resolve(), link)
        yield str(link)
    finally:
        # Of the link nothing but the link is removed.
        for made in (link, folder):
            with contextlib.suppress(OSError):
                made.rmdir()
