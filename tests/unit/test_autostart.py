"""The start at sign-in: the real autostart folder of Linux, a registry by Windows' rules."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from voicetype.core.autostart import AutostartState
from voicetype.core.messages import ConfigError, MessageCode
from voicetype.system.autostart import (
    APPROVED_KEY,
    RUN_KEY,
    LinuxAutostart,
    UserRegistry,
    WindowsAutostart,
    make_autostart,
)
from voicetype.system.desktop_entry import exec_value

ON, OFF, REFUSED = AutostartState.ON, AutostartState.OFF, AutostartState.REFUSED


@pytest.fixture
def program(tmp_path: Path) -> str:
    path = tmp_path / "Мои программы" / 'Voice "Type" 100% $HOME\\' / "VoiceType"
    path.parent.mkdir(parents=True)
    path.touch()
    return str(path)


class FakeRegistry:
    def __init__(self) -> None:
        self.values: dict[tuple[str, str], str | bytes] = {}
        self.refuses = False

    def read(self, key: str, name: str) -> str | bytes | None:
        self._ask()
        return self.values.get((key, name))

    def write(self, key: str, name: str, text: str) -> None:
        self._ask()
        self.values[key, name] = text

    def delete(self, key: str, name: str) -> None:
        self._ask()
        self.values.pop((key, name), None)

    def _ask(self) -> None:
        if self.refuses:
            raise PermissionError(5, "Access is denied")


def test_linux_switches_its_entry_on_and_off(tmp_path: Path, program: str) -> None:
    folder = tmp_path / "config" / "autostart"
    autostart = LinuxAutostart(folder, [program, "-m", "voicetype"])
    assert autostart.state() is OFF
    autostart.set(False)
    autostart.set(True)
    assert autostart.state() is ON
    (file,) = folder.iterdir()
    autostart.set(True)
    file.write_text(file.read_text(encoding="utf-8").replace("enabled=true", "enabled=false"), encoding="utf-8")
    assert autostart.state() is REFUSED, "the desktop's own settings have the last word"
    autostart.set(True)
    assert autostart.state() is ON
    with file.open("a", encoding="utf-8") as lines:
        lines.write("Hidden=true\n")
    assert autostart.state() is REFUSED
    autostart.set(False)
    assert list(folder.iterdir()) == [] and autostart.state() is OFF


def test_an_entry_of_a_program_that_is_gone_is_none(tmp_path: Path, program: str) -> None:
    autostart = LinuxAutostart(tmp_path, [program])
    autostart.set(True)
    Path(program).unlink()
    assert autostart.state() is OFF
    (file,) = tmp_path.glob("*.desktop")
    for broken in ("", "Exec=\n", 'Exec="\n', f"Exec=/{'x' * 5000}\n", "Exec=voicetype\n"):
        file.write_text(broken, encoding="utf-8")
        assert autostart.state() is (ON if "voicetype" in broken else OFF), "without a folder the system looks for it"
    file.write_bytes(b"\xff")
    assert autostart.state() is OFF


def test_a_command_in_a_desktop_entry_is_quoted_twice() -> None:
    assert exec_value(["/opt/a b", "$x", "100%"]) == '"/opt/a b" "\\\\$x" "100%%"'


def test_glib_starts_what_the_entry_says(tmp_path: Path) -> None:
    script = tmp_path / 'a "b" $HOME `c` \\' / "program"
    script.parent.mkdir()
    script.write_text('#!/bin/sh\nprintf "%s|" "$@" > "$(dirname "$0")/told"\n', encoding="utf-8")
    script.chmod(0o755)
    LinuxAutostart(tmp_path, [str(script), "-m", "два слова"]).set(True)
    (file,) = tmp_path.glob("*.desktop")
    launcher = shutil.which("gio")
    if launcher is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("needs: apt-get install libglib2.0-bin")
    subprocess.run([launcher, "launch", file], check=True, timeout=20)
    told = script.parent / "told"
    end = time.monotonic() + 20
    while not told.exists() or not told.read_text(encoding="utf-8"):
        assert time.monotonic() < end
        time.sleep(0.02)
    assert told.read_text(encoding="utf-8") == "-m|два слова|"


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    (tmp_path / "autostart").touch()
    with pytest.raises(ConfigError) as error:
        LinuxAutostart(tmp_path / "autostart", ["x"]).set(True)
    assert error.value.message.code is MessageCode.AUTOSTART_NOT_SET


def test_windows_switches_the_installers_value(program: str) -> None:
    registry = FakeRegistry()
    autostart = WindowsAutostart(registry, [program])
    assert autostart.state() is OFF
    registry.values[RUN_KEY, "VoiceType"] = f'"{program.replace(chr(34), "")}"'
    assert autostart.state() is OFF, "that program is not there"
    autostart.set(True)
    assert registry.values == {(RUN_KEY, "VoiceType"): f'"{program}"'}
    autostart.set(False)
    assert registry.values == {}


def test_windows_task_manager_has_the_last_word(tmp_path: Path) -> None:
    program = tmp_path / "Мои программы" / "VoiceType.exe"
    program.parent.mkdir()
    program.touch()
    registry = FakeRegistry()
    autostart = WindowsAutostart(registry, [str(program), "-m", "voice type"])
    autostart.set(True)
    assert registry.values[RUN_KEY, "VoiceType"] == f'"{program}" -m "voice type"'
    for approval, state in ((b"\2" + bytes(11), ON), (b"\6", ON), (b"", ON), (b"\3" + bytes(11), REFUSED)):
        registry.values[APPROVED_KEY, "VoiceType"] = approval
        assert autostart.state() is state
    autostart.set(True)
    assert autostart.state() is ON, "who ticks it here wants it"
    registry.refuses = True
    assert autostart.state() is OFF
    with pytest.raises(ConfigError, match="autostart_not_set"):
        autostart.set(False)


def test_from_the_sources_no_console_opens(tmp_path: Path) -> None:
    for name in ("python.exe", "pythonw.exe"):
        (tmp_path / name).touch()
    registry = FakeRegistry()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "executable", str(tmp_path / "python.exe"))
        WindowsAutostart(registry).set(True)
    assert registry.values[RUN_KEY, "VoiceType"] == f'"{tmp_path / "pythonw.exe"}" -m voicetype'


def test_here_it_is_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    autostart = make_autostart()
    autostart.set(True)
    assert autostart.state() is ON
    assert [file.name for file in (tmp_path / "autostart").iterdir()] == ["voicetype.VoiceType.desktop"]
    assert WindowsAutostart(UserRegistry(), ["x"]).state() is OFF
    with pytest.raises(ConfigError):
        WindowsAutostart(UserRegistry(), ["x"]).set(True)
