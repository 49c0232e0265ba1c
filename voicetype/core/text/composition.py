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
_ALWAYS_FOR_THE_PROGRAM = frozenset((Deed.REPEAT, Deed.STOP))


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
        self._items: list[Item] = []
        self._history: list[list[Item]] = []
        self._growing: list[GrowingMarks] = []

    @property
    def empty(self) -> bool:
        """Whether there is nothing to write."""
        return not any(isinstance(item, (Spoken, Sign, Break)) for item in self._items)

    def add(self, phrase: str, punctuate: Punctuate | None) -> tuple[Command, ...]:
        """Take in a recognised phrase. Returns the commands in it that are for the program, not for this text.

        Raises what `punctuate` raises; the words are kept then.
        """
        words = phrase.split()
        if not words:
            return ()
        settings, rules = self._settings, self._rules
        read = read_phrase(words, rules.grammar, settings.commands, settings.command_prefix, rules.is_number)
        before, for_the_program = list(self._items), list[Command]()
        for part in read:
            if isinstance(part, str):
                self._items.append(Spoken(part))
            elif part.deed in _ALWAYS_FOR_THE_PROGRAM or (part.deed in _FOR_THE_PROGRAM and not self._can(part.deed)):
                for_the_program.append(part)
            else:
                self._obey(part)
        if self._items != before and not any(isinstance(part, Command) and part.deed is Deed.UNDO for part in read):
            self._history.append(before)
        self._update(punctuate)
        return tuple(for_the_program)

    def text(self, *, final: bool) -> str:
        """The text so far. Until it is `final`, a mark at its end is held back: the sentence may go on."""
        written: list[str] = []
        segments = self._segments()
        for index, (segment, end) in enumerate(segments):
            closed = final if end is None else end.text == _BREAKS[Deed.PARAGRAPH]
            written.append(self._written(index, segment, closed=closed, held=end is None and not final))
            if end is not None:
                written.append(end.text)
        text = "".join(written)
        if final and self._is_short(segments):
            text = text.removesuffix(".")
        return self._rules.afterwards(typeset(text, self._settings))

    def plain_words(self) -> str:
        """The words alone, for when all else fails."""
        return " ".join(item.word for item in self._items if isinstance(item, Spoken))

    def _can(self, deed: Deed) -> bool:
        return bool(self._history) if deed is Deed.UNDO else bool(self._items)

    def _obey(self, command: Command) -> None:
        if command.deed in _SIGNS:
            self._items.append(Sign(command.text, _SIGNS[command.deed]))
        elif command.deed in _BREAKS:
            self._items.append(Break(_BREAKS[command.deed]))
        elif command.deed is Deed.UNDO:
            self._items = self._history.pop()
        elif command.deed is Deed.DELETE_ALL:
            self._items = []
        elif command.deed is Deed.DELETE_WORD:
            self._delete_word()
        elif command.deed is Deed.DELETE_SENTENCE:
            self._delete_sentence()
        else:
            self._items.append(Switch(command.deed))

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
        continues = self._continues and index == 0
        return write_segment(segment, marked, self._rules.find, continues=continues, closed=closed, held=held)

    def _is_short(self, segments: Sequence[tuple[list[Item], Break | None]]) -> bool:
        items = segments[0][0]
        spoken = sum(isinstance(item, Spoken) for item in items)
        signs = any(isinstance(item, Sign) and item.kind == "mark" for item in items)
        return len(segments) == 1 and 0 < spoken <= self._settings.short_words and not signs
