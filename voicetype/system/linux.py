"""What is particular to Linux: memory, the kind of session. Any thread; imports the standard library only."""

from __future__ import annotations

import contextlib
import ctypes
import os
import socket
import sys


def trim_memory() -> None:
    """Give freed heap memory back to the system: glibc keeps it otherwise. Nothing happens with another libc."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL("libc.so.6").malloc_trim(0)


def session_type() -> str:
    """The desktop's kind: "wayland", "x11" or "none"."""
    if os.environ.get("WAYLAND_DISPLAY") or os.environ.get("XDG_SESSION_TYPE") == "wayland":
        return "wayland"
    return "x11" if os.environ.get("DISPLAY") else "none"


def display_works() -> bool:
    """Whether a window could be opened. Qt aborts the process where none can, so one has to ask first."""
    if os.environ.get("QT_QPA_PLATFORM", "").startswith(("offscreen", "minimal", "vnc")):
        return False
    wayland = os.environ.get("WAYLAND_DISPLAY")
    if wayland and _connects(os.path.join(os.environ.get("XDG_RUNTIME_DIR", ""), wayland)):
        return True
    return _x_server_answers()


def choose_window_system() -> None:
    """In a Wayland session let Qt make its windows through XWayland, if that is there; before the QApplication.

    A Wayland compositor places windows as it likes and gives them the focus, so the overlay would get the text that is
    meant for another window. Under X11 it can ask for neither.
    """
    if session_type() == "wayland" and _x_server_answers():
        os.environ.setdefault("QT_QPA_PLATFORM", "xcb;wayland")


def _x_server_answers() -> bool:
    host, _, rest = os.environ.get("DISPLAY", "").rpartition(":")
    number = rest.split(".")[0]
    if not number.isdigit():
        return False
    if host in {"", "unix"}:
        path = f"/tmp/.X11-unix/X{number}"
        return _connects("\0" + path) or _connects(path)
    try:
        with socket.create_connection((host, 6000 + int(number)), timeout=3):
            return True
    except OSError:
        return False


def _connects(path: str) -> bool:
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.connect(path)
        return True
    return False
