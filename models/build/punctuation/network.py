"""The punctuation network: a transformer of RUPunct's kind (ELECTRA) in PyTorch."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional

from punctuation.labelling import LABELS

_NARROW = 400  # hidden size below which larger first weights learn faster
_MASKED = -10_000.0


@dataclass(frozen=True)
class Shape:
    """The size of a network. The defaults are those of the bundled model."""

    vocabulary: int
    hidden: int = 256
    layers: int = 4
    heads: int = 4
    inner: int = 1024
    positions: int = 96


class Network(nn.Module):
    """Token ids, attention mask and token types in, logits of the 33 labels out."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.words = nn.Embedding(shape.vocabulary, shape.hidden)
        self.places = nn.Embedding(shape.positions, shape.hidden)
        self.types = nn.Embedding(2, shape.hidden)
        self.norm = nn.LayerNorm(shape.hidden)
        self.layers = nn.ModuleList(_Layer(shape) for _ in range(shape.layers))
        self.out = nn.Linear(shape.hidden, len(LABELS))
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.normal_(module.weight, std=0.04 if shape.hidden < _NARROW else 0.02)
                nn.init.zeros_(module.bias)
            elif isinstance(module, nn.Embedding):
                nn.init.normal_(module.weight, std=0.05)

    def forward(self, ids: torch.Tensor, attention: torch.Tensor, types: torch.Tensor) -> torch.Tensor:
        """All three of shape (batch, tokens)."""
        places = torch.arange(ids.shape[1], device=ids.device)[None]
        current = self.norm(self.words(ids) + self.places(places) + self.types(types))
        mask = (1.0 - attention[:, None, None, :].to(current.dtype)) * _MASKED
        for layer in self.layers:
            current = layer(current, mask)
        return self.out(current)


class _Layer(nn.Module):
    """Attention and a feed-forward network, each with its norm behind it."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.query_key_value = nn.Linear(shape.hidden, 3 * shape.hidden)
        self.attended = nn.Linear(shape.hidden, shape.hidden)
        self.attention_norm = nn.LayerNorm(shape.hidden)
        self.inner = nn.Linear(shape.hidden, shape.inner)
        self.outer = nn.Linear(shape.inner, shape.hidden)
        self.norm = nn.LayerNorm(shape.hidden)

    def forward(self, current: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        batch, tokens, hidden = current.shape
        parts = self.query_key_value(current).view(batch, tokens, 3, self.heads, hidden // self.heads)
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        found = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        current = self.attention_norm(current + self.attended(found.transpose(1, 2).reshape(batch, tokens, hidden)))
        return self.norm(current + self.outer(functional.gelu(self.inner(current))))
