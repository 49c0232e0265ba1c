"""What is particular to Windows: memory. Any thread; imports the standard library only."""

from __future__ import annotations

import contextlib
import ctypes
import sys

_MOST_HEAPS = 256


def trim_memory() -> None:
    """Compact this process's heaps, which decommits their free blocks.

    This lowers what the process has committed. Emptying the working set would only move pages out of sight, so it is
    not done. The models themselves live in other processes, whose end gives everything back.
    """
    if sys.platform != "win32":
        return
    kernel = ctypes.windll.kernel32
    kernel.HeapCompact.argtypes = [ctypes.c_void_p, ctypes.c_ulong]
    heaps = (ctypes.c_void_p * _MOST_HEAPS)()
    count = kernel.GetProcessHeaps(_MOST_HEAPS, heaps)
    for heap in heaps[: min(count, _MOST_HEAPS)]:
        kernel.HeapCompact(heap, 0)
    with contextlib.suppress(OSError, AttributeError):
        ctypes.cdll.ucrtbase._heapmin()
