"""Widgets: tray, overlay and settings. They render states and emit intents."""
