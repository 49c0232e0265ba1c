"""Models are put in place whole, checked, and taken away; whatever happens in between. Real files, no network."""

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.fakes_install import (
    PUNCTUATION_MODEL,
    SPEECH_MODEL,
    content_of,
    part_of,
    written,
    zipped,
)
from voicetype import durable
from voicetype.core.messages import InstallError, MessageCode
from voicetype.core.progress import Progress, Stage
from voicetype.core.status import PUNCTUATION, SPEECH
from voicetype.engines.catalog import find_speech_model, punctuation_files, speech_files
from voicetype.install import disk, installer, replacement
from voicetype.install.catalogue import Catalogue, CatalogueModel, Part
from voicetype.install.installer import Installer
from voicetype.install.manifest import MANIFEST_NAME, read_manifest
from voicetype.install.progress import Meter
from voicetype.install.replacement import WORKSHOP_NAME, Workshop, finish_interrupted

NEEDED = {SPEECH: speech_files, PUNCTUATION: punctuation_files}
NAME = "vosk-model-small-ru-0.22"
NEWER = {**SPEECH_MODEL, "am/final.mdl": b"new weights" * 900, "ivector/final.ie": b"ivector"}
ARCHIVE = zipped(SPEECH_MODEL, NAME)


def entry(name: str, engine: str, *parts: Part) -> CatalogueModel:
    return CatalogueModel(name, engine, "MIT", "ru", "https://example.org", parts, version="1")


PUNCTUATION_PARTS = [
    Part((f"https://example.org/{name}",), name, bytes=len(content), sha256=hashlib.sha256(content).hexdigest())
    for name, content in PUNCTUATION_MODEL.items()
]
CATALOGUE = Catalogue(
    (
        entry(NAME, SPEECH, part_of(ARCHIVE, f"https://example.org/{NAME}.zip")),
        entry("rupunct-small", PUNCTUATION, *PUNCTUATION_PARTS),
        entry("rupunct-medium", PUNCTUATION),
    )
)


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "Модели и прочее"


@pytest.fixture
def install(models: Path) -> Installer:
    return Installer(models, CATALOGUE, NEEDED, held_s=0.0)


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """What is found at which address, in place of the network."""
    pages: dict[str, bytes] = {}

    def fetch(session: requests.Session, part: Part, target: Path, **_: Any) -> None:
        target.write_bytes(pages[part.urls[0]])

    monkeypatch.setattr(installer, "fetch", fetch)
    return pages


def whole(path: Path) -> dict[str, bytes]:
    content = content_of(path)
    content.pop(MANIFEST_NAME, None)
    return content


def failing(action: Callable[[], object]) -> InstallError:
    with pytest.raises(InstallError) as caught:
        action()
    return caught.value


def test_a_model_is_installed_from_the_catalogue(install: Installer, models: Path, web: dict[str, bytes]) -> None:
    web[f"https://example.org/{NAME}.zip"] = ARCHIVE
    model = install.install(NAME)
    assert (model.name, model.engine, model.version, model.path) == (NAME, SPEECH, "1", models / NAME)
    assert whole(models / NAME) == SPEECH_MODEL
    assert find_speech_model([models], "") == models / NAME
    manifest = read_manifest(models / NAME)
    assert manifest is not None
    assert manifest.source == f"https://example.org/{NAME}.zip"
    assert manifest.archive_sha256 == hashlib.sha256(ARCHIVE).hexdigest()
    assert {record.path for record in manifest.files} == set(SPEECH_MODEL)
    assert install.verify(NAME).ok
    assert not Workshop(models).downloads(NAME).exists()


def test_a_model_of_single_files_is_installed(install: Installer, models: Path, web: dict[str, bytes]) -> None:
    web.update({f"https://example.org/{name}": content for name, content in PUNCTUATION_MODEL.items()})
    assert install.install("rupunct-small").engine == PUNCTUATION
    assert whole(models / "rupunct-small") == PUNCTUATION_MODEL


def test_what_is_there_and_whole_is_not_loaded_again(install: Installer, models: Path, web: dict[str, bytes]) -> None:
    web[f"https://example.org/{NAME}.zip"] = ARCHIVE
    install.install(NAME)
    address, archive = web.popitem()
    install.install(NAME)
    with pytest.raises(KeyError):
        install.install(NAME, again=True)
    (models / NAME / "am" / "final.mdl").write_bytes(b"damaged")
    web[address] = archive
    install.install(NAME)
    assert whole(models / NAME) == SPEECH_MODEL


def test_an_imported_archive_that_the_catalogue_knows_counts_as_installed(
    install: Installer, tmp_path: Path, web: dict[str, bytes]
) -> None:
    (tmp_path / "download (1).zip").write_bytes(ARCHIVE)
    assert install.import_model(tmp_path / "download (1).zip").version == "1"
    assert install.install(NAME).name == NAME


@pytest.mark.parametrize("part", [{"md5": hashlib.md5(ARCHIVE).hexdigest()}, {}])
def test_without_a_sha256_another_check_tells_whether_an_import_is_what_the_catalogue_means(
    tmp_path: Path, models: Path, part: dict[str, str]
) -> None:
    offered = part_of(ARCHIVE, "https://example.org/m.zip", sha256="", **part)
    install = Installer(models, Catalogue((entry(NAME, SPEECH, offered),)), NEEDED)
    (tmp_path / "right.zip").write_bytes(ARCHIVE)
    (tmp_path / "other.zip").write_bytes(zipped(NEWER, NAME))
    assert install.import_model(tmp_path / "right.zip").version == "1"
    assert install.import_model(tmp_path / "other.zip").version == ""
    assert install.import_model(written(SPEECH_MODEL, tmp_path / NAME)).version == ""


def test_a_download_that_is_no_model_is_loaded_anew_where_nothing_tells_it_apart(
    models: Path, web: dict[str, bytes]
) -> None:
    address = f"https://example.org/{NAME}.zip"
    install = Installer(models, Catalogue((entry(NAME, SPEECH, part_of(ARCHIVE, address, sha256="")),)), NEEDED)
    web[address] = b"x" * len(ARCHIVE)
    assert failing(lambda: install.install(NAME)).message.code is MessageCode.ARCHIVE_BROKEN
    assert not Workshop(models).downloads(NAME).exists()


def test_what_was_downloaded_of_a_model_can_be_removed(install: Installer, models: Path) -> None:
    written({"model.zip.part": b"beginning"}, Workshop(models).downloads(NAME))
    install.remove(NAME)
    assert not Workshop(models).downloads(NAME).exists()
    assert failing(lambda: install.remove(NAME)).message.code is MessageCode.MODEL_NOT_INSTALLED


def test_a_model_without_an_address_is_to_be_imported(install: Installer) -> None:
    error = failing(lambda: install.install("rupunct-medium"))
    assert error.message.code is MessageCode.MODEL_IMPORT_ONLY
    assert error.message.params["homepage"] == "https://example.org"


def test_an_unknown_model_is_told(install: Installer, models: Path) -> None:
    assert failing(lambda: install.install("vosk-model-xx")).message.code is MessageCode.MODEL_UNKNOWN
    assert not models.exists()


def test_the_network_can_be_forbidden(install: Installer, models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    error = failing(lambda: install.install(NAME))
    assert error.message.code is MessageCode.DOWNLOAD_FORBIDDEN
    assert error.message.params["folder"] == str(models / NAME)


def test_too_little_space_is_told_before_anything_is_loaded(
    install: Installer, web: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 9, 1))  # type: ignore[attr-defined]
    error = failing(lambda: install.install(NAME))
    assert error.message.code is MessageCode.DISK_FULL
    assert error.message.params["free_mb"] == "0"


@pytest.mark.parametrize("packed", [True, False], ids=["zip", "folder"])
@pytest.mark.parametrize(
    ("files", "engine"), [(SPEECH_MODEL, SPEECH), (PUNCTUATION_MODEL, PUNCTUATION)], ids=["speech", "punctuation"]
)
def test_a_model_is_imported(
    install: Installer, tmp_path: Path, models: Path, packed: bool, files: Mapping[str, bytes], engine: str
) -> None:
    source = tmp_path / "моя модель"
    if packed:
        source = tmp_path / "моя модель.zip"
        source.write_bytes(zipped(files))
    else:
        written(files, source)
    model = install.import_model(source)
    assert (model.name, model.engine, model.version, model.source) == ("моя модель", engine, "", source.name)
    assert whole(models / "моя модель") == files
    assert install.verify("моя модель").ok


def test_the_folder_in_an_archive_names_the_model_unless_a_name_is_given(install: Installer, tmp_path: Path) -> None:
    source = tmp_path / "a.zip"
    source.write_bytes(zipped(SPEECH_MODEL, "vosk-other"))
    assert install.import_model(source).name == "vosk-other"
    assert install.import_model(source, name="mine").name == "mine"
    assert install.import_model(written(SPEECH_MODEL, tmp_path / "outer" / "inner").parent).name == "inner"
    assert [model.name for model in install.installed()] == ["inner", "mine", "vosk-other"]


@pytest.mark.parametrize("name", ["..", "a/b", "a\\b", "CON", ".hidden", "x.", "C:"])
def test_a_name_must_be_one(install: Installer, tmp_path: Path, name: str) -> None:
    source = written(SPEECH_MODEL, tmp_path / "m")
    for action in (lambda: install.import_model(source, name=name), lambda: install.remove(name)):
        assert failing(action).message.code is MessageCode.MODEL_NAME_INVALID
    assert failing(lambda: install.verify(name)).message.code is MessageCode.MODEL_NAME_INVALID


def test_what_is_no_model_is_refused_and_leaves_nothing(install: Installer, tmp_path: Path, models: Path) -> None:
    archive = tmp_path / "photos.zip"
    archive.write_bytes(zipped({"photo.jpg": b"x"}))
    error = failing(lambda: install.import_model(archive))
    assert error.message.code is MessageCode.NOT_A_MODEL
    assert error.message.params["path"] == str(archive)
    assert "am/final.mdl (vosk)" in error.message.params["missing"].replace("\\", "/")
    assert [path.name for path in models.iterdir()] == [WORKSHOP_NAME]
    assert install.installed() == ()


def test_a_folder_that_is_no_model_is_refused_before_anything_is_copied(
    install: Installer, tmp_path: Path, models: Path
) -> None:
    told: list[Progress] = []
    source = written({"films/long.mkv": b"x" * 100, "notes.txt": b"x"}, tmp_path / "downloads")
    error = failing(lambda: install.import_model(source, on_progress=told.append))
    assert error.message.code is MessageCode.NOT_A_MODEL
    assert error.message.params["path"] == str(source)
    assert told == []


def test_a_manifest_that_comes_along_is_not_believed(install: Installer, tmp_path: Path, models: Path) -> None:
    source = written({**SPEECH_MODEL, MANIFEST_NAME: b"{}"}, tmp_path / "m")
    install.import_model(source)
    assert install.verify("m").known and install.verify("m").ok


def test_a_long_path_is_imported(install: Installer, tmp_path: Path, models: Path) -> None:
    deep = "/".join(["папка" * 20] * 6 + ["файл"])
    install.import_model(written({**SPEECH_MODEL, deep: b"x"}, tmp_path / ("имя " * 20 + "конец")))
    assert install.verify("имя " * 20 + "конец").ok


def test_damage_is_found(install: Installer, tmp_path: Path, models: Path) -> None:
    install.import_model(written(SPEECH_MODEL, tmp_path / "m"))
    weights = models / "m" / "am" / "final.mdl"
    raw = bytearray(weights.read_bytes())
    raw[5] ^= 1
    weights.write_bytes(raw)
    (models / "m" / "README").unlink()
    (models / "m" / "extra").touch()
    found = install.verify("m")
    assert (found.ok, found.missing, found.changed, found.extra) == (False, ("README",), ("am/final.mdl",), ("extra",))


def test_a_model_that_was_put_there_by_hand_is_checked_as_far_as_possible(install: Installer, models: Path) -> None:
    written(SPEECH_MODEL, models / "by hand")
    found = install.verify("by hand")
    assert (found.known, found.ok) == (False, True)
    (models / "by hand" / "conf" / "model.conf").unlink()
    assert not install.verify("by hand").ok
    written(PUNCTUATION_MODEL, models / "rupunct-small")
    assert install.verify("rupunct-small").known
    (models / "rupunct-small" / "config.json").write_bytes(b"other")
    assert install.verify("rupunct-small").changed == ("config.json",)


@pytest.mark.parametrize("text", ["", "[]", '{"manifest_version": 9}', '{"manifest_version": 1, "files": 3}'])
def test_a_broken_manifest_is_as_none(install: Installer, models: Path, text: str) -> None:
    written({**SPEECH_MODEL, MANIFEST_NAME: text.encode()}, models / "m")
    assert not install.verify("m").known


def test_a_forged_manifest_makes_nobody_read_elsewhere(install: Installer, tmp_path: Path, models: Path) -> None:
    install.import_model(written(SPEECH_MODEL, tmp_path / "m"))
    file = models / "m" / MANIFEST_NAME
    data = json.loads(file.read_text(encoding="utf-8"))
    data["files"][0]["path"] = "../../secret"
    file.write_text(json.dumps(data), encoding="utf-8")
    assert failing(lambda: install.verify("m")).message.code is MessageCode.ARCHIVE_UNSAFE


def test_a_model_is_removed(install: Installer, tmp_path: Path, models: Path) -> None:
    install.import_model(written(SPEECH_MODEL, tmp_path / "m"))
    install.remove("m")
    assert [path.name for path in models.iterdir()] == [WORKSHOP_NAME]
    assert not Workshop(models).leftovers()
    assert failing(lambda: install.remove("m")).message.code is MessageCode.MODEL_NOT_INSTALLED


def test_a_damaged_model_can_be_removed_but_no_other_folder(install: Installer, tmp_path: Path, models: Path) -> None:
    install.import_model(written(SPEECH_MODEL, tmp_path / "m"))
    (models / "m" / "am" / "final.mdl").unlink()
    install.remove("m")
    written({"diary.txt": b"x"}, models / "mine")
    assert failing(lambda: install.remove("mine")).message.code is MessageCode.NOT_A_MODEL
    assert (models / "mine" / "diary.txt").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot have these names")
@pytest.mark.parametrize("name", ["a: b", ".hidden", "con"])
def test_what_was_put_there_by_hand_can_be_checked_and_removed_whatever_its_name(
    install: Installer, models: Path, name: str
) -> None:
    written(SPEECH_MODEL, models / name)
    assert [model.name for model in install.installed()] == [name]
    assert install.verify(name).ok
    install.remove(name)
    assert install.installed() == ()


def test_a_model_that_may_not_be_read_is_told(
    install: Installer, tmp_path: Path, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install.import_model(written(SPEECH_MODEL, tmp_path / "m"))

    def refuse(path: Path) -> tuple[Path, ...]:
        raise PermissionError(13, "Permission denied", str(path / "am" / "final.mdl"))

    locked = Installer(models, CATALOGUE, {SPEECH: refuse})
    (models / "m" / MANIFEST_NAME).unlink()
    assert locked.verify("m").missing == (f"{Path('am/final.mdl')} (vosk)",)
    assert failing(lambda: locked.remove("m")).message.code is MessageCode.NOT_A_MODEL


class CrashError(BaseException):
    """The process ends here, as far as the code under test can tell."""


@contextlib.contextmanager
def crash_before(step: int) -> Iterator[list[str]]:
    """Within, the change to the disk number `step` does not happen any more, nor any after it."""
    done: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        for module, name in ((replacement.os, "replace"), (disk, "delete"), (durable, "sync_folder")):
            real = getattr(module, name)

            def counted(*arguments: Any, _real: Callable[..., None] = real, _name: str = name) -> None:
                if len(done) >= step:
                    raise CrashError
                done.append(_name)
                _real(*arguments)

            patch.setattr(module, name, counted)
        yield done


@pytest.mark.parametrize("replaced", [True, False], ids=["replacing", "first"])
def test_after_a_crash_at_any_step_the_old_or_the_new_model_is_whole(
    install: Installer, tmp_path: Path, models: Path, replaced: bool
) -> None:
    old, new = written(SPEECH_MODEL, tmp_path / "old"), written(NEWER, tmp_path / "new")
    outcomes = []
    for step in range(30):
        shutil.rmtree(models, ignore_errors=True)
        if replaced:
            install.import_model(old, name="m")
        with crash_before(step) as done:
            try:
                install.import_model(new, name="m")
                break
            except CrashError:
                pass
        copies = [models / "m", *(models / WORKSHOP_NAME / stage / "m" for stage in ("ready", "old"))]
        if replaced:
            assert any(whole(path) in (SPEECH_MODEL, NEWER) for path in copies if path.exists()), done
        finish_interrupted(models)
        assert not Workshop(models).leftovers(), done
        outcomes.append(whole(models / "m") if (models / "m").exists() else {})
        assert outcomes[-1] in ([SPEECH_MODEL, NEWER] if replaced else [{}, NEWER]), done
    else:
        pytest.fail("the installation never came to its end")
    assert whole(models / "m") == NEWER
    # First the old one, from some step on the new one, never back.
    assert len(outcomes) >= 5
    assert outcomes == sorted(outcomes, key=lambda outcome: outcome == NEWER)
    assert outcomes[0] != NEWER and outcomes[-1] == NEWER


def test_after_a_crash_at_any_step_of_removing_it_is_there_or_not(
    install: Installer, tmp_path: Path, models: Path
) -> None:
    source = written(SPEECH_MODEL, tmp_path / "m")
    for step in range(30):
        install.import_model(source)
        with crash_before(step):
            try:
                install.remove("m")
                break
            except CrashError:
                pass
        finish_interrupted(models)
        assert not Workshop(models).leftovers()
        assert not (models / "m").exists() or whole(models / "m") == SPEECH_MODEL
    assert not (models / "m").exists()


def test_a_crash_while_unpacking_leaves_nothing_after_the_next_start(
    install: Installer, tmp_path: Path, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    half = Workshop(models)
    with half.locked():
        written({"am/final.mdl": b"half"}, half.building_place("m"))
    assert half.leftovers()
    finish_interrupted(models)
    assert not half.leftovers()
    assert install.installed() == ()


def test_an_installation_that_goes_on_is_left_alone_at_the_start(models: Path) -> None:
    busy = Workshop(models)
    with busy.locked():
        place = written(SPEECH_MODEL, busy.building_place("m"))
        finish_interrupted(models)
        assert place.exists()


def held_by_another_program() -> PermissionError:
    error = PermissionError(13, "The process cannot access the file")
    error.winerror = 32  # type: ignore[attr-defined,unused-ignore]
    return error


@pytest.mark.parametrize("failing_move", [2, 3], ids=["old one out", "new one in"])
def test_a_model_that_is_held_stays_as_it_was(
    install: Installer, tmp_path: Path, models: Path, monkeypatch: pytest.MonkeyPatch, failing_move: int
) -> None:
    install.import_model(written(SPEECH_MODEL, tmp_path / "old"), name="m")
    real, moves = os.replace, []

    def replace(source: Path, target: Path) -> None:
        moves.append(source)
        if len(moves) == failing_move:
            raise held_by_another_program()
        real(source, target)

    monkeypatch.setattr(os, "replace", replace)
    error = failing(lambda: install.import_model(written(NEWER, tmp_path / "new"), name="m"))
    assert error.message.code is MessageCode.FILE_IN_USE
    assert whole(models / "m") == SPEECH_MODEL
    assert not Workshop(models).leftovers()
    assert install.verify("m").ok


def test_a_first_model_that_cannot_get_its_name_leaves_nothing(
    install: Installer, tmp_path: Path, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.replace

    def replace(source: Path, target: Path) -> None:
        if target == models / "m":
            raise held_by_another_program()
        real(source, target)

    monkeypatch.setattr(os, "replace", replace)
    source = written(SPEECH_MODEL, tmp_path / "m")
    assert failing(lambda: install.import_model(source)).message.code is MessageCode.FILE_IN_USE
    assert not (models / "m").exists()
    assert not Workshop(models).leftovers()


def test_a_file_that_is_held_for_a_moment_is_tried_again() -> None:
    tries: list[int] = []

    def action() -> str:
        tries.append(1)
        if len(tries) < 3:
            raise held_by_another_program()
        return "done"

    assert disk.patiently(action, patience_s=10, pause_s=0.001) == "done"
    assert len(tries) == 3


def test_a_folder_that_may_not_be_written_is_not_tried_again() -> None:
    def action() -> None:
        raise PermissionError(13, "Permission denied")

    with pytest.raises(PermissionError):
        disk.patiently(action, patience_s=100)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no read-only folders")
def test_a_folder_that_may_not_be_written_is_told(tmp_path: Path) -> None:
    source = written(SPEECH_MODEL, tmp_path / "m")
    with tempfile.TemporaryDirectory() as name, as_nobody(Path(name), source):
        error = failing(lambda: Installer(Path(name), CATALOGUE, NEEDED).import_model(source))
    assert error.message.code is MessageCode.FOLDER_NOT_WRITABLE
    assert error.message.params["detail"] == "Permission denied"


@contextlib.contextmanager
def as_nobody(folder: Path, source: Path) -> Iterator[None]:
    """Within, `folder` can be read only; also by root, whom no permission stops."""
    folder.chmod(0o555)
    if os.geteuid() != 0:
        yield
        return
    opened = [path for path in source.parents if path.stat().st_uid == 0 and not path.stat().st_mode & 0o001]
    modes = [path.stat().st_mode for path in opened]
    for path in opened:
        path.chmod(0o755)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)
        for path, mode in zip(opened, modes, strict=True):
            path.chmod(mode & 0o7777)


HOLD = """
import sys
from pathlib import Path
from voicetype.install.replacement import Workshop
with Workshop(Path(sys.argv[1])).locked():
    print("locked", flush=True)
    sys.stdin.read()
"""


def test_two_processes_do_not_install_at_once(install: Installer, tmp_path: Path, models: Path) -> None:
    source = written(SPEECH_MODEL, tmp_path / "m")
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", HOLD, str(models)], **pipes) as other:  # type: ignore[call-overload]
        assert other.stdout.readline() == "locked\n"
        error = failing(lambda: install.import_model(source))
        assert error.message.code is MessageCode.INSTALL_BUSY
        # It dies without a word, and its lock with it.
        other.kill()
    assert install.import_model(source).name == "m"


def test_who_waits_for_the_other_process_gets_the_lock(tmp_path: Path, models: Path) -> None:
    source = written(SPEECH_MODEL, tmp_path / "m")
    patient = Installer(models, CATALOGUE, NEEDED, lock_wait_s=30.0)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", HOLD, str(models)], **pipes) as other:  # type: ignore[call-overload]
        assert other.stdout.readline() == "locked\n"
        ending = threading.Timer(0.2, other.stdin.close)
        ending.start()
        assert patient.import_model(source).name == "m"
        ending.join()


def test_a_cancelled_import_names_the_model_and_leaves_nothing(
    install: Installer, tmp_path: Path, models: Path
) -> None:
    cancelled = threading.Event()
    cancelled.set()
    source = written(SPEECH_MODEL, tmp_path / "m")
    error = failing(lambda: install.import_model(source, name="mine", cancelled=cancelled))
    assert error.message.code is MessageCode.INSTALL_CANCELLED
    assert error.message.params == {"name": "mine"}
    assert not Workshop(models).leftovers()


def test_what_the_engines_look_for_is_never_found_in_the_workshop(models: Path) -> None:
    workshop = Workshop(models)
    with workshop.locked():
        written(SPEECH_MODEL, workshop.building_place("m"))
        with pytest.raises(Exception, match="model_missing"):
            find_speech_model([models], "")


def test_the_rate_is_that_of_the_last_seconds() -> None:
    now = [0.0]
    told: list[Progress] = []
    meter = Meter(Stage.DOWNLOADING, told.append, total=1_000_000, done=100_000, clock=lambda: now[0])
    for _ in range(20):
        now[0] += 1
        meter.add(10_000)
    assert told[-1].rate == pytest.approx(10_000)
    assert told[-1].seconds_left == pytest.approx(70)
    for _ in range(10):
        now[0] += 1
        meter.add(1_000)
    assert told[-1].rate == pytest.approx(1_000)
    before = len(told)
    meter.add(1)
    assert len(told) == before
    meter.finish()
    assert told[-1].done == 310_001
