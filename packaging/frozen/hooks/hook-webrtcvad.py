"""Webrtcvad for PyInstaller, whose own hook wants the metadata of `webrtcvad`; the wheels have another name."""

from PyInstaller.utils.hooks import copy_metadata

datas = copy_metadata("webrtcvad-wheels")
