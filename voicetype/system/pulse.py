"""What the PulseAudio server (or PipeWire in its place) knows of microphones. Any thread; may import: stdlib only.

PortAudio sees the server as one device, cannot tell its microphones apart, and goes on without a word when the server
moves the stream of an unplugged microphone to the monitor of a loudspeaker. The server's own tool, `pactl`, can tell.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field

SOURCE_VARIABLE = "PULSE_SOURCE"
"""Environment variable by which a client of the server chooses its microphone."""
_TIMEOUT_S = 2.0
"""`pactl` answers within 10 ms; a server that hangs must not hang its clients."""


@dataclass(frozen=True)
class PulseSource:
    """A microphone of the server.

    Attributes:
        name: the server's id of it.
        label: name for people, unique among the sources of one listing.
        is_default: streams that ask for none get this one.
        is_virtual: what is played into a null sink, not a device.
        number: the server's number of it.
    """

    name: str
    label: str
    is_default: bool = False
    is_virtual: bool = False
    number: str = field(default="", compare=False)


def microphones() -> tuple[PulseSource, ...] | None:
    """The server's microphones at this moment; None when no server can be asked. About 10 ms."""
    listing = _pactl("list", "sources")
    info = _pactl("info") if listing is not None else None
    if listing is None or info is None:
        return None
    return parse_sources(listing, os.environ.get(SOURCE_VARIABLE) or _field(info.splitlines(), "Default Source"))


def recorded_here(sources: Sequence[PulseSource]) -> frozenset[str]:
    """Names of those among `sources` that this process records at this moment. About 5 ms."""
    listing = _pactl("list", "source-outputs") or ""
    numbers = recorded_by(str(os.getpid()), listing)
    return frozenset(source.name for source in sources if source.number in numbers)


def recorded_by(process: str, listing: str) -> frozenset[str]:
    """Numbers of the sources that a process records, in the output of `pactl list source-outputs`."""
    mark = f'application.process.id = "{process}"'
    paragraphs = (paragraph.splitlines() for paragraph in listing.split("\n\n") if mark in paragraph)
    return frozenset(_field(lines, "Source") for lines in paragraphs)


def parse_sources(listing: str, default_source: str) -> tuple[PulseSource, ...]:
    """Find the microphones in the output of `pactl list sources` (in English).

    The monitor of a loudspeaker is none, though the server makes it the default where there is nothing else. The
    monitor of a null sink is one when it is the default: somebody built a virtual cable.
    """
    found: list[PulseSource] = []
    labels: set[str] = set()
    for paragraph in listing.split("\n\n"):
        lines = paragraph.splitlines()
        name = _field(lines, "Name")
        is_monitor = _field(lines, "Monitor of Sink") not in {"", "n/a"}
        is_default = name == default_source
        if not name or (is_monitor and not (is_default and _is_cable(name, paragraph))):
            continue
        label = base = _field(lines, "Description") or name
        number = 1
        while label in labels:
            number += 1
            label = f"{base} ({number})"
        labels.add(label)
        found.append(PulseSource(name, label, is_default, is_monitor, lines[0].rpartition("#")[2]))
    return tuple(found)


def _is_cable(name: str, paragraph: str) -> bool:
    # "auto_null" is the server's own stand-in for missing loudspeakers.
    is_null = "module-null-sink" in paragraph or "support.null-audio-sink" in paragraph
    return is_null and not name.startswith("auto_null")


def _field(lines: Sequence[str], name: str) -> str:
    for line in lines:
        key, colon, value = line.strip().partition(":")
        if colon and key == name:
            return value.strip()
    return ""


def _pactl(*arguments: str) -> str | None:
    program = shutil.which("pactl")
    if program is None:
        return None
    try:
        done = subprocess.run(
            [program, *arguments],
            env={**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIMEOUT_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.decode("utf-8", "replace")
