"""What is kept of dictations: the journal of sound that survives a crash, kept recordings, and the history of texts."""
