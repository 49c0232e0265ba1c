"""Edges to the operating system: microphone, keyboard, clipboard, memory."""
