"""The acoustic network: a small TDNN in PyTorch for training, and as plain matrices for Kaldi."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn

from speech.alignment import SUBSAMPLING
from speech.sound import FEATURES

HIDDEN = 192
"""650,000 parameters: 1.3 MB as 16 bit numbers, and 1 % of one core."""
OFFSETS = ((-2, -1, 0, 1, 2), (-1, 0, 1), (-3, 0, 3), (-3, 0, 3), (-3, 0, 3), (-6, -3, 0, 3))
"""Input frames (10 ms) that each layer sees of the layer below; from the third on every third frame is enough."""
LEFT_CONTEXT = -sum(min(offsets) for offsets in OFFSETS)
RIGHT_CONTEXT = sum(max(offsets) for offsets in OFFSETS)

_FULL_RATE_LAYERS = 2
_BATCH_NORM_EPSILON = 1e-5  # torch's default
_DURATION_LIMITS = (0.05, 0.95)  # a self-loop's probability; its logarithm must be finite


@dataclass(frozen=True)
class Layer:
    """An affine layer over `offsets` of the layer below, with a ReLU behind it or not."""

    offsets: tuple[int, ...]
    weights: np.ndarray
    bias: np.ndarray
    rectified: bool


@dataclass(frozen=True)
class AcousticModel:
    """What Kaldi's files need of a trained network.

    Attributes:
        phones: names; phone i has the classes 2i (first frame) and 2i + 1 (others).
        merged: for each phone of the training data the one that stands for it.
        layers: with input and batch normalisation folded in.
        counts: training frames of each class.
    """

    phones: tuple[str, ...]
    merged: dict[str, str]
    layers: tuple[Layer, ...]
    counts: np.ndarray

    def save(self, file: Path) -> None:
        """Write it to a file of the working folder."""
        file.write_bytes(pickle.dumps(self))

    @staticmethod
    def load(file: Path) -> AcousticModel:
        """Only for files that `save` wrote: they are pickles."""
        model = pickle.loads(file.read_bytes())
        assert isinstance(model, AcousticModel)
        return model

    def priors(self) -> np.ndarray:
        """Probability of each class."""
        counts = self.counts + 1
        return counts / counts.sum()

    def self_loops(self) -> np.ndarray:
        """For each phone the probability that it goes on for another frame."""
        counts = self.counts.reshape(-1, 2)
        return np.clip(counts[:, 1] / (counts.sum(1) + 1e-9), *_DURATION_LIMITS)


class Network(nn.Module):
    """Affine, ReLU, batch normalisation (Kaldi's order), six times, and an affine layer to the classes."""

    def __init__(self, mean: np.ndarray, deviation: np.ndarray, classes: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.tensor(mean))
        self.register_buffer("deviation", torch.tensor(deviation))
        sizes = [FEATURES, *[HIDDEN] * len(OFFSETS)]
        self.affine = nn.ModuleList(
            nn.Linear(size * len(offsets), HIDDEN) for size, offsets in zip(sizes, OFFSETS, strict=False)
        )
        self.norm = nn.ModuleList(nn.BatchNorm1d(HIDDEN, affine=False) for _ in OFFSETS)
        self.out = nn.Linear(HIDDEN, classes)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Logits of every third frame for (batch, frames, features) that bring their context with them."""
        current = (features - self.mean) / self.deviation
        for index, offsets in enumerate(OFFSETS):
            if index == _FULL_RATE_LAYERS:
                current = current[:, ::SUBSAMPLING]
            step = 1 if index < _FULL_RATE_LAYERS else SUBSAMPLING
            steps = [offset // step for offset in offsets]
            length = current.shape[1] - (max(steps) - min(steps))
            parts = [current[:, at - min(steps) : at - min(steps) + length] for at in steps]
            hidden = torch.relu(self.affine[index](torch.cat(parts, 2)))
            current = self.norm[index](hidden.transpose(1, 2)).transpose(1, 2)
        return self.out(current)

    def folded(self) -> tuple[Layer, ...]:
        """The same function without normalisation: each is folded into the affine layer that follows it."""
        values = {name: value.double().numpy() for name, value in self.state_dict().items()}
        scale, shift = 1 / values["deviation"], -values["mean"] / values["deviation"]
        layers = []
        for index, offsets in enumerate((*OFFSETS, (0,))):
            last = index == len(OFFSETS)
            name = "out" if last else f"affine.{index}"
            weights, bias = values[f"{name}.weight"], values[f"{name}.bias"]
            scales, shifts = np.tile(scale, len(offsets)), np.tile(shift, len(offsets))
            folded_bias = (bias + weights @ shifts).astype(np.float32)
            layers.append(Layer(offsets, (weights * scales).astype(np.float32), folded_bias, not last))
            if not last:
                scale = 1 / np.sqrt(values[f"norm.{index}.running_var"] + _BATCH_NORM_EPSILON)
                shift = -values[f"norm.{index}.running_mean"] * scale
        return tuple(layers)
