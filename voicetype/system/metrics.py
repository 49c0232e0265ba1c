"""How much of the machine the program uses. GUI thread; may import `core`, psutil."""

from __future__ import annotations

import time

import psutil

from voicetype.core.status import Metrics

_MIB = 1024 * 1024


class MetricsReader:
    """Reads memory and CPU time of this process and its engine processes."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._cpu_s: dict[int, float] = {}
        self._at = time.monotonic()

    def read(self) -> Metrics:
        """Figures of this moment; CPU since the last call."""
        rss, cpu_s = 0, {}
        for process in [self._process, *self._process.children(recursive=True)]:
            try:
                rss += process.memory_info().rss
                times = process.cpu_times()
            except psutil.NoSuchProcess:
                continue
            cpu_s[process.pid] = times.user + times.system
        now = time.monotonic()
        # An engine that began since the last look counts from its beginning.
        spent = sum(total - self._cpu_s.get(pid, 0.0) for pid, total in cpu_s.items()) if self._cpu_s else 0.0
        elapsed, self._at, self._cpu_s = max(now - self._at, 0.001), now, cpu_s
        memory = psutil.virtual_memory()
        return Metrics(
            cpu_percent=100 * spent / elapsed,
            rss_mib=rss / _MIB,
            system_used_mib=(memory.total - memory.available) / _MIB,
            system_total_mib=memory.total / _MIB,
        )


def memory_free_mb() -> float:
    """Memory that programs can still get without swapping, in MB."""
    return float(psutil.virtual_memory().available) / 1_000_000


def machine_memory_mb() -> float:
    """The machine's whole memory, in MB."""
    return float(psutil.virtual_memory().total) / 1_000_000


def memory_used() -> float:
    """The share of the machine's memory that is not available to programs, 0.0 to 1.0."""
    return float(psutil.virtual_memory().percent) / 100
