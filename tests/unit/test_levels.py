"""Levels of known signals, and how a meter moves."""

import math
from array import array

import pytest

from tests import sounds
from voicetype.core.audio import FLOOR_DBFS, pcm_of
from voicetype.core.levels import READING_MS, LevelMeter, MeterReading, PeakHold, SoundLevel, level_of

SECOND = 1_000 // READING_MS


@pytest.mark.parametrize("pcm", [b"", bytes(1_000)])
def test_silence_is_the_floor(pcm):
    assert level_of(pcm) == SoundLevel(FLOOR_DBFS, FLOOR_DBFS)


def test_a_sine_has_its_peak_three_decibels_above_its_loudness():
    level = level_of(sounds.sine(500, 0.5, -20))
    assert level.rms_dbfs == pytest.approx(-20, abs=0.01)
    assert level.peak_dbfs == pytest.approx(-20 + 10 * math.log10(2), abs=0.02)
    assert not level.clipped


@pytest.mark.parametrize(("peak", "clipped"), [(-32_768, True), (32_767, True), (32_400, True), (32_380, False)])
def test_clipping_begins_a_tenth_of_a_decibel_below_full_scale(peak, clipped):
    assert level_of(pcm_of(array("h", [0, peak, 0]))).clipped is clipped


def test_no_peak_is_lost_between_two_readings():
    meter = LevelMeter()
    meter.write(pcm_of(array("h", [0, 32_767])))
    meter.write(bytes(1_000))
    assert meter.read().clipped
    assert meter.read().clipped, "a device that works in long blocks has the same level meanwhile"
    meter.write(bytes(1_000))
    assert meter.read() == SoundLevel()
    meter.write(pcm_of(array("h", [9_999])))
    meter.clear()
    assert meter.read() == SoundLevel()


def test_a_meter_that_nobody_reads_takes_no_memory():
    meter = LevelMeter()
    for _ in range(10_000):
        meter.write(bytes(512))
    assert len(meter._blocks) < 200


def test_the_peak_stays_then_falls():
    hold = PeakHold()
    hold.take(SoundLevel(-20, -10))
    held = [hold.take(SoundLevel(-50, -40)).peak_dbfs for _ in range(4 * SECOND)]
    assert held[: round(1.4 * SECOND)] == [-10] * round(1.4 * SECOND)
    assert held[2 * SECOND] == pytest.approx(-21, abs=2)
    assert held[-1] == -40
    assert hold.take(SoundLevel(-9, -3)) == MeterReading(-9, -3, False)


def test_clipping_is_seen_for_a_second():
    hold = PeakHold()
    assert hold.take(SoundLevel(-3, 0.0)).clipped
    seen = [hold.take(SoundLevel(-50, -40)).clipped for _ in range(2 * SECOND)]
    assert sum(seen) == SECOND - 1
