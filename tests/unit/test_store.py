"""The settings file: whole or not at all, and never lost."""

import os
import stat
import sys

import pytest
import yaml

from voicetype import durable, store
from voicetype.core.config import Config, with_value
from voicetype.core.messages import ConfigError, MessageCode

CHANGED = with_value(with_value(Config(), "audio.device", "Микрофон «Ёлка»"), "audio.tail_ms", 100)


def write(raw: bytes) -> None:
    store.config_dir().mkdir(parents=True, exist_ok=True)
    (store.config_dir() / "config.yaml").write_bytes(raw)


def codes(problems):
    return [problem.code for problem in problems]


def test_no_file_means_defaults_without_a_word():
    assert store.load_config() == (Config(), ())


def test_what_is_saved_is_loaded():
    store.save_config(CHANGED)
    assert store.load_config() == (CHANGED, ())
    assert os.listdir(store.config_dir()) == ["config.yaml"]


@pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX")
def test_only_the_user_may_read_it():
    store.save_config(CHANGED)
    assert stat.S_IMODE((store.config_dir() / "config.yaml").stat().st_mode) == 0o600


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
def test_every_encoding_of_notepad_reads(encoding):
    write("audio:\n  device: 'Микрофон «Ёлка»'\n  tail_ms: 100\n".encode(encoding))
    assert store.load_config() == (CHANGED, ())


@pytest.mark.parametrize(
    "raw",
    [b"audio: [", b"\t- x: {", b"a: b: c", b"a: 2024-99-99", b"a: !!float zz", b"a: !!timestamp 2", b"[" * 3000],
    ids=repr,
)
def test_a_broken_file_is_set_aside_and_told(raw):
    write(raw)
    config, problems = store.load_config()
    assert config == Config()
    assert codes(problems) == [MessageCode.CONFIG_UNREADABLE]
    with open(problems[0].params["backup"], "rb") as backup:
        assert backup.read() == raw


def test_broken_settings_can_be_saved_over():
    write(b"audio: {device: 2024-99-99}")
    store.save_config(CHANGED)
    assert store.load_config() == (CHANGED, ())


def test_what_cannot_be_read_at_all_is_told(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("VOICETYPE_CONFIG_DIR", str(tmp_path / "file"))
    config, problems = store.load_config()
    assert (config, codes(problems)) == (Config(), [MessageCode.CONFIG_NOT_READ])


def test_a_file_of_a_newer_version_is_read_and_never_written():
    write(b"config_version: 99\naudio: {tail_ms: 100}\n")
    config, problems = store.load_config()
    assert config.audio.tail_ms == 100
    assert codes(problems) == [MessageCode.CONFIG_NEWER]
    with pytest.raises(ConfigError) as refused:
        store.save_config(CHANGED)
    assert refused.value.message.code is MessageCode.CONFIG_NEWER
    assert yaml.safe_load((store.config_dir() / "config.yaml").read_bytes())["config_version"] == 99


def test_a_folder_that_cannot_be_written_is_told(monkeypatch, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    monkeypatch.setenv("VOICETYPE_CONFIG_DIR", str(blocked / "config"))
    with pytest.raises(ConfigError) as refused:
        store.save_config(CHANGED)
    assert refused.value.message.code is MessageCode.CONFIG_NOT_SAVED


def test_a_crash_while_writing_leaves_the_old_file(monkeypatch):
    store.save_config(Config())

    def crash(source, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", crash)
    with pytest.raises(ConfigError):
        store.save_config(CHANGED)
    monkeypatch.undo()


def test_a_file_that_an_antivirus_holds_for_a_moment_is_written(monkeypatch):
    replace, tries = os.replace, []

    def held(source, target):
        tries.append(source)
        if len(tries) < 3:
            raise PermissionError(13, "Access is denied")
        replace(source, target)

    monkeypatch.setattr(os, "replace", held)
    monkeypatch.setattr(durable, "_PAUSE_S", 0)
    store.save_config(CHANGED)
    assert store.load_config() == (CHANGED, ())


def test_folders_can_be_moved_by_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("VOICETYPE_CONFIG_DIR", str(tmp_path / "c"))
    monkeypatch.setenv("VOICETYPE_MODELS_DIR", str(tmp_path / "m"))
    assert store.config_dir() == tmp_path / "c"
    assert store.models_dir() == tmp_path / "m"
    assert store.log_dir().is_relative_to(tmp_path / "c")
    first = store.runtime_name()
    monkeypatch.setenv("VOICETYPE_CONFIG_DIR", str(tmp_path / "d"))
    assert store.runtime_name() != first


def test_folders_that_are_named_relatively_are_told_in_full(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VOICETYPE_CONFIG_DIR", "settings")
    monkeypatch.setenv("VOICETYPE_MODELS_DIR", "models")
    assert store.config_dir() == tmp_path / "settings"
    assert store.data_dir() == tmp_path / "settings" / "data"
    assert store.log_dir() == tmp_path / "settings" / "log"
    assert store.models_dir() == tmp_path / "models"


@pytest.mark.parametrize(
    ("frozen", "marker", "portable"), [(True, True, True), (True, False, False), (False, True, False)]
)
def test_a_portable_program_keeps_everything_beside_itself(monkeypatch, tmp_path, frozen, marker, portable):
    monkeypatch.delenv("VOICETYPE_CONFIG_DIR")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "VoiceType.exe"))
    monkeypatch.setattr(sys, "frozen", frozen, raising=False)
    if marker:
        (tmp_path / "portable").touch()
    folders = (store.config_dir(), store.data_dir(), store.log_dir(), store.models_dir())
    assert [folder.is_relative_to(tmp_path / "settings") for folder in folders] == [portable] * 4


def test_a_named_folder_counts_in_a_portable_program_too(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "executable", str(tmp_path / "VoiceType.exe"))
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    (tmp_path / "portable").touch()
    monkeypatch.setenv("VOICETYPE_CONFIG_DIR", str(tmp_path / "c"))
    assert store.config_dir() == tmp_path / "c"
