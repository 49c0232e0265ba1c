"""Getting models: which ones there are, fetching, checking and unpacking them, and putting them in place whole.

Knows the core, not Qt and not the engines: what files an engine needs is handed in. Any thread; everything here blocks.
"""
