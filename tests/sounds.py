"""Sounds that tests make themselves: tones and noises as PCM. The same every time."""

import math
import random
from array import array
from collections.abc import Iterable

from voicetype.core.audio import pcm_of, samples_of
from voicetype.core.ports import SAMPLE_RATE_HZ


def pcm(values: Iterable[float], dbfs: float) -> bytes:
    """The signal, brought to this level (root mean square)."""
    signal = list(values)
    power = sum(value * value for value in signal) / len(signal)
    gain = 32_768 * 10 ** (dbfs / 20) / math.sqrt(power)
    return pcm_of(array("h", (max(-32_768, min(32_767, round(value * gain))) for value in signal)))


def silence(seconds: float) -> bytes:
    """Digital silence."""
    return bytes(2 * round(seconds * SAMPLE_RATE_HZ))


def white(seconds: float, dbfs: float) -> bytes:
    """Hiss."""
    chance = random.Random(1)
    return pcm((chance.gauss(0, 1) for _ in range(round(seconds * SAMPLE_RATE_HZ))), dbfs)


def pink(seconds: float, dbfs: float) -> bytes:
    """A room: every octave has the same power (Paul Kellet's filter)."""
    chance = random.Random(2)
    poles = ((0.99765, 0.0990460), (0.96300, 0.2965164), (0.57000, 1.0526913))
    states = [0.0] * 3
    values = []
    for _ in range(round(seconds * SAMPLE_RATE_HZ)):
        noise = chance.gauss(0, 1)
        states = [pole * state + gain * noise for (pole, gain), state in zip(poles, states, strict=True)]
        values.append(sum(states) + 0.1848 * noise)
    return pcm(values, dbfs)


def hum(seconds: float, dbfs: float) -> bytes:
    """A bad cable: 50 Hz with its overtones."""
    tones = ((50, 1.0), (100, 0.5), (150, 0.4), (250, 0.25), (350, 0.1))
    period = SAMPLE_RATE_HZ // 50
    angles = [2 * math.pi * 50 * index / SAMPLE_RATE_HZ for index in range(period)]
    wave = [sum(share * math.sin(angle * hertz / 50 + hertz) for hertz, share in tones) for angle in angles]
    return pcm(wave, dbfs) * round(seconds * 50)


def sine(hertz: float, seconds: float, dbfs: float) -> bytes:
    """One tone."""
    step = 2 * math.pi * hertz / SAMPLE_RATE_HZ
    return pcm((math.sin(step * index) for index in range(round(seconds * SAMPLE_RATE_HZ))), dbfs)


def quieter(sound: bytes, decibel: float) -> bytes:
    """The same sound, attenuated."""
    gain = 10 ** (-decibel / 20)
    return pcm_of(array("h", (round(value * gain) for value in samples_of(sound))))


def mixed(one: bytes, other: bytes) -> bytes:
    """Both at once, as long as the shorter."""
    pairs = zip(samples_of(one), samples_of(other), strict=False)
    return pcm_of(array("h", (max(-32_768, min(32_767, a + b)) for a, b in pairs)))
