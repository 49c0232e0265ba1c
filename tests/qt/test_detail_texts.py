"""What went wrong is told in the user's language down to its details."""

import errno
import os

import pytest

from tests.fakes_ui import spoken
from tests.unit.sources import modules
from voicetype.core.messages import MessageCode, UserMessage
from voicetype.ui import detail_texts
from voicetype.ui.detail_texts import detail_text
from voicetype.ui.messages import text_of

BY_LIBRARIES = {"database is locked", "unable to open database file", "attempt to write a readonly database"}


def test_what_the_system_says_is_russian_and_keeps_the_file(qapp):
    with spoken(qapp, "ru"):
        assert (
            detail_text(str(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/x/y"))) == "на диске нет места: '/x/y'"
        )
        assert detail_text(os.strerror(errno.EACCES)) == "нет доступа"
        text = text_of(UserMessage(MessageCode.INSERTION_FAILED, params={"detail": "the clipboard did not answer"}))
    assert "буфер обмена не ответил" in text


def test_numbers_that_the_system_has_no_words_for_are_not_mixed_up(qapp, monkeypatch):
    said = {errno.EACCES: "Permission denied"}
    monkeypatch.setattr(os, "strerror", lambda number: said.get(number, "Unknown error"))
    with spoken(qapp, "ru"):
        assert detail_text(f"[Errno {errno.ECONNREFUSED}] Unknown error") == "сервер отклоняет соединение"
        assert detail_text("Permission denied") == "нет доступа"
        assert detail_text("Unknown error") == "Unknown error"


@pytest.mark.parametrize("detail", ["", "PortAudioError", "[Errno 99999] so", "[Errno x] y", "{0}"])
def test_what_is_not_known_stays(qapp, detail):
    with spoken(qapp, "ru"):
        assert detail_text(detail) == detail


def test_every_own_reason_is_one_that_the_program_gives():
    sources = "".join(path.read_text(encoding="utf-8") for path in modules("voicetype") if path.stem != "detail_texts")
    reasons = {*detail_texts._OWN, *detail_texts._OF_LIBRARIES} - BY_LIBRARIES
    assert reasons and not {reason for reason in reasons if f'"{reason}"' not in sources}
