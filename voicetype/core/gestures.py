"""What presses and releases of the hotkeys mean for a dictation: a pure step function. Any thread."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from voicetype.core.hotkeys import Action
from voicetype.core.ports import HotkeyEvent

CLOCK_MODULUS = 2**32
"""X11 and Windows count milliseconds in 32 bits."""


class Intent(enum.Enum):
    """What the user wants."""

    BEGIN = "begin"
    """Begin a dictation."""
    STOP = "stop"
    """Stop the one that listens."""


@dataclass(frozen=True)
class Gesture:
    """A hotkey that is held and will mean something when it is let go.

    Attributes:
        action: PUSH_TO_TALK or HOLD_OR_TAP; None while nothing of the kind is held.
        since_ms: when it went down.
    """

    action: Action | None = None
    since_ms: int = 0


def step_gesture(
    gesture: Gesture, event: HotkeyEvent, *, listening: bool, hold_ms: int
) -> tuple[Gesture, Intent | None]:
    """Return what is held now and what the user wants, if anything.

    `listening`: a dictation is starting or listens. The dictation of push-to-talk ends with the key, also one that was
    begun otherwise. A hold ends with the key only if it was begun by it, since the press that ends a tapped dictation
    ends it at once.
    """
    action = Action(event.name)
    if event.pressed:
        return _step_press(gesture, action, event.time_ms, listening)
    if action is not gesture.action:
        return gesture, None
    held_ms = (event.time_ms - gesture.since_ms) % CLOCK_MODULUS
    ends = action is Action.PUSH_TO_TALK or held_ms >= hold_ms
    return Gesture(), Intent.STOP if ends and listening else None


def _step_press(gesture: Gesture, action: Action, now_ms: int, listening: bool) -> tuple[Gesture, Intent | None]:
    if action is Action.PUSH_TO_TALK:
        return Gesture(action, now_ms), None if listening else Intent.BEGIN
    if action is Action.HOLD_OR_TAP:
        return (Gesture(), Intent.STOP) if listening else (Gesture(action, now_ms), Intent.BEGIN)
    if action is Action.TOGGLE:
        return Gesture(), Intent.STOP if listening else Intent.BEGIN
    return gesture, None
