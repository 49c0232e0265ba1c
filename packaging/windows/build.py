"""The whole Windows build: `packaging/dev.py windows` runs it with the Python of the environment. Main thread.

On Linux Windows' part is wine's; on Windows everything is real. There the trial, which installs and removes VoiceType
for the present user, is done only when it is asked for.
"""

from __future__ import annotations

import argparse
import sys
import time

from places import BUILD, FROZEN, ON_WINDOWS, PRODUCTS, BuildError, say, size_mb, step


def main(arguments: list[str]) -> int:
    """Do all steps. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="dev.py windows")
    parser.add_argument("--trial", action=argparse.BooleanOptionalAction, default=not ON_WINDOWS)
    options = parser.parse_args(arguments)
    begin = time.monotonic()
    try:
        _build(trial=options.trial)
    except BuildError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    say(f"== done after {time.monotonic() - begin:.0f} s; for users: {PRODUCTS}")
    return 0


def _build(*, trial: bool) -> None:
    # Here, since they need what the environment was set up with.
    import contents
    import freeze
    import products

    BUILD.mkdir(parents=True, exist_ok=True)
    if not ON_WINDOWS:
        import toolchain
        import wine

        with step("Windows' Python and packages"):
            toolchain.windows_python()
        with step("wine's prefix"):
            wine.make_prefix()
    with step("PyInstaller"):
        freeze.freeze()
    with step("contents of the program"):
        say(f"   {contents.check_program(FROZEN)} programs and libraries")
        products.add_papers()
        say(f"   {size_mb(FROZEN):.0f} MB in {sum(path.is_file() for path in FROZEN.rglob('*'))} files")
    with step("installer and archive"):
        installer, portable = products.make_products()
    if trial:
        import trial as life

        life.run_trial(installer, portable)
        say(f"   report: {life.REPORT}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
