"""Writes words, signs and switches down as text: case, marks, spaces. Pure; any thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from voicetype.core.text.grammar import Deed
from voicetype.core.text.marks import MarkedWord, is_terminal
from voicetype.core.text.replacement import Replacement


@dataclass(frozen=True)
class Spoken:
    """A word as it was recognised."""

    word: str


@dataclass(frozen=True)
class Sign:
    """Something between words that the speaker asked for.

    Attributes:
        text: its characters.
        kind: "mark" (of the word before), "open" (stands before the next word) or "close" (after the one before).
    """

    text: str
    kind: str

    @property
    def ends_sentence(self) -> bool:
        """Whether a sentence ends with it."""
        return self.kind == "mark" and is_terminal(self.text)


@dataclass(frozen=True)
class Break:
    """The end of a line or paragraph."""

    text: str


@dataclass(frozen=True)
class Switch:
    """How the next word, or all until further notice, are written."""

    deed: Deed


# fmt: off
_NEVER_NAMES = frozenset((
    "а", "но", "и", "или", "что", "чтобы", "как", "когда", "где", "куда", "кто", "какой", "который", "если", "то",
    "так", "это", "он", "она", "оно", "они", "мы", "вы", "ты", "я", "не", "ни", "же", "ли", "бы", "в", "во", "на",
    "с", "со", "к", "ко", "по", "из", "от", "до", "за", "у", "о", "об", "при", "для", "без", "под", "над", "через",
    "потому", "поэтому", "затем", "тогда", "там", "тут", "здесь",
))
# fmt: on
"""Small words that a model begins with a capital only where it takes them for the beginning of a sentence."""

Item = Spoken | Sign | Break | Switch


@dataclass
class _Token:
    """What is written in one piece: a word, or a replacement for several."""

    text: str
    capital: bool = False
    own_case: bool = False
    ends_with_stop: bool = False
    mark: str = ""
    joined: bool = False
    before: str = ""
    after: str = ""
    asked: str = ""
    opens: bool = False
    case: Deed | None = None


def write_segment(
    items: Sequence[Item],
    marked: Sequence[MarkedWord],
    find: Callable[[Sequence[str]], list[Replacement]],
    *,
    continues: bool,
    closed: bool,
    held: bool,
    lasting: Deed | None = None,
) -> str:
    """Write what stands between two breaks.

    Args:
        items: words, signs and switches, no breaks.
        marked: one for each word of `items`.
        find: the replacements in a run of words.
        continues: its beginning is the middle of a sentence.
        closed: a full stop belongs to its end, unless something else stands there.
        held: what follows is not known yet, so the model's mark after the last word is left out.
        lasting: the case that a switch before it asked for until further notice.
    """
    tokens = _tokens(items, marked, find, lasting)
    if not tokens:
        return "".join(item.text for item in items if isinstance(item, Sign)).strip()
    last = tokens[-1]
    if last.opens or (held and not last.asked):
        last.mark = ""
    elif closed and not last.asked and not is_terminal(last.mark):
        last.mark = "" if _is_stopped(last) else "."
    elif not closed and last.mark.strip(" —,:;") == "":
        last.mark = ""
    return _joined(tokens, continues=continues)


def _tokens(
    items: Sequence[Item],
    marked: Sequence[MarkedWord],
    find: Callable[[Sequence[str]], list[Replacement]],
    lasting: Deed | None,
) -> list[_Token]:
    spans = dict(_spans(items, find))
    tokens: list[_Token] = []
    opening, case = "", None
    index = 0
    inside = 0
    for item in items:
        if isinstance(item, Spoken):
            if inside:
                _absorb(tokens[-1], marked[index])
                inside -= 1
            else:
                replacement = spans.get(index)
                tokens.append(_token(marked[index], replacement))
                tokens[-1].before, opening = opening, ""
                tokens[-1].case, case = case or lasting, None
                inside = replacement.stop - replacement.start - 1 if replacement else 0
            index += 1
        elif isinstance(item, Sign):
            if item.kind == "open":
                opening += item.text
            elif tokens and opening and item.kind == "close":
                # Nothing stands between them: "f ()".
                tokens[-1].after += f" {opening}{item.text}"
                opening = ""
            elif tokens:
                _add_sign(tokens[-1], item)
            else:
                opening = f"{opening.rstrip()}{item.text.strip()}{'' if item.text == '…' else ' '}"
        elif isinstance(item, Switch):
            case, lasting = _switched(item.deed, lasting)
    if opening and tokens:
        tokens[-1].after += f" {opening}"
        tokens[-1].opens = True
    return tokens


def lasting_case(items: Sequence[Item], before: Deed | None) -> Deed | None:
    """The case of all that follows `items`, when it was `before` ahead of them."""
    lasting = before
    for item in items:
        if isinstance(item, Switch):
            _case, lasting = _switched(item.deed, lasting)
    return lasting


def _add_sign(token: _Token, sign: Sign) -> None:
    is_mark = sign.kind == "mark"
    if not (is_mark and sign.text == "." and token.ends_with_stop and not token.after and not token.asked):
        token.after += sign.text
    token.asked += sign.text if is_mark else ""


def _spans(
    items: Sequence[Item], find: Callable[[Sequence[str]], list[Replacement]]
) -> Iterator[tuple[int, Replacement]]:
    """Replacements by the number of their first word; none crosses a sign or a switch."""
    run: list[str] = []
    index = 0
    for item in [*items, Sign("", "end")]:
        if isinstance(item, Spoken):
            run.append(item.word)
            index += 1
        elif run:
            for each in find(run):
                yield index - len(run) + each.start, each
            run = []


def _token(word: MarkedWord, replacement: Replacement | None) -> _Token:
    capital = word.written[:1].isupper()
    if replacement is None:
        return _Token(word.written, capital, mark=word.mark, joined=word.joined)
    return _Token(
        replacement.text, capital, replacement.own_case, replacement.ends_with_stop, mark=word.mark, joined=False
    )


def _absorb(token: _Token, word: MarkedWord) -> None:
    """A further word of a replacement: only the mark after its last one counts."""
    token.mark = word.mark


def _switched(deed: Deed, lasting: Deed | None) -> tuple[Deed | None, Deed | None]:
    """(case of the next word, case of all that follow)."""
    if deed is Deed.CASE_OFF:
        return None, None
    once = {Deed.CAPITAL, Deed.UPPER, Deed.LOWER}
    on = {Deed.CAPITALS_ON: Deed.CAPITAL, Deed.UPPER_ON: Deed.UPPER, Deed.LOWER_ON: Deed.LOWER}
    return (deed, lasting) if deed in once else (None, on[deed])


def _joined(tokens: Sequence[_Token], *, continues: bool) -> str:
    written: list[str] = []
    sentence_begins = not continues
    # The model thought that a sentence begins here; the speaker knows better.
    contradicted = continues
    for index, token in enumerate(tokens):
        text = _cased(token, capital=sentence_begins, small=contradicted)
        mark = "" if token.asked else token.mark
        if mark == "." and token.ends_with_stop and not token.after:
            mark = ""
        glue = "-" if token.joined and not token.after else "" if token.text.endswith("\n") else " "
        if index == len(tokens) - 1 or not (text or token.after):
            glue = ""
        written.append(f"{token.before}{text}{token.after}{mark}{glue}")
        ended = is_terminal(token.asked or token.mark)
        contradicted = bool(token.asked) and not ended and (is_terminal(token.mark) or _next_is_small(tokens, index))
        if text or token.after:
            sentence_begins = ended or token.text.endswith("\n")
    return "".join(written)


def _next_is_small(tokens: Sequence[_Token], index: int) -> bool:
    return index + 1 < len(tokens) and tokens[index + 1].text.lower() in _NEVER_NAMES


def _cased(token: _Token, *, capital: bool, small: bool) -> str:
    text = token.text
    if token.case is Deed.UPPER:
        return text.upper()
    if token.case is Deed.LOWER:
        return text.lower()
    if token.case is Deed.CAPITAL:
        return text[:1].upper() + text[1:]
    if token.own_case:
        return text
    if small:
        return text[:1].lower() + text[1:] if text[1:2].islower() or len(text) == 1 else text
    if capital or token.capital:
        return _with_capital(text)
    return text


def _with_capital(text: str) -> str:
    """A capital at the beginning; "ß" and the like have none of one letter."""
    first = text[:1].upper()
    return first + text[1:] if len(first) == 1 else text


def _is_stopped(token: _Token) -> bool:
    """Whether a full stop at its end would be one too many."""
    end = (token.text + token.after).rstrip("»“\"'")
    return (token.ends_with_stop and not token.after) or end[-1:] in {".", "!", "?", "…"} or token.text.endswith("\n")
