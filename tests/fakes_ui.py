"""What tests of widgets and texts share: compiled translations, and a language for the length of a test."""

import contextlib
import functools
import importlib.util
from collections.abc import Iterator
from types import ModuleType

from tests.unit.sources import ROOT
from voicetype import i18n
from voicetype.qt import QtCore


@functools.cache
def translations() -> ModuleType:
    """The script `packaging/translations.py` as a module."""
    path = ROOT / "packaging" / "translations.py"
    spec = importlib.util.spec_from_file_location("packaging_translations", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@contextlib.contextmanager
def spoken(app: QtCore.QCoreApplication, language: str) -> Iterator[None]:
    """Speak `language` inside; afterwards nothing is translated any more."""
    translations().compile_catalogues()
    i18n.install(app, language)
    try:
        yield
    finally:
        for translator in app.findChildren(QtCore.QTranslator):
            app.removeTranslator(translator)
            translator.setParent(None)
        QtCore.QLocale.setDefault(QtCore.QLocale.system())
