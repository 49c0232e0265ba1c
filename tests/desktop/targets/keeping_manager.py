"""A clipboard manager that keeps what ending programs ask it to keep, and nothing else. Ends with standard input."""

from __future__ import annotations

import sys
import threading
from typing import Any

from selections import Client
from Xlib import X
from Xlib.protocol import event as events

client = Client()
client.own("CLIPBOARD_MANAGER", {"SAVE_TARGETS": b""})
manager = client.atom("CLIPBOARD_MANAGER")
take = client.take


def keep(event: Any) -> None:
    if event.type != X.SelectionRequest or event.selection != manager:
        take(event)
        return
    client.own("CLIPBOARD", client.read_all("CLIPBOARD"))
    answer = events.SelectionNotify(
        time=event.time, requestor=event.requestor, selection=manager, target=event.target, property=event.property
    )
    event.requestor.send_event(answer)
    client.display.flush()


client.take = keep  # type: ignore[method-assign]
ended = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
sys.stdout.write("ready\n")
sys.stdout.flush()
client.serve(ended.is_set, 3600)
client.close()
