"""VoiceType: offline dictation from a global hotkey to text at the cursor.

Standard library only: this runs before everything else, in each of the program's processes.
"""

import os

__version__ = "0.1.0"

# onnxruntime's builds for Linux tell Microsoft about themselves as soon as they are imported, whatever they are told
# afterwards (disable_telemetry_events); this alone they heed.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
