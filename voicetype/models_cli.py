"""`voicetype models`: lists, installs, imports, verifies and removes models on a terminal. Main thread.

Results go to standard output, complaints and the progress bar to standard error. With --json, standard output is one
JSON value, also when something failed.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voicetype.i18n import translate
from voicetype.terminal import print_json, print_line, print_table

if TYPE_CHECKING:
    from tqdm import tqdm

    from voicetype.core.progress import OnProgress, Progress
    from voicetype.install.installer import InstalledModel, Installer
    from voicetype.install.manifest import Verification

_MB = 1_000_000


def add_models_parser(parser: argparse.ArgumentParser) -> None:
    """Give `parser` the subcommands."""
    commands = parser.add_subparsers(dest="action", required=True, metavar=translate("Cli", "COMMAND"))
    helps = {
        "list": translate("Cli", "show which models there are and which are installed"),
        "install": translate("Cli", "download a model and install it"),
        "import": translate("Cli", "install a model from a folder or zip archive"),
        "verify": translate("Cli", "compare the files of installed models with what was installed"),
        "remove": translate("Cli", "delete a model"),
        "path": translate("Cli", "print the folder that models are installed in"),
    }
    parsers = {name: commands.add_parser(name, help=text) for name, text in helps.items()}
    name_help = translate("Cli", "name of the model, see “list”")
    for command in ("install", "remove"):
        parsers[command].add_argument("name", metavar=translate("Cli", "NAME"), help=name_help)
    parsers["verify"].add_argument("name", metavar=translate("Cli", "NAME"), nargs="?", default="", help=name_help)
    parsers["install"].add_argument(
        "--again", action="store_true", help=translate("Cli", "download it even if it is installed and whole")
    )
    parsers["import"].add_argument(
        "source", metavar=translate("Cli", "PATH"), type=Path, help=translate("Cli", "folder or zip archive")
    )
    parsers["import"].add_argument(
        "--name", default="", help=translate("Cli", "install it under this name instead of its folder's")
    )
    for command_parser in parsers.values():
        command_parser.add_argument("--json", action="store_true", help=translate("Cli", "print JSON"))


def run_models(options: argparse.Namespace) -> int:
    """Carry out `voicetype models ...`. Returns the exit code: 0 = done, 1 = it failed."""
    from voicetype import command
    from voicetype.core.messages import VoiceTypeError

    command.begin()
    try:
        code = _ACTIONS[options.action](options)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        # The reader has seen enough, as `head` has. What is left must not be written at the end either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except VoiceTypeError as error:
        return command.failed(error.message, as_json=options.json)


def _list(options: argparse.Namespace) -> int:
    from voicetype.engines.catalog import bundled_models_dir
    from voicetype.install.catalogue import load_catalogue
    from voicetype.library import make_installer

    catalogue = load_catalogue()
    own = {model.name: model for model in make_installer().installed()}
    bundled = {model.name: model for model in make_installer(bundled_models_dir()).installed()}
    entries = [
        {
            **asdict(model),
            "download_bytes": model.size,
            "downloadable": bool(model.parts),
            "installed": _as_data(own.get(model.name)),
        }
        for model in catalogue.models
    ]
    known = {model.name for model in catalogue.models}
    if options.json:
        others = [_as_data(model) for name, model in own.items() if name not in known]
        print_json({"catalogue": entries, "others": others, "bundled": [_as_data(model) for model in bundled.values()]})
        return 0
    rows = [_row(entry) for entry in entries]
    installed = translate("Cli", "installed")
    rows += [_own_row(model, installed) for name, model in own.items() if name not in known]
    rows += [_own_row(model, translate("Cli", "bundled")) for model in bundled.values()]
    titles = (
        translate("Cli", "Name"),
        translate("Cli", "For"),
        translate("Cli", "Language"),
        translate("Cli", "Size"),
        translate("Cli", "State"),
        translate("Cli", "Licence"),
    )
    print_table([titles, *rows])
    return 0


def _install(options: argparse.Namespace) -> int:
    return _put_in(
        options,
        lambda installer, on_progress, cancelled: installer.install(
            options.name, again=options.again, on_progress=on_progress, cancelled=cancelled
        ),
    )


def _import(options: argparse.Namespace) -> int:
    return _put_in(
        options,
        lambda installer, on_progress, cancelled: installer.import_model(
            options.source, name=options.name, on_progress=on_progress, cancelled=cancelled
        ),
    )


def _put_in(
    options: argparse.Namespace,
    action: Callable[[Installer, OnProgress, threading.Event], InstalledModel],
) -> int:
    from voicetype.library import make_installer

    cancelled = _cancelled_by_ctrl_c()
    bar = _Bar(shown=sys.stderr.isatty() and not options.json)
    try:
        model = action(make_installer(), bar.show, cancelled)
    finally:
        bar.close()
    if options.json:
        print_json(_as_data(model))
    else:
        print_line(translate("Cli", "{name} is installed: {path}").format(name=model.name, path=model.path))
    return 0


def _verify(options: argparse.Namespace) -> int:
    from voicetype.core.messages import MessageCode, UserMessage
    from voicetype.library import make_installer
    from voicetype.ui.messages import text_of

    installer, cancelled = make_installer(), _cancelled_by_ctrl_c()
    names = [options.name] if options.name else [model.name for model in installer.installed()]
    found = [installer.verify(name, cancelled) for name in names]
    if options.json:
        print_json([{**asdict(result), "path": str(result.path), "ok": result.ok} for result in found])
    for result in found:
        if not result.ok:
            files = ", ".join((*result.missing, *result.changed))
            message = UserMessage(MessageCode.MODEL_DAMAGED, params={"name": result.name, "files": files})
            sys.stderr.write(f"{text_of(message)}\n")
        elif not options.json:
            print_line(_verdict(result))
    if not found and not options.json:
        print_line(translate("Cli", "No model is installed."))
    return 0 if all(result.ok for result in found) else 1


def _verdict(result: Verification) -> str:
    if result.known:
        return translate("Cli", "{name} is whole.").format(name=result.name)
    return translate(
        "Cli", "{name} has the files that it needs. VoiceType did not install it, so there is no list to compare with."
    ).format(name=result.name)


def _remove(options: argparse.Namespace) -> int:
    from voicetype.library import make_installer

    make_installer().remove(options.name)
    if options.json:
        print_json({"removed": options.name})
    else:
        print_line(translate("Cli", "{name} is deleted.").format(name=options.name))
    return 0


def _path(options: argparse.Namespace) -> int:
    from voicetype import store

    if options.json:
        print_json({"path": str(store.models_dir())})
    else:
        print_line(str(store.models_dir()))
    return 0


_ACTIONS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "list": _list,
    "install": _install,
    "import": _import,
    "verify": _verify,
    "remove": _remove,
    "path": _path,
}


class _Bar:
    """Progress on a terminal, a bar for each stage; nothing when it is not `shown`."""

    def __init__(self, *, shown: bool) -> None:
        self._shown = shown
        self._stage: object = None
        self._bar: tqdm[Any] | None = None

    def show(self, progress: Progress) -> None:
        """Implements OnProgress."""
        if not self._shown:
            return
        if self._bar is None or progress.stage is not self._stage:
            self.close()
            self._stage, self._bar = progress.stage, _new_bar(progress)
        self._bar.total = progress.total
        self._bar.update(progress.done - self._bar.n)

    def close(self) -> None:
        """Leave the last figures on the terminal."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None


def _new_bar(progress: Progress) -> tqdm[Any]:
    from tqdm import tqdm

    from voicetype.core.progress import Stage

    titles = {
        Stage.DOWNLOADING: translate("Cli", "Downloading"),
        Stage.CHECKING: translate("Cli", "Checking"),
        Stage.UNPACKING: translate("Cli", "Unpacking"),
    }
    # No thread that watches over bars: this one is updated often enough.
    tqdm.monitor_interval = 0
    return tqdm(
        total=progress.total,
        initial=progress.done,
        desc=titles[progress.stage],
        unit=translate("Cli", "B"),
        unit_scale=True,
        file=sys.stderr,
    )


def _cancelled_by_ctrl_c() -> threading.Event:
    """An event that the first Ctrl+C sets, so that what has arrived is kept; the second one ends the program.

    A server that took the question and says nothing is left only after its time is up.
    """
    cancelled = threading.Event()

    def on_signal(*_: object) -> None:
        cancelled.set()
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    signal.signal(signal.SIGINT, on_signal)
    return cancelled


def _row(entry: Mapping[str, Any]) -> tuple[str, ...]:
    if entry["installed"]:
        state = translate("Cli", "installed")
    elif entry["downloadable"]:
        state = translate("Cli", "can be installed")
    else:
        state = translate("Cli", "can be imported")
    size = _megabytes(entry["download_bytes"])
    return entry["name"], _purpose(entry["engine"]), entry["language"], size, state, entry["licence"]


def _own_row(model: InstalledModel, state: str) -> tuple[str, ...]:
    return model.name, _purpose(model.engine), "", _megabytes(model.size), state, ""


def _purpose(engine: str) -> str:
    from voicetype.core.status import SPEECH

    return translate("Cli", "speech") if engine == SPEECH else translate("Cli", "punctuation")


def _megabytes(size: int) -> str:
    return translate("Cli", "{size} MB").format(size=max(1, round(size / _MB)))


def _as_data(model: InstalledModel | None) -> dict[str, Any] | None:
    return None if model is None else {**asdict(model), "path": str(model.path)}
