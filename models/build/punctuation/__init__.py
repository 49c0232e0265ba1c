"""How the bundled punctuation model is made: labelled text, a small transformer, and RUPunct's file format."""
