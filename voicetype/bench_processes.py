"""What the benchmark measures in processes of their own. Main thread; imports no more than what is measured."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path


def bare_vosk(arguments: Sequence[str]) -> int:
    """Decode `repeats + 1` times without this program and print the seconds of each. Returns the exit code.

    Args:
        arguments: the model's folder, the file, bytes of a block, repeats.
    """
    import vosk

    model_path, file, block_bytes, repeats = arguments
    vosk.SetLogLevel(-1)
    pcm = Path(file).read_bytes()
    model = vosk.Model(model_path)
    block = int(block_bytes)
    for _ in range(int(repeats) + 1):
        recognizer = vosk.KaldiRecognizer(model, 16000)
        begin = time.perf_counter()
        for offset in range(0, len(pcm), block):
            if recognizer.AcceptWaveform(pcm[offset : offset + block]):
                recognizer.Result()
            else:
                recognizer.PartialResult()
        recognizer.FinalResult()
        _print(time.perf_counter() - begin)
    return 0


def time_to_tray(_arguments: Sequence[str]) -> int:
    """Print the milliseconds from the start of this process to a visible tray icon. Returns the exit code."""
    from voicetype import start

    _print(start.time_to_tray())
    return 0


def _print(value: float) -> None:
    sys.stdout.write(f"{value}\n")
    sys.stdout.flush()
