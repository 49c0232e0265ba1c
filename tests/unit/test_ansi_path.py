"""Names that a library without Unicode can open, with links in place of Windows' junctions."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from voicetype.core.messages import MessageCode, ModelError
from voicetype.engines import ansi_path as ansi_path_module
from voicetype.engines.ansi_path import ansi_path, code_page, make_junction, short_path


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "Модели, речь" / "vosk"
    path.mkdir(parents=True)
    (path / "conf").write_text("x", encoding="utf-8")
    return path


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ansi_path_module.sys, "platform", "win32")


def no_junction(target: Path, link: Path) -> None:
    raise OSError(50, "Request not supported")


def link_to(target: Path, link: Path) -> None:
    """A junction is removed like a folder, a link of Linux is not."""
    link.mkdir()
    os.symlink(target, link.with_name("to"))
    link.rmdir()
    link.with_name("to").rename(link)


def remove_link(monkeypatch: pytest.MonkeyPatch) -> None:
    rmdir: Callable[[Path], None] = Path.rmdir
    monkeypatch.setattr(Path, "rmdir", lambda path: path.unlink() if path.is_symlink() else rmdir(path))


def test_elsewhere_paths_stay(model: Path) -> None:
    with ansi_path(model, short=lambda path: "never asked") as found:
        assert found == str(model)
    assert short_path(model) == str(model)
    with pytest.raises(OSError, match="no junctions"):
        make_junction(model, model / "x")
    assert code_page() == 0


@pytest.mark.usefixtures("windows")
def test_ascii_and_short_names_need_no_junction(model: Path) -> None:
    with ansi_path(Path("C:/models/vosk"), short=lambda path: "never asked") as found:
        assert found == str(Path("C:/models/vosk"))
    with ansi_path(model, short=lambda path: r"C:\MODEL~1\VOSK", junction=no_junction) as found:
        assert found == r"C:\MODEL~1\VOSK"


@pytest.mark.usefixtures("windows")
@pytest.mark.parametrize("shortened", ["", "C:/Модели, речь/vosk"])
def test_without_short_names_a_junction_leads_there_for_a_while(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shortened: str
) -> None:
    remove_link(monkeypatch)
    places = [str(tmp_path / "нет"), "", str(tmp_path / "gone"), str(tmp_path)]
    before = sorted(tmp_path.iterdir())
    with ansi_path(model, short=lambda path: shortened, junction=link_to, places=places) as found:
        assert found.isascii() and (Path(found) / "conf").read_text(encoding="utf-8") == "x"
    assert sorted(tmp_path.iterdir()) == before
    with (
        pytest.raises(RuntimeError, match="broken"),
        ansi_path(model, short=lambda path: shortened, junction=link_to, places=places),
    ):
        raise RuntimeError("the model is broken")
    assert sorted(tmp_path.iterdir()) == before and (model / "conf").exists()


@pytest.mark.usefixtures("windows")
def test_where_nothing_helps_the_folder_is_to_be_moved(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROGRAMDATA", str(tmp_path))
    monkeypatch.delenv("PUBLIC", raising=False)
    before = sorted(tmp_path.iterdir())
    nothing = partial(ansi_path, model, short=lambda path: "", junction=no_junction)
    with nothing(code_page=lambda: 65001) as found:
        assert found == str(model), "names of files may have all letters"
    with pytest.raises(ModelError) as error, nothing(code_page=lambda: 1251):
        pass
    assert error.value.message.code is MessageCode.MODEL_PATH_NOT_LATIN
    assert error.value.message.params == {"path": str(model)}
    assert sorted(tmp_path.iterdir()) == before
