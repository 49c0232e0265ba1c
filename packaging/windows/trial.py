"""The installer's whole life, in wine or on a Windows that may be written to: installed, tested, upgraded while it
runs, refused where files are held, removed. Main thread; each step raises BuildError.
"""

from __future__ import annotations

import filecmp
import json
import re
import shlex
import shutil
import subprocess
import time
import zipfile
from collections.abc import Callable
from pathlib import Path, PureWindowsPath

import products
from places import BUILD, FROZEN, ON_WINDOWS, PREFIX, BuildError, say, step

if ON_WINDOWS:
    import native as computer
else:
    import wine as computer

PROGRAM = "VoiceType.exe"
REPORT = BUILD / "trial.json"
FAILED, FILES_IN_USE = 2, 3
OLD_VERSION = "0.0.1"
_UNINSTALL_KEY = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\VoiceType"
_RUN_KEY = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Run"
_APPROVED_KEY = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
_REFUSED = "030000000000000000000000"
"""What the task manager notes there of a program that it has switched off."""
_WAIT_S = 120.0
_LOOK_S = 0.5
_HOLD = "import ctypes, sys, time; ctypes.WinDLL(sys.argv[1]); open(sys.argv[2], 'w').close(); time.sleep(600)"


def run_trial(installer: Path, portable: Path) -> None:
    """Do all of it and leave a report in REPORT. Raises BuildError."""
    computer.make_prefix()
    trial = _Trial(installer, portable)
    if traces := trial.traces():
        if ON_WINDOWS:
            raise BuildError(f"VoiceType is or was here: {traces[0]}; the trial would write over it")
        # A trial before this one has failed.
        shutil.rmtree(PREFIX)
        computer.make_prefix()
    with computer.screen():
        trial.run()


class _Trial:
    """One life. `_home` is where the program is installed by default."""

    def __init__(self, installer: Path, portable: Path) -> None:
        self._installer = installer
        self._portable = portable
        self._home = computer.user_folder("AppData/Local") / "Programs" / "VoiceType"
        self._settings = computer.user_folder("AppData/Roaming") / "VoiceType"
        self._data = computer.user_folder("AppData/Local") / "VoiceType"
        self._other = computer.drive_folder("Мои программы")
        self._other_home = self._other / "Диктовка №5"
        self._menu_link = computer.user_folder("AppData/Roaming/Microsoft/Windows/Start Menu/Programs/VoiceType.lnk")
        self._desktop_link = computer.user_folder("Desktop/VoiceType.lnk")
        self._report: dict[str, object] = {}
        self._failed: list[str] = []

    def traces(self) -> list[Path]:
        """What of an earlier VoiceType is on this Windows."""
        return [path for path in (self._home, self._settings, self._data, self._other) if path.exists()]

    def run(self) -> None:
        """All steps in turn."""
        steps: dict[str, Callable[[], None]] = {
            "install an older version silently": self._install,
            "self-test of the installed program": self._self_test,
            "start after a crash": self._crash,
            "upgrade while it runs": self._upgrade,
            "refuse while another program holds a file": self._refuse,
            "install after a power cut in the middle": self._power_cut,
            "uninstall while it runs": self._uninstall,
            "install, move to a folder with Cyrillic letters, test": self._other_folder,
            "install again with each switch": self._switches,
            "remove everything": self._remove_everything,
            "fail to install": self._fail,
            "portable archive": self._run_portable,
        }
        times = self._report.setdefault("seconds", {})
        before = self._user_files()
        for name, action in steps.items():
            begin = time.monotonic()
            with step(name):
                action()
            times[name] = round(time.monotonic() - begin, 1)
        left = sorted(self._user_files() - before)
        self._report["left over"] = left
        REPORT.write_text(json.dumps(self._report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        _expect(not left, f"left over: {', '.join(left)}")
        _expect(not self._failed, "\n".join(self._failed))

    def _install(self) -> None:
        old = products.make_installer(FROZEN, BUILD / "old-version.exe", OLD_VERSION, quick=True)
        computer.call(old, "/S", "/AUTOSTART=1", "/DESKTOP=1")
        old.unlink()
        self._compare(self._home)
        entry = _registry(_UNINSTALL_KEY)
        program = computer.windows_path(self._home) / PROGRAM
        _expect(entry.get("DisplayVersion") == OLD_VERSION, f"the entry among the apps is {entry}")
        _expect(int(entry.get("EstimatedSize", "0"), 16) > 1000, "the entry among the apps has no size")
        _expect(PureWindowsPath(entry.get("DisplayIcon", "")) == program, "the entry among the apps has no icon")
        _expect(str(program) in _registry(_RUN_KEY).get("VoiceType", ""), "it does not start at sign-in")
        _expect(self._menu_link.exists() and self._desktop_link.exists(), "a shortcut is missing")

    def _self_test(self) -> None:
        self._report["self-test"] = self._tested(self._home / PROGRAM)
        _, told = computer.call(self._home / PROGRAM, "time-to-tray")
        numbers = re.findall(r"^(\d+\.\d+)\s*$", told, re.MULTILINE)
        self._report["start to the tray, ms"] = round(float(numbers[-1])) if numbers else None

    def _crash(self) -> None:
        self._start()
        computer.kill_all(PROGRAM)
        self._start()

    def _upgrade(self) -> None:
        self._settings.mkdir(parents=True, exist_ok=True)
        own = [self._settings / "config.yaml", self._data / "models" / "мой" / "file"]
        for file in own:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("{}\n", encoding="utf-8")
        stale = self._home / "_internal" / "of-an-older-version.dll"
        stale.touch()
        begin = time.monotonic()
        computer.call(self._installer, "/S")
        self._report["upgrade over the running program, seconds"] = round(time.monotonic() - begin, 1)
        _expect(not stale.exists(), "a file of the older version is still there")
        self._compare(self._home)
        _expect(all(file.exists() for file in own), "the upgrade has removed the user's files")
        _expect(_registry(_UNINSTALL_KEY).get("DisplayVersion") == products.version(), "the old version is shown")
        _expect("VoiceType" in _registry(_RUN_KEY) and self._desktop_link.exists(), "earlier choices are forgotten")
        self._wait_until_it_answers(self._home)

    def _refuse(self) -> None:
        held = self._home / "_internal" / "libcrypto-3.dll"
        sign = BUILD / "held"
        sign.unlink(missing_ok=True)
        # As of an installation that could not remove it; nobody may put that back.
        stale = self._home / ".previous" / PROGRAM
        stale.parent.mkdir()
        stale.touch()
        holder = computer.start(_python(), "-c", _HOLD, str(computer.windows_path(held)), str(sign))
        try:
            _wait(sign.exists, "the file is not held")
            code, _ = computer.call(self._installer, "/S", check=False)
        finally:
            _end(holder)
        told = (computer.temporary_folder() / "VoiceType-setup.log").read_text(encoding="utf-16")
        _expect(code == FILES_IN_USE and held.name in told, f"code {code}, told: {told!r}")
        self._report["held files, as told"] = told.split()
        shutil.rmtree(stale.parent)
        self._compare(self._home)
        self._wait_until_it_answers(self._home)
        computer.call(self._home / PROGRAM, "--quit")

    def _power_cut(self) -> None:
        aside = self._home / ".previous"
        aside.mkdir()
        for name in ("_internal", PROGRAM):
            (self._home / name).rename(aside / name)
        half = self._home / "_internal" / "half"
        half.parent.mkdir()
        half.touch()
        computer.call(self._installer, "/S")
        self._compare(self._home)

    def _uninstall(self) -> None:
        self._start()
        command = shlex.split(_registry(_UNINSTALL_KEY)["QuietUninstallString"].replace("\\", "/"))
        computer.call(*command)
        _wait_until_gone(self._home)
        _expect((self._settings / "config.yaml").exists(), "the settings are gone, unasked")
        _expect(not self._menu_link.exists() and not self._desktop_link.exists(), "a shortcut is left")
        _expect(not _registry(_UNINSTALL_KEY) and "VoiceType" not in _registry(_RUN_KEY), "registry keys are left")

    def _other_folder(self) -> None:
        folder = self._other_home
        computer.call(self._installer, "/S")
        computer.call(self._installer, "/S", f"/D={computer.windows_path(folder)}")
        self._compare(folder)
        _expect(not self._home.exists(), "what was installed elsewhere is left, and nothing removes it")
        _expect(_registry(_UNINSTALL_KEY).get("DisplayVersion") == products.version(), "no entry among the apps")
        _expect(not self._desktop_link.exists() and "VoiceType" not in _registry(_RUN_KEY), "it did what nobody asked")
        self._report["self-test in a folder with Cyrillic letters"] = self._tested(folder / PROGRAM)

    def _switches(self) -> None:
        options = ("/v", "VoiceType", "/t", "REG_BINARY", "/d", _REFUSED, "/f")
        computer.call("reg", "add", _APPROVED_KEY, *options)
        # Without /D= the folder is the one that was chosen before.
        for value in ("1", "0"):
            computer.call(self._installer, "/S", f"/AUTOSTART={value}", f"/DESKTOP={value}", f"/RUN={value}")
            self._compare(self._other_home)
            starts = _registry(_RUN_KEY).get("VoiceType", "")
            is_wanted = value == "1"
            _expect(bool(starts) is is_wanted, f"/AUTOSTART={value} is not obeyed: {starts!r}")
            is_refused = "VoiceType" in _registry(_APPROVED_KEY)
            _expect(is_refused is is_wanted, "the task manager's word counts as long as there is a start to refuse")
            _expect(self._desktop_link.exists() is is_wanted, f"/DESKTOP={value} is not obeyed")
            if is_wanted:
                self._wait_until_it_answers(self._other_home)
            else:
                code, _ = computer.call(self._other_home / PROGRAM, "--cancel", check=False)
                _expect(code != 0, "/RUN=0 is not obeyed")

    def _remove_everything(self) -> None:
        computer.call(self._other_home / "uninstall.exe", "/S", "/REMOVEDATA=1")
        _wait_until_gone(self._other_home)
        _wait(lambda: not self._settings.exists() and not self._data.exists(), "the user's data are left")

    def _fail(self) -> None:
        folder = self._other / "занято"
        in_the_way = folder / "LICENSE.txt"
        in_the_way.mkdir(parents=True)
        code, _ = computer.call(self._installer, "/S", f"/D={computer.windows_path(folder)}", check=False)
        _expect(code == FAILED, f"a failed installation ends with {code}")
        _expect([*folder.rglob("*")] == [in_the_way], "a failed installation leaves its files")
        _expect(not _registry(_UNINSTALL_KEY), "a failed installation is among the apps")

    def _run_portable(self) -> None:
        folder = self._other / "флешка"
        with zipfile.ZipFile(self._portable) as archive:
            archive.extractall(folder)
        self._start(folder / "VoiceType")
        computer.call(folder / "VoiceType" / PROGRAM, "--quit")
        _expect(
            (folder / "VoiceType" / "settings" / "log").exists(), "the portable program keeps nothing beside itself"
        )
        _expect(not self._settings.exists() and not self._data.exists(), "the portable program writes elsewhere")
        shutil.rmtree(self._other)

    def _tested(self, program: Path) -> object:
        result = BUILD / "self-test.json"
        result.unlink(missing_ok=True)
        code, output = computer.call(program, "--self-test", "--json", str(computer.windows_path(result)), check=False)
        _expect(result.exists(), f"the self-test ended with {code} and wrote nothing:\n{output}")
        text = result.read_text(encoding="utf-8")
        report: dict[str, object] = json.loads(text)
        if code:
            # The steps that follow are worth knowing about too.
            self._failed += [f"self-test, {check['name']}: {check['detail']}" for check in _failed_checks(report)]
        return report

    def _start(self, folder: Path | None = None) -> None:
        computer.start((folder or self._home) / PROGRAM)
        self._wait_until_it_answers(folder or self._home)

    def _wait_until_it_answers(self, folder: Path) -> None:
        _wait(lambda: computer.call(folder / PROGRAM, "--cancel", check=False)[0] == 0, "the program does not answer")

    def _compare(self, folder: Path) -> None:
        installed = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
        wanted = {path.relative_to(FROZEN) for path in FROZEN.rglob("*") if path.is_file()}
        extra = installed ^ wanted ^ {Path("uninstall.exe")}
        _expect(not extra, f"missing or superfluous: {sorted(map(str, extra))[:5]}")
        _, different, broken = filecmp.cmpfiles(FROZEN, folder, [str(name) for name in wanted], shallow=False)
        _expect(not different and not broken, f"not as packed: {[*different, *broken][:5]}")

    def _user_files(self) -> set[str]:
        folders = [computer.user_folder(name) for name in ("AppData", "Desktop")]
        files = {str(path) for folder in folders for path in folder.rglob("*") if path.is_file() or path.is_symlink()}
        # What Windows' own parts note there is not the program's; on a real one others are at work too.
        if ON_WINDOWS:
            return {name for name in files if "voicetype" in name.lower()}
        return {name for name in files if not re.search(r"[/\\](Temp|Microsoft)[/\\](?!.*VoiceType)", name)}


def _failed_checks(report: dict[str, object]) -> list[dict[str, object]]:
    checks = report["checks"]
    assert isinstance(checks, list)
    return [check for check in checks if check["state"] == "failed"]


def _python() -> Path:
    if ON_WINDOWS:
        import sys

        return Path(sys.executable)
    import toolchain

    return toolchain.windows_python()


def _registry(key: str) -> dict[str, str]:
    code, output = computer.call("reg", "query", key, check=False)
    found = re.findall(r"^ +(\S+) +REG_\w+ +(.*?)\s*$", output, re.MULTILINE)
    return {} if code else dict(found)


def _expect(fact: bool, otherwise: str) -> None:
    if not fact:
        raise BuildError(otherwise)


def _wait(happened: Callable[[], bool], otherwise: str) -> None:
    end = time.monotonic() + _WAIT_S
    while not happened():
        if time.monotonic() > end:
            raise BuildError(otherwise)
        time.sleep(_LOOK_S)


def _wait_until_gone(folder: Path) -> None:
    # The uninstaller works on from a copy of itself in the temporary folder.
    _wait(lambda: not folder.exists(), f"{folder} is left")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    say("   let go of the file")
