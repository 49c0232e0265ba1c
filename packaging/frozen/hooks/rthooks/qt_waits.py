"""Takes the place of PyInstaller's own hook, which imports Qt at the start of every process.

An engine's process has no use for Qt, and under Windows onnxruntime must be loaded before it. PySide6's wheels find
their plugins by themselves.
"""
