"""`voicetype eval`: measures installed models on the user's own texts and recordings. Main thread.

Results go to standard output, complaints and the progress bar to standard error. With --json, standard output is one
JSON value, also when something failed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voicetype.i18n import translate

if TYPE_CHECKING:
    from voicetype.core.config import Config
    from voicetype.evaluation.engine import Engine
    from voicetype.evaluation.files import Problem, Recording
    from voicetype.evaluation.speech import Utterance

_INTERRUPTED = 130


def add_eval_parser(parser: argparse.ArgumentParser) -> None:
    """Give `parser` the subcommands."""
    from voicetype.core.measures import SENTENCES_PER_CALL

    commands = parser.add_subparsers(dest="action", required=True, metavar=translate("Cli", "COMMAND"))
    punctuation = commands.add_parser(
        "punctuation", help=translate("Cli", "marks and capitals: precision, recall and F1 on written text")
    )
    punctuation.add_argument(
        "files",
        metavar=translate("Cli", "FILE"),
        type=Path,
        nargs="+",
        help=translate("Cli", "text with marks: whole sentences on a line; a blank line ends a paragraph"),
    )
    punctuation.add_argument(
        "--sentences",
        metavar="N",
        type=_positive,
        default=SENTENCES_PER_CALL,
        help=translate("Cli", "give the model so many sentences at a time (default: {number})").format(
            number=SENTENCES_PER_CALL
        ),
    )
    wer = commands.add_parser("wer", help=translate("Cli", "speech: word and character errors, and the time it takes"))
    wer.add_argument(
        "source",
        metavar=translate("Cli", "FOLDER|TSV"),
        type=Path,
        help=translate("Cli", "folder of NAME.wav with NAME.txt, or a table: path, tab, text"),
    )
    for command_parser in (punctuation, wer):
        command_parser.add_argument(
            "--model",
            metavar=translate("Cli", "NAME|PATH"),
            default="",
            help=translate("Cli", "an installed model or its folder, in place of the one in the settings"),
        )
        command_parser.add_argument("--json", action="store_true", help=translate("Cli", "print JSON"))


def run_eval(options: argparse.Namespace) -> int:
    """Carry out `voicetype eval ...`. Returns the exit code: 0 = done, 1 = something could not be measured."""
    from voicetype import command
    from voicetype.core.messages import VoiceTypeError

    config, problems = command.begin()
    for problem in problems:
        command.tell(problem)
    try:
        return _ACTIONS[options.action](options, config)
    except VoiceTypeError as error:
        return command.failed(error.message, as_json=options.json)
    except KeyboardInterrupt:
        return _INTERRUPTED


def _punctuation(options: argparse.Namespace, config: Config) -> int:
    from voicetype.core.messages import VoiceTypeError
    from voicetype.core.ports import Punctuator
    from voicetype.core.status import PUNCTUATION
    from voicetype.evaluation.files import Problem
    from voicetype.evaluation.punctuation import TextScore, measure_text
    from voicetype.evaluation.report import print_scores, scores_as_data
    from voicetype.models import chosen_models
    from voicetype.terminal import print_json

    config = _with_punctuation(config, options.model)
    scores: list[TextScore] = []
    problems: list[Problem] = []
    engine: Engine[Punctuator]
    with _engine(config, PUNCTUATION) as engine:
        device = getattr(engine.model(), "device", "")
        for file in options.files:
            bar = _Bar(file.name, translate("Cli", "calls"), shown=sys.stderr.isatty() and not options.json)
            try:
                scores.append(measure_text(file, engine.model, options.sentences, bar.show))
            except VoiceTypeError as error:
                problems.append(Problem(str(file), error.message))
            finally:
                bar.close()
    _tell(problems)
    model = chosen_models(config).punctuation
    if options.json:
        about = {"model": model, "device": device, "sentences_per_call": options.sentences}
        print_json({**about, **scores_as_data(scores), "problems": _as_data(problems)})
    elif scores:
        print_scores(model, scores)
    return 1 if problems else 0


def _wer(options: argparse.Namespace, config: Config) -> int:
    from voicetype.core.ports import SpeechModel
    from voicetype.core.status import SPEECH
    from voicetype.evaluation.files import find_recordings
    from voicetype.evaluation.report import print_speech, speech_as_data
    from voicetype.models import chosen_models
    from voicetype.terminal import print_json

    if options.model:
        config = replace(config, models=replace(config.models, speech=_wanted(options.model)))
    recordings, problems = find_recordings(options.source)
    bar = _Bar(options.source.name, translate("Cli", "files"), shown=sys.stderr.isatty() and not options.json)
    engine: Engine[SpeechModel]
    with _engine(config, SPEECH) as engine:
        try:
            utterances = _heard(recordings, engine, problems, bar.show)
        finally:
            bar.close()
    _tell(problems)
    model = chosen_models(config).speech
    if options.json:
        print_json({"model": model, **speech_as_data(utterances), "problems": _as_data(problems)})
    elif utterances:
        print_speech(model, utterances)
    return 1 if problems else 0


_ACTIONS: Mapping[str, Callable[[argparse.Namespace, Config], int]] = {"punctuation": _punctuation, "wer": _wer}


def _heard(
    recordings: list[Recording], engine: Engine[Any], problems: list[Problem], on_file: Callable[[int, int], None]
) -> list[Utterance]:
    """What the model makes of each; failures are added to `problems`. Raises ModelError if it cannot be loaded anew."""
    from voicetype.core.messages import VoiceTypeError
    from voicetype.evaluation.files import Problem
    from voicetype.evaluation.speech import listen

    utterances = []
    for done, recording in enumerate(recordings, 1):
        model = engine.model()
        try:
            utterances.append(listen(recording, model))
        except VoiceTypeError as error:
            problems.append(Problem(str(recording.sound), error.message))
        on_file(done, len(recordings))
    return utterances


def _engine(config: Config, name: str) -> Engine[Any]:
    from voicetype.evaluation.engine import Engine
    from voicetype.models import make_loaders

    loader = make_loaders(config)[name]
    assert loader is not None, name  # speech always has one, and `_with_punctuation` switches the other one on
    return Engine(loader, config.models.load_timeout_seconds)


def _with_punctuation(config: Config, model: str) -> Config:
    """The settings, with a punctuation model also where they switch it off, and `model` if one is named."""
    from voicetype.engines.catalog import SILERO_MODEL
    from voicetype.models import DISABLED, ONNX, SILERO_TE

    models = config.models
    if model:
        backend = SILERO_TE if model == SILERO_MODEL else ONNX
        models = replace(models, punctuation=_wanted(model), punctuation_backend=backend)
    elif models.punctuation_backend == DISABLED:
        models = replace(models, punctuation_backend=ONNX)
    return replace(config, models=models, recognition=replace(config.recognition, punctuation_enabled=True))


def _wanted(model: str) -> str:
    """A model as the settings name it: installed ones by name, another folder by its absolute path."""
    from voicetype.models import folders

    if any((folder / model).is_dir() for folder in folders()) or not Path(model).is_dir():
        return model
    return str(Path(model).absolute())


def _positive(text: str) -> int:
    """For argparse."""
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(
            translate("Cli", "“{value}” is not a whole number from 1 on").format(value=text)
        )
    return number


def _tell(problems: list[Problem]) -> None:
    from voicetype.terminal import complain
    from voicetype.ui.messages import text_of

    for problem in problems:
        text = text_of(problem.message)
        # An engine's failure does not name the file that it failed on.
        complain(text if Path(problem.file).name in text else f"{problem.file}: {text}")


def _as_data(problems: list[Problem]) -> list[dict[str, Any]]:
    from voicetype.ui.messages import text_of

    return [
        {
            "file": one.file,
            "code": one.message.code.value,
            "text": text_of(one.message),
            **asdict(one.message)["params"],
        }
        for one in problems
    ]


class _Bar:
    """Progress on a terminal; nothing when it is not `shown`."""

    def __init__(self, title: str, unit: str, *, shown: bool) -> None:
        from tqdm import tqdm

        # No thread that watches over bars: this one is updated often enough.
        tqdm.monitor_interval = 0
        self._bar = tqdm(desc=title, unit=f" {unit}", file=sys.stderr, disable=not shown, leave=False)

    def show(self, done: int, total: int) -> None:
        """So many of so many are done."""
        self._bar.total = total
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        """Take it off the terminal."""
        self._bar.close()
