"""A program that keeps dictations as VoiceType does, made to be killed; and the look at what it leaves.

    PYTHONPATH=.:tests python tests/records_harness.py run FOLDER SEED
    PYTHONPATH=.:tests python tests/records_harness.py look FOLDER
    PYTHONPATH=.:tests python tests/records_harness.py say FOLDER FILE.wav

`run` dictates without end: blocks at `PACE` times the speed of speech, the text into the history, the insertion, the
new state, the end of the journal's entry. Each step is told on the standard output, with a single write that outlives
the process, as soon as the program may rely on it: LETTER NAME NUMBER CLOCK.

    B  begun                       W  the call that took block NUMBER has returned
    D  a block is in the file      P  the text is in the history
    I  the text was inserted       S  the history says so

`look` prints as JSON what a new process finds. `say` plays a file in the microphone's place into a dictation that
never ends, and prints a line when all of it was said.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import sqlite3
import stat
import struct
import sys
import threading
import time
from functools import partial
from pathlib import Path

from voicetype.core.config import HistoryConfig
from voicetype.core.records import TextState
from voicetype.records.left_over import LeftOver
from voicetype.records.records import Records
from voicetype.records.sound_file import SoundFile
from voicetype.system.wave_source import WaveSource

BLOCK_SAMPLES = 512
BLOCK_BYTES = 2 * BLOCK_SAMPLES
BLOCK_S = BLOCK_SAMPLES / 16_000
PACE = 20
CLOSE_S = 10.0
TEXT = "Привет, это диктовка «{name}»."


def block(dictation: int, number: int) -> bytes:
    """A block that says which one it is, all through."""
    return struct.pack("<HH", dictation % 30_000 + 1, number) * (BLOCK_BYTES // 4)


def blocks_in(sound: bytes) -> tuple[int, int]:
    """The dictation's number and how many of its blocks, whole and in order from the first on, are in a sound.

    Raises ValueError for a sound of another kind; the last block may be cut off.
    """
    dictation = struct.unpack_from("<H", sound)[0] - 1
    count = len(sound) // BLOCK_BYTES
    expected = b"".join(block(dictation, number) for number in range(count + 1))
    if not expected.startswith(sound):
        raise ValueError("not the blocks that were written")
    return dictation, count


def main() -> None:
    """Be the program that the module's docstring tells of."""
    command, folder = sys.argv[1], Path(sys.argv[2])
    if command == "run":
        run(folder, random.Random(sys.argv[3]))
    elif command == "say":
        say(folder, Path(sys.argv[3]))
    else:
        json.dump(look(folder), sys.stdout)


def run(folder: Path, chance: random.Random) -> None:
    """Dictate until somebody kills the process."""
    _tell_of_writes()
    records = Records(folder, HistoryConfig(keep_recordings=chance.random() < 0.3), tell=_fail)
    # Short dictations bring many ends, long ones many kills in the middle.
    longest = chance.choice([20, 120])
    for dictation in itertools.count():
        _dictate(records, dictation, chance.randrange(5, longest))


def say(folder: Path, path: Path) -> None:
    """Capture the file's sound, then wait to be killed."""
    records = Records(folder, HistoryConfig(), tell=_fail)
    entry, ended = records.begin(), threading.Event()
    source = WaveSource(path, speed=PACE, on_end=ended.set)
    source.start(entry.write, _fail)
    ended.wait()
    records.left_over().result()  # comes when the blocks before it are written
    _say("W", entry.name, 0)
    threading.Event().wait()


def _dictate(records: Records, dictation: int, length: int) -> None:
    entry = records.begin()
    _say("B", entry.name, dictation)
    due = time.monotonic()
    for number in range(length):
        entry.write(block(dictation, number))
        _say("W", entry.name, number)
        due += BLOCK_S / PACE
        time.sleep(max(0.0, due - time.monotonic()))
    entry.close()
    text = TEXT.format(name=entry.name)
    number = records.remember(entry, text.lower(), text, "окно")
    assert number.result()
    _say("P", entry.name, length)
    _say("I", entry.name, length)
    assert records.settle(entry, number, TextState.INSERTED).result()
    _say("S", entry.name, length)
    # The next one's blocks would wait for this one's syncing, and at this pace that is most of its time.
    records.left_over().result()


def _tell_of_writes() -> None:
    append = SoundFile.append

    def told(file: SoundFile, block: bytes) -> None:
        append(file, block)
        _say("D", file.path.stem, 0)

    SoundFile.append = told  # type: ignore[method-assign]


def _say(letter: str, name: str, number: int) -> None:
    os.write(1, f"{letter} {name} {number} {time.monotonic_ns()}\n".encode())


def _fail(message: object) -> None:
    raise AssertionError(message)


def look(folder: Path) -> dict[str, object]:
    """What is left over, what the history says, and whether all is whole and closed to others."""
    troubles: list[str] = []
    records = Records(folder, HistoryConfig(), tell=lambda message: troubles.append(message.code.value))
    try:
        left = [_seen(each) for each in records.left_over().result()]
        states = {record.journal: record.state.value for record in records.history.recent(100_000).result()}
    finally:
        records.close(CLOSE_S)
    return {
        "left": left,
        "states": states,
        "troubles": troubles + _integrity(folder / "history.sqlite3"),
        "open_to_others": [
            str(path) for path in sorted(folder.rglob("*")) if stat.S_IMODE(path.stat().st_mode) & 0o077
        ],
    }


def answer(folder: Path) -> None:
    """Deliver everything that is left over, as a user who accepts the offer."""
    records = Records(folder, HistoryConfig(), tell=_fail)
    try:
        for each in records.left_over().result():
            text = TEXT.format(name=each.name)
            number = each.record.id if each.record else records.remember(each, text, text)
            records.settle(each, number, TextState.COPIED)
    finally:
        records.close(CLOSE_S)


def _seen(left: LeftOver) -> dict[str, object]:
    audio = left.audio()
    sound = b"".join(iter(partial(audio.read, 0.5, 8_000), None))
    dictation, blocks = blocks_in(sound)
    text = left.record.finished if left.record else None
    return {"name": left.name, "dictation": dictation, "blocks": blocks, "s": left.duration_s, "text": text}


def _integrity(path: Path) -> list[str]:
    if not path.exists():
        return []
    connection = sqlite3.connect(path)
    try:
        found = [row[0] for row in connection.execute("PRAGMA integrity_check")]
    finally:
        connection.close()
    return [] if found == ["ok"] else found


if __name__ == "__main__":
    main()
