"""How the bundled speech model is made: synthetic speech, a small network, and Kaldi's files written by own code."""
