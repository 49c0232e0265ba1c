"""`voicetype format`: recognised words in, finished text out, through the stage that dictation uses. Main thread."""

from __future__ import annotations

import contextlib
import itertools
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from voicetype import command, store
from voicetype.core.config import Config
from voicetype.core.messages import ConfigError, Level, MessageCode, ModelError, UserMessage, VoiceTypeError
from voicetype.core.status import PUNCTUATION
from voicetype.core.text.marks import Punctuate
from voicetype.engines.remote import RemotePunctuator
from voicetype.evaluation.engine import Engine
from voicetype.models import make_loaders
from voicetype.terminal import print_json
from voicetype.text_stage import TextStage


def run_format(file: Path | None, *, with_model: bool, as_json: bool) -> int:
    """Read phrases, one a line, an empty line between dictations; print their text. Returns the exit code.

    Without the model, when it was to be there and failed, the text still comes, and the code is 1.
    """
    config, problems = command.begin()
    for problem in problems:
        _complain(problem)
    try:
        dictations = list(_dictations(_read(file)))
    except VoiceTypeError as error:
        _complain(error.message)
        return 1
    stage = TextStage(config, _complain)
    code = 0
    with contextlib.ExitStack() as stack:
        punctuate: Punctuate | None = None
        try:
            punctuate = stack.enter_context(_model(config)) if with_model else None
        except ModelError as error:
            _complain(error.message)
            code = 1
        found = [_formatted(stage, phrases, punctuate) for phrases in dictations]
    if as_json:
        print_json(found)
    else:
        sys.stdout.write("".join(f"{each['text']}\n" for each in found))
    return code


def _formatted(stage: TextStage, phrases: Sequence[str], punctuate: Punctuate | None) -> dict[str, Any]:
    composition = stage.begin()
    commands: list[str] = []
    for phrase in phrases:
        try:
            composition.add(phrase, punctuate)
        except ModelError as error:
            _complain(error.message)
        commands += [command.deed.value for command in composition.last_commands]
    return {"phrases": list(phrases), "text": composition.text(final=True), "commands": commands}


def _dictations(text: str) -> Iterator[list[str]]:
    lines = (line.strip() for line in text.splitlines())
    for spoken, group in itertools.groupby(lines, bool):
        if spoken:
            yield list(group)


def _read(file: Path | None) -> str:
    if file is None:
        return store.decode(sys.stdin.buffer.read())
    try:
        return store.decode(file.read_bytes())
    except FileNotFoundError as error:
        raise ConfigError(MessageCode.FILE_NOT_FOUND, path=file) from error
    except (OSError, UnicodeError) as error:
        detail = getattr(error, "strerror", None) or type(error).__name__
        raise ConfigError(MessageCode.TEXT_UNREADABLE, path=file, detail=detail) from error


@contextlib.contextmanager
def _model(config: Config) -> Iterator[Punctuate | None]:
    loader = make_loaders(config)[PUNCTUATION]
    if loader is None:
        yield None
        return
    with Engine[RemotePunctuator](loader, config.models.load_timeout_seconds) as engine:
        yield engine.model().enhance


def _complain(message: UserMessage) -> None:
    if message.level is not Level.INFO:
        command.tell(message)
