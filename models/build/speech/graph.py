"""The decoding graph in two halves, as vosk wants it for grammars at run time: `HCLr.fst` and `Gr.fst`.

HCLr holds pronunciations, phones and their durations; Gr the language model. They are put together while decoding, so
word ids must be numbered as OpenFst's look-ahead needs it. Needs pywrapfst (of pynini) and the program `fstconvert`
with its look-ahead plugins, which no wheel has (Debian: libfst-tools, libfst22-plugins-base).
"""

from __future__ import annotations

import math
import os
import subprocess
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pywrapfst as fst

from speech.language_model import BEGIN, END, LanguageModel
from speech.network import AcousticModel
from speech.phones import SILENCE_ID, PhoneTable

_SILENCE_AFTER_WORD = 0.15
_SILENCE_AT_BEGIN = 0.5
_DURATION_SCALE = 0.3  # how much durations count against the sound
_PRONUNCIATIONS = 4
_RARE_PRONUNCIATION = 0.07  # of a word's utterances: rather an error of the alignment
_BACK_OFF = "#0"
_EPSILON = "<eps>"


@dataclass(frozen=True)
class Pronunciation:
    """One way to say a word. `homophone`: 0, or a number that tells words that sound alike apart."""

    word: str
    phones: tuple[str, ...]
    cost: float
    homophone: int


def lexicon(counts: Mapping[tuple[str, tuple[str, ...]], int], merged: Mapping[str, str]) -> list[Pronunciation]:
    """The usual pronunciations of every word that was spoken, sorted by word."""
    by_word: defaultdict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
    for (word, phones), count in counts.items():
        if all(phone in merged for phone in phones):
            by_word[word][tuple(merged[phone] for phone in phones)] += count
    usual = []
    for word, ways in sorted(by_word.items()):
        total, most = sum(ways.values()), max(ways.values())
        for phones, count in ways.most_common(_PRONUNCIATIONS):
            if count == most or count > _RARE_PRONUNCIATION * total:
                usual.append((word, phones, -math.log(count / most)))
    shared = Counter(phones for _, phones, _ in usual)
    numbered: Counter[tuple[str, ...]] = Counter()
    found = []
    for word, phones, cost in usual:
        if shared[phones] > 1:
            numbered[phones] += 1
        found.append(Pronunciation(word, phones, cost, numbered[phones]))
    return found


def write_graph(
    folder: Path, model: AcousticModel, table: PhoneTable, words: Sequence[Pronunciation], language: LanguageModel
) -> None:
    """Write HCLr.fst, Gr.fst, words.txt and disambig_tid.int into the folder."""
    names = list(dict.fromkeys(entry.word for entry in words))
    ids = {name: number for number, name in enumerate((_EPSILON, *names, _BACK_OFF, BEGIN, END))}
    phones_to_words = _minimized(_determinized(_lexicon_graph(table, words, ids)))
    decoder = _with_durations(_minimized(_transitions(phones_to_words, table)), model, table)
    relabelled = _write_look_ahead(decoder, folder)
    unused = max(*relabelled.values(), *ids.values()) + 1
    for number in ids.values():  # ids that the decoder never writes must not be those of other words
        if number and number not in relabelled:
            relabelled[number] = unused
            unused += 1
    final = {name: relabelled.get(number, 0) for name, number in ids.items()}
    grammar = _grammar(language, names, final)
    fst.convert(grammar, "const").write(str(folder / "Gr.fst"))
    listing = sorted(final.items(), key=lambda item: item[1])
    (folder / "words.txt").write_text("".join(f"{name} {number}\n" for name, number in listing), encoding="utf-8")
    # The disambiguation symbols are epsilon by now; vosk still wants one number, which must be free.
    (folder / "disambig_tid.int").write_text(f"{2 * table.size + 1}\n", encoding="utf-8")


def _weight(value: float) -> Any:
    return fst.Weight("tropical", value)


def _lexicon_graph(table: PhoneTable, words: Sequence[Pronunciation], ids: Mapping[str, int]) -> Any:
    """Phones in, words out, with silence between words or not."""
    silence_symbol = table.size + 1 + max(entry.homophone for entry in words)
    graph = fst.VectorFst()
    start, loop, after_word, after_silence = (graph.add_state() for _ in range(4))
    graph.set_start(start)
    graph.set_final(loop)
    graph.add_arc(start, fst.Arc(0, 0, _weight(-math.log(1 - _SILENCE_AT_BEGIN)), loop))
    graph.add_arc(start, fst.Arc(SILENCE_ID, 0, _weight(-math.log(_SILENCE_AT_BEGIN)), after_silence))
    graph.add_arc(after_word, fst.Arc(SILENCE_ID, 0, _weight(0), after_silence))
    graph.add_arc(after_silence, fst.Arc(silence_symbol, 0, _weight(0), loop))
    ends = ((loop, -math.log(1 - _SILENCE_AFTER_WORD)), (after_word, -math.log(_SILENCE_AFTER_WORD)))
    for entry in words:
        labels = table.word(entry.phones)
        if entry.homophone:
            labels.append(table.size + entry.homophone)
        state, output, cost = loop, ids[entry.word], entry.cost
        for label in labels[:-1]:
            following = graph.add_state()
            graph.add_arc(state, fst.Arc(label, output, _weight(cost), following))
            state, output, cost = following, 0, 0.0
        for target, end_cost in ends:
            graph.add_arc(state, fst.Arc(labels[-1], output, _weight(cost + end_cost), target))
    return graph


def _determinized(graph: Any) -> Any:
    graph.rmepsilon()
    return fst.determinize(graph)


def _minimized(graph: Any) -> Any:
    mapper = fst.EncodeMapper("standard", encode_labels=True)
    graph.encode(mapper)
    graph.minimize()
    graph.decode(mapper)
    return graph


def _transitions(graph: Any, table: PhoneTable) -> Any:
    """Phone p as its forward transition 2p; disambiguation symbols, which have done their work, as epsilon."""
    found = _empty(graph)
    for state in graph.states():
        found.set_final(state, graph.final(state))
        for arc in graph.arcs(state):
            label = 2 * arc.ilabel if arc.ilabel <= table.size else 0
            found.add_arc(state, fst.Arc(label, arc.olabel, arc.weight, arc.nextstate))
    return found


def _empty(graph: Any) -> Any:
    """A graph with as many states and the same start, but no arcs."""
    found = fst.VectorFst()
    for _ in graph.states():
        found.add_state()
    found.set_start(graph.start())
    return found


def _with_durations(graph: Any, model: AcousticModel, table: PhoneTable) -> Any:
    """Let phones last: self-loops after the forward transition, as vosk's word alignment takes for granted.

    Each state is split by the phone that enters it.
    """
    found, numbers, waiting = fst.VectorFst(), {}, []
    loops = model.self_loops()

    def split(state: int, phone: int) -> int:
        if (state, phone) not in numbers:
            numbers[state, phone] = found.add_state()
            waiting.append((state, phone))
        return numbers[state, phone]

    found.set_start(split(graph.start(), 0))
    never = fst.Weight.zero("tropical")
    while waiting:
        state, phone = waiting.pop()
        number, leaving = numbers[state, phone], 0.0
        if phone:
            stay = loops[table.index_of[phone]]
            loop_cost, leaving = -_DURATION_SCALE * math.log(stay), -_DURATION_SCALE * math.log(1 - stay)
            found.add_arc(number, fst.Arc(2 * phone - 1, 0, _weight(loop_cost), number))
        if graph.final(state) != never:
            found.set_final(number, _weight(float(graph.final(state)) + leaving))
        for arc in graph.arcs(state):
            target = split(arc.nextstate, arc.ilabel // 2)
            found.add_arc(number, fst.Arc(arc.ilabel, arc.olabel, _weight(float(arc.weight) + leaving), target))
    found.arcsort("olabel")
    return found


def _write_look_ahead(graph: Any, folder: Path) -> dict[int, int]:
    """Write HCLr.fst; returns the new number of each word id."""
    plain, pairs = folder / "HCL.fst", folder / "relabel.txt"
    graph.write(str(plain))
    command = ["fstconvert", "--fst_type=olabel_lookahead", f"--save_relabel_opairs={pairs}", str(plain)]
    found = [str(path) for path in Path("/usr/lib").glob("*/fst/*") if path.is_dir()]  # where Debian has the plugins
    search = os.pathsep.join(filter(None, [os.environ.get("LD_LIBRARY_PATH", ""), *found]))
    subprocess.run([*command, str(folder / "HCLr.fst")], check=True, env={**os.environ, "LD_LIBRARY_PATH": search})
    lines = [line.split() for line in pairs.read_text(encoding="utf-8").splitlines()]
    plain.unlink()
    pairs.unlink()
    return {int(old): int(new) for old, new in filter(None, lines)}


def _grammar(language: LanguageModel, words: Sequence[str], ids: Mapping[str, int]) -> Any:
    """The language model as an acceptor: a state for what was said last, one for everything unheard of."""
    graph = fst.VectorFst()
    unseen = graph.add_state()
    states = {before: graph.add_state() for before in language.pairs}
    graph.set_start(states[BEGIN])
    for word in words:
        _accept(graph, unseen, ids[word], language.words[word], states.get(word, unseen))
    graph.set_final(unseen, _weight(-math.log(language.words[END])))
    for before, state in states.items():
        for word, share in language.pairs[before].items():
            if word == END:
                graph.set_final(state, _weight(-math.log(share)))
            else:
                _accept(graph, state, ids[word], share, states.get(word, unseen))
        _accept(graph, state, 0, language.back_off[before], unseen)
    graph.arcsort("ilabel")
    return graph


def _accept(graph: Any, state: int, label: int, share: float, target: int) -> None:
    graph.add_arc(state, fst.Arc(label, label, _weight(-math.log(share)), target))
