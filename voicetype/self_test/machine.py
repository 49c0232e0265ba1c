"""Checks of what came with the program and of the machine's sound. Main thread."""

from __future__ import annotations

import ctypes
import ssl
import sys

from voicetype import i18n
from voicetype.core.audio import level_dbfs
from voicetype.core.ports import SAMPLE_RATE_HZ
from voicetype.engines import catalog
from voicetype.headless import SAMPLE_NAME
from voicetype.self_test import child
from voicetype.self_test.harness import Failed, application
from voicetype.system.portaudio import PortAudio, devices
from voicetype.system.resampling import PcmConverter
from voicetype.system.voice_activity import make_speech_spans
from voicetype.system.wave_source import read_pcm

_OTHER_RATE_HZ = 48_000
_RUNTIME = "msvcp140.dll"
_LONGEST_PATH = 32_768


def library_order() -> str:
    """Windows: onnxruntime has been loaded before Qt. Elsewhere: it is in processes of its own only."""
    if child.QT_AT_START:
        raise Failed("Qt was loaded before the program's own code")
    loaded = list(sys.modules)
    if sys.platform != "win32":
        if "onnxruntime" in loaded:
            raise Failed("onnxruntime is in the program's own process")
        return "no engine in the program's own process"
    if loaded.index("onnxruntime") > loaded.index("PySide6"):
        raise Failed("Qt was loaded before onnxruntime")
    kernel = ctypes.windll.kernel32
    kernel.GetModuleHandleW.restype = ctypes.c_void_p
    path = ctypes.create_unicode_buffer(_LONGEST_PATH)
    kernel.GetModuleFileNameW(ctypes.c_void_p(kernel.GetModuleHandleW(_RUNTIME)), path, len(path))
    folder = getattr(sys, "_MEIPASS", sys.prefix)
    return f"{_RUNTIME}: {'the own one' if path.value.lower().startswith(folder.lower()) else path.value}"


def libraries() -> str:
    """Voice activity, resampling, the certificates of downloads, the measures of `eval`."""
    import jiwer
    from requests.utils import DEFAULT_CA_BUNDLE_PATH

    pcm = read_pcm(catalog.bundled_models_dir() / SAMPLE_NAME)
    spans = make_speech_spans()
    spans.write(pcm)
    length_ms = len(pcm) * 1000 // (2 * SAMPLE_RATE_HZ)
    spoken_ms = spans.speech_ms(0, length_ms)
    if not length_ms // 2 < spoken_ms <= length_ms:
        raise Failed(f"{spoken_ms} ms of speech in a sample of {length_ms} ms")
    converter = PcmConverter(_OTHER_RATE_HZ, 1)
    resampled = converter.convert(pcm) + converter.finish()
    if abs(len(resampled) * _OTHER_RATE_HZ - len(pcm) * SAMPLE_RATE_HZ) > len(pcm) * SAMPLE_RATE_HZ // 100:
        raise Failed(f"{len(pcm)} bytes became {len(resampled)}")
    authorities = len(ssl.create_default_context(cafile=DEFAULT_CA_BUNDLE_PATH).get_ca_certs())
    if not authorities:
        raise Failed("no certificate authorities")
    if jiwer.wer("один два", "один три") != 0.5:
        raise Failed("jiwer does not count")
    return f"{spoken_ms} ms of speech, {level_dbfs(resampled):.0f} dBFS, {authorities} certificate authorities"


def translations() -> str:
    """The program's Russian and Qt's own."""
    qt_app = application()
    if i18n.install(qt_app, "ru") is None:
        raise Failed("no Russian catalogue")
    of_qt = qt_app.translate  # by another name, so that nobody collects the word for the own catalogue
    found = (i18n.translate("Cli", "COMMAND"), of_qt("QPlatformTheme", "Cancel"))
    i18n.install(qt_app, "en")
    if found != ("КОМАНДА", "Отмена"):
        raise Failed(f"the Russian words are {', '.join(found)}")
    return ", ".join(found)


def audio() -> str:
    """PortAudio with the host APIs of the system. A machine without a microphone is no failure."""
    with PortAudio.in_use() as sounddevice:
        names = [api["name"] for api in sounddevice.query_hostapis()]
        found = devices(sounddevice)
        version = sounddevice.get_portaudio_version()[1].split(",")[0]
    wanted = "Windows WASAPI" if sys.platform == "win32" else "ALSA"
    if wanted not in names:
        raise Failed(f"no {wanted} among {', '.join(names) or 'no host APIs'}")
    return f"{version}: {', '.join(names)}; microphones: {len(found)}"
