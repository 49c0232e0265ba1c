"""A desktop without a desk: a private X server with window manager and tray, and a private PulseAudio whose
microphone hears whatever is played. Linux only; everything ends with `Desktop.close`.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import yaml

T = TypeVar("T")

PACKAGE_OF_PROGRAM = {
    "Xvfb": "xvfb",
    "openbox": "openbox",
    "trayer": "trayer",
    "pulseaudio": "pulseaudio",
    "pactl": "pulseaudio-utils",
    "paplay": "pulseaudio-utils",
    "xdotool": "xdotool",
    "wmctrl": "wmctrl",
    "xclip": "xclip",
    "xterm": "xterm",
    "scrot": "scrot",
    "setxkbmap": "x11-xkb-utils",
    "xprop": "x11-utils",
}
START_TIMEOUT_S = 60.0
PATIENCE_S = 30.0  # a machine whose processors others have too stands still for seconds
POLL_S = 0.02
LATENCY_MS = "30"  # a null sink works in blocks of two seconds until somebody asks for less
SPEAKER_LATENCY = {"PULSE_LATENCY_MSEC": "2000"}  # a busy machine must not tear speech to pieces
MICROPHONE = ("module-remap-source", "source_name=mic", "master=speaker.monitor")
NOT_INHERITED = ("QT_QPA_PLATFORM", "PYNPUT_BACKEND", "WAYLAND_DISPLAY", "XDG_SESSION_TYPE")
LISTENER_FORMAT = ("--raw", "--rate=8000", "--format=u8", "--channels=1")
END_WITH_THE_TESTS = ("setpriv", "--pdeathsig", "TERM")  # also when the test run is killed
US = ("us", 0)
PANEL = "panel"  # the tray's window
XKB_CORE_KEYBOARD = 0x100
X_NAMES = {"ctrl": "Control_L", "alt": "Alt_L", "shift": "Shift_L", "super": "Super_L"}


def missing_packages() -> list[str]:
    """Debian packages that the desktop needs and this machine lacks."""
    return sorted({package for program, package in PACKAGE_OF_PROGRAM.items() if shutil.which(program) is None})


def eventually(predicate: Callable[[], T], timeout_s: float = PATIENCE_S, what: str = "") -> T:
    """Poll until `predicate` returns something true and return that; AssertionError after `timeout_s`."""
    deadline = time.monotonic() + timeout_s
    while not (result := predicate()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {timeout_s:g} s: {what or predicate}; last seen: {result!r}")
        time.sleep(POLL_S)
    return result


class XServer:
    """The few calls of libX11 for which there is no command. Used by the test's thread."""

    def __init__(self, display: str) -> None:
        self._x11 = ctypes.CDLL("libX11.so.6")
        self._xtest = ctypes.CDLL("libXtst.so.6")
        self._x11.XStringToKeysym.restype = ctypes.c_ulong
        self._x11.XOpenDisplay.restype = ctypes.c_void_p
        self._x11.XInternAtom.restype = ctypes.c_ulong
        self._x11.XGetSelectionOwner.restype = ctypes.c_ulong
        self._display = ctypes.c_void_p(self._x11.XOpenDisplay(display.encode()))
        if not self._display:
            raise AssertionError(f"no connection to the X server {display}")

    def has_tray(self) -> bool:
        """Whether some program shows tray icons."""
        atom = ctypes.c_ulong(self._x11.XInternAtom(self._display, b"_NET_SYSTEM_TRAY_S0", 0))
        return bool(self._x11.XGetSelectionOwner(self._display, atom))

    def lock_group(self, group: int) -> None:
        """Make the layout number `group` (from 0) the one in force."""
        self._x11.XkbLockGroup(self._display, XKB_CORE_KEYBOARD, group)
        self._x11.XSync(self._display, 0)

    def group(self) -> int:
        """Number of the layout in force."""
        state = (ctypes.c_ubyte * 32)()  # XkbStateRec; its first byte is the group in force
        self._x11.XkbGetState(self._display, XKB_CORE_KEYBOARD, ctypes.byref(state))
        return int(state[0])

    def press(self, combination: str) -> None:
        """Press keys in order and release them in reverse; the layout in force stays.

        `combination` joins X names with "+", short names for modifiers included; "#24" is the key of that code.
        """
        codes = [self._keycode(name) for name in combination.split("+")]
        for code in codes:
            self._xtest.XTestFakeKeyEvent(self._display, code, 1, 0)
        for code in reversed(codes):
            self._xtest.XTestFakeKeyEvent(self._display, code, 0, 0)
        self._x11.XSync(self._display, 0)

    def _keycode(self, name: str) -> int:
        if name.startswith("#"):
            return int(name[1:])
        symbol = self._x11.XStringToKeysym(X_NAMES.get(name, name).encode())
        code = int(self._x11.XKeysymToKeycode(self._display, ctypes.c_ulong(symbol))) & 0xFF
        if not code:
            raise AssertionError(f"no key for {name!r} in this layout")
        return code

    def close(self) -> None:
        """Leave the server."""
        self._x11.XCloseDisplay(self._display)


class Desktop:
    """The private desktop, one per test session.

    Attributes:
        env: environment for the programs of this desktop (a fresh dict, with the test's VOICETYPE_* variables).
        home: private home directory, empty at the start.
    """

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="voicetype-desktop-"))
        self.home = self._folder / "home"
        self.home.mkdir()
        self._servers: list[subprocess.Popen[bytes]] = []
        self._programs: list[subprocess.Popen[Any]] = []
        self._microphone_module = ""
        self._modules: list[str] = []
        self._layout = US
        self._x_server: XServer | None = None
        self._own_env = {
            "HOME": str(self.home),
            "XDG_RUNTIME_DIR": str(self._folder),
            "PULSE_RUNTIME_PATH": str(self._folder / "pulse"),
            "PULSE_SERVER": f"unix:{self._folder}/pulse/native",
            "PULSE_SOURCE": "mic",  # else the sink's monitor would take an unplugged microphone's place
            "PULSE_LATENCY_MSEC": LATENCY_MS,
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={self._folder}/none",  # else libdbus starts a daemon that stays
            "LANG": "C.UTF-8",
            "LC_ALL": "C.UTF-8",
        }
        try:
            self._start_screen()
            self._start_sound()
        except BaseException:
            self.close()
            raise

    @property
    def env(self) -> dict[str, str]:
        inherited = {key: value for key, value in os.environ.items() if key not in NOT_INHERITED}
        return {**inherited, **self._own_env}

    # Programs

    def run(self, *command: str | Path, check: bool = True, timeout: float = 60, **options: Any) -> Any:
        """`subprocess.run` on this desktop, output captured as text."""
        options = {"capture_output": True, "text": True, **options}
        done = subprocess.run([str(word) for word in command], env=self.env, timeout=timeout, check=False, **options)
        if check and done.returncode:
            raise AssertionError(f"{command} ended with {done.returncode}: {done.stdout}{done.stderr}")
        return done

    def popen(self, *command: str | Path, env: Mapping[str, str] | None = None, **options: Any) -> Any:
        """`subprocess.Popen` on this desktop; `env` adds variables. The test's end ends it."""
        options.setdefault("stdin", subprocess.DEVNULL)
        program: Any = subprocess.Popen(
            [str(word) for word in command], env={**self.env, **(env or {})}, start_new_session=True, **options
        )
        self._programs.append(program)
        return program

    @contextlib.contextmanager
    def one_test(self) -> Iterator[None]:
        """Afterwards end the programs that were started inside, put back the microphone and the us layout."""
        already = len(self._programs)
        yield
        for program in reversed(self._programs[already:]):
            _end(program)
        del self._programs[already:]
        # The next test would find and focus a window that is about to vanish.
        eventually(lambda: set(self.windows().values()) <= {PANEL}, what=f"the end of the windows {self.windows()}")
        for module in reversed(self._modules):
            self.run("pactl", "unload-module", module)
        self._modules.clear()
        self.plug_microphone()
        self.run("pactl", "set-default-source", "mic")
        if self._layout != US:
            self.set_layout(*US)

    # Sound

    def play(self, path: Path) -> None:
        """Speak a WAV file into the microphone; returns at its end."""
        speaker = self.play_async(path)
        assert speaker.wait(60) == 0

    def play_async(self, path: Path) -> Any:
        """Begin to speak a WAV file into the microphone."""
        return self.popen("paplay", "-d", "speaker", path, env=SPEAKER_LATENCY)

    def is_speaking(self) -> bool:
        """Whether something is being played."""
        return bool(self.run("pactl", "list", "short", "sink-inputs").stdout.strip())

    def recordings(self) -> list[str]:
        """Who records: one line a program, this desktop's own listener among them."""
        lines = self.run("pactl", "list", "short", "source-outputs").stdout.splitlines()
        return [line for line in lines if "protocol-native" in line]

    def unplug_microphone(self) -> None:
        """Take the microphone away. As anywhere, PulseAudio moves running recordings to the speaker's monitor."""
        if self._microphone_module:
            self.run("pactl", "unload-module", self._microphone_module)
            self._microphone_module = ""

    def plug_microphone(self) -> None:
        """Put the microphone back as the default source."""
        if not self._microphone_module:
            self._microphone_module = self.run("pactl", "load-module", *MICROPHONE).stdout.strip()
            self.run("pactl", "set-default-source", "mic")

    def load(self, module: str, *arguments: str) -> str:
        """Have PulseAudio load a module; returns its number. The test's end unloads it."""
        number = str(self.run("pactl", "load-module", module, *arguments).stdout).strip()
        self._modules.append(number)
        return number

    def unload(self, number: str) -> None:
        """Take out a module that `load` brought in."""
        self._modules.remove(number)
        self.run("pactl", "unload-module", number)

    # Keyboard, windows, clipboard

    def key(self, combination: str) -> None:
        """Press and release a combination ("ctrl+alt+space") as a person would; see `XServer.press`."""
        # Not xdotool: it switches to the first layout for the time of the key, which a person does not.
        assert self._x_server
        self._x_server.press(combination)

    def set_layout(self, layouts: str, group: int = 0) -> None:
        """Use XKB layouts ("us", "us,ru") with the given one (counted from 0) locked; checked with the server."""
        assert self._x_server
        self.run("setxkbmap", "-layout", layouts, "-option", "")
        self._x_server.lock_group(group)
        self._layout = (layouts, group)
        in_force = [line.split()[1] for line in self.run("setxkbmap", "-query").stdout.splitlines() if "layout" in line]
        assert (in_force, self._x_server.group()) == ([layouts], group)

    def lock_group(self, group: int) -> None:
        """Make the layout number `group` (from 0) the one in force; see `set_layout` for more."""
        assert self._x_server
        self._x_server.lock_group(group)

    def group(self) -> int:
        """Number of the layout in force."""
        assert self._x_server
        return self._x_server.group()

    def windows(self) -> dict[str, str]:
        """Visible windows: title by id."""
        listing = self.run("wmctrl", "-l", check=False).stdout
        rows = [line.split(None, 3) for line in listing.splitlines()]
        return {row[0]: row[3] if len(row) > 3 else "" for row in rows}

    def wait_window(self, title: str, timeout_s: float = START_TIMEOUT_S) -> str:
        """Id of the window whose title contains `title`, as soon as there is one."""
        return eventually(
            lambda: next((window for window, name in self.windows().items() if title in name), ""),
            timeout_s,
            f"a window titled {title!r}",
        )

    def focus(self, title: str) -> str:
        """Give the keyboard to the window whose title contains `title`; returns its id when it has it."""
        window = self.wait_window(title)
        self.run("wmctrl", "-i", "-a", window)
        eventually(lambda: self.focused_window() == int(window, 16), what=f"focus on {title!r}")
        return window

    def focused_window(self) -> int:
        """X id of the window that gets the keys; 0 when none does."""
        answer = self.run("xdotool", "getwindowfocus", check=False).stdout.strip()
        return int(answer) if answer.isdigit() else 0

    def screenshot(self, path: Path) -> None:
        """Write a picture (PNG) of the whole screen."""
        self.run("scrot", "--overwrite", path)

    def clipboard(self) -> str:
        """Text in the clipboard; "" when it is empty."""
        return str(self.run("xclip", "-selection", "clipboard", "-o", check=False).stdout)

    def set_clipboard(self, text: str) -> None:
        """Put text into the clipboard."""
        # xclip stays behind to serve the text and would hold captured pipes open.
        self.run(
            "xclip",
            "-selection",
            "clipboard",
            input=text,
            capture_output=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    # Start and end

    def close(self) -> None:
        """End everything of this desktop."""
        if self._x_server:
            self._x_server.close()
        for program in [*self._programs, *reversed(self._servers)]:
            _end(program)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _start_screen(self) -> None:
        reader, writer = os.pipe()
        command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-noreset"]
        self._serve(command, pass_fds=(writer,))
        os.close(writer)
        with os.fdopen(reader) as pipe:
            number = pipe.readline().strip()
        if not number:
            raise AssertionError(f"Xvfb did not start: {self._log_path('Xvfb').read_text(errors='replace')}")
        self._own_env["DISPLAY"] = f":{number}"
        self._x_server = XServer(f":{number}")
        self._serve(["openbox"])
        self._serve(["trayer", "--edge", "top", "--align", "right", "--widthtype", "request", "--height", "32"])
        eventually(
            lambda: "window id" in self.run("xprop", "-root", "_NET_SUPPORTING_WM_CHECK", check=False).stdout,
            START_TIMEOUT_S,
            "a window manager",
        )
        eventually(self._x_server.has_tray, START_TIMEOUT_S, "a tray")

    def _start_sound(self) -> None:
        self._serve(
            [
                *("pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--realtime=no"),
                *("-L", "module-native-protocol-unix auth-anonymous=1"),
                *("-L", "module-null-sink sink_name=speaker"),
            ]
        )
        eventually(lambda: self.run("pactl", "info", check=False).returncode == 0, START_TIMEOUT_S, "PulseAudio")
        self.run("pactl", "set-default-sink", "speaker")
        self.plug_microphone()
        # A listener that stays keeps the sink's blocks short; telephone quality keeps what it hears small.
        self._serve(["parec", "-d", "speaker.monitor", "--latency-msec=20", *LISTENER_FORMAT])
        eventually(lambda: self._log_path("parec").stat().st_size, START_TIMEOUT_S, "sound")

    def _serve(self, command: Sequence[str], pass_fds: Sequence[int] = ()) -> None:
        with self._log_path(command[0]).open("wb") as log:
            server = subprocess.Popen(
                [*END_WITH_THE_TESTS, *command],
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=pass_fds,
                start_new_session=True,
            )
        self._servers.append(server)

    def _log_path(self, program: str) -> Path:
        return self._folder / f"{program}.log"


def _end(program: subprocess.Popen[Any]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(program.pid, signal.SIGTERM)
    try:
        program.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(program.pid, signal.SIGKILL)
        program.wait()
    for pipe in (program.stdin, program.stdout, program.stderr):
        if pipe:
            pipe.close()


def settings_text(settings: str) -> str:
    """A settings file: `settings` (YAML), without sounds unless they say so.

    The microphone of the rig hears the loudspeaker, and a machine busy with tests tears tones to pieces.
    """
    data = yaml.safe_load(settings) or {}
    data["audio"] = {"sounds": False, **data.get("audio", {})}
    return yaml.safe_dump({"config_version": 1, **data}, allow_unicode=True)
