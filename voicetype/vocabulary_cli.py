"""`voicetype vocabulary`: imports lists of terms, checks the files, says where they are. Main thread."""

from __future__ import annotations

import argparse
from pathlib import Path

from voicetype.i18n import translate
from voicetype.terminal import print_json, print_line


def add_vocabulary_parser(parser: argparse.ArgumentParser) -> None:
    """Give `parser` the subcommands."""
    commands = parser.add_subparsers(dest="action", required=True, metavar=translate("Cli", "COMMAND"))
    importing = commands.add_parser("import", help=translate("Cli", "add the terms of a list (.txt, .csv) to yours"))
    importing.add_argument("file", metavar=translate("Cli", "FILE"), type=Path)
    checking = commands.add_parser("check", help=translate("Cli", "say what is wrong with the vocabulary"))
    path = commands.add_parser("path", help=translate("Cli", "print where your vocabulary is"))
    copying = commands.add_parser("copy-bundled", help=translate("Cli", "copy the bundled terms, to change them"))
    for command in (importing, checking, path, copying):
        command.add_argument("--json", action="store_true", help=translate("Cli", "print JSON"))


def run_vocabulary(options: argparse.Namespace) -> int:
    """Carry out `voicetype vocabulary ...`. Returns the exit code: 0 = done, 1 = something is wrong."""
    from voicetype import command
    from voicetype.core.messages import VoiceTypeError

    command.begin()
    actions = {"import": _import, "check": _check, "path": _path, "copy-bundled": _copy}
    try:
        return actions[options.action](options)
    except VoiceTypeError as error:
        return command.failed(error.message, as_json=options.json)


def _import(options: argparse.Namespace) -> int:
    from voicetype.command import tell
    from voicetype.vocabulary.importing import import_terms

    added = import_terms(options.file)
    for problem in added.problems:
        tell(problem)
    if options.json:
        print_json({"added": added.count, "problems": len(added.problems)})
    else:
        print_line(translate("Cli", "{count} terms are added.").format(count=added.count))
    return 0 if not added.problems else 1


def _check(options: argparse.Namespace) -> int:
    from voicetype.command import tell
    from voicetype.vocabulary.compiling import load_vocabulary

    loaded = load_vocabulary()
    for problem in loaded.problems:
        tell(problem)
    found = {"phrases": len(loaded.vocabulary.phrases), "rules": len(loaded.rules), "problems": len(loaded.problems)}
    if options.json:
        print_json(found)
    else:
        text = translate("Cli", "{phrases} ways to say a term or snippet, {rules} rules, {problems} problems.")
        print_line(text.format(**found))
    return 0 if not loaded.problems else 1


def _path(options: argparse.Namespace) -> int:
    from voicetype.vocabulary.files import user_path

    return _print_path(user_path(), options)


def _copy(options: argparse.Namespace) -> int:
    from voicetype.vocabulary.files import copy_bundled

    return _print_path(copy_bundled(), options)


def _print_path(path: Path, options: argparse.Namespace) -> int:
    if options.json:
        print_json({"path": str(path)})
    else:
        print_line(str(path))
    return 0
