"""What becomes of the microphone that is open. The thread of its watcher; may import what lies beside it.

PortAudio's list of devices stands still while a stream is open, so the sound system behind it has to be asked.
"""

from __future__ import annotations

import enum
import sys
from collections.abc import Sequence
from typing import Protocol

from voicetype.system import pulse, windows_audio


class Fate(enum.Enum):
    """What a look found."""

    STAYS = "stays"
    """Go on."""
    GONE = "gone"
    """It was unplugged, though the stream may go on with something else."""
    OUTDATED = "outdated"
    """It is there, but the system's default, which is wanted, is another one."""


class DeviceWatch(Protocol):
    """Knows one microphone that is open."""

    @property
    def name(self) -> str:
        """What people call the one that is recorded now; "" where that is not known."""

    def look(self) -> Fate:
        """What has become of it; about 10 ms."""


class ServerWatch:
    """Asks the sound server. `follow`: the stream follows the server's default.

    The server moves the streams of an unplugged microphone to whatever there is, be it a loudspeaker's monitor. With a
    new default it moves those that never asked for a microphone of their own, and leaves others.
    """

    def __init__(self, source: pulse.PulseSource, *, follow: bool) -> None:
        self._source = source
        self._follow = follow

    @property
    def name(self) -> str:
        """The server's description."""
        return self._source.label

    def look(self) -> Fate:
        """Ask for what is there now."""
        sources = pulse.microphones()
        if sources is None:
            return Fate.STAYS  # the server does not answer; the stream will tell by its own silence
        default = next((source for source in sources if source.is_default), None)
        # By number: one that was unplugged and is back has lost its stream all the same. What is played into a null
        # sink is listed as a microphone only while it is the default.
        if not self._source.is_virtual and self._source.number not in {source.number for source in sources}:
            return Fate.GONE
        if not self._follow or default is None or default.is_virtual or default.number == self._source.number:
            return Fate.STAYS
        if default.name in pulse.recorded_here(sources):
            self._source = default
            return Fate.STAYS
        return Fate.OUTDATED


class WindowsDefaultWatch:
    """Compares Windows' default microphone with that of the beginning."""

    name = ""

    def __init__(self) -> None:
        self._default = windows_audio.default_endpoint()

    def look(self) -> Fate:
        """Ask for the default of now."""
        default = windows_audio.default_endpoint()
        return Fate.OUTDATED if default and default != self._default else Fate.STAYS


def watch_for(device: str, source_name: str, sources: Sequence[pulse.PulseSource] | None) -> DeviceWatch | None:
    """Who watches the stream that was just opened, if anybody can.

    `device` is what was asked for ("" = the default), `source_name` the server's microphone that was chosen for it,
    `sources` the server's list, None where no server stands between.
    """
    if sources is not None:
        wanted = (source for source in sources if (source.name == source_name if source_name else source.is_default))
        source = next(wanted, None)
        return ServerWatch(source, follow=not source_name) if source else None
    follows = not device and sys.platform == "win32"
    return WindowsDefaultWatch() if follows else None
