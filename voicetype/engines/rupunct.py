"""RUPunct over onnxruntime and tokenizers: words in, words with case and marks out. Any thread, one at a time.

The only importer of onnxruntime (beside the Qt gate) and tokenizers; both are imported when a model is loaded, since
they cost 40 MB and hold the interpreter for some 50 ms. No torch, no transformers. What labels mean is
`core.labels`; this module turns words into tokens and tokens into labels.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from voicetype.core.labels import LOWER_O, Label, cut, cut_windows, join, longest_word, parse_label
from voicetype.core.messages import MessageCode, ModelError
from voicetype.engines.catalog import punctuation_files

_MAX_WINDOW_TOKENS = 512
"""Attention takes memory by the square of the window: 2,048 positions would take 200 MB for no better marks."""
_SPECIAL_TOKENS = 2  # [CLS] and [SEP]
_ERRORS_ONLY = 3  # onnxruntime's severities: 2 = warnings, which it prints about harmless parts of exported graphs
_DEFAULT_PROVIDERS = ("CPUExecutionProvider",)


@dataclass(frozen=True)
class _Loaded:
    """A model in memory. `inputs` are the names that the graph asks for; `window` counts the special tokens too."""

    session: Any
    tokenizer: Any
    inputs: frozenset[str]
    labels: tuple[Label, ...]
    window: int
    begin_id: int
    end_id: int
    unknown_id: int


class RUPunctONNX:
    """A RUPunct model in a folder: `*.onnx`, `config.json` and `tokenizer.json`.

    Args:
        model_dir: the folder.
        providers: onnxruntime's execution providers; None = CPU.
        on_loading_progress: called with 0 to 100 from the loading thread.
        on_error: called with one line for a failed `load_model`, and once for all failures of `enhance` since.
    """

    def __init__(
        self,
        model_dir: Path,
        *,
        providers: Sequence[str] | None = None,
        on_loading_progress: Callable[[int], None] | None = None,
        on_error: Callable[[str], None] | None = None,
    ) -> None:
        self._model_dir = Path(model_dir)
        self._providers = list(providers or _DEFAULT_PROVIDERS)
        self._on_loading_progress = on_loading_progress
        self._on_error = on_error
        self._lock = threading.Lock()
        self._loaded: _Loaded | None = None
        self._error_reported = False

    @property
    def is_loaded(self) -> bool:
        """Whether `enhance` would use the model. Never waits for a load that runs."""
        return self._loaded is not None

    def load_model(self) -> bool:
        """Load the model unless it is loaded. Blocking. Returns False after telling `on_error` why it failed."""
        try:
            self.load()
        except ModelError as error:
            self._report(error)
            return False
        return True

    def load(self) -> None:
        """As `load_model`, but raises ModelError (MODEL_MISSING, MODEL_BROKEN)."""
        with self._lock:
            if self._loaded is None:
                self._loaded = _load(self._model_dir, self._providers, self._progress)
                self._error_reported = False
        self._progress(100)

    def unload(self) -> None:
        """Drop the model; idempotent. Waits for a run in another thread."""
        with self._lock:
            self._loaded = None

    def enhance(self, text: str) -> str:
        """The same words with case and marks; `text` itself when there is no model or it fails."""
        try:
            return self.punctuate(text)
        except ModelError as error:
            if not self._error_reported:
                self._error_reported = True
                self._report(error)
            return text

    def punctuate(self, text: str) -> str:
        """As `enhance`, but raises ModelError (PUNCTUATION_FAILED)."""
        pieces = cut(text)
        words = [piece.model_text for piece in pieces if piece.model_text]
        if not words:
            return text
        with self._lock:
            if self._loaded is None:
                raise ModelError(MessageCode.PUNCTUATION_FAILED, detail="the model is not loaded")
            try:
                labels = iter(_label_words(self._loaded, words))
            except Exception as error:  # onnxruntime and tokenizers raise many types, some without a common base
                raise ModelError(MessageCode.PUNCTUATION_FAILED, detail=_detail(error)) from error
        return join(pieces, [next(labels) if piece.model_text else None for piece in pieces])

    def _progress(self, percent: int) -> None:
        if self._on_loading_progress is not None:
            self._on_loading_progress(percent)

    def _report(self, error: ModelError) -> None:
        if self._on_error is not None:
            message = error.message
            self._on_error(f"{message.code.value}: {', '.join(message.params.values())}")


def _detail(error: BaseException) -> str:
    text = str(error).strip()
    return f"{type(error).__name__}: {text.splitlines()[0][:200]}" if text else type(error).__name__


def _load(model_dir: Path, providers: Sequence[str], progress: Callable[[int], None]) -> _Loaded:
    onnx_file, config_file, tokenizer_file = punctuation_files(model_dir)
    progress(0)
    try:
        import onnxruntime
        from tokenizers import Tokenizer

        progress(10)
        labels, positions = _read_config(json.loads(config_file.read_text(encoding="utf-8")))
        tokenizer = Tokenizer.from_str(_keep_accents(tokenizer_file.read_text(encoding="utf-8")))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        progress(30)
        session = onnxruntime.InferenceSession(
            str(onnx_file), _session_options(onnxruntime.SessionOptions()), providers=list(providers)
        )
        special = [_special_id(tokenizer, token) for token in ("[CLS]", "[SEP]", "[UNK]")]
    except Exception as error:  # broken files make onnxruntime and tokenizers raise types without a common base
        raise ModelError(MessageCode.MODEL_BROKEN, path=model_dir, detail=_detail(error)) from error
    progress(90)
    inputs = frozenset(node.name for node in session.get_inputs())
    return _Loaded(session, tokenizer, inputs, labels, min(positions, _MAX_WINDOW_TOKENS), *special)


def _read_config(config: Mapping[str, Any]) -> tuple[tuple[Label, ...], int]:
    """Labels in the order of the model's classes, and the longest input in tokens. Raises KeyError, ValueError."""
    names = config["id2label"]
    labels = tuple(parse_label(names[str(index)]) for index in range(len(names)))
    positions = int(config["max_position_embeddings"])
    if not labels or positions <= _SPECIAL_TOKENS:
        raise ValueError("config.json names no labels or no room for a word")
    return labels, positions


def _keep_accents(tokenizer_json: str) -> str:
    """Keep й and ё: BERT's normaliser, unless told otherwise, strips accents wherever it lower-cases."""
    document = json.loads(tokenizer_json)
    normalizer = document.get("normalizer") or {}
    for part in [normalizer, *normalizer.get("normalizers", ())]:
        if part.get("type") == "BertNormalizer" and part.get("strip_accents") is None:
            part["strip_accents"] = False
    return json.dumps(document)


def _special_id(tokenizer: Any, token: str) -> int:
    found = tokenizer.token_to_id(token)
    if found is None:
        raise ValueError(f"the tokenizer lacks {token}")
    return int(found)


def _session_options(options: Any) -> Any:
    # Two threads are up to twice slower than one while the recogniser keeps the other core busy: they spin.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = _ERRORS_ONLY
    return options


def _label_words(model: _Loaded, words: Sequence[str]) -> list[Label | None]:
    """One label a word; None for a word that the model does not know: it would only confuse its neighbours."""
    limit = model.window - _SPECIAL_TOKENS
    tokens: list[list[int]] = [[] for _ in words]
    encoding = model.tokenizer.encode(list(words), is_pretokenized=True, add_special_tokens=False)
    longest = longest_word(limit)
    for token, word in zip(encoding.ids, encoding.word_ids, strict=True):
        if word is not None and len(tokens[word]) < longest:
            tokens[word].append(token)
    known = [index for index, ids in enumerate(tokens) if set(ids) - {model.unknown_id}]
    labels: list[Label | None] = [None if ids else LOWER_O for ids in tokens]
    for window in cut_windows([len(tokens[index]) for index in known], limit):
        found = _run(model, [tokens[index] for index in known[window.begin : window.end]])
        for position in range(window.keep_begin, window.keep_end):
            labels[known[position]] = found[position - window.begin]
    return labels


def _run(model: _Loaded, words: Sequence[Sequence[int]]) -> list[Label]:
    """Run the model on one window. A word's label is that of its first token."""
    import numpy

    ids, firsts = [model.begin_id], []
    for word in words:
        firsts.append(len(ids))
        ids.extend(word)
    ids.append(model.end_id)
    row = numpy.asarray([ids], dtype=numpy.int64)
    feed = {"input_ids": row, "attention_mask": numpy.ones_like(row), "token_type_ids": numpy.zeros_like(row)}
    logits = model.session.run(None, {name: value for name, value in feed.items() if name in model.inputs})[0]
    classes = numpy.argmax(logits[0], axis=-1)
    return [model.labels[classes[first]] for first in firsts]
