"""A clipboard manager that heeds no mark: reads each selection after every change of its owner, and now and then.

Usage: rude_manager.py SEED MAX_DELAY. Ends with its standard input.
"""

from __future__ import annotations

import random
import sys
import threading
import time

from selections import Client
from Xlib.ext import xfixes

chance = random.Random(int(sys.argv[1]))
most = float(sys.argv[2])
client = Client()
client.display.xfixes_query_version()
for name in ("CLIPBOARD", "PRIMARY"):
    client.display.xfixes_select_selection_input(
        client.window, client.atom(name), xfixes.XFixesSetSelectionOwnerNotifyMask
    )
changed: list[object] = []
take = client.take
notify = client.display.extension_event.SetSelectionOwnerNotify[0]
client.take = lambda event: changed.append(event) if event.type == notify else take(event)
ended = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
while not ended.is_set():
    client.serve(lambda: changed or ended.is_set(), chance.uniform(0.1, 2 * most))
    changed.clear()
    for name in chance.choice((("CLIPBOARD",), ("PRIMARY",), ("CLIPBOARD", "PRIMARY"))):
        time.sleep(chance.choice((0.0, chance.uniform(0, most))))
        for target in client.targets(name):
            if target in {"UTF8_STRING", "text/html"}:
                client.read(name, target)
