"""The sentences about the window that a text is for. Main thread; may import `i18n`, `core`."""

from __future__ import annotations

from collections.abc import Mapping

from voicetype.core.messages import MessageCode
from voicetype.i18n import translate


def target_templates() -> Mapping[MessageCode, str]:
    """Their part of `message_texts.templates`."""
    return {
        MessageCode.NO_TARGET: translate(
            "Messages", "No window has the focus. The text is in the clipboard: paste it where you need it."
        ),
        MessageCode.TARGET_CLOSED: translate(
            "Messages",
            "The window of “{app}” in which the dictation began is closed. "
            "The text is in the clipboard: paste it where you need it.",
        ),
        MessageCode.TARGET_FORBIDDEN: translate(
            "Messages",
            "“{app}” asks for a password, so nothing was typed there. "
            "The text is in the clipboard: paste it where you need it.",
        ),
        MessageCode.TARGET_OWN: translate(
            "Messages",
            "The dictation began in a window of VoiceType, where nothing is typed. "
            "The text is in the clipboard: paste it where you need it.",
        ),
        MessageCode.TARGET_ELEVATED: translate(
            "Messages",
            "“{app}” runs as administrator and takes no keys from VoiceType. The text is in the clipboard: paste it "
            "there, or start VoiceType as administrator too.",
        ),
        MessageCode.KEYBOARD_TAKEN: translate(
            "Messages",
            "Another program has taken the keyboard: a password prompt, a menu or a locked screen. Nothing was typed; "
            "the text is in the clipboard.",
        ),
        MessageCode.TEXT_HELD: translate(
            "Messages",
            "The text for “{app}” waits, because another window has the focus. Go where you need it and choose "
            "“Insert the last text again”.",
        ),
        MessageCode.TYPING_INTERRUPTED: translate(
            "Messages",
            "The focus moved while the text was being typed, so the rest was not. It is in the clipboard; "
            "“Insert the last text again” in the same window types it, too.",
        ),
        MessageCode.LIVE_NOT_HERE: translate(
            "Messages", "In “{app}” a growing text could not be corrected exactly, so it comes at the end."
        ),
    }
