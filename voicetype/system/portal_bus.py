"""The session's D-Bus as far as portals need it. Used by one thread, but `wake`.

May import: `core`, jeepney (lazily: nobody outside of Wayland has to load it).
"""

from __future__ import annotations

import contextlib
import select
import socket
from collections import deque
from dataclasses import dataclass
from typing import Any

PORTAL = "org.freedesktop.portal.Desktop"
_DESKTOP = "/org/freedesktop/portal/desktop"
_TIMEOUT_S = 30.0
"""The call may start the portal. What its user has to decide is answered by a signal, however long that takes."""

Body = tuple[Any, ...]


class PortalError(Exception):
    """There is no bus."""


class PortalRefusal(PortalError):
    """There is no such service or method, or it said no."""


@dataclass(frozen=True)
class Signal:
    """A signal of the portal or of the bus."""

    member: str
    path: str
    body: Body


@dataclass(frozen=True)
class Call:
    """A method of the portal."""

    interface: str
    member: str
    path: str = _DESKTOP


class Bus:
    """A connection of its own to the session's bus: a portal knows programs by their connections.

    Attributes:
        sender: the connection's name as it stands in the paths of its requests.
    """

    def __init__(self) -> None:
        """Connect and listen. Raises PortalError."""
        from jeepney import DBusErrorResponse, MatchRule, message_bus
        from jeepney.io.blocking import open_dbus_connection

        self._refusals = (DBusErrorResponse, TimeoutError)
        self._failures = (OSError, KeyError, ValueError, RuntimeError)
        try:
            self._connection = open_dbus_connection("SESSION")
        except (*self._failures, *self._refusals) as error:
            raise PortalError(f"no session bus: {type(error).__name__}") from error
        self._reader, self._writer = socket.socketpair()
        self._signals: deque[Any] = deque()
        self._connection.filter(MatchRule(type="signal"), queue=self._signals)
        self.sender = self._connection.unique_name.lstrip(":").replace(".", "_")
        restart = MatchRule(type="signal", sender=message_bus.bus_name, member="NameOwnerChanged")
        restart.add_arg_condition(0, PORTAL)
        try:
            for rule in (MatchRule(type="signal", sender=PORTAL, path_namespace=_DESKTOP), restart):
                self._exchange(message_bus.AddMatch(rule))
        except PortalError:
            self.close()
            raise

    def call(self, call: Call, signature: str = "", body: Body = ()) -> Body:
        """What the method returns. Raises PortalRefusal, or PortalError when the bus has ended."""
        from jeepney import DBusAddress, new_method_call

        address = DBusAddress(call.path, PORTAL, call.interface)
        return self._exchange(new_method_call(address, call.member, signature or None, body))

    def next_signal(self) -> Signal | None:
        """Wait for a signal, in order; None after `wake`. Raises PortalError when the bus has ended."""
        from jeepney import HeaderFields

        try:
            while not self._signals:
                ready, _, _ = select.select([self._connection.sock, self._reader], [], [])
                if self._reader in ready:
                    self._reader.recv(1)
                    return None
                self._receive()
        except self._failures as error:
            raise PortalError(f"the session bus has ended: {type(error).__name__}") from error
        message = self._signals.popleft()
        fields = message.header.fields
        return Signal(fields[HeaderFields.member], fields[HeaderFields.path], tuple(message.body))

    def wake(self) -> None:
        """Let `next_signal` return; any thread."""
        with contextlib.suppress(OSError):  # closed
            self._writer.send(b".")

    def close(self) -> None:
        """Leave the bus; idempotent."""
        for closable in (self._connection, self._reader, self._writer):
            closable.close()

    def _receive(self) -> None:
        """All messages that have come: what the connection has read nobody sees in its socket any more."""
        with contextlib.suppress(TimeoutError):
            while True:
                self._connection.recv_messages(timeout=0)

    def _exchange(self, message: Any) -> Body:
        from jeepney.wrappers import unwrap_msg

        try:
            answer = tuple(unwrap_msg(self._connection.send_and_get_reply(message, timeout=_TIMEOUT_S)))
            self._receive()  # signals that came with the answer
        except self._refusals as error:
            raise PortalRefusal(str(error) or type(error).__name__) from error
        except self._failures as error:
            raise PortalError(f"the session bus has ended: {type(error).__name__}") from error
        return answer
