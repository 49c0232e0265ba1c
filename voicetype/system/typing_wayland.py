"""Typing in a Wayland session, by whatever program can do it there. Insertion thread; may import `core`."""

from __future__ import annotations

from collections.abc import Callable

from loguru import logger

from voicetype.core.messages import InsertionError, Level, MessageCode, UserMessage
from voicetype.system.wayland_tools import TypingTool, can_copy, copy_text, find_typing_tool


class WaylandTyper:
    """Implements `system.insertion.Typer`. Where nothing can type, a text is to be copied: TEXT_COPIED says so."""

    def __init__(self, find: Callable[[], TypingTool | UserMessage] = find_typing_tool) -> None:
        self._find = find
        self._tool: TypingTool | None = None

    def problem(self) -> UserMessage | None:
        """What is missing for typing, looked up anew; None when it works. Blocks for as long as a program starts."""
        found = self._find()
        if isinstance(found, UserMessage):
            self._tool = None
            return found
        if self._tool is None:
            logger.info("typing by {}", type(found).__name__)
        self._tool = found
        return None

    def aim(self, window: int) -> None:
        """Nobody sees the windows of others, so keys go where the focus is."""

    def type_text(self, text: str) -> None:
        """Type exactly `text`."""
        self._use(lambda tool: tool.type_text(text))

    def erase(self, count: int, allowed: Callable[[], bool] = lambda: True) -> None:
        """Press BackSpace `count` times, if that is `allowed`."""
        if not allowed():
            raise InsertionError(MessageCode.INSERTION_FAILED, detail="something was pressed meanwhile")
        self._use(lambda tool: tool.erase(count))

    def press_paste(self, chord: str = "") -> None:
        """Press the chord that pastes: the usual one, since nobody can tell which window has the focus."""
        self._use(lambda tool: tool.press_paste())

    def close(self) -> None:
        """Nothing to let go of."""

    def _use(self, work: Callable[[TypingTool], None]) -> None:
        """Let the tool work; one that was not there at the start, as a daemon that comes later, is looked for again."""
        if self._tool is None:
            self.problem()
        if self._tool is None:
            raise InsertionError(MessageCode.TEXT_COPIED, Level.INFO)
        try:
            work(self._tool)
        except InsertionError:
            self._tool = None
            raise


class WaylandClipboard:
    """Implements `core.ports.Clipboard` by wl-copy, which may set it without a focused window. It never lends.

    wl-copy goes on in the background, so that what was copied outlives this program.
    """

    def copy(self, text: str) -> None:
        """See `Clipboard`."""
        copy_text(text)

    def lend(self, text: str) -> None:
        """None: nobody can see who reads it."""

    def close(self) -> None:
        """Nothing to end."""


def missing_helpers(typer: object, method: str) -> tuple[UserMessage, ...]:
    """What the user has to install or start for this method of insertion; nothing outside of Wayland."""
    if not isinstance(typer, WaylandTyper):
        return ()
    problem = typer.problem() if method != "clipboard" else None
    problems = [] if problem is None else [problem]
    copies = method == "clipboard" or problem is not None
    no_clipboard = UserMessage(MessageCode.WAYLAND_NO_CLIPBOARD, Level.WARNING)
    if copies and not can_copy() and no_clipboard not in problems:
        problems.append(no_clipboard)
    return tuple(problems)
