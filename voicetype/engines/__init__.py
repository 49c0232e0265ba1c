"""Speech and punctuation engines: Vosk and RUPunct, each in a process of its own."""
