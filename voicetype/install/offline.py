"""The only door to the network, and the ways to close it. Any thread.

`VOICETYPE_OFFLINE=1` closes it, and so do the switches that people on such machines have set already. Proxies are those
of the environment (HTTPS_PROXY and its like), as requests reads them.
"""

from __future__ import annotations

import os
from pathlib import Path

import requests

from voicetype import __version__
from voicetype.core.messages import InstallError, MessageCode

SWITCHES = ("VOICETYPE_OFFLINE", "HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")
_TRUE = {"1", "on", "yes", "true"}


def forbidden_by() -> str | None:
    """The environment variable that forbids the network, or None when nothing does."""
    return next((name for name in SWITCHES if os.environ.get(name, "").strip().lower() in _TRUE), None)


def open_session(name: str, folder: Path) -> requests.Session:
    """A session to download the model `name` with, which belongs into `folder`; the caller closes it.

    Raises InstallError (DOWNLOAD_FORBIDDEN) at once, without a look at the network.
    """
    if variable := forbidden_by():
        raise InstallError(MessageCode.DOWNLOAD_FORBIDDEN, name=name, variable=variable, folder=folder)
    session = requests.Session()
    session.headers["User-Agent"] = f"VoiceType/{__version__}"
    # A compressed answer has other offsets than the file, and its length is not the file's.
    session.headers["Accept-Encoding"] = "identity"
    return session
