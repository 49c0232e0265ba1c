"""One dictation on its way from phrases to finished text. Pure; one thread at a time.

The phrases are kept as what was meant (words, signs, breaks, switches), and the text is written anew from them whenever
somebody looks. So a command that deletes or undoes is exact, and it makes no difference for the text whether it was
looked at after each phrase or at the end only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from voicetype.core.text.grammar import Command, Deed, Grammar, read_phrase
from voicetype.core.text.marks import GrowingMarks, MarkedWord, Punctuate
from voicetype.core.text.replacement import Replacement, chosen
from voicetype.core.text.settings import TextSettings
from voicetype.core.text.typography import typeset
from voicetype.core.text.writing import Break, Item, Sign, Spoken, Switch, write_segment

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
_LONGEST_SENTENCE = 200
_LONGEST_REPLACEMENT = 20


@dataclass
class _Step:
    """How to take a phrase back: `kept` of the items before it are there still, and `removed` stood behind them."""

    kept: int
    removed: list[Item] = field(default_factory=list)


@dataclass(frozen=True)
class _Sealed:
    """Items whose text is written down for good, unless a command goes back to them; it may have `ended` a sentence."""

    items: list[Item]
    text: str
    ended: bool = True


def _sealable(items: Sequence[Item], frozen: int) -> int:
    """How many items belong to the first `frozen` words with the signs behind them; 0 = none may be sealed."""
    words = count = 0
    for index, item in enumerate(items):
        if isinstance(item, Switch):
            return 0  # it may go on for ever
        if isinstance(item, Spoken):
            if words == frozen:
                break
            words += 1
        if not (isinstance(item, Sign) and item.kind == "open"):
            count = index + 1
    return count if words == frozen else 0


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
            elif part.deed in _ALWAYS_FOR_THE_PROGRAM or (part.deed in _FOR_THE_PROGRAM and not self._can(part.deed)):
                for_the_program.append(part)
            elif part.deed is Deed.UNDO:
                self._undo(step)
                step = _Step(self._count())
            else:
                self._obey(part, step)
        if self._count() != step.kept or step.removed:
            self._history.append(step)
        self.last_commands = tuple(for_the_program)
        self._update(punctuate)
        self._seal()
        return self.last_commands

    def text(self, *, final: bool) -> str:
        """The text so far. Until it is `final`, a mark at its end is held back: the sentence may go on."""
        written: list[str] = []
        segments = self._segments()
        for index, (segment, end) in enumerate(segments):
            closed = final if end is None else end.text == _BREAKS[Deed.PARAGRAPH]
            written.append(self._written(index, segment, closed=closed, held=end is None and not final))
            if end is not None:
                written.append(end.text)
        text = "".join([*(block.text for block in self._sealed), *written])
        if final and not self._sealed and self._is_short(segments):
            text = text.removesuffix(".")
        return self._rules.afterwards(typeset(text, self._settings))

    def plain_words(self) -> str:
        """The words alone, for when all else fails."""
        items = [*(item for block in self._sealed for item in block.items), *self._items]
        return " ".join(item.word for item in items if isinstance(item, Spoken))

    def _can(self, deed: Deed) -> bool:
        return bool(self._history) if deed is Deed.UNDO else bool(self._count())

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
        while self._sealed and (deed is Deed.DELETE_ALL or len(self._items) < _LONGEST_SENTENCE):
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

    def _undo(self, step: _Step) -> None:
        """Go back to before the last phrase; what this one did so far (`step`) goes too."""
        last = self._history.pop()
        while self._sealed and self._count() - len(self._items) > min(last.kept, step.kept):
            self._unseal()
        offset = self._count() - len(self._items)
        self._items = [*self._items[: step.kept - offset], *step.removed]
        self._items = [*self._items[: last.kept - offset], *last.removed]

    def _unseal(self) -> None:
        block = self._sealed.pop()
        self._items = [*block.items, *self._items]
        self._growing = []

    def _seal(self) -> None:
        """Write down for good what no phrase that follows changes: a long dictation costs time by its length."""
        while len(self._items) > _MOST_OPEN:
            segments = self._segments()
            items, end = segments[0]
            if end is not None:
                text = self._written(0, items, closed=end.text == _BREAKS[Deed.PARAGRAPH], held=False) + end.text
                self._sealed.append(_Sealed([*items, end], text))
                del self._growing[0]
            else:
                words = self._uncut(items, self._growing[0].frozen)
                count = _sealable(items, words)
                if not count or not words:
                    return
                items = items[:count]
                known = self._growing[0].split(words)
                text = write_segment(
                    items, known, self._rules.find, continues=self._goes_on(0), closed=False, held=False
                )
                ended = known[-1].ends_sentence or (isinstance(items[-1], Sign) and items[-1].ends_sentence)
                self._sealed.append(_Sealed(items, f"{text} ", ended))
            del self._items[: len(self._sealed[-1].items)]

    def _uncut(self, items: Sequence[Item], frozen: int) -> int:
        """So many of the first `frozen` words that no replacement is cut in two."""
        words = [item.word for item in items if isinstance(item, Spoken)][: frozen + _LONGEST_REPLACEMENT]
        for each in self._rules.find(words):
            if each.start < frozen < each.stop:
                return each.start
        return frozen

    def _goes_on(self, index: int) -> bool:
        """Whether this segment begins in the middle of a sentence."""
        if index:
            return False
        return not self._sealed[-1].ended if self._sealed else self._continues

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
        segments = self._segments()
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
                    return
            else:
                self._items.pop()

    def _segments(self) -> list[tuple[list[Item], Break | None]]:
        """The items between breaks, each with the break that ends it."""
        segments: list[tuple[list[Item], Break | None]] = []
        current: list[Item] = []
        for item in self._items:
            if isinstance(item, Break):
                segments.append((current, item))
                current = []
            else:
                current.append(item)
        return [*segments, (current, None)]

    def _update(self, punctuate: Punctuate | None) -> None:
        segments = self._segments()
        del self._growing[len(segments) :]
        while len(self._growing) < len(segments):
            self._growing.append(GrowingMarks())
        for growing, (segment, _end) in zip(self._growing, segments, strict=True):
            growing.update([item.word for item in segment if isinstance(item, Spoken)], punctuate)

    def _written(self, index: int, segment: Sequence[Item], *, closed: bool, held: bool) -> str:
        words = [item.word for item in segment if isinstance(item, Spoken)]
        known = self._growing[index].known if index < len(self._growing) else []
        # A model that failed has left words without marks.
        marked = known if [one.spoken for one in known] == words else [MarkedWord(word, word) for word in words]
        return write_segment(
            segment, marked, self._rules.find, continues=self._goes_on(index), closed=closed, held=held
        )

    def _is_short(self, segments: Sequence[tuple[list[Item], Break | None]]) -> bool:
        items = segments[0][0]
        spoken = sum(isinstance(item, Spoken) for item in items)
        signs = any(isinstance(item, Sign) and item.kind == "mark" for item in items)
        return len(segments) == 1 and 0 < spoken <= self._settings.short_words and not signs
