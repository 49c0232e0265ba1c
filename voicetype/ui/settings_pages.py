"""What the settings window shows: pages of rows as data. GUI thread; may import `i18n`, `core`, `ui`."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from voicetype.core.hotkeys import Action
from voicetype.i18n import translate
from voicetype.ui.messages import action_names


class Kind(enum.Enum):
    """How a setting is edited."""

    AUTO = "auto"
    """By its type: a tick, a number or, with `choices`, a list."""
    HOTKEY = "hotkey"
    DEVICE = "device"
    SPEECH_MODEL = "speech model"
    PUNCTUATION_MODEL = "punctuation model"


@dataclass(frozen=True)
class Row:
    """One setting.

    Attributes:
        field: what it edits, "section.field".
        label: its name.
        hint: a sentence under it.
        kind: the editor.
        choices: (value, name) of each choice.
        unit: stands behind a number.
        zero: what the number 0 reads as.
    """

    field: str
    label: str
    hint: str = ""
    kind: Kind = Kind.AUTO
    choices: tuple[tuple[str, str], ...] = ()
    unit: str = ""
    zero: str = ""


MAIN, HOTKEYS, AUDIO, RECOGNITION = "main", "hotkeys", "audio", "recognition"
TEXT, HISTORY, MODELS, LIBRARY = "text", "history", "models", "library"


def titles() -> Mapping[str, str]:
    """The pages in order, with their titles."""
    return {
        MAIN: translate("Settings", "Main"),
        HOTKEYS: translate("Settings", "Hotkeys"),
        AUDIO: translate("Settings", "Audio"),
        RECOGNITION: translate("Settings", "Recognition"),
        TEXT: translate("Settings", "Text"),
        HISTORY: translate("Settings", "History"),
        MODELS: translate("Settings", "Models"),
        LIBRARY: translate("Settings", "Library"),
    }


def rows() -> Mapping[str, tuple[Row, ...]]:
    """The rows of each page, in the language of this moment."""
    return {
        MAIN: _main_rows(),
        HOTKEYS: _hotkey_rows(),
        AUDIO: _audio_rows(),
        RECOGNITION: _recognition_rows(),
        TEXT: _text_rows(),
        HISTORY: _history_rows(),
        MODELS: _model_rows(),
    }


def _main_rows() -> tuple[Row, ...]:
    return (
        Row(
            "ui.language",
            translate("Settings", "Language"),
            choices=(("auto", translate("Settings", "As the system")), ("ru", "Русский"), ("en", "English")),
        ),
        Row("ui.overlay", translate("Settings", "Show level and live text while dictating")),
    )


def _hotkey_rows() -> tuple[Row, ...]:
    names = action_names()
    hints = {
        Action.TOGGLE: translate(
            "Settings",
            "Click a field and press the combination or mouse button, or type it, for example Ctrl+Alt+Space. "
            "Empty: none.",
        ),
        Action.PUSH_TO_TALK: translate("Settings", "Dictation lasts as long as it is held."),
        Action.HOLD_OR_TAP: translate("Settings", "Held, it is push-to-talk; a tap starts, the next press stops."),
        Action.CANCEL: translate("Settings", "Other programs get it whenever nobody dictates."),
    }
    rows = [Row(f"hotkeys.{action}", names[action], hints.get(action, ""), Kind.HOTKEY) for action in Action]
    hold = Row("hotkeys.hold_ms", translate("Settings", "A hold lasts at least"), unit=translate("Settings", "ms"))
    rows.insert(1 + list(Action).index(Action.HOLD_OR_TAP), hold)
    return tuple(rows)


def _audio_rows() -> tuple[Row, ...]:
    return (
        Row("audio.device", translate("Settings", "Microphone"), kind=Kind.DEVICE),
        Row(
            "audio.pre_roll_ms",
            translate("Settings", "Listen from before the start"),
            translate(
                "Settings",
                "So that the first word is whole though you speak before you press. The microphone then stays open all "
                "the time; what it hears between dictations stays in memory for so long and is forgotten.",
            ),
            unit=translate("Settings", "ms"),
            zero=translate("Settings", "Off"),
        ),
        Row(
            "audio.tail_ms",
            translate("Settings", "Listen on after stop"),
            translate("Settings", "So that the last syllable is heard."),
            unit=translate("Settings", "ms"),
        ),
        Row(
            "audio.buffer_seconds",
            translate("Settings", "Keep speech up to"),
            translate("Settings", "What you say while the models load waits in memory."),
            unit=translate("Settings", "s"),
        ),
        Row(
            "audio.stop_after_silence_seconds",
            translate("Settings", "Stop by itself after silence of"),
            translate("Settings", "Before the first word it waits for 5 s at least."),
            unit=translate("Settings", "s"),
            zero=translate("Settings", "Never"),
        ),
        Row("audio.sounds", translate("Settings", "Sounds for start, stop and errors")),
        Row("audio.sound_volume", translate("Settings", "Volume of the sounds"), unit="%"),
    )


def _recognition_rows() -> tuple[Row, ...]:
    return (
        Row(
            "recognition.punctuation_enabled",
            translate("Settings", "Set punctuation marks and capitals"),
            translate("Settings", "Without it, only a capital at the start and a full stop at the end."),
        ),
        Row(
            "output.method",
            translate("Settings", "Insert the text by"),
            translate("Settings", "Pasting puts the clipboard back as it was."),
            choices=(
                ("type", translate("Settings", "Typing")),
                ("paste", translate("Settings", "Pasting")),
                ("clipboard", translate("Settings", "Copying to the clipboard only")),
            ),
        ),
        Row(
            "output.insert",
            translate("Settings", "When"),
            translate("Settings", "What is inserted earlier may still be corrected; that needs typing."),
            choices=(
                ("at_stop", translate("Settings", "At the end of the dictation")),
                ("by_phrase", translate("Settings", "After each pause")),
                ("live", translate("Settings", "While you speak")),
            ),
        ),
        Row(
            "output.when_focus_moved",
            translate("Settings", "If another window has the focus by then"),
            translate("Settings", "The text belongs to the window in which the dictation began."),
            choices=(
                ("refocus", translate("Settings", "Go back, insert and return")),
                ("hold", translate("Settings", "Keep the text until it is asked for")),
            ),
        ),
        Row(
            "output.no_live_in",
            translate("Settings", "Programs that get the text at the end only"),
            translate("Settings", "Names with commas. Remote desktops, virtual machines and games are known."),
        ),
        Row(
            "output.trailing_space",
            translate("Settings", "Add a space after the text"),
            translate("Settings", "The next dictation then goes on properly."),
        ),
    )


def _text_rows() -> tuple[Row, ...]:
    return (
        Row(
            "text.commands",
            translate("Settings", "Voice commands"),
            translate(
                "Settings", "“Comma”, “new paragraph”, “delete last word” and more; “literally comma” is the word."
            ),
            choices=(
                ("off", translate("Settings", "None")),
                ("phrase", translate("Settings", "Between two pauses")),
                ("prefix", translate("Settings", "Behind a word of their own")),
                ("anywhere", translate("Settings", "Anywhere")),
            ),
        ),
        Row("text.command_prefix", translate("Settings", "The word before a command")),
        *_number_rows(),
        *_typography_rows(),
    )


def _history_rows() -> tuple[Row, ...]:
    return (
        Row(
            "history.enabled",
            translate("Settings", "Keep what was dictated"),
            translate("Settings", "So that no text is lost. It stays on this computer, where only you can read it."),
        ),
        Row(
            "history.keep_days",
            translate("Settings", "Delete after"),
            translate("Settings", "Texts and recordings; 0 keeps them for ever."),
            unit=translate("Settings", "days"),
            zero=translate("Settings", "Never"),
        ),
        Row(
            "history.keep_recordings",
            translate("Settings", "Keep the sound too"),
            translate("Settings", "115 MB an hour; otherwise it is deleted as soon as its text is there."),
        ),
    )


def _number_rows() -> tuple[Row, ...]:
    return (
        Row("text.numbers", translate("Settings", "Write numbers, dates and money in digits")),
        Row(
            "text.numbers_from",
            translate("Settings", "Single numbers from"),
            translate("Settings", "Smaller ones stay words where nothing is measured or counted."),
        ),
        Row(
            "text.money",
            translate("Settings", "Money"),
            choices=(("short", "100 руб. 50 коп."), ("symbol", "100,50 ₽")),
        ),
        Row("text.group_digits", translate("Settings", "Group the digits of large numbers")),
        Row("text.roman_centuries", translate("Settings", "Roman numerals for centuries")),
    )


def _typography_rows() -> tuple[Row, ...]:
    return (
        Row(
            "text.vocabulary",
            translate("Settings", "Write terms and snippets as the vocabulary says"),
            translate("Settings", "Yours are in vocabulary.yaml in the folder of the settings."),
        ),
        Row("text.similar_words", translate("Settings", "Recognise terms that were heard nearly right")),
        Row(
            "text.style",
            translate("Settings", "Quotes and dashes"),
            choices=(
                ("typographic", translate("Settings", "Typographic: «», —")),
                ("plain", translate("Settings", "Plain, for terminals and code")),
            ),
        ),
        Row("text.keep_together", translate("Settings", "No-break spaces before dashes, units and after short words")),
        Row("text.yo", translate("Settings", "Write ё where it belongs")),
        Row(
            "text.short_words",
            translate("Settings", "No full stop up to"),
            translate("Settings", "For search fields and chats: a text of one line."),
            unit=translate("Settings", "words"),
            zero=translate("Settings", "Always a full stop"),
        ),
    )


def _model_rows() -> tuple[Row, ...]:
    return (
        Row("models.speech", translate("Settings", "Speech model"), kind=Kind.SPEECH_MODEL),
        Row("models.punctuation", translate("Settings", "Punctuation model"), kind=Kind.PUNCTUATION_MODEL),
        Row(
            "models.punctuation_backend",
            translate("Settings", "Punctuation engine"),
            choices=(
                ("onnx", "RUPunct (ONNX)"),
                ("silero", "Silero TE"),
                ("disabled", translate("Settings", "Switched off")),
            ),
        ),
        Row(
            "models.device",
            translate("Settings", "Compute the punctuation on"),
            translate("Settings", "A device that fails is replaced by the processor."),
            choices=(
                ("auto", translate("Settings", "The best device")),
                ("cpu", translate("Settings", "The processor")),
                ("dml", translate("Settings", "The graphics card (DirectML)")),
            ),
        ),
        *_memory_rows(),
    )


def _memory_rows() -> tuple[Row, ...]:
    return (
        Row(
            "models.lazy_loading",
            translate("Settings", "Load the models at the first dictation"),
            translate("Settings", "Otherwise they load right after the program starts."),
        ),
        Row(
            "models.preload",
            translate("Settings", "Load right after the start"),
            translate("Settings", "If the models do not wait for the first dictation."),
            choices=(
                ("all", translate("Settings", "Speech and punctuation")),
                ("speech", translate("Settings", "Speech only")),
            ),
        ),
        Row(
            "models.unload_timeout_minutes",
            translate("Settings", "Free the memory after"),
            translate("Settings", "Counted from the last dictation; 0 keeps the models in memory."),
            unit=translate("Settings", "min"),
            zero=translate("Settings", "Never"),
        ),
        Row(
            "models.unload_by_memory",
            translate("Settings", "Choose that time by the machine's memory"),
            translate("Settings", "2 minutes below 6 GB, 10 below 12, 30 below 24, else 120."),
        ),
        Row(
            "models.unload_under_pressure",
            translate("Settings", "Free it also when the machine's memory fills up"),
            translate("Settings", "Never while you dictate."),
        ),
        Row("models.pressure_percent", translate("Settings", "From how full a memory on"), unit="%"),
        Row(
            "models.load_timeout_seconds",
            translate("Settings", "Give up loading after"),
            unit=translate("Settings", "s"),
        ),
    )
