"""The command line: finds out what is wanted and imports no more than that needs. Main thread."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from voicetype import __version__
from voicetype.terminal import open_missing_streams

ENGINE_HOST = "engine-host"
VOCABULARY_COMPILER = "vocabulary-compiler"
SELF_TEST_CHECKS = "self-test-checks"
BARE_VOSK = "bare-vosk"
TIME_TO_TRAY = "time-to-tray"
"""First arguments of child processes: in the frozen program `python -m` does not exist."""
_SELF_TEST = "--self-test"
_REMOTE = {"--toggle": "toggle", "--start": "start", "--stop": "stop", "--cancel": "cancel", "--quit": "quit"}
"""What is sent to the program that runs."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program with `argv` (default: the process's own). Returns the exit code."""
    open_missing_streams()
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments and (run := _other_process(arguments[0])):
        return run(arguments[1:])
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A C or western console lacks Russian letters; replaced ones are better than a traceback.
        sys.stdout.reconfigure(errors="replace")
    if len(arguments) == 1 and arguments[0] in _REMOTE:
        # Before the parser, since somebody has pressed a key and waits.
        from voicetype.remote_cli import send_command

        return send_command(_REMOTE[arguments[0]])
    parser = _parser(arguments)
    options = parser.parse_args(arguments)
    alone = (*_REMOTE, _SELF_TEST)
    if mixed := [option for option in alone if getattr(options, option.removeprefix("--").replace("-", "_"))]:
        parser.error(f"{mixed[0]} stands alone")
    return _run(options)


def _other_process(name: str) -> Callable[[Sequence[str]], int] | None:
    """What the first argument `name` starts before anything is imported that may fail or take time."""
    if name == ENGINE_HOST:
        from voicetype.engines import host

        return host.main
    if name == VOCABULARY_COMPILER:
        from voicetype.vocabulary import compiler

        return lambda _arguments: compiler.main()
    if name == _SELF_TEST:
        from voicetype.self_test import runner

        return runner.main
    if name == SELF_TEST_CHECKS:
        from voicetype.self_test import child

        return child.main
    if name in {BARE_VOSK, TIME_TO_TRAY}:
        from voicetype import bench_processes

        return bench_processes.bare_vosk if name == BARE_VOSK else bench_processes.time_to_tray
    return None


def _run(options: argparse.Namespace) -> int:
    if options.command == "bench":
        from voicetype.bench import run_bench

        return run_bench(as_json=options.json)
    if options.command == "health":
        from voicetype.health import run_health

        return run_health(as_json=options.json)
    if options.command == "format":
        from voicetype.format_cli import run_format

        return run_format(options.file, with_model=not options.no_model, as_json=options.json)
    if options.command == "models":
        from voicetype.models_cli import run_models

        return run_models(options)
    if options.command == "vocabulary":
        from voicetype.vocabulary_cli import run_vocabulary

        return run_vocabulary(options)
    if options.command == "eval":
        from voicetype.eval_cli import run_eval

        return run_eval(options)
    from voicetype.start import run

    return run(or_sample=getattr(options, "or_sample", False))


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    from voicetype.eval_cli import add_eval_parser
    from voicetype.i18n import install, resolve_language
    from voicetype.models_cli import add_models_parser
    from voicetype.qt import QtCore
    from voicetype.vocabulary_cli import add_vocabulary_parser

    if {"-h", "--help"} & set(arguments):
        # Only help needs translations here, and a translator needs an application.
        application = QtCore.QCoreApplication.instance() or QtCore.QCoreApplication([])
        install(application, resolve_language("auto"))
    translate = QtCore.QCoreApplication.translate
    parser = argparse.ArgumentParser(
        prog="voicetype",
        description=translate(
            "Cli", "Offline dictation: press the hotkey, speak, press again; the text stands at the cursor."
        ),
    )
    parser.add_argument("--version", action="version", version=f"VoiceType {__version__}")
    _add_lone_options(parser)
    commands = parser.add_subparsers(dest="command", metavar=translate("Cli", "COMMAND"))
    run_parser = commands.add_parser("run", help=translate("Cli", "start the tray program (the default)"))
    run_parser.add_argument(
        "--or-sample",
        action="store_true",
        help=translate("Cli", "without a microphone, dictate the bundled sample on the terminal instead"),
    )
    bench_parser = commands.add_parser("bench", help=translate("Cli", "measure this machine"))
    bench_parser.add_argument("--json", action="store_true", help=translate("Cli", "print JSON in place of a table"))
    health_parser = commands.add_parser("health", help=translate("Cli", "load the models once and tell how they fare"))
    health_parser.add_argument("--json", action="store_true", help=translate("Cli", "print JSON in place of a table"))
    format_parser = commands.add_parser("format", help=translate("Cli", "make finished text of recognised words"))
    format_parser.add_argument(
        "file",
        metavar=translate("Cli", "FILE"),
        nargs="?",
        type=Path,
        help=translate("Cli", "one phrase a line, an empty line between dictations; without it, standard input"),
    )
    format_parser.add_argument(
        "--no-model", action="store_true", help=translate("Cli", "leave out the punctuation model")
    )
    format_parser.add_argument("--json", action="store_true", help=translate("Cli", "print JSON"))
    add_eval_parser(
        commands.add_parser("eval", help=translate("Cli", "measure models on your own texts and recordings"))
    )
    add_vocabulary_parser(commands.add_parser("vocabulary", help=translate("Cli", "your own terms and snippets")))
    add_models_parser(commands.add_parser("models", help=translate("Cli", "list, install, check and remove models")))
    return parser


def _add_lone_options(parser: argparse.ArgumentParser) -> None:
    from voicetype.i18n import translate

    parser.add_argument(
        _SELF_TEST,
        action="store_true",
        help=translate("Cli", "try the parts of the program here, alone; --json FILE writes what was found"),
    )
    remote = parser.add_argument_group(translate("Cli", "to the program that runs, alone"))
    for option, text in (
        ("--toggle", translate("Cli", "begin or stop a dictation")),
        ("--start", translate("Cli", "begin one")),
        ("--stop", translate("Cli", "stop it and insert the text")),
        ("--cancel", translate("Cli", "stop it without a text")),
        ("--quit", translate("Cli", "exit, after a dictation in progress, and wait for it")),
    ):
        remote.add_argument(option, action="store_true", help=text)
