"""Sentences about microphones and what they hear; see `message_texts`. Main thread; may import `i18n`, `core`."""

from __future__ import annotations

from collections.abc import Mapping

from voicetype.core.messages import MessageCode
from voicetype.i18n import translate


def audio_templates() -> Mapping[MessageCode, str]:
    """The sentences in the language of this moment."""
    return {
        MessageCode.NO_MICROPHONE: translate("Messages", "No microphone was found. Connect one and try again."),
        MessageCode.MICROPHONE_BUSY: translate(
            "Messages",
            "The microphone ({device}) is in use by another program. Close that program or choose another microphone.",
        ),
        MessageCode.MICROPHONE_LOST: translate(
            "Messages",
            "The microphone ({device}) was disconnected. What you said until then is kept; plug it in again or choose "
            "another one, then go on.",
        ),
        MessageCode.MICROPHONE_FAILED: translate(
            "Messages",
            "The microphone ({device}) does not work. Choose another one in the settings. Details: {detail}",
        ),
        MessageCode.MICROPHONE_NOT_FOUND: translate(
            "Messages", "The microphone ({device}) is not connected. Connect it or choose another one in the settings."
        ),
        MessageCode.MICROPHONE_SWITCHED: translate(
            "Messages",
            "The microphone ({device}) was disconnected. Recording goes on with {next}; what you said before is kept.",
        ),
        MessageCode.MICROPHONE_BACK: translate(
            "Messages",
            "The microphone ({device}) was away for a moment. Recording goes on with it; what you said before is kept.",
        ),
        MessageCode.NO_SIGNAL: translate(
            "Messages",
            "There is no signal from the microphone ({device}). Check whether it is muted, or choose another one in "
            "the settings.",
        ),
        MessageCode.AUDIO_OVERFLOW: translate(
            "Messages",
            "The computer could not keep up: {seconds} s of your speech are missing in the text. "
            "Choose a smaller model, or keep more speech in the audio settings.",
        ),
        MessageCode.NOTHING_RECOGNIZED: translate(
            "Messages", "No words were recognised. Check in the audio settings that the level moves when you speak."
        ),
        **_outcome_templates(),
    }


def _outcome_templates() -> Mapping[MessageCode, str]:
    return {
        MessageCode.DICTATION_CANCELLED: translate(
            "Messages", "Cancelled: nothing was inserted. The text is kept, in case you want it after all."
        ),
        MessageCode.SOUND_LEFT: translate(
            "Messages",
            "The program ended before it could recognise what you said (recordings: {count}, {seconds} s). "
            "Recognise it now? The text will be in the clipboard.",
        ),
        MessageCode.SOUND_KEPT: translate(
            "Messages",
            "The text may be incomplete, so the recording was kept. Recognise it again? The text will be in the "
            "clipboard.",
        ),
    }
