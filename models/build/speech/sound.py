"""From clean speech to what the network is trained on: rooms, noise, gain, and Kaldi's MFCC. Needs scipy and
kaldi-native-fbank."""

from __future__ import annotations

import random

import kaldi_native_fbank
import numpy as np
from scipy.signal import fftconvolve, lfilter

from speech.synthesis import SAMPLE_RATE, to_int16

FEATURES = 40

_ROOM_SHARE = _TILT_SHARE = 0.3
_NOISE_SHARE, _DITHER_SHARE = 0.65, 0.15
_GAIN_DB = (-24, 3)
_SIGNAL_TO_NOISE_DB = (12, 45)


def mfcc(samples: np.ndarray) -> np.ndarray:
    """40 coefficients every 10 ms, as `conf/mfcc.conf` makes vosk compute them: of int16 values, without dither."""
    options = kaldi_native_fbank.MfccOptions()
    frame = options.frame_opts
    frame.samp_freq, frame.dither, frame.snip_edges = SAMPLE_RATE, 0, True
    frame.window_type, frame.preemph_coeff, frame.remove_dc_offset = "povey", 0.97, True
    options.mel_opts.num_bins, options.mel_opts.low_freq, options.mel_opts.high_freq = FEATURES, 20, -400
    options.num_ceps, options.cepstral_lifter, options.use_energy = FEATURES, 22, False
    computer = kaldi_native_fbank.OnlineMfcc(options)
    computer.accept_waveform(SAMPLE_RATE, samples.astype(np.float32).tolist())
    computer.input_finished()
    return np.stack([computer.get_frame(index) for index in range(computer.num_frames_ready)])


def recorded(samples: np.ndarray, chance: random.Random) -> tuple[np.ndarray, float]:
    """Speech as if a microphone had taken it in some room, and the seconds of silence put before it."""
    before, after = int(chance.uniform(0.05, 0.7) * SAMPLE_RATE), int(chance.uniform(0.05, 0.6) * SAMPLE_RATE)
    sound = np.pad(samples.astype(np.float32), (before, after))
    noise = np.random.default_rng(chance.randrange(1 << 30))
    if chance.random() < _ROOM_SHARE:
        sound = fftconvolve(sound, _room(chance, noise))[: len(sound)].astype(np.float32)
    if chance.random() < _TILT_SHARE:
        sound = lfilter([1, chance.uniform(-0.5, 0.5)], [1], sound).astype(np.float32)
    sound *= 10 ** (chance.uniform(*_GAIN_DB) / 20)
    level = float(np.sqrt((sound[before:-after] ** 2).mean() + 1))
    return to_int16(_with_noise(sound, level, chance, noise)), before / SAMPLE_RATE


def _room(chance: random.Random, noise: np.random.Generator) -> np.ndarray:
    """An impulse response: the sound itself and a decaying tail of 20 to 120 ms."""
    length = int(chance.uniform(0.02, 0.12) * SAMPLE_RATE)
    tail = noise.standard_normal(length) * np.exp(-np.arange(length) / length * 5)
    tail *= chance.uniform(0.1, 0.5) / np.sqrt((tail**2).sum())
    tail[0] = 1
    return tail


def _with_noise(sound: np.ndarray, level: float, chance: random.Random, noise: np.random.Generator) -> np.ndarray:
    kind = chance.random()
    if kind >= _NOISE_SHARE + _DITHER_SHARE:
        return sound
    hiss = noise.standard_normal(len(sound)).astype(np.float32)
    if kind >= _NOISE_SHARE:
        return sound + hiss  # the least bit of a converter
    if chance.random() < 0.5:  # half of the noise is low, as fans and traffic are
        hiss = lfilter([1], [1, -chance.uniform(0.7, 0.98)], hiss)
        hiss /= hiss.std()
    return sound + hiss * level * 10 ** (-chance.uniform(*_SIGNAL_TO_NOISE_DB) / 20)
