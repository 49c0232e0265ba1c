"""Training of the acoustic network: cross-entropy on the frames that espeak's own phoneme events label."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from speech.alignment import SILENCE, SUBSAMPLING, frame_classes, is_vowel
from speech.dataset import Utterance
from speech.network import LEFT_CONTEXT, RIGHT_CONTEXT, AcousticModel, Network
from speech.sound import FEATURES

_RARE_PHONE = 150
"""A phone that occurs less often is not learnt and is merged into a near one."""
_CHUNK_FRAMES = 30  # output frames in one training example
_BATCH = 64
_VALIDATION_UTTERANCES = 150
_LEARNING_RATE, _LAST_LEARNING_RATE = 2e-3, 2e-5
_WARM_UP_EXAMPLES = 20_000
_IGNORED = -100  # torch's default for frames without a class
_GAIN_SHARE, _GAIN = 0.3, 6.0  # of the first coefficient, which is loudness
_CHANNEL = 0.15  # of each coefficient's deviation


def train(utterances: Sequence[Utterance], minutes: float, seed: int = 0) -> AcousticModel:
    """Train for some minutes; the learning rate falls to its end with them."""
    torch.manual_seed(seed)
    chance = np.random.default_rng(seed)
    phones, merged = _inventory(utterances)
    ids = {name: phones.index(stand_in) for name, stand_in in merged.items()}
    sample = np.concatenate([utterance.features[::7].astype(np.float32) for utterance in utterances])
    deviation = sample.std(0) + 1e-3
    network = Network(sample.mean(0), deviation, 2 * len(phones))
    order = chance.permutation(len(utterances))
    held_out = min(_VALIDATION_UTTERANCES, len(order) // 10)
    validation = _examples([utterances[index] for index in order[:held_out]], 0, ids)
    trained = [utterances[index] for index in order[held_out:]]
    print(f"{len(trained)} utterances, {len(phones)} phones, {minutes} minutes", flush=True)
    counts = _run(network, trained, validation, ids, minutes * 60, chance, torch.tensor(deviation))
    network.eval()
    return AcousticModel(tuple(phones), merged, network.folded(), counts)


def _inventory(utterances: Iterable[Utterance]) -> tuple[list[str], dict[str, str]]:
    counts: Counter[str] = Counter()
    for utterance in utterances:
        counts.update(utterance.phones)
    frequent = {name for name, count in counts.items() if count >= _RARE_PHONE or name == SILENCE}
    merged = {name: name if name in frequent else _nearest(name, frequent, counts) for name in counts}
    return [SILENCE, *sorted(set(merged.values()) - {SILENCE})], merged


def _nearest(name: str, frequent: set[str], counts: Counter[str]) -> str:
    for near in (name.rstrip(";"), f"{name};", name.rstrip(";#:-"), name[:1].lower(), name[:1]):
        if near in frequent:
            return near
    alike = [other for other in frequent - {SILENCE} if is_vowel(other) == is_vowel(name)]
    return max(alike, key=lambda other: counts[other])


def _examples(utterances: Iterable[Utterance], shift: int, ids: dict[str, int]) -> tuple[np.ndarray, np.ndarray]:
    """Chunks of equal length with their context: features (float16) and classes."""
    features, classes = [], []
    for utterance in utterances:
        frames = utterance.features
        labels = frame_classes(utterance.phones, utterance.seconds, len(frames), shift, ids)
        if labels is None:
            continue
        padding = (LEFT_CONTEXT, RIGHT_CONTEXT + SUBSAMPLING * _CHUNK_FRAMES)
        padded = np.pad(frames, (padding, (0, 0)), mode="edge")
        for start in range(0, len(labels), _CHUNK_FRAMES):
            begin = min(start, max(0, len(labels) - _CHUNK_FRAMES))
            first = shift + SUBSAMPLING * begin
            length = LEFT_CONTEXT + SUBSAMPLING * (_CHUNK_FRAMES - 1) + 1 + RIGHT_CONTEXT
            features.append(padded[first : first + length])
            chunk = labels[begin : begin + _CHUNK_FRAMES]
            classes.append(np.pad(chunk, (0, _CHUNK_FRAMES - len(chunk)), constant_values=_IGNORED))
    return np.stack(features), np.stack(classes)


def _run(
    network: Network,
    utterances: Sequence[Utterance],
    validation: tuple[np.ndarray, np.ndarray],
    ids: dict[str, int],
    seconds: float,
    chance: np.random.Generator,
    deviation: torch.Tensor,
) -> np.ndarray:
    """Returns the training frames of each class."""
    optimizer = torch.optim.AdamW(network.parameters(), lr=_LEARNING_RATE, weight_decay=1e-3)
    begin, seen, epoch, counts = time.monotonic(), 0, 0, np.zeros(network.out.out_features)
    while (share := (time.monotonic() - begin) / seconds) < 1:
        # Any of three frames may be the first one when vosk listens.
        features, classes = _examples(utterances, int(chance.integers(SUBSAMPLING)), ids)
        if epoch == 0:
            counts += np.bincount(classes[classes >= 0], minlength=len(counts))
        order = chance.permutation(len(features))
        for start in range(0, len(order), _BATCH):
            share = (time.monotonic() - begin) / seconds
            if share >= 1:
                break
            chosen = order[start : start + _BATCH]
            warm = min(1.0, seen / _WARM_UP_EXAMPLES + 0.05)
            optimizer.param_groups[0]["lr"] = _LEARNING_RATE * warm * (1 - share) + _LAST_LEARNING_RATE
            varied = _varied(torch.from_numpy(features[chosen]).float(), deviation)
            _step(network, optimizer, varied, torch.from_numpy(classes[chosen]))
            seen += len(chosen)
        epoch += 1
        print(f"epoch {epoch}, {time.monotonic() - begin:.0f} s: {_accuracy(network, *validation)}", flush=True)
    return counts


def _varied(features: torch.Tensor, deviation: torch.Tensor) -> torch.Tensor:
    """Each example a little louder or softer, and as if through another microphone."""
    louder = (torch.rand(len(features), 1) < _GAIN_SHARE) * torch.randn(len(features), 1) * _GAIN
    features[:, :, 0] += louder
    return features + torch.randn(len(features), 1, FEATURES) * deviation * _CHANNEL


def _step(network: Network, optimizer: torch.optim.Optimizer, features: torch.Tensor, classes: torch.Tensor) -> None:
    logits = network(features)
    loss = functional.cross_entropy(
        logits.reshape(-1, logits.shape[-1]), classes.reshape(-1), ignore_index=_IGNORED, label_smoothing=0.02
    )
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(network.parameters(), 5.0)
    optimizer.step()


def _accuracy(network: Network, features: np.ndarray, classes: np.ndarray) -> str:
    network.eval()
    with torch.no_grad():
        found = network(torch.from_numpy(features).float()).argmax(-1).numpy()
    network.train()
    known = classes >= 0
    exact, phone = (found == classes)[known].mean(), (found // 2 == classes // 2)[known].mean()
    return f"{exact:.3f} of the validation frames right, {phone:.3f} by phone"
