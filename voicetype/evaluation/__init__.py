"""Measures of installed models on texts and recordings. Any thread; blocks. May import `core`, `system.wave_source`."""
