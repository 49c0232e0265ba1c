"""Settings are read field by field; what is bad is told and keeps its default."""

import dataclasses
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from voicetype.core.config import Config, dump, field_info, file_version, parse, with_value
from voicetype.core.hotkeys import Action
from voicetype.core.messages import MessageCode

ROOT = Path(__file__).resolve().parents[2]
FIELDS = [
    (section.name, field.name)
    for section in dataclasses.fields(Config)
    if section.name != "config_version"
    for field in dataclasses.fields(getattr(Config(), section.name))
]


def values(section: str, name: str) -> st.SearchStrategy[object]:
    """Everything that fits the field."""
    info = field_info(section, name)
    if info.choices:
        return st.sampled_from(info.choices)
    if section == "hotkeys" and info.type is str:
        number = list(Action).index(Action(name))  # no two the same
        return st.sampled_from([*([] if name == "toggle" else [""]), f"ctrl+alt+{number}", f"f{number + 9}"])
    if info.type is bool:
        return st.booleans()
    if info.type is str:
        # PyYAML reads a next-line character that it wrote itself as a space; no name has one.
        return st.text(st.characters(exclude_characters="\x85", codec="utf-8"))
    if info.type is int:
        return st.integers(int(info.minimum), int(info.maximum))
    return st.floats(info.minimum, info.maximum)


configs = st.fixed_dictionaries({f"{section}.{name}": values(section, name) for section, name in FIELDS})


@given(configs)
def test_what_is_dumped_reads_the_same_through_yaml(fields):
    config = Config()
    for dotted, value in fields.items():
        config = with_value(config, dotted, value)
    assert parse(dump(config)) == (config, ())
    assert parse(yaml.safe_load(yaml.safe_dump(dump(config), allow_unicode=True))) == (config, ())


@pytest.mark.parametrize(("section", "name"), FIELDS)
@pytest.mark.parametrize("bad", [[], {}, object(), 10**9, True, 1.5, None])
def test_a_bad_value_is_told_and_costs_nothing_else(section, name, bad):
    other = "output" if section == "models" else "models"
    good = {"output": {"trailing_space": False}, "models": {"lazy_loading": False}}[other]
    config, problems = parse({section: {name: bad}, other: good})
    default = getattr(getattr(Config(), section), name)
    assert config == with_value(Config(), f"{other}.{next(iter(good))}", False) or (
        getattr(getattr(config, section), name) == bad
    )
    if getattr(getattr(config, section), name) == default and bad != default:
        assert [problem.params["field"] for problem in problems] == [f"{section}.{name}"]


def test_yaml_that_reads_a_word_as_another_type_gets_the_hint():
    config, problems = parse(yaml.safe_load("audio: {device: no}\nhotkeys: {toggle: 1:30}"))
    assert config == Config()
    assert [problem.code for problem in problems] == [MessageCode.CONFIG_NOT_TEXT] * 2


def test_an_unknown_field_gets_a_suggestion():
    _, problems = parse({"audio": {"devise": "x"}, "modles": {}})
    assert [(problem.code, problem.params["suggestion"]) for problem in problems] == [
        (MessageCode.CONFIG_UNKNOWN_FIELD, "audio.device"),
        (MessageCode.CONFIG_UNKNOWN_FIELD, "models"),
    ]


@pytest.mark.parametrize("data", ["text", 5, [1], {"audio": 3}, {"config_version": "x"}])
def test_nonsense_gives_the_defaults_and_a_problem(data):
    config, problems = parse(data)
    assert config == Config()
    assert [problem.code for problem in problems] == [MessageCode.CONFIG_VALUE_INVALID]


def test_an_empty_file_is_fine():
    assert parse(None) == (Config(), ())
    assert parse({"audio": None}) == (Config(), ())


def test_the_first_release_wrote_this_and_it_still_reads():
    data = yaml.safe_load((ROOT / "tests" / "data" / "config.v1.yaml").read_text(encoding="utf-8"))
    config, problems = parse(data)
    assert problems == ()
    assert config.hotkeys.toggle == "ctrl+shift+f9"
    assert config.models.unload_timeout_minutes == 5
    assert file_version(data) == 1


def test_the_example_is_current():
    script = ROOT / "packaging" / "make_example_config.py"
    done = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_example_holds_the_defaults():
    text = (ROOT / "config.example.yaml").read_text(encoding="utf-8")
    assert parse(yaml.safe_load(text)) == (Config(), ())


def test_a_hotkey_that_is_none_is_replaced():
    config, problems = parse({"hotkeys": {"toggle": "foo"}, "audio": {"tail_ms": 100}})
    assert (config.hotkeys, config.audio.tail_ms) == (Config().hotkeys, 100)
    assert [problem.params["field"] for problem in problems] == ["hotkeys.toggle"]


@pytest.mark.parametrize(
    ("written", "read", "told"),
    [
        ({"toggle": "", "push_to_talk": "mouse4"}, {"toggle": "", "push_to_talk": "mouse4"}, []),
        ({"toggle": ""}, {}, ["config_value_invalid"]),
        ({"push_to_talk": "f9", "copy_last": "F9"}, {"push_to_talk": "f9"}, ["hotkey_twice"]),
        ({"push_to_talk": "Alt+Ctrl+Space"}, {}, ["hotkey_twice"]),
        ({"cancel": "a"}, {}, ["config_value_invalid"]),
        ({"cancel": "backspace"}, {"cancel": "backspace"}, []),
        ({"undo_last": "esc"}, {}, ["config_value_invalid"]),
        ({"toggle": "x", "undo_last": "ctrl+alt+space"}, {}, ["config_value_invalid", "hotkey_twice"]),
        ({"toggle": "", "undo_last": "ctrl+alt+space"}, {}, ["config_value_invalid", "hotkey_twice"]),
        ({"hold_ms": 100}, {}, ["config_value_invalid"]),
    ],
)
def test_hotkeys_that_cannot_be_are_told_and_replaced(written, read, told):
    config, problems = parse({"hotkeys": written})
    assert config.hotkeys == dataclasses.replace(Config().hotkeys, **read)
    assert [problem.code.value for problem in problems] == told
