"""A connection to the X server for selections: events, properties, who is who. One thread; may import Xlib (lazily).

Whoever waits for one event lets all others be dealt with meanwhile, so a program that is being asked for its clipboard
may ask for ours at the same time.
"""

from __future__ import annotations

import contextlib
import select
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

_PROPERTY_WORDS = 65_536
"""What is read of a property at once, in units of four bytes."""
_TIME_TIMEOUT_S = 2.0
_MOST_WINDOWS = 200
"""In how many windows inside the focused one other programs are looked for."""
_POINTER_ROOT = 1
"""In place of a window: the focus is wherever the pointer is."""


@dataclass(frozen=True)
class Piece:
    """Contents in one format, as a property holds them.

    Attributes:
        kind: the atom that is the property's type.
        width: 8, 16 or 32 bits a unit.
        data: the units in the order of this machine.
    """

    kind: int
    width: int
    data: bytes


def lost_errors() -> tuple[type[Exception], ...]:
    """What Xlib raises when the server cannot be reached, has gone or refuses."""
    from Xlib.error import ConnectionClosedError, DisplayError, XError

    return ConnectionClosedError, DisplayError, XError, OSError


class X11Link:
    """The connection. All methods but `wake` belong to one thread; they raise `lost_errors()`.

    Attributes:
        display: Xlib's.
        window: a window of this program that nobody sees.
    """

    def __init__(self) -> None:
        from Xlib import display

        self.display = display.Display()
        # A requestor may vanish at any moment, and what is sent to it then is nobody's problem.
        self.display.set_error_handler(lambda *error: None)
        self._listeners: dict[int, list[Callable[[Any], None]]] = {}
        self._atoms: dict[str, int] = {}
        self._wake_reader, self._wake_writer = socket.socketpair()
        self._wake_reader.setblocking(False)
        self._wake_writer.setblocking(False)
        self._base_mask = ~self.display.display.info.resource_id_mask
        self.window = self.make_window()

    def atom(self, name: str) -> int:
        """The number of an atom."""
        if name not in self._atoms:
            self._atoms[name] = int(self.display.intern_atom(name))
        return self._atoms[name]

    def make_window(self) -> Any:
        """A window that nobody sees and whose properties are watched."""
        from Xlib import X

        root = self.display.screen().root
        return root.create_window(-9, -9, 1, 1, 0, X.CopyFromParent, event_mask=X.PropertyChangeMask)

    def wake(self) -> None:
        """Let `pump` look at its condition; any thread."""
        with contextlib.suppress(OSError):  # full: it is awake; closed: nobody sleeps
            self._wake_writer.send(b"!")

    def pump(self, done: Callable[[], bool], deadline: float | None) -> bool:
        """Deal with events until `done`, or until `deadline` (monotonic seconds) with False."""
        while not done():
            self.display.flush()  # which may also receive, so it comes first
            if self.display.pending_events():
                self._dispatch(self.display.next_event())
                continue
            left = None if deadline is None else deadline - time.monotonic()
            if left is not None and left <= 0:
                return False
            ready, _, _ = select.select([self.display, self._wake_reader], [], [], left)
            if self._wake_reader in ready:
                self._wake_reader.recv(4096)
        return True

    def time(self) -> int:
        """The server's clock, in milliseconds: that of a change of a property of our own. Raises OSError."""
        from Xlib import X

        told: list[int] = []
        clock = self.atom("_VOICETYPE_CLOCK")

        def see(event: Any) -> None:
            if event.atom == clock and event.window == self.window:
                told.append(int(event.time))

        with self.listening(X.PropertyNotify, see):
            self.window.change_property(clock, self.atom("STRING"), 8, b"")
            if not self.pump(lambda: bool(told), time.monotonic() + _TIME_TIMEOUT_S):
                raise OSError("the X server does not answer")
        return told[0]

    def settle_events(self) -> None:
        """Deal with everything that the server has sent so far."""
        self.display.sync()
        self.pump(lambda: not self.display.pending_events(), None)

    def property(self, window: int, name: int) -> Piece | None:
        """Read and delete a property; None where there is none."""
        from Xlib import X
        from Xlib.protocol import request

        data, offset = bytearray(), 0
        while True:
            reply = request.GetProperty(
                display=self.display.display,
                delete=True,  # only what has been read to its end is deleted
                window=window,
                property=name,
                type=X.AnyPropertyType,
                long_offset=offset,
                long_length=_PROPERTY_WORDS,
            )
            if not reply.property_type:
                return None
            width, value = reply.value
            data += bytes(value)
            if not reply.bytes_after:
                return Piece(int(reply.property_type), int(width), bytes(data))
            offset += _PROPERTY_WORDS

    def owner(self, selection: int) -> int:
        """Window that owns a selection; 0 for nobody."""
        found = self.display.get_selection_owner(selection)
        return int(found.id) if found else 0

    def client(self, resource: int) -> int:
        """What all ids of the connection that made `resource` begin with."""
        return int(resource & self._base_mask)

    def focused_clients(self) -> frozenset[int]:
        """The connections of the window that has the focus and of what other programs show inside it."""
        focus = self.display.get_input_focus().focus
        if isinstance(focus, int) and focus == _POINTER_ROOT:
            focus = self.display.screen().root.query_pointer().child
        if isinstance(focus, int):
            return frozenset()
        # Above the program's own windows is the window manager's frame, which may be a clipboard manager's too.
        while (parent := focus.query_tree().parent) and self.client(parent.id) == self.client(focus.id):
            focus = parent
        windows = [focus]
        for window in windows:
            if len(windows) > _MOST_WINDOWS:
                break
            with contextlib.suppress(*lost_errors()):  # it was closed meanwhile
                windows += window.query_tree().children
        return frozenset(self.client(window.id) for window in windows)

    def process(self, client: int) -> int:
        """Process id of a connection; 0 when the server does not know it."""
        from Xlib.ext import res

        if not self.display.has_extension(res.extname):
            return 0
        reply = self.display.res_query_client_ids([{"client": client, "mask": res.LocalClientPIDMask}])
        return next((int(found.value[0]) for found in reply.ids if found.value), 0)

    def close(self) -> None:
        """Leave the server; idempotent."""
        with contextlib.suppress(*lost_errors()):
            self.display.close()
        self._wake_reader.close()
        self._wake_writer.close()

    @contextlib.contextmanager
    def listening(self, kind: int, see: Callable[[Any], None]) -> Iterator[None]:
        """Inside, `see` is given each event of a type, as all other listeners are."""
        listeners = self._listeners.setdefault(kind, [])
        listeners.append(see)
        try:
            yield
        finally:
            listeners.remove(see)

    def _dispatch(self, event: Any) -> None:
        for see in tuple(self._listeners.get(event.type, ())):
            see(event)
