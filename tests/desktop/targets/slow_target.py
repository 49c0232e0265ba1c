"""A window that is slow to paste. Usage: slow_target.py

Reads from standard input, before each paste, a line of JSON: what to do at the next press of Insert.
    delay       seconds before it asks
    first       whether it asks for the formats first
    again       seconds after which it asks once more; null: it does not
    timed       whether it asks with the time of the key press
    never       it does not ask at all
    selection   which one it pastes
Tells each text that it is given in a line of JSON, and `{"ready": true}` when it has the focus.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from typing import Any

from selections import Client
from Xlib import X


def tell(**what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


plans: list[dict[str, Any]] = []
presses: list[Any] = []
ended = threading.Event()


def listen() -> None:
    for line in sys.stdin:
        plans.append(json.loads(line))
        tell(planned=True)
    ended.set()


def paste(client: Client, plan: dict[str, Any], at: int) -> None:
    if plan["first"]:
        client.targets(plan["selection"], at)
    data = client.read(plan["selection"], plan["target"], at)
    tell(given=None if data is None else data.decode("utf-8", "replace"))


client = Client()
insert = client.display.keysym_to_keycode(0xFF63)
client.on_key = lambda event: presses.append(event) if event.detail == insert else None
client.window.map()
client.serve(lambda: client.mapped, 10)
client.window.set_input_focus(X.RevertToParent, X.CurrentTime)
client.display.sync()
threading.Thread(target=listen, daemon=True).start()
tell(ready=True)
while not ended.is_set():
    client.serve(lambda: presses or ended.is_set(), 3600)
    for press in presses[:1]:
        del presses[:]
        plan = plans[-1]
        if plan["never"]:
            continue
        at = press.time if plan["timed"] else X.CurrentTime
        time.sleep(plan["delay"])
        paste(client, plan, at)
        if plan["again"] is not None:
            time.sleep(plan["again"])
            paste(client, plan, at)
