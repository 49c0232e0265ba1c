"""Widgets hear of text in batches only."""

from voicetype.control.text_batcher import BATCH_INTERVAL_MS, TextBatcher
from voicetype.core.ports import Transcript


def test_many_results_become_one_batch_with_the_latest_text(qtbot):
    batcher = TextBatcher()
    batches: list[Transcript] = []
    batcher.batch_ready.connect(batches.append)
    with qtbot.waitSignal(batcher.batch_ready):
        for number in range(500):
            batcher.push(Transcript("", str(number)))
        assert batches == []
    assert batches == [Transcript("", "499")]


def test_the_interval_is_within_forty_to_sixty_milliseconds():
    assert 40 <= BATCH_INTERVAL_MS <= 60


def test_flush_and_clear(qtbot):
    batcher = TextBatcher()
    batches: list[Transcript] = []
    batcher.batch_ready.connect(batches.append)
    batcher.push(Transcript("а", ""))
    batcher.flush()
    assert batches == [Transcript("а", "")]
    batcher.push(Transcript("б", ""))
    batcher.clear()
    batcher.flush()
    assert batches == [Transcript("а", "")]
