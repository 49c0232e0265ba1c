"""The sentences that the user reads: message codes and states put into the user's language.

Main thread; needs no more than a QCoreApplication, so that the terminal says the same as the tray. May import `qt`,
`i18n`, `core`.
"""

from __future__ import annotations

from collections.abc import Mapping

from voicetype.core.hotkeys import Action
from voicetype.core.messages import MessageCode, UserMessage
from voicetype.core.status import PUNCTUATION, SILERO, SPEECH, AppStatus, ModelState, ModelStatus, SessionState
from voicetype.i18n import translate
from voicetype.ui.detail_texts import detail_text
from voicetype.ui.message_texts import templates


class _Params(dict[str, str]):
    """Parameters of a message; one that the sender left out reads as nothing."""

    def __missing__(self, key: str) -> str:
        return ""


def text_of(message: UserMessage) -> str:
    """`message` as one sentence or two in the installed language: what is wrong, and what to do."""
    params = _Params(message.params)
    if "detail" in params:
        params["detail"] = detail_text(params["detail"])
    if "name" in params:
        params["name"] = model_name(params["name"])
    for part in ("action", "other"):
        params[part] = action_names().get(params[part], params[part])
    if not params.get("device"):
        params["device"] = translate("Messages", "default")
    if message.code is MessageCode.CONFIG_UNKNOWN_FIELD and params.get("suggestion"):
        template = translate("Messages", "The setting “{field}” is unknown. Did you mean “{suggestion}”?")
    elif message.code is MessageCode.VOCABULARY_UNKNOWN_KEY and params.get("suggestion"):
        template = translate("Messages", "Vocabulary {path}, {entry}: “{key}” is unknown. Did you mean “{suggestion}”?")
    else:
        template = templates()[message.code]
    return template.format_map(params)


def action_names() -> Mapping[str, str]:
    """What people call what a hotkey is for, by `Action`."""
    return {
        Action.TOGGLE: translate("Settings", "Start and stop dictation"),
        Action.PUSH_TO_TALK: translate("Settings", "Push to talk"),
        Action.HOLD_OR_TAP: translate("Settings", "Hold or tap"),
        Action.CANCEL: translate("Settings", "Cancel dictation"),
        Action.INSERT_AGAIN: translate("Settings", "Insert the last text again"),
        Action.UNDO_LAST: translate("Settings", "Undo the last insertion"),
        Action.COPY_LAST: translate("Settings", "Copy the last text"),
    }


def model_name(name: str) -> str:
    """What people call the model with the technical `name`."""
    names = {
        SPEECH: translate("Messages", "speech model"),
        SILERO: translate("Messages", "punctuation model"),
        PUNCTUATION: translate("Messages", "punctuation model"),
    }
    return names.get(name, name)


def session_text(status: AppStatus) -> str:
    """What the program does at the moment, in two or three words."""
    if status.session is SessionState.STARTING:
        return translate("State", "Opening the microphone…")
    if status.session is SessionState.LISTENING:
        return translate("State", "Listening")
    if loading(status) and status.session is not SessionState.IDLE:
        return translate("State", "Loading the models…")
    if status.session is SessionState.FINALIZING:
        return translate("State", "Finishing the text…")
    return translate("State", "Loading the models…") if loading(status) else translate("State", "Ready to dictate")


def model_state_text(status: ModelStatus) -> str:
    """The state of one model in a few words."""
    if status.state is ModelState.LOADING:
        return translate("State", "Loading, {percent} %").format(percent=status.progress)
    return {
        ModelState.UNLOADED: translate("State", "Not in memory"),
        ModelState.READY: translate("State", "Ready"),
        ModelState.UNLOADING: translate("State", "Leaving memory…"),
        ModelState.FAILED: translate("State", "Could not be loaded"),
        ModelState.DISABLED: translate("State", "Switched off"),
    }[status.state]


_ENGINE_NAMES = {PUNCTUATION: "RUPunct ONNX", SILERO: "Silero TE"}
_DEVICE_NAMES = {"dml": "DirectML"}


def model_text(status: ModelStatus) -> str:
    """Which model it is, and what it runs on where that is not the processor."""
    if status.name != PUNCTUATION:
        return status.model or "—"
    if status.state is ModelState.DISABLED:
        return translate("State", "Basic: a capital at the start, a full stop at the end")
    parts = [_ENGINE_NAMES.get(status.engine, ""), status.model, _DEVICE_NAMES.get(status.device, "")]
    return " · ".join(part for part in parts if part)


def fallback_text(status: ModelStatus) -> str:
    """Why it does not run on a better device; "" when it does."""
    template = translate("State", "Runs on the processor, since {device} failed: {reason}")
    return "\n".join(
        template.format(device=_DEVICE_NAMES.get(device, device), reason=reason) for device, reason in status.fallbacks
    )


def loading(status: AppStatus) -> bool:
    """Whether a model is being loaded."""
    return ModelState.LOADING in {status.speech.state, status.punctuation.state}


def loading_percent(status: AppStatus) -> int:
    """How far the models are, 0 to 100; those that are not being loaded do not count."""
    parts = [model.progress for model in (status.speech, status.punctuation) if model.state is ModelState.LOADING]
    return min(parts, default=100)
