"""The frames that the program and its engine processes exchange through pipes. Any thread.

A frame is a header (length of the payload, kind, stream), little-endian, and the payload: audio as it is, all else as
JSON. JSON is written in ASCII, so no console code page and no lone surrogate can spoil it.
"""

from __future__ import annotations

import enum
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from voicetype.core.messages import MessageCode, ModelError

_HEADER = struct.Struct("<IcI")
_LONGEST_PAYLOAD_BYTES = 1 << 28
"""Two hours of speech; a longer one means that the pipe carries something else."""


class Kind(enum.Enum):
    """What a frame's payload is."""

    AUDIO = b"A"
    CONTROL = b"J"


@dataclass(frozen=True)
class Frame:
    """One message. `stream` numbers the recogniser that it is for; 0 = the engine itself."""

    kind: Kind
    payload: bytes
    stream: int = 0

    def fields(self) -> dict[str, Any]:
        """The payload of a CONTROL frame. Raises ValueError."""
        fields = json.loads(self.payload)
        if not isinstance(fields, dict):
            raise ValueError("a control frame holds an object")
        return fields


def control(fields: Mapping[str, Any], stream: int = 0) -> Frame:
    """A CONTROL frame."""
    return Frame(Kind.CONTROL, json.dumps(fields).encode("ascii"), stream)


def write_frame(pipe: BinaryIO, frame: Frame) -> None:
    """Send a frame; one thread at a time. Raises OSError when the other side is gone."""
    pipe.write(_HEADER.pack(len(frame.payload), frame.kind.value, frame.stream) + frame.payload)
    pipe.flush()


def read_frame(pipe: BinaryIO) -> Frame | None:
    """Wait for the next frame; None = the other side is gone. Raises ValueError for what is no frame."""
    header = pipe.read(_HEADER.size)
    if len(header) < _HEADER.size:
        return None
    length, kind, stream = _HEADER.unpack(header)
    if length > _LONGEST_PAYLOAD_BYTES:
        raise ValueError(f"a frame of {length} bytes")
    payload = pipe.read(length)
    return Frame(Kind(kind), payload, stream) if len(payload) == length else None


def error_fields(error: ModelError) -> dict[str, Any]:
    """A failure as the fields of a CONTROL frame."""
    return {"error": error.message.code.value, "params": dict(error.message.params)}


def raise_error(fields: Mapping[str, Any]) -> None:
    """Raise the ModelError that the fields carry, if they carry one."""
    if "error" in fields:
        raise ModelError(MessageCode(fields["error"]), **fields.get("params", {}))
