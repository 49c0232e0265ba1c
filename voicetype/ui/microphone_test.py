"""A button to try the microphone, and the verdict. GUI thread; may import `qt`, `i18n`, `core` and `ui`."""

from __future__ import annotations

from voicetype.core.microphone_check import CheckResult, Hearing
from voicetype.i18n import translate
from voicetype.qt import QtCore, QtWidgets, Signal, Slot
from voicetype.ui.status_panel import say

_VERDICT_PX = 420
"""A label that may be narrower asks for the height that it would need then, and leaves a gap."""


class MicrophoneTest(QtWidgets.QWidget):
    """Asks the user to speak and says how that was heard.

    Signals:
        requested(): listen for some seconds, then `show_result`.
    """

    requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._button = QtWidgets.QPushButton(translate("MicrophoneTest", "Test the microphone"))
        self._button.clicked.connect(self._on_clicked)
        self._verdict = QtWidgets.QLabel()
        self._verdict.setWordWrap(True)
        self._verdict.setMinimumWidth(_VERDICT_PX)
        self._verdict.setAlignment(QtCore.Qt.AlignmentFlag.AlignLeft | QtCore.Qt.AlignmentFlag.AlignTop)
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addWidget(self._button, 0, QtCore.Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self._verdict)
        self.reset()

    def reset(self) -> None:
        """Nobody speaks, nothing is known."""
        self._button.setEnabled(True)
        say(self._verdict, "")

    def show_result(self, result: CheckResult) -> None:
        """Say how the user was heard."""
        self._button.setEnabled(True)
        say(self._verdict, "\n".join(line for line in (_sentence(result.hearing), _figures(result)) if line))

    def text(self) -> str:
        """What is said at present."""
        return self._verdict.text()

    @Slot()
    def _on_clicked(self) -> None:
        self._button.setEnabled(False)
        say(self._verdict, translate("MicrophoneTest", "Speak now: a sentence or two, as you will dictate…"))
        self.requested.emit()


def _sentence(hearing: Hearing) -> str:
    match hearing:
        case Hearing.NO_SIGNAL:
            return translate(
                "MicrophoneTest",
                "No signal: the microphone is muted, switched off or forbidden for programs. Check its switch and the "
                "privacy settings of the system.",
            )
        case Hearing.ONLY_NOISE:
            return translate(
                "MicrophoneTest", "Only noise was heard, no speech. Check that the right microphone is chosen."
            )
        case Hearing.TOO_QUIET:
            return translate(
                "MicrophoneTest", "Too quiet. Come nearer or raise the microphone's level in the sound settings."
            )
        case Hearing.NOISY:
            return translate(
                "MicrophoneTest", "The speech hardly stands out from the noise. Come nearer to the microphone."
            )
        case Hearing.GOOD:
            return translate("MicrophoneTest", "Good: the speech is clear.")
        case Hearing.TOO_LOUD:
            return translate(
                "MicrophoneTest",
                "Too loud: the sound is clipped. Lower the microphone's level in the sound settings or move away.",
            )


def _figures(result: CheckResult) -> str:
    if result.hearing is Hearing.NO_SIGNAL:
        return ""
    if result.hearing is Hearing.ONLY_NOISE:
        text = translate("MicrophoneTest", "Noise {noise} dBFS, peak {peak} dBFS")
    else:
        text = translate("MicrophoneTest", "Speech {speech} dBFS, noise {noise} dBFS, peak {peak} dBFS")
    speech, noise, peak = (f"{value:.0f}" for value in (result.speech_dbfs, result.noise_dbfs, result.peak_dbfs))
    return text.format(speech=speech, noise=noise, peak=peak).replace("-", "−")
