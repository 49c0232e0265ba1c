"""Switches the layout all the time, as programs do that correct it for people. Usage: switcher.py group | map

"group" changes between the layouts of one map every 50 ms. "map" puts another map in place three times a second, which
keeps every program of the desktop busy reading it. Says on standard output that it began.
"""

import itertools
import os
import subprocess
import sys
import threading

from tests.desktop.rig import XServer

PERIOD_S = {"group": 0.05, "map": 0.3}[sys.argv[1]]

server = XServer(os.environ["DISPLAY"])
for number in itertools.count():
    if sys.argv[1] == "group":
        server.lock_group(number % 2)
    else:
        subprocess.run(["setxkbmap", "-layout", ("us", "ru", "us,ru", "de")[number % 4]], check=False)
    if not number:
        sys.stdout.write("\n")
        sys.stdout.flush()
    threading.Event().wait(PERIOD_S)
