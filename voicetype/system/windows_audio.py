"""What PortAudio needs on Windows and does not do: COM, the default microphone. Any thread; imports stdlib only."""

from __future__ import annotations

import ctypes
import sys
import threading

_PREFERRED_GET, _ENDPOINT_ID, _ENDPOINT_ID_SIZE = 0x2015, 0x0811, 0x0812
"""DRVM_MAPPER_PREFERRED_GET, DRV_QUERYFUNCTIONINSTANCEID and …IDSIZE: messages to Windows' wave devices."""
_WAVE_MAPPER = 0xFFFFFFFF
_MULTITHREADED = 0
"""COINIT_MULTITHREADED: for threads without a message loop."""
_threads = threading.local()


def enter_com() -> None:
    """Let the calling thread use COM, as WASAPI needs it; for the rest of its life.

    WORKAROUND: https://github.com/PortAudio/portaudio/issues/250  it does so itself only where it is initialised, and a
    stream opened by another thread is "an invalid device".
    """
    if sys.platform == "win32" and not getattr(_threads, "entered", False):
        # A thread that has chosen the other kind (Qt's) keeps it: the error that says so is of no interest.
        ctypes.windll.ole32.CoInitializeEx(None, _MULTITHREADED)
        _threads.entered = True


def default_endpoint() -> str:
    """Windows' id of the default microphone at this moment; "" when there is none or the system is another.

    PortAudio knows the one of its last scan. The old wave functions tell it without COM.
    """
    if sys.platform != "win32":
        return ""
    message = ctypes.windll.winmm.waveInMessage
    message.argtypes = [ctypes.c_void_p, ctypes.c_uint, ctypes.c_void_p, ctypes.c_void_p]
    number, flags, size = ctypes.c_uint32(), ctypes.c_uint32(), ctypes.c_size_t()
    if message(_WAVE_MAPPER, _PREFERRED_GET, ctypes.addressof(number), ctypes.addressof(flags)):
        return ""
    if number.value == _WAVE_MAPPER or message(number.value, _ENDPOINT_ID_SIZE, ctypes.addressof(size), None):
        return ""
    text = ctypes.create_unicode_buffer(size.value // ctypes.sizeof(ctypes.c_wchar) + 1)
    if message(number.value, _ENDPOINT_ID, ctypes.addressof(text), size.value):
        return ""
    return text.value
