"""Measures of installed models on texts and recordings, for `voicetype eval`. Any thread; blocks. No Qt of its own."""
