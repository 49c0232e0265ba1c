"""The texts and recordings that models are measured on, read from files. Any thread; blocks."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from voicetype.core.measures import normalized
from voicetype.core.messages import EvaluationError, MessageCode, UserMessage, VoiceTypeError

SOUND_SUFFIX = ".wav"
_TEXT_SUFFIX = ".txt"
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SOUND_TITLES = frozenset(("path", "file", "filename", "file_name", "audio", "wav", "файл", "путь"))
_TEXT_TITLES = frozenset(("text", "transcript", "transcription", "sentence", "reference", "текст", "расшифровка"))


@dataclass(frozen=True)
class Problem:
    """Why one file was not measured."""

    file: str
    message: UserMessage


@dataclass(frozen=True)
class Recording:
    """A sound file and what is said in it."""

    sound: Path
    text: str


def read_text(path: Path) -> str:
    """A text in UTF-8 or cp1251 (or UTF-16 with its mark). Raises EvaluationError (FILE_NOT_FOUND, TEXT_UNREADABLE)."""
    try:
        content = path.read_bytes()
        if content.startswith(_UTF16):
            return content.decode("utf-16")
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("cp1251")
    except FileNotFoundError as error:
        raise EvaluationError(MessageCode.FILE_NOT_FOUND, path=path) from error
    except (OSError, UnicodeError) as error:
        raise EvaluationError(MessageCode.TEXT_UNREADABLE, path=path, detail=error) from error
    if "\0" in text:
        raise EvaluationError(MessageCode.TEXT_UNREADABLE, path=path, detail="NUL")
    return text


def find_recordings(source: Path) -> tuple[list[Recording], list[Problem]]:
    """The recordings of a folder (NAME.txt beside NAME.wav) or of a TSV, and what is wrong with the others.

    Raises EvaluationError when `source` itself cannot be read or names no recording.
    """
    if source.is_dir():
        found, problems = _in_folder(source)
    else:
        found, problems = _in_table(source, read_text(source))
    if not found and not problems:
        raise EvaluationError(MessageCode.NO_RECORDINGS, path=source)
    return found, problems


def _in_folder(folder: Path) -> tuple[list[Recording], list[Problem]]:
    found: list[Recording] = []
    problems: list[Problem] = []
    try:
        sounds = sorted(path for path in folder.iterdir() if path.suffix.lower() == SOUND_SUFFIX)
    except OSError as error:
        raise EvaluationError(MessageCode.TEXT_UNREADABLE, path=folder, detail=error) from error
    for sound in sounds:
        text = sound.with_suffix(_TEXT_SUFFIX)
        try:
            found.append(_checked(Recording(sound, read_text(text)), text))
        except VoiceTypeError as error:
            problems.append(Problem(sound.name, error.message))
    return found, problems


def _in_table(table: Path, content: str) -> tuple[list[Recording], list[Problem]]:
    found: list[Recording] = []
    problems: list[Problem] = []
    rows = [(number, line.split("\t")) for number, line in enumerate(content.splitlines(), 1) if line.strip()]
    columns = _columns(rows[0][1], table.parent) if rows else None
    sound_at, text_at = columns or (0, 1)
    for number, cells in rows[1:] if columns else rows:
        try:
            if len(cells) <= max(sound_at, text_at) or not cells[sound_at].strip():
                raise EvaluationError(MessageCode.TABLE_LINE_BROKEN, path=table, line=number)
            sound = table.parent / cells[sound_at].strip()
            found.append(_checked(Recording(sound, cells[text_at]), sound))
        except VoiceTypeError as error:
            problems.append(Problem(cells[min(sound_at, len(cells) - 1)].strip(), error.message))
    return found, problems


def _columns(first: Sequence[str], folder: Path) -> tuple[int, int] | None:
    """Where sounds and texts stand, if the first line is a header; None when it is a recording already."""
    titles = [cell.strip().lower() for cell in first]
    sound = next((index for index, title in enumerate(titles) if title in _SOUND_TITLES), None)
    text = next((index for index, title in enumerate(titles) if title in _TEXT_TITLES), None)
    if sound is not None and text is not None:
        return sound, text
    is_sound = titles[0].endswith(SOUND_SUFFIX) or (folder / first[0].strip()).is_file()
    return None if is_sound or len(first) == 1 else (0, 1)


def _checked(recording: Recording, said_in: Path) -> Recording:
    if not normalized(recording.text):
        raise EvaluationError(MessageCode.TEXT_WITHOUT_WORDS, path=said_in)
    return recording
