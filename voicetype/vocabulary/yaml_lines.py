"""YAML with the lines where its entries begin. Any thread; may import yaml."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml

# The C parser reads a thousand terms in a tenth of the time; some builds of PyYAML lack it.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_with_lines(text: str, sections: Sequence[str]) -> tuple[object, dict[tuple[str, int], int]]:
    """The data in `text`, and (section, number from 0) -> line of each entry in these top-level lists.

    Raises whatever PyYAML raises: YAMLError, and for strange dates and numbers what Python does.
    """
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return None, {}
        return loader.construct_document(node), _lines(node, sections)
    finally:
        loader.dispose()


def _lines(node: yaml.Node, sections: Sequence[str]) -> dict[tuple[str, int], int]:
    if not isinstance(node, yaml.MappingNode):
        return {}
    return {
        (key.value, number): entry.start_mark.line + 1
        for key, value in node.value
        if key.value in sections and isinstance(value, yaml.SequenceNode)
        for number, entry in enumerate(value.value)
    }
