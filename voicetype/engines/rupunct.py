"""RUPunct over onnxruntime and tokenizers: words in, words with case and marks out. Any thread, one at a time.

The only importer of onnxruntime (beside the Qt gate) and tokenizers; both are imported when a model is loaded, since
they cost 40 MB and hold the interpreter for some 50 ms. No torch, no transformers. What labels mean is
`core.labels`; this module turns words into tokens and tokens into labels.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from voicetype.core.labels import LOWER_O, Label, cut, cut_windows, join, longest_word, parse_label
from voicetype.core.messages import MessageCode, ModelError
from voicetype.engines.catalog import punctuation_files
from voicetype.engines.providers import CPU, Fallback, first_line, open_session

_MAX_WINDOW_TOKENS = 512
"""Attention takes memory by the square of the window: 2,048 positions would take 200 MB for no better marks."""
_SPECIAL_TOKENS = 2  # [CLS] and [SEP]


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
    device: str = CPU
    fallbacks: tuple[Fallback, ...] = ()


class RUPunctONNX:
    """A RUPunct model in a folder: `*.onnx`, `config.json` and `tokenizer.json`.

    Args:
        model_dir: the folder.
        device: where it runs, one of `providers.DEVICES`; a device that fails is replaced by the processor.
        on_loading_progress: called with 0 to 100 from the loading thread.
        on_error: called with one line for a failed `load_model`, and once for all failures of `enhance` since.
    """

    def __init__(
        self,
        model_dir: Path,
        *,
        device: str = CPU,
        on_loading_progress: Callable[[int], None] | None = None,
        on_error: Callable[[str], None] | None = None,
    ) -> None:
        self._model_dir = Path(model_dir)
        self._wanted_device = device
        self._on_loading_progress = on_loading_progress
        self._on_error = on_error
        self._lock = threading.Lock()
        self._loaded: _Loaded | None = None
        self._error_reported = False

    @property
    def is_loaded(self) -> bool:
        """Whether `enhance` would use the model. Never waits for a load that runs."""
        return self._loaded is not None

    @property
    def device(self) -> str:
        """What the loaded model runs on; "" when none is loaded."""
        loaded = self._loaded
        return loaded.device if loaded else ""

    @property
    def fallbacks(self) -> tuple[Fallback, ...]:
        """Devices that do not run it, and why."""
        loaded = self._loaded
        return loaded.fallbacks if loaded else ()

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
                self._loaded = _load(self._model_dir, self._wanted_device, self._progress)
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
                labels = iter(self._label(self._loaded, words))
            except Exception as error:  # onnxruntime and tokenizers raise many types, some without a common base
                raise ModelError(MessageCode.PUNCTUATION_FAILED, detail=first_line(error)) from error
        return join(pieces, [next(labels) if piece.model_text else None for piece in pieces])

    def _label(self, loaded: _Loaded, words: Sequence[str]) -> list[Label | None]:
        """With the lock: one label a word; a device that fails in the middle of its work is left for the processor."""
        try:
            return _label_words(loaded, words)
        except Exception as error:
            if loaded.device == CPU:
                raise
            fallback = Fallback(loaded.device, first_line(error))
            self._loaded = loaded = replace(
                _load(self._model_dir, CPU, lambda _percent: None), fallbacks=(*loaded.fallbacks, fallback)
            )
            return _label_words(loaded, words)

    def _progress(self, percent: int) -> None:
        if self._on_loading_progress is not None:
            self._on_loading_progress(percent)

    def _report(self, error: ModelError) -> None:
        if self._on_error is not None:
            message = error.message
            self._on_error(f"{message.code.value}: {', '.join(message.params.values())}")


def _load(model_dir: Path, device: str, progress: Callable[[int], None]) -> _Loaded:
    onnx_file, config_file, tokenizer_file = punctuation_files(model_dir)
    progress(0)
    try:
        import onnxruntime
        from tokenizers import Tokenizer

        onnxruntime.disable_telemetry_events()  # see voicetype/qt.py; this is another process
        progress(10)
        labels, positions = _read_config(json.loads(config_file.read_text(encoding="utf-8")))
        tokenizer = Tokenizer.from_str(_keep_accents(tokenizer_file.read_text(encoding="utf-8")))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        progress(30)
        special = [_special_id(tokenizer, token) for token in ("[CLS]", "[SEP]", "[UNK]")]
        opened = open_session(onnxruntime, onnx_file, device, lambda session: _run_once(session, special))
    except Exception as error:  # broken files make onnxruntime and tokenizers raise types without a common base
        raise ModelError(MessageCode.MODEL_BROKEN, path=model_dir, detail=first_line(error)) from error
    progress(90)
    window = min(positions, _MAX_WINDOW_TOKENS)
    inputs = _input_names(opened.session)
    begin_id, end_id, unknown_id = special
    return _Loaded(
        opened.session,
        tokenizer,
        inputs,
        labels,
        window,
        begin_id,
        end_id,
        unknown_id,
        opened.device,
        opened.fallbacks,
    )


def _input_names(session: Any) -> frozenset[str]:
    return frozenset(node.name for node in session.get_inputs())


def _run_once(session: Any, ids: Sequence[int]) -> None:
    """The first run is the slow one, and shows whether a device works at all."""
    _logits(session, _input_names(session), ids)


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
    classes = numpy.argmax(_logits(model.session, model.inputs, ids), axis=-1)
    return [model.labels[classes[first]] for first in firsts]


def _logits(session: Any, inputs: frozenset[str], ids: Sequence[int]) -> Any:
    """Scores of the classes for each token, shape (tokens, classes), float32."""
    import numpy

    row = numpy.asarray([ids], dtype=numpy.int64)
    feed = {"input_ids": row, "attention_mask": numpy.ones_like(row), "token_type_ids": numpy.zeros_like(row)}
    return session.run(None, {name: value for name, value in feed.items() if name in inputs})[0][0]
