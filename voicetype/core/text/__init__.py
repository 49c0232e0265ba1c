"""From recognised words to finished text. Pure; any thread."""
