"""Silero TE over torch: words in, words with case and marks out. Any thread, one at a time.

The only importer of torch, which comes with the extra `voicetype[silero]` alone. The model is a torch package: a file
that brings its own code, so only one that the user put there by hand is ever loaded.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from voicetype.core.messages import MessageCode, ModelError
from voicetype.engines.catalog import silero_files
from voicetype.engines.providers import CPU, Fallback, first_line

_LANGUAGE = "ru"
_PACKAGE, _RESOURCE = "te_model", "model"
"""Where the published package keeps the model."""


class SileroTE:
    """A Silero text enhancement model in a folder.

    Args:
        model_dir: the folder, with one `.pt` file.
    """

    def __init__(self, model_dir: Path) -> None:
        self._model_dir = model_dir
        self._model: Any = None

    @property
    def device(self) -> str:
        """What it runs on: always the processor."""
        return CPU

    @property
    def fallbacks(self) -> tuple[Fallback, ...]:
        """Devices that do not run it: none was asked."""
        return ()

    def load(self) -> None:
        """Read the model. Blocking, seconds. Raises ModelError (SILERO_NOT_INSTALLED, MODEL_MISSING, MODEL_BROKEN)."""
        (file,) = silero_files(self._model_dir)
        try:
            import torch
            from torch.package import PackageImporter
        except ImportError as error:
            raise ModelError(MessageCode.SILERO_NOT_INSTALLED, path=file) from error
        # More threads fight with the recogniser for the same cores.
        torch.set_num_threads(1)
        try:
            self._model = PackageImporter(str(file)).load_pickle(_PACKAGE, _RESOURCE)
        except Exception as error:  # a broken package makes torch and pickle raise types without a common base
            raise ModelError(MessageCode.MODEL_BROKEN, path=file, detail=first_line(error)) from error

    def punctuate(self, text: str) -> str:
        """The same words with case and marks. Raises ModelError (PUNCTUATION_FAILED)."""
        if self._model is None:
            raise ModelError(MessageCode.PUNCTUATION_FAILED, detail="the model is not loaded")
        if not text.strip():
            return text
        try:
            return str(self._model.enhance_text(text, _LANGUAGE))
        except Exception as error:  # the package's code is its own, and so is what it raises
            raise ModelError(MessageCode.PUNCTUATION_FAILED, detail=first_line(error)) from error
