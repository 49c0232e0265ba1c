"""The model library: what there is, what can be had, and buttons for both. GUI thread; may import `qt`, `core`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from voicetype.core.library import LibraryModel
from voicetype.core.messages import VoiceTypeError
from voicetype.core.progress import Progress, Stage
from voicetype.core.status import SPEECH
from voicetype.i18n import translate
from voicetype.qt import QtCore, QtGui, QtWidgets, Signal, Slot
from voicetype.ui.bars import ProgressBar
from voicetype.ui.messages import text_of
from voicetype.ui.status_panel import error_label, faint_label, say
from voicetype.ui.theme import colors

_MB = 1_000_000
_MINUTE_S = 60


class LibraryPage(QtWidgets.QWidget):
    """All models as cards, the user's own folders and archives, and what is being done.

    Signals:
        install_requested(str), remove_requested(str): of a model by its name.
        import_requested(str): a folder or zip archive.
        cancel_requested(): stop what is being done.
        folder_requested(): show the folder of the models.
    """

    install_requested = Signal(str)
    remove_requested = Signal(str)
    import_requested = Signal(str)
    cancel_requested = Signal()
    folder_requested = Signal()

    def __init__(self, list_library: Callable[[], Sequence[LibraryModel]]) -> None:
        super().__init__()
        self._list_library = list_library
        self._cards: dict[str, _Card] = {}
        self._busy_with = ""
        self._problem = error_label()
        # A model from elsewhere has no card yet, so it shows here how far it is.
        self._import = _ProgressLine()
        self._import.cancel_requested.connect(self.cancel_requested)
        self._list = QtWidgets.QVBoxLayout()
        self._list.setSpacing(8)
        self._list.setContentsMargins(0, 0, 8, 0)
        content = QtWidgets.QWidget()
        content.setLayout(self._list)
        scroll = QtWidgets.QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(content)
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 8, 12)
        layout.addWidget(scroll, 1)
        layout.addWidget(self._problem)
        layout.addWidget(self._import)
        layout.addLayout(self._buttons())

    def refresh(self) -> None:
        """Look on the disk again."""
        while (item := self._list.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.setParent(None)
                old.deleteLater()
        self._cards = {}
        try:
            models = self._list_library()
        except VoiceTypeError as error:
            models = ()
            say(self._problem, text_of(error.message))
        for model in models:
            card = _Card(model)
            card.install_requested.connect(self.install_requested)
            card.remove_requested.connect(self._on_remove)
            card.progress.cancel_requested.connect(self.cancel_requested)
            card.set_enabled(not self._busy_with)
            self._cards[model.name] = card
            self._list.addWidget(card)
        self._list.addStretch(1)

    @Slot(str)
    def show_started(self, name: str) -> None:
        """Something is done with the model `name`."""
        say(self._problem, "")
        self._busy_with = name
        if not self._cards:
            self.refresh()
        for card in self._cards.values():
            card.set_enabled(False)
        self._set_buttons_enabled(False)
        self._line(name).begin()

    @Slot(str, object)
    def show_progress(self, name: str, progress: Progress) -> None:
        """How far it is; this page may have been made when it was under way."""
        if self._busy_with != name:
            self.show_started(name)
        self._line(name).show_progress(progress)

    @Slot(str)
    def show_ended(self, name: str) -> None:
        """It is over, well or not."""
        self._line(name).end()
        self._busy_with = ""
        self._set_buttons_enabled(True)
        self.refresh()

    def showEvent(self, event: QtGui.QShowEvent) -> None:
        """Models may have come since; the disk is looked at when somebody looks at the page."""
        super().showEvent(event)
        if not self._busy_with:
            self.refresh()

    def _line(self, name: str) -> _ProgressLine:
        card = self._cards.get(name)
        return card.progress if card is not None else self._import

    def _buttons(self) -> QtWidgets.QHBoxLayout:
        self._add_folder = QtWidgets.QPushButton(translate("Library", "Add a folder…"))
        self._add_folder.clicked.connect(self._on_add_folder)
        self._add_archive = QtWidgets.QPushButton(translate("Library", "Add an archive…"))
        self._add_archive.clicked.connect(self._on_add_archive)
        folder = QtWidgets.QPushButton(translate("Library", "Show the folder"))
        folder.clicked.connect(self.folder_requested)
        line = QtWidgets.QHBoxLayout()
        line.addWidget(self._add_folder)
        line.addWidget(self._add_archive)
        line.addStretch(1)
        line.addWidget(folder)
        return line

    def _set_buttons_enabled(self, enabled: bool) -> None:
        self._add_folder.setEnabled(enabled)
        self._add_archive.setEnabled(enabled)

    @Slot()
    def _on_add_folder(self) -> None:
        title = translate("Library", "Folder of a Vosk or RUPunct model")
        if path := QtWidgets.QFileDialog.getExistingDirectory(self, title):
            self.import_requested.emit(path)

    @Slot()
    def _on_add_archive(self) -> None:
        title = translate("Library", "Archive of a Vosk or RUPunct model")
        path, _filter = QtWidgets.QFileDialog.getOpenFileName(
            self, title, "", translate("Library", "Zip archives (*.zip)")
        )
        if path:
            self.import_requested.emit(path)

    @Slot(str)
    def _on_remove(self, name: str) -> None:
        """Ask first: a download takes long on a bad network."""
        question = QtWidgets.QMessageBox(self)
        question.setIcon(QtWidgets.QMessageBox.Icon.Question)
        question.setWindowTitle("VoiceType")
        question.setText(translate("Library", "Delete {name} from this computer?").format(name=name))
        question.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
        role = QtWidgets.QMessageBox.ButtonRole
        delete = question.addButton(translate("Library", "Delete"), role.DestructiveRole)
        question.setDefaultButton(question.addButton(translate("Library", "Keep"), role.RejectRole))
        delete.clicked.connect(lambda: self.remove_requested.emit(name))
        question.open()


class _Card(QtWidgets.QFrame):
    """One model."""

    install_requested = Signal(str)
    remove_requested = Signal(str)

    def __init__(self, model: LibraryModel) -> None:
        super().__init__()
        self._name = model.name
        self.setObjectName(model.name)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QtGui.QPalette.ColorRole.AlternateBase)
        title = QtWidgets.QLabel(model.name)
        font = title.font()
        font.setBold(True)
        title.setFont(font)
        title.setTextInteractionFlags(QtCore.Qt.TextInteractionFlag.TextSelectableByMouse)
        facts = faint_label(" · ".join(_facts(model)))
        warning = QtWidgets.QLabel(_warning(model))
        warning.setWordWrap(True)
        warning.setVisible(bool(warning.text()))
        palette = warning.palette()
        palette.setColor(QtGui.QPalette.ColorRole.WindowText, QtGui.QColor(colors().loud))
        warning.setPalette(palette)
        self.progress = _ProgressLine()
        self._button = self._make_button(model)
        text = QtWidgets.QVBoxLayout()
        text.setSpacing(2)
        for widget in (title, facts, warning, self.progress):
            text.addWidget(widget)
        layout = QtWidgets.QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.addLayout(text, 1)
        layout.addWidget(self._button, 0, QtCore.Qt.AlignmentFlag.AlignTop)

    def set_enabled(self, enabled: bool) -> None:
        """Whether its button can be pressed."""
        self._button.setEnabled(enabled)

    def _make_button(self, model: LibraryModel) -> QtWidgets.QWidget:
        if model.bundled:
            return QtWidgets.QLabel(translate("Library", "Came with VoiceType"))
        if model.installed:
            button = QtWidgets.QPushButton(translate("Library", "Delete…"))
            button.clicked.connect(lambda: self.remove_requested.emit(self._name))
            return button
        if not model.downloadable:
            words = translate("Library", "Get it yourself")
            link = QtWidgets.QLabel(f'<a href="{model.homepage}" style="color:{colors().busy}">{words}</a>')
            link.setOpenExternalLinks(True)
            return link
        button = QtWidgets.QPushButton(translate("Library", "Install"))
        button.clicked.connect(lambda: self.install_requested.emit(self._name))
        return button


class _ProgressLine(QtWidgets.QWidget):
    """A bar, what it means in words, and a way out; hidden while nothing is done."""

    cancel_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._bar = ProgressBar()
        self._text = faint_label("")
        self._text.setWordWrap(False)
        cancel = QtWidgets.QPushButton(translate("Library", "Cancel"))
        cancel.clicked.connect(self.cancel_requested)
        words = QtWidgets.QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self._text)
        words.addWidget(self._bar)
        layout = QtWidgets.QHBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.addLayout(words, 1)
        layout.addWidget(cancel)
        self.hide()

    def begin(self) -> None:
        """It begins."""
        self._bar.set_percent(0)
        self._text.setText(translate("Library", "Getting ready…"))
        self.show()

    def show_progress(self, progress: Progress) -> None:
        """How far it is."""
        self._bar.set_percent(round(100 * progress.done / progress.total) if progress.total else 0)
        self._text.setText(progress_text(progress))
        self.show()

    def end(self) -> None:
        """It is over."""
        self.hide()


def progress_text(progress: Progress) -> str:
    """What is done, how much of it, how fast and how long still."""
    parts = [
        {
            Stage.DOWNLOADING: translate("Library", "Downloading"),
            Stage.CHECKING: translate("Library", "Checking"),
            Stage.UNPACKING: translate("Library", "Unpacking"),
        }[progress.stage]
    ]
    if progress.total:
        amount = translate("Library", "{done} of {total} MB")
        parts.append(amount.format(done=f"{progress.done / _MB:.1f}", total=f"{progress.total / _MB:.1f}"))
    if progress.stage is Stage.DOWNLOADING and progress.rate:
        parts.append(translate("Library", "{rate} MB/s").format(rate=f"{progress.rate / _MB:.1f}"))
    if progress.stage is Stage.DOWNLOADING and progress.seconds_left is not None:
        parts.append(_time_left(progress.seconds_left))
    return " · ".join(parts)


def _time_left(seconds: float) -> str:
    if seconds < _MINUTE_S:
        return translate("Library", "{count} s left").format(count=max(1, round(seconds)))
    return translate("Library", "{count} min left").format(count=round(seconds / _MINUTE_S))


def _facts(model: LibraryModel) -> list[str]:
    facts = [translate("Library", "speech") if model.engine == SPEECH else translate("Library", "punctuation")]
    facts += [part for part in (model.language,) if part]
    if model.size:
        facts.append(translate("Library", "{size} MB").format(size=max(1, round(model.size / _MB))))
    if model.need_mb:
        facts.append(translate("Library", "takes {need} MB of memory").format(need=model.need_mb))
    if model.word_errors:
        best, worst = model.word_errors
        rates = translate("Library", "{best} to {worst} % word errors")
        facts.append(rates.format(best=round(best), worst=round(worst)))
    return [*facts, *([model.licence] if model.licence else [])]


def _warning(model: LibraryModel) -> str:
    if not model.too_large or model.bundled:
        return ""
    return translate("Library", "This computer has less memory than that: it may be slow, or not load at all.")
