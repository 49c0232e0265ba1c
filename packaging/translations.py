"""Keeps the translations current: `update` collects the strings, `compile` makes the catalogues that the program loads.

    python packaging/translations.py update     after a change of a user-visible string; then fill in the .ts files
    python packaging/translations.py compile    .ts -> .qm; does nothing when all are newer than their sources

Standard library, and the two programs of Qt Linguist that lie in the PySide6 folder.
"""

from __future__ import annotations

import argparse
import importlib.util
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "voicetype"
TRANSLATIONS = PACKAGE / "i18n"
LANGUAGES = ("ru", "en")


def qt_program(name: str) -> Path:
    """Path of lupdate or lrelease as shipped with PySide6."""
    spec = importlib.util.find_spec("PySide6")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("PySide6 is not installed for this Python")
    folder = Path(spec.submodule_search_locations[0])
    program = folder / (f"{name}.exe" if sys.platform == "win32" else name)
    if not program.is_file():
        raise SystemExit(f"{program} is missing")
    return program


def source_files() -> list[Path]:
    """All Python files whose strings are translated, in a fixed order."""
    return sorted(PACKAGE.rglob("*.py"))


def update(folder: Path = TRANSLATIONS) -> None:
    """Bring the .ts files in `folder` up to date with the sources; strings that are gone are dropped."""
    for language in LANGUAGES:
        command = [
            *(str(qt_program("lupdate")), "-silent", "-locations", "none", "-no-obsolete"),
            *("-source-language", "en", "-target-language", language),
            # The sources are English: its catalogue holds only what English has two forms of.
            *(["-pluralonly"] if language == "en" else []),
            *(str(path) for path in source_files()),
            *("-ts", str(folder / f"voicetype_{language}.ts")),
        ]
        _run(command)


def compile_catalogues(folder: Path = TRANSLATIONS) -> list[Path]:
    """Make a .qm beside each .ts that changed since. Returns the files made."""
    made = []
    for source in sorted(folder.glob("*.ts")):
        target = source.with_suffix(".qm")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        _run([str(qt_program("lrelease")), "-silent", str(source), "-qm", str(target)])
        made.append(target)
    return made


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{Path(command[0]).name} failed: {done.stdout}{done.stderr}")


def main() -> int:
    """Run the command that was asked for. Returns the exit code."""
    parser = argparse.ArgumentParser(description="Update or compile the translations.")
    parser.add_argument("command", choices=("update", "compile"))
    if parser.parse_args().command == "update":
        update()
    else:
        for path in compile_catalogues():
            print(path.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
