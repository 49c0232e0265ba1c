"""Writes a network as a folder of RUPunct's format: int8 ONNX, configuration and tokenizer. Needs onnx, onnxruntime."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from tokenizers import Tokenizer

from punctuation.labelling import LABELS
from punctuation.network import Network
from punctuation.tokenizer import SPECIAL

INPUTS = ("input_ids", "attention_mask", "token_type_ids")
_OPSET = 17
_QUANTIZED = ["MatMul", "Gemm", "Gather"]
_TOLERANCE = 1e-3  # between PyTorch and ONNX, before quantization
_LAYER_NORM_EPSILON = 1e-5  # torch's default
_ROLES = ("pad_token", "unk_token", "cls_token", "sep_token", "mask_token")


def write_model(folder: Path, network: Network, tokenizer: Tokenizer) -> None:
    """Write every file. Raises ValueError when the ONNX file does not compute what the network does."""
    folder.mkdir(parents=True, exist_ok=True)
    network.eval()
    with tempfile.TemporaryDirectory() as scratch:
        exact, prepared = Path(scratch) / "exact.onnx", Path(scratch) / "prepared.onnx"
        _write_onnx(exact, network)
        quant_pre_process(str(exact), str(prepared), skip_symbolic_shape=True)
        quantize_dynamic(
            str(prepared),
            str(folder / "model.onnx"),
            weight_type=QuantType.QInt8,
            per_channel=True,
            op_types_to_quantize=_QUANTIZED,
        )
    tokenizer.save(str(folder / "tokenizer.json"))
    words = sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])
    (folder / "vocab.txt").write_text("".join(f"{word}\n" for word, _ in words), encoding="utf-8")
    _write_json(folder / "config.json", _configuration(network))
    special = dict(zip(_ROLES, SPECIAL, strict=True))
    _write_json(folder / "special_tokens_map.json", special)
    tokenizer_settings = {
        "tokenizer_class": "ElectraTokenizer",
        "do_lower_case": True,
        "strip_accents": False,
        "tokenize_chinese_chars": True,
        "model_max_length": network.shape.positions,
    }
    _write_json(folder / "tokenizer_config.json", tokenizer_settings | special)


def _write_onnx(file: Path, network: Network) -> None:
    ids = torch.randint(len(SPECIAL), network.shape.vocabulary, (2, 16))
    attention = torch.ones_like(ids)
    attention[1, 10:] = 0  # as in a batch of unequal lengths
    inputs = (ids, attention, torch.zeros_like(ids))
    torch.onnx.export(
        network,
        inputs,
        str(file),
        input_names=list(INPUTS),
        output_names=["logits"],
        dynamic_axes={name: {0: "batch", 1: "tokens"} for name in (*INPUTS, "logits")},
        opset_version=_OPSET,
        dynamo=False,
    )
    session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    with torch.no_grad():
        expected = network(*inputs).numpy()
    feed = {name: value.numpy() for name, value in zip(INPUTS, inputs, strict=True)}
    if (difference := np.abs(session.run(None, feed)[0] - expected).max()) > _TOLERANCE:
        raise ValueError(f"the exported model differs from the network by {difference}")


def _configuration(network: Network) -> dict[str, object]:
    shape = network.shape
    return {
        "architectures": ["ElectraForTokenClassification"],
        "model_type": "electra",
        "attention_probs_dropout_prob": 0.0,
        "hidden_dropout_prob": 0.0,
        "hidden_act": "gelu",
        "embedding_size": shape.hidden,
        "hidden_size": shape.hidden,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "intermediate_size": shape.inner,
        "layer_norm_eps": _LAYER_NORM_EPSILON,
        "max_position_embeddings": shape.positions,
        "pad_token_id": 0,
        "type_vocab_size": 2,
        "vocab_size": shape.vocabulary,
        "id2label": {str(number): label for number, label in enumerate(LABELS)},
        "label2id": {label: number for number, label in enumerate(LABELS)},
    }


def _write_json(file: Path, content: object) -> None:
    file.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
