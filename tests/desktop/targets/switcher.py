"""Switches the layout every 50 ms, as programs do that correct it for people. Usage: switcher.py group | map

"group" changes between the layouts of one map, "map" puts another map in place. Says on standard output that it began.
"""

import itertools
import os
import subprocess
import sys
import threading

from tests.desktop.rig import XServer

PERIOD_S = 0.05

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
