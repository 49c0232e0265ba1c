"""What the table says of programs, and which windows are refused."""

from __future__ import annotations

import pytest

from voicetype.core.ports import TargetWindow
from voicetype.core.targets import parse_rules
from voicetype.insertion import target_rules

RULES = target_rules()


def window(*names: str) -> TargetWindow:
    return TargetWindow(1, app=names[0], names=tuple(name.lower() for name in names))


@pytest.mark.parametrize(
    "names",
    [
        ("Pinentry-gtk-2", "pinentry-gtk-2"),
        ("pinentry-qt",),
        ("Gcr-prompter",),
        ("Polkit-gnome-authentication-agent-1",),
        ("polkit-kde-authentication-agent-1",),
        ("Lxpolkit",),
        ("xfce-polkit",),
        ("lxqt-policykit-agent",),
        ("lxqt-sudo",),
        ("ksshaskpass",),
        ("SshAskpass", "ssh-askpass"),
        ("kdesu",),
        ("Gksu",),
        ("kwalletd6",),
        ("i3lock",),
        ("consent",),
        ("CredentialUIBroker",),
        ("LogonUI",),
    ],
)
def test_password_prompts_are_known(names: tuple[str, ...]) -> None:
    assert RULES.asks_password(window(*names))


@pytest.mark.parametrize("name", ["Firefox", "XTerm", "kate", "Code", "libreoffice-writer", "WINWORD", "Telegram"])
def test_ordinary_programs_take_text_of_any_kind(name: str) -> None:
    assert not RULES.asks_password(window(name)) and RULES.may_grow(window(name))


@pytest.mark.parametrize(
    "name",
    [
        "org.remmina.Remmina",
        "Xfreerdp",
        "mstsc",
        "Vncviewer",
        "VirtualBox Machine",
        "qemu-system-x86_64",
        "steam_app_730",
    ],
)
def test_a_text_does_not_grow_where_it_cannot_be_corrected(name: str) -> None:
    assert not RULES.may_grow(window(name)) and not RULES.asks_password(window(name))


def test_the_user_names_more_programs() -> None:
    rules = RULES.without_live(" Kate, my-game* ,")
    assert not rules.may_grow(window("kate")) and not rules.may_grow(window("my-game-2"))
    assert rules.may_grow(window("katepart")) and not rules.may_grow(window("mstsc"))
    assert RULES.without_live(" , ") is RULES


@pytest.mark.parametrize("table", [None, {}, ["kate"], [{"password": True}], [{"apps": ["a"], "dance": True}]])
def test_a_table_that_is_not_one_is_refused(table: object) -> None:
    with pytest.raises((TypeError, ValueError, KeyError)):
        parse_rules(table)
