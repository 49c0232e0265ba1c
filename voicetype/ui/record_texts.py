"""Sentences about what is kept of dictations: journal, recordings, history. Main thread; may import `i18n`, `core`."""

from __future__ import annotations

from collections.abc import Mapping

from voicetype.core.messages import MessageCode
from voicetype.i18n import translate


def record_templates() -> Mapping[MessageCode, str]:
    """The sentences in the language of this moment."""
    return {**_journal_templates(), **_history_templates()}


def _journal_templates() -> Mapping[MessageCode, str]:
    return {
        MessageCode.JOURNAL_NOT_WRITTEN: translate(
            "Messages",
            "Your speech cannot be saved to {path} while you speak, so a crash now would lose it. The dictation goes "
            "on. Check the folder's permissions. Details: {detail}",
        ),
        MessageCode.JOURNAL_FULL: translate(
            "Messages",
            "This dictation is too long to be saved on the disk whole (more than {limit_mb} MB), so a crash now would "
            "lose its end. It goes on; stop it and begin a new one.",
        ),
        MessageCode.JOURNAL_DISK_FULL: translate(
            "Messages",
            "The disk is nearly full ({free_mb} MB free in {path}), so your speech is not saved while you speak and a "
            "crash now would lose it. The dictation goes on. Free some space.",
        ),
        MessageCode.JOURNAL_BUSY: translate(
            "Messages",
            "Another VoiceType uses {path}, so your speech is not saved while you speak and a crash now would lose it. "
            "The dictation goes on. Quit the other one.",
        ),
        MessageCode.JOURNAL_OLD_DELETED: translate(
            "Messages",
            "The speech of {count} interrupted dictations was deleted, since it took too much space. "
            "Recognise or delete the rest.",
        ),
        MessageCode.JOURNAL_NOT_READ: translate(
            "Messages",
            "Speech that an interrupted dictation may have left in {path} cannot be read. Check the permissions. "
            "Details: {detail}",
        ),
    }


def _history_templates() -> Mapping[MessageCode, str]:
    return {
        MessageCode.SOUND_NOT_DELETED: translate(
            "Messages", "The speech in {path} could not be deleted. Delete the file yourself. Details: {detail}"
        ),
        MessageCode.RECORDING_NOT_KEPT: translate(
            "Messages",
            "The recording could not be put into {path}. Check the folder's permissions. Details: {detail}",
        ),
        MessageCode.HISTORY_NOT_AVAILABLE: translate(
            "Messages",
            "The history {path} cannot be used, so texts are not kept there. Dictation works without it. "
            "Check the file's permissions. Details: {detail}",
        ),
        MessageCode.HISTORY_BROKEN: translate(
            "Messages", "The history {path} is damaged, so a new one begins. The old file is kept as {backup}."
        ),
        MessageCode.HISTORY_NEWER: translate(
            "Messages",
            "The history {path} is from a newer VoiceType (version {version}), so texts are not kept there. "
            "Update the program.",
        ),
    }
