"""What is asked of Windows about other programs' windows, against a desktop that answers like it."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable
from typing import Any

import pytest

from voicetype.core.ports import TargetWindow
from voicetype.system import targets_windows
from voicetype.system.targets_windows import _SIGNATURES, Win32TargetWindows

MEDIUM, HIGH = 0x2000, 0x3000
EDITOR, ADMIN, OURS, TRAY, CLOSED_TO_US = 10, 20, 30, 40, 50
OWN_PROCESS = -1


class Desk:
    """Windows with their processes, and the functions that tell about them."""

    def __init__(self) -> None:
        self.pids = {EDITOR: 1, ADMIN: 2, OURS: os.getpid(), TRAY: 3, CLOSED_TO_US: 4}
        self.programs = {1: "notepad.exe", 2: "Taskmgr.exe", 3: "explorer.exe", os.getpid(): "VoiceType.exe"}
        self.levels = {1: MEDIUM, 2: HIGH, 3: MEDIUM, OWN_PROCESS: MEDIUM, os.getpid(): MEDIUM}
        self.front = EDITOR
        self.minimised: set[int] = set()
        self.hidden: set[int] = set()
        self.joined: list[tuple[int, int, int]] = []
        self.obeys = True
        self.open: list[int] = []
        self._numbers: list[Any] = []

    def find(self, library: str, name: str) -> Callable[..., Any]:
        assert name in _SIGNATURES[library]
        return getattr(self, name)  # type: ignore[no-any-return]

    def GetWindowThreadProcessId(self, handle: int, pid: Any) -> int:
        if pid is not None:
            pid._obj.value = self.pids.get(handle, 0)
        return 100 + handle

    def GetWindowTextW(self, handle: int, buffer: Any, size: int) -> int:
        buffer.value = f"окно {handle}"
        return len(buffer.value)

    def GetClassNameW(self, handle: int, buffer: Any, size: int) -> int:
        buffer.value = "Shell_TrayWnd" if handle == TRAY else "Edit"
        return len(buffer.value)

    def IsWindow(self, handle: int) -> int:
        return int(handle in self.pids)

    def IsWindowVisible(self, handle: int) -> int:
        return int(handle not in self.hidden)

    def IsIconic(self, handle: int) -> int:
        return int(handle in self.minimised)

    def ShowWindow(self, handle: int, how: int) -> int:
        self.minimised.discard(handle)
        return 1

    def SetForegroundWindow(self, handle: int) -> int:
        if self.obeys and self.joined and handle not in self.minimised:
            self.front = handle
        return int(self.obeys)

    def AttachThreadInput(self, here: int, there: int, on: int) -> int:
        self.joined.append((here, there, on))
        return 1

    def GetCurrentThreadId(self) -> int:
        return 5

    def GetCurrentProcess(self) -> int:
        return OWN_PROCESS

    def OpenProcess(self, access: int, inherit: int, pid: int) -> int | None:
        if pid not in self.programs:
            return None
        self.open.append(pid)
        return pid

    def CloseHandle(self, handle: Any) -> int:
        self.open.remove(getattr(handle, "value", handle))
        return 1

    def QueryFullProcessImageNameW(self, process: int, flags: int, path: Any, size: Any) -> int:
        path.value = "C:\\Программы\\" + self.programs[process]
        return 1

    def OpenProcessToken(self, process: int, access: int, token: Any) -> int:
        token._obj.value = 1000 + process
        self.open.append(1000 + process)
        return 1

    def GetTokenInformation(self, token: Any, kind: int, label: Any, size: int, needed: Any) -> int:
        needed._obj.value = 32
        if label is None:
            return 0
        sid = ctypes.c_uint32(self.levels[token.value - 1000])
        self._numbers.append(sid)
        ctypes.c_void_p.from_buffer(label).value = ctypes.addressof(sid)
        return 1

    def GetSidSubAuthorityCount(self, sid: Any) -> Any:
        return (ctypes.c_uint8 * 1)(1)

    def GetSidSubAuthority(self, sid: Any, index: int) -> Any:
        assert index == 0
        return ctypes.cast(sid, ctypes.POINTER(ctypes.c_uint32))


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def windows(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Win32TargetWindows:
    monkeypatch.setattr(targets_windows, "_FOCUS_TIMEOUT_S", 0.05)
    return Win32TargetWindows(desk.find, lambda: desk.front)


def seen(windows: Win32TargetWindows) -> TargetWindow:
    window = windows.current()
    assert window is not None
    return window


def test_a_window_is_known_by_its_program(desk: Desk, windows: Win32TargetWindows) -> None:
    assert seen(windows) == TargetWindow(EDITOR, "окно 10", "notepad", ("notepad",), pid=1)
    assert desk.open == [], "handles are given back"


def test_a_program_with_more_rights_is_seen(desk: Desk, windows: Win32TargetWindows) -> None:
    for desk.front, elevated in ((EDITOR, False), (ADMIN, True), (CLOSED_TO_US, True), (OURS, False)):
        assert seen(windows).elevated == elevated
    desk.levels[OWN_PROCESS] = HIGH
    desk.front = ADMIN
    assert not seen(windows).elevated
    assert desk.open == []


def test_our_own_windows_are_known(desk: Desk, windows: Win32TargetWindows) -> None:
    desk.front = OURS
    assert seen(windows).own


def test_the_hidden_window_of_our_tray_menu_is_none(desk: Desk, windows: Win32TargetWindows) -> None:
    desk.front = OURS
    desk.hidden.add(OURS)
    assert windows.current() is None


@pytest.mark.parametrize("front", [0, TRAY])
def test_task_bar_and_secure_desktop_are_no_windows(desk: Desk, windows: Win32TargetWindows, front: int) -> None:
    desk.front = front
    assert windows.current() is None


def test_a_handle_that_another_window_has_got_is_another_window(desk: Desk, windows: Win32TargetWindows) -> None:
    window = seen(windows)
    assert windows.alive(window)
    desk.pids[EDITOR] = 77
    assert not windows.alive(window)
    del desk.pids[EDITOR]
    assert not windows.alive(window)


def test_a_minimised_window_comes_to_the_front(desk: Desk, windows: Win32TargetWindows) -> None:
    window = seen(windows)
    assert windows.focus(window) and desk.joined == []
    desk.front, desk.minimised = ADMIN, {EDITOR}
    assert not windows.focused(window)
    assert windows.focus(window) and windows.focused(window)
    assert desk.joined == [(5, 100 + ADMIN, 1), (5, 100 + ADMIN, 0)]


def test_windows_may_refuse(desk: Desk, windows: Win32TargetWindows) -> None:
    window = seen(windows)
    desk.front, desk.obeys = ADMIN, False
    assert not windows.focus(window)
    desk.front = 0
    assert not windows.focus(window)
    windows.close()
