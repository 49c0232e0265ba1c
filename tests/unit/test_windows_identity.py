"""Which process takes the id of the installed program, with a registry and a shell in Windows' place."""

from __future__ import annotations

import contextlib
import ctypes
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.unit.sources import ROOT
from voicetype.system import windows_identity


class Windows:
    """The registry with the installer's note, and the shell that ids are told to."""

    HKEY_CURRENT_USER = 1

    def __init__(self) -> None:
        self.folder: Path | None = None
        self.ids: list[str] = []
        self.answer = 0
        self.shell32 = SimpleNamespace(SetCurrentProcessExplicitAppUserModelID=self._set)

    @contextlib.contextmanager
    def OpenKey(self, root: int, key: str) -> Iterator[str]:
        assert (root, key) == (1, r"Software\VoiceType")
        if self.folder is None:
            raise FileNotFoundError(2, "no such key")
        yield key

    def QueryValueEx(self, key: str, name: str) -> tuple[str, int]:
        assert name == "InstallDir"
        return str(self.folder), 1

    def _set(self, name: Any) -> int:
        self.ids.append(name.value)
        return self.answer


@pytest.fixture
def windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Windows:
    windows = Windows()
    (tmp_path / "VoiceType").mkdir()
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "VoiceType" / "VoiceType.exe"))
    monkeypatch.setitem(sys.modules, "winreg", windows)
    monkeypatch.setattr(ctypes, "windll", windows, raising=False)
    return windows


def test_only_the_installed_program_takes_the_id(
    windows: Windows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not windows_identity.claim(), "nothing is installed"
    windows.folder = tmp_path / "gone"
    assert not windows_identity.claim()
    windows.folder = tmp_path
    assert not windows_identity.claim(), "it is installed elsewhere, and this one is portable"
    windows.folder = tmp_path / "VoiceType"
    assert windows.ids == []
    assert windows_identity.claim()
    assert windows.ids == ["VoiceType"]
    windows.answer = -1
    assert not windows_identity.claim()
    monkeypatch.setattr(sys, "frozen", False)
    assert not windows_identity.claim() and len(windows.ids) == 2


def test_the_shortcut_has_the_same_id() -> None:
    script = (ROOT / "packaging" / "windows" / "installer.nsi").read_text(encoding="utf-8")
    assert f'!define NAME "{windows_identity.APP_ID}"' in script and '!define APP_ID "${NAME}"' in script


def test_elsewhere_there_is_no_id() -> None:
    assert not windows_identity.claim() and not windows_identity.is_installed()
