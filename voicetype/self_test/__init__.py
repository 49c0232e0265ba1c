"""`voicetype --self-test`: the real parts of the program, one after the other, where it is installed.

`runner` is the process that the user starts. The checks run in another one (`child`), since a library that crashes or
hangs must be a line of the result and not its end. Nothing of the user's own settings and records is touched: both
processes have a temporary folder in their place.
"""
