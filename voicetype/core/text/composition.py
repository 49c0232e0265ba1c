"""One dictation on its way from phrases to finished text. Pure; one thread at a time.

The phrases are kept as what was meant (words, signs, breaks, switches), and the text is written anew from them whenever
somebody looks. So a command that deletes or undoes is exact, and it makes no difference for the text whether it was
looked at after each phrase or at the end only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from voicetype.core.text.grammar import Command, Deed, Grammar, read_phrase
from voicetype.core.text.marks import GrowingMarks, MarkedWord, Punctuate, is_terminal, last_end
from voicetype.core.text.replacement import Replacement, chosen
from voicetype.core.text.settings import TextSettings
from voicetype.core.text.typography import typeset
from voicetype.core.text.writing import Break, Item, Sign, Spoken, Switch, lasting_case, write_segment

Finder = Callable[[Sequence[str]], list[Replacement]]
"""Says what to write for some of the words."""

_SIGNS = {Deed.MARK: "mark", Deed.OPEN: "open", Deed.CLOSE: "close"}
_BREAKS = {Deed.LINE: "\n", Deed.PARAGRAPH: "\n\n"}
_FOR_THE_PROGRAM = frozenset((Deed.UNDO, Deed.DELETE_WORD, Deed.DELETE_SENTENCE, Deed.DELETE_ALL))
"""Commands that belong to what was inserted before, when this dictation has nothing that they could change."""
_DELETIONS = frozenset((Deed.DELETE_WORD, Deed.DELETE_SENTENCE, Deed.DELETE_ALL))
_ALWAYS_FOR_THE_PROGRAM = frozenset((Deed.REPEAT, Deed.STOP))


_MOST_OPEN = 400
"""Words and signs that are written anew with each phrase."""
_LONGEST_DELETION = 200
"""Words and signs that a deletion looks at, unless a sentence goes on for longer."""
_LONGEST_REPLACEMENT = 20


@dataclass
class _Step:
    """How to take a phrase back: `kept` of the items before it are there still, and `removed` stood behind them."""

    kept: int
    removed: list[Item] = field(default_factory=list)


@dataclass(frozen=True)
class _Sealed:
    """Items whose text is written down for good, unless a command goes back to them.

    Attributes:
        items, text: what they are, and how they are written.
        marked, frozen: the marks of their words, and how many of these are not asked about again.
        ended: a sentence ended with them.
        lasting: the case of all that follows.
    """

    items: list[Item]
    marked: list[MarkedWord]
    frozen: int
    text: str
    ended: bool
    lasting: Deed | None


def _sealable(items: Sequence[Item], frozen: int) -> int:
    """How many items belong to the first `frozen` words with the signs behind them; 0 = none may be sealed."""
    spoken = [index for index, item in enumerate(items) if isinstance(item, Spoken)]
    if not 0 < frozen < len(spoken):
        return 0  # signs may still come to the last word
    last, following = spoken[frozen - 1 : frozen + 1]
    if any(isinstance(item, Switch) for item in items[:following]):
        return 0  # it may go on for ever
    opening = [isinstance(item, Sign) and item.kind == "open" for item in items[last + 1 : following]]
    # A sign of the last word may stand on the other side of an opening quote.
    return following - sum(opening) if opening == sorted(opening) else 0


def _is_ended(items: Sequence[Item], last: MarkedWord) -> bool:
    """Whether a sentence ends with `items`, whose last word is `last`; what the speaker asked for counts more."""
    asked = ""
    for item in reversed(items):
        if isinstance(item, Spoken):
            break
        if isinstance(item, Sign) and item.kind == "mark":
            asked = item.text + asked
    return is_terminal(asked or last.mark)


def _segments(items: Sequence[Item]) -> list[tuple[list[Item], Break | None]]:
    """Those between breaks, each with the break that ends it."""
    segments: list[tuple[list[Item], Break | None]] = []
    current: list[Item] = []
    for item in items:
        if isinstance(item, Break):
            segments.append((current, item))
            current = []
        else:
            current.append(item)
    return [*segments, (current, None)]


def _drop_opening(items: list[Item]) -> None:
    """Take away what opened before words that have gone."""
    while items and isinstance(sign := items[-1], Sign) and sign.kind == "open":
        items.pop()


def _is_short(segments: Sequence[tuple[list[Item], Break | None]], short_words: int) -> bool:
    """Whether it is one line of at most so many words without marks that were asked for."""
    items = segments[0][0]
    spoken = sum(isinstance(item, Spoken) for item in items)
    signs = any(isinstance(item, Sign) and item.kind == "mark" for item in items)
    return len(segments) == 1 and 0 < spoken <= short_words and not signs


def _uncut(items: Sequence[Item], growing: GrowingMarks, find: Finder) -> int:
    """So many of the frozen words, whole sentences if there are any, that no replacement is cut in two."""
    frozen = growing.frozen
    words = [item.word for item in items if isinstance(item, Spoken)][: frozen + _LONGEST_REPLACEMENT]
    for each in find(words):
        if each.start < frozen < each.stop:
            known = growing.known
            return last_end(known[: each.start]) if known[frozen - 1].ends_sentence else each.start
    return frozen


def no_rules(text: str) -> str:
    """A `Rules.afterwards` that changes nothing."""
    return text


@dataclass(frozen=True)
class Rules:
    """What a text is written by, beside the settings.

    Attributes:
        finders: of replacements, the more important ones first.
        grammar: of the voice commands.
        afterwards: the user's rules for finished text.
        is_number: whether a word may be part of a number.
    """

    finders: tuple[Finder, ...] = ()
    grammar: Grammar = field(default_factory=Grammar)
    afterwards: Callable[[str], str] = no_rules
    is_number: Callable[[str], bool] = lambda word: False

    def find(self, words: Sequence[str]) -> list[Replacement]:
        """All replacements that hold, in order, none overlapping."""
        return chosen(each for finder in self.finders for each in finder(words))


class Composition:
    """The text of one dictation.

    Args:
        settings: the user's choices.
        rules: what it is written by.
        continues: it goes on in the middle of a sentence that was inserted before.
    """

    def __init__(self, settings: TextSettings, rules: Rules, *, continues: bool = False) -> None:
        self._settings = settings
        self._rules = rules
        self._continues = continues
        self._sealed: list[_Sealed] = []
        self._items: list[Item] = []
        self._history: list[_Step] = []
        self._growing: list[GrowingMarks] = []
        self.last_commands: tuple[Command, ...] = ()
        """What the last `add` returned, or would have returned."""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to write."""
        return not self._sealed and not any(isinstance(item, (Spoken, Sign, Break)) for item in self._items)

    def add(self, phrase: str, punctuate: Punctuate | None) -> tuple[Command, ...]:
        """Take in a recognised phrase. Returns the commands in it that are for the program, not for this text.

        Raises what `punctuate` raises; the words are kept then, and the commands are in `last_commands`.
        """
        self.last_commands = ()
        words = phrase.split()
        if not words:
            return ()
        settings, rules = self._settings, self._rules
        read = read_phrase(words, rules.grammar, settings.commands, settings.command_prefix, rules.is_number)
        step, for_the_program = _Step(self._count()), list[Command]()
        for part in read:
            if isinstance(part, str):
                self._items.append(Spoken(part))
            elif part.deed in _ALWAYS_FOR_THE_PROGRAM or (
                part.deed in _FOR_THE_PROGRAM and not self._can(part.deed, step)
            ):
                for_the_program.append(part)
            elif part.deed is Deed.UNDO:
                self._undo(step)
                step = _Step(self._count())
            else:
                self._obey(part, step)
        if self._did(step):
            self._history.append(step)
        self.last_commands = tuple(for_the_program)
        self._update(punctuate)
        self._seal()
        return self.last_commands

    def text(self, *, final: bool) -> str:
        """The text so far. Until it is `final`, a mark at its end is held back: the sentence may go on."""
        written: list[str] = []
        lasting = self._lasting()
        segments = _segments(self._items)
        for index, (segment, end) in enumerate(segments):
            closed = final if end is None else end.text == _BREAKS[Deed.PARAGRAPH]
            written.append(
                self._written(index, segment, closed=closed, held=end is None and not final, lasting=lasting)
            )
            lasting = lasting_case(segment, lasting)
            if end is not None:
                written.append(end.text)
        text = "".join([*(block.text for block in self._sealed), *written])
        if final and not self._sealed and _is_short(segments, self._settings.short_words):
            text = text.removesuffix(".")
        return self._rules.afterwards(typeset(text, self._settings))

    def plain_words(self) -> str:
        """The words alone, for when all else fails."""
        items = [*(item for block in self._sealed for item in block.items), *self._items]
        return " ".join(item.word for item in items if isinstance(item, Spoken))

    def _can(self, deed: Deed, step: _Step) -> bool:
        return bool(self._history) or self._did(step) if deed is Deed.UNDO else bool(self._count())

    def _did(self, step: _Step) -> bool:
        """Whether the phrase of `step` has changed anything so far."""
        return self._count() != step.kept or bool(step.removed)

    def _count(self) -> int:
        return sum(len(block.items) for block in self._sealed) + len(self._items)

    def _obey(self, command: Command, step: _Step) -> None:
        if command.deed in _SIGNS:
            self._items.append(Sign(command.text, _SIGNS[command.deed]))
        elif command.deed in _BREAKS:
            self._items.append(Break(_BREAKS[command.deed]))
        elif command.deed in _DELETIONS:
            self._delete(command.deed, step)
        else:
            self._items.append(Switch(command.deed))

    def _delete(self, deed: Deed, step: _Step) -> None:
        """Take something from the end, and note in `step` what of it was there before."""
        while self._sealed and (
            deed is Deed.DELETE_ALL
            or len(self._items) < _LONGEST_DELETION
            or not any(isinstance(item, Spoken) for item in self._items)
            or (deed is Deed.DELETE_SENTENCE and not self._sealed[-1].ended)
        ):
            self._unseal()
        before, offset = list(self._items), self._count() - len(self._items)
        if deed is Deed.DELETE_ALL:
            self._items = []
        elif deed is Deed.DELETE_WORD:
            self._delete_word()
        else:
            self._delete_sentence()
        kept = offset + len(self._items)
        if kept < step.kept:
            step.removed = [*before[kept - offset : step.kept - offset], *step.removed]
            step.kept = kept
        self._unseal_seam()

    def _undo(self, step: _Step) -> None:
        """Take back what this phrase did so far (`step`), or else the last phrase."""
        last = step if self._did(step) else self._history.pop()
        while self._sealed and self._count() - len(self._items) > last.kept:
            self._unseal()
        offset = self._count() - len(self._items)
        self._items = [*self._items[: last.kept - offset], *last.removed]
        self._unseal_seam()

    def _unseal(self) -> None:
        block = self._sealed.pop()
        self._items = [*block.items, *self._items]
        if isinstance(block.items[-1], Break):
            self._growing.insert(0, GrowingMarks())
        self._growing[0].join(block.marked, block.frozen)

    def _unseal_seam(self) -> None:
        """The last words must be open: signs still come to them, and their mark may have to be held back."""
        while self._sealed and not any(isinstance(item, Spoken) for item in self._items):
            self._unseal()

    def _seal(self) -> None:
        """Write down for good what no phrase that follows changes: a long dictation costs time by its length."""
        while len(self._items) > _MOST_OPEN:
            segments = _segments(self._items)
            items, end = segments[0]
            lasting = self._lasting()
            if end is not None:
                text = (
                    self._written(0, items, closed=end.text == _BREAKS[Deed.PARAGRAPH], held=False, lasting=lasting)
                    + end.text
                )
                known, frozen = self._growing[0].known, self._growing[0].frozen
                self._sealed.append(_Sealed([*items, end], known, frozen, text, True, lasting_case(items, lasting)))
                del self._growing[0]
            else:
                words = _uncut(items, self._growing[0], self._rules.find)
                count = _sealable(items, words)
                if not count:
                    return
                items = items[:count]
                known = self._growing[0].split(words)
                text = write_segment(
                    items,
                    known,
                    self._rules.find,
                    continues=self._goes_on(0),
                    closed=False,
                    held=False,
                    lasting=lasting,
                )
                self._sealed.append(_Sealed(items, known, words, f"{text} ", _is_ended(items, known[-1]), lasting))
            del self._items[: len(self._sealed[-1].items)]

    def _goes_on(self, index: int) -> bool:
        """Whether this segment begins in the middle of a sentence."""
        if index:
            return False
        return not self._sealed[-1].ended if self._sealed else self._continues

    def _lasting(self) -> Deed | None:
        """The case that was asked for until further notice ahead of the open items."""
        return self._sealed[-1].lasting if self._sealed else None

    def _delete_word(self) -> None:
        """The last word as it stands in the text: a number of three words is one."""
        while self._items and not isinstance(self._items[-1], Spoken):
            self._items.pop()
        run = 0
        while run < len(self._items) and isinstance(self._items[-1 - run], Spoken):
            run += 1
        words = [item.word for item in self._items[len(self._items) - run :] if isinstance(item, Spoken)]
        count = next((each.stop - each.start for each in self._rules.find(words) if each.stop == run), min(run, 1))
        del self._items[len(self._items) - count :]

    def _delete_sentence(self) -> None:
        while self._items and not isinstance(self._items[-1], Spoken):
            self._items.pop()
        segments = _segments(self._items)
        marked = self._growing[len(segments) - 1].known if len(self._growing) >= len(segments) else []
        words = sum(isinstance(item, Spoken) for item in segments[-1][0])
        while self._items and isinstance(self._items[-1], (Spoken, Sign, Switch)):
            item = self._items[-1]
            if isinstance(item, Sign) and item.ends_sentence:
                return
            if isinstance(item, Spoken):
                before = words - 2
                self._items.pop()
                words -= 1
                if 0 <= before < len(marked) and marked[before].ends_sentence:
                    _drop_opening(self._items)
                    return
            else:
                self._items.pop()

    def _update(self, punctuate: Punctuate | None) -> None:
        segments = _segments(self._items)
        del self._growing[len(segments) :]
        while len(self._growing) < len(segments):
            self._growing.append(GrowingMarks())
        for growing, (segment, _end) in zip(self._growing, segments, strict=True):
            growing.update([item.word for item in segment if isinstance(item, Spoken)], punctuate)

    def _written(self, index: int, segment: Sequence[Item], *, closed: bool, held: bool, lasting: Deed | None) -> str:
        words = [item.word for item in segment if isinstance(item, Spoken)]
        known = self._growing[index].known if index < len(self._growing) else []
        # A model that failed has left words without marks.
        marked = known if [one.spoken for one in known] == words else [MarkedWord(word, word) for word in words]
        return write_segment(
            segment,
            marked,
            self._rules.find,
            continues=self._goes_on(index),
            closed=closed,
            held=held,
            lasting=lasting,
        )
