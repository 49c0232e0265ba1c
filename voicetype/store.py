"""Where and how settings are kept. Any thread; may import `core`, platformdirs, yaml.

`VOICETYPE_CONFIG_DIR` moves everything that the program writes, `VOICETYPE_MODELS_DIR` the models. A frozen program
with a file `portable` beside it keeps everything in the folder `settings` there.
"""

from __future__ import annotations

import contextlib
import datetime
import getpass
import hashlib
import os
import shutil
import sys
import tempfile
from pathlib import Path

import platformdirs
import yaml
from loguru import logger

from voicetype import durable
from voicetype.core.config import CONFIG_VERSION, Config, dump, file_version, parse
from voicetype.core.messages import ConfigError, Level, MessageCode, UserMessage

_APP = "VoiceType"
_FILE = "config.yaml"
_PORTABLE_MARKER = "portable"
_ENCODINGS = ("utf-8-sig", "cp1251")
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def config_dir() -> Path:
    """Folder of the settings file."""
    return _own_folder() or Path(platformdirs.user_config_dir(_APP, appauthor=False, roaming=True))


def data_dir() -> Path:
    """Folder of what the program keeps besides settings."""
    override = _own_folder()
    return override / "data" if override else Path(platformdirs.user_data_dir(_APP, appauthor=False))


def log_dir() -> Path:
    """Folder of the log files."""
    override = _own_folder()
    return override / "log" if override else Path(platformdirs.user_log_dir(_APP, appauthor=False))


def models_dir() -> Path:
    """Folder where the user's own models are."""
    return _named_by("VOICETYPE_MODELS_DIR") or data_dir() / "models"


def _own_folder() -> Path | None:
    """The one folder for everything, where the user wants that."""
    beside = Path(sys.executable).absolute().parent
    is_portable = getattr(sys, "frozen", False) and (beside / _PORTABLE_MARKER).exists()
    return _named_by("VOICETYPE_CONFIG_DIR") or (beside / "settings" if is_portable else None)


def _named_by(variable: str) -> Path | None:
    override = os.environ.get(variable)
    # The model loader and a message both need more than a path that means something in this folder only.
    return Path(override).absolute() if override else None


def runtime_name() -> str:
    """Name of the running program's socket: one for each user and settings folder."""
    identity = f"{getpass.getuser()}\n{config_dir().resolve()}"
    return f"voicetype-{hashlib.sha256(identity.encode()).hexdigest()[:16]}"


def load_config() -> tuple[Config, tuple[UserMessage, ...]]:
    """The saved settings and what is wrong with them. No file is no problem; a broken one is set aside."""
    path = config_dir() / _FILE
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return Config(), ()
    except OSError as error:
        logger.warning("cannot read the settings: {}", error)
        params = {"path": str(path), "detail": error.strerror or type(error).__name__}
        return Config(), (UserMessage(MessageCode.CONFIG_NOT_READ, Level.WARNING, params),)
    try:
        data = yaml.safe_load(decode(raw))
    except Exception as error:  # noqa: BLE001  a strange date or number makes PyYAML raise whatever Python raised
        logger.warning("the settings are broken: {}", type(error).__name__)
        return Config(), (_unreadable(path, _set_aside(path)),)
    config, problems = parse(data)
    if file_version(data) > CONFIG_VERSION:
        params = {"path": str(path), "version": str(file_version(data))}
        problems = (UserMessage(MessageCode.CONFIG_NEWER, Level.WARNING, params), *problems)
    return config, problems


def save_config(config: Config) -> None:
    """Write the settings; a crash leaves the old file or the new one. Raises ConfigError (CONFIG_NOT_SAVED, _NEWER)."""
    path = config_dir() / _FILE
    _refuse_newer(path)
    text = yaml.safe_dump(dump(config), allow_unicode=True, sort_keys=False)
    try:
        write_text(path, text)
    except OSError as error:
        raise ConfigError(MessageCode.CONFIG_NOT_SAVED, path=path, detail=error.strerror or error) from error


def write_text(path: Path, text: str) -> None:
    """Write a file of the user's; a crash leaves the old one or the new one. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Made readable by the user only.
    handle, name = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        durable.patiently(lambda: os.replace(name, path))
    finally:
        Path(name).unlink(missing_ok=True)


def _refuse_newer(path: Path) -> None:
    try:
        version = file_version(yaml.safe_load(decode(path.read_bytes())))
    except Exception:  # noqa: BLE001  what cannot be read is not newer; see `load_config` for the errors
        return
    if version > CONFIG_VERSION:
        raise ConfigError(MessageCode.CONFIG_NEWER, path=path, version=version)


def decode(raw: bytes) -> str:
    """The text of a file that a person wrote: Notepad writes UTF-8, with a mark or not, UTF-16 or the code page.

    Raises UnicodeDecodeError for what is no text.
    """
    if raw.startswith(_UTF16_MARKS):
        return raw.decode("utf-16")
    for encoding in _ENCODINGS[:-1]:
        with contextlib.suppress(UnicodeDecodeError):
            return raw.decode(encoding)
    return raw.decode(_ENCODINGS[-1])


def _set_aside(path: Path) -> Path | None:
    stamp = datetime.datetime.now().strftime("%Y%m%d-%H%M%S")
    backup = path.with_name(f"config.broken.{stamp}.yaml")
    try:
        shutil.copy2(path, backup)
    except OSError as error:
        logger.warning("cannot set the broken settings aside: {}", error)
        return None
    return backup


def _unreadable(path: Path, backup: Path | None) -> UserMessage:
    if backup is None:
        params = {"path": str(path), "detail": "YAML"}
        return UserMessage(MessageCode.CONFIG_NOT_READ, Level.WARNING, params)
    params = {"path": str(path), "backup": str(backup)}
    return UserMessage(MessageCode.CONFIG_UNREADABLE, Level.WARNING, params)
