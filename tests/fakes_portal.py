"""A stand-in for the desktop's portal of global shortcuts on a real D-Bus daemon: a real one needs a desktop."""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jeepney import (
    DBusAddress,
    HeaderFields,
    Message,
    MessageType,
    message_bus,
    new_error,
    new_method_return,
    new_signal,
)
from jeepney.io.blocking import DBusConnection, open_dbus_connection

NAME = "org.freedesktop.portal.Desktop"
PATH = "/org/freedesktop/portal/desktop"
SHORTCUTS = "org.freedesktop.portal.GlobalShortcuts"
REGISTRY = "org.freedesktop.host.portal.Registry"


class PrivateBus:
    """A D-Bus daemon of its own. Attributes: address."""

    def __init__(self, folder: Path) -> None:
        command = ["dbus-daemon", "--session", "--nofork", "--print-address=1", f"--address=unix:dir={folder}"]
        self._daemon = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self._daemon.stdout
        self.address = self._daemon.stdout.readline().strip()

    def close(self) -> None:
        self._daemon.terminate()
        self._daemon.wait()
        assert self._daemon.stdout
        self._daemon.stdout.close()


class FakePortal:
    """The portal. Its user does at once what `answer` says.

    Attributes:
        calls: members of all calls, in order, with their bodies.
        bound: shortcuts by id, as they were asked for.
        app_id: what the program calls itself.
    """

    def __init__(self, *, shortcuts: bool = True, needs_app_id: bool = True, answer: int = 0) -> None:
        self.calls: list[tuple[str, Any]] = []
        self.bound: dict[str, dict[str, Any]] = {}
        self.app_id = ""
        self._shortcuts = shortcuts
        self._needs_app_id = needs_app_id
        self._answer = answer
        self._session = ""
        self._client = ""
        self._changed = threading.Condition()
        self._awake = threading.Event()
        self._awake.set()
        self._connection: DBusConnection = open_dbus_connection(os.environ["DBUS_SESSION_BUS_ADDRESS"])
        self._connection.send_and_get_reply(message_bus.RequestName(NAME))
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def members(self) -> list[str]:
        return [member for member, _ in self.calls]

    def wait_for(self, member: str, count: int = 1) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: self.members().count(member) >= count, 10), self.calls

    @contextlib.contextmanager
    def asleep(self) -> Iterator[None]:
        """Inside, nothing is answered."""
        self._awake.clear()
        yield
        self._awake.set()

    def press(self, name: str, session: str = "") -> None:
        self._emit("Activated", name, session)

    def release(self, name: str) -> None:
        self._emit("Deactivated", name, "")

    def close_session(self) -> None:
        self._signal(self._session, "org.freedesktop.portal.Session", "Closed", "a{sv}", ({},))

    def end(self) -> None:
        """As after a crash: the name is free again when this returns."""
        other = open_dbus_connection(os.environ["DBUS_SESSION_BUS_ADDRESS"])
        other.send(new_method_call_to(self._connection.unique_name))
        other.close()
        self._thread.join()
        self._connection.close()

    def _emit(self, member: str, name: str, session: str) -> None:
        self._signal(PATH, SHORTCUTS, member, "osta{sv}", (session or self._session, name, 0, {}))

    def _signal(self, path: str, interface: str, member: str, signature: str, body: Any) -> None:
        self._connection.send(new_signal(DBusAddress(path, interface=interface), member, signature, body))

    def _run(self) -> None:
        while True:
            call = self._connection.receive()
            if call.header.message_type is not MessageType.method_call:
                continue
            member = call.header.fields[HeaderFields.member]
            self._awake.wait()
            if member == "End":
                return
            self._serve(member, call)
            with self._changed:
                self.calls.append((member, call.body))
                self._changed.notify_all()

    def _serve(self, member: str, call: Message) -> None:
        interface = call.header.fields[HeaderFields.interface]
        known = {SHORTCUTS: self._shortcuts, REGISTRY: self._needs_app_id}
        asked = call.body[0] if member == "Get" else interface
        if not known.get(asked, True):
            error = new_error(call, "org.freedesktop.DBus.Error.UnknownMethod", "s", (f"No such interface {asked}",))
            self._connection.send(error)
            return
        if member == "CreateSession" and self._needs_app_id and not self.app_id:
            refusal = new_error(call, "org.freedesktop.portal.Error.NotAllowed", "s", ("An app id is required",))
            self._connection.send(refusal)
            return
        getattr(self, f"_on_{member.lower()}")(call)

    def _on_register(self, call: Message) -> None:
        self.app_id = call.body[0]
        self._connection.send(new_method_return(call))

    def _on_get(self, call: Message) -> None:
        self._connection.send(new_method_return(call, "v", (("u", 2),)))

    def _on_close(self, call: Message) -> None:
        assert call.header.fields[HeaderFields.path] == self._session
        self._session, self.bound = "", {}
        self._connection.send(new_method_return(call))

    def _on_createsession(self, call: Message) -> None:
        options = call.body[0]
        sender = call.header.fields[HeaderFields.sender][1:].replace(".", "_")
        self._session = f"{PATH}/session/{sender}/{options['session_handle_token'][1]}"
        self._respond(call, options, 0, {"session_handle": ("s", self._session)})

    def _on_bindshortcuts(self, call: Message) -> None:
        session, shortcuts, parent, options = call.body
        assert (session, parent) == (self._session, "")
        granted = [] if self._answer else shortcuts
        self.bound = {name: {key: value for key, (_, value) in about.items()} for name, about in granted}
        self._respond(call, options, self._answer, {"shortcuts": ("a(sa{sv})", granted)})

    def _respond(self, call: Message, options: Any, code: int, results: Any) -> None:
        """The answer comes before the call returns: the protocol allows it, and clients have to bear it."""
        sender = call.header.fields[HeaderFields.sender][1:].replace(".", "_")
        request = f"{PATH}/request/{sender}/{options['handle_token'][1]}"
        self._signal(request, "org.freedesktop.portal.Request", "Response", "ua{sv}", (code, results))
        self._connection.send(new_method_return(call, "o", (request,)))


def new_method_call_to(name: str) -> Message:
    from jeepney import new_method_call

    return new_method_call(DBusAddress("/", name, "test.Portal"), "End")
