"""Buttons for the user's vocabulary. GUI thread; may import `qt`, `i18n`."""

from __future__ import annotations

from voicetype.i18n import translate
from voicetype.qt import QtWidgets, Signal, Slot


class VocabularyBar(QtWidgets.QWidget):
    """Opens the vocabulary in an editor, and takes in lists of terms.

    Signals:
        open_requested(): show the file.
        import_requested(str): add the terms of this .txt or .csv file.
    """

    open_requested = Signal()
    import_requested = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        edit = QtWidgets.QPushButton(translate("Vocabulary", "Edit the vocabulary"))
        edit.clicked.connect(self.open_requested)
        add = QtWidgets.QPushButton(translate("Vocabulary", "Add a list of terms…"))
        add.clicked.connect(self._on_add)
        layout = QtWidgets.QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(edit)
        layout.addWidget(add)
        layout.addStretch(1)

    @Slot()
    def _on_add(self) -> None:
        title = translate("Vocabulary", "List of terms")
        kinds = translate("Vocabulary", "Lists (*.txt *.csv *.tsv)")
        path, _filter = QtWidgets.QFileDialog.getOpenFileName(self, title, "", kinds)
        if path:
            self.import_requested.emit(path)
