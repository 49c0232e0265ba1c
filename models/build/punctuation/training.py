"""Training of the punctuation network on windows of text that begin and end as dictated phrases do."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional

from punctuation.labelling import LABELS
from punctuation.network import Network, Shape
from punctuation.sources import Document
from punctuation.tokenizer import BEGIN, END, UNKNOWN

MODERN_WEIGHT = {"UD_Taiga": 6.0, "UD_GSD": 6.0, "factRuEval": 6.0, "debian-handbook": 2.0}
"""Modern text is scarce, and what people dictate; all else counts as 1."""

_LABEL_IDS = {label: number for number, label in enumerate(LABELS)}
_NO_LABEL = -1  # of all tokens of a word but the first
_MOST_TOKENS = 12  # of one word
_BATCH, _POOL = 48, 16  # windows in a batch; batches sorted by length at a time
_FULL_SHARE = 0.45  # of the windows that are as long as they can be; others are one to four sentences
_MOST_SENTENCES = 4
_INSIDE_SHARE, _MOST_INSIDE = 0.15, 8  # begin so many tokens inside a sentence
_CUT_SHARE = 0.15  # end anywhere
_LEARNING_RATE, _WARM_UP_STEPS, _LAST_SHARE = 1.2e-3, 400, 0.02
_REPORT_SECONDS = 60


@dataclass(frozen=True)
class _Tokens:
    """A document: token ids, their labels, and the places where sentences begin."""

    ids: np.ndarray
    labels: np.ndarray
    starts: np.ndarray
    weight: float


def train(documents: Iterable[Document], tokenizer: Tokenizer, minutes: float, seed: int = 1) -> Network:
    """Train for some minutes; the learning rate falls to its end with them."""
    torch.manual_seed(seed)
    chance = np.random.default_rng(seed)
    texts = _tokenized(documents, tokenizer)
    weights = np.cumsum([text.weight * len(text.ids) for text in texts])
    network = Network(Shape(tokenizer.get_vocab_size()))
    optimizer = torch.optim.AdamW(network.parameters(), _LEARNING_RATE, betas=(0.9, 0.98), weight_decay=0.01)
    print(f"{len(texts)} documents, {sum(len(text.ids) for text in texts):,} tokens, {minutes} minutes", flush=True)
    begin, reported, step, seen, loss = time.monotonic(), time.monotonic(), 0, 0, math.log(len(LABELS))
    while True:
        for ids, attention, labels in _batches(texts, weights / weights[-1], network.shape.positions, chance):
            share = (time.monotonic() - begin) / (minutes * 60)
            if share >= 1:
                print(f"{step} steps, {seen:,} tokens, loss {loss:.3f}")
                return network
            rate = (0.5 * (1 + math.cos(math.pi * share))) * (1 - _LAST_SHARE) + _LAST_SHARE
            optimizer.param_groups[0]["lr"] = _LEARNING_RATE * min(1.0, (step + 1) / _WARM_UP_STEPS) * rate
            loss = 0.99 * loss + 0.01 * _step(network, optimizer, ids, attention, labels)
            step, seen = step + 1, seen + int(attention.sum())
            if time.monotonic() - reported > _REPORT_SECONDS:
                reported = time.monotonic()
                print(f"{reported - begin:.0f} s: {step} steps, {seen:,} tokens, loss {loss:.3f}", flush=True)


def _tokenized(documents: Iterable[Document], tokenizer: Tokenizer) -> list[_Tokens]:
    known: dict[str, list[int]] = {}
    found = []
    for document in documents:
        ids, labels, starts = [], [], []
        for sentence in document.sentences:
            starts.append(len(ids))
            for word, label in sentence:
                key = word.lower()
                if key not in known:
                    known[key] = tokenizer.encode(key, add_special_tokens=False).ids[:_MOST_TOKENS] or [UNKNOWN]
                ids += known[key]
                labels += [_LABEL_IDS[label], *[_NO_LABEL] * (len(known[key]) - 1)]
        if ids:
            arrays = np.array(ids, np.uint16), np.array(labels, np.int8), np.array(starts, np.int32)
            found.append(_Tokens(*arrays, MODERN_WEIGHT.get(document.source, 1.0)))
    return found


Batch = tuple[torch.Tensor, torch.Tensor, torch.Tensor]


def _batches(texts: Sequence[_Tokens], shares: np.ndarray, positions: int, chance: np.random.Generator) -> list[Batch]:
    """Ids, attention mask and labels; windows of like length together, the batches in random order."""
    windows = []
    for _ in range(_BATCH * _POOL):
        text = texts[int(np.searchsorted(shares, chance.random()))]
        begin, end = _window(text, positions - 2, chance)
        windows.append((text.ids[begin:end].astype(np.int64), text.labels[begin:end].astype(np.int64)))
    windows.sort(key=lambda window: len(window[0]))
    batches = [_padded(windows[start : start + _BATCH]) for start in range(0, len(windows), _BATCH)]
    return [batches[index] for index in chance.permutation(len(batches))]


def _window(text: _Tokens, longest: int, chance: np.random.Generator) -> tuple[int, int]:
    first = int(chance.integers(len(text.starts)))
    begin, length = int(text.starts[first]), longest
    if chance.random() >= _FULL_SHARE:
        after = first + int(chance.integers(1, _MOST_SENTENCES + 1))
        end = int(text.starts[after]) if after < len(text.starts) else len(text.ids)
        length = min(longest, max(end - begin, 2))
    if chance.random() < _INSIDE_SHARE:
        begin = min(begin + int(chance.integers(_MOST_INSIDE)), len(text.ids) - 1)
    if chance.random() < _CUT_SHARE:
        length = max(2, int(length * chance.random()))
    return begin, begin + length


def _padded(windows: Sequence[tuple[np.ndarray, np.ndarray]]) -> Batch:
    longest = max(len(ids) for ids, _ in windows) + 2
    rows = np.zeros((3, len(windows), longest), np.int64)
    rows[2] = _NO_LABEL
    for row, (ids, labels) in enumerate(windows):
        rows[0, row, : len(ids) + 2] = [BEGIN, *ids, END]
        rows[1, row, : len(ids) + 2] = 1
        rows[2, row, 1 : len(ids) + 1] = labels
    ids, attention, labels = torch.from_numpy(rows)
    return ids, attention, labels


def _step(
    network: Network,
    optimizer: torch.optim.Optimizer,
    ids: torch.Tensor,
    attention: torch.Tensor,
    labels: torch.Tensor,
) -> float:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = network(ids, attention, torch.zeros_like(ids))
    flat = logits.float().view(-1, len(LABELS))
    loss = functional.cross_entropy(flat, labels.reshape(-1), ignore_index=_NO_LABEL)
    loss.backward()
    nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    return float(loss.item())
