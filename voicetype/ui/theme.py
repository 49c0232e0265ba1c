"""Colours that widgets of ours paint with, for light and dark desktops. GUI thread; may import `qt`."""

from __future__ import annotations

from dataclasses import dataclass

from voicetype.qt import QtCore, QtGui

_DARK_BELOW = 128
"""Lightness of the window colour, 0 to 255."""


@dataclass(frozen=True)
class Colors:
    """One scheme. All values are "#rrggbb"."""

    panel: str
    border: str
    text: str
    faint: str
    track: str
    level: str
    loud: str
    idle: str
    busy: str
    listening: str
    finishing: str
    error: str


LIGHT = Colors(
    panel="#ffffff",
    border="#c9ced6",
    text="#1b1f24",
    faint="#68717d",
    track="#e3e6ea",
    level="#2e9e5b",
    loud="#d98a00",
    idle="#5b6878",
    busy="#2f6fde",
    listening="#d8342b",
    finishing="#23875a",
    error="#b3261e",
)
DARK = Colors(
    panel="#23272e",
    border="#454c57",
    text="#f1f3f5",
    faint="#a3abb6",
    track="#4a525e",
    level="#46c07b",
    loud="#f0ad3a",
    idle="#8b98a9",
    busy="#6ea0ff",
    listening="#ff6b61",
    finishing="#4fc48d",
    error="#ff8a80",
)


def is_dark() -> bool:
    """Whether the desktop is dark; where it does not tell, the palette decides."""
    scheme = QtGui.QGuiApplication.styleHints().colorScheme()
    if scheme is not QtCore.Qt.ColorScheme.Unknown:
        return scheme is QtCore.Qt.ColorScheme.Dark
    return QtGui.QGuiApplication.palette().color(QtGui.QPalette.ColorRole.Window).lightness() < _DARK_BELOW


def colors() -> Colors:
    """The scheme in force."""
    return DARK if is_dark() else LIGHT
