"""The typesetter's rules for finished Russian text. Pure; any thread."""

from __future__ import annotations

import re

from voicetype.core.text.settings import TextSettings

NO_BREAK_SPACE = "\u00a0"
_OUTER, _INNER = "«»", "„“"
_BEFORE_DASH = re.compile(r"(?<=\S) (?=[—–](?: |$))")
_AFTER_SHORT_WORD = re.compile(
    r"(?<![\w-])(а|без|в|во|для|до|за|и|из|к|ко|на|не|ни|но|о|об|от|по|под|при|с|со|у|№|ст\.|п\.|г\.|гл\.|ч\.) (?=\S)",
    re.IGNORECASE,
)
_AFTER_INITIAL = re.compile(r"(?<!\w)([А-ЯЁA-Z]\.) ?(?=[А-ЯЁA-Z](?:\.|[а-яёa-z]))")
_NUMBER_AND_UNIT = re.compile(
    r"(?<=\d) (?=[₽$€%°]|(?:руб|коп|тыс|млн|млрд|кг|мг|мл|км|см|мм|м|г|л|ч|мин|с|ГБ|МБ|КБ)\b)"
)
_PLAIN = str.maketrans(
    {"«": '"', "»": '"', "„": '"', "“": '"', "”": '"', "—": "-", "–": "-", "…": "...", "\u00a0": " ", "\u202f": " "}
)


def typeset(text: str, settings: TextSettings) -> str:
    """Put quotes, spaces and letters as the settings want them. Words and marks stay."""
    if not settings.yo:
        text = text.replace("ё", "е").replace("Ё", "Е")
    if settings.plain:
        return text.translate(_PLAIN)
    text = nest_quotes(text)
    if settings.keep_together:
        text = _BEFORE_DASH.sub(NO_BREAK_SPACE, text)
        text = _AFTER_SHORT_WORD.sub(rf"\1{NO_BREAK_SPACE}", text)
        # Twice, since two short words in a row share their space ("и в доме").
        text = _AFTER_SHORT_WORD.sub(rf"\1{NO_BREAK_SPACE}", text)
        text = _AFTER_INITIAL.sub(rf"\1{NO_BREAK_SPACE}", text)
        text = _NUMBER_AND_UNIT.sub(NO_BREAK_SPACE, text)
    return text


def nest_quotes(text: str) -> str:
    """«outer „inner“ outer», whichever quotes were there; one without its partner stays what it is."""
    written: list[str] = []
    depth = 0
    for index, character in enumerate(text):
        if character in "«„" or (character == '"' and _opens(text, index)):
            written.append(_OUTER[0] if depth == 0 else _INNER[0])
            depth += 1
        elif character in "»“”" or character == '"':
            depth = max(0, depth - 1)
            written.append(_OUTER[1] if depth == 0 else _INNER[1])
        else:
            written.append(character)
    return "".join(written)


def _opens(text: str, index: int) -> bool:
    """Whether a straight quote opens: it stands at the beginning of a word."""
    before = text[index - 1] if index else " "
    return before.isspace() or before in "(«„—"
