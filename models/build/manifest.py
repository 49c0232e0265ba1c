#!/usr/bin/env python3
"""Write `models/manifest.json`: size and SHA-256 of every file of the bundled models. Standard library only.

python models/build/manifest.py            write it
python models/build/manifest.py --check    only compare; exit code 1 when a file differs, is missing or is extra
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path

MODELS = Path(__file__).resolve().parents[1]
MANIFEST = MODELS / "manifest.json"
SHIPPED = ("rupunct-tiny", "sample-ru.wav", "vosk-tiny-ru")


def listing(models: Path = MODELS) -> dict[str, dict[str, int | str]]:
    """Each shipped file's path below `models`, with its size and SHA-256."""
    files = (file for name in SHIPPED for file in [models / name, *(models / name).rglob("*")] if file.is_file())
    return {file.relative_to(models).as_posix(): _entry(file) for file in sorted(files)}


def _entry(file: Path) -> dict[str, int | str]:
    data = file.read_bytes()
    return {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def main() -> int:
    """Write or compare; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    found = listing()
    if not parser.parse_args().check:
        MANIFEST.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        print(f"{len(found)} files, {sum(int(entry['size']) for entry in found.values()):,} bytes")
        return 0
    expected = json.loads(MANIFEST.read_text(encoding="utf-8"))
    different = sorted(name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name))
    print("\n".join(different) or "as in the manifest")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
