"""`voicetype vocabulary`: imports lists of terms, checks the files, says where they are. Main thread."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from voicetype.i18n import translate
from voicetype.terminal import print_json


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
    from voicetype import i18n, log, store
    from voicetype.core.messages import VoiceTypeError
    from voicetype.qt import QtCore
    from voicetype.ui.messages import text_of

    log.configure("INFO", store.log_dir(), terminal=False)
    application = QtCore.QCoreApplication.instance() or QtCore.QCoreApplication([])
    i18n.install(application, i18n.resolve_language(store.load_config()[0].ui.language))
    actions = {"import": _import, "check": _check, "path": _path, "copy-bundled": _copy}
    try:
        return actions[options.action](options)
    except VoiceTypeError as error:
        sys.stderr.write(f"{text_of(error.message)}\n")
        if options.json:
            print_json({"error": {"code": error.message.code.value, **error.message.params}})
        return 1


def _import(options: argparse.Namespace) -> int:
    from voicetype.ui.messages import text_of
    from voicetype.vocabulary.importing import import_terms

    added = import_terms(options.file)
    for problem in added.problems:
        sys.stderr.write(f"{text_of(problem)}\n")
    if options.json:
        print_json({"added": added.count, "problems": len(added.problems)})
    else:
        sys.stdout.write(translate("Cli", "{count} terms are added.").format(count=added.count) + "\n")
    return 0 if not added.problems else 1


def _check(options: argparse.Namespace) -> int:
    from voicetype.ui.messages import text_of
    from voicetype.vocabulary.compiling import load_vocabulary

    loaded = load_vocabulary()
    for problem in loaded.problems:
        sys.stderr.write(f"{text_of(problem)}\n")
    found = {"phrases": len(loaded.vocabulary.phrases), "rules": len(loaded.rules), "problems": len(loaded.problems)}
    if options.json:
        print_json(found)
    else:
        text = translate("Cli", "{phrases} ways to say a term or snippet, {rules} rules, {problems} problems.")
        sys.stdout.write(text.format(**found) + "\n")
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
        sys.stdout.write(f"{path}\n")
    return 0
