"""The tray program in this process, with a line to its inside. Usage: application.py [late-sound]

With "late-sound" the sound library is loaded half a second late.

Reads commands from standard input and answers each in one line of JSON:
    libraries       which engine libraries are imported, and how many ONNX sessions there are
    shown           texts that stand in the settings window, if it is open
    hotkey KEYS     write KEYS into the settings window and press Apply; answers what is wrong with it, "" when nothing
    install NAME    press the button of the model NAME in the library; answers whether there is one
    model           name of the speech model
    quit            end the program as the tray menu does
"""

import gc
import json
import sys
import threading

from voicetype import app, start
from voicetype.qt import QtCore, QtWidgets, Signal, Slot
from voicetype.system.microphone import warm_up
from voicetype.ui.settings_pages import LIBRARY
from voicetype.ui.settings_tabs import SettingsTabs
from voicetype.ui.settings_window import SettingsWindow

LATE_S = 0.5
LIBRARIES = ("vosk", "tokenizers", "onnxruntime", "numpy")


class Inside(QtCore.QObject):
    """Carries out commands in the GUI thread."""

    asked = Signal(str)

    def __init__(self, application: app.Application) -> None:
        super().__init__(application)
        self._application = application
        self.asked.connect(self._answer, QtCore.Qt.ConnectionType.QueuedConnection)

    @Slot(str)
    def _answer(self, line: str) -> None:
        command, _, argument = line.partition(" ")
        answer: object = None
        if command == "libraries":
            answer = libraries()
        elif command == "shown":
            answer = shown()
        elif command == "hotkey":
            answer = self._hotkey(argument)
        elif command == "install":
            answer = self._install(argument)
        elif command == "model":
            answer = self._application._status().speech.model
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
        if command == "quit":
            self._application.tray.quit_requested.emit()

    def _hotkey(self, keys: str) -> str:
        self._application.tray.settings_requested.emit()
        window = settings_window()
        assert window is not None
        tabs = window.findChild(SettingsTabs)
        box = window.findChild(QtWidgets.QDialogButtonBox)
        assert tabs is not None and box is not None
        tabs.editor("hotkeys.toggle").set_value(keys)
        box.button(QtWidgets.QDialogButtonBox.StandardButton.Apply).click()
        problem = window.problem_text()
        window.close()
        return problem

    def _install(self, name: str) -> bool:
        self._application.tray.settings_requested.emit()
        window = settings_window()
        assert window is not None
        tabs = window.findChild(SettingsTabs)
        assert tabs is not None
        tabs.show_page(LIBRARY)
        card = tabs.findChild(QtWidgets.QFrame, name)
        buttons = card.findChildren(QtWidgets.QPushButton) if card else []
        buttons = [button for button in buttons if button.text() == "Install"]
        for button in buttons:
            button.click()
        return len(buttons) == 1


def libraries() -> dict[str, object]:
    gc.collect()
    kinds = [type(thing) for thing in gc.get_objects()]
    return {
        "imported": [name for name in LIBRARIES if name in sys.modules],
        "sessions": sum(kind.__name__ == "InferenceSession" for kind in kinds),
        "applications": sum(issubclass(kind, Watched) for kind in kinds),  # that the search finds what is there
    }


def settings_window() -> SettingsWindow | None:
    windows = [window for window in QtWidgets.QApplication.topLevelWidgets() if isinstance(window, SettingsWindow)]
    return windows[0] if windows else None


def shown() -> list[str]:
    window = settings_window()
    labels = window.findChildren(QtWidgets.QLabel) if window is not None else []
    return [label.text() for label in labels if label.isVisible() and label.text()]


def read(inside: Inside) -> None:
    for line in sys.stdin:
        inside.asked.emit(line.strip())


class Watched(app.Application):
    """The application, which also listens to standard input once it has started."""

    def start(self, *problems: object) -> None:
        super().start(*problems)  # type: ignore[arg-type]
        threading.Thread(target=read, args=(Inside(self),), daemon=True).start()


def warm_up_late() -> None:
    threading.Event().wait(LATE_S)
    warm_up()


if "late-sound" in sys.argv:
    app.warm_up = warm_up_late  # type: ignore[attr-defined]
app.Application = Watched  # type: ignore[misc]
sys.exit(start.run(or_sample=False))
