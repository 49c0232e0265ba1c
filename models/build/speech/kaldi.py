"""Writes `am/final.mdl`, Kaldi's binary nnet3 model with its transition model. No Kaldi needed; numpy only."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import BinaryIO

import numpy as np

from speech.network import AcousticModel, Layer
from speech.phones import PhoneTable
from speech.sound import FEATURES

_LEVELS = 65_535  # of a 16 bit "CM2" matrix: half the size of floats, at no loss of accuracy
_SMALLEST_RANGE = 1e-5


class KaldiWriter:
    """Kaldi's binary objects on a stream that is open for writing."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def raw(self, data: bytes) -> None:
        """Bytes as they are."""
        self._stream.write(data)

    def tokens(self, *names: str) -> None:
        """Words such as `<Nnet3>`."""
        for name in names:
            self.raw(name.encode() + b" ")

    def integers(self, *values: int) -> None:
        """int32 values, each with its size before it."""
        for value in values:
            self.raw(b"\x04" + struct.pack("<i", value))

    def real(self, value: float) -> None:
        """A float."""
        self.raw(b"\x04" + struct.pack("<f", value))

    def double(self, value: float) -> None:
        """A double."""
        self.raw(b"\x08" + struct.pack("<d", value))

    def integer_vector(self, values: Sequence[int]) -> None:
        """A std::vector<int32>."""
        self.raw(b"\x04" + struct.pack("<i", len(values)) + np.asarray(values, "<i4").tobytes())

    def vector(self, values: Sequence[float] | np.ndarray) -> None:
        """A Vector<float>."""
        self.tokens("FV")
        self.integers(len(values))
        self.raw(np.asarray(values, "<f4").tobytes())

    def matrix(self, values: np.ndarray) -> None:
        """A matrix, compressed to 16 bits a number."""
        low = float(values.min())
        spread = max(float(values.max()) - low, _SMALLEST_RANGE)
        levels = np.clip(np.round((values - low) / spread * _LEVELS), 0, _LEVELS)
        self.tokens("CM2")
        self.raw(struct.pack("<ffii", low, spread, *values.shape))
        self.raw(np.ascontiguousarray(levels).astype("<u2").tobytes())


def write_model(stream: BinaryIO, model: AcousticModel, table: PhoneTable) -> None:
    """Write the whole file."""
    writer = KaldiWriter(stream)
    writer.raw(b"\0B")
    _write_transitions(writer, model, table)
    _write_network(writer, model.layers)
    writer.tokens("<LeftContext>")
    writer.integers(-sum(min(layer.offsets) for layer in model.layers))
    writer.tokens("<RightContext>")
    writer.integers(sum(max(layer.offsets) for layer in model.layers))
    writer.tokens("<Priors>")
    writer.vector(model.priors())


def _write_transitions(writer: KaldiWriter, model: AcousticModel, table: PhoneTable) -> None:
    ids = list(range(1, table.size + 1))
    writer.tokens("<TransitionModel>", "<Topology>")
    writer.integer_vector(ids)
    writer.integer_vector([-1, *[0] * table.size])  # all phones share the one entry
    writer.integers(-1, 1, 2)  # classes of the first and of other frames differ; one entry; two states
    writer.integers(0, 1, 2)  # state 0: its two classes, two arcs: itself and the end
    for state in (0, 1):
        writer.integers(state)
        writer.real(0.5)
    writer.integers(-1, -1, 0)  # state 1: no class, no arc
    writer.tokens("</Topology>", "<Tuples>")
    writer.integers(table.size)
    for phone in ids:
        writer.integers(phone, 0, 2 * table.index_of[phone], 2 * table.index_of[phone] + 1)
    writer.tokens("</Tuples>", "<LogProbs>")
    loops = model.self_loops()
    logs = [[np.log(loops[table.index_of[phone]]), np.log(1 - loops[table.index_of[phone]])] for phone in ids]
    writer.vector(np.concatenate([[0.0], *logs]))
    writer.tokens("</LogProbs>", "</TransitionModel>")


def _write_network(writer: KaldiWriter, layers: Sequence[Layer]) -> None:
    config, previous = [f"input-node name=input dim={FEATURES}"], "input"
    components: list[tuple[str, Layer, str]] = []
    for index, layer in enumerate(layers, 1):
        last = index == len(layers)
        name = "output" if last else f"tdnn{index}"
        config.append(f"component-node name={name}.affine component={name}.affine input={_input(previous, layer)}")
        components.append((f"{name}.affine", layer, ""))
        previous = f"{name}.log-softmax" if last else f"{name}.relu"
        config.append(f"component-node name={previous} component={previous} input={name}.affine")
        components.append((previous, layer, "LogSoftmaxComponent" if last else "RectifiedLinearComponent"))
    config.append(f"output-node name=output input={previous} objective=linear")
    writer.tokens("<Nnet3>")
    writer.raw(("\n" + "\n".join(config) + "\n\n").encode())
    writer.tokens("<NumComponents>")
    writer.integers(len(components))
    for name, layer, kind in components:
        writer.tokens("<ComponentName>", name)
        if kind:
            _write_function(writer, kind, len(layer.bias))
        else:
            _write_affine(writer, layer)
    writer.tokens("</Nnet3>")


def _input(previous: str, layer: Layer) -> str:
    if layer.offsets == (0,):
        return previous
    parts = [f"Offset({previous}, {offset})" if offset else previous for offset in layer.offsets]
    return f"Append({', '.join(parts)})"


def _write_affine(writer: KaldiWriter, layer: Layer) -> None:
    writer.tokens("<FixedAffineComponent>", "<LinearParams>")
    writer.matrix(layer.weights)
    writer.tokens("<BiasParams>")
    writer.vector(layer.bias)
    writer.tokens("</FixedAffineComponent>")


def _write_function(writer: KaldiWriter, kind: str, size: int) -> None:
    writer.tokens(f"<{kind}>", "<Dim>")
    writer.integers(size)
    for statistics in ("<ValueAvg>", "<DerivAvg>"):
        writer.tokens(statistics)
        writer.vector([])
    writer.tokens("<Count>")
    writer.double(0)
    writer.tokens(f"</{kind}>")
