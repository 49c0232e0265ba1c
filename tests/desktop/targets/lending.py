"""Pastes texts into a slow window while a clipboard manager reads along, and looks what came of it.

Usage: lending.py SEED COUNT SPEED. SPEED 1 is that of the program; 10 shortens all times to a tenth. The display is to
be private: the window takes the focus. The last line on standard output is a JSON object of counts.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

from selections import Client, Contents

from voicetype.control.paste import Inserter
from voicetype.core.messages import InsertionError
from voicetype.system.clipboard_lending import RECEIPT_TIMEOUT_S, SETTLE_S
from voicetype.system.clipboard_x11 import X11Clipboard
from voicetype.system.typing_x11 import X11Typer

HERE = Path(__file__).parent
SELECTIONS = ("CLIPBOARD", "PRIMARY")
SPARE_S = 0.4
"""What a busy machine may delay anything by; times are not shortened below it."""


class Owner:
    """Another program with contents in the clipboard, in a thread of its own."""

    def __init__(self) -> None:
        self._client = Client()
        self._jobs: list[Any] = []
        self._ended = False
        self._thread = threading.Thread(target=self._work)
        self._thread.start()

    def own(self, contents: dict[str, Contents], slowness: float) -> None:
        done = threading.Event()

        def job() -> None:
            self._client.slowness = slowness
            for selection, what in contents.items():
                self._client.own(selection, what)
            done.set()

        self._jobs.append(job)
        assert done.wait(20)

    def close(self) -> None:
        self._ended = True
        self._thread.join()
        self._client.close()

    def _work(self) -> None:
        while not self._ended:
            self._client.serve(lambda: self._jobs or self._ended, 3600)
            while self._jobs:
                self._jobs.pop(0)()


def made_up(chance: random.Random, number: int) -> Contents:
    """Contents of random formats; their text can be told from every dictated one."""
    text = f"старое {number} {chance.random()}".encode()
    big = chance.randbytes(1000) * chance.choice((1, 100, 1500))
    formats = {
        "text": {"UTF8_STRING": text, "text/plain": text, "text/plain;charset=utf-8": text},
        "html": {"text/html": b"<b>" + text + b"</b>", "UTF8_STRING": text},
        "image": {"image/png": big},
        "files": {"text/uri-list": b"file:///tmp/a%20b\r\n", "x-special/gnome-copied-files": b"cut\nfile:///tmp/a b"},
        "own": {"application/x-own": bytes(range(256)), "application/x-empty": b""},
        "big text": {"UTF8_STRING": text * 5000},
    }
    chosen = chance.sample(sorted(formats), chance.choice((0, 1, 1, 2, 3)))
    return {target: data for name in chosen for target, data in formats[name].items()}


def planned(chance: random.Random, speed: float) -> dict[str, Any]:
    """What the window does at the next chord, by chance."""
    kind = chance.choices(("usual", "slow", "never", "late", "long again"), (90, 4, 2, 1, 3))[0]
    delay = {"slow": 5.0, "late": RECEIPT_TIMEOUT_S + 2}.get(kind, chance.choice((0.0, chance.uniform(0, 2.0))))
    again = chance.choice((None, None, 0.0, chance.uniform(0, 0.5 * SETTLE_S)))
    if kind == "long again":
        again = SETTLE_S + chance.uniform(0.3, 2.0)
    return {
        "kind": kind,
        "never": kind == "never",
        "delay": delay / speed,
        "again": None if again is None else again / speed,
        "first": chance.random() < 0.4,
        "timed": kind == "long again" or chance.random() < 0.5,
        "selection": chance.choice(SELECTIONS),
        "target": chance.choice(("UTF8_STRING", "text/plain;charset=utf-8")),
    }


class ChordOnly(X11Typer):
    """Notes that it was asked to type, which is what happens when the old contents do not come in time."""

    typed = False

    def type_text(self, text: str) -> None:
        self.typed = True


class Run:
    """The programs around the one that pastes, and the counts."""

    def __init__(self, seed: int, speed: float) -> None:
        self._chance = random.Random(seed)
        self._speed = speed
        self._clipboard = X11Clipboard(max(RECEIPT_TIMEOUT_S / speed, 2 * SPARE_S), max(SETTLE_S / speed, SPARE_S))
        self._typer = ChordOnly()
        self._inserter = Inserter(self._typer, self._clipboard, "paste")
        self._owner = Owner()
        self._reader = Client()
        pipe = subprocess.PIPE
        self._manager = subprocess.Popen(
            [sys.executable, HERE / "rude_manager.py", str(seed), str(1.5 / speed)], stdin=pipe, text=True
        )
        self._window = subprocess.Popen(
            [sys.executable, HERE / "slow_target.py"], stdin=pipe, stdout=pipe, text=True, bufsize=1
        )
        self.counts: Counter[str] = Counter()
        self._told()

    def once(self, number: int) -> None:
        """One insertion."""
        plan = planned(self._chance, self._speed)
        old = {selection: made_up(self._chance, number) for selection in SELECTIONS}
        self._owner.own(old, self._chance.choice((0.0, 0.0, 0.02)))
        assert self._window.stdin
        self._window.stdin.write(json.dumps(plan) + "\n")
        assert self._told() == {"planned": True}
        text = f"новое {number} " + "слово " * self._chance.choice((1, 10, 10_000))
        self._count("insertions", plan)
        newer = self._chance.random() < 0.05
        told, self._typer.typed = True, False
        try:
            self._inserter.insert(text)
        except InsertionError:
            told = False
        if self._typer.typed:
            self._count("typed instead")
            self._look_at_left(True, text, old)
            return
        expected = 0 if plan["never"] else 1 if plan["again"] is None else 2
        if newer and told and not plan["never"]:
            self._look_at_given(expected, text, old, plan)
            old = self._copy_meanwhile(number, old)
        else:
            self._look_at_given(expected, text, old, plan)
        self._look_at_outcome(plan, told)
        self._look_at_left(told, text, old)

    def close(self) -> None:
        """End everything."""
        assert self._manager.stdin and self._window.stdin and self._window.stdout
        self._manager.stdin.close()
        self._window.stdin.close()
        self._manager.wait(30)
        self._window.wait(30)
        self._window.stdout.close()
        self._clipboard.close()
        self._typer.close()
        self._owner.close()
        self._reader.close()

    def _told(self) -> dict[str, Any]:
        assert self._window.stdout
        told: dict[str, Any] = json.loads(self._window.stdout.readline())
        return told

    def _count(self, what: str, plan: dict[str, Any] | None = None) -> None:
        self.counts[what] += 1
        if plan is not None:
            self.counts[f"window: {plan['kind']}"] += 1

    def _copy_meanwhile(self, number: int, old: dict[str, Contents]) -> dict[str, Contents]:
        """Somebody copies something right after the text was read for the last time, before the old is back."""
        newer = {"CLIPBOARD": {"UTF8_STRING": f"скопированное {number}".encode()}}
        self._owner.own(newer, 0.0)
        self._count("copied meanwhile")
        return {**old, **newer}

    def _look_at_given(self, expected: int, text: str, old: dict[str, Contents], plan: dict[str, Any]) -> None:
        for index in range(expected):
            given = self._told()["given"]
            if given is None and index == 1 and plan["kind"] == "long again" and not old[plan["selection"]]:
                # Nobody owns a clipboard that is empty again, so nobody can answer.
                self._count("found empty when asked again long after")
                continue
            olds = [data.decode("utf-8", "replace") for contents in old.values() for data in contents.values()]
            if given != text:
                self._count("WRONG: old contents pasted" if given in olds else "WRONG: something else pasted")
                sys.stderr.write(f"wrong at {plan}: {given and given[:40]!r}\n")
            else:
                self._count("right text pasted")

    def _look_at_outcome(self, plan: dict[str, Any], told: bool) -> None:
        should_fail = plan["kind"] in {"never", "late"}
        if told == should_fail:
            self._count("WRONG: outcome told")

    def _look_at_left(self, told: bool, text: str, old: dict[str, Contents]) -> None:
        wanted = old if told else {name: {"UTF8_STRING": text.encode()} for name in SELECTIONS}
        end = time.monotonic() + 10
        while not (right := self._left_is(wanted, told)) and time.monotonic() < end:
            time.sleep(0.05)
        if right:
            self._count("old contents back" if told else "text kept")
        else:
            self._count("WRONG: old contents lost" if told else "WRONG: text not kept")

    def _left_is(self, wanted: dict[str, Contents], told: bool) -> bool:
        for selection, contents in wanted.items():
            left = self._reader.read_all(selection)
            if (left if told else {"UTF8_STRING": left.get("UTF8_STRING", b"")}) != contents:
                return False
        return True


if __name__ == "__main__":
    run = Run(int(sys.argv[1]), float(sys.argv[3]))
    for index in range(int(sys.argv[2])):
        run.once(index)
    run.close()
    sys.stdout.write(json.dumps(run.counts) + "\n")
