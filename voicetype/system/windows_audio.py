"""Which microphone is Windows' default. Any thread; imports the standard library only.

PortAudio knows the default of its last scan. The old wave functions tell the one of now, without COM.
"""

from __future__ import annotations

import ctypes
import sys

_PREFERRED_GET, _ENDPOINT_ID, _ENDPOINT_ID_SIZE = 0x2015, 0x0811, 0x0812
"""DRVM_MAPPER_PREFERRED_GET, DRV_QUERYFUNCTIONINSTANCEID and …IDSIZE: messages to Windows' wave devices."""
_WAVE_MAPPER = 0xFFFFFFFF


def default_endpoint() -> str:
    """Windows' id of the default microphone at this moment; "" when there is none or the system is another."""
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
