"""Writes config.example.yaml from the settings' dataclasses: their docstrings become its comments.

python packaging/make_example_config.py            write it
python packaging/make_example_config.py --check    exit with 1 when it is out of date
"""

from __future__ import annotations

import ast
import dataclasses
import sys
from pathlib import Path

import yaml

from voicetype.core import config as schema
from voicetype.core.config import Config, field_info

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "config.example.yaml"
HEADER = """\
# Every setting of VoiceType with its default. Made by packaging/make_example_config.py: change the code, not this file.
# The program reads config.yaml in the platform's folder for settings; what is left out there keeps its default.
"""


def example() -> str:
    """The file's text."""
    docs = _field_docs()
    lines = [HEADER, f"config_version: {Config().config_version}"]
    for section in dataclasses.fields(Config):
        if section.name == "config_version":
            continue
        value = getattr(Config(), section.name)
        lines += ["", f"# {docs[type(value).__name__]['']}", f"{section.name}:"]
        for each in dataclasses.fields(value):
            lines += [f"  # {docs[type(value).__name__][each.name]}", f"  {each.name}: {_scalar(each.default)}"]
            info = field_info(section.name, each.name)
            if info.choices:
                lines.insert(-1, f"  # One of: {', '.join(info.choices)}.")
    return "\n".join(lines) + "\n"


def _scalar(value: object) -> str:
    if isinstance(value, str):
        # Quoted, because YAML 1.1 reads words like on and no as other types.
        return f'"{value}"'
    return yaml.safe_dump(value).splitlines()[0]


def _field_docs() -> dict[str, dict[str, str]]:
    """Docstrings by class and field; the class's own under ""."""
    tree = ast.parse(Path(str(schema.__file__)).read_text(encoding="utf-8"))
    docs: dict[str, dict[str, str]] = {}
    for node in tree.body:
        if not isinstance(node, ast.ClassDef):
            continue
        docs[node.name] = {"": " ".join((ast.get_docstring(node) or "").split())}
        for field, text in zip(node.body, node.body[1:], strict=False):
            if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(text, ast.Expr):
                docs[node.name][field.target.id] = " ".join(str(ast.literal_eval(text.value)).split())
    return docs


def main() -> int:
    """Write the file, or compare it. Returns the exit code."""
    if "--check" in sys.argv[1:]:
        if TARGET.exists() and TARGET.read_text(encoding="utf-8") == example():
            return 0
        print(f"{TARGET.name} is out of date: run python packaging/make_example_config.py", file=sys.stderr)
        return 1
    TARGET.write_text(example(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
