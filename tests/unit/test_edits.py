"""The smallest change at the end of a text, and what commands take away."""

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from voicetype.core.text.edits import Edit, rest, smallest_edit, without
from voicetype.core.text.grammar import Deed


@pytest.mark.parametrize(
    ("old", "new", "edit"),
    [
        ("", "Мама", Edit(0, "Мама")),
        ("Мама", "Мама мыла", Edit(0, " мыла")),
        ("Мама мыла", "Мама. Мыла", Edit(5, ". Мыла")),
        ("Мама", "", Edit(4, "")),
        ("Мама", "Мама", Edit(0, "")),
        ("да 😀", "да", Edit(2, "")),
        ("раз\nдва", "раз", None),
        ("раз\tдва", "раз\tтри", Edit(3, "три")),
        ("й", "и", Edit(1, "и")),
        ("и\u0306", "и", None),
        ("и", "и\u0306", Edit(1, "и\u0306")),
        ("да 👩\u200d👧", "да", None),
        ("🇷🇺", "🇷🇸", None),
        ("👍🏽", "👍", None),
    ],
)
def test_the_smallest_edit(old: str, new: str, edit: Edit | None) -> None:
    assert smallest_edit(old, new) == edit


@given(st.text(max_size=30), st.text(max_size=30))
def test_an_edit_does_what_it_says(old: str, new: str) -> None:
    edit = smallest_edit(old, new)
    if edit is not None:
        assert old[: len(old) - edit.erase] + edit.text == new


PIECES = st.sampled_from(
    [
        *"Мамамыл.,! «»—ёй",
        *("и\u0306", "е\u0308", "а\u0301", "\u0301", "\u0306"),
        *("😀", "👍🏽", "👩\u200d👧", "🏳\ufe0f\u200d🌈", "\u200d", "\ufe0f", "1\ufe0f\u20e3", "🏽"),
        *("🇷🇺", "🇷", "🇺", "🏴\U000e0067\U000e0062\U000e007f", "\r\n", "\n", "\u1112\u1161\u11ab", "각", "\u093e", "क"),
    ]
)
WRITTEN = st.lists(PIECES, max_size=12).map("".join)


@given(WRITTEN, WRITTEN, WRITTEN)
def test_an_edit_erases_whole_characters_and_none_that_was_not_typed(same: str, old: str, new: str) -> None:
    """Where the eye sees one character, editors disagree about what BackSpace takes: such are never erased."""
    edit = smallest_edit(same + old, same + new)
    if edit is None:
        return
    assert edit.erase <= len(same + old)
    kept, erased = (same + old)[: len(same + old) - edit.erase], (same + old)[len(same + old) - edit.erase :]
    assert kept + edit.text == same + new
    seen = regex.findall(r"\X", same + old)
    assert edit.erase == 0 or seen[-edit.erase :] == list(erased)
    joint = kept[-1:] + edit.text[:1]
    assert len(regex.findall(r"\X", joint)) == len(joint), "what is written must not change what stands before it"


@pytest.mark.parametrize(
    ("text", "deed", "left"),
    [
        ("Мама мыла раму. ", Deed.DELETE_WORD, "Мама мыла"),
        ("Мама", Deed.DELETE_WORD, ""),
        ("Раз. Два три. ", Deed.DELETE_SENTENCE, "Раз."),
        ("Раз? «Да!» Два три. ", Deed.DELETE_SENTENCE, "Раз? «Да!»"),
        ("Раз.\n\nДва.", Deed.DELETE_SENTENCE, "Раз.\n\n"),
        ("Раз", Deed.DELETE_SENTENCE, ""),
        ("Раз. Два.", Deed.UNDO, ""),
        ("Раз. Два.", Deed.DELETE_ALL, ""),
    ],
)
def test_commands_take_from_the_end(text: str, deed: Deed, left: str) -> None:
    assert without(text, deed) == left


@pytest.mark.parametrize(
    ("standing", "wanted", "missing"),
    [
        ("Мама", "Мама мыла", " мыла"),
        ("Мама мыла", "Мама. Мыла раму", " раму"),
        ("Мама мыла ", "Мама. Мыла раму", "раму"),
        ("Мама мыла", "Мама", ""),
        ("", "Мама", "Мама"),
        ("Мама", "", ""),
        ("сумма сто двадцать тысяч рублей на", "Сумма 120\u00a0000 руб. на счёт.", " счёт."),
        ("Мама мыла раму", "Папа.", " Папа."),
        ("Мама мыла раму", "Мама. Папа", " Папа"),
        ("кто то пришел ве", "Кто-то пришёл вечером (поздно).", " (поздно)."),
        ("роман", "Роман, «Война»", " «Война»"),
    ],
)
def test_what_is_missing_where_nothing_can_be_changed(standing: str, wanted: str, missing: str) -> None:
    assert rest(standing, wanted) == missing
