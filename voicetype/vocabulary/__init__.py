"""The vocabulary's edges: files, the Russian dictionary, the compiled index on the disk. Needs no Qt."""
