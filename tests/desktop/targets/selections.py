"""A plain client of X11's selections, written for the tests apart from the program's own. One thread a client."""

from __future__ import annotations

import select
import time
from collections.abc import Callable
from typing import Any

from Xlib import X, display
from Xlib.protocol import event as events
from Xlib.protocol import request

PART = 50_000
Contents = dict[str, bytes]


class Client:
    """Reads selections and owns them.

    Attributes:
        slowness: seconds before it hands out each format.
        on_key: called with the time of each key press in its window.
    """

    def __init__(self) -> None:
        self.display = display.Display()
        self.display.set_error_handler(lambda *error: None)
        self.window = self.display.screen().root.create_window(
            0,
            0,
            200,
            100,
            0,
            X.CopyFromParent,
            event_mask=X.PropertyChangeMask | X.KeyPressMask | X.StructureNotifyMask,
        )
        self.slowness = 0.0
        self.owned: dict[int, Contents] = {}
        self.on_key: Callable[[Any], None] = lambda event: None
        self.mapped = False
        self._sending: dict[tuple[int, int], bytes] = {}
        self._answers: list[Any] = []
        self._parts: list[int] = []

    def atom(self, name: str) -> int:
        return int(self.display.intern_atom(name))

    def name(self, atom: int) -> str:
        return str(self.display.get_atom_name(atom))

    def serve(self, until: Callable[[], object], limit_s: float) -> bool:
        """Deal with events until something is so; False when it is not within the limit."""
        end = time.monotonic() + limit_s
        while not until():
            self.display.flush()
            if self.display.pending_events():
                self.take(self.display.next_event())
            elif (left := end - time.monotonic()) <= 0:
                return False
            else:
                select.select([self.display], [], [], min(left, 0.02))
        return True

    def own(self, selection: str, contents: Contents, at: int = X.CurrentTime) -> None:
        """Own a selection; nobody does when there is nothing to own."""
        number = self.atom(selection)
        self.owned.pop(number, None)
        if contents:
            self.owned[number] = contents
        owner = self.window.id if contents else X.NONE
        request.SetSelectionOwner(display=self.display.display, window=owner, selection=number, time=at)
        self.display.sync()

    def targets(self, selection: str, at: int = X.CurrentTime) -> list[str]:
        data = self.read(selection, "TARGETS", at)
        return [] if data is None else [self.name(number) for number in memoryview(data).cast("I")]

    def read(self, selection: str, target: str, at: int = X.CurrentTime, limit_s: float = 20.0) -> bytes | None:
        """What the owner gives for a format; None when it gives nothing."""
        self._answers.clear()
        place = self.atom("TEST_CONTENTS")
        self.window.convert_selection(self.atom(selection), self.atom(target), place, at)
        assert self.serve(lambda: self._answers, limit_s), f"no answer for {target}"
        if not self._answers[0].property:
            return None
        self._parts.clear()
        kind, data = self._property(place)
        if kind != self.atom("INCR"):
            return data
        whole = b""
        while True:
            assert self.serve(lambda: self._parts, limit_s), "no further part"
            self._parts.clear()
            kind, data = self._property(place)
            if not kind:
                continue
            if not data:
                return whole
            whole += data

    def read_all(self, selection: str) -> Contents:
        """Everything that is offered, but what is no contents."""
        no_contents = {"TARGETS", "MULTIPLE", "TIMESTAMP"}
        found = {
            target: self.read(selection, target) for target in self.targets(selection) if target not in no_contents
        }
        return {target: data for target, data in found.items() if data is not None}

    def close(self) -> None:
        self.display.close()

    def _property(self, place: int) -> tuple[int, bytes]:
        reply = self.window.get_property(place, X.AnyPropertyType, 0, 1 << 26, True)
        return (0, b"") if reply is None else (reply.property_type, bytes(reply.value))

    def take(self, event: Any) -> None:
        if event.type == X.SelectionNotify:
            self._answers.append(event)
        elif event.type == X.SelectionRequest:
            self._answer(event)
        elif event.type == X.SelectionClear and self.display.get_selection_owner(event.atom) != self.window:
            self.owned.pop(event.atom, None)
        elif event.type == X.KeyPress:
            self.on_key(event)
        elif event.type == X.MapNotify:
            self.mapped = True
        elif event.type == X.PropertyNotify and event.window == self.window and event.state == X.PropertyNewValue:
            self._parts.append(event.atom)
        elif event.type == X.PropertyNotify and event.state == X.PropertyDelete:
            self._send_part((event.window.id, event.atom))

    def _answer(self, event: Any) -> None:
        time.sleep(self.slowness)  # a program that is busy; this is its own process or thread
        contents = self.owned.get(event.selection, {})
        target = self.name(event.target)
        place = event.property
        if target == "TARGETS" and contents:
            atoms = [self.atom(name) for name in ("TARGETS", *contents)]
            event.requestor.change_property(place, self.atom("ATOM"), 32, atoms)
        elif target in contents and len(contents[target]) <= PART:
            event.requestor.change_property(place, event.target, 8, contents[target])
        elif target in contents:
            event.requestor.change_attributes(event_mask=X.PropertyChangeMask)
            self._sending[event.requestor.id, place] = contents[target]
            event.requestor.change_property(place, self.atom("INCR"), 32, [len(contents[target])])
        else:
            place = X.NONE
        answer = events.SelectionNotify(
            time=event.time, requestor=event.requestor, selection=event.selection, target=event.target, property=place
        )
        event.requestor.send_event(answer)
        self.display.flush()

    def _send_part(self, key: tuple[int, int]) -> None:
        if key not in self._sending:
            return
        part, rest = self._sending[key][:PART], self._sending[key][PART:]
        window = self.display.create_resource_object("window", key[0])
        window.change_property(key[1], self.atom("DATA"), 8, part)
        self._sending[key] = rest
        if not part:
            del self._sending[key]
