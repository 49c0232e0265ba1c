"""Speech recognition over Vosk. The only importer of `vosk`, and only when a model is loaded. One thread at a time.

Vosk frees a model when its last reference drops, so nothing here hands the model itself out.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from voicetype.core.messages import MessageCode, ModelError
from voicetype.core.ports import BYTES_PER_SAMPLE, SAMPLE_RATE_HZ, FinalResult, PartialResult
from voicetype.core.status import SPEECH
from voicetype.engines.ansi_path import ansi_path
from voicetype.engines.catalog import speech_files

_SILENT = -1  # Vosk's log level: Kaldi would print to stderr, and with it what was dictated


def import_vosk() -> Any:
    """Vosk's module, silenced."""
    import vosk

    vosk.SetLogLevel(_SILENT)
    return vosk


class VoskModel:
    """A loaded speech model. Implements `core.ports.SpeechModel`. Blocking.

    Raises ModelError (MODEL_MISSING for absent or empty files, MODEL_PATH_NOT_LATIN, MODEL_BROKEN).
    """

    def __init__(self, path: Path) -> None:
        speech_files(path)
        self._path = path
        vosk = import_vosk()
        try:
            with ansi_path(path) as readable:
                self._model: Any = vosk.Model(readable)
        except ModelError:
            raise
        except Exception as error:  # Vosk raises bare Exception
            raise ModelError(MessageCode.MODEL_BROKEN, path=path, detail=error) from error

    def create_recognizer(self) -> VoskRecognizer:
        """Open a new stream. Raises ModelError: MODEL_BROKEN, since Vosk reads a broken graph without a word."""
        if self._model is None:
            raise ModelError(MessageCode.ENGINE_DIED, name=SPEECH, detail="the model is closed")
        try:
            return VoskRecognizer(import_vosk().KaldiRecognizer(self._model, SAMPLE_RATE_HZ))
        except Exception as error:  # Vosk raises bare Exception
            raise ModelError(MessageCode.MODEL_BROKEN, path=self._path, detail=error) from error

    def close(self) -> None:
        """Drop the model; its memory is free once the recognisers are closed too."""
        self._model = None


class VoskRecognizer:
    """One stream of speech. Implements `core.ports.Recognizer`."""

    def __init__(self, recognizer: Any) -> None:
        self._recognizer: Any = recognizer
        self._odd_byte = b""

    def accept(self, pcm: bytes) -> PartialResult | FinalResult:
        """Decode a block (int16 LE mono, SAMPLE_RATE_HZ, any length). Raises ModelError."""
        recognizer = self._open_recognizer()
        data = self._odd_byte + pcm
        whole = len(data) - len(data) % BYTES_PER_SAMPLE
        self._odd_byte = data[whole:]
        try:
            if recognizer.AcceptWaveform(data[:whole]):
                return FinalResult(_text(recognizer.Result(), "text"))
            return PartialResult(_text(recognizer.PartialResult(), "partial"))
        except Exception as error:  # Vosk raises bare Exception
            raise ModelError(MessageCode.ENGINE_DIED, name=SPEECH, detail=error) from error

    def finish(self) -> FinalResult:
        """Flush the stream and return the last phrase. Raises ModelError."""
        return FinalResult(_text(self._open_recognizer().FinalResult(), "text"))

    def close(self) -> None:
        """Free the stream; idempotent."""
        self._recognizer = None

    def _open_recognizer(self) -> Any:
        if self._recognizer is None:
            raise ModelError(MessageCode.ENGINE_DIED, name=SPEECH, detail="the recogniser is closed")
        return self._recognizer


def _text(result: str, key: str) -> str:
    return str(json.loads(result).get(key, ""))
