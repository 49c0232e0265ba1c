"""One sentence for each message code, with places for its parameters. Main thread; may import `i18n`, `core`, `ui`."""

from __future__ import annotations

from collections.abc import Mapping

from voicetype.core.messages import MessageCode
from voicetype.i18n import translate
from voicetype.ui.audio_texts import audio_templates
from voicetype.ui.record_texts import record_templates
from voicetype.ui.target_texts import target_templates


def templates() -> Mapping[MessageCode, str]:
    """The sentences in the language of this moment."""
    return {
        **audio_templates(),
        **record_templates(),
        **_model_file_templates(),
        **_model_templates(),
        **_catalogue_templates(),
        **_install_templates(),
        **_insertion_templates(),
        **target_templates(),
        **_hotkey_templates(),
        **_desktop_templates(),
        **_wayland_templates(),
        **_config_templates(),
        **_evaluation_templates(),
        **_vocabulary_templates(),
    }


def _model_file_templates() -> Mapping[MessageCode, str]:
    return {
        MessageCode.MODEL_MISSING: translate(
            "Messages", "Model file not found: {path}. Put it there or choose another model in the settings."
        ),
        MessageCode.MODEL_FILE_EMPTY: translate(
            "Messages", "Model file is empty (0 bytes): {path}. Copy the model again."
        ),
        MessageCode.MODEL_FILE_UNREADABLE: translate(
            "Messages", "Model file is not readable (permission denied): {path}. Allow reading it, or copy it anew."
        ),
        MessageCode.MODEL_PATH_NOT_LATIN: translate(
            "Messages",
            "The recogniser cannot open {path}: its name has other than Latin letters, and Windows keeps no short one. "
            "Move the models to a folder with a Latin name, on a drive of this computer.",
        ),
        MessageCode.MODEL_CHECKSUM: translate(
            "Messages", "Checksum mismatch! Expected: {expected}, Got: {actual}. {path} is damaged: install it again."
        ),
    }


def _model_templates() -> Mapping[MessageCode, str]:
    return {
        MessageCode.MODEL_NOT_AVAILABLE: translate(
            "Messages", "Model '{name}' is not available (status: {status}). Loading failed with: {reason}"
        ),
        MessageCode.MODEL_BROKEN: translate(
            "Messages", "The model at {path} is damaged. Copy it again or choose another one. Details: {detail}"
        ),
        MessageCode.MEMORY_SHORT: translate(
            "Messages",
            "The models need some {need} MB of memory and {free} MB are free, so everything may become slow. "
            "Close other programs, or choose smaller models in the settings.",
        ),
        MessageCode.MODEL_TIMEOUT: translate(
            "Messages",
            "The {name} did not load within {seconds} s. Try again, or allow more time in the model settings.",
        ),
        MessageCode.ENGINE_DIED: translate(
            "Messages", "The process of the {name} has stopped; the next dictation starts it anew. Details: {detail}"
        ),
        MessageCode.PUNCTUATION_FAILED: translate(
            "Messages",
            "The punctuation model failed, so the text came without it. The next dictation tries again. "
            "Details: {detail}",
        ),
        MessageCode.SILERO_NOT_INSTALLED: translate(
            "Messages",
            "Silero TE needs torch, which VoiceType does not bring along. Run pip install voicetype[silero], put the "
            "model's file at {path}, and try again.",
        ),
        MessageCode.DEMO_MODEL: translate(
            "Messages",
            "The bundled speech model is only a demonstration: it knows few words and synthetic voices. "
            "Install a full Vosk model for real work.",
        ),
    }


def _catalogue_templates() -> Mapping[MessageCode, str]:
    return {
        MessageCode.CATALOGUE_BROKEN: translate(
            "Messages", "The list of models {path} cannot be read. Install VoiceType again. Details: {detail}"
        ),
        MessageCode.MODEL_INSTALLED: translate(
            "Messages",
            "The model {name} is installed. The next dictation uses it, unless the model settings name another one.",
        ),
        MessageCode.MODEL_UNKNOWN: translate(
            "Messages", "There is no model “{name}” in the list. Choose one of these: {known}."
        ),
        MessageCode.MODEL_IMPORT_ONLY: translate(
            "Messages",
            "“{name}” cannot be downloaded ready to use. Make or fetch it yourself (see {homepage}), "
            "then run “voicetype models import FOLDER”.",
        ),
        MessageCode.MODEL_NOT_INSTALLED: translate(
            "Messages",
            "The model “{name}” is not installed: there is no {path}. “voicetype models list” shows what is.",
        ),
        MessageCode.MODEL_DAMAGED: translate(
            "Messages", "The model “{name}” is damaged or was changed ({files}). Install it again."
        ),
        MessageCode.MODEL_NAME_INVALID: translate(
            "Messages", "“{name}” cannot be a model's folder name. Give another one with --name."
        ),
        MessageCode.NOT_A_MODEL: translate(
            "Messages", "Neither a Vosk model nor a RUPunct model: {path} lacks {missing}."
        ),
        MessageCode.IMPORT_NOT_FOUND: translate(
            "Messages", "There is no folder and no zip archive {path}. Check the path."
        ),
    }


def _install_templates() -> Mapping[MessageCode, str]:
    return {
        MessageCode.DOWNLOAD_FORBIDDEN: translate(
            "Messages",
            "Downloads are forbidden here ({variable} is set). Put the model “{name}” into {folder}, "
            "or run “voicetype models import PATH”.",
        ),
        MessageCode.DOWNLOAD_FAILED: translate(
            "Messages",
            "The download failed; what has arrived is kept, so try again later. Address: {url}. Details: {detail}",
        ),
        MessageCode.DOWNLOAD_DAMAGED: translate(
            "Messages",
            "What {url} sent is not the model that is known here and was deleted. Expected: {expected}, got: {actual}.",
        ),
        MessageCode.INSTALL_CANCELLED: translate(
            "Messages", "The installation of “{name}” was cancelled. What has arrived is kept for the next time."
        ),
        MessageCode.INSTALL_BUSY: translate(
            "Messages", "Another VoiceType is installing models in {path} just now. Wait until it is done."
        ),
        MessageCode.DISK_FULL: translate(
            "Messages", "There is too little space in {path}: {needed_mb} MB are needed, {free_mb} MB are free."
        ),
        MessageCode.ARCHIVE_UNSAFE: translate(
            "Messages",
            "Nothing was installed: {path} holds what no model needs and what may do harm. Details: {detail}",
        ),
        MessageCode.ARCHIVE_BROKEN: translate(
            "Messages", "The archive {path} is damaged. Download or copy it again. Details: {detail}"
        ),
        MessageCode.FOLDER_NOT_WRITABLE: translate(
            "Messages", "It is not possible to write to {path}. Check the folder's permissions. Details: {detail}"
        ),
        MessageCode.FILE_IN_USE: translate(
            "Messages",
            "Another program holds {path}. Quit VoiceType in the tray or wait for the antivirus, then try again. "
            "Details: {detail}",
        ),
    }


def _insertion_templates() -> Mapping[MessageCode, str]:
    return {
        MessageCode.UNDO_REFUSED: translate(
            "Messages",
            "Nothing was taken back: what stands before the cursor may not be what VoiceType wrote. Delete it by hand.",
        ),
        MessageCode.NOTHING_TO_REPEAT: translate("Messages", "Nothing has been inserted yet that could be repeated."),
        MessageCode.TEXT_TOUCHED: translate(
            "Messages",
            "You typed or clicked while the text was still growing, so what stood there was left as it was. "
            "Check the end of the text.",
        ),
    }


def _hotkey_templates() -> Mapping[MessageCode, str]:
    return {
        MessageCode.HOTKEY_INVALID: translate(
            "Messages", "“{hotkey}” is not a key combination. Write it like Ctrl+Alt+Space."
        ),
        MessageCode.HOTKEY_NEEDS_MODIFIER: translate(
            "Messages", "“{hotkey}” would get in the way of typing. Add Ctrl, Alt or Win."
        ),
        MessageCode.HOTKEY_TAKEN: translate(
            "Messages", "“{hotkey}” ({action}) is taken by another program. Choose another combination."
        ),
        MessageCode.HOTKEY_TWICE: translate(
            "Messages",
            "“{hotkey}” cannot be for both “{other}” and “{action}”. Choose another combination for one of them.",
        ),
        MessageCode.HOTKEY_MISSING: translate(
            "Messages", "No hotkey would start dictation. Set one of the first three."
        ),
        MessageCode.HOTKEY_UNAVAILABLE: translate(
            "Messages", "The hotkey cannot work here; start dictation from the tray icon. Details: {detail}"
        ),
    }


def _desktop_templates() -> Mapping[MessageCode, str]:
    return {
        MessageCode.NO_DISPLAY: translate(
            "Messages", "There is no display, so there is no window to type into. Start VoiceType in a desktop session."
        ),
        MessageCode.SAMPLE_DICTATION: translate(
            "Messages", "A bundled sample is dictated instead, with everything else as usual."
        ),
        MessageCode.NO_TRAY: translate(
            "Messages", "This desktop shows no tray icons. VoiceType still works: use the hotkey and this window."
        ),
        MessageCode.SECOND_INSTANCE: translate(
            "Messages", "VoiceType is already running; it was told to start or stop dictation."
        ),
        MessageCode.INSTANCE_STUCK: translate(
            "Messages",
            "VoiceType is already running but does not answer. End it in the task manager, then start it anew.",
        ),
        MessageCode.NOT_RUNNING: translate("Messages", "VoiceType is not running. Start it first."),
        MessageCode.INSERTION_FAILED: translate(
            "Messages",
            "The text could not be inserted. It is in the clipboard: paste it where you need it. Details: {detail}",
        ),
        MessageCode.CLIPBOARD_TAKEN: translate(
            "Messages",
            "The text could not be pasted, and something else was copied meanwhile, so it is not in the clipboard"
            " either. Insert it again.",
        ),
        MessageCode.TEXT_COPIED: translate("Messages", "The text is in the clipboard: paste it where you need it."),
        MessageCode.UNEXPECTED_ERROR: translate(
            "Messages", "Something unexpected went wrong. Try again; if it stays, send the log file. Log: {log}"
        ),
    }


def _wayland_templates() -> Mapping[MessageCode, str]:
    return {
        MessageCode.WAYLAND_NO_HOTKEY: translate(
            "Messages",
            "VoiceType gets no hotkeys from this Wayland desktop. "
            "In its keyboard settings, let a key run the command “{command}”.",
        ),
        MessageCode.WAYLAND_NO_WTYPE: translate(
            "Messages", "Texts go to the clipboard, since under Wayland a helper has to type them. Install wtype."
        ),
        MessageCode.WAYLAND_NO_YDOTOOL: translate(
            "Messages",
            "Texts go to the clipboard, since on this Wayland desktop only ydotool could type them. "
            "Install version 1.0 or newer and start its service ydotoold.",
        ),
        MessageCode.WAYLAND_YDOTOOL_OLD: translate(
            "Messages",
            "Texts go to the clipboard, since the installed ydotool is too old. "
            "Install version 1.0 or newer and start its service ydotoold.",
        ),
        MessageCode.WAYLAND_NO_YDOTOOLD: translate(
            "Messages",
            "Texts go to the clipboard, since the service of ydotool does not answer. "
            "Start ydotoold and give your user access to its socket.",
        ),
        MessageCode.WAYLAND_NO_CLIPBOARD: translate(
            "Messages",
            "Under Wayland a text reaches the clipboard for sure only through a helper. Install wl-clipboard.",
        ),
    }


def _config_templates() -> Mapping[MessageCode, str]:
    return {
        MessageCode.CONFIG_VALUE_INVALID: translate(
            "Messages", "The setting {field} cannot be “{value}”; “{default}” is used. Change it in the settings."
        ),
        MessageCode.CONFIG_NOT_TEXT: translate(
            "Messages", "The setting {field} must be text: put {value} in quotes in the settings file."
        ),
        MessageCode.CONFIG_UNKNOWN_FIELD: translate(
            "Messages", "The setting “{field}” is unknown and has no effect. Remove it from the settings file."
        ),
        MessageCode.CONFIG_UNREADABLE: translate(
            "Messages",
            "The settings file {path} could not be read, so the defaults are used. The old file is kept as {backup}.",
        ),
        MessageCode.CONFIG_NOT_READ: translate(
            "Messages",
            "The settings file {path} cannot be read, so the defaults are used. Look at it, or delete it. "
            "Details: {detail}",
        ),
        MessageCode.CONFIG_NEWER: translate(
            "Messages",
            "The settings file {path} is from a newer VoiceType (version {version}). Update the program to change it.",
        ),
        MessageCode.CONFIG_NOT_SAVED: translate(
            "Messages", "The settings could not be saved to {path}. They hold until you quit. Details: {detail}"
        ),
        MessageCode.AUTOSTART_NOT_SET: translate(
            "Messages",
            "The start at sign-in could not be changed. Set it in the system's own settings. Details: {detail}",
        ),
    }


def _vocabulary_templates() -> Mapping[MessageCode, str]:
    return {
        MessageCode.COMMANDS_NOT_READ: translate(
            "Messages",
            "The voice commands in {path} cannot be read, so the usual ones hold. Correct them. Details: {detail}",
        ),
        MessageCode.TERMS_ADDED: translate("Messages", "Terms added to the vocabulary: {count}."),
        MessageCode.VOCABULARY_NOT_READ: translate(
            "Messages", "The vocabulary {path} cannot be read, so it is not used. Correct it. Details: {detail}"
        ),
        MessageCode.VOCABULARY_NEWER: translate(
            "Messages",
            "The vocabulary {path} is from a newer VoiceType (version {version}). Update the program to change it.",
        ),
        MessageCode.VOCABULARY_UNKNOWN_KEY: translate(
            "Messages", "Vocabulary {path}, {entry}: “{key}” is unknown and has no effect. Remove it."
        ),
        MessageCode.VOCABULARY_INVALID: translate(
            "Messages", "Vocabulary {path}, {entry}: “{key}” cannot be “{value}”. This entry is left out; correct it."
        ),
        MessageCode.VOCABULARY_NOT_SPOKEN: translate(
            "Messages",
            "Vocabulary {path}, {entry}: “{value}” is left out. "
            "Give what is said in Russian letters and, where it differs, what to write.",
        ),
        MessageCode.VOCABULARY_RULE_INVALID: translate(
            "Messages",
            "Vocabulary {path}, {entry}: the rule “{value}” is not a valid expression and is left out. "
            "Details: {detail}",
        ),
        MessageCode.VOCABULARY_RULE_SLOW: translate(
            "Messages", "The rule “{rule}” takes too long or writes too much, so it was not applied. Make it simpler."
        ),
        MessageCode.VOCABULARY_NOT_SAVED: translate(
            "Messages", "The vocabulary could not be saved to {path}. Details: {detail}"
        ),
        MessageCode.VOCABULARY_FORMS_MISSING: translate(
            "Messages",
            "The forms of the vocabulary's words could not be made, so only the given forms are recognised. "
            "Details: {detail}",
        ),
    }


def _evaluation_templates() -> Mapping[MessageCode, str]:
    return {
        MessageCode.FILE_NOT_FOUND: translate("Messages", "There is no file {path}."),
        MessageCode.TEXT_UNREADABLE: translate("Messages", "The file {path} cannot be read as text. Details: {detail}"),
        MessageCode.TEXT_WITHOUT_WORDS: translate("Messages", "The text of {path} has no words."),
        MessageCode.SOUND_UNREADABLE: translate(
            "Messages", "The file {path} cannot be read as sound; save it as WAV (PCM). Details: {detail}"
        ),
        MessageCode.TABLE_LINE_BROKEN: translate(
            "Messages", "Line {line} of {path} is not the path of a sound file, a tab and its text."
        ),
        MessageCode.NO_RECORDINGS: translate(
            "Messages",
            "There are no recordings in {path}. Give a folder of WAV and TXT files, or a table of paths and texts.",
        ),
    }
