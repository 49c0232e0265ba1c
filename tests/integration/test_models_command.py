"""`voicetype models` in processes of its own, with a catalogue and a web server of the test's."""

import contextlib
import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.fakes_install import (
    PROXY_VARIABLES,
    PUNCTUATION_MODEL,
    SPEECH_MODEL,
    Answer,
    Server,
    running_server,
    written,
    zipped,
)
from tests.fakes_ui import translations
from voicetype import cli
from voicetype.install.offline import SWITCHES
from voicetype.install.replacement import Workshop

NAME = "vosk-model-small-ru-0.22"
ARCHIVE = zipped(SPEECH_MODEL, NAME)


@pytest.fixture
def server() -> Iterator[Server]:
    with running_server() as running:
        yield running


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "Мои модели"


@pytest.fixture
def environment(tmp_path: Path, models: Path, server: Server) -> Mapping[str, str]:
    catalogue = tmp_path / "catalogue.yaml"
    common = {"licence": "MIT", "language": "ru", "homepage": "https://example.org", "version": "1"}
    archive = {"archive": True, "bytes": len(ARCHIVE), "sha256": hashlib.sha256(ARCHIVE).hexdigest()}
    speech = {"name": NAME, "engine": "vosk", "parts": [{**archive, "urls": [server.url("model.zip")]}]}
    parts = [
        {"file": name, "urls": [server.url(name)], "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in PUNCTUATION_MODEL.items()
    ]
    punctuation = {"name": "rupunct-small", "engine": "rupunct", "parts": parts}
    entries = [{**common, **speech}, {**common, **punctuation}]
    catalogue.write_text(yaml.safe_dump({"catalogue_version": 1, "models": entries}), encoding="utf-8")
    dropped = {*PROXY_VARIABLES, *SWITCHES, "LANGUAGE"}
    clean = {key: value for key, value in os.environ.items() if key.upper() not in dropped and key[:3] != "LC_"}
    own = {"VOICETYPE_MODELS_DIR": str(models), "VOICETYPE_CATALOGUE": str(catalogue)}
    return {**clean, **own, "LANG": "en_US.UTF-8", "PYTHONIOENCODING": "utf-8", "PYTHONWARNINGS": "error"}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "voicetype", "models", *arguments]


def run(
    environment: Mapping[str, str], *arguments: str, code: int = 0, **changes: str
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        command(*arguments), env={**environment, **changes}, capture_output=True, encoding="utf-8", timeout=60
    )
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done


def told(environment: Mapping[str, str], *arguments: str, code: int = 0, **changes: str) -> Any:
    return json.loads(run(environment, *arguments, "--json", code=code, **changes).stdout)


def test_a_model_is_listed_installed_verified_and_removed(
    environment: Mapping[str, str], models: Path, server: Server
) -> None:
    server.serve("model.zip", Answer(ARCHIVE, send=400), Answer(ARCHIVE))
    installed = told(environment, "install", NAME)
    assert (installed["name"], installed["engine"], installed["path"]) == (NAME, "vosk", str(models / NAME))
    listed = told(environment, "list")
    assert {entry["name"]: bool(entry["installed"]) for entry in listed["catalogue"]} == {
        NAME: True,
        "rupunct-small": False,
    }
    assert {model["name"] for model in listed["bundled"]} == {"vosk-tiny-ru", "rupunct-tiny"}
    assert told(environment, "verify")[0]["ok"]
    (models / NAME / "am" / "final.mdl").write_bytes(b"damaged")
    damaged = run(environment, "verify", NAME, code=1)
    assert "am/final.mdl" in damaged.stderr
    assert told(environment, "remove", NAME) == {"removed": NAME}
    assert told(environment, "verify") == []


def test_it_is_said_in_sentences(environment: Mapping[str, str], models: Path, server: Server) -> None:
    translations().compile_catalogues()
    for name, content in PUNCTUATION_MODEL.items():
        server.serve(name, Answer(content))
    written(SPEECH_MODEL, models / "by hand")
    installed = run(environment, "install", "rupunct-small")
    assert installed.stdout == f"rupunct-small is installed: {models / 'rupunct-small'}\n"
    assert installed.stderr == ""
    table = run(environment, "list", LANG="ru_RU.UTF-8").stdout.splitlines()
    assert table[0].split() == ["Имя", "Для", "чего", "Язык", "Размер", "Состояние", "Лицензия"]
    assert [line.split()[0] for line in table[1:]] == [NAME, "rupunct-small", "by", "rupunct-tiny", "vosk-tiny-ru"]
    assert run(environment, "path").stdout == f"{models}\n"
    assert told(environment, "path") == {"path": str(models)}
    verified = run(environment, "verify").stdout.splitlines()
    assert verified[0].startswith("by hand has the files")
    assert verified[1] == "rupunct-small is whole."


def test_a_failure_is_one_sentence_and_a_code(environment: Mapping[str, str], server: Server) -> None:
    failed = run(environment, "install", NAME, "--json", code=1)
    assert json.loads(failed.stdout)["error"]["code"] == "download_failed"
    assert failed.stderr.count("\n") == 1
    assert "HTTP 404" in failed.stderr
    assert "list" in run(environment, "install", "vosk-model-xx", code=1).stderr
    assert told(environment, "remove", NAME, code=1)["error"]["code"] == "model_not_installed"


@pytest.mark.skipif(sys.platform == "win32", reason="a closed pipe is another error there")
def test_a_reader_that_has_seen_enough_is_no_failure_to_tell(environment: Mapping[str, str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            command("list"), env=environment, stdout=writer, stderr=subprocess.PIPE, text=True, timeout=60
        )
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (1, "")


def test_without_network_nothing_is_asked_and_the_way_out_is_told(
    environment: Mapping[str, str], tmp_path: Path, models: Path, server: Server
) -> None:
    forbidden = run(environment, "install", NAME, code=1, VOICETYPE_OFFLINE="1")
    assert str(models / NAME) in forbidden.stderr
    assert "voicetype models import PATH" in forbidden.stderr
    assert server.requests == []
    archive = tmp_path / "с флешки (1).zip"
    archive.write_bytes(ARCHIVE)
    assert told(environment, "import", str(archive), VOICETYPE_OFFLINE="1")["name"] == NAME
    other = told(environment, "import", str(models / NAME), "--name", "другая", VOICETYPE_OFFLINE="1")
    assert other["path"] == str(models / "другая")


def test_two_that_import_at_once_leave_one_whole_model(
    environment: Mapping[str, str], tmp_path: Path, models: Path
) -> None:
    source = written(SPEECH_MODEL, tmp_path / "m")
    both = [
        subprocess.Popen(command("import", str(source)), env=environment, stdout=subprocess.DEVNULL, stderr=-1)
        for _ in range(2)
    ]
    errors = [process.communicate(timeout=60)[1].decode() for process in both]
    codes = [process.returncode for process in both]
    assert 0 in codes and set(codes) <= {0, 1}
    assert all("Another VoiceType" in error for code, error in zip(codes, errors, strict=True) if code)
    assert told(environment, "verify", "m")[0]["ok"]
    assert not Workshop(models).leftovers()


@pytest.mark.skipif(sys.platform == "win32", reason="a console's Ctrl+C reaches the tests too")
def test_ctrl_c_keeps_what_has_arrived(environment: Mapping[str, str], models: Path, server: Server) -> None:
    server.serve("model.zip", Answer(ARCHIVE, send=400, stall=True), Answer(ARCHIVE))
    with subprocess.Popen(
        command("install", NAME), env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert server.stalled.wait(30)
        partial = Workshop(models).downloads(NAME) / "model.zip.part"
        while not partial.exists() or partial.stat().st_size < 400:
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "cancelled" in stderr and "Traceback" not in stderr
    assert partial.stat().st_size == 400
    told(environment, "install", NAME)
    assert server.asked("Range") == [None, "bytes=400-"]


@pytest.mark.skipif(sys.platform == "win32", reason="a console's Ctrl+C reaches the tests too")
def test_a_second_ctrl_c_ends_it_without_a_traceback(environment: Mapping[str, str], tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        mute.settimeout(30)
        catalogue = yaml.safe_load(Path(environment["VOICETYPE_CATALOGUE"]).read_text(encoding="utf-8"))
        catalogue["models"][0]["parts"][0]["urls"] = [f"http://127.0.0.1:{mute.getsockname()[1]}/model.zip"]
        silent = tmp_path / "silent.yaml"
        silent.write_text(yaml.safe_dump(catalogue), encoding="utf-8")
        with subprocess.Popen(
            command("install", NAME),
            env={**environment, "VOICETYPE_CATALOGUE": str(silent)},
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            held, _ = mute.accept()
            while process.poll() is None:  # two signals that are pending at once count as one
                process.send_signal(signal.SIGINT)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(0.3)
            held.close()
            _, stderr = process.communicate(timeout=30)
    assert process.returncode == -signal.SIGINT
    assert stderr == ""


@pytest.mark.parametrize("arguments", [[], ["dance"], ["install"], ["list", "--loud"], ["import"]])
def test_what_is_not_known_is_named(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(["models", *arguments])
    assert end.value.code == 2
    assert capsys.readouterr().err
