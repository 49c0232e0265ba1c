"""A Chromium window with one text area; what stands in it is written to a file. Usage: chromium_field.py FILE

The page tells its text to this program, which serves it on the loopback interface.
"""

import contextlib
import http.server
import json
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

PAGE = """<!doctype html><meta charset="utf-8"><title>target field</title>
<textarea id="field" autofocus style="width: 90%; height: 90%" spellcheck="false"></textarea>
<script>
const field = document.getElementById("field");
function tell() {
  fetch("/", {method: "POST", body: JSON.stringify([performance.timeOrigin + performance.now(), field.value])});
}
field.addEventListener("input", tell);
field.focus();
const ready = setInterval(() => { if (document.hasFocus()) { clearInterval(ready); tell(); } }, 20);
</script>"""
OPTIONS = (
    *("--no-sandbox", "--no-first-run", "--no-default-browser-check", "--disable-background-networking"),
    *("--disable-sync", "--disable-component-update", "--disable-extensions", "--disable-gpu", "--no-proxy-server"),
    *("--password-store=basic", "--use-mock-keychain", "--disable-dev-shm-usage", "--window-size=700,400"),
    *("--ozone-platform=x11", "--disable-features=Translate,DialMediaRouteProvider,MediaRouter"),
)

file = Path(sys.argv[1])


class Listener(http.server.BaseHTTPRequestHandler):
    """Hands out the page and keeps the newest text; requests may overtake each other."""

    newest = 0.0
    lock = threading.Lock()

    def do_GET(self) -> None:
        self._answer(PAGE.encode())

    def do_POST(self) -> None:
        moment, text = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.lock:
            if moment >= Listener.newest:
                Listener.newest = moment
                file.write_text(text, encoding="utf-8")
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # the page is gone
            self._answer(b"")

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener)
threading.Thread(target=server.serve_forever, daemon=True).start()
with tempfile.TemporaryDirectory() as profile:
    address = f"--app=http://127.0.0.1:{server.server_address[1]}/"
    sys.exit(subprocess.call(["chromium", *OPTIONS, f"--user-data-dir={profile}", address], stderr=subprocess.DEVNULL))
