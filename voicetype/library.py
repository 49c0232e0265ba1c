"""The models that the user has and can have: what the library shows, and what it does. Any thread; blocks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from voicetype import store
from voicetype.control.model_installation import Actions
from voicetype.core.library import LibraryModel
from voicetype.core.status import PUNCTUATION, SPEECH
from voicetype.engines import catalog
from voicetype.install.replacement import finish_interrupted
from voicetype.models import memory_need_mb

if TYPE_CHECKING:
    from voicetype.install.catalogue import CatalogueModel
    from voicetype.install.installer import InstalledModel, Installer


def make_installer(models_dir: Path | None = None) -> Installer:
    """What installs models in `models_dir`; None: in the user's folder. Raises InstallError (CATALOGUE_BROKEN)."""
    # The libraries of the network take a tenth of a second to load, and most runs of the program do not need them.
    from voicetype.install.catalogue import load_catalogue
    from voicetype.install.installer import Installer

    needed = {SPEECH: catalog.speech_files, PUNCTUATION: catalog.punctuation_files}
    return Installer(models_dir or store.models_dir(), load_catalogue(), needed)


def finish_installations() -> None:
    """Complete an installation that a crash interrupted; for the start, when no model is loaded yet."""
    finish_interrupted(store.models_dir())


def installation_actions() -> Actions:
    """What the library does with models. Each call raises InstallError."""
    return Actions(
        install=lambda name, tell, cancelled: (
            make_installer().install(name, on_progress=tell, cancelled=cancelled).name
        ),
        take_in=lambda path, tell, cancelled: (
            make_installer().import_model(path, on_progress=tell, cancelled=cancelled).name
        ),
        remove=lambda name: make_installer().remove(name),
    )


def library_models(machine_mb: float) -> tuple[LibraryModel, ...]:
    """Those of the catalogue, then the user's others, then the bundled ones. Raises InstallError (CATALOGUE_BROKEN).

    `machine_mb`: the machine's whole memory, to say which are too large for it.
    """
    from voicetype.install.catalogue import load_catalogue

    own = {model.name: model for model in make_installer().installed()}
    offered = [_offered(model, own.pop(model.name, None), machine_mb) for model in load_catalogue().models]
    others = [_present(model, bundled=False) for model in own.values()]
    bundled = [_present(model, bundled=True) for model in make_installer(catalog.bundled_models_dir()).installed()]
    return (*offered, *others, *bundled)


def _offered(model: CatalogueModel, there: InstalledModel | None, machine_mb: float) -> LibraryModel:
    need_mb = round(memory_need_mb(model.engine, model.unpacked_size)) if model.ram_mb is None else model.ram_mb
    rates = [rate.percent for rate in model.wer]
    return LibraryModel(
        model.name,
        model.engine,
        language=model.language,
        size=there.size if there else model.size,
        installed=there is not None,
        downloadable=bool(model.parts),
        licence=model.licence,
        homepage=model.homepage,
        need_mb=need_mb,
        too_large=need_mb > machine_mb,
        word_errors=(min(rates), max(rates)) if rates else None,
    )


def _present(model: InstalledModel, *, bundled: bool) -> LibraryModel:
    need_mb = round(memory_need_mb(model.engine, model.size))
    return LibraryModel(
        model.name, model.engine, size=model.size, installed=not bundled, bundled=bundled, need_mb=need_mb
    )
