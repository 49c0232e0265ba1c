"""Editors for single settings. GUI thread; may import `qt`, `i18n` and `core`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from voicetype.core.config import FieldInfo
from voicetype.core.ports import AudioDevice
from voicetype.i18n import translate
from voicetype.qt import QtCore, QtGui, QtWidgets, Signal, Slot

_KEY_NAMES = {
    QtCore.Qt.Key.Key_Space: "Space",
    QtCore.Qt.Key.Key_PageUp: "Page Up",
    QtCore.Qt.Key.Key_PageDown: "Page Down",
    QtCore.Qt.Key.Key_ScrollLock: "Scroll Lock",
    QtCore.Qt.Key.Key_Print: "Print Screen",
    QtCore.Qt.Key.Key_CapsLock: "Caps Lock",
    QtCore.Qt.Key.Key_NumLock: "Num Lock",
    QtCore.Qt.Key.Key_Backtab: "Tab",
}
_BUTTON_NAMES = {
    QtCore.Qt.MouseButton.MiddleButton: "Mouse Middle",
    QtCore.Qt.MouseButton.BackButton: "Mouse4",
    QtCore.Qt.MouseButton.ForwardButton: "Mouse5",
}
_MODIFIERS = (
    (QtCore.Qt.KeyboardModifier.ControlModifier, "Ctrl"),
    (QtCore.Qt.KeyboardModifier.AltModifier, "Alt"),
    (QtCore.Qt.KeyboardModifier.ShiftModifier, "Shift"),
    (QtCore.Qt.KeyboardModifier.MetaModifier, "Win"),
)
_PURE_MODIFIERS = frozenset(
    {
        QtCore.Qt.Key.Key_Control,
        QtCore.Qt.Key.Key_Alt,
        QtCore.Qt.Key.Key_AltGr,
        QtCore.Qt.Key.Key_Shift,
        QtCore.Qt.Key.Key_Meta,
        QtCore.Qt.Key.Key_Super_L,
        QtCore.Qt.Key.Key_Super_R,
    }
)
_EDITING = (
    QtGui.QKeySequence.StandardKey.Copy,
    QtGui.QKeySequence.StandardKey.Cut,
    QtGui.QKeySequence.StandardKey.Paste,
    QtGui.QKeySequence.StandardKey.SelectAll,
    QtGui.QKeySequence.StandardKey.Undo,
)
_WIDE = 340
"""Width of editors that hold names, so that a page has one right edge."""


class Editor(Protocol):
    """A widget with a value."""

    def value(self) -> object:
        """What stands in it now, in the field's type."""

    def set_value(self, value: object) -> None:
        """Show `value`."""

    def on_edited(self, callback: Callable[[], None]) -> None:
        """Call `callback` after each change."""


class CheckEditor(QtWidgets.QCheckBox):
    """A yes or no."""

    def value(self) -> bool:
        """Whether it is ticked."""
        return self.isChecked()

    def set_value(self, value: object) -> None:
        """Tick it or not."""
        self.setChecked(bool(value))

    def on_edited(self, callback: Callable[[], None]) -> None:
        """Call `callback` after each change."""
        self.toggled.connect(callback)


class NumberEditor(QtWidgets.QDoubleSpinBox):
    """A number with its limits and unit; whole when the field is. `zero` is what 0 reads as, "" for a plain 0."""

    def __init__(self, info: FieldInfo, unit: str, zero: str = "") -> None:
        super().__init__()
        self._type = info.type
        self.setDecimals(0 if info.type is int else 2)
        self.setRange(info.minimum or 0, info.maximum or 0)
        self.setSuffix(f" {unit}" if unit else "")
        if zero:
            self.setSpecialValueText(zero)
        self.setFixedWidth(140)
        # A wheel that passes over the window must not change numbers on its way.
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.StrongFocus)

    def textFromValue(self, value: float) -> str:
        """Without idle zeros behind the point."""
        return f"{value:g}"

    def wheelEvent(self, event: QtGui.QWheelEvent) -> None:
        """Turn the number only when the user has chosen it first."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def value(self) -> float:
        """The number, in the field's type."""
        number = super().value()
        return round(number) if self._type is int else number

    def set_value(self, value: object) -> None:
        """Show it."""
        self.setValue(float(str(value)))

    def on_edited(self, callback: Callable[[], None]) -> None:
        """Call `callback` after each change."""
        self.valueChanged.connect(callback)


class ChoiceEditor(QtWidgets.QComboBox):
    """One of some named values. An unknown value is kept as a choice of its own, marked with `unknown`."""

    def __init__(self, choices: Sequence[tuple[str, str]], unknown: str = "{value}") -> None:
        super().__init__()
        self._unknown = unknown
        self.setMinimumWidth(_WIDE)
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.StrongFocus)
        # A long microphone name must not widen the window.
        self.setSizeAdjustPolicy(QtWidgets.QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.set_choices(choices)

    def set_choices(self, choices: Sequence[tuple[str, str]]) -> None:
        """Offer other (value, name) choices; the present value stays."""
        present = self.value() if self.count() else None
        blocked = self.blockSignals(True)
        self.clear()
        for value, name in choices:
            self.addItem(name, value)
        if present is not None:
            self.set_value(present)
        self.blockSignals(blocked)

    def value(self) -> str:
        """The chosen value."""
        return str(self.currentData() or "")

    def set_value(self, value: object) -> None:
        """Choose `value`."""
        index = self.findData(value)
        if index < 0:
            self.addItem(self._unknown.format(value=value), value)
            index = self.count() - 1
        self.setCurrentIndex(index)

    def wheelEvent(self, event: QtGui.QWheelEvent) -> None:
        """Turn only when the user has chosen it first."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def on_edited(self, callback: Callable[[], None]) -> None:
        """Call `callback` after each change."""
        self.currentIndexChanged.connect(callback)


class TextEditor(QtWidgets.QLineEdit):
    """A word or two."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumWidth(_WIDE)

    def value(self) -> str:
        """The text without spaces around it."""
        return self.text().strip()

    def set_value(self, value: object) -> None:
        """Show it."""
        self.setText(str(value))

    def on_edited(self, callback: Callable[[], None]) -> None:
        """Call `callback` after each change."""
        self.textChanged.connect(callback)


class HotkeyEditor(QtWidgets.QLineEdit):
    """Takes a combination or mouse button that is pressed, or letter by letter. `bare`: also Esc alone.

    Signals:
        capturing(bool): it has the focus, so that what is pressed belongs here, or has it no longer.
    """

    capturing = Signal(bool)

    def __init__(self, *, bare: bool = False) -> None:
        super().__init__()
        self._bare = bare
        self.setFixedWidth(_WIDE)
        self.setClearButtonEnabled(True)

    def event(self, event: QtCore.QEvent) -> bool:
        """Claim combinations before the window takes them for its shortcuts and mnemonics."""
        if event.type() is QtCore.QEvent.Type.ShortcutOverride and isinstance(event, QtGui.QKeyEvent):
            event.accept()
            return True
        return super().event(event)

    def focusInEvent(self, event: QtGui.QFocusEvent) -> None:
        """Tell that combinations are for this field from now on."""
        super().focusInEvent(event)
        self.capturing.emit(True)

    def focusOutEvent(self, event: QtGui.QFocusEvent) -> None:
        """Tell that they are not any more."""
        super().focusOutEvent(event)
        self.capturing.emit(False)

    def keyPressEvent(self, event: QtGui.QKeyEvent) -> None:
        """Write down a combination; leave plain typing and editing as they are."""
        modifiers = event.modifiers()
        key = QtCore.Qt.Key(event.key())
        types = not modifiers & ~(QtCore.Qt.KeyboardModifier.ShiftModifier | QtCore.Qt.KeyboardModifier.KeypadModifier)
        alone = QtCore.Qt.Key.Key_F1 <= key <= QtCore.Qt.Key.Key_F24 or (self._bare and key == QtCore.Qt.Key.Key_Escape)
        edits = any(event.matches(each) for each in _EDITING)
        if key in _PURE_MODIFIERS or ((types or edits) and not alone):
            super().keyPressEvent(event)
            return
        self._write(modifiers, _KEY_NAMES.get(key) or QtGui.QKeySequence(key).toString())

    def mousePressEvent(self, event: QtGui.QMouseEvent) -> None:
        """Write down a button that can be a hotkey; the others do what they do in any field."""
        name = _BUTTON_NAMES.get(event.button())
        if name is None:
            super().mousePressEvent(event)
        else:
            self._write(event.modifiers(), name)

    def _write(self, modifiers: QtCore.Qt.KeyboardModifier, name: str) -> None:
        self.setText("+".join([*(text for flag, text in _MODIFIERS if modifiers & flag), name]))

    def value(self) -> str:
        """The combination as written."""
        return self.text().strip()

    def set_value(self, value: object) -> None:
        """Show it."""
        self.setText(str(value))

    def on_edited(self, callback: Callable[[], None]) -> None:
        """Call `callback` after each change."""
        self.textChanged.connect(callback)


class ModelEditor(QtWidgets.QWidget):
    """A model: empty for the best one installed, else a folder's name or path, typed, chosen or looked for."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self._combo = QtWidgets.QComboBox()
        self._combo.setEditable(True)
        self._combo.setInsertPolicy(QtWidgets.QComboBox.InsertPolicy.NoInsert)
        self._combo.setSizeAdjustPolicy(QtWidgets.QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._combo.setMinimumWidth(_WIDE)
        self._combo.setFocusPolicy(QtCore.Qt.FocusPolicy.StrongFocus)
        self._best = translate("Settings", "The best one installed")
        self._combo.addItems([self._best, *names])
        browse = QtWidgets.QPushButton(translate("Settings", "Folder…"))
        browse.clicked.connect(self._on_browse)
        layout = QtWidgets.QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._combo)
        layout.addWidget(browse)
        layout.addStretch(1)
        self.setFocusProxy(self._combo)

    def value(self) -> str:
        """Name or path; "" for the best one."""
        text = self._combo.currentText().strip()
        return "" if text == self._best else text

    def set_value(self, value: object) -> None:
        """Show it."""
        self._combo.setEditText(str(value) or self._best)

    def set_names(self, names: Sequence[str]) -> None:
        """Offer other names; the value stays."""
        value = self.value()
        blocked = self._combo.blockSignals(True)
        self._combo.clear()
        self._combo.addItems([self._best, *names])
        self.set_value(value)
        self._combo.blockSignals(blocked)

    def on_edited(self, callback: Callable[[], None]) -> None:
        """Call `callback` after each change."""
        self._combo.editTextChanged.connect(callback)

    @Slot()
    def _on_browse(self) -> None:
        title = translate("Settings", "Folder of the model")
        folder = QtWidgets.QFileDialog.getExistingDirectory(self, title, self.value())
        if folder:
            self.set_value(folder)


class DeviceEditor(QtWidgets.QWidget):
    """The microphone. Lists what is connected when it is first seen and at each press of its button.

    Signals:
        edited(): another one was chosen.
    """

    edited = Signal()

    def __init__(self, list_devices: Callable[[], Sequence[AudioDevice]]) -> None:
        super().__init__()
        self._list_devices = list_devices
        self._listed = False
        self._choice = ChoiceEditor(
            [("", translate("Settings", "The system's default"))], translate("Settings", "{value} (not connected)")
        )
        self._choice.on_edited(self._on_choice)
        refresh = QtWidgets.QPushButton(translate("Settings", "Refresh"))
        refresh.setToolTip(translate("Settings", "Look for microphones again"))
        refresh.clicked.connect(self.refresh)
        layout = QtWidgets.QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._choice)
        layout.addWidget(refresh)
        layout.addStretch(1)
        self.setFocusProxy(self._choice)

    @Slot()
    def _on_choice(self) -> None:
        self.edited.emit()

    @Slot()
    def refresh(self) -> None:
        """List the microphones of this moment; takes as long as the sound system needs."""
        self._listed = True
        devices = self._list_devices()
        default = next((device.name for device in devices if device.is_default), "")
        first = translate("Settings", "The system's default")
        if default:
            first = f"{first} ({default})"
        self._choice.set_choices([("", first), *((device.name, device.name) for device in devices)])

    def value(self) -> str:
        """The microphone's name; "" for the system's default."""
        return self._choice.value()

    def set_value(self, value: object) -> None:
        """Show it."""
        self._choice.set_value(value)

    def on_edited(self, callback: Callable[[], None]) -> None:
        """Call `callback` after each change."""
        self.edited.connect(callback)

    def names(self) -> list[str]:
        """The choices as they read."""
        return [self._choice.itemText(index) for index in range(self._choice.count())]

    def showEvent(self, event: QtGui.QShowEvent) -> None:
        """Ask the sound system only when somebody looks."""
        super().showEvent(event)
        if not self._listed:
            self.refresh()
