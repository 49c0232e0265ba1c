"""What a few words into a microphone tell about it. Pure; any thread."""

from __future__ import annotations

import enum
import math
from collections.abc import Sequence
from dataclasses import dataclass

from voicetype.core.audio import FLOOR_DBFS, NO_SIGNAL_PEAK, dbfs
from voicetype.core.levels import level_of
from voicetype.core.speech import FRAME_BYTES, FRAME_MS, SpeechSpans

_LEAST_SPEECH_MS = 300
"""A short sentence has a second of speech; a cough has less than this."""
_QUIET_DBFS = -45.0
"""Speech is understood down to -55; below -45 the noise of most inputs is near."""
_LEAST_DISTANCE_DB = 15.0
"""Of the frames that stand out at all; nearer to the noise words are lost."""
_QUIET_SHARE = 0.2
"""The noise is what the quietest fifth of the pauses has."""


class Hearing(enum.Enum):
    """The verdict."""

    NO_SIGNAL = "no_signal"
    ONLY_NOISE = "only_noise"
    TOO_QUIET = "too_quiet"
    NOISY = "noisy"
    GOOD = "good"
    TOO_LOUD = "too_loud"


@dataclass(frozen=True)
class CheckResult:
    """The verdict with what was measured, in dBFS: speech (FLOOR_DBFS without any), noise, the highest peak."""

    hearing: Hearing
    speech_dbfs: float = FLOOR_DBFS
    noise_dbfs: float = FLOOR_DBFS
    peak_dbfs: float = FLOOR_DBFS


def check(pcm: bytes, spans: SpeechSpans) -> CheckResult:
    """Judge a recording in which somebody was asked to speak; `spans` has heard just that."""
    frames = [pcm[start : start + FRAME_BYTES] for start in range(0, len(pcm) - FRAME_BYTES + 1, FRAME_BYTES)]
    levels = [level_of(frame).rms_dbfs for frame in frames]
    spoken = [spans.speech_ms(index * FRAME_MS, (index + 1) * FRAME_MS) > 0 for index in range(len(frames))]
    speech = [level for level, is_speech in zip(levels, spoken, strict=True) if is_speech]
    pauses = sorted(level for level, is_speech in zip(levels, spoken, strict=True) if not is_speech)
    whole = level_of(pcm)
    noise = pauses[int(len(pauses) * _QUIET_SHARE)] if pauses else FLOOR_DBFS
    result = CheckResult(Hearing.GOOD, _mean(speech), noise, whole.peak_dbfs)
    return CheckResult(
        _hearing(result, clipped=whole.clipped, speech_ms=len(speech) * FRAME_MS),
        result.speech_dbfs,
        result.noise_dbfs,
        result.peak_dbfs,
    )


def _hearing(result: CheckResult, *, clipped: bool, speech_ms: int) -> Hearing:
    if result.peak_dbfs <= dbfs(NO_SIGNAL_PEAK):
        return Hearing.NO_SIGNAL
    if clipped:
        return Hearing.TOO_LOUD
    if speech_ms < _LEAST_SPEECH_MS:
        return Hearing.ONLY_NOISE
    if result.speech_dbfs < _QUIET_DBFS:
        return Hearing.TOO_QUIET
    return Hearing.NOISY if result.speech_dbfs - result.noise_dbfs < _LEAST_DISTANCE_DB else Hearing.GOOD


def _mean(levels: Sequence[float]) -> float:
    """Mean power of levels in dB."""
    if not levels:
        return FLOOR_DBFS
    return 10 * math.log10(sum(10 ** (level / 10) for level in levels) / len(levels))
