"""Translations: finds the language, installs the catalogues. Main thread; may import `qt`.

Source strings are English. The `.ts` files beside this module are edited with Qt Linguist, and
`packaging/translations.py` compiles them into the `.qm` files that are loaded here.
"""

from __future__ import annotations

from pathlib import Path

from loguru import logger

from voicetype.qt import QtCore

LANGUAGES = ("ru", "en")
AUTO = "auto"
_FALLBACK = "en"
_OWNED = "voicetype-translation"
"""Object name of the translators that `install` made, so that it finds and replaces them."""


def translate(context: str, text: str) -> str:
    """`text` in the installed language. The name is what lupdate looks for; works without a QApplication."""
    return QtCore.QCoreApplication.translate(context, text)


def resolve_language(setting: str) -> str:
    """The language to use, "ru" or "en". `setting` is one of these, or "auto" for the first that the system prefers."""
    if setting in LANGUAGES:
        return setting
    for name in QtCore.QLocale.system().uiLanguages():
        language = name.replace("_", "-").partition("-")[0].lower()
        if language in LANGUAGES:
            return language
    return _FALLBACK


def install(app: QtCore.QCoreApplication, language: str) -> QtCore.QTranslator | None:
    """Use `language` ("ru" or "en") from now on, in place of the one installed before.

    Widgets receive LanguageChange. Returns the program's own catalogue, or None when there is none to load: English
    is in the sources, and a checkout whose catalogues were not compiled shows it too.
    """
    for old in app.findChildren(QtCore.QTranslator, _OWNED):
        app.removeTranslator(old)
        old.deleteLater()
    # Numbers and dates of widgets follow the language that their labels are in.
    QtCore.QLocale.setDefault(QtCore.QLocale(language))
    qt_folder = QtCore.QLibraryInfo.path(QtCore.QLibraryInfo.LibraryPath.TranslationsPath)
    _load(app, f"qtbase_{language}", qt_folder)
    own = _load(app, f"voicetype_{language}", str(Path(__file__).parent))
    if own is None and language != _FALLBACK:
        logger.warning("no catalogue for {}: run packaging/translations.py compile", language)
    return own


def _load(app: QtCore.QCoreApplication, name: str, folder: str) -> QtCore.QTranslator | None:
    translator = QtCore.QTranslator(app)
    translator.setObjectName(_OWNED)
    if not translator.load(name, folder) or translator.isEmpty():
        translator.deleteLater()
        return None
    app.installTranslator(translator)
    return translator
