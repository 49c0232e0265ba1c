"""Vosk for PyInstaller, which knows no hook for it: libvosk is opened by its path, with what lies beside it."""

from PyInstaller.utils.hooks import collect_dynamic_libs

binaries = collect_dynamic_libs("vosk")
