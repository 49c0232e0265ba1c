"""Which models are installed, and which of them to use. Any thread; imports no engine."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from voicetype.core.messages import MessageCode, ModelError

DEMONSTRATION_MODELS = frozenset(("vosk-tiny-ru", "rupunct-tiny"))
"""Folder names of the bundled models: small, and the speech one understands synthetic voices only."""

SILERO_MODEL, SILERO_FILE = "silero-te", "v2_4lang_q.pt"
"""Folder of the Silero model in the models' folder, and the name that its file is published under."""

_SPEECH_LAYOUTS = (("am/final.mdl", "conf/model.conf"), ("final.mdl", "mfcc.conf"))
_PUNCTUATION_FILES = ("config.json", "tokenizer.json")


def bundled_models_dir() -> Path:
    """The models that came with the program: in the frozen program, beside the package, or where pip put them."""
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen is not None:
        return Path(frozen) / "models"
    beside = Path(__file__).resolve().parents[2] / "models"
    installed = Path(sys.prefix) / "share" / "voicetype" / "models"
    return beside if beside.is_dir() or not installed.is_dir() else installed


def find_speech_model(models_dirs: Sequence[Path], wanted: str) -> Path:
    """Folder of the speech model to load.

    Args:
        models_dirs: folders of models, in order of precedence.
        wanted: a folder's name in one of them, or an absolute path; "" = the best one installed.

    Raises ModelError (MODEL_MISSING).
    """
    return _find(models_dirs, wanted, _speech_size)


def find_punctuation_model(models_dirs: Sequence[Path], wanted: str) -> Path:
    """Folder of the punctuation model to load; as `find_speech_model`."""
    return _find(models_dirs, wanted, _punctuation_size)


def is_demonstration(path: Path) -> bool:
    """Whether this is a model that was only made to try the program."""
    return path.name in DEMONSTRATION_MODELS


def speech_files(path: Path) -> tuple[Path, ...]:
    """The files that make `path` a Vosk model, all of them present. Raises ModelError (MODEL_MISSING)."""
    layouts = [[path / name for name in names] for names in _SPEECH_LAYOUTS]
    for files in layouts:
        if all(map(_has_content, files)):
            return tuple(files)
    # Name what the layout lacks that the folder comes nearest to; a folder that is not there names itself.
    nearest = max(layouts, key=lambda files: sum(file.exists() for file in files))
    absent = next(file for file in nearest if not _has_content(file))
    raise ModelError(MessageCode.MODEL_MISSING, path=absent if path.is_dir() else path)


def punctuation_files(path: Path) -> tuple[Path, ...]:
    """The ONNX file, config.json and tokenizer.json of a RUPunct folder. Raises ModelError (MODEL_MISSING)."""
    if not path.is_dir():
        raise ModelError(MessageCode.MODEL_MISSING, path=path)
    files = [path / name for name in _PUNCTUATION_FILES]
    for file in files:
        if not _has_content(file):
            raise ModelError(MessageCode.MODEL_MISSING, path=file)
    return (_onnx_file(path), *files)


def silero_files(path: Path) -> tuple[Path, ...]:
    """The one package of a Silero TE folder. Raises ModelError (MODEL_MISSING)."""
    packages = sorted(file for file in path.glob("*.pt") if _has_content(file)) if path.is_dir() else []
    if len(packages) != 1:
        raise ModelError(MessageCode.MODEL_MISSING, path=path / SILERO_FILE)
    return (packages[0],)


def _onnx_file(path: Path) -> Path:
    candidates = sorted(file for file in path.glob("*.onnx") if _has_content(file))
    # int8 is as accurate here, three times faster and a quarter of the memory.
    small = [file for file in candidates if "int8" in file.name]
    plain = [file for file in candidates if file.name == "model.onnx"]
    for choice in (small, plain, candidates):
        if len(choice) == 1:
            return choice[0]
    raise ModelError(MessageCode.MODEL_MISSING, path=path / "model.onnx")


def _has_content(file: Path) -> bool:
    try:
        return file.is_file() and file.stat().st_size > 0
    except OSError:  # a share that went away, a folder that may not be entered
        return False


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _speech_size(path: Path) -> int:
    return speech_files(path)[0].stat().st_size


def _punctuation_size(path: Path) -> int:
    return punctuation_files(path)[0].stat().st_size


def _find(models_dirs: Sequence[Path], wanted: str, size: Callable[[Path], int]) -> Path:
    if Path(wanted).is_absolute():
        if _is_folder(Path(wanted)):
            return Path(wanted)
        raise ModelError(MessageCode.MODEL_MISSING, path=wanted)
    if wanted:
        for folder in models_dirs:
            if _is_folder(folder / wanted):
                return folder / wanted
        raise ModelError(MessageCode.MODEL_MISSING, path=models_dirs[0] / wanted if models_dirs else wanted)
    return _best(models_dirs, size)


def _best(models_dirs: Sequence[Path], size: Callable[[Path], int]) -> Path:
    """A model of the user's own before a demonstration, a large one before a small one, then the first folder's."""
    found: list[tuple[bool, int, Path]] = []
    for folder in models_dirs:
        for path in folders_in(folder):
            try:
                found.append((not is_demonstration(path), size(path), path))
            except (ModelError, OSError):  # one folder that may not be read must not hide the others
                continue
    if not found:
        raise ModelError(MessageCode.MODEL_MISSING, path=models_dirs[0] if models_dirs else "models")
    return max(found, key=lambda entry: entry[:2])[2]


def folders_in(folder: Path) -> list[Path]:
    """Folders directly in `folder`, by name; none when it cannot be read."""
    try:
        return sorted(path for path in folder.iterdir() if _is_folder(path))
    except OSError:  # not made yet, or not readable: nothing is installed there
        return []
