"""Joining recognition results."""

from hypothesis import given
from hypothesis import strategies as st

from voicetype.core.ports import FinalResult, PartialResult, Transcript
from voicetype.core.transcript import TranscriptAssembler


def test_partials_replace_each_other_and_finals_stay():
    assembler = TranscriptAssembler()
    assert assembler.add(PartialResult("завтра"))
    assert assembler.add(PartialResult("завтра утром"))
    assert assembler.transcript == Transcript("", "завтра утром")
    assert assembler.add(FinalResult("завтра утром"))
    assert assembler.add(PartialResult("мы"))
    assert assembler.transcript == Transcript("завтра утром", "мы")
    assert assembler.add(FinalResult("мы идём"))
    assert assembler.transcript == Transcript("завтра утром мы идём", "")


def test_an_unchanged_partial_is_no_news():
    assembler = TranscriptAssembler()
    assert not assembler.add(PartialResult(""))
    assembler.add(PartialResult("да"))
    assert not assembler.add(PartialResult("да"))


def test_an_empty_final_only_clears_the_tentative_words():
    assembler = TranscriptAssembler()
    assembler.add(FinalResult("да"))
    assembler.add(PartialResult("э"))
    assembler.add(FinalResult(""))
    assert assembler.transcript == Transcript("да", "")


def test_tentative_words_can_be_kept():
    assembler = TranscriptAssembler()
    assembler.add(FinalResult("мы"))
    assembler.add(PartialResult("идём"))
    assembler.commit_tentative()
    assert assembler.transcript == Transcript("мы идём", "")


@given(st.lists(st.tuples(st.booleans(), st.text("абв ", max_size=8))))
def test_committed_only_grows_and_holds_every_final_word(results):
    assembler = TranscriptAssembler()
    words: list[str] = []
    before = ""
    for is_final, text in results:
        assembler.add(FinalResult(text) if is_final else PartialResult(text))
        if is_final:
            words += text.split()
        assert assembler.transcript.committed.startswith(before)
        before = assembler.transcript.committed
    assert before.split() == words
