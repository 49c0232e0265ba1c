"""VoiceType: offline dictation from a global hotkey to text at the cursor."""

__version__ = "0.1.0"
