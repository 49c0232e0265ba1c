"""The checks by name. Main thread. Each one returns what it found, or raises Failed, Skipped or anything else."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from voicetype.self_test import desktop, engines, machine, own_files, synthetic, windows_edges
from voicetype.self_test.report import CLIPBOARD_CONTENTS, PASTE_FIELD

BY_NAME: Mapping[str, Callable[[], str]] = {
    "library-order": machine.library_order,
    "libraries": machine.libraries,
    "translations": machine.translations,
    "settings": own_files.settings,
    "records": own_files.records,
    "single-instance": own_files.single_instance,
    "onnx": engines.onnx,
    "vosk": engines.vosk,
    "vosk-cyrillic-path": engines.vosk_in_cyrillic_path,
    "vocabulary": engines.vocabulary,
    "audio": machine.audio,
    "window": desktop.window,
    "tray": desktop.tray,
    "typing": desktop.typing,
    "clipboard": desktop.clipboard,
    "pinned-window": desktop.pinned_window,
    "hotkey": synthetic.hotkey,
    "held-hotkey": synthetic.held_hotkey,
    "autostart": own_files.autostart,
    **windows_edges.BY_NAME,
    CLIPBOARD_CONTENTS: desktop.clipboard_contents,
    PASTE_FIELD: desktop.paste_field,
}
