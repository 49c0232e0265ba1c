"""The overlay appears with a dictation, shows what is known and costs nothing otherwise."""

import pytest

from voicetype.core.levels import SoundLevel
from voicetype.core.messages import MessageCode, UserMessage
from voicetype.core.ports import Transcript
from voicetype.core.status import SPEECH, AppStatus, ModelState, ModelStatus, SessionState
from voicetype.qt import QtCore, QtGui
from voicetype.ui import overlay as overlay_module
from voicetype.ui.bars import LevelBar, ProgressBar
from voicetype.ui.overlay import Overlay
from voicetype.ui.theme import colors
from voicetype.ui.transcript_view import MAX_LINES, TranscriptView

LAMP = 12  # pixels of the lamp and the gap before it
IDLE = AppStatus()
LISTENING = AppStatus(session=SessionState.LISTENING)
LOADING = AppStatus(session=SessionState.LISTENING, speech=ModelStatus(SPEECH, ModelState.LOADING, 45))
FINALIZING = AppStatus(session=SessionState.FINALIZING)


class Paints(QtCore.QObject):
    """Counts paint events."""

    def __init__(self):
        super().__init__()
        self.count = 0

    def eventFilter(self, watched, event):
        self.count += event.type() is QtCore.QEvent.Type.Paint
        return False


@pytest.fixture
def overlay(qtbot):
    overlay = Overlay()
    qtbot.addWidget(overlay)
    return overlay


def settle(qapp):
    for _ in range(3):
        qapp.processEvents()


def test_it_shows_only_while_dictating(overlay):
    overlay.show_status(IDLE)
    overlay.set_transcript(Transcript("привет"))
    overlay.set_level(SoundLevel(-10, -5))
    assert not overlay.isVisible() and overlay.transcript() == Transcript()
    overlay.show_status(AppStatus(session=SessionState.STARTING))
    assert overlay.isVisible()


def test_it_refuses_the_focus(overlay):
    flags = overlay.windowFlags()
    assert flags & QtCore.Qt.WindowType.WindowDoesNotAcceptFocus
    assert flags & QtCore.Qt.WindowType.WindowTransparentForInput
    assert overlay.testAttribute(QtCore.Qt.WidgetAttribute.WA_ShowWithoutActivating)
    overlay.show_status(LISTENING)
    assert not overlay.isActiveWindow()


def test_it_stands_at_the_bottom_centre_and_grows_upwards(overlay, qapp):
    overlay.show_status(LISTENING)
    area = overlay.screen().availableGeometry()
    before = overlay.geometry()
    assert abs(before.center().x() - area.center().x()) <= 1 and area.contains(before)
    overlay.set_transcript(Transcript("слово " * 60))
    settle(qapp)
    assert overlay.height() > before.height() and overlay.geometry().bottom() == before.bottom()


def test_text_level_and_progress_are_shown(overlay):
    overlay.show_status(LOADING)
    assert overlay.findChild(ProgressBar).percent() == 45 and not overlay.findChild(ProgressBar).isHidden()
    overlay.set_level(SoundLevel(-30, -20))
    meter = overlay.findChild(LevelBar)
    assert meter.filled_width() == (meter.width() - LAMP) // 2
    overlay.set_transcript(Transcript("Привет.", "как де"))
    assert overlay.transcript() == Transcript("Привет.", "как де")
    overlay.show_status(LISTENING)
    assert overlay.findChild(ProgressBar).isHidden()


def test_success_stays_for_a_moment(overlay, qtbot, monkeypatch):
    monkeypatch.setattr(overlay_module, "_DONE_MS", 30)
    overlay.show_status(LISTENING)
    overlay.set_transcript(Transcript("Привет."))
    overlay.show_status(FINALIZING)
    overlay.show_status(IDLE)
    assert overlay.isVisible() and overlay.state_text() == "Done"
    qtbot.waitUntil(lambda: not overlay.isVisible())


def test_a_dictation_without_text_ends_at_once(overlay):
    overlay.show_status(LISTENING)
    overlay.show_status(IDLE)
    assert not overlay.isVisible()


def test_a_problem_stays_to_be_read(overlay):
    overlay.show_status(LISTENING)
    overlay.show_status(AppStatus(problem=UserMessage(MessageCode.NO_MICROPHONE)))
    assert overlay.isVisible() and overlay.state_text().startswith("No microphone")


def test_a_new_dictation_takes_over_a_lingering_one(overlay):
    overlay.show_status(LISTENING)
    overlay.set_transcript(Transcript("Привет."))
    overlay.show_status(IDLE)
    overlay.show_status(AppStatus(session=SessionState.STARTING))
    assert overlay.isVisible() and overlay.transcript() == Transcript()


def test_switched_off_in_the_middle_it_does_not_come_back(overlay):
    overlay.show_status(LISTENING)
    overlay.set_transcript(Transcript("Привет."))
    overlay.hide()
    overlay.show_status(IDLE)
    assert not overlay.isVisible()


def test_nothing_is_painted_when_nothing_changed(overlay, qapp):
    overlay.show_status(LISTENING)
    overlay.set_transcript(Transcript("Привет.", "как"))
    overlay.set_level(SoundLevel(-30, -20))
    settle(qapp)
    paints = Paints()
    for widget in (overlay, *overlay.findChildren(LevelBar), *overlay.findChildren(TranscriptView)):
        widget.installEventFilter(paints)
    overlay.show_status(LISTENING)
    overlay.set_transcript(Transcript("Привет.", "как"))
    overlay.set_level(SoundLevel(-30.0001, -20))
    settle(qapp)
    assert paints.count == 0
    overlay.set_level(SoundLevel(-10, -5))
    settle(qapp)
    assert paints.count >= 1


def colours_of(view):
    image = view.grab().toImage()
    return {image.pixelColor(x, y).name() for y in range(image.height()) for x in range(image.width())}


def test_committed_and_tentative_text_look_different(qtbot):
    pictures = []
    for transcript in (Transcript("привет", ""), Transcript("", "привет")):
        view = TranscriptView()
        qtbot.addWidget(view)
        view.resize(300, 40)
        view.set_transcript(transcript)
        pictures.append(view.grab().toImage())
    assert pictures[0] != pictures[1]


@pytest.mark.parametrize("words", [1, 50, 5000])
def test_long_texts_take_the_last_lines_only(qtbot, words):
    view = TranscriptView()
    qtbot.addWidget(view)
    view.resize(300, 200)
    view.set_transcript(Transcript("слово " * words, "и хвост"))
    assert 1 <= view.lines() <= MAX_LINES
    assert len(colours_of(view)) > 1


def test_levels_out_of_range_are_clipped(qtbot):
    meter = LevelBar()
    qtbot.addWidget(meter)
    meter.resize(100 + LAMP, 6)
    for level, width in ((float("-inf"), 0), (-200, 0), (-60, 0), (-30, 50), (0, 100), (6, 100)):
        meter.set_level(SoundLevel(level, level))
        assert meter.filled_width() == width
    assert meter.peak_at() == 100 and meter.clips()
    meter.reset()
    assert (meter.filled_width(), meter.peak_at(), meter.clips()) == (0, 0, False)


def test_the_meter_shows_zones_peak_lamp_and_scale(qtbot):
    meter = LevelBar(scale=True)
    qtbot.addWidget(meter)
    meter.resize(300 + LAMP, meter.height())
    meter.show()
    meter.set_level(SoundLevel(-20, -14))
    quiet = colours_of(meter)
    assert colors().level in quiet and not {colors().loud, colors().error} & quiet
    meter.set_level(SoundLevel(-5, -5))
    assert {colors().level, colors().loud} <= colours_of(meter)
    meter.set_level(SoundLevel(-5, 0.0))
    assert {colors().level, colors().loud, colors().error} <= colours_of(meter)
    assert meter.accessibleName() == "Level of the microphone"
    assert meter.height() > LevelBar().height()


def test_the_meter_tells_screen_readers_once_a_second(qtbot):
    meter = LevelBar()
    qtbot.addWidget(meter)
    meter.show()
    told = []
    for _ in range(20):
        meter.set_level(SoundLevel(-20.4, -9.6))
        told.append(meter.accessibleDescription())
    assert told[-1] == "-20 dBFS, peak -10 dBFS" and len(set(told)) == 2
    for _ in range(20):
        meter.set_level(SoundLevel(-2, 0.0))
    assert meter.accessibleDescription() == "The sound is clipped: too loud"


def test_an_emoji_does_not_break_the_line(qtbot):
    view = TranscriptView()
    qtbot.addWidget(view)
    view.resize(300, 60)
    view.set_transcript(Transcript("Привет 🙂🙂🙂.", "как дела"))
    assert isinstance(view.grab(), QtGui.QPixmap) and view.lines() == 1
