"""`voicetype bench`: what this machine makes of the program, measured through its real parts. Main thread.

Figures that depend on the machine's speed are given beside a ratio or an idle value of the same run.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from voicetype import log, store
from voicetype.bench_text import measure_text
from voicetype.control.dictation import NoLog, SessionSettings
from voicetype.control.insertion_queue import InsertionQueue
from voicetype.control.model_manager import LazyModelManager
from voicetype.control.session_controller import SessionController, SessionParts
from voicetype.control.window_text import PlainTarget
from voicetype.core.audio import RingBuffer
from voicetype.core.config import Config
from voicetype.core.messages import AudioError, ModelError, UserMessage
from voicetype.core.ports import BYTES_PER_SECOND
from voicetype.core.status import PUNCTUATION, SPEECH, ModelState, SessionState
from voicetype.engines import catalog, remote
from voicetype.headless import SAMPLE_NAME
from voicetype.models import folders, make_loaders
from voicetype.own_process import own_command, own_environment
from voicetype.qt import QtCore, QtWidgets, Slot
from voicetype.system.linux import trim_memory
from voicetype.system.metrics import MetricsReader
from voicetype.system.microphone import SoundDeviceMicrophone
from voicetype.system.wave_source import WaveSource, read_pcm
from voicetype.text_stage import TextStage
from voicetype.ui.overlay import Overlay

_REPEATS = 5
_IDLE_WINDOW_MS = 2_000
_DECODE_BLOCK_BYTES = 8_000
_LIMIT_MS = 120_000
_PROCESS_LIMIT_S = 300
_IN_MEMORY = (ModelState.LOADING, ModelState.READY, ModelState.UNLOADING)


@dataclass
class Figures:
    """What was measured; None = could not be measured here. Times in ms, memory in MiB."""

    start_to_tray_ms: float | None = None
    press_to_first_audio_ms: float | None = None
    cold_press_to_ready_ms: float | None = None
    stop_to_text_ms: float | None = None
    decode_ratio_to_bare_vosk: float | None = None
    decode_real_time_factor: float | None = None
    gui_gap_idle_ms: float | None = None
    gui_gap_loading_ms: float | None = None
    gui_gap_dictating_ms: float | None = None
    gui_gap_unloading_ms: float | None = None
    rss_idle_mib: float | None = None
    rss_loaded_mib: float | None = None
    rss_unloaded_mib: float | None = None
    text_phrase_ms: float | None = None
    text_share_of_model: float | None = None
    text_100000_words_s: float | None = None
    text_growth: float | None = None


class GapMeter(QtCore.QObject):
    """Longest time between two turns of the event loop, in ms, by a 1 ms timer."""

    def __init__(self) -> None:
        super().__init__()
        self._timer = QtCore.QTimer(self)
        self._timer.setTimerType(QtCore.Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._last = 0.0
        self._longest = 0.0

    def start(self) -> None:
        """Begin to watch."""
        self._longest, self._last = 0.0, time.perf_counter()
        self._timer.start(1)

    def stop(self) -> float:
        """End; returns the longest gap in ms."""
        self._tick()
        self._timer.stop()
        return self._longest * 1000

    @Slot()
    def _tick(self) -> None:
        now = time.perf_counter()
        self._longest = max(self._longest, now - self._last)
        self._last = now


class _Sink:
    """A window that takes everything; notes when."""

    def __init__(self) -> None:
        self.at = 0.0

    def insert(self, text: str) -> UserMessage | None:
        self.at = time.perf_counter()
        return None


def run_bench(*, as_json: bool) -> int:
    """Measure and print. Returns the exit code."""
    from voicetype.system.linux import display_works

    log.configure(None, store.log_dir())
    tray = display_works()
    if not tray:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    application = QtWidgets.QApplication([])
    application.setQuitOnLastWindowClosed(False)
    figures = Figures()
    if tray:
        figures.start_to_tray_ms = _start_to_tray()
    figures.press_to_first_audio_ms = _first_audio()
    _life_cycle(figures)
    _decode_cost(figures)
    cost = measure_text()
    figures.text_phrase_ms, figures.text_share_of_model = cost.phrase_ms, cost.share_of_model
    figures.text_100000_words_s, figures.text_growth = cost.many_words_s, cost.growth
    sys.stdout.write(json.dumps(asdict(figures), indent=2) + "\n" if as_json else _table(figures))
    return 0


def _start_to_tray() -> float | None:
    """From the start of the process to a visible tray icon; median of three starts."""
    times = []
    for _ in range(3):
        done = _run_self("time-to-tray")
        if done.returncode == 0:
            times.append(float(done.stdout.split()[-1]))
    return statistics.median(times) if times else None


def _first_audio() -> float | None:
    times = []
    for _ in range(3):
        buffer = RingBuffer(1_000_000)
        microphone = SoundDeviceMicrophone()
        begin = time.perf_counter()
        try:
            microphone.start(buffer.write, lambda error: None)
            heard = buffer.read(5.0, 64)
            times.append((time.perf_counter() - begin) * 1000)
        except AudioError:
            return None
        finally:
            microphone.stop()
        if not heard:
            return None
    return statistics.median(times)


def _controller(config: Config, models: LazyModelManager, sink: _Sink) -> SessionController:
    """Dictates the sample into `sink`."""
    parts = SessionParts(
        models,
        lambda *, replacement=False: WaveSource(catalog.bundled_models_dir() / SAMPLE_NAME),
        InsertionQueue(PlainTarget(sink)),
        TextStage(config).begin,
        NoLog(),
    )
    return SessionController(parts, SessionSettings.from_config(config))


def _life_cycle(figures: Figures) -> None:
    """Idle, cold press, a whole dictation of the sample in real time, unload."""
    config = Config()
    metrics = MetricsReader()
    sink, gaps, overlay = _Sink(), GapMeter(), Overlay()
    models = LazyModelManager(make_loaders(config), unload_timeout_s=0, load_timeout_s=60, trim=trim_memory)
    controller = _controller(config, models, sink)
    controller.transcript_ready.connect(overlay.set_transcript)
    controller.level_changed.connect(overlay.set_level)
    overlay.show()
    _wait(lambda: False, 500)
    gaps.start()
    _wait(lambda: False, _IDLE_WINDOW_MS)
    figures.gui_gap_idle_ms = gaps.stop()
    figures.rss_idle_mib = metrics.read().rss_mib

    gaps.start()
    begin = time.perf_counter()
    controller.toggle()
    _wait(lambda: models.is_loaded())
    figures.cold_press_to_ready_ms = (time.perf_counter() - begin) * 1000
    figures.gui_gap_loading_ms = gaps.stop()

    gaps.start()
    seconds = len(read_pcm(catalog.bundled_models_dir() / SAMPLE_NAME)) / BYTES_PER_SECOND
    _wait(lambda: time.perf_counter() - begin > seconds + 0.5)
    stop = time.perf_counter()
    controller.toggle()
    _wait(lambda: controller.state is SessionState.IDLE)
    figures.stop_to_text_ms = (sink.at - stop) * 1000 if sink.at else None
    figures.gui_gap_dictating_ms = gaps.stop()
    figures.rss_loaded_mib = metrics.read().rss_mib

    gaps.start()
    models.unload_models()
    _wait(lambda: not any(models.status(name).state in _IN_MEMORY for name in (SPEECH, PUNCTUATION)), 10_000)
    _wait(lambda: False, 500)
    figures.gui_gap_unloading_ms = gaps.stop()
    figures.rss_unloaded_mib = metrics.read().rss_mib
    overlay.close()
    controller.shutdown(5.0)
    models.shutdown(5.0)


def _decode_cost(figures: Figures) -> None:
    """The same audio in the same blocks through the engine process and through bare `vosk`, in turn."""
    sample = catalog.bundled_models_dir() / SAMPLE_NAME
    try:
        path = catalog.find_speech_model(folders(), "")
        model = remote.load_speech(path, timeout_s=60, on_progress=lambda percent: None)
    except ModelError:
        return
    pcm = read_pcm(sample)
    ours: list[float] = []
    for _ in range(_REPEATS + 1):
        recognizer = model.create_recognizer()
        begin = time.perf_counter()
        for offset in range(0, len(pcm), _DECODE_BLOCK_BYTES):
            recognizer.accept(pcm[offset : offset + _DECODE_BLOCK_BYTES])
        recognizer.finish()
        ours.append(time.perf_counter() - begin)
        recognizer.close()
    model.close()
    bare = _bare_vosk(path, sample)
    # The first pass of each warms caches.
    figures.decode_real_time_factor = statistics.median(ours[1:]) / (len(pcm) / BYTES_PER_SECOND)
    if bare:
        figures.decode_ratio_to_bare_vosk = statistics.median(ours[1:]) / statistics.median(bare[1:])


def _bare_vosk(model: Path, sample: Path) -> list[float]:
    arguments = [str(model), str(sample), str(_DECODE_BLOCK_BYTES), str(_REPEATS)]
    done = _run_self("bare-vosk", *arguments)
    return [float(line) for line in done.stdout.split()] if done.returncode == 0 else []


def _run_self(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        own_command(*arguments),
        env=own_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_PROCESS_LIMIT_S,
        check=False,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def _wait(condition: Callable[[], bool], limit_ms: int = _LIMIT_MS) -> None:
    """Run the event loop until `condition` or the limit."""
    loop = QtCore.QEventLoop()
    end = time.perf_counter() + limit_ms / 1000
    timer = QtCore.QTimer()

    def look() -> None:
        if condition() or time.perf_counter() > end:
            loop.quit()

    timer.timeout.connect(look)
    timer.start(5)
    loop.exec()
    timer.stop()


def _table(figures: Figures) -> str:
    rows = []
    for name, value in asdict(figures).items():
        label = name.replace("_", " ")
        rows.append(f"{label:<32}{'not measurable here' if value is None else f'{value:10.3f}'}")
    return "\n".join(rows) + "\n"
