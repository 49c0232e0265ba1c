"""Helpers for the tests of the engines: stand-in engine processes, and speech with its transcripts."""

import sys
import wave
from collections.abc import Iterator
from pathlib import Path

from voicetype.core.ports import FinalResult, PartialResult, Recognizer, SpeechModel

ROOT = Path(__file__).resolve().parents[1]
SPEECH_MODEL = ROOT / "models" / "vosk-tiny-ru"
PUNCTUATION_MODEL = ROOT / "models" / "rupunct-tiny"
SPEECH = Path(__file__).parent / "data" / "speech"

_STAND_IN = """
import struct, sys, time
def send(text):
    data = text.encode()
    sys.stdout.buffer.write(struct.pack("<IcI", len(data), b"J", 0) + data)
    sys.stdout.buffer.flush()
def receive():
    header = sys.stdin.buffer.read(9)
    if not header:
        sys.exit(0)
    return sys.stdin.buffer.read(struct.unpack("<IcI", header)[0])
"""


def stand_in(script: str) -> list[str]:
    """Command of a process that speaks the protocol: `script` may `send(json)` and `receive()`."""
    return [sys.executable, "-I", "-S", "-c", _STAND_IN + script]


def read_wav(path: Path) -> bytes:
    """The samples of a 16 kHz mono WAV file."""
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (16_000, 1, 2)
        return file.readframes(file.getnframes())


def spoken_sentences() -> list[tuple[Path, str]]:
    """The WAV files with the words that are spoken in them."""
    lines = (SPEECH / "transcripts.tsv").read_text(encoding="utf-8").splitlines()
    return [(SPEECH / name, words) for name, words in (line.split("\t") for line in lines)]


def blocks(pcm: bytes, size: int = 3_200) -> Iterator[bytes]:
    """The audio in blocks, as a microphone would bring it."""
    return (pcm[offset : offset + size] for offset in range(0, len(pcm), size))


def decode_with(recognizer: Recognizer, pcm: bytes, block: int = 3_200) -> tuple[list[str], list[str]]:
    """Decode `pcm`: the phrases, and the partial results that came on the way."""
    phrases, partials = [], []
    for data in blocks(pcm, block):
        result = recognizer.accept(data)
        if isinstance(result, FinalResult):
            phrases.append(result.text)
        else:
            assert isinstance(result, PartialResult)
            partials.append(result.text)
    phrases.append(recognizer.finish().text)
    return [phrase for phrase in phrases if phrase], partials


def words_of(model: SpeechModel, pcm: bytes, block: int = 3_200) -> str:
    """All words that `model` hears in `pcm`."""
    recognizer = model.create_recognizer()
    try:
        return " ".join(decode_with(recognizer, pcm, block)[0])
    finally:
        recognizer.close()
