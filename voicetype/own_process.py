"""How the program starts itself once more, from its sources or frozen. Any thread; standard library only."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def is_frozen() -> bool:
    """Whether this is the program that needs no Python."""
    return bool(getattr(sys, "frozen", False))


def own_command(*arguments: str) -> list[str]:
    """What starts this program with these arguments, in `own_environment`."""
    if is_frozen():
        return [sys.executable, *arguments]
    # -P: the folder that the user happens to be in is no place for modules. -X utf8: folders have Cyrillic names.
    return [sys.executable, "-P", "-X", "utf8", "-m", "voicetype", *arguments]


def own_environment() -> dict[str, str]:
    """This process's environment, in which another Python finds the package too."""
    environment = dict(os.environ)
    if not is_frozen():
        package_parent = str(Path(__file__).resolve().parents[1])
        others = environment.get("PYTHONPATH")
        environment["PYTHONPATH"] = package_parent + (os.pathsep + others if others else "")
    return environment
