"""Makes a RUPunct model of real size out of the bundled one: `python tests/make_big_onnx.py FOLDER`.

RUPunct_medium has no public ONNX file, and its export needs torch. What the memory tests need of it is its size and
how it is used: one file with 340 MB of weights, most of them in matrix products, all of them taken part in each run.
So the bundled model gets a second output behind a table and a chain of matrices; its first one stays what it was.

No protobuf library is needed: a message that occurs twice on the wire is merged, so whatever is appended to an ONNX
file as a further `graph` is added to the graph that is there. And no numpy: the measuring program imports this module,
and what it holds before the first load must not hide what a load adds.
"""

from __future__ import annotations

import array
import json
import random
import shutil
import sys
from pathlib import Path
from typing import BinaryIO

SOURCE = Path(__file__).resolve().parents[1] / "models" / "rupunct-tiny"
WIDTH = 2048
LAYERS = 14
"""With the bundled vocabulary of 12,000 tokens: a table of 98 MB and matrices of 235 MB."""
_BLOCK_ROWS = 32
_COPIED = ("config.json", "tokenizer.json")
_BYTES_FIELD = 2
_FLOAT = 1
# Field numbers of onnx.proto.
_MODEL_GRAPH = 7
_GRAPH_NODE, _GRAPH_INITIALIZER, _GRAPH_OUTPUT = 1, 5, 12
_NODE_INPUT, _NODE_OUTPUT, _NODE_TYPE = 1, 2, 4
_TENSOR_DIMENSION, _TENSOR_TYPE, _TENSOR_NAME, _TENSOR_DATA = 1, 2, 8, 9
_VALUE_NAME, _VALUE_TYPE, _TYPE_TENSOR, _TENSOR_ELEMENT = 1, 2, 1, 1


def make_big_model(folder: Path) -> Path:
    """Write a model of about 340 MB into `folder`, which is made, and return it."""
    folder.mkdir(parents=True)
    for name in _COPIED:
        shutil.copy(SOURCE / name, folder / name)
    rows = json.loads((SOURCE / "config.json").read_text(encoding="utf-8"))["vocab_size"]
    # Random, as a kernel may share pages of zeros; small, as the products would overflow.
    generator = random.Random(0)
    block = array.array("f", (generator.uniform(-0.025, 0.025) for _ in range(_BLOCK_ROWS * WIDTH))).tobytes()
    with (folder / "model.onnx").open("wb") as file:
        file.write((SOURCE / "model.onnx").read_bytes())
        _append_weight(file, "big_table", block, rows)
        _append(file, _GRAPH_NODE, _node("Gather", ["big_table", "input_ids"], "big_0"))
        for layer in range(LAYERS):
            _append_weight(file, f"big_matrix_{layer}", block, WIDTH)
            _append(file, _GRAPH_NODE, _node("MatMul", [f"big_{layer}", f"big_matrix_{layer}"], f"big_{layer + 1}"))
        # Without an output behind them, onnxruntime would leave the weights out.
        _append(file, _GRAPH_OUTPUT, _float_output(f"big_{LAYERS}"))
    return folder


def _varint(value: int) -> bytes:
    groups = bytearray()
    while value > 0x7F:
        groups.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(groups) + bytes([value])


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, value: bytes | str) -> bytes:
    data = value.encode() if isinstance(value, str) else value
    return _varint(field << 3 | _BYTES_FIELD) + _varint(len(data)) + data


def _append(file: BinaryIO, field: int, value: bytes) -> None:
    """Add one element to a repeated field of the graph."""
    file.write(_bytes(_MODEL_GRAPH, _bytes(field, value)))


def _append_weight(file: BinaryIO, name: str, block: bytes, rows: int) -> None:
    """Add a matrix of `rows` rows to the graph, filled with copies of `block`."""
    shape = _number(_TENSOR_DIMENSION, rows) + _number(_TENSOR_DIMENSION, WIDTH)
    head = shape + _number(_TENSOR_TYPE, _FLOAT) + _bytes(_TENSOR_NAME, name)
    _append(file, _GRAPH_INITIALIZER, head + _bytes(_TENSOR_DATA, block * (rows // _BLOCK_ROWS)))


def _node(kind: str, inputs: list[str], output: str) -> bytes:
    names = b"".join(_bytes(_NODE_INPUT, name) for name in inputs)
    return names + _bytes(_NODE_OUTPUT, output) + _bytes(_NODE_TYPE, kind)


def _float_output(name: str) -> bytes:
    tensor = _bytes(_TYPE_TENSOR, _number(_TENSOR_ELEMENT, _FLOAT))
    return _bytes(_VALUE_NAME, name) + _bytes(_VALUE_TYPE, tensor)


if __name__ == "__main__":
    make_big_model(Path(sys.argv[1]))
