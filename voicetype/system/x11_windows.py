"""Who has the keyboard under X11, asked over a given connection. One thread at a time; may import Xlib (lazily).

The input focus is often inside of a window (a field of its own, a proxy), and window managers put a frame around it.
The window that people mean is the one between both: it carries WM_STATE.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

_DEEPEST = 32
"""Windows are nested by some ten at most; a tree that changes meanwhile must not hold anybody up."""


class X11Focus:
    """Questions about focus and windows. Methods raise Xlib's errors and OSError when the server is lost."""

    def __init__(self, display: Any) -> None:
        self._display = display

    def input_focus(self) -> int:
        """Id of the window that gets the keys; 0 when none does, or the one under the pointer."""
        focus = self._display.get_input_focus().focus
        return 0 if isinstance(focus, int) else int(focus.id)

    def line(self, window: int) -> Iterator[Any]:
        """The window and those that it is in, up to the child of the root; ends early where one has vanished."""
        from Xlib.error import XError

        root = self._display.screen().root.id
        each = self.window(window)
        with contextlib.suppress(XError):
            for _ in range(_DEEPEST):
                yield each
                parent = each.query_tree().parent
                if isinstance(parent, int) or parent.id == root:
                    return
                each = parent

    def holds_focus(self, window: int) -> bool:
        """Whether the window, or something inside it, gets the keys."""
        focus = self.input_focus()
        return bool(focus) and any(each.id == window for each in self.line(focus))

    def property(self, window: Any, name: str) -> Any:
        """Value of a window's property; None when it has none or the window has vanished."""
        from Xlib import X
        from Xlib.error import XError

        with contextlib.suppress(XError):
            found = window.get_full_property(self._display.get_atom(name), X.AnyPropertyType)
            return found.value if found is not None else None
        return None

    def window(self, window: int) -> Any:
        """The window of this id."""
        return self._display.create_resource_object("window", window)
