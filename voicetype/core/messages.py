"""What the program tells its user: message codes and the exceptions that carry them.

The core knows codes and parameters only; `voicetype.ui.messages` turns a code into one clear sentence in the
user's language. So a log line, a tray balloon and the terminal all say the same thing. Any thread; pure.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field


class Level(enum.Enum):
    """How loudly a message is told."""

    INFO = "info"
    """Worth knowing; nothing is wrong."""
    WARNING = "warning"
    """Something works less well than the user expects."""
    ERROR = "error"
    """Something does not work until the user acts."""


class MessageCode(enum.Enum):
    """Every sentence the program can say about its state. Comments list the parameters."""

    NO_MICROPHONE = "no_microphone"  # -
    MICROPHONE_BUSY = "microphone_busy"  # device
    MICROPHONE_LOST = "microphone_lost"  # device
    MICROPHONE_FAILED = "microphone_failed"  # device, detail
    MICROPHONE_SWITCHED = "microphone_switched"  # device, next
    MICROPHONE_BACK = "microphone_back"  # device
    NO_SIGNAL = "no_signal"  # device
    MICROPHONE_NOT_FOUND = "microphone_not_found"  # device (configured by name, absent)
    AUDIO_OVERFLOW = "audio_overflow"  # seconds
    NOTHING_RECOGNIZED = "nothing_recognized"  # -
    DICTATION_CANCELLED = "dictation_cancelled"  # -
    SOUND_LEFT = "sound_left"  # count, seconds (of dictations of an earlier run that have no text)
    SOUND_KEPT = "sound_kept"  # -
    JOURNAL_NOT_WRITTEN = "journal_not_written"  # path, detail
    JOURNAL_FULL = "journal_full"  # limit_mb
    JOURNAL_DISK_FULL = "journal_disk_full"  # path, free_mb
    JOURNAL_BUSY = "journal_busy"  # path
    JOURNAL_OLD_DELETED = "journal_old_deleted"  # count
    JOURNAL_NOT_READ = "journal_not_read"  # path, detail
    SOUND_NOT_DELETED = "sound_not_deleted"  # path, detail
    RECORDING_NOT_KEPT = "recording_not_kept"  # path, detail
    HISTORY_NOT_AVAILABLE = "history_not_available"  # path, detail
    HISTORY_BROKEN = "history_broken"  # path, backup
    HISTORY_NEWER = "history_newer"  # path, version
    MODEL_MISSING = "model_missing"  # path
    MODEL_FILE_EMPTY = "model_file_empty"  # path
    MODEL_FILE_UNREADABLE = "model_file_unreadable"  # path
    MODEL_PATH_NOT_LATIN = "model_path_not_latin"  # path
    MODEL_CHECKSUM = "model_checksum"  # expected, actual, path
    MODEL_NOT_AVAILABLE = "model_not_available"  # name, status, reason
    MODEL_BROKEN = "model_broken"  # path, detail
    MEMORY_SHORT = "memory_short"  # need, free (MB)
    MODEL_TIMEOUT = "model_timeout"  # name, seconds
    ENGINE_DIED = "engine_died"  # name, detail
    PUNCTUATION_FAILED = "punctuation_failed"  # detail
    SILERO_NOT_INSTALLED = "silero_not_installed"  # path (where its file belongs)
    DEMO_MODEL = "demo_model"  # -
    CATALOGUE_BROKEN = "catalogue_broken"  # path, detail
    MODEL_UNKNOWN = "model_unknown"  # name, known
    MODEL_INSTALLED = "model_installed"  # name
    MODEL_IMPORT_ONLY = "model_import_only"  # name, homepage
    MODEL_NOT_INSTALLED = "model_not_installed"  # name, path
    MODEL_DAMAGED = "model_damaged"  # name, files
    MODEL_NAME_INVALID = "model_name_invalid"  # name
    NOT_A_MODEL = "not_a_model"  # path, missing
    IMPORT_NOT_FOUND = "import_not_found"  # path
    DOWNLOAD_FORBIDDEN = "download_forbidden"  # name, variable, folder
    DOWNLOAD_FAILED = "download_failed"  # url, detail
    DOWNLOAD_DAMAGED = "download_damaged"  # url, expected, actual
    INSTALL_CANCELLED = "install_cancelled"  # name
    INSTALL_BUSY = "install_busy"  # path
    DISK_FULL = "disk_full"  # path, needed_mb, free_mb
    ARCHIVE_UNSAFE = "archive_unsafe"  # path, detail (what in it, and why)
    ARCHIVE_BROKEN = "archive_broken"  # path, detail
    FOLDER_NOT_WRITABLE = "folder_not_writable"  # path, detail
    FILE_IN_USE = "file_in_use"  # path, detail
    HOTKEY_INVALID = "hotkey_invalid"  # hotkey, action
    HOTKEY_NEEDS_MODIFIER = "hotkey_needs_modifier"  # hotkey, action
    HOTKEY_TAKEN = "hotkey_taken"  # hotkey, action
    HOTKEY_TWICE = "hotkey_twice"  # hotkey, action, other (action)
    HOTKEY_MISSING = "hotkey_missing"  # action
    HOTKEY_UNAVAILABLE = "hotkey_unavailable"  # detail
    NO_DISPLAY = "no_display"  # -
    SAMPLE_DICTATION = "sample_dictation"  # -
    NO_TRAY = "no_tray"  # -
    WAYLAND_NO_HOTKEY = "wayland_no_hotkey"  # command
    WAYLAND_NO_WTYPE = "wayland_no_wtype"  # -
    WAYLAND_NO_YDOTOOL = "wayland_no_ydotool"  # -
    WAYLAND_YDOTOOL_OLD = "wayland_ydotool_old"  # -
    WAYLAND_NO_YDOTOOLD = "wayland_no_ydotoold"  # -
    WAYLAND_NO_CLIPBOARD = "wayland_no_clipboard"  # -
    SECOND_INSTANCE = "second_instance"  # -
    INSTANCE_STUCK = "instance_stuck"  # -
    NOT_RUNNING = "not_running"  # -
    INSERTION_FAILED = "insertion_failed"  # detail (the text is in the clipboard)
    NO_TARGET = "no_target"  # - (the text is in the clipboard, likewise with all TARGET_ below)
    TARGET_CLOSED = "target_closed"  # app
    TARGET_FORBIDDEN = "target_forbidden"  # app (a password prompt)
    TARGET_OWN = "target_own"  # -
    TARGET_ELEVATED = "target_elevated"  # app
    KEYBOARD_TAKEN = "keyboard_taken"  # - (the text is in the clipboard)
    TEXT_HELD = "text_held"  # app (the text waits)
    TYPING_INTERRUPTED = "typing_interrupted"  # - (the rest is in the clipboard, and waits)
    LIVE_NOT_HERE = "live_not_here"  # app
    CLIPBOARD_TAKEN = "clipboard_taken"  # - (neither in the window nor in the clipboard)
    UNDO_REFUSED = "undo_refused"  # -
    NOTHING_TO_REPEAT = "nothing_to_repeat"  # -
    TEXT_TOUCHED = "text_touched"  # -
    TEXT_COPIED = "text_copied"  # -
    CONFIG_VALUE_INVALID = "config_value_invalid"  # field, value, default
    CONFIG_NOT_TEXT = "config_not_text"  # field, value (YAML read on/no/1:30 as another type: quote it)
    CONFIG_UNKNOWN_FIELD = "config_unknown_field"  # field, suggestion ("" when none)
    CONFIG_UNREADABLE = "config_unreadable"  # path, backup
    CONFIG_NOT_READ = "config_not_read"  # path, detail
    CONFIG_NEWER = "config_newer"  # path, version
    CONFIG_NOT_SAVED = "config_not_saved"  # path, detail
    AUTOSTART_NOT_SET = "autostart_not_set"  # detail
    COMMANDS_NOT_READ = "commands_not_read"  # path, detail
    TERMS_ADDED = "terms_added"  # count
    VOCABULARY_NOT_READ = "vocabulary_not_read"  # path, detail
    VOCABULARY_NEWER = "vocabulary_newer"  # path, version
    VOCABULARY_UNKNOWN_KEY = "vocabulary_unknown_key"  # path, entry, key, suggestion ("" when none)
    VOCABULARY_INVALID = "vocabulary_invalid"  # path, entry, key, value
    VOCABULARY_NOT_SPOKEN = "vocabulary_not_spoken"  # path, entry, value
    VOCABULARY_RULE_INVALID = "vocabulary_rule_invalid"  # path, entry, value, detail
    VOCABULARY_RULE_SLOW = "vocabulary_rule_slow"  # rule
    VOCABULARY_NOT_SAVED = "vocabulary_not_saved"  # path, detail
    VOCABULARY_FORMS_MISSING = "vocabulary_forms_missing"  # detail
    FILE_NOT_FOUND = "file_not_found"  # path
    TEXT_UNREADABLE = "text_unreadable"  # path, detail
    TEXT_WITHOUT_WORDS = "text_without_words"  # path
    SOUND_UNREADABLE = "sound_unreadable"  # path, detail
    TABLE_LINE_BROKEN = "table_line_broken"  # path, line
    NO_RECORDINGS = "no_recordings"  # path
    UNEXPECTED_ERROR = "unexpected_error"  # log


@dataclass(frozen=True)
class UserMessage:
    """One sentence for the user, still without a language.

    Attributes:
        code: which sentence.
        level: how loudly it is told.
        params: values that the sentence names; never dictated text.
    """

    code: MessageCode
    level: Level = Level.ERROR
    params: Mapping[str, str] = field(default_factory=dict)


class VoiceTypeError(Exception):
    """Base of the expected failures. Carries the message that the user is told."""

    def __init__(self, code: MessageCode, level: Level = Level.ERROR, **params: object) -> None:
        self.message = UserMessage(code, level, {key: str(value) for key, value in params.items()})
        super().__init__(code.value, self.message.params)


class ConfigError(VoiceTypeError):
    """A settings file or a value in it cannot be used, or a setting of the system cannot be changed."""


class AudioError(VoiceTypeError):
    """The microphone cannot be opened or went away."""


class RecordsError(VoiceTypeError):
    """The journal of a dictation or the history cannot be written or read."""


class ModelError(VoiceTypeError):
    """A model cannot be loaded or its engine failed."""


class InstallError(VoiceTypeError):
    """A model cannot be fetched, unpacked, installed, checked or removed."""


class EvaluationError(VoiceTypeError):
    """A file that a model is to be measured on cannot be used."""


class HotkeyError(VoiceTypeError):
    """A hotkey is not valid or cannot be registered."""


class InsertionError(VoiceTypeError):
    """The text could not be put into the focused window."""


class TypingInterrupted(InsertionError):
    """The focus left the window before all was typed. What was typed stands there.

    Attributes:
        typed: how many characters of the text were typed; less than 0 when so many were still to be erased before.
        rest: what was not typed.
    """

    def __init__(self, typed: int, rest: str = "") -> None:
        super().__init__(MessageCode.TYPING_INTERRUPTED, Level.WARNING)
        self.typed = typed
        self.rest = rest
