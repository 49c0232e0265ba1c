"""One VoiceType per user. GUI thread; may import `qt` only.

A second start connects to the first one's local socket, sends a command and exits.
"""

from __future__ import annotations

import sys

from loguru import logger

from voicetype.qt import QtCore, QtNetwork, Signal, Slot

_TIMEOUT_MS = 2_000
"""A first instance that is busy loading still answers its socket within milliseconds."""
TOGGLE = "toggle"
START = "start"
STOP = "stop"
CANCEL = "cancel"
QUIT = "quit"
COMMANDS = (TOGGLE, START, STOP, CANCEL, QUIT)
"""What a later start may ask for: begin or stop a dictation, only begin, only stop, end it without a text, or exit."""


class SingleInstance(QtCore.QObject):
    """Holds the socket of the first instance, or talks to it.

    Signals:
        command_received(str): a later start asks for this; one of the commands above.
    """

    command_received = Signal(str)

    def __init__(self, name: str, parent: QtCore.QObject | None = None) -> None:
        super().__init__(parent)
        self._name = name
        # The socket alone cannot tell who came first: with access options set, a second listen() replaces the first.
        self._lock_path = QtCore.QDir(QtCore.QDir.tempPath()).filePath(f"{name}.lock")
        self._lock = QtCore.QLockFile(self._lock_path)
        self._lock.setStaleLockTime(0)
        self._server = QtNetwork.QLocalServer(self)
        self._server.setSocketOptions(QtNetwork.QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)

    def acquire(self) -> bool:
        """Become the first instance. Returns False when another one holds the name.

        Where no lock can be made (a full or missing temporary folder) the program runs without one.
        """
        if not self._try_lock():
            if self._lock.error() is QtCore.QLockFile.LockError.LockFailedError:
                return False
            logger.warning("no lock file can be made: a second start will not be noticed")
            return True
        # A crashed instance leaves its socket file behind on POSIX systems; under the lock nobody else can own it.
        QtNetwork.QLocalServer.removeServer(self._name)
        if not self._server.listen(self._name):
            logger.warning("a second start cannot be heard: {}", self._server.errorString())
        return True

    def send(self, command: str) -> bool:
        """Send `command` to the first instance; whether it took it. Blocks for at most two seconds."""
        socket = QtNetwork.QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(_TIMEOUT_MS):
            return False
        socket.write(command.encode() + b"\n")
        socket.flush()
        delivered = socket.waitForReadyRead(_TIMEOUT_MS) and socket.readAll().data() == b"ok\n"
        socket.disconnectFromServer()
        return bool(delivered)

    def _try_lock(self) -> bool:
        if self._lock.tryLock(0):
            return True
        # Under Windows a killed instance leaves its file behind, and Qt takes it for held when a new VoiceType has the
        # same process number: likely after a reboot, which begins them anew. A file that is held cannot be removed.
        return sys.platform == "win32" and QtCore.QFile.remove(self._lock_path) and self._lock.tryLock(0)

    def wait_until_free(self, seconds: float) -> bool:
        """Block until the first instance has given the name up; False when it still holds it after `seconds`."""
        if not self._lock.tryLock(int(seconds * 1000)):
            return False
        self._lock.unlock()
        return True

    def release(self) -> None:
        """Give the name up."""
        self._server.close()
        self._lock.unlock()

    @Slot()
    def _on_connection(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.readyRead.connect(self._on_ready_read)
            socket.disconnected.connect(socket.deleteLater)

    @Slot()
    def _on_ready_read(self) -> None:
        socket = self.sender()
        if not isinstance(socket, QtNetwork.QLocalSocket) or not socket.canReadLine():
            return
        command = bytes(socket.readLine().data()).decode(errors="replace").strip()
        if command in COMMANDS:
            socket.write(b"ok\n")
            socket.flush()
            self.command_received.emit(command)
        else:
            logger.warning("unknown command from a second instance")
            socket.abort()
