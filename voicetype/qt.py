"""The only door to Qt. Nothing else in the program imports PySide6 (ruff enforces it).

On Windows the first msvcp140.dll that is loaded serves the whole process, and Qt brings a copy of its own. When that
copy is older than the toolset that onnxruntime was built with, creating a session ends in "DLL initialization routine
failed" (onnxruntime #16116, labelme #1564). Loading onnxruntime first binds it to the system's copy. Hence the order of
the two imports below: import Qt from here, never from PySide6.
"""

import sys

if sys.platform == "win32":
    import onnxruntime  # before PySide6, see above

    # Microsoft's builds for Windows write what is done with them into the system's diagnostics, which may send it.
    onnxruntime.disable_telemetry_events()

from PySide6 import QtCore, QtGui, QtNetwork, QtWidgets
from PySide6.QtCore import Signal, Slot

__all__ = ["QtCore", "QtGui", "QtNetwork", "QtWidgets", "Signal", "Slot"]
